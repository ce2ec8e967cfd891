"""A line that is framed once looks as one that Textual frames each time, wherever it is drawn and whatever changes."""

from collections import Counter

import pytest
from support.counted import counting
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events
from textual._styles_cache import StylesCache
from textual.screen import Screen

from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.pane_view import PaneView

from ..conftest import Open


def assert_framed_as_by_textual(ctui: Driver) -> None:
    """Every pane in sight, line by line."""
    for pane in ctui.app.screen.query(PaneView):
        if pane.region.area:
            whole = pane.outer_size.region
            ours, theirs = pane.render_lines(whole), StylesCache().render_widget(pane, whole)
            assert [list(strip) for strip in ours] == [list(strip) for strip in theirs], pane.id


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_a_pane_looks_as_textual_draws_it(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(300, EPOCH)), size=size) as ctui:
        for keys in (("j",) * 5, ("ctrl+d",), ("j",) * 30, ("tab",), ("shift+tab",), ("enter",), ("j",), ("g",)):
            await ctui.press(*keys)
            assert_framed_as_by_textual(ctui)
        for theme in ("ctui-light", "ansi-dark"):
            ctui.app.theme = theme
            await ctui.settle()
            assert_framed_as_by_textual(ctui)
        ctui.app.screen.query_one("#events").styles.border = ("heavy", "red")
        await ctui.settle()
        assert_framed_as_by_textual(ctui)
        await ctui.pilot.resize_terminal(100, 30)
        await ctui.settle()
        assert_framed_as_by_textual(ctui)


async def test_a_step_that_scrolls_draws_what_has_changed(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new line, the two that the cursor has left and reached, titles and borders; not the forty in between."""
    counts: Counter[str] = Counter()
    async with open_app(Service(events(400, EPOCH))) as ctui:
        await ctui.press(*"j" * 60)
        events_pane = ctui.app.screen.query_one("#events", EventTable)
        assert events_pane.first_in_sight > 0
        assert events_pane.page > 30
        framed = StylesCache.render_line

        def frame(self: StylesCache, *values: object) -> object:
            counts["framed"] += self is events_pane._styles_cache
            return framed(self, *values)  # type: ignore[arg-type]

        monkeypatch.setattr(StylesCache, "render_line", frame)
        monkeypatch.setattr(EventTable, "line", counting(counts, "lines", EventTable.line))
        monkeypatch.setattr(Screen, "_compositor_refresh", counting(counts, "repaints", Screen._compositor_refresh))
        for _ in range(5):
            counts.clear()
            await ctui.press("j")
            assert counts["lines"] <= 2, "the one the cursor has left, and the one it has reached"
            assert counts["framed"] <= 6, "the same, the titles, both borders, the line of the cursor before"
            assert counts["repaints"] <= 2, counts

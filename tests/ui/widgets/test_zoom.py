"""z gives the pane that has the focus all the room, and the others theirs again."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

from ctui.model.trail.trail import Trail, TrailStatus
from ctui.ui.panes import PANES, Pane

Open = Callable[..., AbstractAsyncContextManager[Driver]]
TRAILS = [(Trail("audit", None, "eu-west-1"), TrailStatus(True))]
SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])


def in_sight(ctui: Driver) -> str:
    """The keys of the panes that can be seen."""
    return "".join(row.key for row in PANES if ctui.seen(row.pane.value))


@SIZES
@pytest.mark.parametrize("pane", list(Pane))
async def test_a_zoomed_pane_takes_the_screen_and_gives_it_back(
    open_app: Open, size: tuple[int, int], pane: Pane
) -> None:
    async with open_app(Service(events(60, EPOCH), TRAILS), size) as ctui:
        await ctui.press(next(row.key for row in PANES if row.pane is pane))
        before, cells = in_sight(ctui), ctui.app.screen.query_one(f"#{pane}").outer_size
        await ctui.press("z")
        assert [row.pane for row in PANES if ctui.seen(row.pane.value)] == [pane]
        assert ctui.app.screen.query_one(f"#{pane}").outer_size.width == size[0]
        assert ctui.app.screen.query_one(f"#{pane}").outer_size.height >= size[1] - 4
        assert ctui.focus() == pane
        await ctui.press("z")
        assert (in_sight(ctui), ctui.focus()) == (before, pane)
        assert ctui.app.screen.query_one(f"#{pane}").outer_size == cells


@pytest.mark.parametrize(
    ("keys", "sight", "focus"),
    [
        ("z enter", "34", "events"),
        ("z 4", "34", "detail"),
        ("z enter enter", "3", "events"),
        ("z enter z", "1234", "events"),
        ("z escape", "3", "events"),
        ("z slash", "3", "events"),
        ("z tab", "123", "trails"),
        ("z 2", "123", "status"),
        ("enter z", "3", "events"),
        ("enter z enter", "34", "events"),
        ("4 z escape", "1234", "events"),
        ("4 z 3", "1234", "events"),
        ("2 z escape", "123", "events"),
        ("1 z enter", "123", "status"),
    ],
)
async def test_what_another_pane_needs_ends_the_zoom(open_app: Open, keys: str, sight: str, focus: str) -> None:
    async with open_app(Service(events(60, EPOCH), TRAILS), WIDE) as ctui:
        await ctui.press(*keys.split())
        assert in_sight(ctui) == sight
        assert (ctui.focus() == focus) is ("slash" not in keys)

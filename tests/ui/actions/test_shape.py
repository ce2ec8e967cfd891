"""Shape on the screen: counts of all events that match, and narrowing by them without a call."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.counted import counting
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import PAGE, Service, event

from ctui.core.explorer import explorer_parts
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup import query_state
from ctui.core.lookup.query_state import QueryState
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import ERROR
from ctui.model.filter.shape import ShapeState
from ctui.render.panes import shape as shape_lines
from ctui.ui.widgets import shape_pane
from ctui.ui.widgets.shape_pane import ShapePane

Open = Callable[..., AbstractAsyncContextManager[Driver]]
USERS = ("alice", "bob", "carol", "bob")
SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])


def service(count: int = 2 * PAGE) -> Service:
    """An event each minute, of four users in turn; every fifth fails."""
    return Service(
        [
            event(
                n,
                EPOCH - timedelta(minutes=n),
                user=USERS[n % len(USERS)],
                name=f"Describe{n % 7}",
                error="AccessDenied" if n % 5 == 0 else None,
                resource=f"thing-{n % 3}",
            )
            for n in range(count)
        ]
    )


def pane(ctui: Driver) -> ShapePane:
    return ctui.app.screen.query_one("#shape", ShapePane)


def state(ctui: Driver) -> ShapeState:
    return pane(ctui)._state


def plain_counts(ctui: Driver, field: str) -> dict[str, int]:
    """How many events of the answer have each value of a facet, by reading every one of them."""
    facet = next(each for each in state(ctui).facets if each.field.name == field)
    counts: Counter[str] = Counter()
    for row_id in ctui.session.explorer.rows.ids:
        values = [each for each in facet.field.read(RecordView(ctui.session.event(row_id), "")) if each]
        counts.update(values[:1] if facet.field is ERROR else set(values))
    return dict(counts)


def shown(ctui: Driver) -> str:
    """The lines of the pane, blanks folded."""
    return "\n".join(" ".join(line.split()) for line in ctui.pane("shape"))


@SIZES
async def test_h_shows_what_events_share_and_hides_it_again(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(service(), size=size) as ctui:
        assert not ctui.app.screen.query("#shape"), "it is not made before it is wanted"
        await ctui.press("h")
        assert ctui.focus() == "shape"
        assert ctui.title("shape").startswith("h Shape")
        assert "of 50 events, more exist" in ctui.title("shape")
        assert "bob 25" in shown(ctui)
        assert re.search(r"✗ 10\b", shown(ctui))
        await ctui.press("tab")
        assert ctui.focus() == "events"
        await ctui.press("shift+tab")
        assert ctui.focus() == "shape"
        await ctui.press("h")
        assert not ctui.seen("shape")
        assert ctui.focus() == "events"
        await ctui.press("h", "escape")
        assert not ctui.seen("shape")


@pytest.mark.parametrize(
    "line", ["", "is:error", "-user:bob", "user:alice OR name:Describe3", "thing-1", "name:Nothing"]
)
async def test_counts_are_of_all_events_that_match_while_pages_arrive(open_app: Open, line: str) -> None:
    async with open_app(service(4 * PAGE)) as ctui:
        await ctui.press("h")
        ctui.session.explorer.type(line)
        for _ in range(3):
            await ctui.settle()
            now = state(ctui)
            assert now.counted == now.events == len(ctui.session.explorer.rows.ids)
            for facet in now.facets:
                assert dict(facet.values) == plain_counts(ctui, facet.field.name), facet.field
            assert sum(each.events for each in now.buckets) == now.events
            await ctui.press("m")


@SIZES
async def test_enter_adds_the_value_and_minus_excludes_it_without_a_call(open_app: Open, size: tuple[int, int]) -> None:
    api = service()
    async with open_app(api, size=size) as ctui:
        calls = api.lookups
        await ctui.press("h", "enter")
        assert ctui.typed() == "user:bob"
        assert "of 25 events" in ctui.title("shape")
        await ctui.press("right", "minus")
        assert ctui.typed().startswith("user:bob -name:Describe")
        assert ctui.focus() == "shape"
        await ctui.press("[", "[")
        assert ctui.typed() == ""
        assert "of 50 events" in ctui.title("shape")
        assert api.lookups == calls


async def test_space_selects_several_of_which_an_event_has_one(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("h", "space", "space")
        assert "2 selected" in ctui.text()
        await ctui.press("up", "space")
        assert "1 selected" in ctui.text(), "the same key again takes it back"
        await ctui.press("up", "up", "down", "space", "enter")
        assert re.fullmatch(r"user:\w+,\w+", ctui.typed())
        assert "selected ·" not in ctui.text()


async def test_escape_forgets_the_selection_first(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("h", "space", "escape")
        assert ctui.seen("shape")
        assert "selected ·" not in ctui.text()
        await ctui.press("escape")
        assert not ctui.seen("shape")


@SIZES
async def test_a_selected_stretch_of_time_becomes_the_range(open_app: Open, size: tuple[int, int]) -> None:
    api = service()
    async with open_app(api, size=size) as ctui:
        calls = api.lookups
        await ctui.press("h", "up", "shift+left", "shift+left", "shift+left")
        assert pane(ctui).in_histogram
        first, end = pane(ctui).stretch or (0, 0)
        await ctui.press("enter")
        assert re.fullmatch(r"since:\S+ until:\S+", ctui.typed())
        rows = ctui.session.explorer.rows
        seconds = [rows.second_at(index) for index in range(len(rows.ids))]
        assert seconds == [s for s in range(int(EPOCH.timestamp()), first - 1, -60) if first <= s < end]
        assert api.lookups == calls


async def test_the_mouse_selects_a_stretch(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("h")
        region = pane(ctui).content_region
        await ctui.pilot.mouse_down(offset=(region.right - 30, region.y + 1))
        await ctui.pilot.hover(offset=(region.right - 10, region.y + 1))
        await ctui.pilot.mouse_up(offset=(region.right - 10, region.y + 1))
        first, last = pane(ctui)._place.stretch
        assert pane(ctui).in_histogram
        assert last > first
        assert not ctui.session.explorer.text


async def test_a_double_click_adds_the_value(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("h")
        lines = [line for line in ctui.screen() if "alice" in line]
        y = ctui.screen().index(lines[0])
        assert y < pane(ctui).region.bottom, "the first one is the facet's"
        place = (lines[0].index("alice"), y)
        await ctui.pilot.click(offset=place)
        assert ctui.typed() == ""
        await ctui.pilot.double_click(offset=place)
        await ctui.settle()
        assert ctui.typed() == "user:alice"


async def test_the_footer_names_the_keys(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        assert "h shape" in ctui.line("keys")
        await ctui.press("h")
        for key in ("enter narrow", "h shape", "- exclude", "space select"):
            assert key in ctui.line("keys")


@SIZES
async def test_an_update_and_the_toggle_make_no_call_and_no_state_of_others(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    api, counts = service(400), Counter[str]()
    async with open_app(api, size=size) as ctui:
        monkeypatch.setattr(query_state, "QueryState", counting(counts, "query", QueryState))
        monkeypatch.setattr(explorer_parts, "ExplorerState", counting(counts, "explorer", ExplorerState))
        before = api.lookups
        await ctui.press("h", "down", "right", "space", "up", "up", "left", "shift+left", "h", "h")
        assert (api.lookups, dict(counts)) == (before, {})


async def test_nothing_is_made_while_it_is_drawn(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counter[str]()
    monkeypatch.setattr(shape_pane, "shape_lines", counting(counts, "lines", shape_lines.shape_lines))
    async with open_app(service()) as ctui:
        await ctui.press("h")
        assert counts["lines"], "it was made when it was counted"
        counts.clear()
        for _ in range(3):
            pane(ctui).refresh()
            ctui.app.screen.refresh()
            await ctui.settle()
        assert not counts
        await ctui.press("down")
        assert counts["lines"] == 1, "a key makes the lines once"


async def test_a_hidden_shape_counts_nothing(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("h", "h")
        known = state(ctui)
        await ctui.press("m")
        assert state(ctui) is known


async def test_it_can_have_all_the_room(open_app: Open) -> None:
    async with open_app(service(), size=SMALL) as ctui:
        await ctui.press("h", "z")
        assert ctui.seen("shape")
        assert not ctui.seen("events")
        await ctui.press("z")
        assert ctui.seen("events")
        await ctui.press("tab", "enter")
        assert ctui.seen("detail")
        assert not ctui.seen("shape"), "there is no room for three"


async def test_recorded_text_is_made_visible(open_app: Open) -> None:
    hostile = "[bold]\x1b[31mroot\u202e"
    async with open_app(Service([event(1, EPOCH, user=hostile)])) as ctui:
        await ctui.press("h")
        text = "\n".join(ctui.pane("shape"))
        assert "[bold]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text

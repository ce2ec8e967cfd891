"""What a key, a page and a frame may cost: counts of states and placeholders, which do not vary with the machine."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from support.counted import counting
from support.driver import SMALL, WIDE
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

from ctui.core.explorer import explorer_parts
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup import query_state, queue
from ctui.core.lookup.query_state import QueryState
from ctui.core.lookup.queue import QueueState
from ctui.ui.actions.explaining import Explaining
from ctui.ui.keys import latest
from ctui.ui.screens.browse import BrowseScreen
from ctui.ui.widgets.event_table import EventTable

from .conftest import Open

STATES = ("query", "queue", "explorer")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> "Counter[str]":
    """How often each state was built, and how often the placeholder and the reasons were, by name."""
    counts: Counter[str] = Counter()

    monkeypatch.setattr(query_state, "QueryState", counting(counts, "query", QueryState))
    monkeypatch.setattr(queue, "QueueState", counting(counts, "queue", QueueState))
    monkeypatch.setattr(explorer_parts, "ExplorerState", counting(counts, "explorer", ExplorerState))
    monkeypatch.setattr(EventTable, "placeholder", counting(counts, "placeholder", EventTable.placeholder))
    monkeypatch.setattr(Explaining, "_explain", counting(counts, "reasons", Explaining._explain))
    return counts


def count_from_here(built: "Counter[str]") -> None:
    """Forget what was built so far: each kind of state at least once, or it would not be counted."""
    assert all(built[name] for name in (*STATES, "reasons")), built
    built.clear()


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_moving_builds_no_state(open_app: Open, built: "Counter[str]", size: tuple[int, int]) -> None:
    async with open_app(Service(events(400, EPOCH)), size=size) as ctui:
        count_from_here(built)
        for key in ("j", "k", "j", "ctrl+d", "ctrl+u", "1", "3", "tab"):
            await ctui.press(key)
        assert not built


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_marking_builds_no_state_and_makes_no_call(
    open_app: Open, built: "Counter[str]", size: tuple[int, int]
) -> None:
    service = Service(events(400, EPOCH))
    async with open_app(service, size=size) as ctui:
        count_from_here(built)
        before = service.lookups
        for key in ("space", "j", "space", "shift+down", "shift+down", "space"):
            await ctui.press(key)
        assert len(ctui.session.marks.rows) == 3
        assert not built
        assert service.lookups == before


async def test_a_letter_builds_one_state_and_its_rows_one_more(open_app: Open, built: "Counter[str]") -> None:
    async with open_app(Service(events(400, EPOCH))) as ctui:
        await ctui.press("slash")
        count_from_here(built)
        for letter in "user":
            built.clear()
            await ctui.press(letter)
            assert 1 <= built["explorer"] <= 2, "one for the key, one when the rows are filtered"
            assert built["reasons"] <= built["explorer"] + 1, "one more when values that were read explain more"
            assert (built["query"], built["queue"]) == (0, 0)


async def test_a_key_that_hides_every_row_builds_one_state_more(open_app: Open, built: "Counter[str]") -> None:
    async with open_app(Service(events(400, EPOCH))) as ctui:
        count_from_here(built)
        await ctui.press("w")
        assert 1 <= built["explorer"] <= 3, "one for the key, one when no row matches, one when it is known why"
        assert built["reasons"] <= built["explorer"]
        assert (built["query"], built["queue"]) == (0, 0)


async def test_a_key_over_an_empty_answer_builds_one_state_and_one_more_when_rows_are_filtered(
    open_app: Open, built: "Counter[str]"
) -> None:
    async with open_app(Service([])) as ctui:
        count_from_here(built)
        await ctui.press("w")
        assert 1 <= built["explorer"] <= 2
        assert 1 <= built["placeholder"] <= 2
        assert (built["query"], built["queue"]) == (0, 0)


async def test_a_page_builds_two_states_of_a_kind_and_its_key_one(open_app: Open, built: "Counter[str]") -> None:
    async with open_app(Service(events(400, EPOCH))) as ctui:
        count_from_here(built)
        await ctui.press("m")
        assert all(1 <= built[name] <= 3 for name in STATES), built
        assert built["explorer"] <= 2


async def test_pages_that_come_fast_are_shown_at_a_pace_and_lay_out_nothing(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred pages within one step of the pace: the first state is shown, and then what a key finds."""
    monkeypatch.setattr(latest, "PACE_SECONDS", 1000.0)
    counts: Counter[str] = Counter()
    for name in ("_show_rows", "_refresh_layout"):
        monkeypatch.setattr(BrowseScreen, name, counting(counts, name, getattr(BrowseScreen, name)))
    async with open_app(Service(events(5_000, EPOCH))) as ctui:
        counts.clear()
        await ctui.tap("M")
        await ctui.wait_until(lambda: ctui.session.explorer.state.query.loaded == 5_000)
        assert 1 <= counts["_show_rows"] <= 3
        await ctui.press("j")
        assert ctui.title("events").endswith("2 of 5,000")
        assert counts["_show_rows"] <= 5
        assert counts["_refresh_layout"] == 0


async def test_keys_cost_the_same_while_34_regions_load(
    open_app: Open, built: "Counter[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key builds no state while a page of each is on its way, pages build as many as those of one Region do, and all
    that come within one step of the pace are shown at once."""
    monkeypatch.setattr(latest, "PACE_SECONDS", 1000.0)
    shown: Counter[str] = Counter()
    monkeypatch.setattr(BrowseScreen, "_show_rows", counting(shown, "rows", BrowseScreen._show_rows))
    others = [f"xx-test-{number}" for number in range(33)]
    service = Service(events(400, EPOCH))
    service.elsewhere = {
        region: [event(1_000 * (place + 1) + number, EPOCH - timedelta(minutes=number)) for number in range(150)]
        for place, region in enumerate(others)
    }
    async with open_app(service) as ctui:
        ctui.session.explorer.search_also(*others)
        await ctui.settle()
        before = service.lookups
        service.hold()
        await ctui.tap("M")
        await ctui.wait_until(lambda: ctui.session.queue.state.in_flight == 34)
        # A key shows what has been put off: that a page of each is on its way.
        await ctui.tap("j")
        count_from_here(built)
        shown.clear()
        await ctui.tap("k", "j", "ctrl+d", "ctrl+u", "j")
        assert not built, "no page has come"
        assert not shown
        service.release()
        await ctui.wait_until(lambda: ctui.session.explorer.state.complete)
        pages = service.lookups - before
        assert pages >= 34
        assert pages <= built["query"] <= 3 * pages
        assert 1 <= built["explorer"] <= 3 * pages
        assert 1 <= shown["rows"] <= 3
        await ctui.settle()
        built.clear()
        await ctui.press("j")
        assert not built
        assert ctui.title("events").endswith("of 5,350")


async def test_drawing_asks_for_nothing(open_app: Open, built: "Counter[str]") -> None:
    """The lines of an empty pane are made when the state is new or the width is: never while they are drawn."""
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write("nowhere")
        await ctui.press("escape")
        count_from_here(built)
        for _ in range(3):
            ctui.app.screen.query_one("#events").refresh()
            ctui.app.screen.refresh()
            await ctui.pilot.pause()
        assert "No match" in "\n".join(ctui.pane("events"))
        assert not built


async def test_views_that_are_left_and_returned_to_build_one_state_each(open_app: Open, built: "Counter[str]") -> None:
    async with open_app(Service(events(400, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write("user-7")
        await ctui.press("enter")
        count_from_here(built)
        await ctui.press("left_square_bracket")
        assert built["explorer"] == 1
        built.clear()
        await ctui.press("right_square_bracket")
        assert 1 <= built["explorer"] <= 3, "one for the key, two while its rows are filtered"
        assert (built["query"], built["queue"]) == (0, 0)


async def test_reading_on_searching_and_folding_in_the_record_build_no_state(
    open_app: Open, built: "Counter[str]"
) -> None:
    async with open_app(Service(events(400, EPOCH))) as ctui:
        await ctui.press("enter", "4")
        count_from_here(built)
        await ctui.press("J", "J", "K", "j", "right", "left", "v", "v", "slash")
        await ctui.write("user")
        await ctui.press("enter", "n", "N", "escape")
        assert not built, built


async def test_a_record_is_decoded_once_as_members_and_once_as_a_tree(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record can have a megabyte, and each time takes longer than all else until its first lines are drawn."""
    large = event(99, EPOCH, record={"requestParameters": {f"key-{number}": number for number in range(300)}})
    decoded: Counter[str] = Counter()
    loads = json.loads

    def counted(text: str, **options: Any) -> Any:
        decoded[text] += 1
        return loads(text, **options)

    async with open_app(Service([large, *events(5, EPOCH - timedelta(minutes=1))])) as ctui:
        monkeypatch.setattr(json, "loads", counted)
        await ctui.press("enter")
        assert any("requestParameters" in line for line in ctui.pane("detail"))
        assert 1 <= decoded[large.record] <= 2

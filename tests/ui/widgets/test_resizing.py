"""Only a person comes near the end of the list; a pane that gets more room, or less, asks for nothing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

import pytest
from support.driver import SMALL, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown

from ctui.model.event.summary import Summary
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.pane_view import Step

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def at_the_end(ctui: Driver, service: Service) -> None:
    """Lead the cursor to the last row, and stop what that begins."""
    service.hold()
    await ctui.tap("G")
    await ctui.tap("escape")
    service.release()
    await ctui.settle()
    assert ctui.title("events").endswith("50 of >50")


@pytest.mark.parametrize("keys", [("slash",), ("enter",), ("slash", "a", "escape"), ("2", "escape")])
@pytest.mark.parametrize("size", [SMALL, (160, 48)])
async def test_less_room_asks_for_nothing(open_app: Open, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    service = Service(events(400, EPOCH))
    async with open_app(service, size) as ctui:
        await at_the_end(ctui, service)
        before = service.lookups
        await ctui.press(*keys)
        await ctui.pilot.resize_terminal(size[0], size[1] - 6)
        await ctui.settle()
        assert service.lookups == before
        await ctui.press("escape", "escape", "3", "k", "j")
        assert service.lookups > before


async def test_more_room_asks_for_nothing(open_app: Open) -> None:
    service = Service(events(400, EPOCH))
    async with open_app(service) as ctui:
        before = service.lookups
        await ctui.pilot.resize_terminal(160, 120)
        # Whatever core tells of draws the list anew.
        ctui.session.changed.publish(ctui.session.state)
        await ctui.press("slash", "a", "backspace", "escape", "t", "escape")
        assert service.lookups == before
        await ctui.press("j")
        assert service.lookups > before


class Rows:
    """So many rows, one a second."""

    def __init__(self, count: int) -> None:
        self.ids = range(count)

    def index_of(self, row_id: int) -> int | None:
        return row_id if row_id in self.ids else None

    def second_at(self, index: int) -> int:
        return 1_700_000_000 - index

    def first_before(self, second: int, start: int = 0) -> int:
        return min(len(self.ids), max(start, 1_700_000_000 - second + 1))


class TableApp(App[None]):
    """A table, and how often it came near its end."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[bool] = []

    def compose(self) -> ComposeResult:
        yield EventTable(self.summaries, id="events")

    @on(EventTable.NearEnd)
    def near_end(self, message: EventTable.NearEnd) -> None:
        self.asked.append(message.filling)

    def summaries(self, ids: Sequence[int]) -> dict[int, Summary]:
        when = datetime(2026, 11, 20, tzinfo=UTC)
        return {each: Summary(when, "Event", "alice", "", "", "", 0, "", "", False, False) for each in ids}


async def test_what_comes_after_a_stop_is_shown_and_asks_for_nothing_until_the_person_moves() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        for count, asked in ((5, [True]), (10, [True, True])):
            table.show(Rows(count))
            await pilot.pause()
            assert app.asked == asked
        table.stop_filling()
        table.show(Rows(15))
        await pilot.pause()
        assert app.asked == [True, True]
        table.move(Step(1))
        await pilot.pause()
        assert app.asked == [True, True, False]


async def test_the_wheel_comes_near_the_end() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.styles.overflow_y = "scroll"
        table.show(Rows(100))
        await pilot.pause()
        for _ in range(40):
            table._on_mouse_scroll_down(MouseScrollDown(table, 1, 1, 0, 1, 0, False, False, False))
            await pilot.pause()
        assert app.asked
        assert not any(app.asked)

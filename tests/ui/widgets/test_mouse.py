"""What the mouse does in the panes: as terminals report it (SGR), read as Textual reads it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver, chunk
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

from ctui.model.trail.trail import Trail, TrailStatus

Open = Callable[..., AbstractAsyncContextManager[Driver]]

WHEEL_UP, WHEEL_DOWN = 64, 65


async def click(ctui: Driver, place: tuple[int, int], times: int = 1) -> None:
    x, y = place
    chunk(ctui.app, f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m" * times)
    await ctui.settle()


async def turn(ctui: Driver, wheel: int, times: int = 1) -> None:
    """Turn the wheel over the list of events."""
    chunk(ctui.app, f"\x1b[<{wheel};60;12M" * times)
    await ctui.settle()


def place_of(ctui: Driver, text: str) -> tuple[int, int]:
    """Where a text begins on the screen."""
    return next((line.index(text), y) for y, line in enumerate(ctui.screen()) if text in line)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_double_click_opens_the_record_and_closes_nothing(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(30, EPOCH)), size) as ctui:
        await click(ctui, place_of(ctui, "user-3"))
        assert "user-3" in ctui.cursor()
        assert not ctui.seen("detail")
        await click(ctui, place_of(ctui, "user-2"), times=2)
        assert "user-2" in ctui.cursor()
        assert ctui.seen("detail")
        await click(ctui, place_of(ctui, "user-1 "), times=2)
        assert "user-1 " in ctui.cursor()
        assert ctui.seen("detail")
        assert ctui.seen("events")


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize(
    ("key", "row"),
    [("t", "last 3 hours"), ("ctrl+p", "Choose a time range"), ("p", "203.0.113.9  "), ("y", "event ID")],
)
async def test_a_double_click_in_a_box_chooses_once(open_app: Open, key: str, row: str, slow: bool) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        x, y = place_of(ctui, "user-3")
        chunk(ctui.app, f"\x1b[<35;{x + 1};{y + 1}M")
        await click(ctui, (x, y))
        await ctui.press(key)
        place = place_of(ctui, row)
        for times in (1, 1) if slow else (2,):
            await click(ctui, place, times)
        if key == "ctrl+p":
            await ctui.press("escape")
        assert len(ctui.app.screen_stack) == 1
        assert ctui.seen("events")
        assert not ctui.seen("detail")
        assert key in "pt" or "user-3" in ctui.cursor(), "the second click is no click in the list"


async def test_a_double_click_on_a_trail_goes_to_its_status(open_app: Open) -> None:
    trails = [(Trail(name, None, "eu-west-1"), TrailStatus(True)) for name in ("audit", "legacy")]
    async with open_app(Service(events(3, EPOCH), trails)) as ctui:
        await click(ctui, place_of(ctui, "legacy"), times=2)
        assert ctui.focus() == "status"
        assert "legacy" in ctui.title("status")


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_click_on_the_titles_opens_the_columns(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(30, EPOCH)), size) as ctui:
        cursor = ctui.cursor()
        await click(ctui, place_of(ctui, "time UTC"))
        assert "Columns" in ctui.text()
        await ctui.press("escape")
        assert ctui.cursor() == cursor


async def test_where_there_are_no_titles_a_click_opens_nothing(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        x, y = place_of(ctui, "No event")
        await click(ctui, (x, y))
        assert "Columns" not in ctui.text()


async def test_the_wheel_moves_the_view_and_not_the_cursor(open_app: Open) -> None:
    async with open_app(Service(events(200, EPOCH)), SMALL) as ctui:
        cursor = ctui.app.screen.query_one("#events").cursor  # type: ignore[attr-defined]
        await turn(ctui, WHEEL_DOWN, 5)
        seen = ctui.pane("events")
        assert ctui.cursor() == ""
        assert ctui.app.screen.query_one("#events").cursor == cursor  # type: ignore[attr-defined]
        # Neither more rows below nor another size loses the place.
        await ctui.press("m")
        assert ctui.pane("events") == seen
        await ctui.pilot.resize_terminal(SMALL[0], SMALL[1] + 3)
        await ctui.settle()
        assert ctui.pane("events")[: len(seen)] == seen
        await ctui.pilot.resize_terminal(*SMALL)
        await ctui.settle()
        assert ctui.pane("events") == seen
        await turn(ctui, WHEEL_UP, 30)
        assert "user-0 " in ctui.cursor()


async def test_another_question_begins_at_its_newest_row(open_app: Open) -> None:
    async with open_app(Service(events(60, EPOCH)), SMALL) as ctui:
        await turn(ctui, WHEEL_DOWN, 5)
        await ctui.press("slash")
        await ctui.write("user:user-2*")
        await ctui.press("enter")
        assert "user-2 " in ctui.cursor()

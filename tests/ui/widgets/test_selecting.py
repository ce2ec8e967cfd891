"""A drag with the mouse selects what it passes over, in one pane, and c copies it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver, chunk
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def drag(ctui: Driver, start: tuple[int, int], *through: tuple[int, int]) -> None:
    """Press at a place of the screen, move, and let go at the last one."""
    await ctui.pilot.mouse_down(offset=start)
    for place in through:
        await ctui.pilot.hover(offset=place)
    await ctui.pilot.mouse_up(offset=through[-1])
    await ctui.settle()


def place_of(ctui: Driver, text: str) -> tuple[int, int]:
    """Where a text begins on the screen."""
    for y, line in enumerate(ctui.screen()):
        if text in line:
            return line.index(text), y
    raise AssertionError(text)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_drag_selects_in_its_pane_and_c_copies_it(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(30, EPOCH)), size) as ctui:
        x, y = place_of(ctui, "user-3")
        cursor = ctui.cursor()
        await drag(ctui, (x, y), (x + 3, y), (x + 5, y))
        assert ctui.notices()[-1] == "1 line selected · c copy"
        assert ctui.cursor() == cursor, "the cursor stays where it was"
        await ctui.press("c")
        assert ctui.copied == ["user-3"]
        assert ctui.notices()[-1] == "Selection sent to the terminal"
        await ctui.press("c")
        assert ctui.copied[-1].startswith("{"), "nothing is selected any more"


async def test_a_drag_that_arrives_in_one_piece_is_a_drag(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        x, y = place_of(ctui, "user-3")
        for _ in range(2):
            moves = f"\x1b[<32;{x + 3};{y + 1}M\x1b[<32;{x + 6};{y + 1}M\x1b[<32;{x + 6};1M\x1b[<32;{x + 6};{y + 1}M"
            chunk(ctui.app, f"\x1b[<0;{x + 1};{y + 1}M{moves}\x1b[<0;{x + 6};{y + 1}m")
            await ctui.settle()
            await ctui.press("c")
        assert ctui.copied == ["user-3", "user-3"]


async def test_a_drag_over_lines_takes_them_as_they_are_shown_and_ends_at_the_pane(open_app: Open) -> None:
    rows = [event(number, EPOCH, user=f"user-{number}", record={"x": "\x1b]0;"}) for number in range(5)]
    async with open_app(Service(rows), SMALL) as ctui:
        x, y = place_of(ctui, "user-1")
        await drag(ctui, (x, y), (x, y + 2), (0, 0))
        await ctui.press("c")
        assert "user-2" not in ctui.copied[-1]
        await drag(ctui, (x, y), (x + 5, y + 2))
        await ctui.press("c")
        first, middle, last = ctui.copied[-1].split("\n")
        assert first.startswith("user-1")
        assert "user-2" in middle
        assert last.endswith("user-3")
        assert all(line.isprintable() and line == line.rstrip() for line in (first, middle, last))


async def test_anything_else_forgets_the_selection_and_a_click_is_no_drag(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        x, y = place_of(ctui, "user-3")
        await drag(ctui, (x, y), (x + 5, y))
        await ctui.press("ctrl+c")
        assert ctui.copied == ["user-3"]
        await drag(ctui, (x, y), (x + 5, y))
        await ctui.press("j")
        assert not ctui.app.screen.selections
        await drag(ctui, (x, y), (x + 5, y))
        await ctui.press("space", "c")
        assert ctui.copied[-1].startswith("{")
        await ctui.pilot.click(offset=(x, y))
        await ctui.settle()
        assert "user-3" in ctui.cursor()
        assert not ctui.app.screen.selections


async def test_the_record_can_be_selected_too(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), WIDE) as ctui:
        await ctui.press("enter")
        x, y = place_of(ctui, "Event ID")
        await drag(ctui, (x, y), (x + 7, y))
        await ctui.press("c")
        assert ctui.copied == ["Event ID"]


async def test_what_is_selected_in_a_line_that_is_typed_in_goes_the_same_way(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), WIDE) as ctui:
        await ctui.press("slash")
        await ctui.write("user-3")
        await ctui.press("shift+home", "ctrl+c")
        assert ctui.copied == ["user-3"]
        assert ctui.notices()[-1] == "Selection sent to the terminal"
        await ctui.press("end", "ctrl+v")
        assert ctui.typed() == "user-3user-3"

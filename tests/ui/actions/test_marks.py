"""Keys for marks: space, shift and arrows, N, =, and the rows that show them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

from ctui.model.event.event import Event
from ctui.render.panes.row_mark import MARK, with_mark
from ctui.render.roles import Role
from ctui.render.text.spans import plain

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def marked(ctui: Driver) -> list[int]:
    """The lines of the list that show a mark, from its first row on."""
    rows = [line for line in ctui.pane("events") if "user-" in line]
    return [index for index, line in enumerate(rows) if MARK in line]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_space_marks_and_takes_the_mark_away_and_arrows_mark_on(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(30, EPOCH)), size) as ctui:
        await ctui.press("space")
        assert marked(ctui) == [0]
        await ctui.press("j", "space", "space")
        assert marked(ctui) == [0]
        await ctui.press("shift+down", "shift+down")
        assert marked(ctui) == [0, 1, 2, 3]
        await ctui.press("j", "j", "shift+up")
        assert marked(ctui) == [0, 1, 2, 3, 4, 5]
        calls = ctui.session.queue.state
        await ctui.press("slash")
        await ctui.write("is:marked")
        await ctui.press("enter")
        assert marked(ctui) == [0, 1, 2, 3, 4, 5]
        assert ctui.title("events").endswith("1 of 6 in 6")
        assert ctui.line("feed-line").strip() == "store: all marked events · all history"
        assert ctui.session.queue.state == calls
        await ctui.press("space")
        assert marked(ctui) == [0, 1, 2, 3, 4]


async def test_without_a_mark_the_list_says_how_to_make_one(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write("is:marked")
        await ctui.press("enter")
        assert "No event is marked" in "\n".join(ctui.pane("events"))
        assert "space" in "\n".join(ctui.pane("events"))


async def test_marks_are_made_in_the_list_alone(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH))) as ctui:
        await ctui.press("1", "space")
        assert marked(ctui) == []
        assert "space: only in Shape (h), Events (3) and Detail (4)" in ctui.notices()[-1]


async def test_a_note_marks_its_event_and_can_be_changed(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        row = ctui.session.explorer.rows.ids[0]
        await ctui.press("N")
        await ctui.write("first sign [bold]")
        await ctui.press("enter")
        assert marked(ctui) == [0]
        note = "first sign [bold]"
        assert ctui.session.marks.of([row])[row].note == note
        await ctui.press("N")
        assert "[bold]" in ctui.text()
        await ctui.press("escape")
        assert ctui.session.marks.of([row])[row].note == note
        await ctui.press("N", "ctrl+u", "enter")
        assert ctui.session.marks.of([row])[row].note == ""
        await ctui.press("N")
        await ctui.write("x" * 501)
        await ctui.press("enter")
        assert "500 characters at most, these are 501" in ctui.text()


def made_by(number: int, name: str, who: str, **request: str) -> Event:
    """The older, the higher its number."""
    record: dict[str, object] = {"userIdentity": {"userName": who}, "requestParameters": request, "x": "same"}
    return event(number, EPOCH - timedelta(minutes=10 * number), name=name, user=who, record=record)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_two_events_are_compared(open_app: Open, size: tuple[int, int]) -> None:
    service = Service(
        [
            made_by(1, "CreateUser", "alice", userName="a\u202eb"),
            made_by(2, "CreateUser", "bob", userName="[red]c", path="/"),
            made_by(3, "DeleteUser", "carol"),
        ]
    )
    async with open_app(service, size) as ctui:
        await ctui.press("equals_sign")
        assert "mark an event" in ctui.notices()[-1]
        await ctui.press("space", "j", "equals_sign")
        shown = ctui.text()
        assert "of" in shown
        assert "paths differ" in shown
        assert shown.index("bob") < shown.index("alice"), "the older one first"
        for part in ("userIdentity.userName", "[red]c", "a⟨U+202E⟩b", "requestParameters.path", "—"):
            assert part in shown
        assert "same" not in shown
        await ctui.press("a", "G")
        assert "same" in ctui.text()
        await ctui.press("a", "escape", "space", "j", "equals_sign")
        assert "carol" not in ctui.text(), "the two that are marked"
        await ctui.press("escape", "space", "equals_sign")
        assert "carol" in ctui.text()
        await ctui.press("q")
        assert ctui.seen("events")


def test_the_mark_stands_in_its_cell_however_the_line_is_cut() -> None:
    for line in (
        (("✗", Role.ERROR), (" ", Role.PLAIN), ("12:00", Role.TIME)),
        (("✗ 12:00", Role.ERROR),),
        (("✗", Role.ERROR), (" 12:00", Role.PLAIN)),
    ):
        assert plain(with_mark(line)) == f"✗{MARK}12:00"
    assert plain(with_mark((("x", Role.PLAIN),))) == "x"


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_record_says_that_it_is_marked_and_why(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(5, EPOCH)), size) as ctui:
        await ctui.press("enter", "4", "j", "j", "3")
        assert "Marked" not in "\n".join(ctui.pane("detail"))
        await ctui.press("N")
        await ctui.write("look [here]")
        await ctui.press("enter")
        (line,) = [line for line in ctui.pane("detail") if "Marked" in line]
        assert "look [here] · 2026-11-21" in line
        await ctui.press("4", "space", "3")
        assert "Marked" not in "\n".join(ctui.pane("detail"))

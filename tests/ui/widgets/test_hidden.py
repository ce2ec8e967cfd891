"""A pane that is given another subject while it is hidden shows that one when it comes back: opened, closed, moved,
opened, by key and by mouse, in a wide terminal and in a small one."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Literal

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events
from textual.events import Key
from textual.widgets import Input

from ctui.errors import StoreError
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.ui.widgets.detail.detail_pane import DetailPane
from ctui.ui.widgets.detail.record_pane import FIRST_LINES
from ctui.ui.widgets.pane_view import LAST

Open = Callable[..., AbstractAsyncContextManager[Driver]]
SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
HANDS = pytest.mark.parametrize("by", ["key", "mouse"])
Hands = Literal["key", "mouse"]

NAMED = [event(number, one.time, name=f"Name{number}", user=f"user-{number}") for number, one in
         enumerate(events(30, EPOCH))]  # fmt: skip
TRAILS = [
    (Trail(f"trail-{number}", None, "eu-west-1", s3_bucket_name=f"bucket-{number}"), TrailStatus(number % 2 == 0))
    for number in range(6)
]


async def go_to_row(ctui: Driver, row: int, by: Hands) -> None:
    """Put the cursor on an event, counted from 0: it stands below the border, the titles and the day."""
    if by == "mouse":
        await ctui.pilot.click("#events", offset=(20, 3 + row))
        await ctui.settle()
    else:
        await ctui.press("3", "g", *["j"] * row)


async def turn_record(ctui: Driver, by: Hands) -> None:
    """Open the record or close it."""
    if by == "mouse":
        await click_key(ctui, "detail")
    else:
        await ctui.press("enter")


async def close_record(ctui: Driver, by: Hands) -> None:
    """Close it: its own pane has esc in its footer."""
    while ctui.seen("detail"):
        if by == "mouse":
            await ctui.pilot.click("#detail", offset=(5, 2))
            await ctui.settle()
            await click_key(ctui, "esc")
        else:
            await ctui.press("escape")


async def click_key(ctui: Driver, words: str) -> None:
    """Click a key of the footer."""
    await ctui.pilot.click("#keys", offset=(ctui.line("keys").index(words) + 1, 0))
    await ctui.settle()


async def moved_down(ctui: Driver) -> bool:
    """Move the cursor of the record down; False at the end."""
    before = ctui.cursor("detail")
    await ctui.press("j")
    return ctui.cursor("detail") != before


async def assert_all_is_about(ctui: Driver, row: int) -> None:
    """Title, sentence, id, JSON and copy are those of one event."""
    pane = "\n".join(ctui.pane("detail"))
    assert f"Name{row}" in ctui.title("detail")
    assert f"user-{row} " in pane.splitlines()[0]
    await ctui.press("4")
    while ctui.cursor("detail").split()[0] != "Event":
        assert await moved_down(ctui)
    assert f"event-{row}" in ctui.cursor("detail")
    await ctui.press("G")
    assert f"eventID             event-{row}" in "\n".join(ctui.pane("detail"))
    await ctui.press("v", "G")
    assert f'"eventID": "event-{row}"' in "\n".join(ctui.pane("detail"))
    await ctui.press("v", "c", "g", "3")
    assert json.loads(ctui.copied[-1])["eventName"] == f"Name{row}"


@SIZES
@HANDS
async def test_the_record_that_is_opened_again_is_that_of_the_event_under_the_cursor(
    open_app: Open, size: tuple[int, int], by: Hands
) -> None:
    async with open_app(Service(NAMED), size) as ctui:
        for row in (0, 4, 2, 5, 5):
            await go_to_row(ctui, row, by)
            await turn_record(ctui, by)
            await assert_all_is_about(ctui, row)
            await close_record(ctui, by)
            assert not ctui.seen("detail")


@SIZES
async def test_the_record_that_is_opened_again_is_wrapped_for_the_width_of_now(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(Service(NAMED), size) as ctui:
        await ctui.press("enter", "escape", "j")
        await ctui.pilot.resize_terminal(size[0] - 20, size[1])
        await ctui.settle()
        await ctui.press("enter")
        await assert_all_is_about(ctui, 1)


@SIZES
@pytest.mark.parametrize("focus", ["3", "4"])
async def test_the_record_stays_open_on_its_event_while_all_is_asked_again(
    open_app: Open, size: tuple[int, int], focus: str
) -> None:
    async with open_app(Service(NAMED), size) as ctui:
        await ctui.press("j", "enter", focus)
        for again in ("r", "R"):
            await ctui.press(again)
            assert ctui.seen("detail")
            assert ctui.focus() == ("detail" if focus == "4" else "events")
            assert "Name1" in ctui.title("detail")
        await assert_all_is_about(ctui, 1)


async def test_the_record_closes_where_nothing_is_found(open_app: Open) -> None:
    async with open_app(Service(NAMED)) as ctui:
        await ctui.press("enter", "slash")
        await ctui.write("user:nobody")
        await ctui.press("enter")
        assert not ctui.seen("detail")


async def test_what_is_copied_is_what_is_shown_however_fast_the_keys_come(open_app: Open) -> None:
    async with open_app(Service(NAMED)) as ctui:
        await ctui.press("enter")
        for key in ("j", "j", "c"):
            ctui.app.post_message(Key(key, key))
        await ctui.settle()
        assert json.loads(ctui.copied[-1])["eventName"] == "Name2"
        await assert_all_is_about(ctui, 2)


async def test_a_record_that_cannot_be_read_leaves_no_other_in_its_place(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(NAMED)) as ctui:
        await ctui.press("enter")

        def broken(_row_id: int) -> None:
            raise StoreError("Event store", "The disk is gone.", "Bring it back.")

        with monkeypatch.context() as patch:
            patch.setattr(ctui.session, "event", broken)
            await ctui.press("j")
            pane = "\n".join(ctui.pane("detail"))
            assert "The disk is gone." in pane
            assert "Name0" not in ctui.title("detail") + pane
            await ctui.press("c")
            assert ctui.copied == []
        await ctui.press("r")
        await assert_all_is_about(ctui, 1)


async def test_a_large_record_is_laid_out_behind_its_first_lines_and_no_further_once_it_is_left(open_app: Open) -> None:
    request: dict[str, object] = {"requestParameters": {f"key{number}": "x" * 50 for number in range(10_000)}}
    large = event(0, EPOCH, name="Large", record=request)
    async with open_app(Service([large, *NAMED[1:]])) as ctui:
        await ctui.press("enter")
        detail = ctui.app.screen.query_one("#detail", DetailPane)
        await ctui.settle()
        assert detail.count() > 10_000
        await ctui.press("4", "G")
        assert "key9999 " in "\n".join(ctui.pane("detail"))
        assert ctui.pane("detail")[-1].startswith("▌")
        # Shown again, its first lines come before the others, and another event ends the work.
        subject = detail.shown
        assert subject is not None
        detail.clear()
        detail.show(subject)
        assert detail.count() == FIRST_LINES
        await ctui.press("3", "j")
        await assert_all_is_about(ctui, 1)
        await ctui.settle()
        assert detail.count() < FIRST_LINES


async def test_the_end_of_a_large_record_is_reached_while_it_is_laid_out(open_app: Open) -> None:
    request: dict[str, object] = {"requestParameters": {f"key{number}": "x" * 50 for number in range(10_000)}}
    async with open_app(Service([event(0, EPOCH, record=request)])) as ctui:
        await ctui.press("enter")
        detail = ctui.app.screen.query_one("#detail", DetailPane)
        subject = detail.shown
        assert subject is not None
        detail.clear()
        detail.show(subject)
        detail.move(LAST)
        assert detail.count() == FIRST_LINES
        await ctui.settle()
        assert "key9999 " in "\n".join(ctui.pane("detail"))
        assert ctui.pane("detail")[-1].startswith("▌")


@SIZES
async def test_status_that_comes_back_is_that_of_the_trail_under_the_cursor(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(Service(NAMED, TRAILS), size) as ctui:
        for row in (5, 0, 3):
            await ctui.press("1", "g", *["j"] * row, "3", "1")
            assert f"trail-{row}" in ctui.cursor("trails")
            assert f"trail-{row}" in ctui.title("status")
            assert f"bucket-{row}" in "\n".join(ctui.pane("status"))
            await ctui.press("3")
            assert ctui.seen("status") == (size == WIDE)
            assert size == WIDE or f"trail-{row}" in ctui.line("status-summary")


@SIZES
async def test_trails_that_change_while_they_are_hidden_are_those_of_now(open_app: Open, size: tuple[int, int]) -> None:
    service = Service(NAMED, TRAILS)
    async with open_app(service, size) as ctui:
        await ctui.press("1", "G", "3")
        service.keep(TRAILS[3:])
        await ctui.press("r", "1")
        assert "trail-3" in next(line for line in ctui.pane("trails") if "trail-" in line)
        assert "trail-5" in ctui.cursor("trails")
        assert "trail-5" in ctui.title("status")
        service.keep(TRAILS[:1])
        await ctui.press("3", "r", "1")
        assert "trail-0" in ctui.cursor("trails")
        assert "bucket-0" in "\n".join(ctui.pane("status"))


async def test_events_that_change_while_the_record_covers_them_fill_their_pane(open_app: Open) -> None:
    service = Service(events(400, EPOCH))
    async with open_app(service, SMALL) as ctui:
        await ctui.press("enter", "enter")
        assert not ctui.seen("events")
        await ctui.press("w")
        await ctui.press("w", "3")
        assert ctui.seen("events")
        assert "user-0" in ctui.cursor()
        assert len([line for line in ctui.pane("events") if "user-" in line]) > 5


async def test_a_row_that_could_not_be_read_is_read_again(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_app(Service(NAMED), settle=False) as ctui:
        with monkeypatch.context() as patch:

            def broken(_ids: object) -> None:
                raise StoreError("Event store", "The disk is gone.", "Bring it back.")

            patch.setattr(ctui.session, "summaries", broken)
            await ctui.settle()
            assert "no longer in the store" in ctui.text()
        await ctui.press("r")
        assert "no longer in the store" not in ctui.text()
        assert "Name0" in ctui.cursor()


@SIZES
@HANDS
async def test_the_line_offers_the_values_of_now_when_it_is_opened_again(
    open_app: Open, size: tuple[int, int], by: Hands
) -> None:
    service = Service([event(0, EPOCH, user="alice")])
    async with open_app(service, size) as ctui:
        await ctui.press("slash")
        await ctui.write("user:")
        assert "alice" in ctui.hint()
        assert "bob" not in ctui.hint()
        await ctui.press("escape")
        service.events = [event(1, EPOCH, user="bob"), *service.events]
        await ctui.press("r")
        if by == "mouse":
            await ctui.pilot.click("#filter", offset=(5, 0))
            await ctui.settle()
        else:
            await ctui.press("slash")
        assert "bob" in ctui.hint()


@SIZES
async def test_the_form_and_the_range_open_with_what_is_asked_now(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(NAMED), size) as ctui:
        for name in ("alice", "bob"):
            await ctui.press("f", "escape", "ctrl+l", "slash")
            await ctui.write(f"user:{name} since:2h")
            await ctui.press("escape", "f")
            assert ctui.app.screen.query_one("#value", Input).value == name
            assert ctui.app.screen.query_one("#since", Input).value == "2h"
            await ctui.press("escape")
        await ctui.press("ctrl+l")
        for written in ("17m", "23m"):
            await ctui.press("t", "escape", "t")
            ctui.app.screen.query_one("#line", Input).focus()
            await ctui.press("home", *["delete"] * 5)
            await ctui.write(written)
            await ctui.press("enter", "t")
            assert ctui.app.screen.query_one("#line", Input).value == written
            await ctui.press("escape")

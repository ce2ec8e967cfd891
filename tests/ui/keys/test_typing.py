"""What is typed in the filter line stands there, however fast it comes and whatever core is still at."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC

import pytest
from support.driver import Driver, at_rest, chunk, driving
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.service import Service, events
from support.sessions import temporary_store
from textual.events import Key
from textual.widget import Widget

from ctui.core.session import Session
from ctui.ui.app import CtuiApp
from ctui.ui.screens.browse import BrowseScreen
from ctui.ui.widgets.event_table import EventTable

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def send(ctui: Driver, key: str) -> None:
    """A key as the terminal sends it: nobody waits for what it brings."""
    ctui.app.post_message(Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("turns", [0, 1, 2, 4, 7])
async def test_nothing_of_what_is_typed_goes_however_the_keys_come(open_app: Open, turns: int) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        text = "until:2h since:3h user:alice,bob"
        for character in text:
            send(ctui, character)
            for _ in range(turns):
                await asyncio.sleep(0)
        await ctui.settle()
        assert ctui.typed() == text


@pytest.mark.parametrize("turns", [0, 2, 5])
async def test_keys_that_edit_keep_their_place_among_the_letters(open_app: Open, turns: int) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        for key in [*"wrong", "ctrl+l", *"user:alicf", "backspace", "e", "home", *"x ", "end", *",bob"]:
            send(ctui, key)
            for _ in range(turns):
                await asyncio.sleep(0)
        await ctui.settle()
        assert ctui.typed() == "x user:alice,bob"


# In one piece, as over SSH: every key is there before the first of them has had its effect.


@asynccontextmanager
async def opened_after(text: str, service: Service) -> AsyncIterator[Driver]:
    """Ctui, with keys that were typed before there was anything to see."""
    session = Session(service, temporary_store, AutoClock())
    app = CtuiApp(session, zone=UTC)
    chunk(app, text)
    async with driving(app, session) as driver:
        yield driver


TEXTS = ["source:iam user:alice", "mallory quit", "x", "?tfnq123e", "until:2h  -user:bob,alice"]


@pytest.mark.parametrize("text", TEXTS)
async def test_what_follows_the_key_for_the_line_is_text_and_no_command(open_app: Open, text: str) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, "/" + text)
        await at_rest(ctui)
        assert (ctui.typed(), ctui.focus()) == (text, "filter")
        assert isinstance(ctui.app.screen, BrowseScreen)
        assert ctui.app.is_running
        assert ctui.notices() == []


@pytest.mark.parametrize("text", TEXTS)
async def test_what_is_typed_before_the_first_screen_waits_for_it(text: str) -> None:
    async with opened_after("/" + text, Service(events(45, EPOCH))) as ctui:
        await at_rest(ctui)
        assert (ctui.typed(), ctui.focus()) == (text, "filter")
        assert isinstance(ctui.app.screen, BrowseScreen)
        assert ctui.app.is_running


async def test_every_step_down_counts(open_app: Open) -> None:
    async with open_app(Service(events(120, EPOCH))) as ctui:
        await ctui.press("M")
        chunk(ctui.app, "j" * 50)
        await at_rest(ctui)
        await ctui.settle()
        assert ctui.title("events").endswith("51 of 120")


async def test_keys_go_on_where_those_before_them_have_led(open_app: Open) -> None:
    async with open_app(Service(events(120, EPOCH))) as ctui:
        # Two down, the record, into its pane and down there, back and down.
        chunk(ctui.app, "jj\r4jj3j")
        await at_rest(ctui)
        await ctui.settle()
        assert (ctui.focus(), ctui.seen("detail")) == ("events", True)
        assert ctui.title("events").endswith("4 of >50")


async def test_keys_that_the_line_takes_by_a_message_keep_their_place(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        # Completed and edited; asked, and the next line begun; the one before brought back.
        chunk(ctui.app, "/so\tiam us\talice\x1b[D\x1b[D\x7fX\r/\x0cnext\x1b[A behind")
        await at_rest(ctui)
        await ctui.settle()
        assert ctui.typed() == "source:iam user:alXce behind"


@pytest.mark.parametrize("key", ["t", "f", "1n", "?"])
async def test_keys_behind_one_that_opens_a_box_are_for_the_box(open_app: Open, key: str) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, key + "xw")
        await at_rest(ctui)
        assert len(ctui.app.screen_stack) == 2
        chunk(ctui.app, "\x1b[27u\x1b[27u/q")
        await at_rest(ctui)
        await ctui.settle()
        assert ctui.app.is_running
        assert len(ctui.app.screen_stack) == 1
        assert ctui.typed() == "q"


async def test_a_box_is_opened_filled_and_left_in_one_go(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, "t\t17m\r/user:alice")
        await at_rest(ctui)
        await ctui.settle()
        assert ctui.typed() == "user:alice"
        assert "17" in ctui.title("events") + ctui.line("feed-line")


async def test_a_box_that_goes_takes_no_key_with_it(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        for opens in "t?f":
            await ctui.press("question_mark" if opens == "?" else opens)
            assert len(ctui.app.screen_stack) == 2
            chunk(ctui.app, "\x1b[27ujj/mallory quit")
            await at_rest(ctui)
            assert len(ctui.app.screen_stack) == 1
            assert (ctui.typed(), ctui.focus()) == ("mallory quit", "filter")
            await ctui.press("ctrl+l", "escape")
        assert ctui.title("events").endswith("7 of 45")


class Stuck(Widget, can_focus=True):
    """Something that does not come to an end with a key."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[str] = []
        self.free = asyncio.Event()

    async def on_key(self, event: Key) -> None:
        """Whoever has a key keeps the others waiting, at most for the patience of the app."""
        self.got.append(event.key)
        await self.free.wait()


async def test_whoever_does_not_come_to_an_end_with_a_key_blocks_no_other(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        stuck = Stuck()
        await ctui.app.screen.mount(stuck)
        ctui.app.screen.set_focus(stuck)
        chunk(ctui.app, "B")  # no action has it
        await ctui.wait_until(lambda: bool(stuck.got))
        table = ctui.app.screen.query_one("#events", EventTable)
        lines: asyncio.Queue[int | None] = asyncio.Queue()
        table.watch(table, "cursor", lines.put_nowait, init=False)
        ctui.app.screen.set_focus(table)
        chunk(ctui.app, "jj")
        await lines.get()
        assert stuck.got == ["B"]
        stuck.free.set()
        await at_rest(ctui)
        assert ctui.title("events").endswith("3 of 45")


@pytest.mark.parametrize("keys", ["q", "qt?/x", "tt", "t\x1bq", "ffq"])
async def test_no_deed_is_left_over_when_ctui_is_left(open_app: Open, keys: str) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, keys)
        await at_rest(ctui)
        # Two more that cannot begin: one for the other, one since ctui is left.
        for _ in range(2):
            ctui.app.screen.run_worker(asyncio.sleep(1), group="late", exclusive=True)
        ctui.app.exit()
    gc.collect()

"""The frame that stands until the main screen is there, and what happens meanwhile."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from support.driver import SMALL, WIDE, Driver, driving
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, REGION, event
from support.fakes.service import Service
from support.sessions import temporary_store
from support.stored import insert

from ctui.core.first_rows import FirstRows, read_first_rows
from ctui.core.session import Session
from ctui.core.sources import Connector, Gateway, Resolved
from ctui.errors import CtuiError, SettingsError
from ctui.model.connection import Connection, LoginTrace, Scope
from ctui.store.events import EventStore
from ctui.ui.app import CtuiApp
from ctui.ui.screens.opening import OpeningScreen

HERE = Connection(None, REGION, "http://127.0.0.1:1", "http://127.0.0.1:1", LoginTrace(account=ACCOUNT))
_NOT_OF_A_BOX = re.compile("[^╭╮╰╯│┏┓┗┛┃]")


class Door:
    """Makes a session when it is opened."""

    def __init__(self, session: Session, error: Exception | None = None) -> None:
        self.opened = asyncio.Event()
        self._session = session
        self._error = error

    async def session(self) -> Session:
        await self.opened.wait()
        if self._error is not None:
            raise self._error
        return self._session


class Unreachable:
    """Connects for ever."""

    async def connect(self, _resolved: Resolved) -> Gateway:
        await asyncio.Event().wait()
        raise AssertionError


class Reaching(Unreachable):
    """The same, but asks first when the main screen is drawn."""

    def __init__(self) -> None:
        self.drawn: Callable[[], Awaitable[None]] | None = None
        self.drawing, self.was_drawn = asyncio.Event(), asyncio.Event()

    async def connect(self, resolved: Resolved) -> Gateway:
        assert self.drawn is not None
        self.drawing.set()
        await self.drawn()
        self.was_drawn.set()
        return await super().connect(resolved)


@asynccontextmanager
async def opening(
    size: tuple[int, int] = WIDE,
    *,
    error: Exception | None = None,
    connector: Connector | None = None,
    problems: Sequence[CtuiError] = (),
) -> AsyncIterator[tuple[Driver, Door]]:
    """An app that shows its frame, and what lets it go on."""
    session = Session(connector or Service(), temporary_store, AutoClock())
    door = Door(session, error)
    async with driving(CtuiApp(door.session, zone=UTC, problems=problems), session, size) as ctui:
        await ctui.pilot.pause()
        yield ctui, door


def boxes(screen: list[str]) -> list[str]:
    return [_NOT_OF_A_BOX.sub(" ", line) for line in screen]


@pytest.mark.parametrize("size", [WIDE, SMALL, (119, 40), (120, 40), (130, 20), (60, 15)])
async def test_the_boxes_stand_where_those_of_the_main_screen_will(size: tuple[int, int]) -> None:
    async with opening(size, connector=Unreachable()) as (ctui, door):
        assert isinstance(ctui.app.screen, OpeningScreen)
        frame = ctui.screen()
        assert "3 Events" in frame[1]
        door.opened.set()
        await ctui.wait_until(lambda: "Connecting …" in ctui.text())
        assert ctui.focus() == "events"
        assert boxes(ctui.screen()) == boxes(frame)
        assert ctui.screen()[0].split("…")[0] == frame[0].split("…")[0] == " ctui  connecting "


async def test_keys_wait_for_the_main_screen_in_their_order() -> None:
    async with opening() as (ctui, door):
        await ctui.pilot.press("slash", "i", "s", "colon")
        assert isinstance(ctui.app.screen, OpeningScreen)
        door.opened.set()
        await ctui.wait_until(lambda: not isinstance(ctui.app.screen, OpeningScreen))
        await ctui.settle()
        assert ctui.typed() == "is:"


async def test_q_that_came_early_leaves() -> None:
    async with opening() as (ctui, door):
        await ctui.pilot.press("q")
        assert ctui.app.is_running
        door.opened.set()
        await ctui.wait_until(lambda: ctui.app._exit)


async def test_problems_with_settings_are_told_on_the_main_screen() -> None:
    async with opening(problems=[SettingsError("Settings", "one of them is wrong")]) as (ctui, door):
        assert not ctui.app._notifications
        door.opened.set()
        await ctui.wait_until(lambda: not isinstance(ctui.app.screen, OpeningScreen))
        await ctui.settle()
        assert "one of them is wrong" in "".join(ctui.notices())


async def test_a_login_that_asks_for_a_secret_waits_for_the_main_screen() -> None:
    async with opening() as (ctui, door):
        asking = asyncio.ensure_future(ctui.app.ask_secret("MFA code"))
        await ctui.pilot.pause()
        assert isinstance(ctui.app.screen, OpeningScreen)
        door.opened.set()
        await ctui.wait_until(lambda: "MFA code" in ctui.text())
        await ctui.pilot.press("1", "2", "enter")
        assert await asking == "12"


async def test_without_a_session_the_program_ends_and_says_why() -> None:
    async def fails() -> None:
        async with opening(error=ZeroDivisionError("no session")) as (ctui, door):
            door.opened.set()
            await ctui.wait_until(lambda: ctui.app._exception is not None)

    with pytest.raises(ZeroDivisionError):
        await fails()


async def test_the_session_begins_before_the_main_screen_is_there_and_hears_when_it_is_drawn() -> None:
    connector = Reaching()
    async with opening(connector=connector) as (ctui, door):
        connector.drawn = ctui.app.drawn
        door.opened.set()
        await connector.drawing.wait()
        await ctui.wait_until(connector.was_drawn.is_set)
        assert "3 Events ── all history" in ctui.text()


class Resolving(Unreachable):
    """Knows at once where the same settings led before, and connects for ever."""

    async def connect(self, resolved: Resolved) -> Gateway:
        resolved(HERE)
        return await super().connect(resolved)


async def stored(file: Path) -> FirstRows:
    """The first rows of a store with events of three days, odd ones among them."""
    store = await EventStore.open(file)
    times = [EPOCH - timedelta(hours=60 - number) for number in range(60)]
    events = [
        event(f"e{number}", time, name=f"Call{number}", username="[red]\x1b[2J") for number, time in enumerate(times)
    ]
    failed = f'{{"errorCode":"AccessDenied","awsRegion":"{REGION}","sourceIPAddress":"192.0.2.7"}}'
    events.append(event("failed", times[-1] + timedelta(minutes=1), record=failed))
    await insert(store, Scope(HERE.origin, ACCOUNT, HERE.region), events)
    await store.close()
    first = read_first_rows(file, HERE, EPOCH, 100)
    assert first is not None
    return first


@pytest.mark.parametrize("size", [WIDE, SMALL, (120, 40), (60, 15)])
async def test_the_first_rows_stand_where_the_main_screen_has_them(tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "events.db"
    reading: asyncio.Future[FirstRows | None] = asyncio.get_running_loop().create_future()
    session = Session(Resolving(), lambda _: EventStore.open(file), AutoClock())
    first, door = await stored(file), Door(session)
    app = CtuiApp(door.session, zone=UTC, first_rows=reading)
    async with driving(app, session, size) as ctui:
        await ctui.pilot.pause()
        assert "RunInstances" not in ctui.text(), "the frame does not wait for them"
        reading.set_result(first)
        await ctui.wait_until(lambda: "RunInstances" in ctui.text())
        frame = ctui.screen()
        assert "from the store, not confirmed" in frame[1] or size[0] < 80
        assert (REGION in frame[1]) is (size == WIDE), "no column says it"
        assert "\x1b[2J" not in ctui.text()
        door.opened.set()
        while "▌" not in ctui.text():
            await ctui.pilot.pause()
            if not isinstance(app.screen, OpeningScreen) and lines_of(ctui.screen()):
                assert lines_of(ctui.screen()) == lines_of(frame)
        assert lines_of(ctui.screen()) == lines_of(frame)


async def test_a_bug_in_reading_the_first_rows_is_reported_on_the_main_screen() -> None:
    reading: asyncio.Future[FirstRows | None] = asyncio.get_running_loop().create_future()
    session = Session(Unreachable(), temporary_store, AutoClock())
    door = Door(session)
    app = CtuiApp(door.session, zone=UTC, first_rows=reading)
    async with driving(app, session, WIDE) as ctui:
        await ctui.pilot.pause()
        reading.set_exception(ZeroDivisionError("no rows"))
        await ctui.pilot.pause()
        assert isinstance(app.screen, OpeningScreen)
        door.opened.set()
        await ctui.wait_until(lambda: any("no rows" in text for text in ctui.notices()))
        assert "3 Events" in ctui.text()
        assert [str(bug) for bug in ctui.faults] == ["no rows"]
        ctui.faults.clear()


def lines_of(screen: list[str]) -> list[str]:
    """The lines of Events below its title, as far as rows go."""
    below = [
        re.split("[┃╭╰│]", line.rstrip().removesuffix("┃"))[-1].replace("▌", " ").rstrip(" ▁▂▃▄▅▆▇█") for line in screen
    ]
    return [line for line in below[2:] if re.search(r"\d\d:\d\d:\d\d|time UTC|20\d\d ──", line)]

"""What goes by time: what is too old, and claims of a future; by the service's clock and ours, never by one alone."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, CONNECTION, FakeCloudTrail, FakeConnector, denied, event, unreachable
from support.sessions import OpenStore

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.session import SessionPhase
from ctui.errors import CtuiError, ExpiredLogin
from ctui.model.connection import LoginTrace
from ctui.model.lookup.lookup import Lookup
from ctui.store.pruning import Retention

RECENT = [f"e{number}" for number in range(100)]
"""Of the last hours."""
OLD = [f"o{number}" for number in range(100)]
"""Forty days old."""
THIRTY_DAYS = Retention(max_age=30 * 86_400)
ROLE = LoginTrace(account=ACCOUNT, settings="a role")
AHEAD, BEHIND, RIGHT = timedelta(days=400), timedelta(days=-400), timedelta(0)
ACTIONS = ["GetCallerIdentity", "DescribeTrails", "LookupEvents"]


@pytest.fixture
async def known(start: StartSession, service: FakeCloudTrail, lasting: OpenStore) -> None:
    """A session with right clocks has been here before and has seen all there is."""
    service.events = [event(name, EPOCH - timedelta(minutes=number)) for number, name in enumerate(RECENT)]
    service.events += [event(name, EPOCH - timedelta(days=40, minutes=number)) for number, name in enumerate(OLD)]
    session = await start(open_store=lasting)
    await session.load_all()
    await session.close()
    service.calls.clear()


def again(service: FakeCloudTrail, off: timedelta) -> FakeCloudTrail:
    """The service, right as it is, for a machine whose clock is so far off."""
    return FakeCloudTrail(AutoClock(EPOCH + timedelta(hours=1) + off), list(service.events), skew=-off)


def stored(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT event_id FROM event ORDER BY time DESC").fetchall()
    connection.close()
    return [name for (name,) in found]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("actions", [range(0, 3), range(1, 3), range(2, 3), range(3, 3)], ids=[*ACTIONS, "none"])
@pytest.mark.parametrize("off", [AHEAD, RIGHT, BEHIND])
async def test_what_is_too_old_by_both_clocks_goes_once_a_date_was_heard(
    service: FakeCloudTrail,
    lasting: OpenStore,
    path: Path,
    off: timedelta,
    actions: range,
) -> None:
    """On the code before, a clock that was ahead emptied the store before the service was asked."""
    far = again(service, off)
    far.undated = set(ACTIONS) - {ACTIONS[place] for place in actions}
    session = CoreDriver(FakeConnector(far), lasting, far.clock, retention=THIRTY_DAYS)
    running = asyncio.create_task(session.run())
    await session.idle()
    kept = RECENT if actions and off is not BEHIND else RECENT + OLD
    assert (session.state.phase, session.state.account) == (SessionPhase.READY, ACCOUNT)
    assert stored(path) == kept
    state = session.explorer.query.state
    assert state.error is None
    assert session.loaded() == kept[: len(session.explorer.query.ids)], "each row that is shown can be read"
    if off is not BEHIND:
        assert session.explorer.query.ids
        await session.load_all()
        assert session.loaded() == RECENT + OLD, "what went is asked for again by who asks for all"
        assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    await session.close()
    await running


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("off", [AHEAD, RIGHT, BEHIND])
@pytest.mark.parametrize("error", [unreachable(), denied("LookupEvents")], ids=["out of reach", "denied"])
async def test_without_a_date_nothing_is_let_go_for_its_age(
    service: FakeCloudTrail, lasting: OpenStore, path: Path, off: timedelta, error: CtuiError
) -> None:
    far = again(service, off)
    far.identity = far.describe_error = error
    far.failures.extend([error] * 20)
    session = CoreDriver(FakeConnector(far), lasting, far.clock, retention=THIRTY_DAYS)
    running = asyncio.create_task(session.run())
    await session.idle()
    assert session.explorer.query.state.store_only
    assert stored(path) == RECENT + OLD
    assert off is BEHIND or session.loaded() == RECENT + OLD
    await session.close()
    await running


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("off", [AHEAD, RIGHT, BEHIND])
async def test_while_the_service_is_silent_all_that_is_stored_shows(
    service: FakeCloudTrail, lasting: OpenStore, path: Path, off: timedelta
) -> None:
    far = again(service, off)

    async def never() -> None:
        await asyncio.Event().wait()

    session = CoreDriver(
        FakeConnector(far, resolved=replace(CONNECTION, login=ROLE), login=never),
        lasting,
        far.clock,
        retention=THIRTY_DAYS,
    )
    shown = asyncio.Event()
    session.explorer.query.changed.subscribe(lambda state: shown.set() if state.phase is QueryPhase.COMPLETE else None)
    running = asyncio.create_task(session.run())
    await asyncio.wait_for(shown.wait(), 60)
    assert stored(path) == RECENT + OLD
    assert off is BEHIND or session.loaded() == RECENT + OLD
    await session.close()
    await running


@pytest.mark.usefixtures("known")
async def test_a_clock_that_is_set_ahead_later_lets_nothing_go(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore, path: Path
) -> None:
    """Neither does what the service said before, carried on by that clock."""
    session = await start(open_store=lasting, retention=THIRTY_DAYS)
    assert stored(path) == RECENT
    clock.advance(400 * 86_400)
    service.undated = set(ACTIONS)
    service.failures.append(ExpiredLogin("Login", "It has run out."))
    session.explorer.ask_lookup(Lookup())
    await session.idle()
    await session.reload()
    assert (session.state.phase, service.calls["GetCallerIdentity"]) == (SessionPhase.READY, 2)
    assert stored(path) == RECENT


@pytest.mark.parametrize("undated", [[], ["GetCallerIdentity", "DescribeTrails"]], ids=["at once", "with a page"])
@pytest.mark.parametrize("off", [timedelta(days=2), timedelta(hours=2)])
async def test_what_clocks_claimed_that_were_wrong_together_is_not_believed_when_its_time_has_come(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, off: timedelta, undated: list[str]
) -> None:
    """On the code before, what happened in the days that they claimed was never asked for."""
    service.events = [event(name, EPOCH - timedelta(minutes=number)) for number, name in enumerate(RECENT)]
    later = [event(f"l{number}", EPOCH + timedelta(minutes=number)) for number in range(1, 30)]
    wrong = FakeCloudTrail(AutoClock(EPOCH + off), list(service.events))
    right = FakeCloudTrail(AutoClock(EPOCH + timedelta(seconds=30)), list(service.events), undated=set(undated))
    after = FakeCloudTrail(AutoClock(EPOCH + off + timedelta(days=3)), service.events + later)
    for far in (wrong, right, after):
        session = await start(FakeConnector(far), open_store=lasting, clock=far.clock)
        await session.load_all()
        assert session.explorer.query.state.phase is QueryPhase.COMPLETE
        shown = session.loaded()
        await session.close()
    assert shown == [f"l{number}" for number in range(29, 0, -1)] + RECENT

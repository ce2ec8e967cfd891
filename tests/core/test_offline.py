"""Without a connection: what the store has of the account is shown, and said to be all there is to show."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, CONNECTION, LOGIN, FakeCloudTrail, FakeConnector, event, unreachable
from support.sessions import OpenStore

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.session import SessionPhase
from ctui.errors import ConnectionProblem, CtuiError, ExpiredLogin, StoreError
from ctui.model.connection import Connection, LoginTrace
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.events import EventStore
from ctui.store.pruning import Retention


@pytest.fixture
async def known(start: StartSession, service: FakeCloudTrail, lasting: OpenStore) -> None:
    """A session has been here before and has seen a hundred of three hundred events."""
    service.events = [
        event(f"e{number}", EPOCH - timedelta(minutes=number), username="bob" if number % 2 else "alice")
        for number in range(300)
    ]
    session = await start(open_store=lasting)
    await session.load_more()
    await session.close()


def expired() -> ConnectionProblem:
    return ExpiredLogin("Login", "It has run out.")


@pytest.mark.usefixtures("known")
async def test_with_an_expired_login_the_stores_rows_are_shown(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    service.calls.clear()
    session = await start(FakeConnector(service, [expired()]), open_store=lasting)
    state = session.explorer.query.state
    assert (session.state.phase, session.state.account) == (SessionPhase.FAILED, ACCOUNT)
    assert isinstance(session.state.error, ExpiredLogin)
    assert (state.store_only, state.phase, state.more) == (True, QueryPhase.COMPLETE, False)
    assert session.loaded() == [f"e{number}" for number in range(100)]
    assert session.event(session.explorer.query.ids[0]).event_id == "e0"
    assert not service.calls


@pytest.mark.usefixtures("known")
async def test_an_endpoint_out_of_reach_is_no_reason_to_show_nothing(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    service.identity = service.describe_error = unreachable()
    session = await start(open_store=lasting)
    assert session.state.phase is SessionPhase.FAILED
    assert session.explorer.query.state.store_only
    assert len(session.loaded()) == 100


@pytest.mark.usefixtures("known")
async def test_other_questions_are_answered_from_the_store_too(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    session = await start(FakeConnector(service, [expired()]), open_store=lasting)
    bob = (LookupAttribute(AttributeKey.USERNAME, "bob"),)
    session.explorer.ask_lookup(Lookup(parse_timespan("2026-11-21T11:30Z..2026-11-21T11:40Z"), clauses=(bob,)))
    await session.idle()
    assert session.loaded() == ["e21", "e23", "e25", "e27", "e29"]


@pytest.mark.usefixtures("known")
async def test_a_refresh_connects_and_asks_for_the_rest(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    session = await start(FakeConnector(service, [expired(), expired()]), open_store=lasting)
    await session.reload()
    assert (session.state.phase, len(session.loaded())) == (SessionPhase.FAILED, 100)
    await session.reload()
    assert session.state.phase is SessionPhase.READY
    assert not session.explorer.query.state.store_only
    await session.load_all()
    assert session.loaded() == [f"e{number}" for number in range(300)]


@pytest.mark.usefixtures("known")
async def test_after_hours_without_a_connection_no_row_is_older_than_the_range(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, clock: AutoClock
) -> None:
    session = await start(FakeConnector(service, [expired()]), open_store=lasting, lookup=Lookup(parse_timespan("1h")))
    rows = session.explorer.query.ids[:]
    assert session.loaded()[0] == "e0"
    clock.advance(3 * 3600)
    service.events.insert(0, event("new", clock.now() - timedelta(minutes=30)))
    await session.reload()
    assert (session.state.phase, session.loaded()) == (SessionPhase.READY, ["new"])
    assert rows[0] not in session.explorer.query.ids


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "other",
    [
        None,
        replace(CONNECTION, login=LoginTrace(settings="of another profile")),
        replace(CONNECTION, login=LoginTrace(account="222222222222", settings=LOGIN.settings)),
        replace(CONNECTION, region="ap-south-1"),
        replace(CONNECTION, endpoint=None, origin="aws"),
    ],
)
async def test_rows_of_another_login_are_not_shown(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, other: Connection | None
) -> None:
    session = await start(FakeConnector(service, [expired()], resolved=other), open_store=lasting)
    assert session.state.phase is SessionPhase.FAILED
    assert len(session.explorer.query.ids) == 0


async def test_a_store_that_cannot_be_opened_does_not_hide_why_there_is_no_connection(
    start: StartSession, service: FakeCloudTrail, tmp_path: Path
) -> None:
    async def open_store(connection: Connection | None) -> EventStore:
        return await EventStore.open(tmp_path)

    session = await start(FakeConnector(service, [expired()]), open_store=open_store)
    assert isinstance(session.state.error, ExpiredLogin)


@pytest.mark.usefixtures("known")
async def test_old_events_are_let_go_when_a_session_begins(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    # Half a minute beside an event, since a loop that waits for a disk lets the clock jump on.
    session = await start(open_store=lasting, retention=Retention(max_age=50 * 60 + 30))
    assert session.loaded() == [f"e{number}" for number in range(51)]
    await session.load_all()
    assert session.loaded() == [f"e{number}" for number in range(300)], "what went is asked for again"


@pytest.mark.usefixtures("known")
async def test_coverage_that_cannot_be_read_fails_the_feed_and_retry_asks_for_everything(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, path: Path
) -> None:
    session = await start(open_store=lasting)
    other = sqlite3.connect(path)
    other.execute("ALTER TABLE claim RENAME TO hidden")
    other.commit()
    await session.reload()
    assert isinstance(session.explorer.query.state.error, StoreError)
    other.execute("ALTER TABLE hidden RENAME TO claim")
    other.commit()
    other.close()
    session.explorer.query.retry()
    await session.idle()
    assert (session.explorer.query.state.phase, len(session.explorer.query.ids)) == (QueryPhase.PAUSED, 50)


@pytest.mark.parametrize("error", [expired(), unreachable()])
async def test_a_connection_lost_on_the_way_leaves_the_store(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, error: CtuiError
) -> None:
    """Two hours lie between what is known and now: what lies behind the gap is shown, and said to be the store's."""
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n), name="AB"[n % 2]) for n in range(300)]
    session = await start()
    await session.load_all()
    clock.advance(2 * 3600)
    service.refusing[CONNECTION.region] = error
    service.identity = service.describe_error = error
    explorer = session.explorer
    for line in ("name:B since:1d", "name:B since:12h"):
        await session.type(line)
        await session.ask()
        assert session.explorer.query.state.store_only
        assert error in (session.state.error, session.explorer.query.state.error)
        assert {line.summary.name for line in session.summaries(explorer.rows.ids)} == {"B"}
        await session.reload()
        assert session.explorer.query.state.store_only
        assert len(explorer.rows.ids) == 150
    service.refusing.clear()
    service.identity = service.describe_error = None
    await session.reload()
    assert not session.explorer.query.state.store_only
    assert session.explorer.query.state.error is None


async def test_where_the_store_has_nothing_the_error_is_all_there_is(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.refusing[CONNECTION.region] = unreachable()
    session = await start()
    assert (session.explorer.query.state.phase, session.explorer.query.state.store_only) == (QueryPhase.FAILED, False)
    service.refusing.clear()
    session.explorer.query.retry()
    await session.idle()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE

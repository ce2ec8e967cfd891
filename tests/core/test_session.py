"""A session against an ideal service: connect, learn the account, load, refresh, close."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    ACCOUNT,
    CONNECTION,
    REGION,
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    throttled,
    unreachable,
)
from support.sessions import temporary_store
from support.stored import event_ids, insert

from ctui.core.identify_account import IDENTITY_PATIENCE
from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.core.session import SessionPhase, SessionState
from ctui.core.trails.trail_book import TrailsPhase
from ctui.errors import (
    AccessDenied,
    BadCredentials,
    ClocksDiffer,
    CtuiError,
    EndpointUnreachable,
    ExpiredLogin,
    NoRegion,
    NotCloudTrail,
    StoreError,
)
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.trail.trail import Trail
from ctui.store.events import EventStore
from ctui.store.opening import schema, signs


def phases(session: CoreDriver) -> tuple[SessionPhase, QueryPhase]:
    return session.state.phase, session.explorer.query.state.phase


def bad_key() -> BadCredentials:
    return BadCredentials("Key", "The service does not know this key.", code="UnrecognizedClientException", status=400)


async def test_the_first_page_and_the_trails_load_by_themselves(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n)) for n in range(120)]

    session = await start()

    assert session.state.phase is SessionPhase.READY
    assert session.state.account == ACCOUNT
    assert session.state.connection == CONNECTION
    assert session.state.notice is None
    assert session.trails.state.phase is TrailsPhase.READY
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    assert session.explorer.query.state.loaded == 50
    assert event_ids(session, session.explorer.query.ids[:2]) == ["e0", "e1"]
    assert session.event(session.explorer.query.ids[49]).event_id == "e49"
    assert session.queue.state.pace.in_force == 2.0


async def test_before_it_runs_everything_waits_and_nothing_breaks(service: FakeCloudTrail) -> None:
    session = CoreDriver(FakeConnector(service), temporary_store, service.clock)
    assert session.state == SessionState(SessionPhase.CONNECTING)
    assert (session.explorer.query.state.phase, session.trails.state.phase) == (QueryPhase.WAITING, TrailsPhase.WAITING)
    assert session.queue.state.pace.in_force == 2.0
    for wish in (
        session.explorer.query.near_end,
        session.explorer.query.more,
        session.explorer.query.everything,
        session.explorer.query.stop,
    ):
        wish()
    session.refresh()
    session.trails.refresh()
    session.explorer.ask_lookup(Lookup(parse_timespan("1h")))
    assert session.summaries([]) == []
    await session.close()
    assert session.state.phase is SessionPhase.CLOSED


@pytest.mark.parametrize(
    "failure", [NoRegion("Region", "No Region is set."), ExpiredLogin("Login", "It has run out."), unreachable()]
)
async def test_without_a_connection_it_says_why_and_a_refresh_tries_again(
    start: StartSession, service: FakeCloudTrail, failure: CtuiError
) -> None:
    connector = FakeConnector(service, [failure])
    session = await start(connector)
    assert phases(session) == (SessionPhase.FAILED, QueryPhase.WAITING)
    assert session.state.error is failure
    session.refresh()
    assert phases(session) == (SessionPhase.CONNECTING, QueryPhase.WAITING)
    await session.idle()
    assert phases(session) == (SessionPhase.READY, QueryPhase.COMPLETE)
    assert connector.connected == 1


async def test_a_store_that_cannot_be_opened_is_a_failure_with_words(start: StartSession, tmp_path: Path) -> None:
    tried = 0

    async def open_store(connection: Connection | None) -> EventStore:
        nonlocal tried
        tried += 1
        return await EventStore.open(tmp_path)

    session = await start(open_store=open_store)
    assert session.state.phase is SessionPhase.FAILED
    assert isinstance(session.state.error, StoreError)
    assert (tried, session.state.notice) == (1, None)


@pytest.mark.parametrize("error", [denied("GetCallerIdentity"), unreachable(), bad_key()])
async def test_without_an_identity_it_goes_on_as_long_as_trails_can_be_read(
    start: StartSession, service: FakeCloudTrail, error: CtuiError
) -> None:
    service.identity = error
    session = await start()
    assert session.state.phase is SessionPhase.READY
    assert session.state.notice is error
    assert (session.state.identity, session.state.account) == (None, None)
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert service.calls["DescribeTrails"] == 1


@pytest.mark.parametrize("error", [unreachable(), bad_key(), NotCloudTrail("Wrong", "This is a web page.")])
async def test_where_nothing_answers_as_it_should_one_error_says_so(
    start: StartSession, service: FakeCloudTrail, error: CtuiError
) -> None:
    service.identity, service.describe_error = unreachable(), error
    session = await start()
    assert (session.state.phase, session.state.error, session.state.notice) == (SessionPhase.FAILED, error, None)
    assert service.calls["LookupEvents"] == 0
    service.identity = service.describe_error = None
    await session.reload()
    assert session.state.phase is SessionPhase.READY
    assert service.closed, "the old gateway"


@pytest.mark.parametrize(
    ("record", "trails", "account"),
    [
        (f'{{"recipientAccountId":"{ACCOUNT}"}}', (), ACCOUNT),
        ('{"recipientAccountId":"12"}', (), None),
        ('{"recipientAccountId":["111111111111"]}', (), None),
        ("no JSON", (), None),
        ("[" * 100_000, (), None),
        ("{}", (Trail("t", f"arn:aws:cloudtrail:{REGION}:222222222222:trail/t"),), "222222222222"),
        ("{}", (Trail("t", "arn:aws:cloudtrail:x:999999999999:trail/t", is_organization_trail=True),), None),
        ("{}", (Trail("t"),), None),
    ],
)
async def test_the_account_is_learned_from_records_and_trails(
    start: StartSession, service: FakeCloudTrail, record: str, trails: tuple[Trail, ...], account: str | None
) -> None:
    service.identity = denied("GetCallerIdentity")
    service.events = [event("e", EPOCH, record=record)]
    service.trails = trails
    session = await start()
    assert session.state.account == account
    assert session.event(session.explorer.query.ids[0]).event_id == "e"
    scope = session.explorer.query.scope
    assert scope is not None
    assert scope.provisional is (account is None)


@pytest.mark.parametrize("learned_from", ["page", "trails", "late identity"])
async def test_events_of_an_account_that_is_learned_late_are_those_the_store_has_of_it(
    start: StartSession, service: FakeCloudTrail, tmp_path: Path, clock: AutoClock, learned_from: str
) -> None:
    """A page that names the account is stored under it at once. Rows that came before that keep their ids."""
    path = tmp_path / "folder" / "events.db"

    async def open_store(connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    async def slowly() -> Identity:
        await clock.sleep(60)
        return Identity(ACCOUNT, "arn")

    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n)) for n in range(4)]
    earlier = await EventStore.open(path)
    known = await insert(earlier, Scope(CONNECTION.origin, ACCOUNT, REGION), service.events[1:3])
    await earlier.close()
    service.identity = slowly if learned_from == "late identity" else denied("GetCallerIdentity")
    if learned_from == "page":
        service.events[3] = replace(service.events[3], record=f'{{"recipientAccountId":"{ACCOUNT}"}}')
    if learned_from == "trails":
        service.describe_error = unreachable()
    session = CoreDriver(FakeConnector(service), open_store, clock)
    seen: list[set[int]] = []

    def watch(feed: EventQuery) -> None:
        feed.changed.subscribe(lambda _: seen.append(set(session.explorer.query.ids)))

    watch(session.explorer.query)
    session.queries.replaced.subscribe(watch)
    running = asyncio.create_task(session.run())
    await session.idle()
    if learned_from == "trails":
        service.describe_error = None
        service.trails = (Trail("t", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/t"),)
        session.trails.refresh()
        await session.idle()

    assert session.state.account == ACCOUNT
    assert event_ids(session, session.explorer.query.ids) == ["e0", "e1", "e2", "e3"]
    shown = list(session.explorer.query.ids)
    assert set().union(*seen) == set(shown), "no row changes its id"
    assert (shown[1:3] == known) is (learned_from == "page")
    for row in (*shown, *known):
        assert session.event(row).event_id.startswith("e"), "either id finds its event"
    await session.reload()
    assert list(session.explorer.query.ids) == shown
    await session.close()
    await running
    assert count_events(path) == 4


async def test_an_account_that_cannot_be_recorded_is_shown_and_changes_nothing_else(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, say: everything goes on under the provisional account, and each event is listed once."""

    async def slowly() -> Identity:
        await clock.sleep(60)
        return Identity(ACCOUNT, "arn")

    full = StoreError("Event store", "It cannot be written: disk full.")

    async def refuse(*_args: object, **_more: object) -> str:
        raise full

    monkeypatch.setattr(EventStore, "alias_account", refuse)
    service.identity = slowly
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n)) for n in range(120)]
    session = await start()
    assert (session.state.account, session.state.notice) == (ACCOUNT, full)
    shown = list(session.explorer.query.ids)
    await session.load_all()
    assert list(session.explorer.query.ids)[: len(shown)] == shown
    await session.reload()
    await session.load_all()
    assert event_ids(session, session.explorer.query.ids) == [f"e{n}" for n in range(120)]
    assert list(session.explorer.query.ids)[: len(shown)] == shown


def count_events(path: Path) -> int:
    """How many rows the store has."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
    finally:
        connection.close()


async def test_a_slow_identity_does_not_hold_up_the_first_page(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    async def slowly() -> Identity:
        await clock.sleep(60)
        return Identity(ACCOUNT, "arn")

    service.identity = slowly
    service.events = [event("e", EPOCH)]
    session = await start()
    assert service.sends[0] == pytest.approx(IDENTITY_PATIENCE)
    assert session.state.account == ACCOUNT, "it is learned all the same"
    assert session.state.identity == Identity(ACCOUNT, "arn")
    assert event_ids(session, session.explorer.query.ids) == ["e"]


async def test_an_identity_that_fails_late_is_a_notice(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    async def slowly() -> Identity:
        await clock.sleep(60)
        raise unreachable()

    service.identity = slowly
    session = await start()
    assert session.state.phase is SessionPhase.READY
    assert isinstance(session.state.notice, EndpointUnreachable)


@pytest.mark.parametrize("late", [False, True])
async def test_a_throttled_identity_is_not_worth_telling(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, late: bool
) -> None:
    async def slowly() -> Identity:
        await clock.sleep(60)
        raise throttled()

    service.identity = slowly if late else throttled()
    session = await start()
    assert session.state.phase is SessionPhase.READY
    assert session.state.notice is None


async def test_a_refresh_ends_in_now_again(start: StartSession, service: FakeCloudTrail, clock: AutoClock) -> None:
    service.events = [event("old", EPOCH)]
    session = await start(lookup=Lookup(parse_timespan("1h")))
    clock.advance(600)
    service.events.append(event("new", EPOCH + timedelta(minutes=9)))
    first = session.explorer.query
    session.refresh()
    assert session.explorer.query is not first
    await session.idle()
    assert event_ids(session, session.explorer.query.ids) == ["new", "old"]
    assert service.calls["DescribeTrails"] == 2
    assert service.calls["GetCallerIdentity"] == 1


async def test_a_refresh_after_the_login_ran_out_connects_again(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [event(f"e{n}", EPOCH) for n in range(80)]
    connector = FakeConnector(service)
    session = await start(connector)
    service.failures.append(ExpiredLogin("Login", "It has run out."))
    await session.load_more()
    assert phases(session) == (SessionPhase.READY, QueryPhase.FAILED)
    connector.failures.append(ExpiredLogin("Login", "It is still out."))
    await session.reload()
    assert phases(session) == (SessionPhase.FAILED, QueryPhase.FAILED)
    assert session.explorer.query.state.loaded == 50, "what was seen stays on the screen"
    await session.reload()
    assert phases(session) == (SessionPhase.READY, QueryPhase.PAUSED)
    assert (connector.connected, session.explorer.query.state.loaded) == (2, 50)


async def test_the_servers_clock_is_learned_from_dates(start: StartSession, service: FakeCloudTrail) -> None:
    service.skew = timedelta(minutes=4)
    session = await start()
    assert abs(session.server_now() - service.clock.now() - service.skew) < timedelta(seconds=1)
    assert session.state.clocks is None


@pytest.mark.parametrize(("skew", "words"), [(2, "2 h ahead of"), (-50.5, "50 h 30 min behind")])
async def test_clocks_that_are_too_far_apart_are_told(
    start: StartSession, service: FakeCloudTrail, skew: float, words: str
) -> None:
    service.skew = timedelta(hours=skew)
    session = await start()
    assert isinstance(session.state.clocks, ClocksDiffer)
    assert f"dated {words} this machine's clock" in session.state.clocks.message
    assert abs(session.server_now() - service.clock.now()) < timedelta(seconds=1), "ages go by our own"
    service.skew = timedelta(hours=-skew)
    await session.reload()
    assert words not in session.state.clocks.message, "one of them was set"
    service.skew = timedelta(0)
    await session.reload()
    assert session.state.clocks is None


async def test_the_stores_notice_is_told(start: StartSession, tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    newer = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(newer, 0, signs.VERSION)
    newer.execute(f"PRAGMA user_version = {signs.VERSION + 1}")
    newer.close()

    async def open_store(connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    session = await start(open_store=open_store)
    assert session.state.phase is SessionPhase.READY
    assert isinstance(session.state.notice, StoreError)


async def test_closing_in_the_middle_leaves_nothing_running(service: FakeCloudTrail) -> None:
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n)) for n in range(2000)]
    service.latency = 0.2
    before = asyncio.all_tasks()
    session = CoreDriver(FakeConnector(service), temporary_store, service.clock)
    running = asyncio.create_task(session.run())
    while session.explorer.query.state.loaded < 50:  # noqa: ASYNC110 - any moment in the middle of the work will do
        await asyncio.sleep(0)
    session.explorer.query.everything()
    session.refresh()
    await asyncio.sleep(0)
    await asyncio.gather(session.close(), session.close())
    await running
    assert session.state.phase is SessionPhase.CLOSED
    assert service.closed
    assert asyncio.all_tasks() == before
    session.refresh()
    session.explorer.query.more()
    await session.explorer.query.idle()
    await session.idle()
    assert asyncio.all_tasks() == before, "nothing begins any more"


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30])
async def test_cancelling_run_closes_the_session_at_any_moment(service: FakeCloudTrail, turns: int) -> None:
    session = CoreDriver(FakeConnector(service), temporary_store, service.clock)
    running = asyncio.create_task(session.run())
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await session.close()
    assert session.state.phase is SessionPhase.CLOSED


async def test_denied_lookups_fail_the_feed_alone(start: StartSession, service: FakeCloudTrail) -> None:
    service.failures.append(denied("LookupEvents"))
    session = await start()
    assert session.state.phase is SessionPhase.READY
    assert session.explorer.query.state.phase is QueryPhase.FAILED
    assert isinstance(session.explorer.query.state.error, AccessDenied)

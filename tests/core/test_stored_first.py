"""What is stored shows before the network answers, where the login leads to the same account for certain."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    ACCOUNT,
    CONNECTION,
    LOGIN,
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    unreachable,
)
from support.sessions import OpenStore

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.session import SessionPhase
from ctui.errors import BadCredentials, EndpointUnreachable
from ctui.model.connection import Connection, Identity, LoginTrace, Scope
from ctui.model.lookup.lookup import Lookup
from ctui.store.events import EventStore

OTHER = "222222222222"
ROLE = LoginTrace(account=ACCOUNT, key_id="ASIAANEW", settings="a role")
Run = Callable[..., Awaitable[CoreDriver]]


class Silence:
    """Answers when it is released; never, if it is not."""

    def __init__(self, account: str = ACCOUNT) -> None:
        self.over = asyncio.Event()
        self.account = account

    async def identify(self) -> Identity:
        await self.over.wait()
        return Identity(self.account, f"arn:aws:iam::{self.account}:user/alice")


@pytest.fixture
async def known(start: StartSession, service: FakeCloudTrail, lasting: OpenStore) -> list[int]:
    """A session has been here before and has seen a hundred of three hundred events; their row ids."""
    service.events = [event(f"e{number}", EPOCH - timedelta(minutes=number)) for number in range(300)]
    session = await start(open_store=lasting)
    await session.load_more()
    ids = list(session.explorer.query.ids)
    await session.close()
    service.calls.clear()
    return ids


@pytest.fixture
async def run(service: FakeCloudTrail, lasting: OpenStore) -> AsyncIterator[Run]:
    """Begin a session and wait until its feed rests, not until its calls are answered."""
    running: list[tuple[CoreDriver, asyncio.Task[None]]] = []

    async def begin(connector: FakeConnector, until: Callable[[CoreDriver], bool]) -> CoreDriver:
        session = CoreDriver(connector, lasting, service.clock)
        running.append((session, asyncio.create_task(session.run())))
        there = asyncio.Event()

        def look(_state: object) -> None:
            if until(session):
                there.set()

        session.changed.subscribe(look)
        session.explorer.query.changed.subscribe(look)
        await asyncio.wait_for(there.wait(), 60)
        return session

    yield begin
    for session, task in running:
        await session.close()
        await task


def shown(session: CoreDriver) -> bool:
    return session.explorer.query.state.store_only and session.explorer.query.state.phase is QueryPhase.COMPLETE


async def never() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("login", [LOGIN, ROLE], ids=["key", "role"])
async def test_stored_rows_show_while_the_service_is_silent(
    run: Run, service: FakeCloudTrail, known: list[int], login: LoginTrace
) -> None:
    """On the code before no row came until the service had answered."""
    service.identity = Silence().identify
    service.latency = 1e9
    session = await run(FakeConnector(service, resolved=replace(CONNECTION, login=login)), shown)
    assert list(session.explorer.query.ids) == known
    assert session.state.assumed == ACCOUNT
    assert session.state.account is None
    assert service.calls["LookupEvents"] == 0


async def test_stored_rows_show_while_the_login_hangs(run: Run, service: FakeCloudTrail, known: list[int]) -> None:
    """Nothing but the settings is known, and they name the account."""
    connector = FakeConnector(service, resolved=replace(CONNECTION, login=ROLE), login=never)
    session = await run(connector, shown)
    assert (list(session.explorer.query.ids), session.state.phase) == (known, SessionPhase.CONNECTING)
    assert session.state.connection == CONNECTION
    assert not service.calls


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "other",
    [
        replace(CONNECTION, login=replace(LOGIN, key_id="AKIAOTHER")),
        replace(CONNECTION, login=replace(LOGIN, key_id=None)),
        replace(CONNECTION, login=replace(ROLE, account=OTHER)),
        replace(CONNECTION, login=replace(LOGIN, account=OTHER)),
        replace(CONNECTION, region="ap-south-1"),
        replace(CONNECTION, endpoint=None, origin="aws"),
        replace(CONNECTION, endpoint=None, origin="aws-cn", login=ROLE),
    ],
    ids=["key", "no key", "role", "key and role contradict", "Region", "endpoint", "partition"],
)
async def test_rows_of_another_login_wait_for_the_service(run: Run, service: FakeCloudTrail, other: Connection) -> None:
    silence = Silence()
    service.identity = silence.identify
    service.latency = 1e9
    seen: list[int] = []

    def ready(session: CoreDriver) -> bool:
        seen.append(len(session.explorer.query.ids))
        return session.state.phase is SessionPhase.READY

    session = await run(FakeConnector(service, resolved=other), ready)
    assert max(seen) == 0
    assert session.state.assumed is None


async def test_once_confirmed_rows_keep_their_ids_and_the_rest_is_asked_around_them(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, clock: AutoClock, known: list[int]
) -> None:
    """A day has passed: what happened since joins at the top, and what lies between is said not to be asked."""
    clock.advance(86_400)
    service.events += [event(f"n{number}", EPOCH + timedelta(minutes=number)) for number in range(1, 301)]
    states: list[tuple[bool, list[int]]] = []
    session = CoreDriver(FakeConnector(service), lasting, clock)
    session.explorer.query.changed.subscribe(
        lambda state: states.append((state.store_only, list(session.explorer.query.ids)))
    )
    feed = session.explorer.query
    running = asyncio.create_task(session.run())
    await session.idle()
    assert session.explorer.query is feed, "the cursor stays where it is"
    assert all(set(before) <= set(after) for (_, before), (_, after) in pairwise(states))
    assert (True, known) in states
    assert (session.state.assumed, session.state.account) == (None, ACCOUNT)
    state = session.explorer.query.state
    assert (state.store_only, state.loaded, state.scanned, state.rows_beyond) == (False, 150, 50, 100)
    assert session.loaded()[:50] == [f"n{number}" for number in range(300, 250, -1)]
    await session.load_all()
    assert len(session.loaded()) == len(set(session.loaded())) == 600
    assert (session.explorer.query.state.rows_beyond, session.explorer.query.state.phase) == (0, QueryPhase.COMPLETE)
    await session.close()
    await running


@pytest.mark.usefixtures("known")
async def test_where_it_is_another_account_the_rows_go_and_it_is_said(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    silence = Silence(OTHER)
    silence.over.set()
    service.identity = silence.identify
    service.events = [event("theirs", EPOCH)]
    session = await start(open_store=lasting)
    assert (session.loaded(), session.state.account) == (["theirs"], OTHER)
    assert session.state.notice is not None
    assert session.state.notice.title == "Another account"


@pytest.mark.parametrize("account", [ACCOUNT, OTHER])
async def test_an_account_that_only_records_name_confirms_or_refutes(
    start: StartSession,
    service: FakeCloudTrail,
    lasting: OpenStore,
    known: list[int],
    account: str,
) -> None:
    assert isinstance(service.clock, AutoClock)
    service.clock.advance(60)
    service.identity = denied("GetCallerIdentity")
    service.events.append(event("newest", EPOCH + timedelta(seconds=5), record=f'{{"recipientAccountId":"{account}"}}'))
    session = await start(open_store=lasting)
    assert session.state.account == account
    assert not session.explorer.query.state.store_only
    assert session.loaded()[0] == "newest"
    assert (list(session.explorer.query.ids[1:101]) == known) is (account == ACCOUNT)


@pytest.mark.usefixtures("known")
async def test_where_nothing_says_whose_account_it_is_the_stored_rows_go(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    service.identity = denied("GetCallerIdentity")
    service.events = [event("nameless", EPOCH)]
    session = await start(open_store=lasting)
    assert (session.loaded(), session.state.assumed) == (["nameless"], None)
    assert session.state.notice is not None
    assert session.state.notice.title == "Account not known"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "put_again", [CoreDriver.refresh, lambda session: session.explorer.ask_lookup(Lookup())], ids=["r", "enter"]
)
async def test_a_service_that_never_answers_leaves_the_rows_and_says_why(
    start: StartSession,
    service: FakeCloudTrail,
    lasting: OpenStore,
    clock: AutoClock,
    put_again: Callable[[CoreDriver], object],
) -> None:
    clock.advance(60)
    service.identity = denied("GetCallerIdentity")
    service.refusing[CONNECTION.region] = unreachable()
    session = await start(open_store=lasting)
    state = session.explorer.query.state
    assert (session.loaded()[0], state.store_only, session.state.assumed) == ("e0", True, ACCOUNT)
    assert isinstance(state.error, EndpointUnreachable)
    service.refusing.clear()
    service.events.append(event("new", EPOCH + timedelta(seconds=5), record=f'{{"recipientAccountId":"{ACCOUNT}"}}'))
    put_again(session)
    await session.idle()
    assert (session.explorer.query.state.store_only, session.explorer.query.state.error, session.state.assumed) == (
        False,
        None,
        None,
    )
    assert session.loaded()[:2] == ["new", "e0"]


async def test_what_is_asked_meanwhile_is_answered_by_the_store_and_asked_once_confirmed(
    run: Run, service: FakeCloudTrail, known: list[int]
) -> None:
    silence = Silence()
    service.identity = silence.identify
    session = await run(FakeConnector(service), shown)
    session.explorer.ask_lookup(Lookup())
    session.explorer.query.everything()
    assert session.explorer.query.outstanding.everything
    silence.over.set()
    await session.idle()
    assert len(session.loaded()) == 300
    assert not session.explorer.query.state.store_only


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("presses", "rows"), [(0, 50), (1, 100), (2, 150)])
async def test_pages_wished_over_stored_rows_that_are_all_in_sight_come_once_confirmed(
    run: Run, service: FakeCloudTrail, clock: AutoClock, presses: int, rows: int
) -> None:
    """The first page, which comes by itself, is not the next one."""
    clock.advance(86_400)
    service.events += [event(f"n{number}", EPOCH + timedelta(minutes=number)) for number in range(1, 301)]
    silence = Silence()
    service.identity = silence.identify
    session = await run(FakeConnector(service), shown)
    for _ in range(presses):
        session.explorer.query.more()
    silence.over.set()
    await session.idle()
    assert session.explorer.query.state.scanned == rows


async def test_the_key_stands_in_the_store_as_a_salted_digest_alone(
    known: list[int], path: Path, lasting: OpenStore
) -> None:
    assert LOGIN.key_id is not None
    for file in path.parent.iterdir():
        assert LOGIN.key_id.encode() not in file.read_bytes()
    reading = sqlite3.connect(path)
    marks = reading.execute("SELECT kind, salt, digest, account FROM login").fetchall()
    reading.close()
    assert [(kind, len(salt), account) for kind, salt, _, account in marks] == [
        ("key", 16, ACCOUNT),
        ("settings", 16, ACCOUNT),
    ]
    store = await lasting(None)
    for number in range(200):
        await store.remember(replace(CONNECTION, login=LoginTrace(key_id=f"ASIA{number}")), ACCOUNT)
    assert store.recall(CONNECTION) is None, "the oldest are forgotten"
    assert store.recall(replace(CONNECTION, login=LoginTrace(key_id="ASIA199"))) == ACCOUNT
    assert store.has_events(Scope(CONNECTION.origin, ACCOUNT, CONNECTION.region))
    assert isinstance(store, EventStore)
    await store.close()


@pytest.mark.usefixtures("known")
async def test_a_short_gap_closes_by_itself_and_the_line_reaches_as_far_back_as_the_rows(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    assert isinstance(service.clock, AutoClock)
    service.clock.advance(60)
    service.events.append(event("new", EPOCH + timedelta(seconds=30)))
    session = await start(open_store=lasting)
    state = session.explorer.query.state
    assert session.loaded()[:2] == ["new", "e0"]
    assert (state.store_only, state.rows_beyond, state.scanned, state.phase) == (False, 0, 101, QueryPhase.PAUSED)
    assert state.oldest == EPOCH - timedelta(minutes=99) + timedelta(seconds=1), "of the oldest there may be more"
    assert service.calls["LookupEvents"] == 1


@pytest.mark.usefixtures("known")
async def test_rows_of_a_login_that_failed_go_when_the_profile_leads_elsewhere(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    """The profile was changed before r: until the service has answered, nothing of the account before is shown."""
    connector = FakeConnector(service, [unreachable()])
    session = await start(connector, open_store=lasting)
    assert len(session.explorer.query.ids) == 100
    connector.lead_to(replace(CONNECTION, login=replace(ROLE, account=OTHER)), never)
    gone = asyncio.Event()
    session.queries.replaced.subscribe(lambda feed: gone.set())
    session.refresh()
    await asyncio.wait_for(gone.wait(), 60)
    assert (len(session.explorer.query.ids), session.state.account, session.state.phase) == (
        0,
        None,
        SessionPhase.CONNECTING,
    )


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("account", [ACCOUNT, OTHER])
async def test_rows_of_a_login_that_ran_out_go_when_the_profile_leads_elsewhere(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, account: str
) -> None:
    """They stayed beside the name of the other login until the service had answered, or for three seconds."""
    connector = FakeConnector(service)
    session = await start(connector, open_store=lasting)
    service.refusing[CONNECTION.region] = BadCredentials("Key not valid", "It is not.", code="x", status=403)
    await session.load_more()
    assert session.explorer.query.ids
    assert not session.explorer.query.state.store_only
    connector.lead_to(replace(CONNECTION, login=replace(ROLE, account=account)))
    gone: list[SessionPhase] = []
    session.queries.replaced.subscribe(lambda feed: gone.append(session.state.phase))
    await session.reload()
    assert (SessionPhase.CONNECTING in gone) is (account == OTHER)

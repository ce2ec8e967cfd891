"""A load of everything that ends with ctui: the next start offers it, and only it."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, event, expired
from support.sessions import OpenStore

from ctui.core.lookup.query_state import QueryPhase
from ctui.core.signal import becomes
from ctui.errors import StoreError
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan

PAGES = 30
ALICE = Lookup(clauses=((LookupAttribute(AttributeKey.USERNAME, "alice"),),))


@pytest.fixture(autouse=True)
def history(service: FakeCloudTrail) -> None:
    service.events = [event(f"e{n:04}", EPOCH - timedelta(hours=2, minutes=n)) for n in range(50 * PAGES)]


def record(store: Path) -> Path:
    return Path(f"{store}-unfinished")


def mode_of(file: Path) -> int | None:
    """None if there is no such file."""
    return stat.S_IMODE(file.stat().st_mode) if file.exists() else None


def damage(file: Path) -> None:
    file.parent.mkdir(mode=0o700)
    file.write_text("half of a digest")


def block(file: Path) -> None:
    """Let nothing be written there."""
    file.mkdir()


def is_complete(session: CoreDriver) -> bool:
    return session.explorer.query.state.phase is QueryPhase.COMPLETE


def offered(session: CoreDriver) -> bool:
    assert session.unfinished is not None
    return session.unfinished.is_offered


async def quit_within_a_load(session: CoreDriver, service: FakeCloudTrail, pages: int = 10) -> None:
    enough = service.lookups + pages
    session.explorer.query.everything()
    await becomes(lambda: service.lookups >= enough, session.queue.changed)
    await session.close()


async def test_the_next_start_offers_to_go_on_and_asks_for_the_rest_alone(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, path: Path
) -> None:
    session = await start(open_store=lasting, remembers_loads=True)
    assert not offered(session)
    await quit_within_a_load(session, service)
    assert mode_of(record(path)) == 0o600
    again = await start(open_store=lasting, remembers_loads=True)
    assert again.explorer.query.state.phase is QueryPhase.PAUSED
    assert offered(again), "and nothing was loaded by itself"
    await again.load_all()
    assert is_complete(again)
    assert service.lookups <= PAGES + 4
    assert not offered(again)
    await again.close()
    assert mode_of(record(path)) is None
    assert not offered(await start(open_store=lasting, remembers_loads=True))


@pytest.mark.parametrize("lookup", [ALICE, Lookup(parse_timespan("30d"))])
async def test_another_question_is_not_offered_and_does_not_forget_the_one_that_was(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, lookup: Lookup
) -> None:
    await quit_within_a_load(await start(open_store=lasting, remembers_loads=True), service)
    other = await start(open_store=lasting, lookup=lookup, remembers_loads=True)
    assert not offered(other)
    await other.close()
    assert offered(await start(open_store=lasting, remembers_loads=True))


async def test_other_regions_are_another_question(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    await quit_within_a_load(await start(open_store=lasting, remembers_loads=True), service)
    session = await start(open_store=lasting, remembers_loads=True)
    session.explorer.search_also("us-east-1")
    await session.idle()
    assert not offered(session)


async def test_what_a_person_stopped_is_not_offered(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    session = await start(open_store=lasting, remembers_loads=True)
    session.explorer.query.everything()
    await becomes(lambda: service.lookups > 5, session.queue.changed)
    session.explorer.stop()
    await session.idle()
    await session.close()
    assert not offered(await start(open_store=lasting, remembers_loads=True))


async def test_a_load_that_waits_for_a_login_is_offered(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    session = await start(open_store=lasting, remembers_loads=True)
    service.failures.extend([None] * 5 + [expired()])
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.FAILED
    await session.close()
    assert offered(await start(open_store=lasting, remembers_loads=True))


async def test_a_temporary_store_remembers_nothing(start: StartSession, service: FakeCloudTrail) -> None:
    await quit_within_a_load(await start(remembers_loads=True), service)
    assert not offered(await start(remembers_loads=True))


async def test_a_damaged_file_is_no_offer_and_no_trouble(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, path: Path
) -> None:
    damage(record(path))
    session = await start(open_store=lasting, remembers_loads=True)
    assert (offered(session), session.state.notice) == (False, None)
    await session.load_all()
    assert is_complete(session)


async def test_a_file_that_cannot_be_written_is_said_and_stops_no_load(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, path: Path
) -> None:
    session = await start(open_store=lasting, remembers_loads=True)
    block(record(path))
    session.explorer.query.everything()
    await session.idle()
    assert is_complete(session)
    assert isinstance(session.state.notice, StoreError)
    assert session.state.notice.title == "Unfinished load"

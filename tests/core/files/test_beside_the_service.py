"""Log files beside the service: one timeline, each event once, and calls for what the service is asked alone."""

import asyncio
from datetime import timedelta

import pytest
from core.files.conftest import store_with_files
from support.core_driver import CoreDriver, StartSession
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, denied, event, unreachable
from support.fakes.log_files import FakeTree
from support.stored import event_ids

from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session_state import SessionPhase
from ctui.model.event.event import Event

LOGS = "/logs"


def ago(service: FakeCloudTrail, name: str, minutes: int, **parts: str) -> Event:
    """An event so many minutes before now."""
    return event(name, service.clock.now().replace(microsecond=0) - timedelta(minutes=minutes), **parts)


@pytest.fixture
def tree(service: FakeCloudTrail) -> FakeTree:
    """Older events than the service's, and one that both have."""
    return FakeTree(
        LOGS, [ago(service, name, minutes) for name, minutes in (("both", 60), ("f1", 90), ("f2", 200_000))]
    )


@pytest.fixture
async def session(start: StartSession, service: FakeCloudTrail, tree: FakeTree) -> CoreDriver:
    """A session over both."""
    service.events = [ago(service, name, minutes) for name, minutes in (("s1", 30), ("both", 60), ("s2", 120))]
    return await start(open_store=store_with_files, trees=[tree])


async def test_both_make_one_list_with_each_event_once(session: CoreDriver) -> None:
    assert session.loaded() == ["s1", "both", "f1", "s2", "f2"]
    assert session.explorer.state.query.phase is QueryPhase.COMPLETE
    assert not session.explorer.state.complete


async def test_who_has_an_event_is_known(session: CoreDriver) -> None:
    rows = tuple(session.explorer.rows.ids)
    session.scopes_in_sight.ask(rows)
    await session.idle()
    holding = session.scopes_in_sight.of(rows)
    assert holding is not None
    assert {row: len(scopes) for row, scopes in holding.items()} == {rows[1]: 2}


async def test_a_line_is_asked_of_the_service_and_filters_the_files(
    session: CoreDriver, service: FakeCloudTrail
) -> None:
    calls = service.lookups
    await session.type("name:RunInstances")
    assert service.lookups == calls
    await session.ask("user:bob")
    assert not session.explorer.rows.ids
    await session.ask("id:f2")
    assert event_ids(session, session.explorer.rows.ids) == ["f2"]


async def test_only_files_may_have_data_events(session: CoreDriver, service: FakeCloudTrail) -> None:
    calls = service.lookups
    await session.ask("is:data")
    assert service.lookups == calls
    assert not session.explorer.state.impossible
    assert session.explorer.state.query.loaded == 3


async def test_own_calls_are_hidden_in_files_too(session: CoreDriver, service: FakeCloudTrail) -> None:
    assert session.explorer.own_calls_hidden() is not None
    assert session.explorer.state.own_hidden == 0


async def test_regions_of_the_service_are_searched_without_the_tree(session: CoreDriver) -> None:
    session.explorer.search_also("us-east-1")
    await session.idle()
    assert session.explorer.query.regions == ("eu-west-1", "us-east-1", "*")
    assert session.loaded() == ["s1", "both", "f1", "s2", "f2"]


async def test_without_a_connection_the_files_are_shown(
    start: StartSession, service: FakeCloudTrail, tree: FakeTree
) -> None:
    service.events = [ago(service, "s1", 30)]
    connector = FakeConnector(service, [unreachable()])
    session = await start(connector, open_store=store_with_files, trees=[tree])
    assert session.state.phase == SessionPhase.FAILED
    assert session.loaded() == ["both", "f1", "f2"]
    await session.reload()
    assert session.state.error is None
    assert session.loaded() == ["s1", "both", "f1", "f2"]


async def test_a_service_that_refuses_leaves_the_files(
    start: StartSession, service: FakeCloudTrail, tree: FakeTree
) -> None:
    service.refusing["eu-west-1"] = denied("cloudtrail:LookupEvents")
    session = await start(open_store=store_with_files, trees=[tree])
    assert session.loaded() == ["both", "f1", "f2"]
    assert session.explorer.state.query.refused == ("eu-west-1",)


async def test_a_tree_that_opens_late_joins(start: StartSession, service: FakeCloudTrail, tree: FakeTree) -> None:
    service.events = [ago(service, "s1", 30)]
    tree.opening = asyncio.Event()
    session = await start(open_store=store_with_files, trees=[tree], waits=False)
    await session.until(lambda: len(session.explorer.rows.ids) == 1, session.explorer.changed)
    tree.opening.set()
    await session.idle()
    assert session.loaded() == ["s1", "both", "f1", "f2"]


async def test_following_asks_the_service_alone(session: CoreDriver, service: FakeCloudTrail) -> None:
    session.follow.start()
    service.events.append(ago(service, "s0", 0))
    await session.until(lambda: "s0" in session.loaded(), session.explorer.changed)
    session.follow.stop()
    await session.idle()

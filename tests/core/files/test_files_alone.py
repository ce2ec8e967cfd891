"""A session over trees of log files alone: the same explorer, and no call."""

import pytest
from core.files.conftest import StartFiles, events
from support.fakes.cloudtrail import FakeCloudTrail
from support.fakes.log_files import REGION, FakeTree
from support.session_records import OTHER, START, assume, call, role, user
from support.stored import event_ids

from ctui.core.files.no_service import FilesConnector, NoService
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session_state import SessionPhase
from ctui.errors import FilesError
from ctui.model.filter.fields import FIELDS
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.trace.trace_state import nodes_of
from ctui.store.counting import CountQuery

LOGS = "/logs/a"


async def test_rows_are_there_without_a_call(start_files: StartFiles, service: FakeCloudTrail) -> None:
    session = await start_files(FakeTree(LOGS, events("a", "b", "c")))
    assert session.state.phase is SessionPhase.READY
    assert session.loaded() == ["a", "b", "c"]
    assert session.explorer.state.query.phase is QueryPhase.COMPLETE
    await session.ask("user:alice")
    await session.reload()
    assert not service.calls


async def test_no_load_is_remembered_that_costs_no_call(start_files: StartFiles) -> None:
    session = await start_files(FakeTree(LOGS, events("a")), remembers_loads=True)
    assert session.unfinished is None


async def test_a_line_filters_rows_and_asks_for_more(start_files: StartFiles) -> None:
    of_bob = events("b1", "b2", start=5, username="bob", record='{"userIdentity":{"userName":"bob"}}')
    session = await start_files(FakeTree(LOGS, events("a1", "a2"), of_bob))
    await session.type("user:bob")
    assert event_ids(session, session.explorer.rows.ids) == ["b1", "b2"]
    await session.ask("user:bob name:RunInstances")
    assert event_ids(session, session.explorer.rows.ids) == ["b1", "b2"]
    await session.type("zzz")
    assert not session.explorer.rows.ids
    assert session.explorer.back()


async def test_all_rows_of_a_large_tree_are_shown_without_being_asked_for(start_files: StartFiles) -> None:
    names = [f"{number}" for number in range(700)]
    session = await start_files(FakeTree(LOGS, events(*names, step=1)))
    assert session.loaded() == names
    assert session.explorer.state.query.phase is QueryPhase.COMPLETE


async def test_the_time_range_holds(start_files: StartFiles) -> None:
    span = parse_timespan("2026-10-30T11:58Z..2026-10-30T11:59Z")
    session = await start_files(FakeTree(LOGS, events("a", "b", "c", "d")), lookup=Lookup(timespan=span))
    assert session.loaded() == ["b", "c"]


async def test_two_trees_make_one_list_with_each_event_once(start_files: StartFiles) -> None:
    one, other = events("a", "c", step=120), [*events("b", start=1), *events("c", start=2)]
    session = await start_files(FakeTree(LOGS, one), FakeTree("/logs/b", other))
    assert session.loaded() == ["a", "b", "c"]
    (row,) = session.explorer.rows.ids[2:]
    session.scopes_of_record.ask(row)
    await session.idle()
    assert [scope.origin for scope in session.scopes_of_record.of(row) or ()] == ["files:/logs/a", "files:/logs/b"]


async def test_a_tree_that_cannot_be_read_leaves_the_others(start_files: StartFiles) -> None:
    error = FilesError("Log files", "There is no such folder.")
    bad = FakeTree("/logs/b", events("b"), error=error)
    session = await start_files(FakeTree(LOGS, events("a")), bad)
    assert session.loaded() == ["a"]
    assert session.state.notice is error
    assert session.state.trees[1].error == "There is no such folder."
    bad.error = None
    await session.reload()
    assert session.loaded() == ["a", "b"]


async def test_no_tree_can_be_read(start_files: StartFiles) -> None:
    bad = FakeTree(LOGS, events("b"), error=FilesError("Log files", "There is no such folder."))
    session = await start_files(bad)
    assert (session.state.phase, session.state.error) == (SessionPhase.FAILED, bad.error)
    bad.error = None
    await session.reload()
    assert session.loaded() == ["b"]


async def test_values_and_facets_are_of_the_tree(start_files: StartFiles) -> None:
    session = await start_files(FakeTree(LOGS, events("a", "b"), events("c", start=9, name="RunTask")))
    column = FIELDS["name"].column
    assert column is not None
    assert await session.count_values(CountQuery(column, 100, 10)) == [("RunInstances", 2), ("RunTask", 1)]
    shape = session.shape()
    await session.idle()
    assert shape.state.counted == 3
    names = next(facet for facet in shape.state.facets if facet.field.name == "name")
    assert [(value.value, value.events) for value in names.values] == [("RunInstances", 2), ("RunTask", 1)]
    shape.close()


async def test_first_times_come_from_the_tree(start_files: StartFiles) -> None:
    session = await start_files(FakeTree(LOGS, events("a")))
    session.sightings.ask(session.explorer.rows.ids[0])
    await session.idle()
    assert session.sightings.of(session.explorer.rows.ids[0])


async def test_a_trace_finds_the_chain_of_several_accounts(start_files: StartFiles) -> None:
    bob, release = user("bob", "AKIABOB"), role("release", "bob", "ASIARELEASE", START + 10)
    prod = role("prod", "bob", "ASIAPROD", START + 60, account=OTHER)
    history = [
        assume(START + 10, bob, release),
        assume(START + 60, release, prod, sharedEventID="shared-1"),
        call(START + 70, prod, "DeleteStack"),
    ]
    session = await start_files(FakeTree(LOGS, history))
    trace = session.trace(session.explorer.rows.ids[0])
    await session.idle()
    assert [node.credentials.key for _, node in nodes_of(trace.state.root)] == ["AKIABOB", "ASIARELEASE", "ASIAPROD"]
    assert trace.state.calls == 0


async def test_a_tree_whose_index_fails_leaves_the_others(start_files: StartFiles) -> None:
    bad = FakeTree("/logs/b", events("b"))
    bad.broken = FilesError("Index", "It cannot be read.")
    session = await start_files(FakeTree(LOGS, events("a")), bad)
    assert session.loaded() == ["a"]
    assert session.explorer.state.query.refused == ("/logs/b",)
    bad.broken = None
    await session.reload()
    assert session.loaded() == ["a", "b"]


async def test_rows_are_read_and_compared(start_files: StartFiles) -> None:
    session = await start_files(FakeTree(LOGS, events("a", "b", "c")))
    rows = session.explorer.rows.ids
    for index in (0, 2):
        session.marks.toggle(rows[index])
        await session.idle()
    # The two that are marked, whatever is selected.
    assert sorted(session.event(row).event_id for row in session.marks.pair(rows[1], session.event) or ()) == ["a", "c"]
    found = await session.read_events(rows)
    assert [(region, event.event_id) for region, event in found] == [(REGION, name) for name in "abc"]
    assert (await session.values(rows, ("name",)))[rows[0]] == {"name": ("RunInstances",)}


async def test_all_is_closed_at_the_end(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("a"))
    session = await start_files(tree)
    await session.close()
    assert tree.closed


@pytest.mark.parametrize("method", ["identify", "get_trail_status", "lookup_events", "delete_trail", "create_trail"])
async def test_nothing_is_asked_of_no_service(method: str) -> None:
    gateway = await FilesConnector(FakeTree(LOGS).scope).connect(lambda _: None)
    assert isinstance(gateway, NoService)
    given = {"identify": (), "lookup_events": (None, None), "create_trail": ("*", None)}.get(method, ("*", "t"))
    with pytest.raises(FilesError):
        await getattr(gateway, method)(*given)

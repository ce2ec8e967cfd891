"""While a tree is indexed its rows join what is on the screen, and a large tree is shown in portions."""

import asyncio
from dataclasses import replace

import pytest
from core.files.conftest import StartFiles, events
from support.fakes.log_files import FakeTree
from support.stored import event_ids

from ctui.core.explorer import explorer_parts
from ctui.core.lookup import event_query, loader, merged_scans
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.rows.certain_rows import CertainRows
from ctui.model.log_files.tree_state import TreePhase

LOGS = "/logs/a"


async def test_rows_join_where_they_belong(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("c", "d", start=10))
    session = await start_files(tree)
    row = session.explorer.rows.ids[0]
    states = 0

    def count(_: object) -> None:
        nonlocal states
        states += 1

    session.explorer.query.changed.subscribe(count)
    tree.add([*events("a"), *events("e", start=20)])
    await session.idle()
    assert session.loaded() == ["a", "c", "d", "e"]
    assert session.explorer.query.index_of(row) == 1
    assert states == 1
    assert session.state.trees[0].events == 4
    assert session.explorer.state.files is not None
    assert session.explorer.state.files.indexing
    tree.add([*events("b", start=5)], phase=TreePhase.READY)
    await session.idle()
    assert session.loaded() == ["a", "b", "c", "d", "e"]
    assert not session.explorer.state.files.indexing


async def test_who_writes_rows_down_waits_until_all_are_indexed(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS)
    session = await start_files(tree)
    assert session.state.trees[0].phase is TreePhase.READY
    tree.add([], phase=TreePhase.INDEXING)
    written: list[str] = []

    async def write() -> None:
        async for portion in CertainRows(session).portions():
            written.extend(event_ids(session, portion))

    writing = asyncio.ensure_future(write())
    await session.idle()
    assert not writing.done()
    tree.add(events("b", start=5))
    await session.idle()
    assert not writing.done()
    # The last rows and that there are no more are told at once.
    tree.add(events("a"), phase=TreePhase.READY)
    await session.idle()
    await asyncio.wait_for(writing, 5)
    assert sorted(written) == ["a", "b"]


async def test_the_line_filters_what_comes(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS)
    session = await start_files(tree)
    assert session.loaded() == []
    await session.ask("name:RunTask")
    tree.add([*events("a"), *events("b", start=1, name="RunTask")])
    await session.idle()
    assert event_ids(session, session.explorer.rows.ids) == ["b"]


async def test_r_looks_for_new_files(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("b"))
    session = await start_files(tree)
    tree.waiting.append(events("c", start=1))
    await session.reload()
    assert (tree.updates, session.loaded()) == (1, ["b", "c"])


async def test_rows_of_files_that_are_gone_leave(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("a", "b", "c"))
    session = await start_files(tree)
    row = session.explorer.rows.ids[2]
    tree.remove("b")
    await session.idle()
    assert session.loaded() == ["a", "c"]
    assert session.explorer.query.index_of(row) == 1


async def test_what_comes_late_does_not_join_another_range(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("a"))
    session = await start_files(tree)
    await session.ask("until:2026-10-30T11:59Z")
    tree.add([*events("b", start=0, step=1), *events("c", start=5)])
    await session.idle()
    assert session.loaded() == ["c"]


async def test_views_that_are_returned_to_have_what_came_meanwhile(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("a"))
    session = await start_files(tree)
    await session.ask("until:2026-10-30T11:59Z")
    tree.add(events("b", start=5))
    await session.idle()
    session.explorer.back()
    await session.idle()
    assert session.loaded() == ["a", "b"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of files are shown without being asked for up to 600, in portions of 500 and fewer."""
    for module in (loader, event_query, explorer_parts):
        monkeypatch.setattr(module, "FREE_ROWS", 600)
    monkeypatch.setattr(merged_scans, "FILES_AT_ONCE", 500)
    monkeypatch.setattr(merged_scans, "_BETWEEN_AT_ONCE", 50)


@pytest.mark.usefixtures("few")
async def test_a_very_large_tree_waits_for_a_person(start_files: StartFiles) -> None:
    names = [str(number) for number in range(1_500)]
    session = await start_files(FakeTree(LOGS, events(*names, step=1)))
    state = session.explorer.state.query
    assert (state.phase, state.more) == (QueryPhase.PAUSED, True)
    shown = state.loaded
    assert 600 <= shown < 1_500
    await session.load_all()
    assert session.explorer.state.query.phase is QueryPhase.COMPLETE
    assert len(session.explorer.rows.ids) == 1_500


@pytest.mark.usefixtures("few")
async def test_what_comes_beyond_the_bound_waits_too(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events(*(f"a{number}" for number in range(599)), step=1))
    session = await start_files(tree)
    tree.add(events(*(f"b{number}" for number in range(1_500)), start=60, step=1))
    await session.idle()
    shown = len(session.explorer.rows.ids)
    assert 599 < shown < 2_099
    assert session.explorer.state.query.phase is QueryPhase.PAUSED
    tree.add(events("new", start=-1))
    await session.idle()
    assert len(session.explorer.rows.ids) == shown + 1
    await session.load_all()
    assert len(session.explorer.rows.ids) == 2_100
    assert len(set(session.explorer.rows.ids)) == 2_100


@pytest.mark.usefixtures("few")
async def test_a_very_large_tree_is_asked_for_what_the_line_asks_for(start_files: StartFiles) -> None:
    names = [str(number) for number in range(1_500)]
    rare = events("rare", start=200, name="RunTask")
    tree = FakeTree(LOGS, events(*names, step=1), rare)
    session = await start_files(tree)
    assert "rare" not in session.loaded()
    shown = session.explorer.state.query.loaded
    # Typing filters what is here.
    await session.type("name:RunTask")
    assert (session.explorer.state.query.loaded, list(session.explorer.rows.ids)) == (shown, [])
    await session.ask()
    assert session.explorer.state.query.loaded == 1
    assert event_ids(session, session.explorer.rows.ids) == ["rare"]
    # A narrower line is answered by what is here, a wider one is asked for again.
    await session.ask("name:RunTask user:bob")
    assert not session.explorer.rows.ids
    tree.add(events("late", start=300, name="RunTask"))
    await session.ask("name:RunTask")
    assert event_ids(session, session.explorer.rows.ids) == ["rare", "late"]
    tree.add(events("later", start=400, name="RunTask", username="eve"))
    await session.idle()
    assert event_ids(session, session.explorer.rows.ids) == ["rare", "late", "later"]
    session.explorer.back()
    session.explorer.back()
    session.explorer.back()
    await session.idle()
    assert session.explorer.state.query.loaded >= shown


async def test_about_is_searched_in_all_that_files_have(start_files: StartFiles) -> None:
    of_bucket = events("b", start=9, record='{"requestParameters":{"bucketName":"logs-1"}}')
    session = await start_files(FakeTree(LOGS, events("a"), of_bucket))
    await session.ask("about:logs-1")
    assert event_ids(session, session.explorer.rows.ids) == ["b"]
    assert session.explorer.state.first is None


async def test_what_is_to_be_said_of_an_index_is_said_once(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("a"))
    session = await start_files(tree)
    tree.state = replace(tree.state, notices=("The index was damaged.",))
    tree.add(events("b", start=1))
    await session.idle()
    told = session.state.notice
    assert told is not None
    assert told.message == "The index was damaged."
    tree.add(events("c", start=2))
    await session.idle()
    assert session.state.notice is told

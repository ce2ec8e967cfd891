"""Marks on events of log files: the store keeps the event, so that it outlives the files and their index."""

from pathlib import Path

import pytest
from core.files.conftest import StartFiles, events
from support.core_driver import CoreDriver, StartSession
from support.fakes.cloudtrail import FakeCloudTrail
from support.fakes.log_files import FakeTree
from support.stored import event_ids

from ctui.core.files.store_with_files import StoreWithFiles
from ctui.errors import FilesError
from ctui.model.connection import Connection
from ctui.model.event.event import Event
from ctui.store.pruning import Retention

LOGS = "/logs/a"


def marked(session: CoreDriver) -> list[str]:
    """The events whose rows carry a mark."""
    return event_ids(session, [row for row in session.explorer.rows.ids if row in session.marks.rows])


async def mark(session: CoreDriver, index: int) -> None:
    """Mark the event of a row."""
    session.marks.toggle(session.explorer.rows.ids[index])
    await session.idle()


@pytest.fixture
def lasting(path: Path) -> object:
    """Opens a store that outlives its session."""

    async def open_store(_connection: Connection | None) -> StoreWithFiles:
        return await StoreWithFiles.open(path)

    return open_store


async def test_a_mark_is_made_found_and_removed(start_files: StartFiles) -> None:
    session = await start_files(FakeTree(LOGS, events("a", "b", "c")))
    await mark(session, 1)
    assert marked(session) == ["b"]
    row = session.explorer.rows.ids[1]
    session.marks.note(row, "look")
    await session.idle()
    assert session.marks.of([row])[row].note == "look"
    await session.type("is:marked")
    assert event_ids(session, session.explorer.rows.ids) == ["b"]
    await session.ask("is:marked")
    assert event_ids(session, session.explorer.rows.ids) == ["b"]
    assert event_ids(session, await session.marks.ids()) == ["b"]
    await mark(session, 0)
    assert not session.marks.rows & {row}
    assert session.marks.of([row]) == {}


async def test_a_mark_outlives_the_session_the_index_and_the_file(start_files: StartFiles, lasting: object) -> None:
    session = await start_files(FakeTree(LOGS, events("a", "b", "c")), open_store=lasting)
    await mark(session, 1)
    await session.close()
    # In another index its row has another id, and its file cannot be read any more.
    tree = FakeTree(LOGS, events("a"), events("b", start=1))
    tree.gone.add("b")
    session = await start_files(tree, open_store=lasting)
    assert marked(session) == ["b"]
    await session.close()
    session = await start_files(FakeTree(LOGS, events("a")), open_store=lasting, retention=Retention(max_bytes=1))
    assert session.loaded() == ["a"]
    await session.ask("is:marked")
    assert event_ids(session, session.explorer.rows.ids) == ["b"]


async def test_an_event_that_cannot_be_read_is_not_marked(start_files: StartFiles) -> None:
    tree = FakeTree(LOGS, events("a", "b"))
    tree.gone.add("b")
    session = await start_files(tree)
    session.marks.toggle(session.explorer.rows.ids[1])
    await session.idle()
    assert isinstance(session.state.notice, FilesError)
    assert not session.marks.rows


async def test_the_same_event_of_two_trees_has_one_mark(start_files: StartFiles) -> None:
    shared: list[Event] = events("b", start=1)
    session = await start_files(FakeTree(LOGS, events("a"), shared), FakeTree("/logs/b", shared))
    await mark(session, 1)
    await session.ask("is:marked")
    assert event_ids(session, session.explorer.rows.ids) == ["b"]
    assert len(await session.marks.ids()) == 1


async def test_a_mark_made_on_what_the_service_returned_holds_in_files_too(
    start: StartSession, service: FakeCloudTrail, lasting: object
) -> None:
    service.events = events("a", "b")
    session = await start(open_store=lasting)
    await mark(session, 1)
    await session.close()
    session = await start(open_store=lasting, trees=[FakeTree(LOGS, events("b", "c", start=1))])
    assert session.loaded() == ["a", "b", "c"]
    assert marked(session) == ["b"]
    await mark(session, 1)
    assert not session.marks.rows


async def test_a_mark_made_in_files_holds_for_what_the_service_returns(
    start: StartSession, start_files: StartFiles, service: FakeCloudTrail, lasting: object
) -> None:
    session = await start_files(FakeTree(LOGS, events("b", start=1)), open_store=lasting)
    await mark(session, 0)
    await session.close()
    service.events = events("a", "b")
    session = await start(open_store=lasting)
    assert list(session.marks.of(session.explorer.rows.ids)) == [session.explorer.rows.ids[1]]

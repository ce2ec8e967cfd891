"""What is not ours is refused with words, and nothing is changed; what once was ours is set aside."""

# ruff: noqa: ASYNC240 - files are what these tests are about; nobody else runs on their loop

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.store.events import EventStore

SCOPE = Scope("aws", "111111111111", "eu-west-1")
RUINS = [b"no database" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000, b"x"]


def diary(path: Path, *pragmas: str) -> None:
    connection = sqlite3.connect(path)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE diary (entry TEXT)")
    connection.commit()
    connection.close()


def unfinished_diary(path: Path) -> None:
    """A database whose tables stand in its log alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE diary (entry TEXT)")
    parts = [(part, part.read_bytes()) for part in (path, Path(f"{path}-wal"))]
    connection.close()
    for part, content in parts:
        part.write_bytes(content)


def log_alone(path: Path) -> None:
    unfinished_diary(path)
    path.unlink()


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """All that can be seen of the files in a folder."""
    return {file.name: (file.stat().st_mode, file.stat().st_mtime_ns, file.read_bytes()) for file in folder.iterdir()}


@pytest.mark.parametrize(
    ("make", "own", "words"),
    [
        (diary, False, "another program"),
        (diary, True, "another program"),
        (lambda path: diary(path, "journal_mode = WAL"), False, "another program"),
        (lambda path: diary(path, "application_id = 7"), True, "another program"),
        (lambda path: diary(path, "user_version = 3"), False, "another program"),
        (unfinished_diary, False, "another program"),
        (log_alone, False, "a missing database"),
        (lambda path: path.write_text("my notes, quite long and dear to me"), False, "not an event store of ctui"),
        *((lambda path, ruin=ruin: path.write_bytes(ruin), False, "not an event store of ctui") for ruin in RUINS),
    ],
)
async def test_what_was_never_ours_is_refused_and_untouched(
    path: Path, make: Callable[[Path], object], own: bool, words: str
) -> None:
    path.parent.mkdir(mode=0o755)
    make(path)
    for file in path.parent.iterdir():
        file.chmod(0o644)
    before = state(path.parent)
    with pytest.raises(StoreError, match=words) as caught:
        await EventStore.open(path, own=own)
    assert "left alone" in caught.value.remedy
    assert state(path.parent) == before


async def test_a_lock_of_another_program_proves_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("notes")
    path.with_name("events.db-lock").write_text("locked")
    before = state(path.parent)
    with pytest.raises(StoreError, match="not an event store of ctui"):
        await EventStore.open(path)
    assert state(path.parent) == before


async def test_a_pipe_is_no_file(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(StoreError, match="not a file"):
        await EventStore.open(path, own=True)


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("content", RUINS)
async def test_the_ruin_of_a_store_is_set_aside_as_it_is(path: Path, content: bytes, own: bool) -> None:
    """Known by the place that ctui chose, or because ctui opened a store there before."""
    if own:
        path.parent.mkdir()
    else:
        await (await EventStore.open(path)).close()
    for number in (1, 2):
        path.write_bytes(content)
        store = await EventStore.open(path, own=own)
        assert store.notice is not None
        assert path.with_name(f"events.broken-{number}.db").read_bytes() == content
        assert await insert(store, SCOPE, [event_of("{}")]) == [1]
        await store.close()


async def test_a_store_says_whose_it_is_while_all_else_is_in_its_log(path: Path) -> None:
    store = await EventStore.open(path)
    ids = await insert(store, SCOPE, [event_of("{}")])
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    copy.with_name("copy.db-wal").write_bytes(path.with_name("events.db-wal").read_bytes())
    await store.close()
    again = await EventStore.open(copy)
    assert again.notice is None
    assert again.event(ids[0]) == event_of("{}")
    await again.close()


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
async def test_an_empty_database_becomes_a_store(path: Path, mode: str) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("VACUUM")
    connection.close()
    assert path.stat().st_size
    store = await EventStore.open(path)
    assert store.notice is None
    assert await insert(store, SCOPE, [event_of("{}")]) == [1]
    await store.close()

"""What ends the converting of an older store leaves the old file as it was, and the next start finishes."""

# ruff: noqa: ASYNC220, ASYNC240 - files and processes are what these tests are about

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import killed_rebuild
from support.killed_rebuild import NAME, USUAL, dump
from support.old_store import OLD_VERSIONS, create_old_store, write_event, write_scope
from support.real_records import event_of
from support.stored import incompressible, insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.store.events import EventStore
from ctui.store.opening import rebuild, schema, signs
from ctui.store.opening.opening import open_files
from ctui.store.opening.progress import paced
from ctui.store.opening.schema import FileKind

SCOPE = Scope("aws", "111111111111", "eu-west-1")
OTHER = Scope("aws", "111111111111", "us-east-1")
LAST_OLD = OLD_VERSIONS[-1]


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary stores of these tests live apart from everybody else's."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def events(count: int, filling: int = 300) -> Iterator[Event]:
    """Different events, a minute apart, with some hundred characters each."""
    for number in range(count):
        record = {
            "eventName": f"Get{number % 5}",
            "sourceIPAddress": f"198.51.100.{number % 200}",
            "userAgent": incompressible(filling, number),
        }
        yield event_of(
            record,
            event_id=f"{number:08x}-0000-4000-8000-000000000000",
            time=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number),
            name=f"Get{number % 5}",
            source="s3.amazonaws.com",
            resources=(Resource("AWS::S3::Bucket", f"bucket-{number % 7}"),),
        )


def write_old(path: Path, count: int = 200, filling: int = 300) -> sqlite3.Connection:
    """A store of the last version before the index, with events, a claim and a mark; open, so that its log is there."""
    connection = create_old_store(path, LAST_OLD)
    rows = [write_scope(connection, SCOPE), write_scope(connection, OTHER)]
    connection.execute("BEGIN")
    for number, event in enumerate(events(count, filling)):
        write_event(connection, rows[number % 2], event)
    connection.execute("INSERT INTO mark VALUES (3, 1793491200, 'look')")
    connection.execute("INSERT INTO claim VALUES (1, '', '', 'full', 1793491200, 1793494800)")
    connection.execute("COMMIT")
    return connection


def files(path: Path) -> set[str]:
    """The files at a store's path, without those that SQLite and the lock for opening keep."""
    return {file.name for file in path.parent.iterdir()} - (USUAL - {NAME})


def count_of(path: Path) -> tuple[int, int]:
    """The version of a file, and how many events it has."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
    return version, count


def test_killed_anywhere_the_old_store_is_whole_and_the_next_start_finishes(tmp_path: Path) -> None:
    source, into = tmp_path / "source", tmp_path / "copies"
    into.mkdir()
    # As a killed process leaves it: with a log, and files without a lock on them. The calls of a conversion are nearly
    # the same ones for few events, and it is made more than two hundred times.
    with closing(write_old(source / NAME, count=50)):
        left = subprocess.run(
            [sys.executable, killed_rebuild.__file__, source, into],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert left.returncode == 0, left.stderr
    outcomes = json.loads(left.stdout)
    assert outcomes["old"] > 40
    assert outcomes["new"] > 5
    assert outcomes["old"] + outcomes["new"] - outcomes["survived"] > 80


def full_among_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the new file have so few pages that only some of the events have room, as a full disk would."""
    copy = rebuild._copy_small_tables

    def bounded(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
        copy(old, new)
        new.execute("PRAGMA max_page_count = 45")

    monkeypatch.setattr(rebuild, "_copy_small_tables", bounded)


def full_at_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the new file have no further page once all events are in it."""
    create = schema.create_indexes

    def bounded(new: sqlite3.Connection) -> None:
        (count,) = new.execute("PRAGMA page_count").fetchone()
        new.execute(f"PRAGMA max_page_count = {count}")
        # The temporary store is on another disk.
        monkeypatch.setattr(schema, "create_indexes", create)
        create(new)

    monkeypatch.setattr(schema, "create_indexes", bounded)


def refuse_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse to write the new file to the disk."""

    def refused(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refused)


@pytest.mark.parametrize("fill", [full_among_events, full_at_indexes, refuse_sync])
async def test_on_a_short_disk_the_old_store_stays_and_the_person_hears_what_to_do(
    path: Path, fill: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, own_temporary_folder: Path
) -> None:
    write_old(path).close()
    before = path.read_bytes()
    with monkeypatch.context() as disk:
        fill(disk)
        store = await EventStore.open(path)
        assert store.path.parent.parent == own_temporary_folder
        assert store.notice is not None
        assert "could not be converted" in store.notice.message
        assert ("No space left" if fill is refuse_sync else "disk is full") in store.notice.message
        assert "Nothing in it was changed" in store.notice.message
        assert f"{path.parent} has 1 MB of free disk space" in (store.notice.remedy or "")
        assert await insert(store, SCOPE, [event_of("{}")]) == [1]
        await store.close()
    assert path.read_bytes() == before
    assert files(path) == {path.name}
    later = await EventStore.open(path)
    assert later.notice is None
    assert later.path == path
    await later.close()
    assert count_of(path) == (signs.VERSION, 200)
    assert list(own_temporary_folder.iterdir()) == []


_WITH_A_LIMIT = """
import asyncio, resource, sys
from pathlib import Path
from ctui.store.events import EventStore

async def main():
    store = await EventStore.open(Path(sys.argv[1]))
    print(store.notice.message)
    await store.close()

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
asyncio.run(main())
"""


def test_where_the_system_lets_no_file_grow_the_old_store_stays(path: Path) -> None:
    write_old(path, filling=4000).close()
    before = path.read_bytes()
    limit = len(before) // 3
    ran = subprocess.run(
        [sys.executable, "-c", _WITH_A_LIMIT, path, str(limit)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "could not be converted" in ran.stdout
    assert path.read_bytes() == before
    assert files(path) == {path.name}
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
print(connection.execute("SELECT count(*) FROM event").fetchone()[0], flush=True)
sys.stdin.readline()
connection.execute("UPDATE mark SET note = 'written meanwhile'")
print("written", flush=True)
sys.stdin.readline()
"""


async def test_an_older_ctui_that_has_the_store_open_goes_on_writing(path: Path, own_temporary_folder: Path) -> None:
    write_old(path).close()
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    try:
        assert holder.stdout.readline() == "200\n"
        store = await EventStore.open(path)
        assert store.path.parent.parent == own_temporary_folder
        assert store.notice is not None
        assert "older ctui has" in store.notice.message
        assert await insert(store, SCOPE, [event_of("{}")]) == [1]
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "written\n"
        await store.close()
    finally:
        holder.communicate("\n")
    assert count_of(path) == (LAST_OLD, 200)
    later = await EventStore.open(path)
    assert later.notice is None
    assert {mark.note for mark in later.marks([3]).values()} == {"written meanwhile"}
    await later.close()


async def test_another_program_that_writes_to_the_store_or_has_it_open_stops_the_converting(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_old(path).close()
    create, fold = schema.create_indexes, rebuild._fold_log

    def create_while_written(connection: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
            stranger.execute("UPDATE mark SET note = 'written meanwhile'")
        create(connection)

    def fold_while_open(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
            stranger.execute("SELECT count(*) FROM event").fetchone()
            fold(path)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(schema, "create_indexes", create_while_written)
        store = await EventStore.open(path)
        assert "another program has written" in str(store.notice)
        await store.close()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(rebuild, "_fold_log", fold_while_open)
        meanwhile.setattr(rebuild, "_PATIENCE", 0)
        store = await EventStore.open(path)
        assert "locked" in str(store.notice)
        await store.close()
    assert count_of(path) == (LAST_OLD, 200)
    later = await EventStore.open(path)
    assert {mark.note for mark in later.marks([3]).values()} == {"written meanwhile"}
    await later.close()


@pytest.mark.parametrize("when", ["among the events", "while indexes are created"])
def test_quitting_leaves_the_old_store(path: Path, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_old(path).close()
    before, cancelled, heard = dump(path), threading.Event(), list[tuple[int, int]]()

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        if when == "among the events" and done > 100:
            cancelled.set()

    if when == "while indexes are created":
        create = schema.create_indexes

        def cancelled_first(connection: sqlite3.Connection) -> None:
            cancelled.set()
            create(connection)

        monkeypatch.setattr(rebuild, "_STEPS_BETWEEN_CHECKS", 1)
        monkeypatch.setattr(schema, "create_indexes", cancelled_first)
    with pytest.raises(StoreError, match="canceled"):
        open_files(path, cancelled=cancelled, progress=progress)
    assert dump(path) == before
    assert files(path) == {path.name}
    assert [total for _, total in heard] == [200] * len(heard)
    monkeypatch.undo()
    open_files(path).close()
    assert count_of(path) == (signs.VERSION, 200)


@pytest.mark.parametrize("old_version", OLD_VERSIONS)
def test_every_older_ctui_takes_the_new_store_for_a_newer_one(
    path: Path, old_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_old(path).close()
    open_files(path).close()
    monkeypatch.setattr(schema, "VERSION", old_version)
    with closing(sqlite3.connect(path)) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        assert application == 0x63747569
        assert schema.classify(connection) is FileKind.NEWER


async def test_how_far_it_is_is_heard_on_the_loop_ten_times_a_second(path: Path) -> None:
    write_old(path).close()
    heard, threads = list[tuple[int, int]](), set[int]()

    def hear(done: int, total: int) -> None:
        heard.append((done, total))
        threads.add(threading.get_ident())

    store = await EventStore.open(path, progress=hear)
    await store.close()
    assert heard[-1] == (200, 200)
    assert threads == {threading.get_ident()}
    told = list[int]()
    now = 0.0
    hear_paced = paced(lambda done, total: told.append(done), lambda: now)
    for done in range(1, 101):
        now = done * 0.03
        hear_paced(done, 100)
    assert told[:3] == [1, 5, 9]
    assert told[-1] == 100
    assert len(told) <= 31

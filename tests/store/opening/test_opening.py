"""Where the store lives, who may read it, and what happens to a file that cannot be used."""

# ruff: noqa: ASYNC220, ASYNC240 - files and processes are what these tests are about; nobody else runs on their loop

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.store.events import EventStore
from ctui.store.opening import signs
from ctui.store.opening.temp_store import TEMP_PREFIX

SCOPE = Scope("aws", "111111111111", "eu-west-1")


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Passing stores of these tests live apart from everybody else's."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


async def open_and_close(path: Path) -> None:
    await (await EventStore.open(path)).close()


async def test_files_are_private_and_so_are_new_folders(store: EventStore, path: Path) -> None:
    await insert(store, SCOPE, [event_of("{}")])
    assert mode(path.parent) == 0o700
    files = list(path.parent.iterdir())
    assert path in files
    assert {mode(file) for file in files} == {0o600}


async def test_an_existing_file_becomes_private_and_its_folder_is_left_alone(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    await open_and_close(path)
    assert (mode(path), mode(path.parent)) == (0o600, 0o755)


async def test_a_passing_store_is_private_and_gone_after_close(own_temporary_folder: Path) -> None:
    store = await EventStore.open(None)
    await insert(store, SCOPE, [event_of("{}")])
    assert store.path.parent.parent == own_temporary_folder
    assert mode(store.path.parent) == 0o700
    assert {mode(file) for file in store.path.parent.iterdir()} == {0o600}
    await store.close()
    assert list(own_temporary_folder.iterdir()) == []


_HOLD = """
import asyncio, sys
from ctui.store.events import EventStore

async def main():
    store = await EventStore.open(None)
    print(store.path.parent, flush=True)
    sys.stdin.read()

asyncio.run(main())
"""


async def test_what_a_dead_process_left_is_swept_and_what_a_living_one_holds_is_not(
    own_temporary_folder: Path,
) -> None:
    holders = [
        subprocess.Popen([sys.executable, "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        folders = [Path(holder.stdout.readline().strip()) for holder in holders if holder.stdout is not None]
        assert all(folder.is_dir() for folder in folders)
        holders[0].send_signal(signal.SIGKILL)
        holders[0].wait()
        await open_and_close(own_temporary_folder / "mine.db")
        assert [folder.exists() for folder in folders] == [False, True]
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()


async def test_strangers_in_the_temporary_folder_are_left_alone(own_temporary_folder: Path) -> None:
    file = own_temporary_folder / f"{TEMP_PREFIX}file"
    file.touch()
    target = own_temporary_folder / "elsewhere"
    target.mkdir()
    (target / "lock").touch()
    link = own_temporary_folder / f"{TEMP_PREFIX}link"
    link.symlink_to(target)
    young = own_temporary_folder / f"{TEMP_PREFIX}young"
    young.mkdir()
    old = own_temporary_folder / f"{TEMP_PREFIX}old"
    old.mkdir()
    os.utime(old, (1, 1))
    full = own_temporary_folder / f"{TEMP_PREFIX}full"
    full.mkdir()
    (full / "letter").touch()
    os.utime(full, (1, 1))
    await (await EventStore.open(None)).close()
    assert [entry.exists() for entry in (file, target / "lock", link, young, full)] == [True] * 5
    assert not old.exists()


async def test_a_newer_store_is_set_aside_with_a_message(path: Path) -> None:
    before = await EventStore.open(path)
    (row,) = await insert(before, SCOPE, [event_of("{}", event_id="kept")])
    await before.close()
    set_version(path, signs.VERSION + 1)

    store = await EventStore.open(path)

    assert isinstance(store.notice, StoreError)
    assert "events.newer-1.db" in store.notice.message
    assert store.summaries([row]) == []
    assert store.path == path
    aside = sqlite3.connect(path.with_name("events.newer-1.db"))
    assert aside.execute("SELECT event_id FROM event").fetchall() == [("kept",)]
    aside.close()
    await store.close()


async def test_a_store_whose_tables_are_not_those_of_its_version_is_broken(path: Path) -> None:
    await open_and_close(path)
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE mark DROP COLUMN note")
    connection.close()
    store = await EventStore.open(path)
    assert store.notice is not None
    assert "damaged" in store.notice.message
    await store.close()


async def test_a_newer_store_in_use_stays_where_it_is(path: Path, own_temporary_folder: Path) -> None:
    newer = await EventStore.open(path)
    set_version(path, signs.VERSION + 1)
    store = await EventStore.open(path)
    assert store.path.parent.parent == own_temporary_folder
    assert store.notice is not None
    assert "newer ctui has" in store.notice.message
    assert await insert(store, SCOPE, [event_of("{}")]) == [1]
    await store.close()
    assert await insert(newer, SCOPE, [event_of("{}")]) == [1]
    await newer.close()
    assert [file.name for file in path.parent.glob("*.db")] == ["events.db"]


async def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    store = await EventStore.open(path)
    assert store.notice is None
    await store.close()


async def test_what_cannot_be_opened_is_an_error_with_words(tmp_path: Path, own_temporary_folder: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        await EventStore.open(tmp_path)
    with pytest.raises(StoreError, match="cannot be opened"):
        await EventStore.open(Path("/dev/null/events.db"))


async def test_no_temporary_folder_is_an_error_with_words(
    monkeypatch: pytest.MonkeyPatch, own_temporary_folder: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(own_temporary_folder / "absent"))
    with pytest.raises(StoreError, match="temporary"):
        await EventStore.open(None)


async def test_many_open_one_file_at_once(path: Path) -> None:
    stores = await asyncio.gather(*(EventStore.open(path) for _ in range(6)))
    assert {tuple(await insert(store, SCOPE, [event_of("{}")])) for store in stores} == {(1,)}
    await asyncio.gather(*(store.close() for store in stores))


async def test_an_opening_that_is_cancelled_leaves_nothing(own_temporary_folder: Path) -> None:
    opening = asyncio.ensure_future(EventStore.open(None))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    later = await EventStore.open(None)
    await later.close()
    assert [entry for entry in own_temporary_folder.iterdir() if entry == later.path.parent] == []

"""A store of an earlier version with the index is brought up to date in its own file, in one transaction."""

# ruff: noqa: ASYNC240 - nobody else runs on the loop of these tests

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.real_records import event_of
from support.stored import event_ids, found_keys, insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.store.coverage import Claim
from ctui.store.events import EventStore
from ctui.store.opening import schema
from ctui.store.opening.old_versions import STEPS_IN_PLACE, UNDONE
from ctui.store.opening.schema import FileKind
from ctui.store.opening.signs import FIRST_WITH_INDEX, VERSION
from ctui.store.search import Search

SCOPE = Scope("aws", "111111111111", "eu-west-1")
NOW = 1793491200
EVER = Search(SCOPE, Stretch(0, 2**40))
EARLIER = range(FIRST_WITH_INDEX, VERSION)


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
print(connection.execute("SELECT count(*) FROM event").fetchone()[0], flush=True)
sys.stdin.readline()
"""


def take_back(path: Path, version: int) -> None:
    """Give a closed store the tables of an earlier version."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in reversed(UNDONE[version - FIRST_WITH_INDEX :]):
            file.execute(statement)
        file.execute(f"PRAGMA user_version = {version}")


async def written(path: Path, version: int) -> list[int]:
    """A store of that version with some events, one of them marked; returns their ids."""
    store = await EventStore.open(path)
    page = [event_of({"n": number}, event_id=f"e{number}") for number in range(200)]
    ids = [row.row_id for row in await store.add_page(SCOPE, page, Claim(None, Stretch(0, 50), None, NOW))]
    await store.mark(ids[7:8], NOW, "look")
    await store.close()
    take_back(path, version)
    return ids


def contents(path: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def state(path: Path) -> tuple[int, FileKind]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute("PRAGMA user_version").fetchone()[0], schema.classify(file)


def test_each_step_can_be_taken_back() -> None:
    assert len(STEPS_IN_PLACE) == len(UNDONE)


@pytest.mark.parametrize("version", EARLIER)
async def test_all_rows_stay_under_their_ids(path: Path, version: int) -> None:
    ids = await written(path, version)
    before, inode = contents(path), path.stat().st_ino
    assert state(path) == (version, FileKind.USABLE)
    store = await EventStore.open(path)
    assert store.notice is None
    assert event_ids(store, ids) == [f"e{number}" for number in range(200)]
    assert [key.row_id for key in await found_keys(store, EVER)] == ids
    assert list(store.marks(ids)) == ids[7:8]
    assert store.coverage(SCOPE, None).complete == Stretches.of(Stretch(0, 50))
    assert await insert(store, SCOPE, [event_of("{}", event_id="e3"), event_of("{}", event_id="new")]) == [4, 201]
    await store.close()
    assert state(path) == (VERSION, FileKind.USABLE)
    assert path.stat().st_ino == inode, "no other file took its place"
    after = contents(path)
    assert {name: rows[: len(before[name])] for name, rows in after.items() if name != "sqlite_sequence"} == {
        name: rows for name, rows in before.items() if name != "sqlite_sequence"
    }


@pytest.mark.parametrize("version", EARLIER)
async def test_while_an_older_ctui_has_it_open_it_stays_as_it_is(
    path: Path, version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(path, version)
    temporary = tmp_path / "temporary"
    temporary.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as older:  # noqa: ASYNC220
        assert older.stdout is not None
        assert older.stdout.readline() == "200\n"
        store = await EventStore.open(path)
        assert store.path.parent.parent == temporary
        assert store.notice is not None
        assert "An older ctui has" in store.notice.message
        await store.close()
        older.communicate("\n")
    assert state(path) == (version, FileKind.USABLE)


@pytest.mark.parametrize("version", EARLIER)
async def test_what_ends_a_step_leaves_the_file_as_it_was(
    path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await written(path, version)
    before = contents(path)
    monkeypatch.setattr(schema, "STEPS_IN_PLACE", (*STEPS_IN_PLACE, "SELECT raise_an_error()"))
    with pytest.raises(StoreError, match="cannot be opened"):
        await EventStore.open(path)
    assert (state(path), contents(path)) == ((version, FileKind.USABLE), before)
    monkeypatch.undo()
    store = await EventStore.open(path)
    assert [key.row_id for key in await found_keys(store, EVER)] == ids
    await store.close()

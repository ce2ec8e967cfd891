"""A damaged store is set aside whenever the damage shows, never deleted, and never a crash."""

# ruff: noqa: ASYNC220, ASYNC240 - files and processes are what these tests are about; nobody else runs on their loop

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.old_store import write_scope
from support.real_records import event_of
from support.stored import found_keys, incompressible, insert, matching

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.store.counting import CountQuery
from ctui.store.events import EventStore
from ctui.store.opening import schema
from ctui.store.search import ATTRIBUTE_COLUMNS, Search

SCOPE = Scope("aws", "111111111111", "eu-west-1")
EVER = Stretch(0, 4_000_000_000)
LOGS = Resource("AWS::S3::Bucket", "logs")


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Passing stores of these tests live apart from everybody else's."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def some(count: int, size: int = 2000) -> list[Event]:
    bodies = (json.dumps({"a": incompressible(size, number)}) for number in range(count))
    return [event_of(body, event_id=f"e{number}", name="Name", resources=(LOGS,)) for number, body in enumerate(bodies)]


async def fill(path: Path, count: int, size: int = 2000) -> list[int]:
    store = await EventStore.open(path)
    ids = await insert(store, SCOPE, some(count, size))
    await store.close()
    return ids


def overwrite(path: Path, start: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def size(path: Path) -> int:
    return path.stat().st_size


async def is_set_aside(path: Path, *words: str) -> None:
    """Opening sets the file aside as it stands, and the new store works."""
    before = path.read_bytes()
    store = await EventStore.open(path)
    assert store.notice is not None
    assert store.notice.title == "Event store set aside"
    for word in ("events.broken-1.db", *words):
        assert word in str(store.notice)
    assert path.with_name("events.broken-1.db").read_bytes() == before
    assert store.path == path
    (row,) = await insert(store, SCOPE, some(1))
    assert store.event(row) == some(1)[0]
    await store.close()
    again = await EventStore.open(path)
    assert again.notice is None
    await again.close()


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: os.truncate(path, size(path) // 2),
        lambda path: os.truncate(path, 4096),
        lambda path: os.truncate(path, 100),
        lambda path: overwrite(path, 4096, bytes(size(path) - 4096)),
        lambda path: overwrite(path, 3 * 4096, b"\xa5" * 20 * 4096),
        lambda path: overwrite(path, size(path) // 2, bytes(4096)),
        lambda path: overwrite(path, 100, b"\xff" * 200),
    ],
    ids=["half", "one page", "header", "zeros", "garbage", "a page in the middle", "the list of tables"],
)
async def test_damage_anywhere_in_a_small_file_is_found_at_opening(path: Path, harm: Callable[[Path], object]) -> None:
    await fill(path, 400)
    harm(path)
    await is_set_aside(path, "damaged")


async def test_damage_at_the_root_of_a_large_file_is_found_at_opening(path: Path) -> None:
    await fill(path, 60, 500_000)
    overwrite(path, 4096, bytes(30 * 4096))
    await is_set_aside(path, "damaged")


@pytest.mark.parametrize("size_in_rows", [50, 700], ids=["small", "large"])
async def test_damage_in_a_file_of_an_older_version_is_found_before_or_while_it_is_migrated(
    path: Path, size_in_rows: int
) -> None:
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    old.execute("PRAGMA journal_mode = WAL")
    schema.apply_steps(old, 0, 4)
    scope = write_scope(old, SCOPE)
    for number in range(size_in_rows):
        old.execute(
            "INSERT INTO event (scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, "
            "cell_resource, cell_more, cell_region, cell_error, cell_write, cell_root, resources, record) "
            "VALUES (?, 'management', ?, 15, '', '', '', '', '', 0, '', '', 0, 0, '[]', ?)",
            (scope, f"e{number}", "x" * 30_000),
        )
    old.close()
    overwrite(path, size(path) // 2, bytes(20 * 4096))
    await is_set_aside(path, "damaged")


async def test_damage_deep_in_a_large_file_is_told_when_it_is_met_and_set_aside_at_the_next_start(path: Path) -> None:
    ids = await fill(path, 60, 500_000)
    overwrite(path, size(path) // 2, bytes(100 * 4096))
    store = await EventStore.open(path)
    assert store.notice is None
    assert store.event(ids[0]) == some(1, 500_000)[0]
    with pytest.raises(StoreError, match="is damaged") as caught:
        [store.event(row) for row in ids]
    assert "Restart ctui" in caught.value.remedy
    await store.close()
    await is_set_aside(path, "found damaged")


async def test_damage_met_by_a_writer_is_set_aside_at_the_next_start_too(path: Path) -> None:
    await fill(path, 60, 500_000)
    store = await EventStore.open(path)
    os.truncate(path, size(path) // 2)
    with pytest.raises(StoreError, match="is damaged"):
        await insert(store, SCOPE, some(1))
    await store.close()
    assert path.with_name("events.db-damaged").exists()
    again = await EventStore.open(path)
    assert again.notice is not None
    assert "events.broken-1.db" in again.notice.message
    assert not path.with_name("events.db-damaged").exists()
    await again.close()


async def test_another_file_in_the_place_of_the_damaged_one_is_used(path: Path) -> None:
    await fill(path, 1)
    path.with_name("events.db-damaged").write_text(f"{path.stat().st_ino + 1}\n")
    store = await EventStore.open(path)
    assert store.notice is None
    assert len(await found_keys(store, Search(SCOPE, EVER))) == 1
    await store.close()


async def copied(path: Path, folder: Path) -> Path:
    """A copy of a store in use: of its file, with its log beside it."""
    store = await EventStore.open(path)
    await insert(store, SCOPE, some(420))
    folder.mkdir()
    for file in path.parent.iterdir():
        shutil.copy(file, folder)
    await store.close()
    return folder / path.name


async def test_the_log_goes_aside_with_its_file_as_it_was(path: Path, tmp_path: Path) -> None:
    await fill(path, 400)
    copy = await copied(path, tmp_path / "copy")
    overwrite(copy, 3 * 4096, b"\xa5" * 20 * 4096)
    log = Path(f"{copy}-wal").read_bytes()
    assert log
    await is_set_aside(copy)
    assert copy.with_name("events.broken-1.db-wal").read_bytes() == log


@pytest.mark.parametrize("gone", [True, False])
async def test_a_log_whose_file_is_empty_or_gone_is_set_aside(path: Path, tmp_path: Path, gone: bool) -> None:
    copy = await copied(path, tmp_path / "copy")
    copy.unlink()
    if not gone:
        copy.touch()
    log = Path(f"{copy}-wal").read_bytes()
    for number in (1, 2):
        store = await EventStore.open(copy)
        assert store.notice is not None
        assert "only its log" in store.notice.message
        assert copy.with_name(f"events.broken-{number}.db-wal").read_bytes() == log
        await store.close()
        copy.unlink()
        Path(f"{copy}-wal").write_bytes(log)


_HOLD = """
import asyncio, sys
from pathlib import Path
from ctui.store.events import EventStore

async def main():
    store = await EventStore.open(Path(sys.argv[1]))
    print("open", flush=True)
    sys.stdin.read()
    await store.close()

asyncio.run(main())
"""


async def test_a_damaged_store_in_use_stays_where_it_is_until_all_have_ended(
    path: Path, own_temporary_folder: Path
) -> None:
    await fill(path, 40)
    command = [sys.executable, "-c", _HOLD, str(path)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        overwrite(path, 3 * 4096, b"\xa5" * 10 * 4096)
        store = await EventStore.open(path)
        assert store.notice is not None
        assert "another ctui has it open" in store.notice.message
        assert store.path.parent.parent == own_temporary_folder
        await insert(store, SCOPE, some(1))
        await store.close()
        assert [file.name for file in path.parent.glob("*.db")] == ["events.db"]
    finally:
        holder.communicate("")
    await is_set_aside(path)


_WORD = "UPDATE word SET text = {} WHERE id = (SELECT {} FROM event WHERE id = ?)"


@pytest.mark.parametrize(
    ("harm", "shown", "read"),
    [
        (_WORD.format("'no json'", "resources"), {"resources": ()}, True),
        (_WORD.format("'{}'", "resources"), {"resources": ()}, True),
        (_WORD.format("'[[1,2]]'", "resources"), {"resources": ()}, True),
        (_WORD.format("'[1]'", "resources"), {"resources": ()}, True),
        (_WORD.format("x'ff00'", "resources"), {"resources": ()}, True),
        (_WORD.format("cast(x'61ff' AS TEXT)", "name"), {"name": "a\ufffd"}, True),
        (_WORD.format("cast(x'61ff' AS TEXT)", "caller"), {}, True),
        (_WORD.format("5", "name"), {"name": None}, True),
        ("UPDATE event SET name = 999999 WHERE id = ?", {"name": None}, True),
        ("UPDATE event SET kinds = 'many' WHERE id = ?", {}, True),
        ("UPDATE event SET ordinal = 50 WHERE id = ?", {"record": ""}, False),
        ("UPDATE event SET block = 50 WHERE id = ?", {"record": ""}, False),
        ("UPDATE block SET data = x'00' WHERE id = (SELECT block FROM event WHERE id = ?)", {"record": ""}, False),
        ("UPDATE block SET data = 5 WHERE id = (SELECT block FROM event WHERE id = ?)", {"record": ""}, False),
    ],
)
async def test_a_row_that_is_damaged_is_shown_as_far_as_it_can_be_read(
    path: Path, harm: str, shown: dict[str, object], read: bool
) -> None:
    ids = await fill(path, 3)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(harm, (ids[1],))
    other.close()
    store = await EventStore.open(path)
    event = store.event(ids[1])
    for field, content in shown.items():
        assert getattr(event, field) == content
    assert event.unreadable is not read
    assert [line.row_id for line in store.summaries(ids)] == ids
    rows = await store.find(Search(SCOPE, EVER))
    for line in ("id:e*", "id:e1", "-user:x", "-word", "-is:error"):
        found = await matching(store, [SCOPE], rows, compile_filter(parse_filter(line), datetime.now(UTC)))
        assert ids[1] in found, line
    for column in ATTRIBUTE_COLUMNS.values():
        await store.count_values([SCOPE], CountQuery(column, 100, 10))
    logs = LookupAttribute(AttributeKey.RESOURCE_NAME, "logs")
    # The three events share what their resources are.
    number = 0 if "resources" in shown else 3
    assert len(await found_keys(store, Search(SCOPE, EVER, (logs,)))) == number
    assert store.counts(SCOPE, [logs], EVER)[1] == {logs: number}
    await store.close()


@pytest.mark.parametrize("time", ["'noon'", "1e300", "x'00'", "99999999999999"])
async def test_one_row_whose_time_is_none_costs_no_other(path: Path, time: str) -> None:
    ids = await fill(path, 3)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"UPDATE event SET time = {time} WHERE id = ?", (ids[1],))
    other.close()
    store = await EventStore.open(path)
    lines = store.summaries(ids)
    assert [(line.row_id, line.summary.timed, line.summary.unreadable) for line in lines] == [
        (ids[0], True, False),
        (ids[1], False, True),
        (ids[2], True, False),
    ]
    event = store.event(ids[1])
    assert event.oddity is not None
    assert not event.timed
    assert "The store is damaged" in event.oddity.reasons[0]
    assert event.record == some(3)[1].record
    assert [key.row_id for key in await found_keys(store, Search(SCOPE, EVER))] == [ids[0], ids[2]]
    await store.count_values([SCOPE], CountQuery(lambda event, region: [event.event_id], 100, 10))
    store.second(ids[1])
    await store.close()

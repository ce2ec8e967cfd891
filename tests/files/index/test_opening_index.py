"""An index is opened if it can be trusted, and made again if not; there is one wherever there is any place for it."""

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Event

import numpy as np
import pytest
from support.log_tree import START, PlainDecoder, no_members, record_of, write_log

from ctui.errors import FilesError
from ctui.files.index import opening_index, tables
from ctui.files.index.container import Container
from ctui.files.index.index_lock import IndexLock
from ctui.files.index.indexing import Indexing, TreeReader
from ctui.files.index.opening_index import OpenedIndex, index_path, open_index
from ctui.files.walking import walk
from ctui.store.index.index_row import INDEX_COLUMNS
from ctui.store.index.table_line import DERIVATION

ROWS = 40


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    for file in range(4):
        write_log(folder, START + file * 3600, [record_of(file * 10 + n, START + file * 3600 - n) for n in range(10)])
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def opened(tree: Path, cache: Path) -> OpenedIndex:
    return open_index(os.fsencode(tree), cache, Event())


def fill(container: Container, tree: Path) -> None:
    Indexing(
        container, TreeReader(lambda: walk(os.fsencode(tree)), no_members, PlainDecoder), Event(), lambda: None
    ).run()


def contents(container: Container) -> list[object]:
    """All that readers see of an index."""
    seen: list[object] = []
    for entry in container.segments():
        segment = container.segment(entry.number)
        seen.append((entry, segment.seconds.tolist(), segment.ids.tolist(), segment.kinds.tolist()))
        seen += [container.file(segment.place(row).file) for row in range(len(segment))]
        seen += [[segment.texts(column.name).all(), segment.numbers(column.name).tolist()] for column in INDEX_COLUMNS]
    return seen


@pytest.fixture
def path(tree: Path, cache: Path) -> Path:
    """The file of an index with all rows of the tree, closed."""
    container = opened(tree, cache).container
    fill(container, tree)
    assert sum(entry.rows for entry in container.segments()) == ROWS
    container.close()
    return container.path


def rows_after(tree: Path, cache: Path) -> tuple[int, list[str]]:
    """How many rows an index has when it is opened, and the titles of its notices."""
    index = opened(tree, cache)
    rows = sum(entry.rows for entry in index.container.segments())
    index.container.close()
    return rows, [notice.title for notice in index.notices]


def test_nobody_else_can_read_an_index(path: Path, cache: Path) -> None:
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in cache.iterdir()} == {0o600}


def test_each_tree_has_an_index_of_its_own(path: Path, tree: Path, cache: Path) -> None:
    assert rows_after(tree, cache) == (ROWS, [])
    assert rows_after(tree.parent, cache) == (0, [])
    assert rows_after(tree, cache) == (ROWS, [])


def _execute(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return change


@pytest.mark.parametrize(
    ("change", "notices"),
    [
        (_execute("PRAGMA user_version = 999"), ["Index made again"]),
        (_execute("PRAGMA application_id = 77"), ["Index made again"]),
        (_execute("UPDATE file SET rows = rows + 1 WHERE id = 2"), ["Index made again"]),
        (_execute("DELETE FROM file WHERE id = 2"), ["Index made again"]),
        (_execute("UPDATE segment SET oldest = oldest + 1"), ["Index made again"]),
        (_execute("DELETE FROM segment"), ["Index made again"]),
        (_execute("DROP TABLE file"), ["Index made again"]),
        (_execute("ALTER TABLE segment ADD COLUMN more"), ["Index made again"]),
        (lambda path: path.write_bytes(b"no database at all" * 99), ["Index made again"]),
        (lambda path: path.write_bytes(path.read_bytes()[:20_000]), ["Index made again"]),
        (lambda path: path.write_bytes(b""), []),
        (lambda path: path.unlink(), []),
    ],
)
def test_what_cannot_be_trusted_is_made_again(
    path: Path, tree: Path, cache: Path, change: Callable[[Path], None], notices: list[str]
) -> None:
    change(path)
    assert rows_after(tree, cache) == (0, notices)
    container = opened(tree, cache).container
    fill(container, tree)
    container.close()
    assert rows_after(tree, cache) == (ROWS, [])


def test_rows_of_other_rules_are_made_again(
    path: Path, tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "DERIVATION", DERIVATION + 1)
    assert rows_after(tree, cache) == (0, ["Index made again"])


def test_any_damaged_byte_is_noticed_or_makes_no_difference(path: Path, tree: Path, cache: Path) -> None:
    random = Random(17)
    whole = path.read_bytes()
    container = opened(tree, cache).container
    sound = contents(container)
    container.close()
    noticed = 0
    used = [at for at in range(len(whole)) if whole[at]]
    for at in (*range(0, 100, 9), *random.sample(used, 30)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << random.randrange(8)
        path.write_bytes(damaged)
        index = opened(tree, cache)
        if not index.container.segments():
            noticed += 1
            assert [notice.title for notice in index.notices] == ["Index made again"], (at, index.notices)
        elif (seen := _contents_or_title(index.container)) != sound:
            noticed += 1
            assert seen == "Index damaged"
            index.container.close()
            # It was marked, so that the next start does not trust it.
            assert rows_after(tree, cache) == (0, ["Index made again"])
        index.container.close()
    assert noticed > 20


def _contents_or_title(container: Container) -> object:
    try:
        return contents(container)
    except FilesError as error:
        return error.title


@pytest.mark.parametrize("place", ["a file", "read-only", "a link"])
def test_without_a_folder_for_it_an_index_is_temporary(tree: Path, cache: Path, tmp_path: Path, place: str) -> None:
    match place:
        case "a file":
            cache.write_bytes(b"")
        case "read-only":
            # Root may write anywhere, so the folder is one in which no one may.
            cache = Path("/proc/ctui-cache")
        case "a link":
            cache.mkdir()
            index_path(os.fsencode(tree), cache).symlink_to(tmp_path / "elsewhere")
    index = opened(tree, cache)
    assert [notice.title for notice in index.notices] == ["Temporary index"]
    fill(index.container, tree)
    assert sum(entry.rows for entry in index.container.segments()) == ROWS
    assert stat.S_IMODE(index.container.path.stat().st_mode) == 0o600
    index.container.close()
    assert not index.container.path.parent.exists()
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk(tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create = tables.create
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    full = [error]

    def create_unless_full(connection: sqlite3.Connection, root: bytes) -> None:
        if full:
            raise full.pop()
        create(connection, root)

    monkeypatch.setattr(tables, "create", create_unless_full)
    index = opened(tree, cache)
    assert "disk is full" in index.notices[0].message
    fill(index.container, tree)
    index.container.close()


def test_two_that_have_one_index_open(path: Path, tree: Path, cache: Path) -> None:
    first, second = opened(tree, cache), opened(tree, cache)
    assert (first.notices, second.notices) == ((), ())
    write_log(tree, START + 9 * 3600, [record_of(99, START + 9 * 3600)])
    fill(first.container, tree)
    second.container.refresh()
    assert contents(second.container) == contents(first.container)
    # One of another version may not take it away from them.
    _execute("PRAGMA user_version = 999")(path)
    third = opened(tree, cache)
    assert "another ctui has it open" in third.notices[0].message
    assert sum(entry.rows for entry in first.container.segments()) == ROWS + 1
    for index in (first, second, third):
        index.container.close()
    assert rows_after(tree, cache) == (0, ["Index made again"])


def test_small_segments_are_joined_when_nobody_else_has_the_index_open(
    path: Path, tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = opened(tree, cache).container
    for day in range(3):
        write_log(tree, START + (day + 9) * 3600, [record_of(100 + day, START + (day + 9) * 3600)])
        fill(other, tree)
    before = {entry.number for entry in other.segments()}
    monkeypatch.setattr("ctui.files.index.tidying._MANY", 2)
    second = opened(tree, cache).container
    assert {entry.number for entry in second.segments()} == before
    second.close()
    rows = sorted(second for entry in other.segments() for second in other.segment(entry.number).seconds.tolist())
    other.close()
    third = opened(tree, cache).container
    (joined,) = third.segments()
    assert joined.number > max(before)
    assert sorted(third.segment(joined.number).seconds.tolist()) == rows
    assert np.all(np.diff(third.segment(joined.number).seconds) <= 0)
    third.close()


def test_opening_waits_for_another_that_opens_it(
    path: Path, tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = IndexLock(Path(f"{path}{opening_index.OPENING}"))
    assert lock.take()
    stopped = Event()
    stopped.set()
    with pytest.raises(FilesError, match="canceled"):
        open_index(os.fsencode(tree), cache, stopped)
    monkeypatch.setattr(opening_index, "_PATIENCE", 0.0)
    assert rows_after(tree, cache) == (0, ["Temporary index"])
    lock.release()
    assert rows_after(tree, cache) == (ROWS, [])


def test_what_is_read_after_the_end_is_an_error(tree: Path, cache: Path) -> None:
    container = opened(tree, cache).container
    fill(container, tree)
    segment = container.segment(container.segments()[0].number)
    container.close()
    with pytest.raises(FilesError, match="no longer open"):
        _ = segment.seconds


def test_what_is_kept_in_memory_is_bounded(tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    container = opened(tree, cache).container
    for file in range(4, 10):
        fill(container, tree)
        write_log(tree, START + file * 3600, [record_of(file * 10, START + file * 3600)])
    sound, numbers = contents(container), [entry.number for entry in container.segments()]
    assert len({id(container.segment(number)) for number in numbers}) == len(numbers) == 6
    monkeypatch.setattr("ctui.files.index.container._KEPT", 0)
    bounded = opened(tree, cache).container
    kept = {number: bounded.segment(number) for number in numbers}
    assert contents(bounded) == sound
    # Reading one displaces the others. Who still has one of those may use it.
    assert sum(bounded.segment(number) is segment for number, segment in kept.items()) <= 1
    assert [len(segment) for segment in kept.values()] == [len(container.segment(number)) for number in numbers]
    bounded.close()
    container.close()

"""Who may read and write what the store keeps, and whose turn it is to open it."""

# ruff: noqa: ASYNC240 - files are what these tests are about; nobody else runs on their loop

import asyncio
import fcntl
import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.store.events import EventStore
from ctui.store.opening.opening import open_files

SCOPE = Scope("aws", "111111111111", "eu-west-1")
SIDES = ("-wal", "-shm", "-journal", "-lock")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_what_stands_beside_the_file_is_private_before_anything_is_written(path: Path, tmp_path: Path) -> None:
    """As after a kill, and a restore that lost the modes."""
    store = await EventStore.open(path)
    ids = await insert(store, SCOPE, [event_of("{}")])
    copy = tmp_path / "copy" / "events.db"
    copy.parent.mkdir()
    for file in path.parent.iterdir():
        (copy.parent / file.name).write_bytes(file.read_bytes())
    await store.close()
    for file in copy.parent.iterdir():
        file.chmod(0o666)
    again = await EventStore.open(copy)
    assert {file.name for file in copy.parent.iterdir()} >= {"events.db", "events.db-wal", "events.db-shm"}
    assert {mode(file) for file in copy.parent.iterdir()} == {0o600}
    assert again.event(ids[0]) == event_of("{}")
    await again.close()


@pytest.mark.parametrize("side", SIDES)
async def test_a_link_in_the_place_of_a_side_file_is_not_followed(path: Path, tmp_path: Path, side: str) -> None:
    target = tmp_path / "target"
    target.write_text("dear to somebody")
    target.chmod(0o644)
    await (await EventStore.open(path)).close()
    Path(f"{path}{side}").unlink(missing_ok=True)
    Path(f"{path}{side}").symlink_to(target)
    with pytest.raises(StoreError, match="cannot be opened"):
        await EventStore.open(path)
    assert (target.read_text(), mode(target)) == ("dear to somebody", 0o644)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of somebody else")
@pytest.mark.parametrize("side", SIDES[:3])
async def test_a_side_file_of_somebody_else_is_not_believed(path: Path, side: str) -> None:
    await (await EventStore.open(path)).close()
    Path(f"{path}{side}").touch()
    os.chown(f"{path}{side}", 12345, -1)
    with pytest.raises(StoreError, match="belongs to another user"):
        await EventStore.open(path)


@pytest.mark.parametrize(
    ("before", "own", "after", "told"),
    [
        (0o777, True, 0o700, False),
        (0o755, True, 0o700, False),
        (0o700, True, 0o700, False),
        (0o700, False, 0o700, False),
        (0o755, False, 0o755, False),
        (0o777, False, 0o777, True),
        (0o757, False, 0o757, True),
        (0o1777, False, 0o1777, False),
    ],
)
async def test_a_folder_of_ctuis_own_is_closed_and_a_shared_one_is_told_of(
    path: Path, before: int, own: bool, after: int, told: bool
) -> None:
    path.parent.mkdir()
    path.parent.chmod(before)
    store = await EventStore.open(path, own=own)
    assert mode(path.parent) == after
    assert (store.notice is not None and "Other users can write" in store.notice.message) is told
    await store.close()


async def test_the_file_that_a_link_leads_to_is_the_store(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    store = await EventStore.open(link)
    await insert(store, SCOPE, [event_of("{}")])
    assert store.path == path
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    assert mode(path.parent) == 0o700
    await store.close()
    path.write_bytes(b"ruin")
    again = await EventStore.open(link)
    assert path.with_name("events.broken-1.db").read_bytes() == b"ruin"
    assert link.is_symlink()
    await again.close()


@pytest.fixture
def held(path: Path) -> Iterator[Callable[[], None]]:
    """Somebody else holds the turn to open the store, until this is called."""
    path.parent.mkdir()
    with Path(f"{path}-lock").open("wb", buffering=0) as holder:
        holder.write(b"ctui 4711\n")
        fcntl.flock(holder, fcntl.LOCK_EX)
        yield holder.close


@pytest.mark.usefixtures("held")
def test_who_holds_the_turn_for_long_is_named(path: Path) -> None:
    with pytest.raises(StoreError, match="process 4711 has been opening it") as caught:
        open_files(path, patience=0)
    assert "suspended" in caught.value.remedy


@pytest.mark.usefixtures("held")
def test_a_holder_that_is_not_known_is_told_of_all_the_same(path: Path) -> None:
    Path(f"{path}-lock").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="another process has been opening it"):
        open_files(path, patience=0)


@pytest.mark.usefixtures("held")
async def test_waiting_for_the_turn_ends_when_the_opening_is_cancelled(path: Path) -> None:
    before = set(threading.enumerate())
    opening = asyncio.ensure_future(EventStore.open(path))
    await asyncio.sleep(0)
    (waiting,) = set(threading.enumerate()) - before
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    waiting.join(120)
    assert not waiting.is_alive()


async def test_a_turn_that_is_let_go_is_taken(path: Path, held: Callable[[], None]) -> None:
    opening = asyncio.ensure_future(EventStore.open(path))
    await asyncio.sleep(0)
    assert not opening.done()
    held()
    store = await opening
    assert Path(f"{path}-lock").read_bytes() == b"ctui %d\n" % os.getpid()
    await store.close()


async def test_a_store_of_this_version_is_opened_while_another_process_writes(store: EventStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    second = open_files(path, patience=0)
    second.close()
    other.execute("ROLLBACK")
    other.close()

"""The store is removed, moved or replaced while it is open: nothing is lost, no id changes, no stranger is touched."""

# ruff: noqa: ASYNC240 - files and processes are what these tests are about; nobody else runs on their loop

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of
from support.stored import event_ids, insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.store.coverage import Claim
from ctui.store.events import EventStore
from ctui.store.opening.temp_store import TEMP_PREFIX
from ctui.store.pruning import Retention

SCOPE = Scope("aws", "111111111111", "eu-west-1")
OTHER = Scope("aws", "222222222222", "eu-west-1")
CLAIM = Claim(None, Stretch(0, 10), None, proven=1_000_000)
Harm = Callable[[Path], None]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary stores of these tests live apart from everybody else's."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def event(name: str) -> Event:
    return event_of("{}", event_id=name)


def sides(path: Path) -> list[Path]:
    return [Path(f"{path}{side}") for side in ("", "-wal", "-shm")]


def remove(path: Path) -> None:
    path.unlink()


def remove_all(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def move_all(path: Path) -> None:
    (path.parent / "away").mkdir()
    for file in sides(path):
        file.rename(file.parent / "away" / file.name)


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def remove_log(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def remove_index(path: Path) -> None:
    Path(f"{path}-shm").unlink()


def replace_by_stranger(path: Path) -> None:
    remove_all(path)
    path.write_bytes(b"dear to somebody")


def replace_over(path: Path) -> None:
    other = path.with_name("new")
    other.write_bytes(b"dear to somebody")
    other.replace(path)


def database_over(path: Path) -> None:
    """What lies beside the store stays."""
    other = path.with_name("new")
    replace_by_database(other)
    other.replace(path)


def moved_and_database(path: Path) -> None:
    move(path)
    replace_by_database(path)


def replace_by_link(path: Path) -> None:
    target = path.with_name("target.db")
    path.rename(target)
    path.symlink_to(target)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_database(path: Path) -> None:
    path.unlink(missing_ok=True)
    # SQLite would take what lies beside it for its own.
    other = sqlite3.connect(path.with_name("made"))
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    path.with_name("made").rename(path)


def log_of_another(path: Path) -> None:
    Path(f"{path}-wal").unlink()
    Path(f"{path}-wal").write_bytes(b"")


FREE: list[Harm] = [remove, remove_all, move, move_all, remove_folder, move_folder, remove_log, remove_index]
TAKEN: list[Harm] = [
    replace_by_stranger,
    replace_over,
    replace_by_link,
    replace_by_folder,
    replace_by_database,
    database_over,
    moved_and_database,
    log_of_another,
]


def all_told(store: EventStore) -> list[StoreError]:
    told: list[StoreError] = []
    store.on_notice = told.append
    return told


def is_covered(store: EventStore) -> bool:
    return bool(store.coverage(SCOPE, None).settled.intersect(Stretches.of(Stretch(0, 10))))


def looked_at(path: Path) -> bytes:
    """What stands there, whatever it is."""
    if path.is_symlink():
        return str(path.readlink()).encode()
    return b"folder" if path.is_dir() else path.read_bytes()


_READ = """
import sqlite3, sys
print(*(row[0] for row in sqlite3.connect(sys.argv[1]).execute("SELECT event_id FROM event ORDER BY id")))
"""


def events_in(path: Path) -> list[str]:
    """What another process reads there now: what would be left of a kill at this moment."""
    done = subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("harm", FREE)
async def test_a_store_whose_name_is_free_is_written_there_again(path: Path, harm: Harm) -> None:
    store = await EventStore.open(path)
    told = all_told(store)
    (first,) = await insert(store, SCOPE, [event("a")])
    harm(path)
    (placed,) = await store.add_page(SCOPE, [event("b")], claim=CLAIM)
    assert [one.title for one in told] == ["Event store written again"]
    assert events_in(path) == ["a", "b"], "on the disk, should it be killed now"
    assert event_ids(store, [first, placed.row_id]) == ["a", "b"]
    assert (store.event(first).event_id, is_covered(store)) == ("a", True)
    assert (store.path, stat.S_IMODE(path.stat().st_mode)) == (path, 0o600)
    assert {file.name for file in path.parent.iterdir() if file.name.startswith("events")} == {
        f"events.db{side}" for side in ("", "-wal", "-shm", "-lock")
    }
    await insert(store, SCOPE, [event("c")])
    assert len(told) == 1
    await store.close()
    again = await EventStore.open(path)
    assert event_ids(again, [first, placed.row_id]) == ["a", "b"]
    assert (again.notice, is_covered(again)) == (None, True)
    await again.close()


async def test_a_folder_that_was_removed_comes_back_private(path: Path) -> None:
    store = await EventStore.open(path)
    remove_folder(path)
    await insert(store, SCOPE, [event("a")])
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    await store.close()


@pytest.mark.parametrize("harm", TAKEN)
async def test_another_file_is_left_alone_and_a_temporary_store_goes_on(
    path: Path, temporary: Path, harm: Harm
) -> None:
    store = await EventStore.open(path)
    told = all_told(store)
    (first,) = await insert(store, SCOPE, [event("a")])
    harm(path)
    before = looked_at(path)
    (placed,) = await store.add_page(SCOPE, [event("b")], claim=CLAIM)
    assert [one.title for one in told] == ["Event store moved"]
    assert f"Another file is at {path}" in told[0].message
    assert store.path.parent.parent == temporary
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert event_ids(store, [first, placed.row_id]) == ["a", "b"]
    assert (await insert(store, SCOPE, [event("a"), event("b")]), is_covered(store)) == ([first, placed.row_id], True)
    assert looked_at(path) == before
    await store.close()
    assert looked_at(path) == before
    ours_beside = harm is not log_of_another and Path(f"{path}-wal").exists()
    assert not ours_beside, "it would be written into that file by whoever opens it"
    assert list(temporary.glob(f"{TEMP_PREFIX}*")) == []


async def test_an_older_copy_of_itself_is_another_file(path: Path) -> None:
    """It would give ids of rows on the screen to other events."""
    await (await EventStore.open(path)).close()
    store = await EventStore.open(path)
    copy = path.read_bytes()
    told = all_told(store)
    ids = await insert(store, SCOPE, [event("a"), event("b")])
    remove_all(path)
    path.write_bytes(copy)
    await insert(store, SCOPE, [event("c")])
    assert [one.title for one in told] == ["Event store moved"]
    assert (path.read_bytes(), len(store.summaries(ids))) == (copy, 2)
    await store.close()


async def test_another_ctuis_new_store_stays_as_it_is(path: Path) -> None:
    store = await EventStore.open(path)
    told = all_told(store)
    (mine,) = await insert(store, SCOPE, [event("a")])
    remove_all(path)
    other = await EventStore.open(path)
    (theirs,) = await insert(other, SCOPE, [event("b")])
    assert mine == theirs
    await insert(store, SCOPE, [event("c")])
    assert [one.title for one in told] == ["Event store moved"]
    assert (store.event(mine).event_id, other.event(theirs).event_id) == ("a", "b")
    await store.close()
    assert events_in(path) == ["b"]
    await other.close()


async def test_two_that_share_it_end_with_one_store_again(path: Path) -> None:
    one, two = await EventStore.open(path), await EventStore.open(path)
    told = all_told(one), all_told(two)
    (a,) = await insert(one, SCOPE, [event("a")])
    (b,) = await insert(two, SCOPE, [event("b")])
    remove_all(path)
    (c,) = await insert(one, SCOPE, [event("c")])
    (d,) = await insert(two, SCOPE, [event("d")])
    assert [[notice.title for notice in each] for each in told] == [["Event store written again"], []]
    for store in (one, two):
        assert event_ids(store, [a, b, c, d]) == ["a", "b", "c", "d"]
        assert store.path == path
    await one.close()
    assert events_in(path) == ["a", "b", "c", "d"], "closing the old connections took nothing away"
    await two.close()
    assert events_in(path) == ["a", "b", "c", "d"]


async def test_what_another_let_go_of_since_does_not_keep_the_two_apart(path: Path) -> None:
    one, two = await EventStore.open(path), await EventStore.open(path)
    told = all_told(two)
    ids = await insert(one, SCOPE, [event("a"), event("b")])
    remove_all(path)
    assert await one.prune(Retention(max_age=1), 2**33) == 2
    (c,) = await insert(two, SCOPE, [event("c")])
    assert (told, two.path, c > max(ids)) == ([], path, True)
    await one.close()
    await two.close()


@pytest.mark.parametrize("harm", FREE)
async def test_what_happens_while_nothing_is_written_is_seen_at_the_end(path: Path, harm: Harm) -> None:
    store = await EventStore.open(path)
    told = all_told(store)
    await store.add_page(SCOPE, [event("a")], claim=CLAIM)
    harm(path)
    assert store.event(1).event_id == "a"
    await store.close()
    assert events_in(path) == ["a"]
    assert [one.title for one in told] == ["Event store written again"]


@pytest.mark.parametrize("harm", [harm for harm in TAKEN if harm is not log_of_another])
async def test_another_file_that_is_first_seen_at_the_end_stays_as_it_is_and_is_told_of(path: Path, harm: Harm) -> None:
    """Its next opener took the log that we left beside it for its own, and wrote our pages over it."""
    store = await EventStore.open(path)
    told = all_told(store)
    await insert(store, SCOPE, [event("a")])
    harm(path)
    before = looked_at(path)
    await store.close()
    await store.close()
    assert looked_at(path) == before
    assert [file.name for file in sides(path)[1:] if file.exists()] == []
    assert [one.title for one in told] == ["Event store replaced"]


@pytest.mark.parametrize("written", [True, False])
async def test_a_file_that_was_moved_away_holds_all_that_was_written_until_then(path: Path, written: bool) -> None:
    """It stood in the log alone, which went with the temporary store."""
    store = await EventStore.open(path)
    await insert(store, SCOPE, [event("a")])
    moved_and_database(path)
    if written:
        await insert(store, SCOPE, [event("b")])
    await store.close()
    assert events_in(path.with_name("moved.db")) == ["a"]


async def test_another_store_that_lacks_our_rows_is_another_file(path: Path) -> None:
    """It had given more ids than ours, so it passed for ours, gone on with: the rows on the screen were gone."""
    apart = path.parent.with_name("apart") / "events.db"
    other = await EventStore.open(apart)
    await insert(other, OTHER, [event(f"o{number}") for number in range(9)])
    await other.prune(Retention(max_age=1), 2**33)
    await insert(other, OTHER, [event("theirs")])
    await other.close()
    store = await EventStore.open(path)
    told = all_told(store)
    ids = await insert(store, SCOPE, [event("a"), event("b")])
    remove_all(path)
    shutil.copy(apart, path)
    await store.check_file()
    assert [one.title for one in told] == ["Event store moved"]
    assert event_ids(store, ids) == ["a", "b"]
    await store.close()


async def test_a_store_that_went_on_elsewhere_returns_where_its_name_is_free_at_the_end(path: Path) -> None:
    store = await EventStore.open(path)
    await insert(store, SCOPE, [event("a")])
    replace_by_stranger(path)
    await insert(store, SCOPE, [event("b")])
    path.rename(path.with_name("theirs"))
    await store.close()
    assert events_in(path) == ["a", "b"]
    assert path.with_name("theirs").read_bytes() == b"dear to somebody"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_what_a_killed_copy_left_is_removed_by_the_next_start(path: Path) -> None:
    await (await EventStore.open(path)).close()
    left = Path(f"{path}-restoring")
    left.write_bytes(b"half a store")
    store = await EventStore.open(path)
    assert not left.exists()
    await store.close()


async def test_it_comes_back_while_nothing_is_written(path: Path) -> None:
    store = await EventStore.open(path)
    told = all_told(store)
    await store.add_page(SCOPE, [event("a")], claim=CLAIM)
    remove_all(path)
    await store.check_file()
    assert (events_in(path), len(told)) == (["a"], 1)
    await store.close()


async def test_one_that_comes_back_by_itself_is_gone_on_with(path: Path) -> None:
    store = await EventStore.open(path)
    told = all_told(store)
    away = path.parent.with_name("away")
    path.parent.rename(away)
    away.rename(path.parent)
    await insert(store, SCOPE, [event("a")])
    assert (told, events_in(path)) == ([], ["a"])
    await store.close()


async def test_a_temporary_store_that_is_swept_away_is_made_again(temporary: Path) -> None:
    store = await EventStore.open(None)
    told = all_told(store)
    (first,) = await insert(store, SCOPE, [event("a")])
    shutil.rmtree(store.path.parent)
    (second,) = await insert(store, SCOPE, [event("b")])
    assert event_ids(store, [first, second]) == ["a", "b"]
    assert [one.title for one in told] == ["Event store moved"]
    await store.close()
    assert list(temporary.iterdir()) == []


async def test_a_name_that_cannot_be_given_again_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a file system without links, or in a folder that must not be written any more."""

    def refuse(*_: object) -> None:
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    store = await EventStore.open(path)
    told = all_told(store)
    (first,) = await insert(store, SCOPE, [event("a")])
    remove_all(path)
    await insert(store, SCOPE, [event("b")])
    assert "cannot be written again: Operation not permitted" in told[0].message
    assert store.event(first).event_id == "a"
    await store.close()
    assert [file.name for file in path.parent.iterdir()] == ["events.db-lock"]
    assert len(told) == 1


async def test_a_name_that_cannot_be_given_again_at_the_end_is_told_of(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("Operation not permitted")

    store = await EventStore.open(path)
    told = all_told(store)
    await insert(store, SCOPE, [event("a")])
    remove_all(path)
    monkeypatch.setattr(os, "link", refuse)
    await store.close()
    assert [one.title for one in told] == ["Event store lost"]
    assert "cannot be written again: Operation not permitted" in told[0].message


async def test_where_no_copy_can_be_made_nothing_is_written_and_the_next_page_tries_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await EventStore.open(path)
    (first,) = await insert(store, SCOPE, [event("a")])
    remove_folder(path)
    path.parent.write_text("in the way")
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    with pytest.raises(StoreError, match="A temporary store cannot be created"):
        await store.add_page(SCOPE, [event("b")], claim=CLAIM)
    assert (store.event(first).event_id, is_covered(store)) == ("a", False)
    path.parent.unlink()
    await store.add_page(SCOPE, [event("b")], claim=CLAIM)
    assert events_in(path) == ["a", "b"]
    await store.close()


async def test_a_write_costs_two_looks_at_three_names(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []
    look = os.lstat

    def counted(path: Path) -> os.stat_result:
        looks.append(path)
        return look(path)

    monkeypatch.setattr(os, "lstat", counted)
    await insert(store, SCOPE, [event(str(number)) for number in range(50)])
    assert len(looks) == 6


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from([0, 1, remove, remove_all, remove_folder, remove_log, remove_index]), max_size=9))
def test_however_often_it_is_taken_away_two_lose_nothing_and_end_with_one_store(steps: list[int | Harm]) -> None:
    """A number is a page that one of the two writes. Between two removals both look, as they do every few seconds."""

    async def run(path: Path) -> None:
        stores = [await EventStore.open(path) for _ in range(2)]
        told = [all_told(store) for store in stores]
        seen: list[dict[int, str]] = [{}, {}]

        async def check_file() -> None:
            for store in stores:
                await store.check_file()

        for number, step in enumerate(steps):
            if isinstance(step, int):
                (row,) = await insert(stores[step], SCOPE, [event(f"{number}")])
                seen[step][row] = f"{number}"
            else:
                await check_file()
                step(path)
            for store, rows in zip(stores, seen, strict=True):
                assert event_ids(store, list(rows)) == list(rows.values())
        await check_file()
        for store in stores:
            await store.close()
        assert {notice.title for notices in told for notice in notices} <= {"Event store written again"}
        written = {name for rows in seen for name in rows.values()}
        assert set(events_in(path)) == written if written else True

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "home" / "events.db"))


_VICTIM = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
from support.real_records import event_of
from ctui.model.connection import Scope
from ctui.store.events import EventStore
SCOPE = Scope("aws", "111111111111", "eu-west-1")

async def main():
    store = await EventStore.open(Path(sys.argv[1]))
    await store.add_page(SCOPE, [event_of("{}", event_id="a")])
    print("open", flush=True)
    sys.stdin.readline()
    await store.add_page(SCOPE, [event_of("{}", event_id="b")])
    print("written", flush=True)
    sys.stdin.readline()

asyncio.run(main())
"""


@pytest.mark.parametrize("harm", [remove_all, move, remove_folder, remove_log])
def test_a_kill_after_it_came_back_loses_nothing(path: Path, harm: Harm) -> None:
    tests = str(Path(__file__).parents[2])
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, str(path), tests], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert victim.stdin is not None
    assert victim.stdout is not None
    try:
        assert victim.stdout.readline() == "open\n"
        harm(path)
        victim.stdin.write("\n")
        victim.stdin.flush()
        assert victim.stdout.readline() == "written\n"
    finally:
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
    assert events_in(path) == ["a", "b"]


async def test_a_folder_that_stands_in_the_place_of_a_temporary_one_is_left_alone() -> None:
    store = await EventStore.open(None)
    folder = store.path.parent
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "letter").write_text("dear to somebody")
    await store.close()
    assert (folder / "letter").read_text() == "dear to somebody"

"""A mark stays on its event: through pruning, folding, a second ctui, a store that is written again."""

# ruff: noqa: ASYNC240 - the files are what some of these tests are about; nobody else runs on their loop

import json
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import event_ids, found_keys, insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.store import marks
from ctui.store.coverage import Claim
from ctui.store.events import EventStore
from ctui.store.marks import EventMark
from ctui.store.opening import schema
from ctui.store.pruning import Retention
from ctui.store.search import Key, Search

ACCOUNT = "111111111111"
HERE = Scope("aws", ACCOUNT, "eu-west-1")
THERE = Scope("aws", ACCOUNT, "us-east-1")
ELSEWHERE = Scope("aws-cn", ACCOUNT, "us-east-1")
PROVISIONAL = Scope("aws", "?x", "eu-west-1")
NOW = 5_000


def event(name: str, second: int = 100, size: int = 0) -> Event:
    record = json.dumps({"x": "y" * size})
    return event_of(record, event_id=name, time=datetime.fromtimestamp(second, UTC))


async def test_a_mark_has_its_time_and_a_note_and_can_be_removed(store: EventStore) -> None:
    a, b, c = await insert(store, HERE, [event("a"), event("b", 200), event("c")])
    await store.mark([a, b], NOW)
    await store.mark([b], NOW + 1, "first key \ud800")
    assert store.marks([a, b, c]) == {a: EventMark(NOW, ""), b: EventMark(NOW, "first key \ud800")}
    await store.mark([a, b], NOW + 2)
    assert store.marks([b]) == {b: EventMark(NOW, "first key \ud800")}, "marked again, it keeps its time and its note"
    await store.mark([b], NOW + 2, "")
    assert store.marks([b]) == {b: EventMark(NOW, "")}
    assert await store.marked(HERE) == [Key(b, 200), Key(a, 100)]
    await store.unmark([a, c])
    assert await store.marked(HERE) == [Key(b, 200)]
    assert await store.marked(THERE) == []


async def test_marked_events_are_told_by_the_ids_that_the_service_gives(store: EventStore) -> None:
    names = ["97a56256-1e2f-eebd-907e-01b2f0e52811", "not-a-uuid"]
    rows = await insert(store, HERE, [event(name) for name in names])
    await store.mark(rows, NOW)
    assert await store.marked_events() == marks.MarkedEvents(frozenset(names), frozenset(rows))


async def test_rows_that_are_not_stored_get_no_mark(store: EventStore) -> None:
    (a,) = await insert(store, HERE, [event("a")])
    await store.mark([a + 1], NOW)
    await insert(store, HERE, [event("b")])
    assert store.marks([a, a + 1]) == {}


async def test_there_is_a_bound_and_nothing_is_marked_beyond_it(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MOST_MARKS", 2)
    a, b, c = await insert(store, HERE, [event("a"), event("b"), event("c")])
    await store.mark([a], NOW)
    with pytest.raises(StoreError, match="2 marked events at most"):
        await store.mark([b, c], NOW)
    assert list(store.marks([a, b, c])) == [a]
    await store.mark([a, b], NOW)
    with pytest.raises(ValueError, match="500 characters"):
        await store.mark([a], NOW, "x" * 501)


async def test_all_rows_of_an_event_are_marked_together_also_those_that_come_later(store: EventStore) -> None:
    (here,) = await insert(store, HERE, [event("a")])
    (other_origin,) = await insert(store, ELSEWHERE, [event("a")])
    await store.mark([here], NOW, "why")
    there, b = await insert(store, THERE, [event("a"), event("b")])
    rows = [here, there, other_origin, b]
    assert store.marks(rows) == {here: EventMark(NOW, "why"), there: EventMark(NOW, "why")}
    await store.unmark([there])
    assert store.marks(rows) == {}
    await store.mark([there], NOW)
    assert list(store.marks(rows)) == [here, there]


@pytest.mark.parametrize("account_is_shown", [False, True])
async def test_a_mark_under_either_name_of_an_account_is_found_by_every_id(
    store: EventStore, account_is_shown: bool
) -> None:
    known = await insert(store, Scope("aws", ACCOUNT, "eu-west-1"), [event("a"), event("b"), event("c")])
    provisional = await insert(store, PROVISIONAL, [event("a"), event("b"), event("c"), event("d")])
    await store.mark([known[0]], NOW, "ours")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        # Marks of the same origin go together, so these were written before the rows of the account came.
        other.execute("UPDATE mark SET made = ?, note = 'theirs' WHERE event = ?", (NOW - 1, provisional[0]))
        other.execute("INSERT INTO mark VALUES (?, ?, 'alone')", (provisional[1], NOW))
    await store.mark([provisional[3]], NOW)
    await store.alias_account(PROVISIONAL, ACCOUNT, account_is_shown=account_is_shown)
    both = EventMark(NOW - 1, "ours / theirs")
    assert store.marks([known[0], provisional[0]]) == {known[0]: both, provisional[0]: both}
    assert store.marks([provisional[1], known[2]]) == {provisional[1]: EventMark(NOW, "alone")}
    shown = [key.row_id for key in await found_keys(store, Search(HERE, Stretch(0, NOW)))]
    marked = [key.row_id for key in await store.marked(HERE)]
    assert marked == [row_id for row_id in shown if row_id in marked]
    assert sorted(event_ids(store, marked)) == ["a", "b", "d"]
    await store.unmark([provisional[0]])
    assert store.marks([known[0], provisional[0]]) == {}


async def test_another_ctui_sees_a_mark_and_may_remove_it(store: EventStore, path: Path) -> None:
    (a,) = await insert(store, HERE, [event("a")])
    other = await EventStore.open(path)
    await store.mark([a], NOW, "look")
    assert other.marks([a]) == {a: EventMark(NOW, "look")}
    assert await other.marked(HERE) == [Key(a, 100)]
    await other.unmark([a])
    assert store.marks([a]) == {}
    await other.close()


@pytest.mark.parametrize(
    ("retention", "now"), [(Retention(max_age=10), NOW), (Retention(max_bytes=0), None), (Retention(1, 0), NOW)]
)
async def test_pruning_keeps_a_marked_event_and_claims_nothing_around_it(
    store: EventStore, retention: Retention, now: int | None
) -> None:
    claim = Claim(None, Stretch(0, 100), None, NOW)
    rows = [event(f"e{second}", second, size=2000) for second in range(100)]
    ids = [row.row_id for row in await store.add_page(HERE, rows, claim)]
    await store.mark([ids[0], ids[50], ids[99]], NOW, "kept")
    assert await store.prune(retention, now) == 97
    assert await store.prune(retention, now) == 0, "it ends with marked events alone"
    assert [key.row_id for key in await store.marked(HERE)] == [ids[99], ids[50], ids[0]]
    assert store.event(ids[50]) == event("e50", 50, size=2000)
    assert store.coverage(HERE, None).complete == Stretches.of(Stretch(99, 100))
    await store.unmark([ids[0], ids[50], ids[99]])
    assert await store.prune(retention, now) == 3


async def test_a_marked_event_is_no_reason_to_wait_for_another_writer(store: EventStore, path: Path) -> None:
    (old,) = await insert(store, HERE, [event("old", 1)])
    await store.mark([old], NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await store.prune(Retention(max_age=10), NOW) == 0


async def test_a_store_before_marks_has_no_marks_and_keeps_its_rows(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        schema.apply_steps(old, 0, 11)
    store = await EventStore.open(path)
    (a,) = await insert(store, HERE, [event("a")])
    await store.mark([a], NOW)
    await store.close()
    again = await EventStore.open(path)
    assert (again.notice, again.marks([a])) == (None, {a: EventMark(NOW, "")})
    await again.close()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary stores of these tests live apart from everybody else's."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def remove(path: Path) -> None:
    """Take the file and its log away from under the programs that have them open."""
    for file in path.parent.iterdir():
        file.unlink()


async def test_a_store_that_is_written_again_has_its_marks(path: Path, temporary: None) -> None:
    one, two = await EventStore.open(path), await EventStore.open(path)
    a, b = await insert(one, HERE, [event("a"), event("b")])
    await two.mark([a], NOW, "two")
    remove(path)
    await one.mark([b], NOW, "one")
    await two.mark([a], NOW, "again")
    assert one.path == two.path == path
    for store in (one, two):
        assert store.marks([a, b]) == {a: EventMark(NOW, "again"), b: EventMark(NOW, "one")}
        await store.close()


async def test_a_file_that_lacks_one_of_our_marks_is_another_file(path: Path, temporary: None) -> None:
    store = await EventStore.open(path)
    (a,) = await insert(store, HERE, [event("a")])
    await store.close()
    without = path.read_bytes()
    store = await EventStore.open(path)
    await store.mark([a], NOW, "ours")
    remove(path)
    path.write_bytes(without)
    await store.mark([a], NOW)
    assert store.path != path
    assert store.marks([a]) == {a: EventMark(NOW, "ours")}
    assert path.read_bytes() == without
    await store.close()

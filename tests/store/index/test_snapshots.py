"""One search sees one state of the store: whatever is written, moved or folded meanwhile, and however it ends."""

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.real_records import event_of
from support.stored import insert, matching

from ctui.core.rows.row_filter import RowFilter
from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import PROVISIONAL_PREFIX, Scope
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.store import reading, writing
from ctui.store.blocks.compaction import compact_step
from ctui.store.events import EventStore
from ctui.store.index import matching as index_matching
from ctui.store.index import word_sets
from ctui.store.index.conditions import plan_of
from ctui.store.index.matching import Matched, Matcher
from ctui.store.index.rows import event_of as read_event
from ctui.store.search import Rows, Search

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCOPE = Scope("aws", "111111111111", "eu-west-1")
EVER = Stretch(0, 2**40)


def predicate_of(line: str) -> Predicate:
    return compile_filter(parse_filter(line), NOON)


async def filled(store: EventStore, count: int = 400) -> Rows:
    """Rows of 100 to a second, with names and users that repeat."""
    events = [
        event_of(
            {"x": "needle" if number % 3 == 0 else "hay"}, event_id=f"e{number}", name=f"N{number % 40}",
            username=f"u{number % 50}", time=NOON - timedelta(seconds=number // 100),
        )
        for number in range(count)
    ]  # fmt: skip
    await insert(store, SCOPE, events)
    return await store.find(Search(SCOPE, EVER))


async def assert_plain(store: EventStore, rows: Rows, line: str) -> None:
    """The store finds the rows that the predicate passes."""
    predicate = predicate_of(line)
    plainly = [row_id for row_id in rows.ids if predicate(store.event(row_id), SCOPE.region)]
    assert await matching(store, [SCOPE], rows, predicate) == plainly, line


class Source:
    """Rows of one scope."""

    def __init__(self, rows: Rows) -> None:
        self._index = RowIndex()
        self.merge_rows = self._index.merge_rows
        self.merge_rows(rows)
        self.row_scopes = (SCOPE,)

    @property
    def rows(self) -> Rows:
        return self._index.rows

    def index_of(self, row_id: int) -> int | None:
        return self.rows.ids.index(row_id) if row_id in self.rows.ids else None


async def test_a_filter_that_is_cancelled_goes_on_where_it_was(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await filled(store)
    row_filter = RowFilter(Source(rows), predicate_of("needle"), store)
    await row_filter.filter_next()
    reached, go_on = threading.Event(), threading.Event()

    def wait(*args: Any) -> Any:
        reached.set()
        go_on.wait()
        return plan_of(*args)

    monkeypatch.setattr(index_matching, "plan_of", wait)
    running = asyncio.create_task(row_filter.filter_next())
    await asyncio.to_thread(reached.wait)
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    monkeypatch.setattr(index_matching, "plan_of", plan_of)
    go_on.set()
    while row_filter.has_unfiltered_rows:
        await row_filter.filter_next()
    assert len(row_filter) == sum(number % 3 == 0 for number in range(400))


class Canceling:
    """A store whose next answer is lost."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.cancels = False
        self.excluders = store.excluders

    async def match(self, matcher: Matcher, scopes: Sequence[Scope], rows: Rows) -> Matched:
        matched = await self._store.match(matcher, scopes, rows)
        if self.cancels:
            self.cancels = False
            raise asyncio.CancelledError
        return matched


async def test_what_is_no_longer_new_is_left_out_though_a_portion_was_cancelled(store: EventStore) -> None:
    record = {
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/alice", "userName": "alice"},
        "sourceIPAddress": "203.0.113.1",
    }
    (later,) = await insert(store, SCOPE, [event_of(record, event_id="later", time=NOON)])
    source, canceling = Source(await store.find(Search(SCOPE, EVER))), Canceling(store)
    row_filter = RowFilter(source, predicate_of("is:new"), canceling)
    await row_filter.filter_next()
    assert list(row_filter.ids) == [later]
    (first,) = await insert(store, SCOPE, [event_of(record, event_id="first", time=NOON - timedelta(hours=1))])
    source.merge_rows(await store.find(Search(SCOPE, EVER)))
    canceling.cancels = True
    with pytest.raises(asyncio.CancelledError):
        await row_filter.filter_next()
    while row_filter.has_unfiltered_rows:
        await row_filter.filter_next()
    assert list(row_filter.ids) == [first]


async def test_rows_of_the_second_at_which_a_portion_ends_are_counted_once(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await filled(store)
    for name, value in (("FEW", 20), ("_MOST_BY_INDEX", 130), ("_RARE", 0)):
        monkeypatch.setattr(index_matching, name, value)
    for line in ("name:N1", "name:N1*", "name:N1,N2", "-name:N1"):
        matched = await store.match(Matcher(predicate_of(line)), [SCOPE], rows)
        assert matched.scanned == 130
        assert all(index < 130 for index in matched.indexes), line
        await assert_plain(store, rows, line)


async def test_a_line_of_more_sets_of_words_than_are_kept_uses_each_of_them(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await filled(store)
    monkeypatch.setattr(index_matching, "FEW", 20)
    for name, value in (("MANY", 3), ("_SETS", 2), ("_WORDS", 20)):
        monkeypatch.setattr(word_sets, name, value)
    for line in (
        "name:*1* user:*1* name:*N* user:*u* name:N*",
        "-name:*1* -user:*2* -name:*4* -user:*8* name:N*",
        "name:*1* user:*1* needle user:*u*",
    ):
        await assert_plain(store, rows, line)
        predicate = predicate_of(line)
        counts = Counter({frozenset(terms): n for terms, n in (await store.excluders(predicate, rows.ids)).counts})
        told = (frozenset(predicate.excluders(store.event(row_id), SCOPE.region)) for row_id in rows.ids)
        assert counts == Counter(filter(None, told)), line
    searcher = store._opened.searcher
    await store.match(Matcher(predicate_of("name:N1")), [SCOPE], rows)
    assert searcher.execute("SELECT count(DISTINCT number) <= 2 FROM temp.word_set").fetchone() == (1,)


async def test_rows_of_an_older_derivation_are_judged_on_their_records(store: EventStore) -> None:
    rows = await filled(store)
    # What was derived by other rules is wrong; what the service sent stays.
    store._opened.writer.execute("UPDATE event SET derived = 0, kinds = 65535, region = name, who = 1 WHERE id % 2")
    for line in (
        "name:N2 OR needle", "name:N1 OR needle", "is:error OR needle", "is:error", "-is:error", "-name:N1 needle",
        "region:eu-west-1 OR hay", "region:eu-west-1", "who:u1", "-who:u*", "user:u2 OR (name:N2 hay)", "/needle/",
        "-name:N1 since:2026-11-22T11:59:58Z", "since:2026-11-22T11:59:58Z",
    ):  # fmt: skip
        await assert_plain(store, rows, line)
        predicate = predicate_of(line)
        counts = Counter({frozenset(terms): n for terms, n in (await store.excluders(predicate, rows.ids)).counts})
        told = (frozenset(predicate.excluders(store.event(row_id), SCOPE.region)) for row_id in rows.ids)
        assert counts == Counter(filter(None, told)), line


@pytest.mark.parametrize("line", ["needle", "-needle", "/n.*/", "name:N1 needle"])
async def test_a_search_that_breaks_holds_no_old_state(store: EventStore, line: str) -> None:
    rows = await filled(store)
    predicate = predicate_of(line)

    def breaks(view: object) -> bool:
        raise ZeroDivisionError

    broken = replace(predicate, tests=tuple((term, breaks) for term, _ in predicate.tests))
    kept = []
    with pytest.raises(ZeroDivisionError) as matched:
        await matching(store, [SCOPE], rows, broken)
    kept.append(matched)
    with pytest.raises(ZeroDivisionError) as counted:
        await store.excluders(broken, rows.ids)
    kept.append(counted)
    await insert(store, SCOPE, [event_of({"x": "needle"}, event_id="new")])
    assert not store._opened.searcher.in_transaction
    # Busy, if a connection still reads an older state: the log could not be given back, and would grow.
    assert store._opened.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    found = await store.find(Search(SCOPE, EVER))
    assert len(found.ids) == len(rows.ids) + 1
    assert len(kept) == 2


async def test_an_event_that_compaction_moves_while_it_is_read_is_whole(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [event_of({"a": number}, event_id=f"e{number}") for number in range(10)]
    ids = [row for event in events for row in await insert(store, SCOPE, [event])]
    moved: list[bool] = []

    def move_first(connection: Any, row: Any) -> Any:
        with writing.transaction(store._opened.writer):
            moved.append(compact_step(store._opened.writer))
        return read_event(connection, row)

    monkeypatch.setattr(reading, "event_of", move_first)
    assert store.event(ids[3]) == events[3]
    assert moved == [True]


async def test_rows_that_are_folded_during_a_search_are_found(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    provisional = Scope("aws", f"{PROVISIONAL_PREFIX}abc", "eu-west-1")
    events = [event_of({"x": "needle"}, event_id=f"e{number}", name="N") for number in range(3)]
    await insert(store, provisional, events)
    await insert(store, SCOPE, events[:2])
    rows = await store.find(Search(provisional, EVER))
    translate = store._ids.all_stored

    def fold_after(ids: Sequence[int]) -> Sequence[int]:
        stored = translate(ids)
        if not store.has_folded_rows:
            with writing.transaction(store._opened.writer):
                folded = writing.alias_account(store._opened.writer, provisional, SCOPE.account)
                store._ids.fold(folded, give_kept=False)
        return stored

    monkeypatch.setattr(store._ids, "all_stored", fold_after)
    matched = await store.match(Matcher(predicate_of("name:N needle")), [provisional], rows)
    assert list(matched.indexes) == [0, 1, 2]
    assert store.has_folded_rows
    again = await store.match(Matcher(predicate_of("name:N needle")), [provisional], rows)
    assert list(again.indexes) == [0, 1, 2]


async def test_no_thread_is_left_when_a_store_is_closed(store: EventStore) -> None:
    before = set(threading.enumerate())
    rows = await filled(store, 1500)
    await store.match(Matcher(predicate_of("needle"), portion=10_000), [SCOPE], rows)
    assert any(thread.name.startswith("ctui-blocks") for thread in threading.enumerate())
    await store.close()
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not [name for name in left if name.startswith("ctui-blocks")]

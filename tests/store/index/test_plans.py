"""How SQLite answers a filter line: an indexed term reads no row that lacks its value, and asks the dictionary once."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event as Signal
from typing import Any

import pytest
from support.real_records import event_of
from support.stored import insert

from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index import matching, rows
from ctui.store.index.conditions import Plan, plan_of
from ctui.store.index.index_row import INDEX_COLUMNS
from ctui.store.index.matching import Matcher
from ctui.store.search import Search

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCOPE = Scope("aws", "111111111111", "eu-west-1")
EVER = Search(SCOPE, Stretch(0, 2**40))
RECORD = {
    "awsRegion": "eu-west-1", "errorCode": "AccessDenied", "errorMessage": "no", "recipientAccountId": "111111111111",
    "sourceIPAddress": "10.0.0.7", "userAgent": "aws-cli/2",
    "userIdentity": {"arn": "arn:aws:sts::1:assumed-role/Admin/ci-77"},
}  # fmt: skip
INDEXED = (
    "name:GetObject", "user:alice", "key:AKIAEXAMPLE", "resource:logs", "type:AWS::S3::Bucket", "role:Admin",
    "session:ci-77", "who:ci-77", "who:AKIAEXAMPLE",
    "error:AccessDenied", "error:*Denied", "ip:10.0.0.7", "ip:10.0.0.0/8", "agent:*cli*",
    "source:s3", "name:~getobject", "is:error", "name:GetObject,PutObject", "user:alice is:write",
)  # fmt: skip


@pytest.fixture
async def store() -> EventStore:
    store = await EventStore.open(None)
    for number in range(40):
        record = RECORD if number == 7 else {"awsRegion": "eu-west-1", "userAgent": f"a{number}"}
        await insert(
            store,
            SCOPE,
            [
                event_of(
                    record, event_id=f"{number}-{part}", name="GetObject" if number == 7 else f"N{number}",
                    source="s3.amazonaws.com" if number == 7 else "ec2.amazonaws.com",
                    time=NOON - timedelta(seconds=number), username="alice" if number == 7 else "bob",
                    access_key_id="AKIAEXAMPLE" if number == 7 else None,
                    resources=(Resource("AWS::S3::Bucket", "logs"),) if number == 7 else (),
                )
                for part in range(40)
            ],
        )  # fmt: skip
    return store


def plan(store: EventStore, line: str) -> Plan:
    predicate = compile_filter(parse_filter(line), NOON)
    return plan_of(store._opened.searcher, predicate.terms, predicate.first, predicate.last)


async def statements(store: EventStore, line: str) -> list[str]:
    """What SQLite executes to match all rows with a line."""
    seen: list[str] = []
    loaded = await store.find(EVER)
    matcher = Matcher(compile_filter(parse_filter(line), NOON))
    store._opened.searcher.set_trace_callback(seen.append)
    matched = await store.match(matcher, [SCOPE], loaded)
    store._opened.searcher.set_trace_callback(None)
    assert matched.scanned == len(loaded.ids) == 1600
    return [one for one in seen if one.startswith("SELECT")]


@pytest.mark.parametrize("line", INDEXED)
async def test_an_indexed_term_is_found_by_its_index_and_no_other_row_is_read(store: EventStore, line: str) -> None:
    assert plan(store, line).exact
    for statement in await statements(store, line):
        for *_, detail in store._opened.searcher.execute(f"EXPLAIN QUERY PLAN {statement}"):
            assert not detail.startswith("SCAN event"), (statement, detail)
            assert "USING INDEX event_by_time" not in detail, (statement, detail)
    assert len(await statements(store, line)) <= 12
    await store.close()


@pytest.mark.parametrize("line", ["user:carol", "who:carol", "resource:other", "ip:192.0.2.0/24", "name:A user:alice"])
async def test_a_value_that_no_event_has_is_answered_by_the_dictionary_alone(store: EventStore, line: str) -> None:
    assert plan(store, line).impossible
    for statement in await statements(store, line):
        assert "time" not in statement, "no row is looked at"
    await store.close()


@pytest.mark.parametrize("line", ["-user:bob -name:N1 -source:s3", "-is:error", "is:read", "region:eu-west-1 -mfa:yes"])
async def test_what_the_index_decides_reads_no_record(store: EventStore, line: str) -> None:
    assert plan(store, line).exact
    assert not any("block" in statement for statement in await statements(store, line))
    await store.close()


async def test_a_word_is_searched_in_blocks_each_read_once_and_records_that_lack_it_are_not_decoded(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[object] = []
    event_read = rows.event_of

    def count(connection: sqlite3.Connection, row: Sequence[Any]) -> Event:
        decoded.append(row)
        return event_read(connection, row)

    monkeypatch.setattr(matching, "event_of", count)
    seen: list[str] = []
    loaded = await store.find(EVER)
    matcher = Matcher(compile_filter(parse_filter("ci-77"), NOON), portion=10_000)
    store._opened.searcher.set_trace_callback(seen.append)
    matched = await store.match(matcher, [SCOPE], loaded)
    store._opened.searcher.set_trace_callback(None)
    assert len(matched.indexes) == len(decoded) == 40
    looked_up = next(statement for statement in seen if "json_each" in statement and "wanted.value /" in statement)
    plans = [detail for *_, detail in store._opened.searcher.execute(f"EXPLAIN QUERY PLAN {looked_up}")]
    assert any("event_by_block" in detail for detail in plans)
    # Each of the 40 once, and that of the rows which match once more for their records.
    assert sum("FROM block WHERE id" in statement for statement in seen) == 41
    await store.close()


async def test_words_that_are_tested_are_not_tested_again(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    searcher = store._opened.searcher
    plan(store, "agent:*cli*")
    read: list[str] = []
    searcher.set_trace_callback(read.append)
    plan(store, "agent:*cli*")
    searcher.set_trace_callback(None)
    assert not any("text FROM word" in statement for statement in read)
    await insert(store, SCOPE, [event_of({"userAgent": "new-cli"}, event_id="new")])
    assert "IN (" in plan(store, "agent:*cli*").may, "the new word counts"
    await store.close()


def test_no_two_columns_share_a_number() -> None:
    assert len({column.number for column in INDEX_COLUMNS}) == len(INDEX_COLUMNS)


async def test_a_search_that_is_cancelled_ends_between_two_blocks(store: EventStore) -> None:
    matcher = Matcher(compile_filter(parse_filter("ci-77"), NOON), portion=10_000)
    stopped = Signal()
    stopped.set()
    loaded = await store.find(EVER)
    with ThreadPoolExecutor(1) as threads:
        found = matcher.match(sqlite3.connect(store.path), threads, [1], loaded, stopped)
    assert not found.indexes
    await store.close()

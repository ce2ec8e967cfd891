"""A store of every earlier version becomes one of this version: the same rows under the same ids, by today's rules."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.old_store import OLD_VERSIONS, create_old_store, write_event, write_scope
from support.real_records import event_of
from support.stored import found_keys, insert, matching

from ctui.model.connection import Scope
from ctui.model.event.event import Resource
from ctui.model.event.summarize import summarize
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.opening import schema
from ctui.store.search import Search

HERE = Scope("aws", "111111111111", "eu-west-1")
THERE = Scope("aws", "111111111111", "us-east-1")
EVER = Stretch(0, 4_000_000_000)
NOW = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
UUID = "0badcafe-0000-4000-8000-00000000000"
RECORD = {
    "eventName": "DeleteBucket",
    "sourceIPAddress": "198.51.100.7",
    "errorCode": "AccessDenied",
    "userAgent": "aws-cli/2",
    "awsRegion": "eu-west-1",
    "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111111111111"},
}
EVENTS = {
    3: event_of(RECORD, event_id=f"{UUID}1", name="DeleteBucket", source="s3.amazonaws.com", username="alice"),
    4: event_of({**RECORD, "n": "é 日本"}, event_id=f"{UUID}2", resources=(Resource("AWS::S3::Bucket", "lögs"),)),
    # Half of a surrogate pair, escaped and as it is.
    7: event_of({**RECORD, "n": "\ud800"}, event_id=f"{UUID}3", name="half \udc00", username="\ud83d"),
    8: event_of(json.dumps({"n": "half \ud800"}, ensure_ascii=False), event_id=f"{UUID}4"),
    9: event_of('{"a": "NUL \\u0000"}', event_id=f"{UUID}5", name="N\0L", resources=(Resource(None, "\0"),)),
    10: event_of("no JSON \x1b[31m \x00 \x7f", event_id=f"{UUID}6", read_only="true", access_key_id="AKIA1"),
    11: event_of("", event_id=f"{UUID}7", name="", username=""),
    12: event_of(RECORD, event_id=f"{UUID}8".upper()),
    13: event_of(RECORD, event_id=""),
    14: event_of(RECORD, event_id='json:"id"'),
    15: event_of(RECORD, event_id="no UUID \udcff", resources=(Resource("T", None), Resource(None, "both"))),
    16: event_of({**RECORD, "eventName": "GetObject"}, event_id="no UUID", time=datetime(1970, 1, 1, tzinfo=UTC)),
}
"""Rows by their ids, which have gaps."""
PRUNED = 40
"""The highest id that was used, of an event that is gone."""
FURTHER: tuple[tuple[int, int, str, tuple[Any, ...]], ...] = (
    # Rows of the other tables: from which version to which, the statement and its values.
    (2, 99, "INSERT INTO claim VALUES (1, '', '', 'full', ?, ?)", (NOW - 900, NOW - 300)),
    (2, 99, "INSERT INTO claim VALUES (1, '', '', 'full', ?, ?)", (NOW - 300, NOW)),
    (2, 99, "INSERT INTO claim VALUES (1, 'Username', 'alice', 'part', ?, ?)", (NOW - 9000, NOW - 8000)),
    (2, 99, "INSERT INTO claim VALUES (2, 'EventName', ?, 'full', 10, 20)", (b"\xed\xa0\x80",)),
    (2, 6, "INSERT INTO claim VALUES (2, '', '', 'full', 5000000000, 5000000600)", ()),
    (2, 99, "INSERT INTO floor VALUES (1, ?)", (NOW - 100_000,)),
    (3, 8, "INSERT INTO login VALUES ('work', 'aws', 'eu-west-1', '111111111111')", ()),
    (7, 99, "INSERT INTO provisional VALUES (2, '', '', ?, ?, ?)", (NOW - 60, NOW, NOW + 1)),
    (8, 99, "INSERT INTO oddity VALUES (10, 1, 1, ?, ?)", ('["no record"]', b"\xff as it came")),
    (9, 99, "INSERT INTO login VALUES (5, 'key', 'aws', ?, ?, '111111111111')", (b"salt", b"digest")),
    (10, 99, "INSERT INTO alias VALUES ('aws', 'provisional-1', '111111111111')", ()),
    (12, 99, "INSERT INTO mark VALUES (7, ?, ?)", (NOW, b"half \xed\xa0\x80")),
    (12, 99, "INSERT INTO mark VALUES (16, ?, '')", (NOW + 1,)),
)
TABLES = ("scope", "claim", "provisional", "floor", "oddity", "login", "alias", "mark")
LINES = (
    "",
    "error:AccessDenied",
    "error:OldError",
    "-error:OldError",
    "ip:198.51.100.7",
    "ip:192.0.2.0/24",
    "user:alice",
    "name:DeleteBucket",
    "resource:both",
    "is:write",
    "is:root",
    "is:error",
    "is:notable",
    "agent:aws-cli*",
    "日本",
    "NUL",
    "-DeleteBucket",
)


def write_old(path: Path, version: int) -> None:
    """A store of that version, with all of the above that it can have."""
    with closing(create_old_store(path, version)) as old:
        scopes = [write_scope(old, HERE), write_scope(old, THERE)]
        for row_id, event in EVENTS.items():
            write_event(old, scopes[row_id % 2], event, row_id)
        write_event(old, scopes[0], event_of("{}", event_id="pruned"), PRUNED)
        for since, until, statement, values in FURTHER:
            if since <= version <= until:
                old.execute(statement, values)
        old.execute("DELETE FROM event WHERE id = ?", (PRUNED,))


def tables(path: Path) -> dict[str, list[Any]]:
    """The rows of all tables but those of events."""
    with closing(sqlite3.connect(path)) as file:
        return {table: sorted(file.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES}


def region_of(row_id: int) -> str:
    """The Region in which a row was looked up."""
    return (HERE if row_id % 2 == 0 else THERE).region


@pytest.mark.parametrize("version", OLD_VERSIONS)
async def test_a_store_of_an_earlier_version_is_converted(path: Path, version: int) -> None:
    write_old(path, version)
    in_place = Path(shutil.copy(path, path.with_name("in-place.db")))
    with closing(sqlite3.connect(in_place, isolation_level=None)) as file:
        schema.apply_steps(file, version, OLD_VERSIONS[-1])

    store = await EventStore.open(path)

    assert store.notice is None
    stored = {row_id: store.event(row_id) for row_id in EVENTS}
    assert {row_id: replace(event, oddity=None) for row_id, event in stored.items()} == EVENTS
    assert [row_id for row_id, event in stored.items() if event.oddity] == ([10] if version >= 8 else [])
    assert tables(path) == tables(in_place)
    lines = {line.row_id: line.summary for line in store.summaries(list(EVENTS))}
    assert lines == {row_id: summarize(event, region_of(row_id)) for row_id, event in stored.items()}
    await _answers_like_the_predicate(store)
    with closing(sqlite3.connect(path)) as file:
        assert [row for row in file.execute("SELECT text FROM word") if b"old" in repr(row).lower().encode()] == []
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    known = await insert(store, HERE, [EVENTS[4], EVENTS[12], event_of("{}", event_id="next")])
    assert known == [4, 12, PRUNED + 1]
    await store.close()


async def _answers_like_the_predicate(store: EventStore) -> None:
    for line in LINES:
        predicate = compile_filter(parse_filter(line), datetime.fromtimestamp(NOW, UTC))
        for scope in (HERE, THERE):
            rows = await store.find(Search(scope, EVER, ()))
            expected = [row for row in rows.ids if predicate(EVENTS[row], scope.region)]
            assert await matching(store, [scope], rows, predicate) == expected, line
    keys = [key.row_id for scope in (HERE, THERE) for key in await found_keys(store, Search(scope, EVER, ()))]
    assert sorted(keys) == sorted(EVENTS)


@pytest.mark.parametrize("second", [2**61, -(2**61), "no number", b"\xff"])
async def test_an_event_whose_time_is_damaged_keeps_its_row(path: Path, second: object) -> None:
    with closing(create_old_store(path, OLD_VERSIONS[-1])) as old:
        scope = write_scope(old, HERE)
        for row_id in (4, 8):
            write_event(old, scope, EVENTS[row_id], row_id)
        old.execute("UPDATE event SET time = ? WHERE id = 4", (second,))
    store = await EventStore.open(path)
    assert store.notice is None
    damaged = store.event(4)
    assert (damaged.event_id, damaged.record) == (EVENTS[4].event_id, EVENTS[4].record)
    assert damaged.oddity is not None
    assert "time is" in damaged.oddity.reasons[0]
    assert [key.row_id for key in await found_keys(store, Search(HERE, EVER))] == [8]
    assert store.event(8) == EVENTS[8]
    await store.close()

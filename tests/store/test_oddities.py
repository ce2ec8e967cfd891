"""Oddities of very many rows, of which few have one."""

import json
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.model.event.event import Oddity
from ctui.store.oddities import Mark, read_marks, write_oddity
from ctui.store.opening import schema

IDS = st.integers(1, 40)


def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create_tables(connection)
    return connection


@given(st.sets(IDS), st.lists(IDS, unique=True))
def test_of_some_rows_those_that_are_odd_are_found(odd: set[int], ids: list[int]) -> None:
    connection = database()
    for row_id in odd:
        write_oddity(connection, row_id, Oddity(("why",), lost=row_id % 2 == 0, timed=row_id % 3 == 0))
    found = read_marks(connection, ids)
    assert sorted(found) == [Mark(one, one % 2 == 0, one % 3 == 0) for one in sorted(odd.intersection(ids))]
    connection.close()


@pytest.fixture
def statements() -> Iterator[tuple[sqlite3.Connection, list[str]]]:
    connection, texts = database(), list[str]()
    write_oddity(connection, 7, Oddity((), lost=True))
    connection.set_trace_callback(texts.append)
    yield connection, texts
    connection.close()


def test_no_statement_lists_very_many_rows(statements: tuple[sqlite3.Connection, list[str]]) -> None:
    connection, texts = statements
    assert read_marks(connection, range(1, 50_001)) == [Mark(7, unreadable=True, timed=True)]
    assert [len(text) < 200 for text in texts] == [True]
    assert read_marks(connection, ()) == []
    assert len(texts) == 1


def test_rows_that_are_few_are_listed_where_odd_ones_are_many(
    statements: tuple[sqlite3.Connection, list[str]],
) -> None:
    connection, texts = statements
    for row_id in range(100, 200):
        write_oddity(connection, row_id, Oddity((), lost=False, timed=True))
    texts.clear()
    assert sorted(read_marks(connection, [7, 150, 900])) == [Mark(7, True, True), Mark(150, False, True)]
    assert json.dumps([7, 150, 900]) in texts[-1]

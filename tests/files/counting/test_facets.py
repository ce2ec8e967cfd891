"""Facets of rows of log files are what plain Python counts, alone and beside rows of the event store."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.filter_trees import EVENTS
from support.real_records import event_of
from support.segments import MadeSegments
from support.stored import insert

from ctui.core.rows.shape import FACET_FIELDS
from ctui.files.counting import value_totals
from ctui.files.counting.digests_of_values import digests_of_values
from ctui.files.counting.facets import count_facets, failed
from ctui.files.counting.value_totals import SortedTotals
from ctui.files.segment import Texts, joined_texts
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import ERROR, FieldColumn, ValueField
from ctui.store.columns import second_of
from ctui.store.events import EventStore
from ctui.store.index.faceting import FacetCounter
from ctui.store.index.found_values import facet_values, text_digest
from ctui.store.index.index_row import COLUMNS, INDEX_COLUMNS, Form, IndexColumn, derive
from ctui.store.search import Rows


def _parts(column: IndexColumn) -> Sequence[int | None]:
    return (0, 1) if column.form is Form.PAIRS else (None,)


SCOPE = Scope("aws", "1", "eu-west-1")
FACETS = [field.column for field in FACET_FIELDS if field.column is not None]


def plainly(field: ValueField, events: Sequence[Event]) -> Counter[str]:
    """How many events have each value, by reading every one of them."""
    counts: Counter[str] = Counter()
    for event in events:
        values = [value for value in field.read(RecordView(event, SCOPE.region)) if value]
        counts.update(values[:1] if field is ERROR else set(values))
    return counts


def has_failed(event: Event) -> bool:
    return RecordView(event, SCOPE.region).failed()


WITH_PARTS = [FieldColumn(column.name, part) for column in INDEX_COLUMNS for part in _parts(column)]


@settings(max_examples=examples(40), deadline=None)
@given(st.randoms(use_true_random=False))
def test_values_are_counted_whatever_rows_of_whatever_segments(random: Random) -> None:
    made = MadeSegments()
    made.scatter(random.sample(EVENTS, random.randint(1, 60)), random)
    ids = made.ids()
    random.shuffle(ids)
    del ids[random.randint(0, len(ids)) :]

    found = count_facets(made.segment, WITH_PARTS, ids)

    texts = [derive(RecordView(made.event(row_id), made.region))[0] for row_id in ids]
    for column, values in zip(WITH_PARTS, found, strict=True):
        index_column = COLUMNS[column.name]
        of_rows = [facet_values(index_column, row[INDEX_COLUMNS.index(index_column)], column.part) for row in texts]
        counted = dict(zip(values.values_at(range(len(values.rows))), values.rows, strict=True))
        assert counted == Counter(value for row in of_rows for value in set(row)), column
        assert list(values.digests) == list(map(text_digest, counted))
    assert list(failed(made.segment, ids)) == [at for at, row_id in enumerate(ids) if has_failed(made.event(row_id))]


HOSTILE = ("", "a", "null", '", "', '"', "\\", "[", "[1]", "\xe9", "\ud83d", "\U0001f600", "\xff", ", ", '"], ["', "\n")
NAMES = st.none() | st.sampled_from(HOSTILE) | st.text(st.sampled_from('a"[], \\é'), max_size=4)
PAIRS = st.lists(st.builds(Resource, NAMES, NAMES), max_size=4).map(tuple)


@settings(max_examples=examples(70), deadline=None)
@given(lists=st.lists(PAIRS, min_size=1, max_size=12), part=st.integers(0, 1), data=st.data())
def test_values_of_pairs_have_the_digests_of_what_is_read_from_them(
    lists: list[tuple[Resource, ...]], part: int, data: st.DataObject
) -> None:
    column = COLUMNS["resources"]
    at = INDEX_COLUMNS.index(column)
    events = [event_of({}, resources=resources) for resources in lists]
    stored = dict.fromkeys(derive(RecordView(event, SCOPE.region))[0][at] for event in events)
    stored.pop(None, None)
    texts = Texts(joined_texts(list(stored)))
    numbers = sorted(data.draw(st.sets(st.integers(0, len(stored)))))

    digests, of_text = digests_of_values(texts, column, part, np.array(numbers, np.int64))

    found = {number: set(digests[of_text == number].tolist()) for number in numbers}
    assert found == {
        number: set(map(text_digest, facet_values(column, texts.text(number), part))) for number in numbers
    }
    assert of_text.tolist() == sorted(of_text)


@settings(max_examples=examples(60), deadline=None)
@given(
    portions=st.lists(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 9)), max_size=8),
    most=st.integers(1, 5),
)
def test_totals_know_the_most_frequent_values_after_each_portion(portions: list[dict[str, int]], most: int) -> None:
    totals, plain = SortedTotals(most), Counter[str]()
    for portion in portions:
        totals.add_counted(portion)
        plain.update(portion)
        assert all(plain[value] == rows for value, rows in totals.top())
        assert [rows for _, rows in totals.top()] == sorted(plain.values(), reverse=True)[:most]
        assert (len(totals), totals.capped) == (len(plain), False)


def test_values_beyond_the_most_are_not_counted_and_the_others_stay_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_totals, "MOST_TOTALS", 2)
    totals = SortedTotals(5)
    totals.add_counted({"a": 3, "b": 1})
    totals.add_counted({"c": 9, "a": 1})
    assert (list(totals.top()), len(totals), totals.capped) == ([("a", 4), ("b", 1)], 2, True)


async def test_rows_of_a_tree_and_of_the_store_are_counted_together_by_their_values() -> None:
    store, made, random = await EventStore.open(None), MadeSegments(), Random(1)
    stored = {event.event_id: event for event in EVENTS[:40]}
    of_tree = EVENTS[40:]
    try:
        made.scatter(of_tree, random)
        ids = made.ids()
        rows = Rows.of([(row_id, second_of(made.event(row_id).time)) for row_id in ids])
        in_store = await insert(store, SCOPE, list(stored.values()))
        of_store = Rows.of([(row, second_of(event.time)) for row, event in zip(in_store, stored.values(), strict=True)])
        counter = FacetCounter(FACETS, 1000)
        portions = [(rows.slice(0, 100), True), (of_store, False), (rows.slice(100, len(ids)), True)]
        for portion, is_tree in portions:
            if not is_tree:
                counts = await store.count_facets(counter, portion)
                continue
            found = count_facets(made.segment, counter.columns, portion.ids)
            counts = await store.add_facets(counter, portion, found, failed(made.segment, portion.ids))
    finally:
        await store.close()
    events = [*stored.values(), *of_tree]
    for field, column in zip(FACET_FIELDS, counts.columns, strict=True):
        assert dict(column.top) == plainly(field, events), field
        assert column.different == len(column.top)
    assert (counts.rows, counts.failed.total) == (len(events), sum(map(has_failed, events)))

"""Facets of rows of log files are what plain Python counts, alone and beside rows of the event store."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.filter_trees import EVENTS
from support.segments import MadeSegments
from support.stored import insert

from ctui.core.rows.shape import FACET_FIELDS
from ctui.files.asking.facets import count_facets, failed
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import ERROR, ValueField
from ctui.store.columns import second_of
from ctui.store.events import EventStore
from ctui.store.index.faceting import FacetCounter
from ctui.store.index.index_row import INDEX_COLUMNS, derive
from ctui.store.search import Rows

SCOPE = Scope("aws", "1", "eu-west-1")
COLUMNS = [field.column for field in FACET_FIELDS if field.column is not None]


def plainly(field: ValueField, events: Sequence[Event]) -> Counter[str]:
    """How many events have each value, by reading every one of them."""
    counts: Counter[str] = Counter()
    for event in events:
        values = [value for value in field.read(RecordView(event, SCOPE.region)) if value]
        counts.update(values[:1] if field is ERROR else set(values))
    return counts


def has_failed(event: Event) -> bool:
    return RecordView(event, SCOPE.region).failed()


@settings(max_examples=examples(40), deadline=None)
@given(st.randoms(use_true_random=False))
def test_texts_of_columns_are_counted_whatever_rows_of_whatever_segments(random: Random) -> None:
    made = MadeSegments()
    made.scatter(random.sample(EVENTS, random.randint(1, 60)), random)
    ids = made.ids()
    random.shuffle(ids)
    del ids[random.randint(0, len(ids)) :]

    counted = count_facets(made.segment, [column.name for column in INDEX_COLUMNS], ids)

    texts = [derive(RecordView(made.event(row_id), made.region))[0] for row_id in ids]
    assert counted == [Counter(column) for column in zip(*texts, strict=True)] or not (ids or any(counted))
    assert list(failed(made.segment, ids)) == [at for at, row_id in enumerate(ids) if has_failed(made.event(row_id))]


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
        counter = FacetCounter(COLUMNS, 1000)
        portions = [(rows.slice(0, 100), True), (of_store, False), (rows.slice(100, len(ids)), True)]
        for portion, is_tree in portions:
            if not is_tree:
                counts = await store.count_facets(counter, portion)
                continue
            counted = count_facets(made.segment, counter.columns, portion.ids)
            counts = await store.add_facets(counter, portion, counted, failed(made.segment, portion.ids))
    finally:
        await store.close()
    events = [*stored.values(), *of_tree]
    for field, column in zip(FACET_FIELDS, counts.columns, strict=True):
        assert dict(column.top) == plainly(field, events), field
        assert column.different == len(column.top)
    assert (counts.rows, counts.failed.total) == (len(events), sum(map(has_failed, events)))

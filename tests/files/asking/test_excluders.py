"""What excludes rows of log files is what the predicate says of each event, and what the event store counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.filter_trees import EVENTS, random_line
from support.segments import MadeSegments
from support.stored import insert

from ctui.files.asking.excluders import count_excluders
from ctui.files.asking.masks import Masks
from ctui.model.connection import Scope
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Excluder
from ctui.store.events import EventStore

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SCOPE = Scope("aws", "1", "eu-west-1")
DIFFERENT = [replace(event, event_id=f"e{number}") for number, event in enumerate(EVENTS)]


def counted(made: MadeSegments, predicate: Predicate, ids: Sequence[int]) -> Counter[frozenset[Excluder]]:
    """What excludes these rows, portion by portion."""
    is_marked = predicate.marked.__contains__
    marked = np.array(sorted(row for row in made.ids() if is_marked(made.event(row).event_id)), np.int64)
    conditions = partial(Masks().of_term, rows_of_kinds={EventKind.MARKED: marked})
    counts, done = Counter[frozenset[Excluder]](), 0
    while done < len(ids):
        some = count_excluders(made.segment, conditions, made.match, predicate, ids[done:])
        assert some.scanned > 0
        counts.update({frozenset(excluders): number for excluders, number in some.counts})
        done += some.scanned
    return counts


def plainly(made: MadeSegments, predicate: Predicate, ids: Sequence[int]) -> Counter[frozenset[Excluder]]:
    """The same by the predicate, event by event."""
    told = (frozenset(predicate.excluders(made.event(row), made.region)) for row in ids)
    return Counter(filter(None, told))


@settings(max_examples=examples(60), deadline=None)
@given(st.randoms(use_true_random=False))
def test_each_term_excludes_the_rows_that_it_does_not_match(random: Random) -> None:
    made = MadeSegments()
    made.scatter(random.sample(DIFFERENT, 40), random)
    ids = made.ids()
    line = random_line(random)
    if random.random() < 0.2:
        line = replace(line, since="2026-11-21T12:00Z")
    if random.random() < 0.2:
        line = line.with_terms([*line.terms, *parse_filter(random.choice(("is:marked", "-is:marked"))).terms])
    predicate = compile_filter(line, NOW, frozenset(event.event_id for event in random.sample(made.events, 9)))
    assert counted(made, predicate, ids) == plainly(made, predicate, ids)


async def test_the_event_store_counts_the_same_of_the_same_events() -> None:
    made, store, random = MadeSegments(), await EventStore.open(None), Random(3)
    try:
        made.scatter(DIFFERENT, random)
        stored = await insert(store, SCOPE, DIFFERENT)
        for _ in range(20):
            predicate = compile_filter(random_line(random), NOW)
            excluded = await store.excluders(predicate, stored)
            assert excluded.scanned == len(stored)
            assert counted(made, predicate, made.ids()) == Counter(
                {frozenset(excluders): number for excluders, number in excluded.counts}
            )
    finally:
        await store.close()


def test_a_line_may_have_more_terms_than_a_number_has_bits() -> None:
    made = MadeSegments()
    made.add(DIFFERENT[:20])
    predicate = compile_filter(parse_filter(" ".join(f"-name:n{number}" for number in range(70)) + " name:Get"), NOW)
    assert counted(made, predicate, made.ids()) == plainly(made, predicate, made.ids())

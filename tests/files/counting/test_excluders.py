"""What excludes rows of log files is what the predicate says of each event, and what the event store counts."""

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.filter_trees import EVENTS, random_line
from support.memory_index import index_of, log_file
from support.segments import MadeSegments
from support.stored import insert

from ctui.files import tree_answers
from ctui.files.asking.masks import Masks
from ctui.files.counting.excluders import count_excluders
from ctui.files.reading import records_text
from ctui.files.tree_answers import TreeAnswers
from ctui.model.connection import Scope
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Excluder, Unsearched
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index.decided import is_decided
from ctui.unpacking.gzip_stream import one_stream

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SCOPE = Scope("aws", "1", "eu-west-1")
DIFFERENT = [replace(event, event_id=f"e{number}") for number, event in enumerate(EVENTS)]


def counted(
    made: MadeSegments, predicate: Predicate, ids: Sequence[int], search_all: bool = True
) -> Counter[frozenset[Excluder]]:
    """What excludes these rows, portion by portion."""
    is_marked = predicate.marked.__contains__
    marked = np.array(sorted(row for row in made.ids() if is_marked(made.event(row).event_id)), np.int64)
    conditions = partial(Masks().of_term, rows_of_kinds={EventKind.MARKED: marked})
    counts, done = Counter[frozenset[Excluder]](), 0
    while done < len(ids):
        some = count_excluders(made.segment, conditions, made.match, predicate, ids[done:], search_all=search_all)
        assert some.scanned > 0
        counts.update({frozenset(excluders): number for excluders, number in some.counts})
        done += some.scanned
    return counts


def plainly(made: MadeSegments, predicate: Predicate, ids: Sequence[int]) -> Counter[frozenset[Excluder]]:
    """The same by the predicate, event by event."""
    told = (frozenset(predicate.excluders(made.event(row), made.region)) for row in ids)
    return Counter(filter(None, told))


def by_columns_first(excluders: frozenset[Excluder], predicate: Predicate) -> frozenset[Excluder]:
    """The same if records are searched only of rows that nothing else excludes."""
    by_record = tuple(term for term, _ in predicate.tests if not is_decided(term))
    others = excluders.difference(by_record)
    return others | {Unsearched(by_record)} if by_record and others else excluders


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
    all_searched = plainly(made, predicate, ids)
    assert counted(made, predicate, ids) == all_searched
    expected = Counter[frozenset[Excluder]]()
    for excluders, number in all_searched.items():
        expected[by_columns_first(excluders, predicate)] += number
    assert counted(made, predicate, ids, search_all=False) == expected


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


def test_a_line_that_fields_narrow_inflates_their_files_alone_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = {"eventTime": "2026-11-21T00:00:00Z"}
    texts = {
        name: gzip.compress(log_file({**record, "eventID": f"{name}{n}", "eventName": name} for n in range(4)))
        for name in "abcdefgh"
    }
    answers = TreeAnswers(index_of(tmp_path, texts), 1, Event())
    inflated: list[bytes] = []

    def inflate(data: bytes, most: int) -> bytes | None:
        inflated.append(data)
        return one_stream(data, most)

    monkeypatch.setattr(records_text, "one_stream", inflate)
    monkeypatch.setattr(tree_answers, "_SEARCH_ALL", 0)
    predicate = compile_filter(parse_filter("name:c nowhere"), NOW)
    rows = answers.find(Stretch(0, 2**40), (), None, 99)
    left = rows
    while left.ids:
        matched = answers.match(predicate, left, Event())
        assert not matched.indexes
        left = left.slice(matched.scanned, len(left.ids))
    excluded = answers.excluders(predicate, rows.ids)
    assert inflated == [texts["c"]]
    (name, _), (word, _) = predicate.tests
    assert dict(excluded.counts) == {(word,): 4, (name, Unsearched((word,))): 28}

"""The local filter: the rows that pass are those a plain reading finds, however the feed grows meanwhile."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.fakes.cloudtrail import event
from support.fakes.loaded_rows import LoadedRows

from ctui.core.rows.row_filter import FIRST_ROWS, TERMS_COUNTED, RowFilter
from ctui.model.connection import Scope
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Outside
from ctui.store.index.excluding import Excluded
from ctui.store.index.matching import Matched, Matcher
from ctui.store.search import Rows

PORTION = 250
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LINES = ("user:alice", "-user:alice", "name:Run*,Stop*", "user:alice name:StopLogging", "user:nobody", "is:write", "x")


class Here(LoadedRows):
    """Rows and their events in memory: what a feed and a store are to the sieve."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at: defaultdict[str, Counter[int]] = defaultdict(Counter)

    async def match(self, matcher: Matcher, _scopes: Sequence[Scope], rows: Rows) -> Matched:
        """Whole events in portions; how a store finds them is its own matter (tests/store/index/test_matching.py)."""
        ids = rows.ids[:PORTION]
        self.looked_at["matched"].update(ids)
        found = [index for index, row_id in enumerate(ids) if matcher.predicate(self.events[row_id], "eu-west-1")]
        self.meanwhile()
        return Matched(len(ids), found)

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """The same for what excludes them."""
        some = ids[:PORTION]
        self.looked_at["counted"].update(some)
        excluders = Counter(tuple(predicate.excluders(self.events[row_id], "eu-west-1")) for row_id in some)
        self.meanwhile()
        return Excluded(len(some), list(excluders.items()))


def row_filter(line: str, here: Here) -> RowFilter:
    return RowFilter(here, compile_filter(parse_filter(line), NOON), here)


def passing(line: str, here: Here) -> list[int]:
    """By reading every record, one after the other."""
    test = compile_filter(parse_filter(line), NOON)
    return [row_id for row_id in here.rows.ids if test(here.events[row_id], "eu-west-1")]


async def catch_up(filtered: RowFilter) -> None:
    while filtered.has_unfiltered_rows or filtered.has_uncounted_rows:
        await (filtered.filter_next() if filtered.has_unfiltered_rows else filtered.count_next())


@st.composite
def batches(draw: st.DrawFn) -> list[list[Event]]:
    """Pages in any order of time."""
    number = 0
    found = []
    for size in draw(st.lists(st.integers(0, 8), min_size=1, max_size=6)):
        page = []
        for _ in range(size):
            number += 1
            page.append(
                event(
                    f"e{number}",
                    NOON - timedelta(seconds=draw(st.integers(0, 20))),
                    name=draw(st.sampled_from(["RunInstances", "StopLogging", "x"])),
                    username=draw(st.sampled_from(["alice", "bob"])),
                    read_only=draw(st.sampled_from(["true", "false"])),
                )
            )
        found.append(page)
    return found


@settings(max_examples=examples(60), deadline=None)
@given(batches(), st.sampled_from(LINES), st.booleans())
def test_what_passes_is_what_a_plain_reading_finds(pages: list[list[Event]], line: str, at_once: bool) -> None:
    async def story() -> None:
        here = Here()
        filtered = row_filter(line, here)
        waiting = list(pages)
        if at_once:
            # Pages arrive while rows are being judged.
            here.meanwhile = lambda: here.add(*waiting.pop(0)) if waiting else None
        while waiting:
            here.add(*waiting.pop(0))
            await catch_up(filtered)
        await catch_up(filtered)
        assert list(filtered.ids) == passing(line, here)
        assert all(filtered.index_of(row_id) == place for place, row_id in enumerate(filtered.ids))
        assert all(max(times.values()) == 1 for times in here.looked_at.values())

    asyncio.run(story())


async def test_the_first_slice_is_small_and_shows_the_newest_rows() -> None:
    here = Here()
    here.add(*(event(f"e{n}", NOON - timedelta(seconds=n), username="alice") for n in range(2 * PORTION)))
    filtered = row_filter("user:alice", here)
    await filtered.filter_next()
    assert list(filtered.ids) == list(here.rows.ids[:FIRST_ROWS])
    await filtered.filter_next()
    assert len(filtered) == FIRST_ROWS + PORTION
    assert filtered.has_unfiltered_rows


async def test_it_counts_what_each_term_removes_while_nothing_passes() -> None:
    here = Here()
    here.add(*(event(f"e{n}", NOON - timedelta(seconds=n), username="alice" if n % 2 else "bob") for n in range(10)))
    filtered = row_filter("user:alice name:StopLogging", here)
    await catch_up(filtered)
    user, name = parse_filter("user:alice name:StopLogging").terms
    assert not filtered.ids
    assert filtered.exclusions == Exclusions(
        10, Counter({user: 5, name: 10}), Counter({frozenset({user, name}): 5, frozenset({name}): 5})
    )


async def test_of_a_line_of_countless_terms_nothing_is_counted() -> None:
    here = Here()
    here.add(event("e1", NOON, username="alice"))
    filtered = row_filter(" ".join(f"user:u{n}" for n in range(TERMS_COUNTED + 1)), here)
    await catch_up(filtered)
    assert not filtered.ids
    assert filtered.exclusions == Exclusions()


async def test_it_counts_what_the_range_keeps_out() -> None:
    here = Here()
    here.add(*(event(f"e{n}", NOON - timedelta(minutes=n), username="alice") for n in range(10, 20)))
    filtered = row_filter("user:alice since:5m", here)
    await catch_up(filtered)
    assert filtered.exclusions.alone(Outside.RANGE) == filtered.exclusions.events == 10


async def test_what_excludes_the_rows_of_a_line_of_one_term_needs_no_second_look() -> None:
    here = Here()
    here.add(*(event(f"e{n}", NOON - timedelta(seconds=n), username="alice") for n in range(10)))
    filtered = row_filter("nowhere", here)
    await catch_up(filtered)
    assert filtered.exclusions.alone(parse_filter("nowhere").terms[0]) == 10
    assert not here.looked_at["counted"]

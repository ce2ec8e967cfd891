"""Finding: rows of overlapping segments come in one order, whatever the size of the portions."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.memory_index import MemoryIndex
from support.real_records import event_of

from ctui.files.asking.finding import Wanted, find_rows, find_rows_since
from ctui.files.segment import Place
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.model.lookup.interval import Stretch
from ctui.store.search import Key, Rows

EPOCH = datetime.fromtimestamp(0, UTC)
EVER = Stretch(0, 2**40)


def index_of(segments: list[list[int]]) -> MemoryIndex:
    """An index whose segments have events at these seconds."""
    index = MemoryIndex()
    for seconds in segments:
        index.add(
            (event_of({"n": n}, time=EPOCH + timedelta(seconds=second)), "", Place(1, 0, 2))
            for n, second in enumerate(seconds)
        )
    return index


def keys_of(index: MemoryIndex) -> list[Key]:
    """All rows of it, in the order of queries."""
    keys = [
        Key(FIRST_ROW + (number << 16) + place, int(second))
        for number, segment in index.built.items()
        for place, second in enumerate(segment.seconds)
    ]
    return sorted(keys, key=lambda key: (-key.second, key.row_id))


def found(wanted: Wanted, limit: int) -> list[Key]:
    """All rows, in portions."""
    keys: list[Key] = []
    while True:
        rows = find_rows(wanted, keys[-1] if keys else None, limit)
        keys += rows.as_keys()
        if len(rows.ids) < limit:
            return keys
        assert len(rows.ids) == limit


@given(
    st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=12), min_size=1, max_size=5),
    st.integers(1, 9),
    st.tuples(st.integers(0, 12), st.integers(1, 13)),
    st.integers(0, 3),
)
@settings(max_examples=examples(150))
def test_rows_are_those_of_the_stretch_newest_first(
    segments: list[list[int]], limit: int, stretch: tuple[int, int], modulus: int
) -> None:
    index = index_of(segments)
    start, length = stretch
    within = Stretch(start, start + length)
    # Every second, every third row of a segment, or all.
    chosen = {
        number: np.arange(len(segment)) % modulus == 0 if modulus else True for number, segment in index.built.items()
    }
    wanted = Wanted(index, 1, within, lambda segment: chosen[segment.number])

    def is_wanted(key: Key) -> bool:
        place = key.row_id & 0xFFFF
        return key.second in within and (not modulus or place % modulus == 0)

    expected = [key for key in keys_of(index) if is_wanted(key)]
    assert found(wanted, limit) == expected
    for since in range(len(segments) + 1):
        rows, last = find_rows_since(wanted, since)
        newer = [key for key in expected if key.row_id - FIRST_ROW >= (since + 1) << 16]
        assert (list(rows.as_keys()), last) == (newer, len(segments))


def test_rows_that_are_gone_are_not_found() -> None:
    index = index_of([[5, 4, 3], [4]])
    index.gone[1] = np.array([True, False, True])
    assert [key.second for key in found(Wanted(index, 1, EVER, lambda _: True), 2)] == [5, 4, 3]


def test_older_segments_are_not_read_for_the_newest_rows() -> None:
    index = index_of([[90, 89, 88], [79, 78], [88, 87]])
    asked: list[int] = []

    def mask(segment: object) -> bool:
        asked.append(getattr(segment, "number", 0))
        return True

    rows = find_rows(Wanted(index, 1, EVER, mask), None, 2)
    assert list(rows.as_keys()) == [Key(FIRST_ROW + (1 << 16), 90), Key(FIRST_ROW + (1 << 16) + 1, 89)]
    assert asked == [1]
    empty = Rows.of([])
    assert find_rows(Wanted(index, 1, Stretch(1, 2), mask), None, 2) == empty
    assert asked == [1]

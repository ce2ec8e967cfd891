"""The array of row ids against a plain sorted list."""

from array import array

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.core.rows.row_index import RowIndex
from ctui.store.search import Rows

keys = st.tuples(st.integers(1, 60), st.integers(0, 8))
"""(row id, second); an id has one second, see `consistent`."""


def consistent(batch: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Rows whose second depends on the id alone, as in the store."""
    return [(row_id, (row_id * 7) % 11) for row_id, _ in batch]


@settings(max_examples=examples(100))
@given(st.lists(st.lists(keys, max_size=12), max_size=8), st.sampled_from(("one by one", "as they come", "in order")))
def test_rows_are_newest_first_and_each_once_whatever_comes_in(batches: list[list[tuple[int, int]]], how: str) -> None:
    rows, plain = RowIndex(), set[tuple[int, int]]()
    held = rows.ids
    for batch in map(consistent, batches):
        ordered = sorted(set(batch), key=lambda row: (-row[1], row[0])) if how == "in order" else batch
        new = rows.merge(batch) if how == "one by one" else rows.merge_rows(Rows.of(ordered))
        assert new == len(set(batch) - plain)
        plain |= set(batch)
        expected = sorted(plain, key=lambda row: (-row[1], row[0]))
        assert list(rows.ids) == [row_id for row_id, _ in expected]
        assert [rows.second_at(index) for index in range(len(rows))] == [second for _, second in expected]
        assert all(rows.index_of(*row) == index for index, row in enumerate(expected))
    assert rows.index_of(61, 3) is None
    assert rows.ids is held, "who holds the array sees it grow"


def test_a_million_rows_take_sixteen_bytes_each_and_grow_at_the_end_without_a_copy() -> None:
    rows = RowIndex()
    for start in range(0, 1_000_000, 50_000):
        rows.merge([(row_id, 2_000_000 - row_id) for row_id in range(start, start + 50_000)])
    assert len(rows) == 1_000_000
    assert rows.ids.itemsize == array("q").itemsize == 8
    assert rows.merge([(1_000_001, 2_000_000 - 500_000), (1_000_002, 5_000_000)]) == 2
    assert rows.index_of(1_000_001, 1_500_000) == 500_002
    assert rows.index_of(1_000_002, 5_000_000) == 0

"""Whose rows are whose."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from ctui.core.files.sources_of_rows import STORE, by_source, only_source
from ctui.model.log_files.row_ids import FIRST_ROW

rows = st.builds(
    lambda tree, row: tree * FIRST_ROW + row,
    st.integers(0, 3) | st.integers(0, (1 << 19) - 1),
    st.integers(0, 3) | st.integers(0, FIRST_ROW - 1),
)


@given(st.lists(rows, max_size=6))
def test_rows_have_one_source_or_several(ids: list[int]) -> None:
    sources = {row_id // FIRST_ROW for row_id in ids} or {STORE}
    expected = sources.pop() if len(sources) == 1 else None
    assert only_source(ids) == only_source(array("q", ids)) == expected
    grouped = by_source(ids)
    assert sorted(index for indexes in grouped.values() for index in indexes) == list(range(len(ids)))
    assert all(ids[index] // FIRST_ROW == number for number, indexes in grouped.items() for index in indexes)

"""Segments: what is stored of rows is what was added, in order of time."""

from hypothesis import given
from hypothesis import strategies as st

from ctui.files.segment import NO_VALUE, Place, Segment, SegmentBuilder
from ctui.store.columns import packed
from ctui.store.index.index_row import INDEX_COLUMNS

texts = st.none() | st.text(max_size=4).map(packed)
rows = st.tuples(
    st.integers(0, 3) | st.integers(0, 2**33),
    st.integers(0, 2) | st.integers(0, 2**64 - 1),
    st.builds(Place, st.integers(0, 2**32 - 1), st.integers(0, 2**33), st.integers(0, 2**27)),
    st.integers(0, 2**62),
    st.lists(texts, min_size=len(INDEX_COLUMNS), max_size=len(INDEX_COLUMNS)),
)


@given(st.lists(rows, min_size=1, max_size=20), st.booleans())
def test_stored_rows_are_those_added_newest_first(added, once) -> None:  # type: ignore[no-untyped-def]
    builder = SegmentBuilder()
    for row in added:
        builder.add(*row)
    segment = Segment(1, builder.parts(each_event_once=once).__getitem__)

    stored = [
        (
            int(segment.seconds[row]),
            int(segment.ids[row]),
            segment.place(row),
            int(segment.kinds[row]),
            [segment.texts(column.name).text(int(segment.numbers(column.name)[row])) for column in INDEX_COLUMNS],
        )
        for row in range(len(segment))
    ]

    first = {row[:2]: number for number, row in reversed(list(enumerate(added)))}
    kept = [row for number, row in enumerate(added) if not once or first[row[:2]] == number]
    assert stored == sorted(kept, key=lambda row: -row[0])
    for column in INDEX_COLUMNS:
        texts_of = segment.texts(column.name)
        assert texts_of.all() == [texts_of.text(number) for number in range(len(texts_of))]
        assert texts_of.text(NO_VALUE) is None

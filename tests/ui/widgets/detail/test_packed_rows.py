"""Rows that are kept as texts come out as they went in."""

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.event.record_tree import RecordValue
from ctui.render.record.detail import DetailRow
from ctui.render.roles import Role
from ctui.render.text.spans import clean
from ctui.ui.widgets.detail.packed_rows import PackedRows

LINES = st.lists(st.tuples(st.text(max_size=8), st.sampled_from(list(Role))), max_size=4).map(
    lambda spans: tuple(piece for text, role in spans for piece in clean(text, role))
)
ADDRESSES = st.lists(st.lists(st.integers(0, 70_000), min_size=1, max_size=3).map(tuple), unique=True, max_size=8)


@given(st.lists(LINES, max_size=4), ADDRESSES)
@settings(max_examples=examples(200))
def test_rows_come_out_as_they_went_in_and_are_found_by_their_node(head: list, addresses: list) -> None:  # type: ignore[type-arg]
    value = RecordValue(("a",), (), "x")
    rows = [DetailRow(line, value=value) for line in head] + [DetailRow(())]
    for address in sorted(addresses):
        rows += [DetailRow((("x\u65e5", Role.DIM),), address, part) for part in range(2)]
    packed = PackedRows()
    assert packed.add(rows) == len(rows) == len(packed)
    assert [packed[number] for number in range(len(rows))] == rows
    assert packed.head == 1 + next(number for number, row in enumerate(rows) if not row.line)
    for address in addresses:
        first = packed.first_of(address)
        assert first == next(number for number, row in enumerate(rows) if row.address == address)
        assert packed.in_node(first, address)
        assert packed.in_node(first + 1, address)
        assert not packed.in_node(first - 1, address)
    assert packed.first_of(()) is None
    assert packed.first_of((70_001,)) is None
    packed.cut(len(head) + 1)
    assert [packed[number] for number in range(len(packed))] == rows[: len(head) + 1]

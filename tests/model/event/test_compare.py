"""Two records path by path: what stands in either, and what is the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.model.event.compare import ComparedPath, compare_records

Record = dict[str, Any]


@pytest.mark.parametrize(
    ("left", "right", "compared"),
    [
        ({"a": "1"}, {"a": "1"}, [("a", "1", "1")]),
        ({"a": 1, "b": True}, {"b": None}, [("a", "1", None), ("b", "true", "null")]),
        ({"a": ["x", "y"]}, {"a": ["x"]}, [("a.0", "x", "x"), ("a.1", "y", None)]),
        ({"a": {"b": "x"}}, {"a": "y"}, [("a.b", "x", None), ("a", None, "y")]),
        ({"a": {}}, {"a": {"b": "x"}}, [("a", "{}", None), ("a.b", None, "x")]),
        ({"a": []}, {"a": {}}, [("a", "[]", "{}")]),
        ({}, {"a": {"b": "x"}}, [("a.b", None, "x")]),
        ({"": {"": "x"}}, {}, [(".", "x", None)]),
        ({}, {}, []),
    ],
)
def test_paths_of_either_record_are_compared(
    left: Record, right: Record, compared: list[tuple[str, str | None, str | None]]
) -> None:
    assert compare_records(left, right) == [ComparedPath(*each) for each in compared]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(st.text("ab", max_size=2), values, max_size=4)


@given(records, records)
def test_what_differs_differs_either_way_and_equal_records_do_not(left: Record, right: Record) -> None:
    assert not any(each.differs for each in compare_records(left, json.loads(json.dumps(left))))
    there = {(each.path, each.left, each.right) for each in compare_records(left, right) if each.differs}
    back = {(each.path, each.right, each.left) for each in compare_records(right, left) if each.differs}
    assert there == back
    assert bool(there) is (texts(left) != texts(right))


def texts(value: Any) -> Any:
    """The value with all numbers, words and nulls as texts: a record says the same in either form."""
    if isinstance(value, dict):
        return {key: texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return {str(index): texts(one) for index, one in enumerate(value)} or []
    return value if isinstance(value, str) else json.dumps(value)


def test_a_record_of_many_paths_is_cut() -> None:
    many = {str(number): number for number in range(30_000)}
    assert len(compare_records(many, {})) == 20_000

"""What is seen at a path of a record without decoding it is what the predicate finds there."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.files.asking.value_at_path import surely_at_path
from ctui.model.event.record import decode_record, values_at
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import value_test
from ctui.model.filter.terms import PathTerm

KEYS = st.sampled_from(["a", "b", "a.b", "1", "é", 'c"'])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["x", "xy", ""]),
    lambda some: st.lists(some, max_size=2) | st.dictionaries(KEYS, some, max_size=3),
    max_leaves=8,
)


def term_of(line: str) -> PathTerm:
    [term] = parse_filter(line).terms
    assert isinstance(term, PathTerm)
    return term


@pytest.mark.parametrize(
    ("record", "line", "sure"),
    [
        ('{"a": {"b": "xy"}}', "a.b:x*", True),
        ('{"n": [1, {}], "a": {"c": {}, "b": "xy"}}', "a.b:~X*", True),
        ('{"a": {"b": "no"}, "a": {"b": "xy"}}', "a.b:x*", True),
        ('{"a": {"b": "xy"}, "a": {"b": "no"}}', "a.b:x*", False),
        ('{"a": {"b": "xy"}, "a": 1}', "a.b:x*", False),
        ('{"a": {"b": ""}}', "a.b:*", False),
        ('{"a": {"b": "xy"}', "a.b:x*", False),
        ('{"a": {"b": "xy"}, "n": ' + "[" * 600 + "]" * 600 + "}", "a.b:x*", False),
        # The predicate decides.
        ('{"a": [{"b": "xy"}]}', "a.b:x*", False),
        ('{"a": {"b": ["xy"]}}', "a.b:x*", False),
        ('{"a.b": "xy"}', "a.b:x*", False),
        ('{"a": {"b": 1}}', "a.b:1", False),
    ],
)
def test_a_text_in_objects_alone_is_seen(record: str, line: str, sure: bool) -> None:
    surely = surely_at_path(term_of(line))
    assert surely is not None
    assert surely(record.encode()) is sure


@settings(max_examples=examples(100), deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=3), st.sampled_from(["a.b:x*", "a.a.b:*", "a.1:~X*", "b.b.b:xy"]))
def test_the_predicate_finds_what_is_seen(record: dict[str, object], line: str) -> None:
    term, text = term_of(line), json.dumps(record)
    surely = surely_at_path(term)
    assert surely is not None
    if surely(text.encode()):
        assert any(map(value_test(term), values_at(decode_record(text), term.path)))


@pytest.mark.parametrize("line", ["-a.b:x", "word", "a.b>1", ".".join("abcdefghij") + ":x"])
def test_other_terms_are_left_to_the_predicate(line: str) -> None:
    [term] = parse_filter(line).terms
    assert surely_at_path(term) is None

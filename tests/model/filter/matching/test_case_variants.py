"""Values that differ in upper and lower case alone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.filter.matching.case_variants import (
    MAX_PATTERNS,
    MAX_VARIANTS,
    case_variants,
    ignoring_case,
    patterns_by_field,
    recased,
)
from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import value_test
from ctui.model.filter.terms import PathTerm

TEXT = st.text("abABéÉßİ", max_size=4)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=3), st.lists(TEXT, max_size=4))
def test_a_variant_is_matched_once_it_is_written_out_or_case_is_ignored(parts: list[str], values: list[str]) -> None:
    pattern = Pattern(tuple(parts))
    for value in case_variants(pattern, values):
        assert not matches(pattern, value)
        assert ignoring_case((pattern,))(value)
        term = PathTerm(("a",), (pattern, Pattern(("x",))))
        assert value_test(recased(term, pattern, value))(value)
        assert value_test(replace(term, ignore_case=True))(value)


def test_where_the_value_itself_was_seen_there_are_no_twins() -> None:
    assert case_variants(Pattern(("a",)), ["A", "a"]) == ()
    assert case_variants(Pattern(("a",)), ["b"]) == ()
    many = [f"ALICE{number}" for number in range(9)]
    assert case_variants(Pattern(("alice", "")), many) == tuple(many[:MAX_VARIANTS])


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("user:a,b* -name:x is:write word", {"user": ("a", "b*")}),
        ("user:a user:b requestParameters.x:y", {"user": ("a", "b"), "requestParameters.x": ("y",)}),
        ("/a/", {}),
        ("x OR (user:a name:b)", {"user": ("a",), "name": ("b",)}),
        ("-(user:a OR -name:b)", {"name": ("b",)}),
        ("user:~a", {}),
        ("user:" + "a," * 80 + "b user:c", {"user": ("a",) * MAX_PATTERNS}),
    ],
)
def test_values_are_wanted_of_positive_terms(line: str, fields: dict[str, tuple[str, ...]]) -> None:
    found = patterns_by_field(parse_filter(line))
    assert {name: tuple("*".join(one.parts) for one in patterns) for name, patterns in found.items()} == fields

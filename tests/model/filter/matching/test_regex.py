"""Expressions whose anchors are taken away, so that they can be sought in a text that holds the text they are for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.filter.matching.regex import RegexError, compile_regex, without_anchors


@pytest.mark.parametrize(
    ("expression", "free"),
    [
        ("needle", "needle"),
        ("a|b", "a|b"),
        ("^needle", "needle"),
        ("needle$", "needle"),
        ("^arn:aws:iam::[0-9]+:root$", "arn:aws:iam::[0-9]+:root"),
        ("[^a]", "[^a]"),
        ("[]^$]", "[]^$]"),
        ("[^]$]x", "[^]$]x"),
        (r"\^\$", r"\^\$"),
        (r"cost\$", r"cost\$"),
        (r"\d+\.\w", r"\d+\.\w"),
        # Each way of an alternative has its own ends.
        ("^a|b$", None),
        ("(^a)", None),
        ("a$b", None),
        (r"a\\$", None),
        (r"\bword\b", None),
        (r"\Aword", None),
        (r"\Q^\E", None),
        ("(?m)^a", None),
        ("^", None),
        ("^$", None),
        ("^*a", None),
    ],
)
def test_anchors_are_taken_away_where_that_is_sure(expression: str, free: str | None) -> None:
    compile_regex(expression)
    assert without_anchors(expression) == free


PARTS = st.lists(
    st.sampled_from(["a", "b", ".", "^", "$", "|", "(", ")", "[ab]", "[^a]", "[$b]", r"\b", r"\$", r"\\", "*", "(?i)"])
)


@settings(max_examples=examples(150), deadline=None)
@given(PARTS.map("".join).filter(bool), st.text("ab$\\A", max_size=6), st.text("ab\\$", max_size=3))
def test_what_was_found_in_a_part_is_found_in_the_whole(expression: str, part: str, around: str) -> None:
    try:
        given_one = compile_regex(expression)
    except RegexError:
        return
    free = without_anchors(expression)
    whole = around + part + around
    if free is not None and (given_one.found_in(part) or given_one.found_in(whole)):
        assert compile_regex(free).found_in(whole)

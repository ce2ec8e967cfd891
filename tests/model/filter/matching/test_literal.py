"""A literal of an expression stands in all that it matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.filter.matching.literal import literal_in
from ctui.model.filter.matching.regex import RegexError, compile_regex


@pytest.mark.parametrize(
    ("expression", "literal"),
    [
        ("needle", "needle"),
        ("n.edle", "edle"),
        ("^needle$", "needle"),
        ("arn:aws:iam::[0-9]+:root", "arn:aws:iam::"),
        ("i-[0-9a-f]{17}", "i-"),
        (r"10\.0\.1\.", "10.0.1."),
        (r"\bDelete(Trail|Bucket)\b", "Delete"),
        ("abc*d", "ab"),
        ("abc?d", "ab"),
        ("abc+d", "abc"),
        ("abc{0,2}d", "ab"),
        ("abc{2}d", "abc"),
        ("abc{,2}", "abc{,2}"),
        ("(?i)Root", "Root"),
        ("[]a]bc", "bc"),
        ("[^]a]bc", "bc"),
        (r"[\]a]bc", "bc"),
        ("[[:alpha:]x]bc", "bc"),
        ("(a[)]b)cd", "cd"),
        (r"(a\)b)cd", "cd"),
        ("((a)(b))?cd", "cd"),
        ("grün", "gr"),
        # More may belong to these than one sees.
        ("a|b", ""),
        (r"\x41", ""),
        ("a(?i)*", ""),
        (r"\pLu", ""),
        (r"\Qa.b\E", ""),
        (".*", ""),
    ],
)
def test_the_longest_text_that_is_plainly_there(expression: str, literal: str) -> None:
    compile_regex(expression)
    assert literal_in(expression) == literal


PIECES = st.sampled_from(
    ["a", "b", "ab", "K", "ſ", ".", "^", "$", "|", "(", ")", "(?i)", "(?:", "[ab]", "[^a]", "[]b]", "[[:alpha:]a]", "[",
     "]", r"\b", r"\.", r"\\", r"\]", r"\d", r"\x61", r"\Q", r"\E", "*", "+", "?", "*?", "{2}", "{0,1}", "{,1}", "{"]
)  # fmt: skip


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join), st.text("abkS.\\{1,}]", max_size=6), st.booleans())
def test_what_is_matched_holds_it(expression: str, text: str, ignore_case: bool) -> None:
    try:
        found = compile_regex(expression, ignore_case).found_in(text)
    except RegexError:
        return
    if found:
        assert literal_in(expression).lower() in text.lower()

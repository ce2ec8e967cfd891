"""JSON as lines: every character is there, each line fits, and values look different from keys."""

import json
import sys
from itertools import islice
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.render.roles import Role
from ctui.render.text.record_text import record_lines
from ctui.render.text.spans import plain, width

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.integers(20, 200))
@settings(max_examples=examples(60))
def test_lines_fit_and_lose_nothing(value: object, room: int) -> None:
    text = "\n".join(map(plain, record_lines(json.dumps(value), 10**6)))
    lines = list(record_lines(json.dumps(value), room))
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(map(plain, lines)).split()) == "".join(text.split())


def test_keys_values_numbers_and_words_have_their_roles() -> None:
    lines = list(record_lines('{"a":"b","c":1,"d":null}', 80))
    roles = dict(span for line in lines for span in line)
    assert roles['"a"'] is Role.JSON_KEY
    assert roles['"b"'] is Role.JSON_TEXT
    assert roles["1"] is Role.JSON_NUMBER
    assert roles["null"] is Role.JSON_WORD


def test_a_long_value_goes_on_under_its_indent() -> None:
    lines = list(record_lines('{"a": "' + "word " * 30 + '"}', 40))
    assert len(lines) > 4
    assert plain(lines[2]).startswith("    word")


@pytest.mark.parametrize(
    "value",
    [["item"] * 200_000, "word " * 200_000, "x" * 1_000_000, "é" * 1_000_000, {"k" * 500_000: {"k": "v" * 500_000}}],
)
def test_the_first_lines_of_a_large_record_do_not_wait_for_the_others(value: object) -> None:
    record = json.dumps(value, ensure_ascii=False)
    calls = 0

    def count(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        first = list(islice(record_lines(record, 80), 100))
    finally:
        sys.setprofile(None)
    assert len(first) == 100 or len(list(record_lines(record, 80))) < 100
    # What is made safe at once may hold this many characters beyond those that are shown.
    assert calls < 200_000

"""JSON as lines: every character is there, each line fits, and values look different from keys."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from ctui.render.roles import Role
from ctui.render.text.record_text import pretty
from ctui.render.text.spans import plain, width
from ctui.ui.widgets.json_lines import json_lines

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.integers(20, 200))
@settings(max_examples=60)
def test_lines_fit_and_lose_nothing(value: object, room: int) -> None:
    text = pretty(json.dumps(value))
    lines = json_lines(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(map(plain, lines)).split()) == "".join(text.split())


def test_keys_values_numbers_and_words_have_their_roles() -> None:
    lines = json_lines('{\n  "a": "b",\n  "c": 1,\n  "d": null\n}', 80)
    roles = dict(span for line in lines for span in line)
    assert roles['"a"'] is Role.JSON_KEY
    assert roles['"b"'] is Role.JSON_TEXT
    assert roles["1"] is Role.JSON_NUMBER
    assert roles["null"] is Role.JSON_WORD


def test_a_long_value_goes_on_under_its_indent() -> None:
    lines = json_lines('{\n  "a": "' + "word " * 30 + '"\n}', 40)
    assert len(lines) > 4
    assert plain(lines[2]).startswith("    word")

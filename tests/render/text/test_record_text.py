"""The record as text: nothing hidden, nothing changed."""

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import looked_up, real_records

from ctui.render.text.record_text import copy_text, decoded, is_json, record_lines
from ctui.render.text.spans import plain

TEXT = st.text(st.one_of(st.characters(), st.sampled_from('\x7f\x9b\u202e\u2028\u0301\ud800\ufeff"\\日')), max_size=12)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


def pretty(record: str) -> str:
    """The record as it is shown in lines of any length."""
    return "\n".join(map(plain, record_lines(record, 10**6)))


FORBIDDEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


@given(VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
@settings(max_examples=examples(200))
def test_whatever_the_record_holds_both_texts_decode_to_it(value: object, ascii_only: bool, indent: int | str) -> None:
    record = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    shown, copied = pretty(record), copy_text(record)
    assert json.loads(shown) == value
    assert json.loads(copied) == value
    assert copied.isascii()
    for text in (shown, copied):
        assert not any(unicodedata.category(each) in FORBIDDEN for each in text if each != "\n")
        assert "\x7f" not in text


@pytest.mark.parametrize(
    ("record", "shown", "copied"),
    [
        ('{"a":1,"b":[true,null,{}],"c":[]}',)
        + ('{\n  "a": 1,\n  "b": [\n    true,\n    null,\n    {}\n  ],\n  "c": []\n}',) * 2,
        ('{"n": 123456789012345678901234567890, "f": 1.10, "e": 1E400}',)
        + ('{\n  "n": 123456789012345678901234567890,\n  "f": 1.10,\n  "e": 1E400\n}',) * 2,
        ('{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}', '{\n  "a": 1,\n  "a": 2\n}'),
        ('{"u":"caf\u00e9"}', '{\n  "u": "caf\u00e9"\n}', '{\n  "u": "caf\\u00e9"\n}'),
        ('{"u":"a\u202eb"}', '{\n  "u": "a\\u202eb"\n}', '{\n  "u": "a\\u202eb"\n}'),
        ('{"u":"\\u001b[31m {\\"x\\": 1,"}',) + ('{\n  "u": "\\u001b[31m {\\"x\\": 1,"\n}',) * 2,
        ('"🙂"', '"🙂"', '"\\ud83d\\ude42"'),
        ("  17  ", "17", "17"),
        ("no\u202e json\x1b[0m\nat all", "no⟨U+202E⟩ json␛[0m\nat all", '"no\\u202e json\\u001b[0m\\nat all"'),
        ("", "", '""'),
    ],
)
def test_numbers_keys_and_escapes_come_out_as_they_came_in(record: str, shown: str, copied: str) -> None:
    assert pretty(record) == shown
    assert copy_text(record) == copied


def test_a_record_that_is_no_json_decodes_to_itself_from_the_clipboard() -> None:
    for record in ("<html>", '{"a":', "\x00\x7f\u202e", "[" * 100_000):
        assert not is_json(record)
        assert json.loads(copy_text(record)) == record
        assert decoded(record) == {}


def test_a_record_of_brackets_does_not_grow_without_bound() -> None:
    deep = "[" * 900 + "]" * 900
    assert len(pretty(deep)) < 200_000
    assert json.loads(pretty(deep)) == json.loads(deep)


def test_integers_longer_than_python_reads_are_kept() -> None:
    digits = "7" * 5000
    assert digits in pretty(f'{{"n": {digits}}}')


@pytest.mark.story
def test_every_real_record_copies_and_reads_back_the_same() -> None:
    for record in [json.dumps(each, ensure_ascii=False) for each in real_records()] + [e.record for e in looked_up()]:
        copied = copy_text(record)
        assert copied.isascii()
        assert json.loads(copied) == json.loads(record)
        assert json.loads(pretty(record)) == json.loads(record)

"""Which records can be searched for a text without being decoded."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.escaped_json import escaped
from support.examples import examples

from ctui.model.event.record import decode_record, texts_of
from ctui.model.filter.matching.regex import compile_regex
from ctui.model.filter.prefilter import FOLDED_TO_ASCII, is_searchable, signs_of_other_spellings, spellings


def test_the_letters_whose_other_case_is_ascii_are_all_known() -> None:
    beyond = [char for char in map(chr, range(0x80, 0x110000)) if not "\ud800" <= char <= "\udfff"]
    folded = [char for char in beyond if any(part.isascii() for part in char.casefold())]
    assert [char for char in beyond if FOLDED_TO_ASCII.search(char)] == folded


@pytest.mark.parametrize(
    ("record", "searchable"),
    [
        ('{"a":"é"}', True), ('{"a":"\\""}', True), ('{"a":"\\\\n"}', True), ('{"a":"\\u0041"}', False),
        ('{"a":"\u212a"}', False), ('{"a":"\0"}', False), ('{"a":"\ud800"}', False), ("{}", True),
    ],
)  # fmt: skip
def test_what_can_be_searched_for_ascii_texts(record: str, searchable: bool) -> None:
    assert is_searchable(record) is searchable


TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["\ud83d\ude00", "\ud800", "\ude00\ud83d", "\\u0041", "\\", '"', "J\u00f6rg Gro\u00df", "\u212a", "\0", "a/b\n"]
)


@settings(max_examples=examples(300), deadline=None)
@given(st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS), max_size=3), st.randoms(use_true_random=False))
def test_each_text_of_a_record_is_in_one_of_its_spellings_however_it_is_escaped(
    value: dict[str, object], random: Random
) -> None:
    record = escaped(value, random)
    found = spellings(record)
    assert record in found
    for text in texts_of(decode_record(record)):
        assert any(text in spelling for spelling in found)
        assert any(text.casefold() in spelling for spelling in found)


@pytest.mark.parametrize(
    ("record", "spelling"),
    [
        ('{"a":"\\u00F6\\ud83d\\ude00"}', '{"a":"\u00f6\U0001f600"}'), ('{"a":"\\\\u00f6"}', '{"a":"\\u00f6"}'),
        ('{"a":"\\/\\""}', '{"a":"/""}'), ('{"a":"\\ud83d"}', '{"a":"\ud83d"}'), ('{"a":"\\u00g6"}', '{"a":"\\u00g6"}'),
        ('{"a":"Gro\u00df"}', '{"a":"gross"}'), ('{"a":"Gro\\u00df"}', '{"a":"gross"}'), ('{"a":"\\', '{"a":"\\'),
    ],
)  # fmt: skip
def test_spellings_of_a_record(record: str, spelling: str) -> None:
    assert spelling in spellings(record)


def test_a_text_that_folding_makes_has_a_sign_in_the_record() -> None:
    folding = [char for char in map(chr, range(0x80, 0xFB07)) if any(part.isascii() for part in char.casefold())]
    assert len(folding) == 19
    for char in folding:
        record = f"Sf{char}xn"
        folded = record.casefold()
        for first, end in combinations(range(len(folded) + 1), 2):
            text = folded[first:end]
            if text.isascii() and text not in record.lower():
                assert compile_regex(signs_of_other_spellings(["other", text])).found_in(record), (char, text)
    assert not compile_regex(signs_of_other_spellings(["denied"])).found_in("".join(folding))
    assert compile_regex(signs_of_other_spellings(["denied"])).found_in("\\u0064enied")
    assert compile_regex(signs_of_other_spellings(["denied", "\u00fc"])).found_in("")

"""Which records can be searched for a text without being decoded."""

import pytest

from ctui.model.filter.prefilter import FOLDED_TO_ASCII, is_searchable


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

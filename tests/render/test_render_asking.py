"""The lines under the filter line."""

import pytest

from ctui.model.filterline import FilterError, parse_filter
from ctui.render.asking import error_hint, offers_hint, term_words
from ctui.render.text import plain, width


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('user:x "y', "       ^ the quote is not closed"),
        ("nme:x", "^ there is no field 'nme' (did you mean name?); to search for a text with"),
    ],
)
def test_the_mark_stands_below_the_character_that_is_wrong(line: str, expected: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(line)
    hint = error_hint(str(caught.value), caught.value.position, 80)
    assert plain(hint).startswith(expected)
    assert width(hint) == 80


@pytest.mark.parametrize("column", [0, 5, 30, 39, 200])
@pytest.mark.parametrize("message", ["no", "rather long words about it", "x" * 90, "\x1b[2J\u202e"])
def test_an_error_fits_wherever_it_is(column: int, message: str) -> None:
    hint = error_hint(message, column, 40)
    assert width(hint) == 40
    assert "\x1b" not in plain(hint)


def test_offers_tell_how_often_they_were_seen_and_the_chosen_one_is_in_sight() -> None:
    offers = [("ListUsers", 1200), ("x\x1b[31m", 2), ("name:", 0), *((f"value-{n}", 1) for n in range(50))]
    assert plain(offers_hint(offers, None, 60)).startswith(" tab  ListUsers 1,200  x␛[31m 2  name:  value-0 1")
    assert "value-40" in plain(offers_hint(offers, 43, 60))
    assert width(offers_hint(offers, 43, 60)) == 60


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("user:alice", "user"),
        ("-source:ec2", "-source"),
        ("is:write,error", "write,error"),
        ("requestParameters.bucketName:x", "bucketName"),
        ("/a.b/i", "/a.b/i"),
        ("word", "word"),
        ("a-very-long-word-indeed", "a-very-long-wor…"),
    ],
)
def test_a_term_in_a_word(line: str, words: str) -> None:
    assert term_words(parse_filter(line).terms[0]) == words

"""A list of words: equal or contained whole, ignoring case; found as fast for thousands as for one."""

import random
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.model.filter.matching.word_list import LONGEST_WORD, WordList


@pytest.mark.parametrize(
    ("word", "matching", "others"),
    [
        ("203.0.113.9", ["203.0.113.9", "from 203.0.113.9.", "x:203.0.113.9/32"], ["203.0.113.90", "1203.0.113.9"]),
        ("AKIAX", ["AKIAX", "akiax", "key=AKIAX;"], ["AKIAXY", "BAKIAX", "AKIA_X", "_AKIAX"]),
        (
            "arn:aws:iam::1:user/bob",
            ["arn:aws:iam::1:user/bob"],
            ["arn:aws:iam::1:user/bob2"],
        ),
        ("/tmp/x", ["/tmp/x", "a/tmp/x", "rm /tmp/x"], ["/tmp/xy"]),
        ("evil.example", ["evil.example", "https://evil.example/a"], ["notevil.example", "evil.examples"]),
        ("$(x)", ["a$(x)b"], ["$(y)"]),
        ("***", ["a***b"], ["**"]),
        ("é x", ["É X"], ["éx", "aé x"]),
        ("203.0.113.0/24", ["203.0.113.9", "203.0.113.0/24", "::ffff:203.0.113.1"], ["203.0.114.1", "at 203.0.113.9"]),
        ("2001:db8::/32", ["2001:db8::1"], ["2001:db9::1"]),
    ],
)
def test_a_word_is_found_whole(word: str, matching: list[str], others: list[str]) -> None:
    words = WordList([f"  {word}\t", "nothing else"])
    assert [text for text in matching if not words.matches(text)] == []
    assert [text for text in others if words.matches(text)] == []


SIGNS = "ab1_.-/: é"
short = st.text(SIGNS, min_size=1, max_size=5)


@given(st.lists(short, min_size=1, max_size=6), st.text(SIGNS, max_size=20))
def test_it_finds_what_an_expression_finds(words: list[str], text: str) -> None:
    stripped = [word.strip() for word in words if word.strip()]
    if not stripped:
        return
    expected = any(
        re.search(
            (r"(?<!\w)" if re.match(r"\w", word) else "")
            + re.escape(word)
            + (r"(?!\w)" if re.search(r"\w$", word) else ""),
            text,
        )
        for word in stripped
    )
    assert WordList(words).found_in(text) is expected


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["", "  "], "has no lines"),
        (["x" * (LONGEST_WORD + 1)], "line of more than 2,000"),
        (map(str, range(100_001)), "100,001 lines; 100,000"),
    ],
)
def test_what_is_no_list_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        WordList(words)


def test_a_list_of_thousands_takes_as_many_steps_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)
    many = ["".join(dice.choices(string.ascii_lowercase, k=12)) for _ in range(20_000)]
    text = " ".join("".join(dice.choices(string.ascii_lowercase, k=12)) for _ in range(500))
    looked: list[int] = []
    monkeypatch.setattr(WordList, "_ends", lambda *_: looked.append(1))
    for words in (many[:1], many):
        assert not WordList(words).found_in(text)
    assert len(looked) == 0, "no word is compared that does not begin with a run of the text"

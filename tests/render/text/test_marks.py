"""Marks change roles and nothing else: no character, no line break, and nothing that is hidden becomes active."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.filter.hits import Hits
from ctui.render.roles import Role
from ctui.render.text.marks import mark_line, marked, marking_of, no_marks, painted
from ctui.render.text.spans import clean, plain, wrap

TEXT = st.text(st.one_of(st.characters(), st.sampled_from("ab\x1b\u202e\u0301[]")), max_size=30)
RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=5)


def places(text: str, ranges: list[list[int]]) -> list[tuple[int, int, Role]]:
    return [(first, end, Role.HIT) for first, end in ranges if first < end <= len(text)]


@given(TEXT, RANGES)
@settings(max_examples=examples(200))
def test_a_marked_text_is_the_text(text: str, ranges: list[list[int]]) -> None:
    marks = places(text, ranges)
    pieces = list(marked(text, Role.PLAIN, marks))
    assert "".join(piece for piece, _ in pieces) == text
    roles = [role for piece, role in pieces for _ in piece]
    inside = {index for first, end, _ in marks for index in range(first, end)}
    assert [role is Role.HIT for role in roles] == [index in inside for index in range(len(text))]


@given(TEXT, TEXT, RANGES, st.integers(5, 40))
@settings(max_examples=examples(200))
def test_painted_lines_are_the_lines(before: str, text: str, ranges: list[list[int]], room: int) -> None:
    marks = places(text, ranges)
    lines = wrap((*clean(before), *clean(text), (" after", Role.DIM)), room, 2)
    done = painted(lines, [(before, ()), (text, marks)])
    assert list(map(plain, done)) == list(map(plain, lines))
    drawn = clean(text)
    assert plain(mark_line(drawn, lambda words, _: places(words, ranges))) == plain(drawn)


def test_what_is_marked_in_the_text_is_marked_in_its_lines() -> None:
    lines = wrap((("key  ", Role.DIM), *clean("one two\x1b three"), ("  late", Role.DIM)), 12, 4)
    assert painted(lines, [("key", ()), ("one two\x1b three", [(2, 7, Role.HIT), (7, 8, Role.FOUND)])]) == [
        (("key  ", Role.DIM), ("on", Role.PLAIN), ("e two", Role.HIT)),
        (("    ", Role.PLAIN), ("\u241b", Role.FOUND), (" three", Role.PLAIN)),
        (("    ", Role.PLAIN), ("late", Role.DIM)),
    ]
    (line,) = painted(wrap((("a b c", Role.PLAIN),), 9), [("a b c", [(0, 3, Role.HIT)])])
    assert line == (("a b", Role.HIT), (" c", Role.PLAIN))


def test_what_was_searched_for_lies_over_what_was_filtered_for() -> None:
    marking = marking_of(Hits(words=("alice",)), re.compile("ic"))
    line = mark_line((("x al", Role.DIM), ("ice", Role.PLAIN)), marking)
    assert line == (("x ", Role.DIM), ("al", Role.HIT), ("ic", Role.FOUND), ("e", Role.HIT))
    assert marking_of(Hits(), None) is no_marks

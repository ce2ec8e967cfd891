"""What people type from habit: each line of the table means what they mean, or is told with what to write instead."""

import re
from collections import Counter

import pytest
from support.foreign_lines import ForeignLine, foreign_lines, outcome_of

from ctui.model.filter.parse import FilterError, parse_filter
from ctui.render.panes.filter_notes import error_hint
from ctui.render.text.spans import cells, plain

LINES = foreign_lines()
HABITS = list(dict.fromkeys(row.habit for row in LINES))
PROMPT = 3
"""Cells before the line."""
ADVICE = re.compile(r"\bwrite (.+)")
AFTER_ADVICE = re.compile(r", (?:or|as|so|both|and|another)\b| or (?=[^N])| alone$| without a blank|; | at the end$")
NO_LINES = re.compile(
    r"(?:AND|OR|NOT|OR for either|\"|path.*|an? .*|terms.*|conditions .*|since: and until:|its date: .*|read error .*)"
)
"""What advice names that is a part of a line or says how to get one."""


def of(habit: str) -> list[ForeignLine]:
    return [row for row in LINES if row.habit == habit]


def squeezed(text: str) -> str:
    """The text without blanks and without the mark below the wrong character."""
    return re.sub(r"[\s^]", "", text)


def test_the_table_has_lines_of_every_habit() -> None:
    assert len(LINES) >= 700
    assert min(Counter(row.habit for row in LINES).values()) >= 10
    assert [typed for typed, times in Counter(row.typed for row in LINES).items() if times > 1] == []


@pytest.mark.parametrize("habit", HABITS)
def test_each_line_is_read_or_told_as_the_table_says(habit: str) -> None:
    assert {row.typed: outcome_of(row.typed) for row in of(habit)} == {row.typed: row.outcome for row in of(habit)}


@pytest.mark.parametrize("habit", HABITS)
def test_what_a_line_is_read_as_is_read_as_itself(habit: str) -> None:
    for row in of(habit):
        if not row.error:
            assert outcome_of(row.outcome.removeprefix("= ")) == row.outcome, row.typed


@pytest.mark.parametrize("habit", HABITS)
def test_what_an_error_says_to_write_can_be_read(habit: str) -> None:
    for row in of(habit):
        advice = ADVICE.search(row.error)
        line = AFTER_ADVICE.split(advice[1])[0] if advice else ""
        if line and not NO_LINES.fullmatch(line) and ", " not in line:
            assert outcome_of(line).startswith("= "), f"{row.typed}: {row.error}"


@pytest.mark.parametrize("habit", HABITS)
def test_an_error_is_seen_whole_in_80_columns(habit: str) -> None:
    for row in of(habit):
        if row.error:
            with pytest.raises(FilterError) as caught:
                parse_filter(row.typed)
            at = PROMPT + cells(row.typed[: caught.value.position])
            hint = error_hint(str(caught.value), at if at < 80 else None, caught.value.position + 1, 80)
            told = " ".join(map(plain, hint))
            assert squeezed(row.error.split("; ")[0]) in squeezed(told), row.typed


@pytest.mark.parametrize("start", ["user p", "by h", "without d", "role p", "user is r"])
def test_what_one_more_word_makes_a_sentence_of_is_only_not_finished(start: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(start)
    assert caught.value.unfinished
    assert parse_filter(f"{start}ot found").terms

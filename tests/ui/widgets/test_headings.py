"""Which line is a day's heading and which an event: against counting line by line."""

from array import array
from bisect import bisect_right
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.render.panes.hole_line import HoleWords
from ctui.render.panes.horizon_line import HorizonWords, MissingScopes
from ctui.ui.widgets.headings import Headings, HoleAt, HorizonAt


class Rows:
    """Rows from a list of epoch seconds, newest first."""

    def __init__(self, seconds: list[int]) -> None:
        self.ids = array("q", range(len(seconds)))
        self.seconds = sorted(seconds, reverse=True)

    def index_of(self, row_id: int) -> int | None:
        return row_id if row_id < len(self.ids) else None

    def second_at(self, index: int) -> int:
        return self.seconds[index]

    def first_before(self, second: int, start: int = 0) -> int:
        return bisect_right([-each for each in self.seconds], -second, lo=start)


def missing(name: str) -> MissingScopes:
    return MissingScopes((name,), "loading")


SECONDS = st.integers(1_700_000_000, 1_700_900_000)


@given(st.lists(SECONDS, max_size=60), st.lists(st.none() | SECONDS, max_size=3))
@settings(max_examples=examples(60))
def test_headings_and_rows_are_where_counting_finds_them(seconds: list[int], ends: list[int | None]) -> None:
    rows = Rows(seconds)
    days = Headings.of(rows, [HorizonAt(second, missing(str(number))) for number, second in enumerate(ends)])
    line = 0
    before = None
    left = dict(enumerate(ends))
    for row in range(len(seconds)):
        below = {number for number, end in left.items() if end is None or rows.second_at(row) < end}
        if below:
            said = days.heading_at(line)
            assert isinstance(said, HorizonWords)
            assert {int(one.names[0]) for one in said.missing} == below
            assert days.row_from(line) == row
            line += 1
            left = {number: end for number, end in left.items() if number not in below}
        day = datetime.fromtimestamp(rows.second_at(row), UTC).date()
        if day != before:
            assert days.row_at(line) is None
            assert days.heading_at(line) == day
            assert days.date_at(line) == day
            line += 1
            before = day
        assert days.row_at(line) == days.row_from(line) == row
        assert days.heading_at(line) is None
        assert days.line_of(row) == line
        assert days.date_at(line) == day
        line += 1
    assert days.lines == line


def test_midnight_belongs_to_the_day_it_begins() -> None:
    midnight = 1_700_006_400
    assert midnight % 86_400 == 0
    days = Headings.of(Rows([midnight, midnight - 1]))
    assert days.starts == (0, 1)


def test_the_third_line_counts_what_ends_further_down() -> None:
    rows = Rows([100 - number for number in range(12)])
    ends = [HorizonAt(100 - number, missing(f"r{number}")) for number in range(9)]
    said = [one for one in Headings.of(rows, ends).labels if isinstance(one, HorizonWords)]
    assert [(one.missing[0].names, one.more) for one in said] == [(("r0",), 0), (("r1",), 0), (("r2",), 6)]


@given(st.lists(SECONDS, min_size=1, max_size=60), st.lists(SECONDS, max_size=5))
@settings(max_examples=examples(60))
def test_where_files_may_be_missing_a_line_stands_over_what_is_older(seconds: list[int], holes: list[int]) -> None:
    rows = Rows(seconds)
    words = [HoleWords(str(second), "", "", ()) for second in holes]
    headings = Headings.of(rows, (), list(map(HoleAt, holes, words)))
    said = [one for one in headings.labels if isinstance(one, HoleWords)]
    assert sorted(said, key=repr) == sorted(
        (one for one, second in zip(words, holes, strict=True) if second > rows.seconds[-1]), key=repr
    )
    for line, label in zip(headings.heads, headings.labels, strict=True):
        if isinstance(label, HoleWords):
            row = headings.row_from(line)
            assert rows.second_at(row) < int(label.start)
            assert row == 0 or rows.second_at(row - 1) >= int(label.start)

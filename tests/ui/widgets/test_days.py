"""Which line is a day's heading and which an event: against counting line by line."""

from array import array
from bisect import bisect_right
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.ui.widgets.days import Days


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


@given(st.lists(st.integers(1_700_000_000, 1_700_900_000), max_size=60))
@settings(max_examples=examples(60))
def test_headings_and_rows_are_where_counting_finds_them(seconds: list[int]) -> None:
    rows = Rows(seconds)
    days = Days.of(rows)
    line = 0
    before = None
    for row in range(len(seconds)):
        day = datetime.fromtimestamp(rows.second_at(row), UTC).date()
        if day != before:
            assert days.row_at(line) is None
            assert days.date_at(line) == day
            line += 1
            before = day
        assert days.row_at(line) == row
        assert days.line_of(row) == line
        assert days.date_at(line) == day
        line += 1
    assert days.lines == line


def test_midnight_belongs_to_the_day_it_begins() -> None:
    midnight = 1_700_006_400
    assert midnight % 86_400 == 0
    days = Days.of(Rows([midnight, midnight - 1]))
    assert days.starts == (0, 1)

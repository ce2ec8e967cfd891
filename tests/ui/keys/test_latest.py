"""When a state is shown: at once after a key, ten times a second as pages come, and with all that changed meanwhile."""

from collections.abc import Callable

import pytest

from ctui.ui.keys.latest import PACE_SECONDS, Latest


class Screen:
    """What was shown when, by a clock that is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.keys = False
        self.shown: list[tuple[float, str]] = []
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.latest = Latest(lambda: self.keys, self._later, lambda: self.now)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        self._due.append((self.now + seconds, call))

    def rows(self) -> None:
        self.shown.append((round(self.now, 3), "rows"))

    def header(self) -> None:
        self.shown.append((round(self.now, 3), "header"))

    def move(self, seconds: float) -> None:
        """Time passes, and what is due by then is called."""
        end = self.now + seconds
        while waiting := [each for each in self._due if each[0] <= end + 1e-9]:
            first = min(waiting, key=lambda each: each[0])
            self._due.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = end

    @property
    def frames(self) -> int:
        """How often something was drawn: what is shown at one moment is drawn in one go."""
        return len({when for when, _ in self.shown})


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_the_first_change_is_shown_at_once(screen: Screen) -> None:
    screen.latest.show_paced(screen.header)
    screen.move(0.03)
    screen.latest.show_paced(screen.rows)
    assert screen.shown == [(0.0, "header"), (0.03, "rows")]


def test_pages_that_come_fast_are_drawn_ten_times_a_second_header_and_rows_together(screen: Screen) -> None:
    for _ in range(340):  # 68 pages a second, for five seconds
        screen.latest.show_paced(screen.header)
        screen.move(0.005)
        screen.latest.show_paced(screen.rows)
        screen.move(1 / 68 - 0.005)
    assert 48 <= screen.frames <= 53
    assert [what for _, what in screen.shown].count("rows") >= 48


def test_the_last_change_is_shown_within_the_pace(screen: Screen) -> None:
    for _ in range(3):
        screen.latest.show_paced(screen.rows)
        screen.move(0.01)
    screen.move(1.0)
    assert screen.shown == [(0.0, "rows"), (PACE_SECONDS, "rows")]


def test_what_a_key_leads_to_is_shown_at_once_whatever_was_put_off(screen: Screen) -> None:
    for _ in range(2):
        screen.latest.show_paced(screen.rows)
    screen.move(0.02)
    screen.latest.catch_up()
    screen.move(0.01)
    screen.latest.show_paced(screen.rows)
    assert screen.shown == [(0.0, "rows"), (0.02, "rows"), (0.03, "rows")]
    screen.move(1.0)
    assert screen.frames == 3, "nothing is left to show"


def test_nothing_is_shown_while_keys_wait(screen: Screen) -> None:
    for _ in range(2):
        screen.latest.show_paced(screen.rows)
    screen.keys = True
    screen.latest.show(screen.header)
    screen.move(1.0)
    assert screen.shown == [(0.0, "rows")]
    screen.latest.at_once(screen.header)
    screen.keys = False
    screen.latest.catch_up()
    assert screen.shown[1:] == [(1.0, "header"), (1.0, "rows")]

"""The line between events that says what is missing below it, in the room that there is."""

import pytest

from ctui.render.panes.horizon_line import HorizonWords, MissingScopes, horizon_line
from ctui.render.text.spans import plain, width

LOADING = MissingScopes(("eu-west-1",), "loading", back_to="14:02")
MANY = MissingScopes(tuple(f"r-{number}" for number in range(1, 9)), "paused", back_to="14:02")
REFUSED = MissingScopes(("us-east-1",), "refused: Denied", trouble=True)


@pytest.mark.parametrize(
    ("cells", "words", "said"),
    [
        (76, HorizonWords((LOADING,)), "below here without eu-west-1: loading, back to 14:02"),
        (40, HorizonWords((LOADING,)), "below here without eu-west-1: loading"),
        (120, HorizonWords((MANY,)), f"below here without {', '.join(MANY.names)}: paused, back to 14:02"),
        (76, HorizonWords((MANY,)), "below here without r-1, r-2, r-3 and 5 more: paused, back to 14:02"),
        (66, HorizonWords((MANY,)), "below here without r-1, r-2 and 6 more: paused, back to 14:02"),
        (50, HorizonWords((MANY,)), "below here without r-1 and 7 more: paused"),
        (43, HorizonWords((MANY,)), "below here without 8 of them: paused"),
        (
            120,
            HorizonWords((REFUSED, LOADING), 5),
            "below here without us-east-1: refused: Denied; eu-west-1: loading, back to 14:02"
            ", and 5 more further down (A)",
        ),
    ],
)
def test_names_are_counted_before_the_reason_is_cut(cells: int, words: HorizonWords, said: str) -> None:
    line = horizon_line(words, cells)
    assert plain(line).strip(" ─") == said
    assert width(line) == cells


def test_names_cannot_fool_a_terminal() -> None:
    assert "\x1b" not in plain(horizon_line(HorizonWords((MissingScopes(("\x1b[2J",), "\x1b[0m"),)), 80))

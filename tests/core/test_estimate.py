"""About how long the rest takes."""

from datetime import UTC, datetime

import pytest
from fakes.gateway import event

from ctui.core.estimate import seconds_for_the_rest
from ctui.core.knowledge import Knowledge
from ctui.core.planner import Question
from ctui.core.ratelimit import SPACING
from ctui.core.route import Route
from ctui.core.walk import HISTORY_SECONDS
from ctui.model.connection import Scope
from ctui.model.interval import Stretch, Stretches
from ctui.model.scan import Page

END = 2_000_000_000
AWS = Scope("aws", "111111111111", "eu-west-1")
ELSEWHERE = Scope("http://127.0.0.1:9", "111111111111", "eu-west-1")


def route(scope: Scope, length: int | None, seconds: list[int], *, known: Stretches | None = None) -> Route:
    """A route over the last `length` seconds whose first page had events so many seconds before its end."""
    start = None if length is None else END - length + 1
    made = Route(Question(scope, start, END), Knowledge(lambda _: known or Stretches(), lambda _: Stretches()))
    if seconds:
        events = tuple(event(f"e{age}", datetime.fromtimestamp(END - age, UTC)) for age in seconds)
        made.walks[0].arrived(Page(events, "next", datetime.fromtimestamp(END, UTC)), len(events))
    return made


@pytest.mark.parametrize(
    ("made", "pages"),
    [
        (route(AWS, 10_000, list(range(0, 100, 2))), 101),
        (route(ELSEWHERE, 10_000, list(range(0, 100, 2))), 101),
        (route(AWS, None, list(range(0, 86400 * 9, 86400))), 2),
        (route(ELSEWHERE, None, [0, 10]), None),
        (route(AWS, 10_000, []), None),
        (route(AWS, 200, [0, 199]), 1),
    ],
)
def test_density_and_pace_tell(made: Route, pages: int | None) -> None:
    found = seconds_for_the_rest([made], 2.0)
    assert found is None if pages is None else found == pytest.approx(pages * SPACING / 2)


def test_nothing_left_is_no_time() -> None:
    known = Stretches.of(Stretch(0, END + 1))
    assert seconds_for_the_rest([route(AWS, 1000, [], known=known)], 2.0) is None


def test_history_bounds_an_open_start() -> None:
    made = route(AWS, None, [0, HISTORY_SECONDS // 2])
    assert seconds_for_the_rest([made], 1.0) == pytest.approx(SPACING)

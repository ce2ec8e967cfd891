"""While a tree is indexed, older events take what is new from newer ones: rows to compare again are told once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event as Stopped

import pytest
from support.real_records import event_of
from support.segments import MadeSegments

from ctui.files.tree_answers import TreeAnswers
from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.store.search import Rows

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALICE = {"type": "IAMUser", "arn": "arn:aws:iam::1:user/alice", "userName": "alice"}


@pytest.fixture
def made() -> MadeSegments:
    return MadeSegments()


@pytest.fixture
def answers(made: MadeSegments) -> Iterator[TreeAnswers]:
    opened = TreeAnswers(made, 1, Stopped())
    yield opened
    opened.close()


def call(minutes: int) -> Event:
    """A call of Alice, so many minutes after noon."""
    record = {"userIdentity": ALICE, "sourceIPAddress": "203.0.113.1", "recipientAccountId": "1"}
    return event_of(record, event_id=f"e{minutes}", time=NOON + timedelta(minutes=minutes), source="ec2.amazonaws.com")


def of(line: str) -> Predicate:
    return compile_filter(parse_filter(line), NOON)


def test_rows_that_are_new_no_longer_are_told_to_each_line_once(made: MadeSegments, answers: TreeAnswers) -> None:
    none = Rows.of([])
    made.add([call(20), call(30)])
    rows = Rows.of([(row, int(made.event(row).time.timestamp())) for row in made.ids()])
    newer, older = rows.ids
    is_new, others = of("is:new"), of("-is:new")
    assert list(answers.match(is_new, rows, Stopped()).indexes) == [1]
    assert list(answers.match(others, rows, Stopped()).indexes) == [0]
    made.add([call(10)])
    stopped = Stopped()
    stopped.set()
    answers.match(is_new, none, stopped)
    first = made.ids()[-1]
    assert set(answers.match(is_new, none, Stopped()).again) == {older, first}
    assert list(answers.match(is_new, none, Stopped()).again) == []
    assert set(answers.match(others, rows, Stopped()).again) == {older, first}
    assert list(answers.match(is_new, rows, Stopped()).indexes) == []
    assert list(answers.match(others, rows, Stopped()).indexes) == [0, 1]
    assert newer not in answers.match(is_new, none, Stopped()).again

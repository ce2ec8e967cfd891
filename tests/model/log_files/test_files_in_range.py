"""What is said of the log files behind an answer."""

import pytest

from ctui.model.log_files.files_in_range import MissingFiles, files_in_range
from ctui.model.log_files.tree_state import Deliveries, Hole, TreePhase, TreeState

HOUR = 3600
DAY = 24 * HOUR


def tree(*holes: Hole, oldest: int | None = DAY, newest: int | None = 9 * DAY, **parts: object) -> TreeState:
    """A tree with events of eight days."""
    deliveries = tuple(Deliveries(hole.account, hole.region, 9, DAY, 9 * DAY, holes=(hole,)) for hole in holes)
    given = {"phase": TreePhase.READY, "events": 5, "oldest": oldest, "newest": newest, "deliveries": deliveries}
    return TreeState("/logs", **{**given, **parts})  # type: ignore[arg-type]


def test_without_a_tree_there_is_nothing_to_say() -> None:
    assert files_in_range((), None, 100) is None


def test_trees_together() -> None:
    said = files_in_range(
        [
            tree(unread=(("broken", 2), ("foreign", 1)), waiting=4, phase=TreePhase.INDEXING),
            tree(oldest=0, newest=HOUR, has_data_events=True),
            tree(phase=TreePhase.FAILED, oldest=None, newest=None),
        ],
        None,
        99 * DAY,
        alone=True,
    )
    assert said is not None
    assert (said.alone, said.trees, said.oldest, said.newest) == (True, 2, 0, 9 * DAY)
    assert (said.indexing, said.waiting, said.unread, said.data_events) == (True, 4, 3, True)
    assert (said.in_range, said.failed) == (True, ("/logs",))


@pytest.mark.parametrize(
    ("first", "last", "in_range"),
    [(None, 99 * DAY, True), (None, DAY - 1, False), (9 * DAY, 10 * DAY, True), (9 * DAY + 1, 10 * DAY, False)],
)
def test_the_range_may_have_no_files(first: int | None, last: int, *, in_range: bool) -> None:
    said = files_in_range([tree()], first, last)
    assert said is not None
    assert said.in_range is in_range


def test_a_tree_without_events_has_none_in_range() -> None:
    said = files_in_range([tree(oldest=None, newest=None, events=0)], None, 99)
    assert said is not None
    assert (said.in_range, said.oldest) == (False, None)


def test_stretches_that_several_miss_are_one_and_those_out_of_range_are_none() -> None:
    holes = [
        Hole("1", "eu-west-1", 3 * DAY, 4 * DAY, ("StopLogging",)),
        Hole("1", "us-east-1", 3 * DAY + 60, 4 * DAY - HOUR),
        Hole("2", "eu-west-1", 3 * DAY, 4 * DAY - HOUR - 1),
        Hole("1", "eu-west-1", DAY, DAY + HOUR),
    ]
    said = files_in_range([tree(*holes)], 2 * DAY, 99 * DAY)
    assert said is not None
    assert said.missing == (
        MissingFiles(
            4 * DAY - HOUR - 900, 3 * DAY, 4 * DAY, (("1", "eu-west-1"), ("1", "us-east-1")), ("StopLogging",)
        ),
        MissingFiles(4 * DAY - HOUR - 901, 3 * DAY, 4 * DAY - HOUR - 1, (("2", "eu-west-1"),)),
    )

"""What is new in a tree of log files: the first sightings that plain Python finds, whatever segments come and go."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of
from support.segments import MadeSegments

from ctui.files.counting import first_sightings
from ctui.files.counting.first_sightings import FirstSightings
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.sightings import FirstTimes, SeenWith, seen_in

START = datetime(2026, 11, 1, tzinfo=UTC)
ALICE: dict[str, object] = {"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/alice", "userName": "alice"}
CALLERS: tuple[dict[str, object], ...] = (
    ALICE, {"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/bob", "userName": "bob"},
    {"type": "AssumedRole", "arn": "arn:aws:sts::111111111111:assumed-role/Admin/one"},
    {"type": "AssumedRole", "arn": "arn:aws:sts::111111111111:assumed-role/Admin/two"},
    {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, {},
)  # fmt: skip
HOME = ("203.0.113.1", "aws-cli/2.1", "eu-west-1", "ec2.amazonaws.com")
ADDRESSES = ("203.0.113.1", "203.0.113.9", "198.51.100.1", "2001:db8::1", "2001:db8:0:9::1", "ec2.amazonaws.com")
AGENTS = ("aws-cli/1.1", "aws-cli/2.2", "Boto3/1.1", "Custom/1", "")
REGIONS = ("eu-west-1", "us-east-1", "")
SOURCES = ("ec2.amazonaws.com", "iam.amazonaws.com")


def call(number: int, second: int, who: dict[str, object], *seen_with: str, account: str = "1") -> Event:
    """An event with an address, an agent, a Region and a service."""
    ip, agent, region, source = seen_with
    record = {"userIdentity": who, "sourceIPAddress": ip, "userAgent": agent, "awsRegion": region}
    record["recipientAccountId"] = account
    return event_of(record, event_id=f"e{number}", time=START + timedelta(seconds=second), source=source)


def random_call(number: int, random: Random) -> Event:
    seen_with = map(random.choice, (ADDRESSES, AGENTS, REGIONS, SOURCES))
    second, who = random.randint(0, 40), random.choice(CALLERS)
    return call(number, second, who, *seen_with, account=random.choice(("1", "1", "2")))


def firsts(made: MadeSegments, ids: Iterable[int]) -> set[int]:
    """The rows that are the first sighting of something, by plain Python."""
    seen: dict[tuple[object, ...], list[tuple[datetime, int]]] = {}
    for row_id in ids:
        event = made.event(row_id)
        view = RecordView(event, made.region)
        who, values = seen_in(view)
        for what, value in zip(SeenWith, values, strict=True):
            if who and value:
                seen.setdefault((view.account(), who, what, value), []).append((event.time, row_id))
    return {row_id for rows in seen.values() for time, row_id in rows if time == min(rows)[0]}


@settings(max_examples=examples(40), deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_what_is_new_is_what_plain_python_finds_whatever_comes_and_goes(random: Random, dense: bool) -> None:
    made = MadeSegments()
    first = FirstSightings(made, 1)
    numbers = iter(range(1000))
    shown: set[int] = set()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(first_sightings, "_DENSE", first_sightings._DENSE if dense else 2)
        for _ in range(random.randint(1, 4)):
            made.scatter([random_call(next(numbers), random) for _ in range(random.randint(1, 25))], random)
            if random.random() < 0.2:
                made.leave([row for row in made.ids() if random.random() < 0.3])
            known = len(first.changes)
            assert first.update()
            expected = firsts(made, made.ids())
            assert first.rows.tolist() == sorted(expected)
            assert {one.event_id for one in made.events if one.event_id in first} == {
                made.event(row_id).event_id for row_id in expected
            }
            assert set(first.changes[known:]) == shown ^ expected
            shown = expected


def test_an_update_that_is_stopped_goes_on_with_the_next_one() -> None:
    made = MadeSegments()
    for second in (30, 20, 10):
        made.add([call(second, second, ALICE, *HOME)])
    first = FirstSightings(made, 1)
    assert [first.update(stopped=lambda: True) for _ in range(3)] == [False, False, True]
    assert set(first.rows) == firsts(made, made.ids())


def test_an_event_tells_of_what_it_is_the_first_sighting_and_over_how_long() -> None:
    day = 86_400
    elsewhere = ("198.51.100.7", "Boto3/1.2", "us-east-1", "iam.amazonaws.com")
    one, two = CALLERS[2:4]
    made = MadeSegments()
    made.add([call(3, 13 * day, ALICE, *HOME), call(4, 14 * day, ALICE, *HOME)])
    made.add([call(1, 12 * day, two, "203.0.113.200", *HOME[1:]), call(2, 12 * day + 1, two, *elsewhere)])
    made.add([call(0, 0, one, *HOME), call(5, 99 * day, ALICE, *HOME, account="2")])
    first = FirstSightings(made, 1)
    first.update()
    times = {made.event(row_id).event_id: first.of(row_id) for row_id in made.ids()}
    everything = tuple(zip(SeenWith, ("198.51.100.0/24", "boto3", "us-east-1", "iam.amazonaws.com"), strict=True))
    home = tuple(zip(SeenWith, ("203.0.113.0/24", "the AWS CLI", "eu-west-1", "ec2.amazonaws.com"), strict=True))
    assert times == {
        "e0": FirstTimes(home, caller_is_new=True, seconds=0),
        "e1": None,
        "e2": FirstTimes(everything, caller_is_new=False, seconds=12 * day + 1),
        "e3": FirstTimes(home, caller_is_new=True, seconds=13 * day),
        "e4": None,
        "e5": FirstTimes(home, caller_is_new=True, seconds=0),
    }
    assert first.of(made.ids()[0] + 100) is None


def test_numbers_are_told_apart_however_high_they_are() -> None:
    for highest in (5, first_sightings._DENSE * 2):
        different, of_row = first_sightings._different(np.array([highest, 0, highest, 3], np.int64))
        assert different[of_row].tolist() == [highest, 0, highest, 3]
        assert different.tolist() == [0, 3, highest]

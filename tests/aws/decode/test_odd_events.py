"""Events that are not as the API says, over real HTTP: one that is odd costs no other, and is kept as it came."""

import json
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from support.fakes.http_service import HttpService

from ctui.aws.client import AwsGateway
from ctui.model.connection import Scope
from ctui.model.event.event import HASHED_ID_PREFIX, event_id_of
from ctui.model.lookup.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCAN = Scan(Scope("aws", "111111111111", "eu-west-1"), None, 1_700_000_000)
JSON = "application/x-amz-json-1.1"


def at(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


BEFORE = '{"EventId": "before", "EventTime": 1699999990, "EventName": "PutObject", "CloudTrailEvent": "{}"}'
BEHIND = '{"EventId": "behind", "EventTime": 1699999980, "EventName": "GetObject", "CloudTrailEvent": "{}"}'
RECORDED = r'"{\"eventTime\": \"2023-11-14T22:13:05Z\"}"'
DEEP = "[" * 5_000 + "]" * 5_000
WHOLE = {"EventId": '"odd"', "EventTime": "1699999985", "EventName": '"Odd"', "CloudTrailEvent": '"{}"'}


def odd(**parts: str | None) -> str:
    """An event with these parts written so; None leaves one out."""
    values = {**WHOLE, **parts}
    members = ", ".join(f'"{name}": {part}' for name, part in values.items() if part is not None)
    return f"{{{members}}}"


class Odd(NamedTuple):
    """An event as it came, what becomes of it, and the beginnings of what is told of it."""

    part: str
    lost: bool
    timed: bool
    kept: dict[str, object]
    reasons: list[str]


@pytest.mark.parametrize(
    "case",
    [
        Odd(odd(ReadOnly="true"), False, True, {"read_only": "true"}, ["ReadOnly is true, not text"]),
        Odd(odd(ReadOnly="false"), False, True, {"read_only": "false"}, ["ReadOnly is false"]),
        Odd(odd(Username="42"), False, True, {"username": "42"}, ["Username is 42"]),
        Odd(odd(Username="9" * 5_000), False, True, {"username": "9" * 5_000}, ["Username is 999"]),
        Odd(odd(Username="1e999"), False, True, {"username": "1e999"}, ["Username is 1e999"]),
        Odd(
            odd(Username="{}"),
            True,
            True,
            {"username": None, "name": "Odd"},
            ["Username should be text, but is {}"],
        ),
        Odd(
            odd(Username=DEEP),
            True,
            True,
            {"username": None},
            ["Username should be text, but is [[[", "10,000 characters"],
        ),
        Odd(odd(Username="NaN"), True, True, {"username": None}, ["Username should be text, but is NaN"]),
        Odd(odd(Username=r'"a\ud800b"'), False, True, {"username": "a\ufffdb"}, ["Username has invalid characters"]),
        Odd(odd(Username=r'"a\qb"'), True, True, {"username": None}, [r'Username should be text, but is "a\qb"']),
        Odd(
            odd(EventTime="0", CloudTrailEvent=RECORDED),
            True,
            True,
            {"time": at(1_699_999_985)},
            ["EventTime should be a time after CloudTrail began in 2013, but is 0", "the record's eventTime"],
        ),
        Odd(odd(EventTime="0"), True, False, {"name": "Odd"}, ["EventTime should be a time after CloudTrail began"]),
        Odd(
            odd(CloudTrailEvent=r'"{\"eventTime\": \"2023-11-04T22:13:05Z\"}"'),
            True,
            False,
            {"name": "Odd"},
            ["EventTime should be close to the record's eventTime, but is 1699999985"],
        ),
        Odd(
            odd(EventTime=None, CloudTrailEvent=r'"{\"eventTime\": \"1970-01-01T00:00:00Z\"}"'),
            True,
            False,
            {"name": "Odd"},
            ["EventTime is missing"],
        ),
        Odd(odd(EventId="7"), False, True, {"event_id": "7"}, ["EventId is 7"]),
        Odd(
            odd(EventName="[1]"),
            True,
            True,
            {"name": None, "event_id": "odd"},
            ["EventName should be text, but is [1]"],
        ),
        Odd(odd(EventSource="0"), False, True, {"source": "0"}, ["EventSource is 0"]),
        Odd(odd(AccessKeyId="{}"), True, True, {"access_key_id": None}, ["AccessKeyId should be text, but is {}"]),
        Odd(odd(Resources="[null]"), False, True, {"resources": ()}, ["Resources[0] is null; skipped"]),
        Odd(odd(Resources="{}"), True, True, {"resources": ()}, ["Resources should be a list, but is {}"]),
        Odd(odd(Resources='"logs"'), True, True, {"resources": ()}, ['Resources should be a list, but is "logs"']),
        Odd(
            odd(Resources='[3, {"ResourceName": 4}]'),
            True,
            True,
            {},
            ["Resources[0] should be an object, but is 3", "Resources[1].Resou"],
        ),
        Odd(odd(CloudTrailEvent='{"a": [1]}'), False, True, {"record": '{"a": [1]}'}, ["CloudTrailEvent is an obj"]),
        Odd(
            odd(CloudTrailEvent="12"),
            True,
            True,
            {"record": "12"},
            ["CloudTrailEvent should be a record, but is 12"],
        ),
        Odd(
            odd(EventTime="1699999985000"),
            True,
            False,
            {"name": "Odd"},
            ["EventTime should be a time, but is 1699999985000"],
        ),
        Odd(odd(EventTime="NaN"), True, False, {"name": "Odd"}, ["EventTime should be a time, but is NaN"]),
        Odd(odd(EventTime="Infinity"), True, False, {"name": "Odd"}, ["EventTime should be a time, but is Infinity"]),
        Odd(odd(EventTime="1e30"), True, False, {"name": "Odd"}, ["EventTime should be a time, but is 1e30"]),
        Odd(odd(EventTime="-5"), True, False, {"name": "Odd"}, ["EventTime should be a time, but is -5"]),
        Odd(odd(EventTime="true"), True, False, {"name": "Odd"}, ["EventTime should be a time, but is true"]),
        Odd(odd(EventTime='"soon"'), True, False, {"name": "Odd"}, ['EventTime should be a time, but is "soon"']),
        Odd(odd(EventTime=None), True, False, {"name": "Odd"}, ["EventTime is missing"]),
        Odd(odd(EventTime="null"), True, False, {"name": "Odd"}, ["EventTime is missing"]),
        Odd(
            odd(EventTime="1699999985000", CloudTrailEvent=RECORDED),
            True,
            True,
            {"time": at(1_699_999_985)},
            ["EventTime should be a time, but is 1699999985000", "the record's eventTime is used"],
        ),
        Odd(
            odd(EventTime="1", Username='"a", "EventTime": "x"'),
            True,
            False,
            {},
            ['EventTime should be a time, but is "x"'],
        ),
        Odd(
            odd(EventId="null", Username="[]"),
            True,
            True,
            {"event_id": event_id_of(None, "{}")},
            ["Username should be text, but is []"],
        ),
        Odd("null", True, False, {"name": None, "record": ""}, ["The event should be an object, but is null"]),
        Odd("7", True, False, {"name": None, "record": ""}, ["The event should be an object, but is 7"]),
        Odd('"PutObject"', True, False, {"name": None}, ['The event should be an object, but is "PutObject"']),
        Odd("[]", True, False, {"name": None}, ["The event should be an object, but is []"]),
        Odd(
            '{"EventId" "x"}',
            True,
            False,
            {"name": None},
            ['The event should be an object, but is {"EventId" "x"}'],
        ),
    ],
    ids=lambda case: case.reasons[0][:40],
)
async def test_one_odd_event_costs_no_other_and_is_kept_as_it_came(
    service: HttpService, gateway: AwsGateway, case: Odd
) -> None:
    service.says_bytes(f'{{"Events": [{BEFORE}]}}'.encode(), JSON)
    (healthy,) = (await gateway.lookup_events(SCAN, None)).events
    service.says_bytes(f'{{"Events": [{BEFORE}, {case.part}, {BEHIND}], "NextToken": "t2"}}'.encode(), JSON)
    page = await gateway.lookup_events(SCAN, None)
    before, event, behind = page.events
    assert (before, behind.event_id, behind.time) == (healthy, "behind", at(1_699_999_980))
    assert (page.next_token, len(page.events)) == ("t2", 3)
    assert (event.unreadable, event.timed) == (case.lost, case.timed)
    assert {name: getattr(event, name) for name in case.kept} == case.kept
    assert event.time == (at(1_699_999_985) if case.timed else before.time), "without a time it stands where it came"
    assert event.oddity is not None
    for reason in case.reasons:
        assert any(reason in told for told in event.oddity.reasons), event.oddity.reasons
    assert event.oddity.as_it_came == (case.part if case.lost else "")
    assert event.body


async def test_bytes_that_are_no_utf_8_cost_their_own_text_alone(service: HttpService, gateway: AwsGateway) -> None:
    part = odd(Username="?").encode().replace(b"?", b'"a\xff"')
    service.says_bytes(b'{"Events": [%s, %s]}' % (part, BEHIND.encode()), JSON)
    first, second = (await gateway.lookup_events(SCAN, None)).events
    assert (first.username, second.event_id) == ("a\ufffd", "behind")


async def test_two_ids_that_cannot_be_read_are_not_one(service: HttpService, gateway: AwsGateway) -> None:
    parts = [odd(EventId="?").encode().replace(b"?", text) for text in (b'"a\xff"', b'"a\xfe"', rb'"a\ud800"')]
    service.says_bytes(b'{"Events": [%s, %s, %s]}' % tuple(parts), JSON)
    events = (await gateway.lookup_events(SCAN, None)).events
    assert len({event.event_id for event in events}) == 3
    assert (await gateway.lookup_events(SCAN, None)).events == events, "and they are known again"


async def test_an_event_that_is_well_is_the_same_beside_an_odd_one(service: HttpService, gateway: AwsGateway) -> None:
    newest = 1_699_999_990
    plain = [
        {"EventTime": newest},
        {"EventTime": newest - 1, "CloudTrailEvent": "{}"},
        {"CloudTrailEvent": json.loads(RECORDED)},
    ]
    service.says({"Events": plain})
    alone = (await gateway.lookup_events(SCAN, None)).events
    service.says({"Events": [*plain, None]})
    assert (await gateway.lookup_events(SCAN, None)).events[:3] == alone


async def test_events_that_are_nothing_are_told_from_each_other_and_known_again(
    service: HttpService, gateway: AwsGateway
) -> None:
    body = f'{{"Events": [null, null, {BEFORE}, null, {odd(EventTime=None, EventId=None, CloudTrailEvent=None)}]}}'
    service.says_bytes(body.encode(), JSON)
    first, second = [(await gateway.lookup_events(SCAN, None)).events for _ in range(2)]
    assert first == second
    assert len({event.event_id for event in first}) == 5
    assert all(event.event_id.startswith(HASHED_ID_PREFIX) for event in first if event is not first[2])


async def test_a_page_without_any_time_is_listed_where_the_question_ends(
    service: HttpService, gateway: AwsGateway
) -> None:
    service.says({"Events": [None, {"EventId": "x"}], "NextToken": "t2"})
    page = await gateway.lookup_events(SCAN, None)
    assert [(event.time, event.timed) for event in page.events] == [(at(SCAN.end), False)] * 2
    assert all(event.unreadable for event in page.events)

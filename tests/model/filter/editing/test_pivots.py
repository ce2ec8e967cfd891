"""Pivots: the values of an event as questions, each of which finds the event it comes from."""

import json
from datetime import UTC, datetime

import pytest
from support.plain_readings import event_around
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.event import Event, Resource
from ctui.model.filter.contradiction import contradiction
from ctui.model.filter.editing.completion import paths_of
from ctui.model.filter.editing.pivots import LETTERS, Pivot, PivotHow, pivoted, pivots_at, pivots_of
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter, field_values
from ctui.model.filter.write import write_filter

NOW = datetime(2026, 11, 28, 14, tzinfo=UTC)
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/legacy"
EVENT = event_of(
    {
        "userIdentity": {
            "arn": "arn:aws:sts::111111111111:assumed-role/Admin/alice@example.com",
            "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {"sourceIdentity": "alice"},
        },
        "sourceIPAddress": "203.0.113.66",
        "errorCode": "AccessDenied",
        "errorMessage": "User may not do this",
        "requestID": "9f3b",
        "requestParameters": {"name": "legacy", "tagList": [{"key": "a b"}]},
    },
    time=datetime(2026, 11, 27, 6, 51, 53, tzinfo=UTC),
    name="StopLogging",
    username="alice@example.com",
    access_key_id="ASIAEXAMPLE",
    resources=(Resource("AWS::CloudTrail::Trail", TRAIL), Resource("AWS::CloudTrail::Trail", "legacy")),
)


def rows(pivots: tuple[Pivot, ...]) -> list[tuple[str, str, str]]:
    return [(pivot.letter, pivot.label, write_filter(pivot.line)) for pivot in pivots]


def test_an_event_offers_each_value_that_others_may_share() -> None:
    assert rows(pivots_of(EVENT, "us-east-1")) == [
        ("u", "user", "user:alice@example.com"),
        ("b", "about user", "about:alice@example.com"),
        ("o", "role", "role:Admin"),
        ("s", "session", "session:alice@example.com"),
        ("", "session", "session:alice"),
        ("k", "key", "key:ASIAEXAMPLE"),
        ("i", "ip", "ip:203.0.113.66"),
        ("e", "event", "name:StopLogging"),
        ("r", "resource", f"about:{TRAIL}"),
        ("2", "resource", "about:legacy"),
        ("x", "error", "error:AccessDenied"),
        ("d", "request ID", "requestID:9f3b"),
        ("a", "around", "since:2026-11-27T06:36:53Z until:2026-11-27T07:06:53Z"),
    ]


def test_letters_are_given_once_and_known_without_an_event() -> None:
    resources = tuple(Resource(None, f"r{n}") for n in range(20))
    pivots = pivots_of(event_of(json.loads(EVENT.record), resources=resources, username="a", name="b"), "")
    letters = [pivot.letter for pivot in pivots if pivot.letter]
    assert len(letters) == len(set(letters))
    assert {letter for letter in letters if not letter.isdigit()} - {"a"} <= set(LETTERS)
    assert [pivot.text for pivot in pivots if pivot.label == "resource"] == [f"r{n}" for n in range(20)]


@pytest.mark.parametrize("record", ["", "[]", '{"userIdentity": 1, "requestID": [], "sourceIPAddress": {}}'])
def test_of_an_odd_event_the_time_is_left(record: str) -> None:
    assert [pivot.letter for pivot in pivots_of(event_of(record), "")] == ["a"]


def test_a_value_too_long_for_a_line_is_not_offered() -> None:
    event = event_of({"requestID": "x" * 3000}, username="u" * 3000)
    assert [pivot.label for pivot in pivots_of(event, "")] == ["around"]
    assert pivots_at(event, "", "requestID", "x" * 3000) == ()


@pytest.mark.parametrize(
    ("line", "letter", "how", "after"),
    [
        ("is:error", "u", PivotHow.REPLACE, "user:alice@example.com"),
        ("is:error since:2h", "k", PivotHow.REPLACE, "key:ASIAEXAMPLE since:2h"),
        ("is:error", "k", PivotHow.ADD, "is:error key:ASIAEXAMPLE"),
        ("is:error", "k", PivotHow.EXCLUDE, "is:error -key:ASIAEXAMPLE"),
        ("key:ASIAEXAMPLE is:error", "k", PivotHow.ADD, "is:error key:ASIAEXAMPLE"),
        # With both, no event would match.
        ("-key:ASIAEXAMPLE", "k", PivotHow.ADD, "key:ASIAEXAMPLE"),
        ("key:ASIAEXAMPLE", "k", PivotHow.EXCLUDE, "-key:ASIAEXAMPLE"),
        ("is:error 2h", "a", PivotHow.REPLACE, "since:2026-11-27T06:36:53Z until:2026-11-27T07:06:53Z"),
        ("is:error 2h", "a", PivotHow.ADD, "is:error since:2026-11-27T06:36:53Z until:2026-11-27T07:06:53Z"),
        ("is:error 2h", "a", PivotHow.EXCLUDE, "is:error since:2h"),
        ("user:a OR user:b", "x", PivotHow.ADD, "(user:a OR user:b) error:AccessDenied"),
    ],
)
def test_a_pivot_replaces_the_line_or_becomes_part_of_it(line: str, letter: str, how: PivotHow, after: str) -> None:
    (pivot,) = [one for one in pivots_of(EVENT, "us-east-1") if one.letter == letter]
    assert write_filter(pivoted(parse_filter(line), pivot, how)) == after


@pytest.mark.parametrize(
    ("path", "value", "offered"),
    [
        (
            "userIdentity.accessKeyId",
            "ASIAEXAMPLE",
            [
                ("k", "key", "key:ASIAEXAMPLE"),
                ("w", "who", "who:ASIAEXAMPLE"),
                ("p", "userIdentity.accessKeyId", "userIdentity.accessKeyId:ASIAEXAMPLE"),
                ("y", "anywhere", "ASIAEXAMPLE"),
            ],
        ),
        (
            "requestParameters.tagList.key",
            "a b",
            [
                ("b", "about", 'about:"a b"'),
                ("p", "requestParameters.tagList.key", 'requestParameters.tagList.key:"a b"'),
                ("y", "anywhere", '"a b"'),
            ],
        ),
        ("odd path.x", "zz", [("y", "anywhere", "zz")]),
        ("userIdentity.accessKeyId", "", []),
    ],
)
def test_a_value_of_a_record_is_asked_as_its_field_its_path_or_anywhere(
    path: str, value: str, offered: list[tuple[str, str, str]]
) -> None:
    assert rows(pivots_at(EVENT, "us-east-1", path, value)) == offered


def events() -> list[Event]:
    return [*looked_up(), *(event_around(one, json.dumps(one)) for one in real_records()[::3])]


@pytest.mark.story
def test_each_pivot_of_a_real_event_finds_it_and_can_be_typed() -> None:
    for event in events():
        for pivot in pivots_of(event, "nowhere"):
            line = parse_filter(write_filter(pivot.line))
            assert line == pivot.line, pivot
            if pivot.letter == "b":
                # What names a user is seldom what the user did.
                continue
            assert compile_filter(line, NOW)(event, "nowhere"), pivot
            excluded = pivoted(parse_filter(""), pivot, PivotHow.EXCLUDE)
            assert pivot.term is None or not compile_filter(excluded, NOW)(event, "nowhere"), pivot
            assert contradiction(pivoted(excluded, pivot, PivotHow.ADD)) == ()


@pytest.mark.story
def test_each_value_of_a_real_record_can_be_asked_for() -> None:
    for event in events()[::20]:
        for path in dict.fromkeys(paths_of(event)):
            for value in field_values(path, event, ""):
                for pivot in pivots_at(event, "", path, value):
                    assert compile_filter(parse_filter(write_filter(pivot.line)), NOW)(event, ""), (path, pivot)

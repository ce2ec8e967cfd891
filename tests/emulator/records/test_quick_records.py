"""The quick way through a log file gives the same events and the same reasons as the thorough one, and is taken."""

import json
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.real_records import real_records

from ctui.emulator.records.envelope import envelope
from ctui.emulator.records.load import events_in
from ctui.emulator.records.quick_records import quick_event
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.unpacking import records

ACCOUNT = "111111111111"
PLAIN: dict[str, Any] = {
    "eventVersion": "1.11",
    "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/web/i-1", "accessKeyId": "ASIA1"},
    "eventTime": "2026-11-01T12:00:00Z",
    "eventSource": "ec2.amazonaws.com",
    "eventName": "RunInstances",
    "awsRegion": "eu-west-1",
    "requestParameters": {"instancesSet": {"items": [{"imageId": "ami-1"}]}},
    "responseElements": {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-1"}]}},
    "eventID": "e-1",
    "readOnly": False,
    "managementEvent": True,
    "eventCategory": "Management",
}


def quick(text: str) -> Recorded | None:
    return quick_event(msgspec.Raw(text), account=ACCOUNT)


def thorough(text: str) -> object:
    return envelope(json.loads(text), account=ACCOUNT, origin=Origin.LOADED, text=text)


def test_real_records_are_read_the_same_and_nearly_all_of_them_quickly() -> None:
    texts = [json.dumps(record) for record in real_records()]
    read = [(quick(text), text) for text in texts]
    assert all(event == thorough(text) for event, text in read if event is not None)
    assert sum(event is not None for event, _ in read) > 0.95 * len(texts)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=4),
    st.sampled_from(
        ["true", "false", "Insight", "Data", "NetworkActivity", "AwsCloudTrailInsight", "Root", "AWSService", "IAMUser"]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["imageId", "userName", "arn", "type", "x"]), st.text(max_size=3), max_size=3),
)
NAMES = (*PLAIN, "@timestamp", "eventType", "CloudTrailEvent", "Records", "Events", "digestS3Object", "insightDetails")


@settings(max_examples=300, deadline=None)
@given(changed=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4), left_out=st.sets(st.sampled_from(NAMES)))
def test_whatever_a_record_has_the_quick_way_says_the_same_or_nothing(
    changed: dict[str, Any], left_out: set[str]
) -> None:
    record = {name: value for name, value in (PLAIN | changed).items() if name not in left_out or name in changed}
    text = json.dumps(record)
    event = quick(text)
    assert event is None or event == thorough(text)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PLAIN).replace('"e-1"', '"\\ud800"'),
        json.dumps(PLAIN).replace('"ami-1"', '"\\udc00"'),
        json.dumps(PLAIN).replace('"ami-1"', "NaN"),
        json.dumps(PLAIN).replace('"ami-1"', "[" * 2000 + "]" * 2000),
        json.dumps(PLAIN).replace("2026-11-01T12:00:00Z", "yesterday"),
        json.dumps(PLAIN).replace("eu-west-1", "mars!"),
        "[]",
        "5",
    ],
)
def test_what_is_unusual_is_left_to_the_thorough_way(text: str) -> None:
    assert quick(text) is None


STAMPS = (
    "2026-11-01T12:00:00Z",
    "2026-11-01T23:59:59Z",
    "2026-W45-1T12:00:05Z",
    "0001-01-01T00:00:00Z",
    "2026-11-01T12:00:60Z",
    "2026-11-01T12:00:5xZ",
    "2026-11-01T12:00:٠٠Z",
    "2026-11-01T12-00-05Z",
    "2026-11-31T12:00:05Z",
    "20261101T120005.012Z",
    "2026-11-01T12:00:05+01:00",
    "2026-11-01T12:00:05.9Z",
    "2026-11-01 12:00:05Z",
    "2026-11-01T12:00:05z",
    "2026-11-01",
    "",
)


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_time_is_read_the_same_or_left_to_the_thorough_way(stamp: str) -> None:
    text = json.dumps({**PLAIN, "eventTime": stamp})
    assert (event := quick(text)) is None or event == thorough(text)


def lines(*records: object) -> str:
    return "\n".join(json.dumps(record) for record in records)


OTHER = {**PLAIN, "eventID": "e-2", "userIdentity": None}
DATA_EVENT = {**PLAIN, "eventID": "e-3", "managementEvent": False}
ANSWER = {"EventId": "e-4", "EventTime": 1_780_000_000, "CloudTrailEvent": json.dumps(PLAIN)}
DIGEST = {"digestStartTime": "x", "digestS3Object": "y", "digestPublicKeyFingerprint": "z"}
FILES: list[tuple[str, int]] = [
    (json.dumps({"Records": [PLAIN, OTHER, DATA_EVENT, 5, ANSWER]}), 3),
    (json.dumps({"Records": [PLAIN, DIGEST, {"Records": [OTHER]}]}, indent=2), 2),
    (json.dumps([{"Records": [PLAIN]}, {"Records": [OTHER, OTHER]}]), 3),
    (json.dumps({"Records": [PLAIN], "more": 1}), 1),
    (json.dumps({"Events": [ANSWER]}), 1),
    (json.dumps([PLAIN, OTHER]), 2),
    (lines(PLAIN, OTHER, DATA_EVENT, ANSWER, DIGEST, {"Records": [PLAIN]}, [OTHER]), 5),
    (lines(PLAIN) + lines(OTHER) + "\n\n", 2),
    (lines(PLAIN) + "\nthis is no JSON\n" + lines(OTHER), 2),
    (lines({"Records": [PLAIN, OTHER]})[:-20], 1),
    (lines({**PLAIN, "eventName": "\ud800"}, OTHER), 2),
    ("", 0),
    ("null", 0),
]


@pytest.mark.parametrize(("text", "events"), FILES, ids=range(len(FILES)))
def test_a_file_gives_the_same_events_and_reasons(monkeypatch: pytest.MonkeyPatch, text: str, events: int) -> None:
    def read() -> tuple[list[Recorded], Counter[str]]:
        reasons: Counter[str] = Counter()
        return list(events_in([text.encode()], ACCOUNT, reasons)), reasons

    quickly = read()
    monkeypatch.setattr(records, "_values_of", records.Thorough)
    assert quickly == read()
    assert len(quickly[0]) == events

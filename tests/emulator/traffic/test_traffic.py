"""Sample traffic: the same for the same seed, believable in its parts, and with an incident that can be found."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from ctui.emulator.options import Lag
from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.traffic import WEEK, incident_begins, incident_stop, live, past
from ctui.model.lookup.lookup import Category

ACCOUNT, NOW = "111111111111", 1_795_348_800
DOCUMENTATION = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


@pytest.fixture(scope="module")
def week() -> list[Recorded]:
    return list(past(7, ACCOUNT, NOW, Lag.REAL))


@pytest.fixture(scope="module")
def history(week: list[Recorded], tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventHistory]:
    opened = EventHistory(tmp_path_factory.mktemp("traffic") / "state.db")
    opened.add(week)
    yield opened
    opened.close()


def found(history: EventHistory, key: str, value: str, region: str = "us-east-1") -> list[Recorded]:
    """All events with an attribute, oldest first."""
    query = Query(ACCOUNT, region, 0, NOW, NOW, history.top(), (key, value))
    return history.page(query, None, 1000)[0][::-1]


def test_the_incident_has_insights_events_with_its_own_rates(week: list[Recorded]) -> None:
    with_insights = list(past(7, ACCOUNT, NOW, Lag.REAL, insights=True))
    unusual = [event for event in with_insights if event.category is Category.INSIGHT]
    assert [event for event in with_insights if event.category is Category.MANAGEMENT] == week
    details = [json.loads(event.record)["insightDetails"] for event in unusual]
    assert {(one["insightType"], one["eventName"], one["state"]) for one in details} == {
        (kind, name, state)
        for kind, name in (("ApiCallRateInsight", "StopLogging"), ("ApiErrorRateInsight", "GetSecretValue"))
        for state in ("Start", "End")
    }
    shared = Counter(json.loads(event.record)["sharedEventID"] for event in unusual)
    assert sorted(shared.values()) == [2, 2]
    begun = {event.name: event.time for event, one in zip(unusual, details, strict=True) if one["state"] == "Start"}
    for event, one in zip(unusual, details, strict=True):
        if one["state"] == "End":
            statistics = one["insightContext"]["statistics"]
            assert event.time - begun[event.name] == 60 * statistics["insightDuration"]
            counted = [
                call
                for call in week
                if call.name == event.name
                and begun[event.name] <= call.time < event.time
                and json.loads(call.record).get("errorCode")
                == one.get("errorCode", json.loads(call.record).get("errorCode"))
            ]
            assert statistics["insight"]["average"] == pytest.approx(len(counted) / statistics["insightDuration"])


def test_a_week_is_the_same_for_the_same_seed_and_instant(week: list[Recorded]) -> None:
    assert list(past(7, ACCOUNT, NOW, Lag.REAL)) == week
    other = {event.event_id for event in past(8, ACCOUNT, NOW, Lag.REAL)}
    assert not other & {event.event_id for event in week}


def test_a_week_is_of_a_believable_size_and_kind(week: list[Recorded]) -> None:
    assert 8_000 <= len(week) <= 16_000
    assert len({event.event_id for event in week}) == len(week)
    assert all(NOW - WEEK <= event.time < NOW and event.origin is Origin.SEEDED for event in week)
    assert all(event.time < event.available <= event.time + 606 for event in week)
    records = [json.loads(event.record) for event in week]
    kinds = {record["userIdentity"].get("type") for record in records}
    assert kinds == {"IAMUser", "AssumedRole", "AWSService", "AWSAccount", "WebIdentityUser", "Root", None} | {
        "SAMLUser",
        "IdentityCenterUser",
    }
    regions = Counter(event.region for event in week)
    assert set(regions.most_common(2)[0]) | set(regions.most_common(2)[1]) >= {"us-east-1", "eu-west-1"}
    assert all(event.region == "us-east-1" for event in week if event.source in {"iam.amazonaws.com"})
    refused = [record for record in records if "errorCode" in record]
    assert 50 < len(refused) < len(records) / 10
    assert any("sharedEventID" in record for record in records)


def test_addresses_and_keys_are_nobodys(week: list[Recorded]) -> None:
    for event in week:
        record = json.loads(event.record)
        source = record["sourceIPAddress"]
        if not source.endswith(".amazonaws.com"):
            assert any(ip_address(source) in net for net in DOCUMENTATION)
        assert event.access_key_id is None or event.access_key_id.endswith("EXAMPLE")


def test_people_sign_in_with_and_without_mfa_and_one_mistypes(history: EventHistory) -> None:
    logins = [json.loads(event.record) for event in found(history, "EventName", "ConsoleLogin")]
    assert {login["additionalEventData"]["MFAUsed"] for login in logins} == {"Yes", "No"}
    federated = [login for login in logins if login["userIdentity"]["type"] == "AssumedRole"]
    assert {login["additionalEventData"]["MFAUsed"] for login in federated} == {"No"}, "AWS knows no MFA of them"
    assert {login["responseElements"]["ConsoleLogin"] for login in logins} == {"Success", "Failure"}
    assert found(history, "Username", "root")


def test_the_incident_unfolds_from_one_stopped_trail(history: EventHistory) -> None:
    stops = found(history, "EventName", "StopLogging")
    stopped = [event for event in stops if "errorCode" not in json.loads(event.record)]
    assert [(event.time, event.resources[0].name) for event in stopped] == [(incident_stop(7, NOW), "legacy")]
    thief = stopped[0].username
    assert thief is not None
    creation = [event for event in found(history, "ResourceName", thief) if event.name == "CreateUser"]
    key = creation[0].access_key_id
    assert key is not None
    names = [event.name for event in found(history, "AccessKeyId", key)]
    assert names[0] == "GetCallerIdentity"
    assert {"ListBuckets", "GetSecretValue", "CreateUser", "CreateAccessKey", "AttachUserPolicy"} <= set(names)
    assert found(history, "AccessKeyId", key)[0].time == incident_begins(7, NOW)
    codes = Counter(json.loads(event.record).get("errorCode") for event in found(history, "AccessKeyId", key))
    assert codes["AccessDenied"] >= 5
    foreign = {json.loads(event.record)["sourceIPAddress"] for event in found(history, "AccessKeyId", key)}
    assert foreign == {"203.0.113.66"}
    # The same key, seen in the other Regions it tried.
    assert found(history, "AccessKeyId", key, "ap-southeast-1")


def test_hostile_texts_are_in_the_week(week: list[Recorded]) -> None:
    agents = "".join(json.loads(event.record)["userAgent"] for event in week if "203.0.113.66" in event.record)
    names = "".join(resource.name or "" for event in week for resource in event.resources)
    for mark in ("[@click=", "\x1b", "\u202e"):
        assert mark in agents
        assert mark in names


@pytest.mark.parametrize("now", [NOW, NOW + 3599, NOW + 40_000, NOW + 86_399])
@pytest.mark.parametrize("seed", [0, 1, 99])
def test_the_incident_lies_within_the_week_and_is_over(seed: int, now: int) -> None:
    assert now - WEEK < incident_begins(seed, now) < incident_stop(seed, now) < now - 6 * 3600


def test_live_traffic_is_the_same_however_it_is_asked_for() -> None:
    whole = live(7, ACCOUNT, NOW, NOW + 4000, Lag.NONE)
    steps = [0, 1, 2, 700, 1800, 3599, 3601, 4000]
    parts = [event for a, b in itertools.pairwise(steps) for event in live(7, ACCOUNT, NOW + a, NOW + b, Lag.NONE)]
    assert parts == whole
    assert all(event.origin is Origin.LIVE and NOW <= event.time < NOW + 4000 for event in whole)
    gaps = [after.time - before.time for before, after in itertools.pairwise(whole)]
    assert max(gaps) < 60


def test_live_traffic_goes_on_where_the_past_ends(week: list[Recorded]) -> None:
    later = live(7, ACCOUNT, NOW, NOW + 3600, Lag.NONE)
    assert later
    assert not {event.event_id for event in later} & {event.event_id for event in week}
    assert live(7, ACCOUNT, NOW, NOW, Lag.NONE) == []


def test_the_trails_it_names_keep_their_bucket_names(week: list[Recorded]) -> None:
    buckets = {resource.name for event in week for resource in event.resources if resource.type == "AWS::S3::Bucket"}
    assert {"org-audit-logs-111111111111", "app-trail-logs-111111111111"} <= buckets

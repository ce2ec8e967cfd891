"""The sample traffic of an organization: six Regions in each account, one incident that runs through all of them."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from support.organization import DEV, PRODUCTION, SHARED, client_of

from ctui.emulator.account.account_file import read_world
from ctui.emulator.options import EmulatorOptions, Lag
from ctui.emulator.records.recorded import Recorded
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.traffic import WEEK, live, past
from ctui.model.lookup.lookup import Category

NOW, SEED = 1_795_348_800, 7
WORLD = read_world(None, organization=True)
SIX = set(WORLD.accounts[0].traffic_regions)
PATIENT = {"read_timeout": 600}
"""A page waits until the sample traffic that it needs has been made."""
THIEF = "203.0.113.66"

Records = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def weeks() -> dict[str, list[Recorded]]:
    """The events of each account, newest first."""
    return {
        account.id: list(
            past(
                SEED,
                account.id,
                NOW,
                Lag.NONE,
                insights=any(trail.insights for trail in account.trails),
                regions=account.traffic_regions,
                organization=WORLD.organization,
            )
        )
        for account in WORLD.accounts
    }


@pytest.fixture(scope="module")
def records(weeks: dict[str, list[Recorded]]) -> Records:
    """The records of each account's management events, oldest first."""
    return {
        account: [json.loads(event.record) for event in reversed(week) if event.category is Category.MANAGEMENT]
        for account, week in weeks.items()
    }


def test_each_account_has_traffic_in_six_regions_on_each_day(weeks: dict[str, list[Recorded]]) -> None:
    for week in weeks.values():
        assert [event.time for event in week] == sorted((event.time for event in week), reverse=True)
        assert all(NOW - WEEK <= event.time < NOW for event in week)
        days = Counter((event.region, (event.time - NOW) // 86400) for event in week)
        assert days.keys() == set(itertools.product(SIX, range(-7, 0)))
        assert min(days.values()) > 100
    ids = [event.event_id for week in weeks.values() for event in week]
    assert len(set(ids)) == len(ids)


def test_a_role_that_is_assumed_across_accounts_is_recorded_in_both(records: Records) -> None:
    shared: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for account, found in records.items():
        assert {record["recipientAccountId"] for record in found} == {account}
        for record in found:
            caller = record["userIdentity"].get("accountId")
            if record["eventName"] == "AssumeRole" and caller not in (None, role_account(record)):
                shared[record["sharedEventID"]].append(record)
    assert len(shared) > 20
    own = {"userIdentity", "eventID", "recipientAccountId"}
    for both in shared.values():
        here, there = sorted(both, key=lambda record: record["userIdentity"]["type"] == "AWSAccount")
        assert there["recipientAccountId"] == role_account(there)
        assert here["recipientAccountId"] == here["userIdentity"]["accountId"]
        caller = there["userIdentity"]
        assert caller == {name: here["userIdentity"].get(name) for name in caller} | {"type": "AWSAccount"}
        assert here["eventID"] != there["eventID"]
        assert {name for name in here if here[name] != there[name]} == own
    assert {(role_account(one), role_name(one)) for one, _ in shared.values()} == {
        (SHARED, "deploy-hub"),
        (PRODUCTION, "OrganizationAccountAccessRole"),
        (PRODUCTION, "prod-deploy"),
        (DEV, "monitor-readonly"),
        (PRODUCTION, "monitor-readonly"),
    }


def role_account(record: dict[str, Any]) -> str:
    """The account of the role that is assumed."""
    return str(record["requestParameters"]["roleArn"].split(":")[4])


def role_name(record: dict[str, Any]) -> str:
    """The name of the role that is assumed."""
    return str(record["requestParameters"]["roleArn"].rpartition("/")[2])


def test_the_incident_leads_from_the_leaked_key_to_the_damage_in_production(records: Records) -> None:
    (made,) = (one for one in records[DEV] if one["eventName"] == "CreateAccessKey" and one["sourceIPAddress"] == THIEF)
    assert made["userIdentity"]["userName"] == "deploy-bot"
    key, since = made["responseElements"]["accessKey"]["accessKeyId"], made["eventTime"]
    for account, following in ((DEV, SHARED), (SHARED, PRODUCTION)):
        (step,) = (one for one in made_with(records[account], key) if one["eventName"] == "AssumeRole")
        assert role_account(step) == following
        assert step["eventTime"] >= since
        key, since = step["responseElements"]["credentials"]["accessKeyId"], step["eventTime"]
    damage = made_with(records[PRODUCTION], key)
    names = {
        "GetSecretValue",
        "ModifyDBSnapshotAttribute",
        "PutBucketPolicy",
        "CreateUser",
        "RunInstances",
        "StopLogging",
    }
    assert {one["eventName"] for one in damage} >= names
    assert {one["awsRegion"] for one in damage if one["eventName"] == "RunInstances"} == SIX
    assert min(one["eventTime"] for one in damage) >= since
    assert {one["sourceIPAddress"] for one in damage} == {THIEF}


def made_with(records: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """The calls that were made with an access key."""
    return [one for one in records if one["userIdentity"].get("accessKeyId") == key]


def test_only_the_first_account_has_an_incident_of_its_own(records: Records) -> None:
    leaked = {
        account for account, found in records.items() for one in found if "deploy-bot" in str(one["userIdentity"])
    }
    assert leaked == {DEV}


def test_insights_events_are_those_of_accounts_whose_trails_ask_for_them(weeks: dict[str, list[Recorded]]) -> None:
    found = {account: {one.name for one in week if one.category is Category.INSIGHT} for account, week in weeks.items()}
    assert found == {
        DEV: {"StopLogging", "GetSecretValue"},
        SHARED: set(),
        PRODUCTION: {"StopLogging", "GetSecretValue"},
    }


def now_live(account: str, since: int, until: int) -> list[Recorded]:
    """The live traffic of an account of the organization."""
    regions = dict(WORLD.organization)[account]
    return live(SEED, account, since, until, Lag.NONE, regions=regions, organization=WORLD.organization)


def test_the_intruder_of_live_traffic_comes_by_in_all_accounts_and_regions() -> None:
    regions = {}
    for account in (DEV, SHARED, PRODUCTION):
        hour = now_live(account, NOW, NOW + 3600)
        halves = [now_live(account, NOW, NOW + 1234), now_live(account, NOW + 1234, NOW + 3600)]
        assert sorted(map(repr, itertools.chain(*halves))) == sorted(map(repr, hour))
        visits = [event for event in hour if THIEF in event.record]
        regions[account] = {event.region for event in visits}
        assert {(event.time - NOW) // 1200 for event in visits} == {0, 1, 2}
    assert regions == {DEV: {"us-east-1"}, SHARED: SIX, PRODUCTION: SIX}


@pytest.fixture
def busy() -> Iterator[CloudTrail]:
    """The organization with its sample traffic."""
    with running(EmulatorOptions(organization=True, lookup_rate=PLENTY)) as emulator:
        yield emulator


def test_each_account_and_region_answers_from_the_start(busy: CloudTrail) -> None:
    for account, region in itertools.product(busy.accounts, sorted(SIX)):
        events = client_of(busy, account, region=region, config=PATIENT).lookup_events(MaxResults=5)["Events"]
        assert len(events) == 5
        for event in events:
            record = json.loads(event["CloudTrailEvent"])
            assert (record["recipientAccountId"], record["awsRegion"]) == (account, region)
    assert len(client_of(busy, DEV, config=PATIENT).lookup_events(EventCategory="insight", MaxResults=4)["Events"]) == 4

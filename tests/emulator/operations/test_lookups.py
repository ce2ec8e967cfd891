"""LookupEvents over the wire: paging, tokens, pace, history, and what each edition shows."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.wire import boto_client, error_of

from ctui.emulator.options import Edition, EmulatorOptions, Lag
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock
from ctui.errors import SettingsError

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def pages(client: Any, **parameters: Any) -> list[list[str]]:
    """EventIds of every page, tokens followed to the end."""
    found: list[list[str]] = []
    token: dict[str, str] = {}
    while True:
        answer = client.lookup_events(**parameters, **token)
        found.append([event["EventId"] for event in answer["Events"]])
        if "NextToken" not in answer:
            return found
        token = {"NextToken": answer["NextToken"]}


def refusal(client: Any, **parameters: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as failure:
        client.lookup_events(**parameters)
    return error_of(failure.value)


class TestPaging:
    @settings(max_examples=examples(12), deadline=None)
    @given(
        seconds=st.lists(st.integers(0, 3), max_size=40),
        page=st.integers(1, 50),
        lag=st.sampled_from(Lag),
        waited=st.integers(0, 700),
    )
    def test_every_available_event_comes_once(self, seconds: list[int], page: int, lag: Lag, waited: int) -> None:
        clock = WorldClock(NOON, ticking=False)
        options = EmulatorOptions(lookup_rate=PLENTY, traffic=False, lag=lag)
        with running(options, clock) as emulator:
            added = [emulator.add_event("Made", eventTime=stamp(NOON + timedelta(seconds=s))) for s in seconds]
            emulator.move(waited)
            client = boto_client(emulator.endpoint_url)
            history = emulator.emulator.history
            only = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "Made"}], "MaxResults": page}
            first = client.lookup_events(**only)
            expected = {event["EventId"] for event in first["Events"]}
            token = first.get("NextToken")
            # What arrives or becomes visible between two pages is no part of this walk.
            emulator.add_event("Made", eventTime=stamp(NOON))
            emulator.move(1000)
            walked = [event["EventId"] for event in first["Events"]]
            while token:
                answer = client.lookup_events(**only, NextToken=token)
                walked += [event["EventId"] for event in answer["Events"]]
                token = answer.get("NextToken")
            assert max(Counter(walked).values(), default=1) == 1
            assert expected <= set(walked) <= set(added)
            if lag is Lag.NONE:
                visible = [one for one, s in zip(added, seconds, strict=True) if s <= waited]
                assert set(walked) == set(visible)
            assert history.top() > len(added)

    def test_pages_follow_newest_first_and_the_last_has_no_token(self, cloudtrail: CloudTrail) -> None:
        ids = [cloudtrail.add_event("Made", region="eu-west-1") for _ in range(23)]
        client = boto_client(cloudtrail.endpoint_url, region="eu-west-1")
        found = pages(client, MaxResults=10, EndTime=cloudtrail.clock.now())
        assert [len(page) for page in found] == [10, 10, 3]
        assert [one for page in found for one in page] == ids[::-1]

    def test_a_walk_ends_at_events_that_end_on_a_page(self, cloudtrail: CloudTrail) -> None:
        for _ in range(20):
            cloudtrail.add_event("Made", region="eu-west-1")
        client = boto_client(cloudtrail.endpoint_url, region="eu-west-1")
        assert [len(page) for page in pages(client, MaxResults=10)] == [10, 10]

    def test_bounds_are_inclusive(self, cloudtrail: CloudTrail) -> None:
        moment = cloudtrail.clock.now().replace(microsecond=0) - timedelta(hours=1)
        ids = [cloudtrail.add_event("Made", eventTime=stamp(moment + timedelta(seconds=s))) for s in range(4)]
        client = boto_client(cloudtrail.endpoint_url)
        second = timedelta(seconds=1)
        answer = client.lookup_events(StartTime=moment + second, EndTime=moment + 2 * second)
        assert [event["EventId"] for event in answer["Events"]] == [ids[2], ids[1]]

    def test_an_event_is_shown_when_its_lag_is_over(self) -> None:
        clock = WorldClock(NOON, ticking=False)
        with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, lag=Lag.REAL), clock) as emulator:
            event = emulator.add_event("Made", eventTime=stamp(NOON))
            client = boto_client(emulator.endpoint_url)
            only = [{"AttributeKey": "EventId", "AttributeValue": event}]
            assert client.lookup_events(LookupAttributes=only)["Events"] == []
            emulator.move(11 * 60)
            assert len(client.lookup_events(LookupAttributes=only)["Events"]) == 1


class TestTokens:
    CHANGES = (
        {"MaxResults": 2},
        {"StartTime": NOON},
        {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "Made"}]},
        {"EventCategory": "insight"},
    )

    @pytest.fixture
    def token(self, cloudtrail: CloudTrail) -> str:
        for _ in range(5):
            cloudtrail.add_event("Made")
        token: str = boto_client(cloudtrail.endpoint_url).lookup_events(MaxResults=3)["NextToken"]
        return token

    @pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
    def test_a_token_is_good_for_its_parameters_alone(
        self, cloudtrail: CloudTrail, token: str, change: dict[str, Any]
    ) -> None:
        client = boto_client(cloudtrail.endpoint_url)
        assert refusal(client, **{"MaxResults": 3, "NextToken": token, **change})[0] == "InvalidNextTokenException"
        assert len(client.lookup_events(MaxResults=3, NextToken=token)["Events"]) == 2

    @pytest.mark.parametrize("who", [{"region": "eu-west-1"}, {"key": "other", "secret": "other"}], ids=str)
    def test_a_token_is_good_for_its_account_and_region_alone(
        self, cloudtrail: CloudTrail, token: str, who: dict[str, str]
    ) -> None:
        client = boto_client(cloudtrail.endpoint_url, **who)  # type: ignore[arg-type]
        assert refusal(client, MaxResults=3, NextToken=token)[0] == "InvalidNextTokenException"

    def test_a_token_outlives_a_restart_under_the_same_rules_alone(self, tmp_path: Path) -> None:
        options = EmulatorOptions(lookup_rate=PLENTY, traffic=False, data=tmp_path)
        with running(options) as emulator:
            for _ in range(5):
                emulator.add_event("Made")
            token = boto_client(emulator.endpoint_url).lookup_events(MaxResults=3)["NextToken"]
        with running(replace(options, history_days=30)) as emulator:
            client = boto_client(emulator.endpoint_url)
            assert refusal(client, MaxResults=3, NextToken=token)[0] == "InvalidNextTokenException"
        with running(options) as emulator:
            client = boto_client(emulator.endpoint_url)
            assert len(client.lookup_events(MaxResults=3, NextToken=token)["Events"]) == 2
        other = replace(options, edition=Edition.Y2015)
        with pytest.raises(SettingsError, match="--edition today"), running(other):
            pass

    @pytest.mark.parametrize(
        "forge",
        [lambda t: t[:-4] + "AAAA", lambda t: ("A" if t[0] == "B" else "B") + t[1:], lambda t: t + "A", lambda _: "é"],
    )
    def test_a_forged_token_is_refused(self, cloudtrail: CloudTrail, token: str, forge: Any) -> None:
        client = boto_client(cloudtrail.endpoint_url)
        assert refusal(client, MaxResults=3, NextToken=forge(token)) == ("InvalidNextTokenException", 400)


class TestPace:
    def lookups(self, emulator: CloudTrail, region: str, count: int) -> list[bool]:
        client = boto_client(emulator.endpoint_url, region=region)
        codes = []
        for _ in range(count):
            try:
                client.lookup_events(MaxResults=1)
                codes.append("")
            except ClientError as failure:
                codes.append(error_of(failure)[0])
        assert set(codes) <= {
            "",
            {Edition.TODAY: "ThrottlingException"}.get(emulator.emulator.options.edition, "Throttling"),
        }
        return [not code for code in codes]

    def test_today_each_region_has_two_a_second(self) -> None:
        with running(EmulatorOptions(traffic=False), WorldClock(NOON, ticking=False)) as emulator:
            assert self.lookups(emulator, "us-east-1", 3) == [True, True, False]
            assert self.lookups(emulator, "eu-west-1", 3) == [True, True, False]
            emulator.move(0.5)
            assert self.lookups(emulator, "us-east-1", 2) == [True, False]
            emulator.move(3600)
            assert self.lookups(emulator, "us-east-1", 3) == [True, True, False]

    def test_in_2015_the_account_has_one_a_second(self) -> None:
        options = EmulatorOptions(edition=Edition.Y2015, traffic=False)
        with running(options, WorldClock(NOON, ticking=False)) as emulator:
            assert self.lookups(emulator, "us-east-1", 2) == [True, False]
            assert self.lookups(emulator, "eu-west-1", 1) == [False]
            emulator.move(1)
            assert self.lookups(emulator, "eu-west-1", 2) == [True, False]

    def test_a_rate_below_one_lets_a_call_through_when_it_has_been_saved_up(self) -> None:
        options = EmulatorOptions(lookup_rate=0.25, traffic=False)
        with running(options, WorldClock(NOON, ticking=False)) as emulator:
            assert self.lookups(emulator, "us-east-1", 2) == [True, False]
            emulator.move(3)
            assert self.lookups(emulator, "us-east-1", 1) == [False]
            emulator.move(1)
            assert self.lookups(emulator, "us-east-1", 1) == [True]


class TestHistory:
    @pytest.mark.parametrize(
        ("options", "days"),
        [
            (EmulatorOptions(lookup_rate=PLENTY, traffic=False), 90),
            (EmulatorOptions(lookup_rate=PLENTY, traffic=False, edition=Edition.Y2015), 7),
            (EmulatorOptions(lookup_rate=PLENTY, traffic=False, history_days=3), 3),
        ],
        ids=["today", "2015", "--history-days"],
    )
    def test_events_age_out(self, options: EmulatorOptions, days: int) -> None:
        with running(options, WorldClock(NOON, ticking=False)) as emulator:
            kept = emulator.add_event("Made", eventTime=stamp(NOON - timedelta(days=days)))
            emulator.add_event("Made", eventTime=stamp(NOON - timedelta(days=days, seconds=1)))
            client = boto_client(emulator.endpoint_url)
            made = [{"AttributeKey": "EventName", "AttributeValue": "Made"}]
            answer = client.lookup_events(LookupAttributes=made, StartTime=NOON - timedelta(days=days + 100))
            assert [event["EventId"] for event in answer["Events"]] == [kept]

    def test_default_page_sizes(self, edition: Edition) -> None:
        with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, edition=edition)) as emulator:
            for _ in range(60):
                emulator.add_event("Made")
            answer = boto_client(emulator.endpoint_url).lookup_events()
            assert len(answer["Events"]) == {Edition.TODAY: 50, Edition.Y2015: 10}[edition]

    def test_what_an_event_says_in_each_edition(self, edition: Edition) -> None:
        with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, edition=edition)) as emulator:
            identity = {"type": "IAMUser", "userName": "alice", "accessKeyId": "AKIAEXAMPLE", "accountId": "1" * 12}
            emulator.add_event("Made", userIdentity=identity)
            (event,) = boto_client(emulator.endpoint_url).lookup_events()["Events"]
        common = {"EventId", "EventName", "EventTime", "Username", "Resources", "CloudTrailEvent"}
        later = {"ReadOnly", "EventSource", "AccessKeyId"}
        assert set(event) == (common | later if edition is Edition.TODAY else common)

    def test_2015_shows_changes_alone_and_only_while_a_trail_logged(self) -> None:
        options = EmulatorOptions(lookup_rate=PLENTY, traffic=False, edition=Edition.Y2015)
        with running(options, WorldClock(NOON, ticking=False)) as emulator:
            client = boto_client(emulator.endpoint_url, region="us-west-2")
            client.describe_trails()
            client.update_trail(Name="test")
            emulator.move(10)
            client.start_logging(Name="test")
            client.describe_trails()
            client.update_trail(Name="test", S3KeyPrefix="while-logging")
            emulator.move(10)
            client.stop_logging(Name="test")
            emulator.move(10)
            client.update_trail(Name="test", S3KeyPrefix="after")
            emulator.move(10)
            names = [event["EventName"] for event in client.lookup_events()["Events"]]
            assert names == ["StopLogging", "UpdateTrail", "StartLogging"]

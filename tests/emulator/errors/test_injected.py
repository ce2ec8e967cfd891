"""Faults on purpose: they strike as often as asked, and again in the same places."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from support.organization import client_of
from support.signing import sign
from support.wire import boto_client

from ctui.emulator.errors.injected import InjectedFaults
from ctui.emulator.options import EmulatorOptions, FaultName, InjectedFault, parse_fault
from ctui.emulator.testing import CloudTrail, running


def outcomes(seed: int, fault: InjectedFault, calls: int = 30) -> list[str]:
    with running(EmulatorOptions(traffic=False, seed=seed, faults=(fault,))) as emulator:
        client = boto_client(emulator.endpoint_url)
        found = []
        for _ in range(calls):
            try:
                client.describe_trails()
                found.append("")
            except ClientError as failure:
                found.append(failure.response["Error"]["Code"])
        return found


def test_faults_are_repeatable_and_follow_the_seed() -> None:
    fault = InjectedFault(FaultName.INTERNAL, 0.5)
    first = outcomes(1, fault)
    assert set(first) == {"", "InternalFailure"}
    assert outcomes(1, fault) == first
    assert outcomes(2, fault) != first


def test_one_fault_strikes_where_it_would_without_the_others() -> None:
    one, other = InjectedFault(FaultName.INTERNAL, 0.4), InjectedFault(FaultName.UNAVAILABLE, 0.4)

    def struck(*faults: InjectedFault) -> list[str]:
        drawn = InjectedFaults(faults, 1)
        return [drawn.draw().condition or "" for _ in range(200)]

    ones, others, both = struck(one), struck(other), struck(one, other)
    assert ones != others
    assert both == [first or second for first, second in zip(ones, others, strict=True)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("throttle", "ThrottlingException"), ("unavailable", "ServiceUnavailable"), ("internal", "InternalFailure")],
)
def test_a_certain_fault_strikes_each_call(name: str, code: str) -> None:
    assert outcomes(1, InjectedFault(FaultName(name), 1.0), calls=3) == [code] * 3


def test_a_fault_can_be_set_and_ended_while_it_runs(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    cloudtrail.fault("throttle")
    with pytest.raises(ClientError, match="Rate exceeded"):
        client.describe_trails()
    cloudtrail.fault("throttle", 0)
    assert client.describe_trails()["trailList"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("internal=0.5", InjectedFault(FaultName.INTERNAL, 0.5)),
        ("delay=1", InjectedFault(FaultName.DELAY, 1.0)),
        ("throttle=0", InjectedFault(FaultName.THROTTLE, 0.0)),
        ("hang@eu-west-1=1", InjectedFault(FaultName.HANG, 1.0, region="eu-west-1")),
        ("denied@333333333333=1", InjectedFault(FaultName.DENIED, 1.0, account="333333333333")),
        ("reset@333333333333/sa-east-1=.1", InjectedFault(FaultName.RESET, 0.1, "333333333333", "sa-east-1")),
    ],
)
def test_a_fault_is_read(text: str, fault: InjectedFault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "internal",
        "internal=",
        "internal=2",
        "internal=-1",
        "internal=nan",
        "rain=0.5",
        "internal@=1",
        "internal@a b=1",
    ],
)
def test_a_fault_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"internal"):
        parse_fault(text)


def test_a_fault_of_one_place_leaves_the_others_alone(organization: CloudTrail) -> None:
    shared, production = organization.accounts[1:]
    organization.fault("throttle", account=shared, region="eu-west-1")
    organization.fault("denied", account=production)
    found = {
        (account, region): outcome(organization, account, region)
        for account in organization.accounts
        for region in organization.regions
    }
    denied = dict.fromkeys(((production, region) for region in organization.regions), "AccessDeniedException")
    nothing = dict.fromkeys(found, "")
    assert found == {**nothing, **denied, (shared, "eu-west-1"): "ThrottlingException"}
    organization.fault("denied", 0, account=production)
    assert outcome(organization, production, "sa-east-1") == ""
    assert outcome(organization, shared, "eu-west-1") == "ThrottlingException"
    organization.fault("internal", 0)
    assert outcome(organization, shared, "eu-west-1") == ""


def outcome(service: CloudTrail, account: str, region: str) -> str:
    """The code of what a lookup gets, "" for an answer."""
    try:
        client_of(service, account, region=region).lookup_events()
    except ClientError as failure:
        return str(failure.response["Error"]["Code"])
    return ""


def test_faults_of_one_place_do_not_depend_on_calls_to_others() -> None:
    faults = (InjectedFault(FaultName.INTERNAL, 0.5, "1", "eu-west-1"), InjectedFault(FaultName.INTERNAL, 0.5, "2"))
    here, elsewhere = ("1", "eu-west-1"), ("2", "eu-west-1")

    def struck(places: list[tuple[str, str]]) -> list[bool]:
        drawn = InjectedFaults(faults, 1)
        outcomes = [(place, drawn.draw(*place).condition is not None) for place in places]
        return [hit for place, hit in outcomes if place == here]

    alone = struck([here] * 50)
    assert set(alone) == {True, False}
    assert struck([here, elsewhere] * 50) == alone


def test_only_what_came_with_a_session_token_is_expired(cloudtrail: CloudTrail) -> None:
    cloudtrail.fault("expired")
    assert boto_client(cloudtrail.endpoint_url).describe_trails()["trailList"]
    with pytest.raises(ClientError) as failure:
        boto_client(cloudtrail.endpoint_url, key="demo-session", token="demo-token").describe_trails()
    assert failure.value.response["Error"]["Code"] == "ExpiredTokenException"


def test_an_answer_can_be_damaged_on_its_way(cloudtrail: CloudTrail) -> None:
    whole = answer(cloudtrail)
    assert json.loads(whole)["trailList"]
    bodies = {
        "truncated": whole[: len(whole) // 2],
        "null": b"null",
        "html": b"<html><body><h1>Sign in</h1></body></html>",
    }
    for name, body in bodies.items():
        cloudtrail.fault(name)
        assert answer(cloudtrail) == body
    cloudtrail.fault("reset")
    with pytest.raises(ConnectionError):
        answer(cloudtrail)
    cloudtrail.fault("reset", 0)
    assert answer(cloudtrail) == whole
    # All the calls were done and recorded.
    only = [{"AttributeKey": "EventName", "AttributeValue": "DescribeTrails"}]
    assert len(boto_client(cloudtrail.endpoint_url).lookup_events(LookupAttributes=only)["Events"]) == 6


def answer(service: CloudTrail) -> bytes:
    """What DescribeTrails answers, as it arrives."""
    request = sign(service.endpoint_url)
    connection = http.client.HTTPConnection(service.endpoint_url.removeprefix("http://"), timeout=120)
    try:
        connection.request("POST", "/", request.data, dict(request.headers.items()))
        return connection.getresponse().read()
    finally:
        connection.close()


def test_a_call_that_hangs_is_answered_when_the_fault_ends(organization: CloudTrail) -> None:
    organization.fault("hang", region="eu-west-1")
    dev = organization.accounts[0]
    with ThreadPoolExecutor() as threads:
        hanging = threads.submit(outcome, organization, dev, "eu-west-1")
        assert outcome(organization, dev, "us-east-1") == ""
        assert not hanging.done()
        organization.fault("hang", 0)
        assert hanging.result(60) == ""

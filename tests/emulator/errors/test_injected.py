"""Faults on purpose: they strike as often as asked, and again in the same places."""

import pytest
from botocore.exceptions import ClientError
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
        refusals = [drawn.draw().refusal for _ in range(200)]
        return ["" if refusal is None else refusal.condition for refusal in refusals]

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
    ],
)
def test_a_fault_is_read(text: str, fault: InjectedFault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["", "internal", "internal=", "internal=2", "internal=-1", "internal=nan", "rain=0.5"])
def test_a_fault_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"internal"):
        parse_fault(text)

"""Every condition of the error table, with every action that can meet it, in both editions, through real boto3."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.recipes import RECIPES, Recipe
from support.wire import boto_client, error_of

from ctui.emulator.errors.conditions import Condition
from ctui.emulator.errors.error_row import ALL, Never, Wire
from ctui.emulator.errors.table import TABLE
from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running

CELLS = [
    (condition, action) for condition in Condition for action in (*TABLE[condition].actions, *TABLE[condition].later)
]
ACCOUNTS = Path(__file__).with_name("matrix.toml")


@pytest.fixture(scope="module", params=list(Edition), ids=str)
def edition(request: pytest.FixtureRequest) -> Edition:
    """Each edition in turn."""
    return Edition(request.param)


@pytest.fixture(scope="module")
def service(edition: Edition) -> Iterator[CloudTrail]:
    """One emulator per edition: refused calls leave its state as it is."""
    with running(EmulatorOptions(edition=edition, lookup_rate=PLENTY, traffic=False, account=ACCOUNTS)) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def other_service(edition: Edition) -> Iterator[CloudTrail]:
    """Another one, for calls that this edition may well answer."""
    with running(EmulatorOptions(edition=edition, lookup_rate=PLENTY, traffic=False, account=ACCOUNTS)) as emulator:
        yield emulator


@cache
def client_of(url: str, recipe: Recipe) -> Any:
    """A boto3 client that sends what the recipe says; the checks it would make itself are off."""
    client = boto_client(
        url,
        region=recipe.region,
        key=recipe.key,
        secret=recipe.secret,
        token=recipe.token,
        config=dict(recipe.config) | {"parameter_validation": False},
    )
    if recipe.bend is not None:
        recipe.bend(client)
    return client


def refused(service: CloudTrail, recipe: Recipe, action: str) -> tuple[str, int, str]:
    """Code, status and message of the refusal; fails where the call goes through."""
    client = client_of(service.endpoint_url, recipe)
    if recipe.fault is not None:
        service.fault(recipe.fault)
    try:
        with pytest.raises(ClientError) as failure:
            client._make_api_call(action, recipe.parameters_of(action))
    finally:
        service.fault("internal", 0)
    code, status = error_of(failure.value)
    headers = failure.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-errortype"] == code
    assert headers["x-amzn-requestid"]
    return code, status, failure.value.response["Error"]["Message"]


@pytest.mark.parametrize(("condition", "action"), CELLS, ids=lambda part: part.replace(" ", "-"))
def test_every_cell(
    service: CloudTrail, other_service: CloudTrail, edition: Edition, condition: Condition, action: str
) -> None:
    row = TABLE[condition]
    cell = row.of(edition, action)
    if isinstance(cell, Never):
        elsewhere = {wire.code for wire in (row.today, row.y2015) if isinstance(wire, Wire)}
        assert code_of(other_service, RECIPES[condition], action) not in elsewhere | {"InternalFailure"}
        return
    code, status, message = refused(service, RECIPES[condition], action)
    assert (code, status) == (cell.code, cell.status)
    # A message with fields has its fixed parts in order; one without is itself.
    position = 0
    for part in _fixed_parts(cell.message):
        position = message.index(part, position) + len(part)
    assert "{" not in message


def code_of(service: CloudTrail, recipe: Recipe, action: str) -> str:
    """The code of the refusal, "" for an answer."""
    try:
        client_of(service.endpoint_url, recipe)._make_api_call(action, recipe.parameters_of(action))
    except ClientError as failure:
        return error_of(failure)[0]
    return ""


WORDS = (
    *(
        (
            Condition.TRAIL_NOT_FOUND,
            action,
            "Unknown trail: arn:aws:cloudtrail:us-east-1:111111111111:trail/nowhere for the user: 111111111111",
        )
        for action in ("DeleteTrail", "GetTrailStatus")
    ),
    (Condition.NAME_BLANK, "StartLogging", "Trail name cannot be blank!"),
    (Condition.TRAIL_EXISTS, "CreateTrail", "Trail there already exists for customer: 111111111111"),
    (Condition.TRAILS_FULL, "CreateTrail", "User: 111111111111 already has 5 trails in eu-west-1."),
    (Condition.BUCKET_MISSING, "CreateTrail", "S3 bucket no-such-bucket does not exist!"),
    (Condition.BUCKET_POLICY, "UpdateTrail", "Incorrect S3 bucket policy is detected for bucket: bad-bucket"),
    (Condition.TOPIC_POLICY, "CreateTrail", "SNS Topic does not exist or the topic policy is incorrect!"),
    (Condition.GROUP_ALONE, "CreateTrail", "You must specify a role ARN as well as a log group."),
    (Condition.ROLE_TRUST, "CreateTrail", "Access denied. Check the trust relationships for your role."),
    (Condition.GROUP_INVALID, "CreateTrail", "CloudTrail cannot validate the specified log group ARN."),
    (
        Condition.NAME_SHORT,
        "CreateTrail",
        "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.",
    ),
    (Condition.NAME_START, "CreateTrail", "Trail name must starts with a letter or number."),
    (Condition.NAME_END, "CreateTrail", "Trail name must ends with a letter or number."),
    # GetTrail alone names the trail as it was asked for.
    (Condition.TRAIL_NOT_FOUND, "GetTrail", "Unknown trail: nowhere for the user: 111111111111"),
    (
        Condition.NAME_SIGNS,
        "GetTrailStatus",
        "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), "
        "and underscores (_).",
    ),
    (Condition.GLOBAL_EVENTS, "CreateTrail", "Multi-Region trail must include global service events."),
    (Condition.KEY_UNKNOWN, "LookupEvents", "The security token included in the request is invalid."),
    (Condition.THROTTLED, "LookupEvents", "Rate exceeded"),
    (
        Condition.DENIED,
        "LookupEvents",
        "User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: cloudtrail:LookupEvents because no "
        "identity-based policy allows the cloudtrail:LookupEvents action",
    ),
)


@pytest.mark.parametrize(("condition", "action", "words"), WORDS, ids=lambda part: part.replace(" ", "-")[:40])
def test_the_real_services_words(service: CloudTrail, condition: Condition, action: str, words: str) -> None:
    if service.emulator.options.edition is Edition.TODAY:
        assert refused(service, RECIPES[condition], action)[2] == words


def test_an_old_signature_is_told_both_instants(service: CloudTrail) -> None:
    message = refused(service, RECIPES[Condition.SIGNATURE_OLD], "LookupEvents")[2]
    minutes = {Edition.TODAY: 5, Edition.Y2015: 15}[service.emulator.options.edition]
    at = r"\d{8}T\d{6}Z"
    assert re.fullmatch(rf"Signature expired: {at} is now earlier than {at} \({at} - {minutes} min\.\)", message)


def test_every_condition_has_a_row_and_a_recipe() -> None:
    assert set(TABLE) == set(Condition)
    assert {condition for condition in Condition if TABLE[condition].actions} == set(RECIPES)


def test_the_matrix_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    for line in matrix():
        print(line)  # noqa: T201 - the matrix is for people: pytest -n0 -s shows it
    printed = capsys.readouterr().out
    assert all(condition in printed for condition in Condition)


def matrix() -> list[str]:
    """One line per condition and edition: code, status, actions, or why it cannot occur."""
    lines = []
    for condition in Condition:
        row = TABLE[condition]
        actions = "all actions" if {*row.actions, *row.later} == set(ALL) else ", ".join(row.actions)
        for edition in Edition:
            cell = row.of(edition)
            answer = f"{cell.status} {cell.code}" if isinstance(cell, Wire) else f"never: {cell.reason}"
            more = f", {', '.join(row.later)}" if actions != "all actions" and edition is Edition.TODAY else ""
            lines.append(f"{condition:42} {edition:6} {answer:48} {actions}{more}")
    return lines


def _fixed_parts(message: str) -> list[str]:
    parts, rest = [], message
    while "{" in rest:
        fixed, _, rest = rest.partition("{")
        parts.append(fixed)
        rest = rest.partition("}")[2]
    return [*parts, rest]

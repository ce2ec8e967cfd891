"""Every error of the five changes, provoked in the emulator and seen where it belongs, with a next step."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from botocore.exceptions import ClientError
from support.driver import SMALL, Driver
from support.form_driver import foot, note, row, turn, typed, write
from support.stage import connector, quiet_account

from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.service_errors import error_of
from ctui.core.trails.changes import ChangeOutcome, ChangeResult
from ctui.core.trails.verification import TrailChange, Verb
from ctui.emulator.testing import CloudTrail
from ctui.errors import CtuiError
from ctui.model.rules.validate import Field
from ctui.model.trail.error_codes import error_row
from ctui.ui.forms.change_screen import ChangeScreen
from ctui.ui.forms.error_text import describe_error
from ctui.ui.forms.trail_form import TrailForm

Open = Callable[..., AbstractAsyncContextManager[Driver]]
Values = Mapping[Field, str | bool]

BUCKET = "spare-logs-111111111111"
LOGS = "arn:aws:logs:us-east-1:111111111111:log-group:CloudTrail/audit:*"
ROLE = "arn:aws:iam::111111111111:role/CloudTrail_CloudWatchLogs_Role"
DISTRUSTING = "arn:aws:iam::111111111111:role/service-role/TrustsSomeoneElse"


@pytest.fixture
def account() -> Iterator[CloudTrail]:
    """The sample account, with buckets, topics, roles and keys that refuse."""
    with quiet_account() as emulator:
        yield emulator


@pytest.fixture
async def client(account: CloudTrail) -> AsyncIterator[Any]:
    """aiobotocore itself, which sends what our rules would not."""
    async with AioSession().create_client(
        "cloudtrail",
        endpoint_url=account.endpoint_url,
        region_name=account.region,
        aws_access_key_id=account.access_key_id,
        aws_secret_access_key=account.secret_access_key,
        config=AioConfig(parameter_validation=False),
    ) as client:
        yield client


FROM_STATE: list[tuple[Values, Field, str, str]] = [
    ({Field.BUCKET: "no-such-bucket"}, Field.BUCKET, "S3 bucket no-such-bucket does not exist!", "bucket policy"),
    (
        {Field.BUCKET: "someone-elses-policy"},
        Field.BUCKET,
        "Incorrect S3 bucket policy is detected for bucket: someone-elses-policy",
        "bucket policy",
    ),
    ({Field.TOPIC: "closed-topic"}, Field.TOPIC, "SNS Topic does not exist or the topic policy", "topic policy"),
    (
        {Field.LOG_GROUP: LOGS.replace("audit", "gone"), Field.ROLE: ROLE},
        Field.LOG_GROUP,
        "log group does not exist",
        "role's permissions",
    ),
    (
        {Field.LOG_GROUP: LOGS.replace("us-east-1", "eu-west-1"), Field.ROLE: ROLE},
        Field.LOG_GROUP,
        "CloudTrail cannot validate the specified log group ARN.",
        "role's permissions",
    ),
    (
        {Field.LOG_GROUP: LOGS, Field.ROLE: DISTRUSTING},
        Field.ROLE,
        "Access denied. Check the trust relationships for your role.",
        "trust policy",
    ),
    ({Field.KMS_KEY: "alias/nothing"}, Field.KMS_KEY, "KMS key alias/nothing does not exist.", ""),
    ({Field.KMS_KEY: "alias/disabled"}, Field.KMS_KEY, "is disabled.", ""),
    ({Field.KMS_KEY: "alias/closed"}, Field.KMS_KEY, "Insufficient permissions to access S3 bucket", "key policy"),
    ({Field.ORGANIZATION: True}, Field.ORGANIZATION, "is not part of an organization", ""),
]


async def fill(ctui: Driver, values: Values) -> None:
    for field, value in values.items():
        if isinstance(value, bool):
            await turn(ctui, field, value)
        else:
            await write(ctui, field, value)


async def refused(ctui: Driver, values: Values, field: Field, words: str, policy: str) -> None:
    """Send these values, see the refusal at its field, and put the values back."""
    before = {each: row(ctui, each).value for each in values}
    await fill(ctui, values)
    await ctui.press("enter", "enter")
    said = note(ctui, field)
    assert said.startswith("✗ "), said
    assert words in said, said
    assert ctui.focus() == f"in-{field}"
    assert {each: row(ctui, each).value for each in values} == values
    assert (f"ctrl+y copy the {policy}" in said) if policy else ("ctrl+y" not in said)
    if policy:
        await ctui.press("ctrl+y")
        assert json.loads(ctui.copied[-1])["Statement"]
    await fill(ctui, {each: value for each, value in before.items() if value is not None})


async def test_each_refusal_of_a_new_trail_lands_on_its_field(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "n")
        await fill(ctui, {Field.NAME: "fresh", Field.BUCKET: BUCKET})
        for case in FROM_STATE:
            await refused(ctui, *case)
        taken = "Trail legacy already exists for customer: 111111111111"
        await refused(ctui, {Field.NAME: "legacy"}, Field.NAME, taken, "")
        assert typed(ctui, Field.NAME) == "fresh"


async def test_each_refusal_of_an_update_lands_on_its_field(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "g")
        assert "legacy" in ctui.cursor("trails")
        await ctui.press("e")
        for case in FROM_STATE:
            await refused(ctui, *case)


async def test_where_cloudwatch_logs_is_not_to_be_had(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=SMALL, connect=connector(account, region="sa-east-1")) as ctui:
        await ctui.press("1", "n")
        await fill(ctui, {Field.NAME: "fresh", Field.BUCKET: BUCKET})
        here = {Field.LOG_GROUP: LOGS.replace("us-east-1", "sa-east-1"), Field.ROLE: ROLE}
        await refused(ctui, here, Field.LOG_GROUP, "Cannot set a CloudWatch Logs delivery for this region.", "")


async def test_a_full_region_throttling_and_a_missing_permission_each_have_their_words(
    account: CloudTrail, open_app: Open, client: Any
) -> None:
    await client.create_trail(Name="fifth", S3BucketName=BUCKET)
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "n")
        await fill(ctui, {Field.NAME: "sixth", Field.BUCKET: BUCKET})
        await ctui.press("enter", "enter")
        assert "Trail limit reached: User: 111111111111 already has 5 trails in us-east-1." in foot(ctui)
        assert "Delete one" in foot(ctui)
        account.fault("throttle")
        await ctui.press("enter", "enter")
        assert "Throttled: Rate exceeded" in foot(ctui)
        assert typed(ctui, Field.NAME) == "sixth"
        account.fault("throttle", 0)
    async with open_app(account, size=SMALL, connect=connector(account, access_key="demo-reader")) as ctui:
        await ctui.press("1", "n")
        await fill(ctui, {Field.NAME: "mine", Field.BUCKET: BUCKET})
        await ctui.press("enter", "enter")
        assert "Access denied: User: arn:aws:iam::111111111111:user/reader is not authorized" in foot(ctui)
        assert "Ask your administrator" in foot(ctui)


MALFORMED: list[tuple[str, dict[str, Any], Field]] = [
    ("CreateTrail", {"Name": "a--b"}, Field.NAME),
    ("CreateTrail", {"S3BucketName": "Not_A_Bucket"}, Field.BUCKET),
    ("CreateTrail", {"S3KeyPrefix": "x" * 201}, Field.PREFIX),
    ("CreateTrail", {"SnsTopicName": "a topic"}, Field.TOPIC),
    ("CreateTrail", {"CloudWatchLogsLogGroupArn": LOGS}, Field.ROLE),
    ("CreateTrail", {"CloudWatchLogsRoleArn": ROLE}, Field.LOG_GROUP),
    ("CreateTrail", {"CloudWatchLogsLogGroupArn": LOGS, "CloudWatchLogsRoleArn": "x"}, Field.ROLE),
    ("CreateTrail", {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False}, Field.GLOBAL_EVENTS),
    ("CreateTrail", {"KmsKeyId": "a key"}, Field.KMS_KEY),
    ("CreateTrail", {"TagsList": [{"Key": "aws:x", "Value": "y"}]}, Field.TAGS),
    ("CreateTrail", {"TagsList": [{"Key": f"k{n}"} for n in range(51)]}, Field.TAGS),
    ("UpdateTrail", {"Name": "a--b"}, Field.NAME),
    ("UpdateTrail", {"Name": "nowhere"}, Field.NAME),
    ("UpdateTrail", {"Name": "arn:aws:cloudtrail:us-east-1:1:trail/x"}, Field.NAME),
    ("UpdateTrail", {"S3BucketName": "Not_A_Bucket"}, Field.BUCKET),
    ("UpdateTrail", {"S3KeyPrefix": "x" * 201}, Field.PREFIX),
    ("UpdateTrail", {"SnsTopicName": "a topic"}, Field.TOPIC),
]
"""What the form would not let through; the service's own words are shown all the same, should rules ever differ."""


async def fault(client: Any, action: str, parameters: Mapping[str, Any]) -> CtuiError:
    """Our error for what the service answers."""
    method = {"CreateTrail": "create_trail", "UpdateTrail": "update_trail", "DeleteTrail": "delete_trail"}
    call = method.get(action) or {"StartLogging": "start_logging", "StopLogging": "stop_logging"}[action]
    with pytest.raises(ClientError) as caught:
        await getattr(client, call)(**parameters)
    return error_of(caught.value, ErrorContext(action=action))


async def test_what_the_rules_hold_back_would_land_on_its_field_too(
    account: CloudTrail, open_app: Open, client: Any
) -> None:
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "n")
        await fill(ctui, {Field.NAME: "fresh", Field.BUCKET: BUCKET})
        form = ctui.app.screen
        assert isinstance(form, TrailForm)
        for action, changed, field in MALFORMED:
            base = {"Name": "fresh", "S3BucketName": BUCKET} if action == "CreateTrail" else {"Name": "legacy"}
            told = describe_error(await fault(client, action, {**base, **changed}))
            assert told.field is field, told
            form.refuse(told)
            assert f"✗ {told.message}" in note(ctui, field)
            assert told.remedy in note(ctui, field)


@pytest.mark.parametrize(("key", "verb"), [("d", Verb.DELETE), ("s", Verb.STOP)])
async def test_refused_deletes_and_stops_say_so_in_their_box(
    account: CloudTrail, open_app: Open, client: Any, key: str, verb: Verb
) -> None:
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "g", "j")
        assert "org-audit" in ctui.cursor("trails")
        await ctui.press(key)
        screen = ctui.app.screen
        assert isinstance(screen, ChangeScreen)
        for name in ("a--b", "nowhere", "arn:aws:cloudtrail:us-east-1:1:trail/x"):
            error = await fault(client, verb, {"Name": name})
            screen.refused(ChangeResult(TrailChange(verb, name, name, "us-east-1"), ChangeOutcome.REFUSED, error))
            told = describe_error(error)
            assert told.field is Field.NAME
            assert told.message in foot(ctui)
            assert told.remedy in foot(ctui)


async def test_a_refused_start_is_told(account: CloudTrail, open_app: Open, client: Any) -> None:
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "g")
        assert "legacy" in ctui.cursor("trails")
        await client.delete_trail(Name="legacy")
        await ctui.press("s")
        (said,) = [each for each in ctui.notices() if "StartLogging legacy" in each]
        assert "Unknown trail" in said
        assert "esc, then r" in " ".join(said.split())
    for name in ("a--b", "nowhere"):
        error = await fault(client, "StartLogging", {"Name": name})
        assert error_row(error.code, "", 400) is not None  # type: ignore[attr-defined]

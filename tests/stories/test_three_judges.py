"""One table of good and bad values, three judges: the rule, the form as it is typed into, and the service.

All three must agree on every value. The service is the emulator, asked by aiobotocore without our client's rules.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import pytest_asyncio
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from botocore.exceptions import ClientError
from support.driver import SMALL, Driver
from support.form_driver import foot, go_to, note, turn, write
from support.stage import quiet_account

from ctui.emulator.testing import CloudTrail
from ctui.model.rules.validate import RULES, Field, validate_tags, validate_together, validate_value
from ctui.model.trail.tag_text import parse_tags

Open = Callable[..., AbstractAsyncContextManager[Driver]]

LOGS = "arn:aws:logs:us-east-1:111111111111:log-group:CloudTrail/audit:*"
ROLE = "arn:aws:iam::111111111111:role/CloudTrail_CloudWatchLogs_Role"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1f0c3a52-7b1e-4a77-9f52-0d6b8a4e1c11"
BUCKET = "spare-logs-111111111111"

GOOD: dict[Field, list[str]] = {
    Field.NAME: ["abc", "a.b_c-d", "x" * 128, "1.2.3.4.5", "9lives", "a1b2"],
    Field.BUCKET: [BUCKET, "abc", "my.bucket-1", "b" * 63, "1a2", "amzn-s3-demo-bucket"],
    Field.PREFIX: ["team", "a/b/c", "x" * 200, "ends/", "a..b", "$(x) 'y'", "Zürich", "-dash"],
    Field.TOPIC: ["audit-log-files", "arn:aws:sns:us-east-1:111111111111:audit-log-files", "t" * 256, "new.fifo"],
    Field.LOG_GROUP: [LOGS],
    Field.ROLE: [ROLE, "arn:aws:iam::111111111111:role/service-role/TrustsSomeoneElse"],
    Field.KMS_KEY: ["alias/cloudtrail", KEY, "1f0c3a52-7b1e-4a77-9f52-0d6b8a4e1c11", "mrk-" + "0" * 32],
    Field.TAGS: ["team=red", "a=b, c", "k=a=b", "x" * 128, ", ".join(f"k{n}" for n in range(50))],
}
BAD: dict[Field, list[str]] = {
    Field.NAME: [
        "ab", "-abc", "abc-", "a..b", "my-_namespace", "my--namespace", "192.168.5.4", "a b c", "naïve", "x" * 129,
        "[red]abc", "a/bc",
    ],
    Field.BUCKET: [
        "ab", "Abc", "a_bc", "-abc", "abc-", "a..b", "a.-b", "192.168.5.4", "xn--abc", "sthree-abc", "abc-s3alias",
        "abc--ol-s3", "abc.mrap", "abc--x-s3", "abc--table-s3", "b" * 64, "b cd",
    ],
    Field.PREFIX: ["/team", "../x", "a/../b", "a/./b", "..", "x" * 201],
    Field.TOPIC: [
        "a topic", "t" * 257, "arn:aws:sqs:us-east-1:111111111111:t", "arn:aws:sns:us-east-1:1111:t",
        "arn:aws:sns::111111111111:t", "a.b", "arn:aws:sns:us-east-1:111111111111:",
    ],
    Field.LOG_GROUP: [
        LOGS.removesuffix(":*"), LOGS + "x", "group", LOGS.replace("logs", "sns", 1), LOGS.replace("111111111111", "1"),
        LOGS.replace("CloudTrail/audit", ""),
    ],
    Field.ROLE: [
        "role", ROLE.replace("iam::", "iam:us-east-1:"), ROLE.replace("role/", "user/"), ROLE.replace(":iam:", ":sts:"),
        "arn:aws:iam::111111111111:role/",
    ],
    Field.KMS_KEY: ["a key", "alias/", "mrk-1", "1f0c3a52-7b1e-4a77-9f52", "arn:aws:kms:us-east-1:111111111111:alias"],
    Field.TAGS: [
        "=x", "aws:team=red", "a=1, a=2", "x" * 129, "k=" + "v" * 257, "a=b;c",
        ", ".join(f"k{n}" for n in range(51)),
    ],
}  # fmt: skip

FIELDS = list(GOOD)
VALIDITY = {rule.code for rule in RULES} | {"InvalidTagParameterException", "TagsLimitExceededException"}
"""Codes that say of a value that it is malformed; others say that what it names is missing, or refuses."""


@pytest.fixture(scope="module")
def account() -> Iterator[CloudTrail]:
    """The sample account, which the third judge asks and nobody changes but by creating trails."""
    with quiet_account() as emulator:
        yield emulator


@pytest_asyncio.fixture
async def client(account: CloudTrail) -> AsyncIterator[Any]:
    """aiobotocore itself."""
    session = AioSession()
    async with session.create_client(
        "cloudtrail",
        endpoint_url=account.endpoint_url,
        region_name=account.region,
        aws_access_key_id=account.access_key_id,
        aws_secret_access_key=account.secret_access_key,
        # What botocore checks itself would not reach the service.
        config=AioConfig(parameter_validation=False),
    ) as client:
        yield client


async def code_of_service(client: Any, field: Field, value: str) -> str:
    """The error code a CreateTrail with this value meets, "" where it goes through; the trail is taken away again."""
    given: dict[str, Any] = {"Name": "judged", "S3BucketName": BUCKET}
    if field is Field.TAGS:
        given["TagsList"] = [{"Key": key, "Value": text} if text else {"Key": key} for key, text in parse_tags(value)]
    else:
        given[field.value] = value
    if field in (Field.LOG_GROUP, Field.ROLE):
        given = {"CloudWatchLogsLogGroupArn": LOGS, "CloudWatchLogsRoleArn": ROLE, **given}
    try:
        made = await client.create_trail(**given)
    except ClientError as error:
        answer = error.response["Error"]
        missing = "trust relationships" in answer["Message"] or "does not exist" in answer["Message"]
        return "" if missing else str(answer["Code"])
    await client.delete_trail(Name=made["TrailARN"])
    return ""


def code_of_rule(field: Field, value: str) -> str:
    """The error code the rules foresee, "" for a good value."""
    finding = validate_tags(parse_tags(value)) if field is Field.TAGS else validate_value(field, value)
    return finding.code


async def form_takes(ctui: Driver, field: Field, value: str) -> bool:
    """Whether the form lets this value through; where it does not, the field says why."""
    await write(ctui, field, value)
    taken = "to continue." not in foot(ctui)
    assert note(ctui, field).startswith(("✗ ", "… ")) is not taken
    return taken


@pytest.mark.parametrize("field", FIELDS)
async def test_three_judges_agree(account: CloudTrail, open_app: Open, client: Any, field: Field) -> None:
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "judged")
        await write(ctui, Field.BUCKET, BUCKET)
        if field in (Field.LOG_GROUP, Field.ROLE):
            await write(ctui, Field.LOG_GROUP, LOGS)
            await write(ctui, Field.ROLE, ROLE)
        for good, values in ((True, GOOD[field]), (False, BAD[field])):
            for value in values:
                foreseen = code_of_rule(field, value)
                met = await code_of_service(client, field, value)
                assert (foreseen == "") is good, (value, foreseen)
                assert await form_takes(ctui, field, value) is good, value
                if good:
                    assert met not in VALIDITY or met == "", (value, met)
                else:
                    assert met == foreseen, (value, met, foreseen)


@pytest.mark.parametrize(
    ("fields", "bad"),
    [
        ({Field.LOG_GROUP: LOGS}, Field.ROLE),
        ({Field.ROLE: ROLE}, Field.LOG_GROUP),
        ({Field.MULTI_REGION: True, Field.GLOBAL_EVENTS: False}, Field.GLOBAL_EVENTS),
    ],
)
async def test_they_agree_on_what_stands_between_fields(
    account: CloudTrail, open_app: Open, client: Any, fields: dict[Field, str | bool], bad: Field
) -> None:
    (foreseen,) = validate_together(fields)
    assert foreseen.field is bad
    with pytest.raises(ClientError, match=foreseen.code):
        await client.create_trail(
            Name="judged", S3BucketName=BUCKET, **{field.value: value for field, value in fields.items()}
        )
    async with open_app(account, size=SMALL) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "judged")
        await write(ctui, Field.BUCKET, BUCKET)
        for field, value in fields.items():
            if isinstance(value, bool):
                await turn(ctui, field, value)
            else:
                await write(ctui, field, value)
        await go_to(ctui, Field.NAME)
        assert "to continue." in foot(ctui)
        await ctui.press("enter")
        assert ctui.focus() == f"in-{bad}"
        assert "✗" in note(ctui, bad)

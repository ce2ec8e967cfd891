"""What a login itself calls is named and limited while it lasts, and is what its failure is told of: not CloudTrail."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.session
import pytest
import pytest_asyncio
from aiohttp import web
from botocore.credentials import RefreshableCredentials
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.login.calls import LIMIT, LoginCalls
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_chain import OffLoopCredentials
from ctui.errors import ConnectionProblem, CtuiError, ExpiredLogin
from ctui.model.waiting import Waiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROFILES = """
[profile role]
region = eu-west-1
role_arn = arn:aws:iam::111111111111:role/x
source_profile = base
[profile base]
aws_access_key_id = AKX
aws_secret_access_key = x
"""


@pytest.fixture(autouse=True)
def profiles(home: Path) -> None:
    """A role that STS gives, and nothing else."""
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(PROFILES)


@pytest_asyncio.fixture(loop_scope="module")
async def silent(service: HttpService) -> AsyncIterator[HttpService]:
    """A service that takes a call and does not answer before the test is over."""
    over = asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        await over.wait()
        return web.Response(status=400)

    service.answer = answer
    yield service
    over.set()


async def test_a_role_that_sts_does_not_give_is_waited_for_by_name(
    silent: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", silent.url)
    heard: asyncio.Queue[Waiting | None] = asyncio.Queue()
    connecting = asyncio.create_task(AwsConnector(ConnectOptions(profile="role", waits=heard.put_nowait)).connect())
    host = silent.url.removeprefix("http://")
    assert await heard.get() == Waiting(f"calling STS at {host} (AssumeRole)", LIMIT)
    connecting.cancel()
    await asyncio.wait([connecting])


async def test_such_a_call_is_given_up_when_it_is_said_to_be() -> None:
    core = botocore.session.Session()
    LoginCalls(lambda _: None).listen(core)
    key = {"aws_access_key_id": "A", "aws_secret_access_key": "x"}
    config = core.create_client("sts", "eu-west-1", **key).meta.config
    assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) == LIMIT


async def test_a_metadata_service_is_waited_for_by_name(service: HttpService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", service.url)
    service.says_bytes(b"", "text/plain", 404)
    heard: list[Waiting | None] = []
    with pytest.raises(ConnectionProblem, match="No credentials"):
        await AwsConnector(ConnectOptions(region="eu-west-1", waits=heard.append)).connect()
    assert [waiting.what for waiting in heard if waiting][-1].startswith("checking for an instance metadata service")
    assert heard[-1] is None


def told_of_sts(error: CtuiError) -> None:
    """Fails where it is told of CloudTrail, which was never called."""
    said = f"{error.title} | {error.message} | {error.remedy}"
    assert "STS at 127.0.0.1" in said
    assert "CloudTrail" not in said
    assert "--endpoint-url" not in said
    assert error.title in ("Answer not readable", "Not reachable")


EMPTY = b"<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>"
ANSWERS = {"a page": b"<html>Welcome</html>", "nothing": b"", "no XML": b"\xff", "no key": EMPTY, "no connection": b""}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("endpoint", [None, "http://127.0.0.1:9"])
async def test_where_sts_fails_it_is_not_cloudtrail_that_did(
    service: HttpService, monkeypatch: pytest.MonkeyPatch, unused_url: str, answer: str, endpoint: str | None
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", unused_url if answer == "no connection" else service.url)
    service.says_bytes(ANSWERS[answer], "text/html")
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(profile="role", endpoint_url=endpoint)).connect()
    told_of_sts(caught.value)


async def test_a_renewal_that_fails_is_told_of_whom_it_asked(
    service: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
    soon = f"{datetime.now(UTC) + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    service.says_bytes(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>x"
        f"</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{soon}</Expiration></Credentials>"
        "</AssumeRoleResult></AssumeRoleResponse>".encode(),
        "text/xml",
    )
    gateway = await AwsConnector(ConnectOptions(profile="role", endpoint_url="http://127.0.0.1:9")).connect()
    service.says_bytes(b"<html>Welcome</html>", "text/html")
    with pytest.raises(ConnectionProblem) as caught:
        await gateway.describe_trails("eu-west-1")
    told_of_sts(caught.value)
    await gateway.close()


async def test_a_renewal_that_hangs_is_no_silence_of_cloudtrail() -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def renew() -> dict[str, str]:
        asyncio.run_coroutine_threadsafe(over.wait(), loop).result()
        raise AssertionError

    held = OffLoopCredentials(
        RefreshableCredentials("A", "x", "t", datetime.now(UTC), renew, "custom-process"), patience=0.0
    )
    with pytest.raises(ExpiredLogin) as caught:
        await held.get_frozen_credentials()
    over.set()
    assert caught.value.title == "Login not renewed in time"
    assert "custom-process" in caught.value.message

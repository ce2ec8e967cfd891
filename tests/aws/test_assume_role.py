"""Accounts that a person listed: their roles are assumed with one login, may only read, and are renewed in time."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from support.fakes.clock import FakeClock
from support.fakes.http_service import HttpService, isolated_options

from ctui.aws.assume_role import AssumeRoleConnector
from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector, Resolved, SharedLogin
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.login import Login
from ctui.aws.login.role_credentials import SESSION_POLICY, session_name
from ctui.errors import AccessDenied, ConnectionProblem, CtuiError, ExpiredLogin
from ctui.model.assumed_role import parse_role
from ctui.model.connection import Connection

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLE = parse_role("sec/Audit@222222222222")
HOUR = timedelta(hours=1)


class Sts:
    """STS and CloudTrail on loopback: each key that is given out has a number, and the answers have a date."""

    def __init__(self, service: HttpService, clock: FakeClock) -> None:
        self.service = service
        self.clock = clock
        self.lasts = HOUR
        self.keys = 0
        self.refusals: list[tuple[str, str]] = []
        """(code, message) of each of the next AssumeRole calls that are refused."""
        service.answer = self.answer

    async def answer(self, _: web.Request) -> web.StreamResponse:
        # The service's clock is a day ahead: what counts is how long a key is valid.
        now = self.clock.now() + timedelta(days=1)
        headers = {"Date": now.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        if self.service.asked[-1][0] != "AssumeRole":
            return web.Response(text='{"trailList":[]}', content_type="application/x-amz-json-1.1", headers=headers)
        if self.refusals:
            code, message = self.refusals.pop(0)
            text = f"<E><Error><Code>{code}</Code><Message>{message}</Message></Error></E>"
            return web.Response(text=text, status=403, content_type="text/xml", headers=headers)
        self.keys += 1
        text = (
            "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
            f"<AccessKeyId>ASROLE{self.keys}</AccessKeyId><SecretAccessKey>x</SecretAccessKey>"
            f"<SessionToken>t{self.keys}</SessionToken><Expiration>{now + self.lasts:%Y-%m-%dT%H:%M:%SZ}</Expiration>"
            "</Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )
        return web.Response(text=text, content_type="text/xml", headers=headers)

    def assumed(self) -> int:
        """How many AssumeRole calls came."""
        return sum(action == "AssumeRole" for action, _, _ in self.service.asked)

    def signer(self) -> str:
        """The access key that signed the last call."""
        return self.service.asked[-1][2]["Authorization"].partition("Credential=")[2].partition("/")[0]


@pytest.fixture
def sts(service: HttpService) -> Sts:
    return Sts(service, FakeClock())


@pytest_asyncio.fixture(loop_scope="module")
async def role(sts: Sts) -> AsyncIterator[AwsGateway]:
    gateway = await AssumeRoleConnector(
        AwsConnector(isolated_options(sts.service.url)).login, ROLE, sts.clock
    ).connect()
    yield gateway
    await gateway.close()


async def test_the_role_is_assumed_with_the_login_and_signs_from_then_on(sts: Sts, role: AwsGateway) -> None:
    ((action, parameters, headers),) = sts.service.asked
    assert action == "AssumeRole"
    assert parameters["RoleArn"] == "arn:aws:iam::222222222222:role/sec/Audit"
    assert parameters["RoleSessionName"] == session_name()
    assert parameters["Policy"] == SESSION_POLICY
    assert "Credential=demo/" in headers["Authorization"]
    await role.describe_trails("us-east-1")
    assert sts.signer() == "ASROLE1"
    assert sts.service.asked[-1][2]["X-Amz-Security-Token"] == "t1"
    assert sts.assumed() == 1
    assert role.connection.login.account == "222222222222"
    assert role.login.method == "assume-role"


@pytest.mark.parametrize(
    ("lasts", "passed", "assumed"),
    [
        (HOUR, timedelta(minutes=49), 1),
        (HOUR, timedelta(minutes=50), 2),
        (HOUR, timedelta(days=1), 2),
        (timedelta(minutes=15), timedelta(minutes=7), 1),
        (timedelta(minutes=15), timedelta(minutes=8), 2),
    ],
)
async def test_a_key_is_renewed_before_it_ends_whatever_the_clocks_say(
    sts: Sts, lasts: timedelta, passed: timedelta, assumed: int
) -> None:
    sts.lasts = lasts
    gateway = await AssumeRoleConnector(
        AwsConnector(isolated_options(sts.service.url)).login, ROLE, sts.clock
    ).connect()
    sts.clock.jump(passed)
    await asyncio.gather(*(gateway.describe_trails("eu-west-1") for _ in range(3)))
    assert sts.assumed() == assumed, "once for all calls that wait"
    assert sts.signer() == f"ASROLE{assumed}"
    await gateway.close()


async def test_a_renewal_that_fails_is_tried_again_while_the_key_is_valid_and_told_after(
    sts: Sts, role: AwsGateway
) -> None:
    sts.refusals = [("AccessDenied", "Not any more.")] * 3
    sts.clock.jump(timedelta(minutes=50))
    for _ in range(3):
        await role.describe_trails("eu-west-1")
    assert (sts.signer(), sts.assumed()) == ("ASROLE1", 2), "not at each call"
    sts.clock.jump(timedelta(minutes=1))
    await role.describe_trails("eu-west-1")
    assert (sts.signer(), sts.assumed()) == ("ASROLE1", 3)
    sts.clock.jump(timedelta(minutes=10))
    with pytest.raises(AccessDenied, match="Role not assumed"):
        await role.describe_trails("eu-west-1")
    await role.describe_trails("eu-west-1")
    assert sts.signer() == "ASROLE2"


@pytest.mark.parametrize(
    ("refusal", "error", "words"),
    [
        (
            ("AccessDenied", "User: arn:x is not authorized to perform: sts:AssumeRole"),
            AccessDenied,
            ("Role not assumed", "role/sec/Audit: User: arn:x is not", "trust policy"),
        ),
        (("RegionDisabledException", "STS is not activated in this region"), CtuiError, ("STS is not activated",)),
        (("ThrottlingException", "Rate exceeded"), CtuiError, ("Throttled",)),
    ],
)
async def test_a_refused_role_says_why(
    sts: Sts, refusal: tuple[str, str], error: type[CtuiError], words: tuple[str, ...]
) -> None:
    sts.refusals = [refusal]
    with pytest.raises(error) as caught:
        await AssumeRoleConnector(AwsConnector(isolated_options(sts.service.url)).login, ROLE).connect()
    for each in words:
        assert each in str(caught.value)
    assert sts.assumed() == 1


async def test_a_role_of_another_partition_is_not_asked_for(sts: Sts) -> None:
    role = parse_role("arn:aws-cn:iam::222222222222:role/Audit")
    with pytest.raises(ConnectionProblem, match="this login is in aws:"):
        await AssumeRoleConnector(AwsConnector(isolated_options(sts.service.url)).login, role).connect()
    assert sts.service.asked == []


PROGRAM = """
import json, pathlib, sys
with pathlib.Path(sys.argv[1]).open("a") as log:
    log.write("login\\n")
print(json.dumps({"Version": 1, "AccessKeyId": "AKPROG", "SecretAccessKey": "x"}))
"""


async def test_many_roles_and_the_account_itself_log_in_once_and_again_when_the_login_is_over(
    home: Path, sts: Sts
) -> None:
    log = home / "log"
    (home / ".aws").mkdir()
    (home / "program.py").write_text(PROGRAM)
    (home / ".aws" / "config").write_text(
        f"[profile prod]\nregion = eu-west-1\nendpoint_url = {sts.service.url}\n"
        f"credential_process = {sys.executable} {home / 'program.py'} {log}\n"
    )

    def logins() -> int:
        return len(log.read_text().split())

    connector = AwsConnector(ConnectOptions(profile="prod"))
    roles = [AssumeRoleConnector(connector.login, parse_role(f"Audit@{number:012}")) for number in range(5)]
    gateways = await asyncio.gather(connector.connect(), *(each.connect() for each in roles))
    assert (logins(), sts.assumed()) == (1, 5)
    assert [each.connection.login.account for each in gateways[1:]] == [f"{number:012}" for number in range(5)]

    sts.refusals = [("ExpiredToken", "The token has expired.")] * 2
    gateways += await asyncio.gather(*(each.connect() for each in roles[:2]))
    assert logins() == 2, "two roles have found it over, and it is made once"
    gateways.append(await connector.connect())
    assert logins() == 2, "the account takes the login that its roles have made"
    sts.refusals = [("ExpiredToken", "The token has expired.")] * 2
    with pytest.raises(ExpiredLogin):
        await roles[0].connect()
    assert logins() == 3, "a new login that is over, too, is told"
    for gateway in gateways:
        await gateway.close()


async def test_the_account_is_known_before_the_login_so_that_what_is_stored_can_show(sts: Sts) -> None:
    heard: list[Connection] = []
    gateway = await AssumeRoleConnector(AwsConnector(isolated_options(sts.service.url)).login, ROLE).connect(
        heard.append
    )
    assert heard[0].login.account == "222222222222"
    assert heard[0].login.key_id is None, "that is the key of the login"
    assert heard[0] == gateway.connection
    await gateway.close()


async def test_a_renewal_does_not_wait_for_a_new_login_that_waits_for_a_person(sts: Sts) -> None:
    made = await AwsConnector(isolated_options(sts.service.url)).login.get(lambda _: None)
    typed = asyncio.Event()

    async def log_in(_: Resolved) -> Login:
        if shared.current is not None:
            await typed.wait()
        return made

    shared = SharedLogin(log_in)
    gateway = await AssumeRoleConnector(shared, ROLE, sts.clock).connect()
    waiting = asyncio.create_task(shared.get(lambda _: None, instead_of=made))
    sts.clock.jump(timedelta(minutes=50))
    await gateway.describe_trails("eu-west-1")
    assert sts.signer() == "ASROLE2"
    assert not waiting.done()
    typed.set()
    await waiting
    await gateway.close()


async def test_an_answer_without_a_key_is_no_login(sts: Sts) -> None:
    sts.service.says_bytes(b"<AssumeRoleResponse/>", "text/xml")
    with pytest.raises(ConnectionProblem, match="AssumeRole returned no key"):
        await AssumeRoleConnector(AwsConnector(isolated_options(sts.service.url)).login, ROLE).connect()

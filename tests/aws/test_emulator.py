"""The gateway against the emulator: two programs that know nothing of each other agree on the API."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from support.fakes.http_service import isolated_options

from ctui.aws.assume_role import AssumeRoleConnector
from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector, SharedLogin
from ctui.aws.login.role_credentials import session_name
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.server import Emulator
from ctui.errors import AccessDenied, BadCredentials, InvalidNextToken, ServiceError, Throttled, TrailNotFound
from ctui.model.assumed_role import parse_role
from ctui.model.clock import SystemClock
from ctui.model.connection import Scope
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.model.lookup.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGION = "us-east-1"
NOW = int(SystemClock().now().timestamp())


def scan(start: int | None = None, end: int = NOW, attribute: LookupAttribute | None = None) -> Scan:
    return Scan(Scope("test", "111111111111", REGION), start, end, attribute)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def emulator() -> AsyncIterator[Emulator]:
    # Calls are not to be throttled here unless a test wants it.
    async with Emulator(EmulatorOptions(lookup_rate=1000.0)) as emulator:
        yield emulator


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(emulator: Emulator) -> AsyncIterator[AwsGateway]:
    gateway = await AwsConnector(isolated_options(emulator.url, region=REGION)).connect()
    yield gateway
    await gateway.close()


async def test_it_says_who_we_are(gateway: AwsGateway) -> None:
    identity = await gateway.identify()
    assert identity.account == "111111111111"
    assert identity.arn.startswith("arn:aws:iam::111111111111:")


async def test_trails_and_their_status(gateway: AwsGateway) -> None:
    trails = {trail.name: trail for trail in await gateway.describe_trails(REGION)}
    assert trails["legacy"].home_region == REGION
    assert trails["org-audit"].is_multi_region_trail is True
    assert (await gateway.get_trail_status(REGION, trails["org-audit"].key)).is_logging is True
    stopped = await gateway.get_trail_status(REGION, trails["legacy"].key)
    assert stopped.is_logging is False
    assert stopped.stop_logging_time is not None


async def test_trails_differ_by_region(gateway: AwsGateway) -> None:
    names = {trail.name for trail in await gateway.describe_trails("eu-west-1")}
    assert "app-trail" in names
    assert "legacy" not in names


async def test_an_unknown_trail(gateway: AwsGateway) -> None:
    with pytest.raises(TrailNotFound) as caught:
        await gateway.get_trail_status(REGION, "no-such-trail")
    assert "no-such-trail" in caught.value.service_message


async def test_pages_follow_each_other(gateway: AwsGateway) -> None:
    first = await gateway.lookup_events(scan(), None)
    assert len(first.events) == 50
    assert first.next_token
    second = await gateway.lookup_events(scan(), first.next_token)
    assert not {event.event_id for event in first.events} & {event.event_id for event in second.events}
    assert first.events[-1].time >= second.events[0].time
    assert first.server_time is not None


async def test_start_and_end_are_inclusive(gateway: AwsGateway) -> None:
    anchor = (await gateway.lookup_events(scan(end=NOW - 3600), None)).events[0]
    second = int(anchor.time.timestamp())
    page = await gateway.lookup_events(scan(second, second), None)
    assert anchor.event_id in {event.event_id for event in page.events}
    assert {int(event.time.timestamp()) for event in page.events} == {second}


async def test_an_attribute_selects(gateway: AwsGateway) -> None:
    page = await gateway.lookup_events(scan(attribute=LookupAttribute(AttributeKey.EVENT_NAME, "AssumeRole")), None)
    assert page.events
    assert {event.name for event in page.events} == {"AssumeRole"}


@pytest.mark.parametrize("token", ["nonsense", "x" * 500])
async def test_a_token_that_is_none(gateway: AwsGateway, token: str) -> None:
    with pytest.raises(InvalidNextToken):
        await gateway.lookup_events(scan(), token)


async def test_a_token_of_another_question(gateway: AwsGateway) -> None:
    token = (await gateway.lookup_events(scan(), None)).next_token
    with pytest.raises(InvalidNextToken):
        await gateway.lookup_events(scan(end=NOW - 1), token)


async def test_a_range_that_runs_backwards(gateway: AwsGateway) -> None:
    with pytest.raises(ServiceError) as caught:
        await gateway.lookup_events(scan(NOW, NOW - 10), None)
    assert caught.value.code == "InvalidTimeRangeException"


@pytest.mark.parametrize(("key", "secret"), [("nobody", "demo"), ("demo", "wrong")])
async def test_a_key_that_is_not_known(emulator: Emulator, key: str, secret: str) -> None:
    options = isolated_options(emulator.url, region=REGION, access_key=key, secret_key=secret)
    gateway = await AwsConnector(options).connect()
    with pytest.raises(BadCredentials):
        await gateway.describe_trails(REGION)
    with pytest.raises(BadCredentials):
        await gateway.identify()
    await gateway.close()


async def test_too_many_lookups_are_throttled() -> None:
    async with Emulator(EmulatorOptions(traffic=False, lookup_rate=0.001)) as emulator:
        gateway = await AwsConnector(isolated_options(emulator.url, region=REGION)).connect()
        # However slow the machine, two calls come within a thousand seconds.
        calls = [gateway.lookup_events(scan(), None) for _ in range(2)]
        with pytest.raises(Throttled) as caught:
            await asyncio.gather(*calls)
        assert (caught.value.status, caught.value.service_message) == (400, "Rate exceeded")
        assert gateway.server_time is not None
        await gateway.close()


async def test_regions_and_their_state(gateway: AwsGateway) -> None:
    regions = {region.name: region.enabled for region in await gateway.list_regions()}
    assert regions["us-east-1"] is True
    assert regions["af-south-1"] is False
    assert len(regions) == 34


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def organization() -> AsyncIterator[Emulator]:
    async with Emulator(EmulatorOptions(lookup_rate=1000.0, organization=True, traffic=False)) as emulator:
        yield emulator


def shared_of(emulator: Emulator, account: str) -> SharedLogin:
    """The login of an account's first key."""
    key = emulator.world.account(account).keys[0]
    options = isolated_options(emulator.url, region=REGION, access_key=key.id, secret_key=key.secret)
    return AwsConnector(options).login


MANAGEMENT, PRODUCTION = "222222222222", "333333333333"


async def test_a_role_of_another_account_reads_there_and_changes_nothing(organization: Emulator) -> None:
    login = shared_of(organization, MANAGEMENT)
    gateway = await AssumeRoleConnector(login, parse_role(f"AuditRead@{PRODUCTION}")).connect()
    identity = await gateway.identify()
    assert identity.account == gateway.connection.login.account == PRODUCTION
    assert identity.arn == f"arn:aws:sts::{PRODUCTION}:assumed-role/AuditRead/{session_name()}"
    trail = (await gateway.describe_trails(REGION))[0]
    await gateway.get_trail_status(REGION, trail.key)
    await gateway.lookup_events(scan(), None)
    assert any(region.enabled for region in await gateway.list_regions())
    with pytest.raises(AccessDenied):
        await gateway.stop_logging(REGION, trail.name)
    await gateway.close()


async def test_a_role_that_is_not_there_is_told_by_its_arn(organization: Emulator) -> None:
    login = shared_of(organization, MANAGEMENT)
    with pytest.raises(AccessDenied, match=f"Role not assumed: arn:aws:iam::{PRODUCTION}:role/Nobody: "):
        await AssumeRoleConnector(login, parse_role(f"Nobody@{PRODUCTION}")).connect()


async def test_the_management_account_knows_names_and_another_one_may_not_ask(organization: Emulator) -> None:
    gateway = await shared_of(organization, MANAGEMENT).open(lambda _: None)
    names = await gateway.account_names()
    assert names["111111111111"] == "shop-dev"
    assert len(names) == 3
    await gateway.close()
    member = await shared_of(organization, PRODUCTION).open(lambda _: None)
    with pytest.raises(AccessDenied, match="organizations:ListAccounts"):
        await member.account_names()
    await member.close()

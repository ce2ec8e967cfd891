"""An endpoint that has no LookupEvents is told as that after one try; a passing failure is not."""

import asyncio
from dataclasses import dataclass, replace

import pytest
from aiohttp import web
from support.fakes.clock import FakeClock
from support.fakes.http_service import HttpService

from ctui.aws.client import AwsGateway
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.core.server_clock import ServerClock
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError, NoEventHistory, ServiceError
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGION = "eu-west-1"
JSON = "application/x-amz-json-1.1"
SCAN = Scan(Scope("http://x", "111111111111", REGION), 1_700_000_000, 1_700_003_600)
"""What is asked: which events matters to nobody here."""


@dataclass
class Says:
    """How one action is answered."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"


HTML = b"<!doctype html>\n<title>500 Internal Server Error</title>"
TRAILS = Says(200, b'{"trailList": []}', JSON)
EVENTS = Says(200, b'{"Events": []}', JSON)
NONE_OF_CLOUDTRAIL = Says(500, HTML)


def answer(service: HttpService, **answers: Says) -> None:
    """Answer each action as told."""

    async def reply(request: web.Request) -> web.StreamResponse:
        said = answers[request.headers["X-Amz-Target"].rpartition(".")[2]]
        return web.Response(body=said.body, status=said.status, headers={"Content-Type": said.content_type})

    service.answer = reply


async def outcome(gateway: AwsGateway) -> CtuiError | None:
    """What looking up comes to: None for a page."""
    try:
        await gateway.lookup_events(SCAN, None)
    except CtuiError as error:
        return error
    return None


LACKING = {
    "moto": NONE_OF_CLOUDTRAIL,
    "a page that is not found": Says(404, HTML),
    "an action that is unknown": Says(400, b'{"__type": "UnknownOperationException"}', JSON),
    "an action that is not implemented": Says(501, b'{"__type": "InternalFailure", "message": "no"}', JSON),
}


@pytest.mark.parametrize("name", LACKING)
async def test_an_endpoint_without_lookup_events_is_told_as_that(
    service: HttpService, own_gateway: AwsGateway, name: str
) -> None:
    answer(service, DescribeTrails=TRAILS, LookupEvents=LACKING[name])
    await own_gateway.describe_trails(REGION)
    error = await outcome(own_gateway)
    assert isinstance(error, NoEventHistory)
    assert "DescribeTrails" in error.message
    assert "press r" in error.remedy


async def test_it_waits_for_the_trails_that_are_on_their_way(service: HttpService, own_gateway: AwsGateway) -> None:
    looked = asyncio.Event()

    async def reply(request: web.Request) -> web.StreamResponse:
        if request.headers["X-Amz-Target"].endswith("LookupEvents"):
            looked.set()
            return web.Response(body=HTML, status=500, content_type="text/html")
        await looked.wait()
        return web.Response(body=TRAILS.body, headers={"Content-Type": JSON})

    service.answer = reply
    trails = asyncio.create_task(own_gateway.describe_trails(REGION))
    await asyncio.sleep(0)
    assert isinstance(await outcome(own_gateway), NoEventHistory)
    assert await trails == ()


PASSING: dict[str, tuple[Says, Says | None, type[CtuiError]]] = {
    "no trails either": (NONE_OF_CLOUDTRAIL, NONE_OF_CLOUDTRAIL, ServiceError),
    "trails not asked": (NONE_OF_CLOUDTRAIL, None, ServiceError),
    "a gateway before a service that is down": (Says(503, HTML), TRAILS, ServiceError),
    "the service's own failure": (Says(500, b'{"__type": "InternalFailure"}', JSON), TRAILS, ServiceError),
    "throttling": (Says(400, b'{"__type": "ThrottlingException"}', JSON), TRAILS, ServiceError),
    "an answer without Events": (Says(200, b"[]", JSON), TRAILS, CtuiError),
}


@pytest.mark.parametrize("name", PASSING)
async def test_other_failures_are_told_as_what_they_are(
    service: HttpService, own_gateway: AwsGateway, name: str
) -> None:
    lookups, trails, kind = PASSING[name]
    answer(service, LookupEvents=lookups, **({} if trails is None else {"DescribeTrails": trails}))
    if trails is not None:
        try:
            await own_gateway.describe_trails(REGION)
        except ServiceError:
            assert trails is NONE_OF_CLOUDTRAIL
    error = await outcome(own_gateway)
    assert isinstance(error, kind)
    assert not isinstance(error, NoEventHistory)


async def test_once_it_has_answered_a_failure_is_a_passing_one(service: HttpService, own_gateway: AwsGateway) -> None:
    answer(service, DescribeTrails=TRAILS, LookupEvents=EVENTS)
    await own_gateway.describe_trails(REGION)
    assert await outcome(own_gateway) is None
    answer(service, LookupEvents=NONE_OF_CLOUDTRAIL)
    assert isinstance(await outcome(own_gateway), ServiceError)


async def test_awss_own_hosts_have_lookup_events(service: HttpService, own_gateway: AwsGateway) -> None:
    own_gateway._connection = replace(own_gateway.connection, origin="aws")
    answer(service, DescribeTrails=TRAILS, LookupEvents=NONE_OF_CLOUDTRAIL)
    await own_gateway.describe_trails(REGION)
    assert isinstance(await outcome(own_gateway), ServiceError)


async def test_the_queue_asks_such_an_endpoint_once(service: HttpService, own_gateway: AwsGateway) -> None:
    answer(service, DescribeTrails=TRAILS, LookupEvents=NONE_OF_CLOUDTRAIL)
    await own_gateway.describe_trails(REGION)
    clock, tasks = FakeClock(), Tasks()
    queue = LookupQueue(clock, ServerClock(clock), tasks, 2.0)
    queue.connect(own_gateway, SCAN.scope)
    service.asked.clear()
    with pytest.raises(NoEventHistory):
        await queue.page(SCAN, None, Priority.USER, lambda: True)
    assert [action for action, _, _ in service.asked] == ["LookupEvents"]
    await tasks.close()

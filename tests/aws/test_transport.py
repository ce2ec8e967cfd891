"""When a request leaves: once its connection stands, a new one as well as one that is used again."""

import asyncio
from functools import partial

import pytest
from aiobotocore.httpsession import AIOHTTPSession
from support.fakes.http_service import HttpService, isolated_options

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector
from ctui.errors import EndpointUnreachable
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCAN = Scan(Scope("aws", "111111111111", "us-east-1"), None, 1)


async def test_each_lookup_tells_once_that_it_leaves_and_before_it_is_heard(
    service: HttpService, own_gateway: AwsGateway
) -> None:
    service.says({"Events": []})
    heard_when_sent: list[int] = []
    for _ in range(3):
        await own_gateway.lookup_events(SCAN, None, lambda: heard_when_sent.append(len(service.asked)))
    assert heard_when_sent == [0, 1, 2]


async def test_calls_at_the_same_time_tell_each_for_itself(service: HttpService, own_gateway: AwsGateway) -> None:
    service.says({"Events": []})
    sent: list[int] = []
    await asyncio.gather(*(own_gateway.lookup_events(SCAN, None, partial(sent.append, n)) for n in range(4)))
    assert sorted(sent) == [0, 1, 2, 3]


async def test_a_call_that_gets_no_connection_never_leaves(unused_url: str) -> None:
    gateway = await AwsConnector(isolated_options(unused_url)).connect()
    sent: list[int] = []
    with pytest.raises(EndpointUnreachable):
        await gateway.lookup_events(SCAN, None, partial(sent.append, 1))
    await gateway.close()
    assert sent == []


async def test_the_private_name_is_there() -> None:
    assert asyncio.iscoroutinefunction(AIOHTTPSession._get_session)

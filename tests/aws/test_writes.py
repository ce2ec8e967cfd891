"""The five calls that change something: what is sent, and what it means when no answer comes."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from support.fakes.http_service import HttpService, isolated_options

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector
from ctui.errors import (
    AccessDenied,
    CtuiError,
    EndpointUnreachable,
    ExpiredLogin,
    OutcomeUnknown,
    ServiceError,
    Throttled,
    TrailNotFound,
)
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail

# Service and connection are shared by the module, and so is the loop they live on.
pytestmark = pytest.mark.asyncio(loop_scope="module")

ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
HELD = Trail("audit", arn=ARN, home_region="us-east-1", s3_bucket_name="logs-1", s3_key_prefix="a")
NEW = TrailDraft("audit", "logs-1", tags=(("team", "red"),))
SENT_NEW = {
    "Name": "audit",
    "S3BucketName": "logs-1",
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": False,
    "EnableLogFileValidation": False,
    "IsOrganizationTrail": False,
    "TagsList": [{"Key": "team", "Value": "red"}],
}


def cleared() -> TrailDraft:
    return TrailDraft("audit", "logs-1", s3_key_prefix="", base=HELD)


async def test_create_sends_the_draft_and_answers_with_the_trail(service: HttpService, gateway: AwsGateway) -> None:
    service.says({"Name": "audit", "S3BucketName": "logs-1", "TrailARN": ARN, "IncludeGlobalServiceEvents": True})
    made = await gateway.create_trail("us-east-1", NEW)
    assert made == Trail("audit", arn=ARN, s3_bucket_name="logs-1", include_global_service_events=True)
    action, parameters, headers = service.asked[-1]
    assert (action, parameters) == ("CreateTrail", SENT_NEW)
    assert "/us-east-1/cloudtrail/" in headers["Authorization"]


async def test_update_sends_what_changes_to_the_arn(service: HttpService, gateway: AwsGateway) -> None:
    service.says({"Name": "audit", "S3BucketName": "logs-1", "TrailARN": ARN})
    await gateway.update_trail("us-east-1", cleared())
    assert service.asked[-1][:2] == ("UpdateTrail", {"Name": ARN, "S3KeyPrefix": ""})


@pytest.mark.parametrize("method", ["delete_trail", "start_logging", "stop_logging"])
@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_the_other_three_send_the_name_and_take_an_empty_answer(
    service: HttpService, gateway: AwsGateway, method: str, body: bytes
) -> None:
    service.says_bytes(body, "application/x-amz-json-1.1")
    assert await getattr(gateway, method)("us-east-1", ARN) is None
    action = {"delete_trail": "DeleteTrail", "start_logging": "StartLogging", "stop_logging": "StopLogging"}[method]
    assert service.asked[-1][:2] == (action, {"Name": ARN})


WRITES: dict[str, tuple[Any, ...]] = {
    "create_trail": (NEW,),
    "update_trail": (cleared(),),
    "delete_trail": (ARN,),
    "start_logging": (ARN,),
    "stop_logging": (ARN,),
}


async def fault(gateway: AwsGateway, method: str) -> CtuiError:
    with pytest.raises(CtuiError) as caught:
        await getattr(gateway, method)("us-east-1", *WRITES[method])
    return caught.value


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", Throttled),
        ("AccessDeniedException", AccessDenied),
        ("TrailNotFoundException", TrailNotFound),
        ("InsufficientS3BucketPolicyException", ServiceError),
        ("ExpiredTokenException", ExpiredLogin),
    ],
)
async def test_a_refusal_means_that_nothing_happened(
    service: HttpService, gateway: AwsGateway, method: str, code: str, kind: type[CtuiError]
) -> None:
    service.says({"__type": code, "message": "no"}, 403)
    assert type(await fault(gateway, method)) is kind


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(("code", "status"), [("InternalFailure", 500), ("ServiceUnavailable", 503)])
async def test_a_failing_service_may_have_done_it(
    service: HttpService, gateway: AwsGateway, method: str, code: str, status: int
) -> None:
    service.says({"__type": code, "message": "oh"}, status)
    error = await fault(gateway, method)
    assert isinstance(error, OutcomeUnknown)
    assert "may or may not" in error.title
    assert "oh" in error.message


@pytest.mark.parametrize("method", WRITES)
async def test_a_connection_cut_after_sending_leaves_it_open(
    service: HttpService, gateway: AwsGateway, method: str
) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    service.answer = cut
    assert isinstance(await fault(gateway, method), OutcomeUnknown)


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("body", "content_type"), [(b"<html>hello</html>", "text/html"), (b'{"Name', "application/x-amz-json-1.1")]
)
async def test_an_answer_that_cannot_be_read_leaves_it_open(
    service: HttpService, gateway: AwsGateway, method: str, body: bytes, content_type: str
) -> None:
    service.says_bytes(body, content_type)
    assert isinstance(await fault(gateway, method), OutcomeUnknown)


async def test_silence_leaves_it_open(service: HttpService) -> None:
    asked, released = asyncio.Event(), asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        asked.set()
        await released.wait()
        return web.Response()

    service.answer = silent
    impatient = await AwsConnector(isolated_options(service.url, patience=1.0)).connect()
    error = await fault(impatient, "delete_trail")
    assert asked.is_set()
    assert isinstance(error, OutcomeUnknown)
    assert "DeleteTrail" in error.message
    released.set()
    await impatient.close()


@pytest.mark.parametrize("method", WRITES)
async def test_what_never_left_did_not_happen(unused_url: str, method: str) -> None:
    nowhere = await AwsConnector(isolated_options(unused_url)).connect()
    assert type(await fault(nowhere, method)) is EndpointUnreachable
    await nowhere.close()


async def test_a_connection_closed_over_a_call_leaves_it_open(service: HttpService) -> None:
    gateway = await AwsConnector(isolated_options(service.url)).connect()
    asked, released = asyncio.Event(), asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        asked.set()
        await released.wait()
        return web.Response()

    service.answer = silent
    writing = asyncio.ensure_future(gateway.stop_logging("us-east-1", ARN))
    await asked.wait()
    await gateway.close()
    with pytest.raises(OutcomeUnknown):
        await writing
    released.set()


async def test_a_lookup_that_got_no_answer_is_no_change(service: HttpService, gateway: AwsGateway) -> None:
    service.says_bytes(json.dumps({"__type": "InternalFailure"}).encode(), "application/x-amz-json-1.1", 500)
    with pytest.raises(ServiceError):
        await gateway.describe_trails("us-east-1")

"""Calls and answers over real HTTP: what is sent, and which values come back."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from support.fakes.http_service import HttpService, isolated_options

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector
from ctui.errors import (
    AccessDenied,
    BadCredentials,
    ConnectionProblem,
    CtuiError,
    EndpointUnreachable,
    ExpiredLogin,
    InvalidNextToken,
    NotCloudTrail,
    ServiceError,
    Throttled,
    TrailNotFound,
)
from ctui.model.connection import Scope
from ctui.model.event.event import HASHED_ID_PREFIX, Event, Resource
from ctui.model.lookup.lookup import AttributeKey, Category, LookupAttribute
from ctui.model.lookup.scan import Scan
from ctui.model.trail.trail import Trail, TrailStatus

# Service and connection are shared by the module, and so is the loop they live on.
pytestmark = pytest.mark.asyncio(loop_scope="module")

SCAN = Scan(Scope("aws", "111111111111", "eu-west-1"), None, 1_700_000_000)


def at(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


# What is sent


@pytest.mark.parametrize(
    ("scan", "token", "sent"),
    [
        (SCAN, None, {"EndTime": 1_700_000_000, "MaxResults": 50}),
        (
            Scan(SCAN.scope, 1_600_000_000, 1_700_000_000),
            "t1",
            {"StartTime": 1_600_000_000, "EndTime": 1_700_000_000, "MaxResults": 50, "NextToken": "t1"},
        ),
        (
            Scan(SCAN.scope, None, 5, LookupAttribute(AttributeKey.EVENT_NAME, "ConsoleLogin")),
            None,
            {
                "EndTime": 5,
                "MaxResults": 50,
                "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "ConsoleLogin"}],
            },
        ),
        (
            Scan(SCAN.scope, None, 5, category=Category.INSIGHT),
            None,
            {"EndTime": 5, "MaxResults": 50, "EventCategory": "insight"},
        ),
    ],
)
async def test_lookup_sends_the_scan(
    service: HttpService, gateway: AwsGateway, scan: Scan, token: str | None, sent: dict[str, Any]
) -> None:
    service.says({"Events": []})
    await gateway.lookup_events(scan, token)
    assert [(action, parameters) for action, parameters, _ in service.asked] == [("LookupEvents", sent)]


async def test_each_call_is_signed_for_the_region_it_asks(service: HttpService, gateway: AwsGateway) -> None:
    service.says({"trailList": []})
    await gateway.describe_trails("eu-west-1")
    await gateway.describe_trails("ap-southeast-2")
    scopes = [headers["Authorization"].split("/")[2] for _, _, headers in service.asked]
    assert scopes == ["eu-west-1", "ap-southeast-2"]
    assert all("Credential=demo/" in headers["Authorization"] for _, _, headers in service.asked)


async def test_trail_status_is_asked_by_the_name_given(service: HttpService, gateway: AwsGateway) -> None:
    arn = "arn:aws:cloudtrail:us-east-1:111111111111:trail/org"
    service.says({"IsLogging": False})
    await gateway.get_trail_status("eu-west-1", arn)
    assert service.asked[0][:2] == ("GetTrailStatus", {"Name": arn})


# What comes back

WHOLE_EVENT = {
    "EventId": "6f0c", "EventName": "PutObject", "EventTime": 1_699_999_999.75, "EventSource": "s3.amazonaws.com",
    "Username": "alice", "ReadOnly": "false", "AccessKeyId": "AKIA1", "CloudTrailEvent": '{"a": 1}',
    "Resources": [{"ResourceType": "AWS::S3::Bucket", "ResourceName": "logs"}, {}], "Unheard": {"of": 1},
}  # fmt: skip


async def test_a_page_becomes_events(service: HttpService, gateway: AwsGateway) -> None:
    service.says({"Events": [WHOLE_EVENT], "NextToken": "t2"}, Date="Tue, 14 Nov 2023 22:13:21 GMT")
    page = await gateway.lookup_events(SCAN, None)
    assert page.next_token == "t2"
    assert page.server_time == gateway.server_time == at(1_700_000_001)
    resources = (Resource("AWS::S3::Bucket", "logs"), Resource(None, None))
    assert page.events == (
        Event("6f0c", at(1_699_999_999), "PutObject", "s3.amazonaws.com", "alice", "false", "AKIA1", resources,
              '{"a": 1}'),
    )  # fmt: skip


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Nov 2023 22:13:21 GMT"])
async def test_an_unreadable_date_is_no_time(service: HttpService, own_gateway: AwsGateway, date: str) -> None:
    service.says({"Events": []}, Date=date)
    assert (await own_gateway.lookup_events(SCAN, None)).server_time is None
    assert own_gateway.server_time is None


@pytest.mark.parametrize("answer", [{"Events": []}, {"Events": [], "NextToken": ""}, {"Events": [], "NextToken": None}])
async def test_an_empty_page_is_the_last(service: HttpService, gateway: AwsGateway, answer: dict[str, Any]) -> None:
    service.says(answer)
    page = await gateway.lookup_events(SCAN, None)
    assert (page.events, page.next_token) == ((), None)


@pytest.mark.parametrize(
    ("event_time", "second"),
    [
        (1_700_000_001, 1_700_000_001),
        (1_700_000_001.999, 1_700_000_001),
        ("1700000012.5", 1_700_000_012),
        ("2023-11-14T22:14:20Z", 1_700_000_060),
        ("2023-11-14T23:14:20+01:00", 1_700_000_060),
    ],
)
async def test_event_times_are_whole_seconds_in_utc(
    service: HttpService, gateway: AwsGateway, event_time: object, second: int
) -> None:
    service.says({"Events": [{"EventId": "x", "EventTime": event_time}]})
    (event,) = (await gateway.lookup_events(SCAN, None)).events
    assert event.time == at(second)
    assert event.time.tzinfo is UTC


async def test_what_an_event_lacks_is_none_and_its_id_is_the_hash(service: HttpService, gateway: AwsGateway) -> None:
    bare = {"CloudTrailEvent": '{"eventTime": "2023-11-14T22:13:20Z"}'}
    service.says({"Events": [bare, {"EventTime": 1}, {"EventTime": 2}]})
    first, second, third = (await gateway.lookup_events(SCAN, None)).events
    assert first.time == at(1_700_000_000)
    assert (first.name, first.username, first.resources) == (None, None, ())
    assert first.event_id.startswith(HASHED_ID_PREFIX)
    assert len({first.event_id, second.event_id, third.event_id}) == 3
    assert second.record == ""


async def test_half_a_surrogate_pair_does_not_cost_the_page(service: HttpService, gateway: AwsGateway) -> None:
    body = rb'{"Events": [{"EventId": "x", "EventTime": 1, "Username": "a\ud800b \ud83d\ude00"}]}'
    service.says_bytes(body, "application/x-amz-json-1.1")
    (event,) = (await gateway.lookup_events(SCAN, None)).events
    assert event.username == "a\ufffdb \U0001f600"


@pytest.mark.parametrize("key", ["trailList", "TrailList"])
async def test_trails_of_either_spelling(service: HttpService, gateway: AwsGateway, key: str) -> None:
    whole = {
        "Name": "org", "TrailARN": "arn:aws:cloudtrail:us-east-1:1:trail/org", "HomeRegion": "us-east-1",
        "S3BucketName": "b", "S3KeyPrefix": "p", "SnsTopicName": "t", "SnsTopicARN": "arn:t",
        "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": True, "IsOrganizationTrail": False,
        "LogFileValidationEnabled": True, "CloudWatchLogsLogGroupArn": "arn:g", "CloudWatchLogsRoleArn": "arn:r",
        "KmsKeyId": "k", "HasCustomEventSelectors": False, "HasInsightSelectors": True,
    }  # fmt: skip
    service.says({key: [whole, {"TrailARN": "arn:aws:cloudtrail:us-east-1:1:trail/by-arn"}]})
    first, second = await gateway.describe_trails("eu-west-1")
    assert first == Trail(
        "org", "arn:aws:cloudtrail:us-east-1:1:trail/org", "us-east-1", "b", "p", "t", "arn:t",
        True, True, False, True, "arn:g", "arn:r", "k", False, True,
    )  # fmt: skip
    assert second.name == "by-arn"


async def test_a_status_with_every_field(service: HttpService, gateway: AwsGateway) -> None:
    service.says({
        "IsLogging": True, "LatestDeliveryError": "AccessDenied", "LatestDeliveryTime": 1.25, "StartLoggingTime": 2,
        "StopLoggingTime": 3, "LatestNotificationTime": 4, "LatestNotificationError": "NoSuchTopic",
        "LatestCloudWatchLogsDeliveryTime": 5, "LatestCloudWatchLogsDeliveryError": "e", "LatestDigestDeliveryTime": 6,
        "LatestDigestDeliveryError": "d", "LatestDeliveryAttemptTime": "a", "LatestDeliveryAttemptSucceeded": "b",
        "LatestNotificationAttemptTime": "c", "LatestNotificationAttemptSucceeded": "x",
        "TimeLoggingStarted": "y", "TimeLoggingStopped": "z",
    })  # fmt: skip
    assert await gateway.get_trail_status("eu-west-1", "org") == TrailStatus(
        True, at(1.25), "AccessDenied", at(4), "NoSuchTopic", at(5), "e", at(6), "d", at(2), at(3),
        "a", "b", "c", "x", "y", "z",
    )  # fmt: skip


async def test_who_we_are(service: HttpService, gateway: AwsGateway) -> None:
    service.says_bytes(
        b"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/demo</Arn>"
        b"<UserId>A</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        "text/xml",
        Date="Tue, 14 Nov 2023 22:13:21 GMT",
    )
    identity = await gateway.identify()
    assert (identity.account, identity.arn) == ("111111111111", "arn:aws:iam::111111111111:user/demo")
    assert gateway.server_time == at(1_700_000_001)


# What is none of this API's words

HTML = b"<!DOCTYPE html><html><body>It works!</body></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (HTML, "text/html", 200),
        (HTML, "text/html", 404),
        (b"", "text/plain", 200),
        (b"", "text/plain", 405),
        (b"[]", "application/json", 200),
        (b"null", "application/json", 200),
        (b"42", "application/json", 400),
        (b'{"status": "ok"}', "application/json", 200),
        (b'{"__type": 5}', "application/x-amz-json-1.1", 400),
        (b'{"__type": "UnknownOperationException"}', "application/x-amz-json-1.1", 400),
        (b"<UnknownOperationException/>\n", "text/xml", 404),
        (b"\xff\xfe\x00", "application/json", 200),
        (b'{"Events": 1}', "application/json", 200),
        (b'{"Events": [' + b"[" * 100_000, "application/json", 200),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_nonsense_is_named_as_such(
    service: HttpService, gateway: AwsGateway, body: bytes, content_type: str, status: int
) -> None:
    service.says_bytes(body, content_type, status)
    with pytest.raises(NotCloudTrail) as caught:
        await gateway.lookup_events(SCAN, None)
    assert "--endpoint-url" in caught.value.remedy
    service.says({"Events": []})
    assert (await gateway.lookup_events(SCAN, None)).events == ()


@pytest.mark.parametrize("content_type", ["text/html", "application/x-amz-json-1.1"])
@pytest.mark.parametrize("status", [200, 302, 403, 404])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf\r\n  "])
async def test_a_web_page_is_called_one_and_a_login_of_the_network_is_thought_of(
    service: HttpService, gateway: AwsGateway, content_type: str, status: int, head: bytes
) -> None:
    service.says_bytes(head + HTML, content_type, status)
    for call in (gateway.lookup_events(SCAN, None), gateway.describe_trails("eu-west-1"), gateway.identify()):
        with pytest.raises(NotCloudTrail, match="web page") as caught:
            await call
        assert "browser" in caught.value.remedy


@pytest.mark.parametrize("body", [HTML, b"", b'{"Account": 1}', b"<a/>"])
async def test_nonsense_instead_of_an_identity(service: HttpService, gateway: AwsGateway, body: bytes) -> None:
    service.says_bytes(body, "text/html")
    with pytest.raises(NotCloudTrail):
        await gateway.identify()


# What the service refuses

JSON_ERRORS: list[tuple[str, int, str, type[CtuiError]]] = [
    ("ThrottlingException", 400, "Rate exceeded", Throttled),
    ("Throttling", 400, "Rate exceeded", Throttled),
    ("com.amazonaws.x#ThrottlingException:http://y", 400, "Rate exceeded", Throttled),
    ("SomethingNew", 429, "slow down", Throttled),
    ("AccessDeniedException", 400, "User: x is not authorized to perform: cloudtrail:LookupEvents", AccessDenied),
    ("UnrecognizedClientException", 400, "The security token included in the request is invalid.", BadCredentials),
    ("InvalidClientTokenId", 403, "The security token included in the request is invalid.", BadCredentials),
    ("InvalidSignatureException", 400, "The request signature we calculated does not match", BadCredentials),
    ("InvalidSignatureException", 400, "Signature expired: 20231114T22Z is now earlier than", BadCredentials),
    ("RequestExpired", 400, "Request has expired.", BadCredentials),
    ("ExpiredTokenException", 400, "The security token included in the request is expired", ExpiredLogin),
    ("InvalidNextTokenException", 400, "Invalid token", InvalidNextToken),
    ("TrailNotFoundException", 404, "Unknown trail: x for the user: 111111111111", TrailNotFound),
    ("InvalidTimeRangeException", 400, "Start time later than end time", ServiceError),
    ("InternalFailure", 500, "", ServiceError),
]


@pytest.mark.parametrize("refusal", JSON_ERRORS, ids=lambda refusal: f"{refusal[0]}-{refusal[1]}")
async def test_a_refusal_is_ours_and_keeps_the_services_words(
    service: HttpService, gateway: AwsGateway, refusal: tuple[str, int, str, type[CtuiError]]
) -> None:
    code, status, words, kind = refusal
    service.says({"__type": code, "message": words}, status)
    with pytest.raises(kind) as caught:
        await gateway.lookup_events(SCAN, None)
    error = caught.value
    assert type(error) is kind
    assert error.title
    assert words in error.message
    assert len(service.asked) == 1, "one call is one call: nothing is retried underneath"
    if isinstance(error, ServiceError):
        bare = code.rpartition("#")[2].partition(":")[0]
        assert (error.code, error.status, error.service_message) == (bare, status, words)
        assert error.action == "LookupEvents"


async def test_a_clock_too_far_off_is_told_from_a_bad_key(service: HttpService, gateway: AwsGateway) -> None:
    service.says({"__type": "InvalidSignatureException", "message": "Signature not yet current: x"}, 400)
    with pytest.raises(BadCredentials, match="clock"):
        await gateway.lookup_events(SCAN, None)


async def test_an_error_named_in_the_header_alone(service: HttpService, gateway: AwsGateway) -> None:
    service.says({}, 400, **{"x-amzn-errortype": "ThrottlingException:"})
    with pytest.raises(Throttled):
        await gateway.lookup_events(SCAN, None)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_gateway_page_is_a_failing_service(service: HttpService, gateway: AwsGateway, status: int) -> None:
    service.says_bytes(HTML, "text/html", status)
    with pytest.raises(ServiceError) as caught:
        await gateway.lookup_events(SCAN, None)
    assert caught.value.status == status


async def test_an_identity_that_may_not_be_asked(service: HttpService, gateway: AwsGateway) -> None:
    body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
    service.says_bytes(body, "text/xml", 403)
    with pytest.raises(AccessDenied) as caught:
        await gateway.identify()
    assert (caught.value.code, caught.value.status, caught.value.service_message) == ("AccessDenied", 403, "no")


# What never answers


class Silence:
    """An answer that does not come before `released`; `arrived` tells of the call."""

    def __init__(self) -> None:
        self.arrived, self.released = asyncio.Event(), asyncio.Event()

    async def __call__(self, _: web.Request) -> web.StreamResponse:
        self.arrived.set()
        await self.released.wait()
        return web.Response()


async def test_a_connection_that_is_cut(service: HttpService, gateway: AwsGateway) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    service.answer = cut
    with pytest.raises(EndpointUnreachable, match="closed the connection"):
        await gateway.lookup_events(SCAN, None)


async def test_a_body_that_is_cut(service: HttpService, gateway: AwsGateway) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"Events"')
        assert request.transport is not None
        request.transport.close()
        return response

    service.answer = half
    with pytest.raises(EndpointUnreachable):
        await gateway.lookup_events(SCAN, None)


@pytest.mark.parametrize("options", [{"read_timeout": 0.05}, {"patience": 0.05}])
async def test_silence_ends(service: HttpService, options: dict[str, float]) -> None:
    silence = service.answer = Silence()
    gateway = await AwsConnector(isolated_options(service.url, **options)).connect()
    with pytest.raises(EndpointUnreachable, match="No answer in time"):
        await gateway.lookup_events(SCAN, None)
    silence.released.set()
    await gateway.close()


async def test_what_does_not_speak_http() -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    gateway = await AwsConnector(isolated_options(f"http://127.0.0.1:{port}")).connect()
    with pytest.raises(ConnectionProblem):
        await gateway.describe_trails("eu-west-1")
    await gateway.close()
    server.close()
    await server.wait_closed()


async def test_a_closed_port_names_the_endpoint(unused_url: str) -> None:
    gateway = await AwsConnector(isolated_options(unused_url)).connect()
    with pytest.raises(EndpointUnreachable) as caught:
        await gateway.describe_trails("eu-west-1")
    assert unused_url in caught.value.message
    await gateway.close()


async def test_tls_to_a_plain_service(service: HttpService) -> None:
    service.says({"trailList": []})
    gateway = await AwsConnector(isolated_options(service.url.replace("http:", "https:"))).connect()
    with pytest.raises(EndpointUnreachable, match="https://"):
        await gateway.describe_trails("eu-west-1")
    await gateway.close()


# Ending


async def test_closing_frees_whoever_waits_for_a_call(service: HttpService, own_gateway: AwsGateway) -> None:
    silence = service.answer = Silence()
    call = asyncio.create_task(own_gateway.lookup_events(SCAN, None))
    await silence.arrived.wait()
    await own_gateway.close()
    with pytest.raises(ConnectionProblem, match="closed"):
        await call
    with pytest.raises(ConnectionProblem, match="closed"):
        await own_gateway.describe_trails("eu-west-1")
    silence.released.set()


async def test_a_cancelled_call_is_cancelled(service: HttpService, gateway: AwsGateway) -> None:
    silence = service.answer = Silence()
    call = asyncio.create_task(gateway.lookup_events(SCAN, None))
    await silence.arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    silence.released.set()
    service.says({"Events": []})
    assert (await gateway.lookup_events(SCAN, None)).events == ()


async def test_calls_of_one_connection_run_side_by_side(service: HttpService, gateway: AwsGateway) -> None:
    both, waiting = asyncio.Event(), 0

    async def together(_: web.Request) -> web.StreamResponse:
        nonlocal waiting
        waiting += 1
        if waiting == 2:
            both.set()
        await both.wait()
        return web.Response(body=json.dumps({"trailList": []}), content_type="application/x-amz-json-1.1")

    service.answer = together
    async with asyncio.timeout(120):
        await asyncio.gather(gateway.describe_trails("eu-west-1"), gateway.describe_trails("us-east-1"))

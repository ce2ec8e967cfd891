"""Garbage, slow clients and strange hosts over raw sockets: a clean refusal each time, and the emulator lives on."""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.fakes.clock import FakeClock
from support.signing import on_the_wire, sign
from support.wire import boto_client

from ctui.emulator.front import Limits
from ctui.emulator.options import EmulatorOptions, FaultName, InjectedFault
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.recorded import Origin
from ctui.emulator.server import Emulator
from ctui.emulator.testing import CloudTrail, running

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
TARGET = b"X-Amz-Target: CloudTrail_20131101.DescribeTrails\r\n"


def ask(url: str, request: bytes, *, ends: bool = True) -> bytes:
    """What comes back until the other side closes, or until nothing more comes after an answer."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        answer = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(65536):
                answer += data
        return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.fixture(scope="module")
def service() -> Iterator[CloudTrail]:
    with running(EmulatorOptions(traffic=False)) as emulator:
        yield emulator


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "SerializationException"),
        (b"hello\r\n\r\n", 400, "SerializationException"),
        (b"POST / HTTP/9.9\r\n\r\n", 400, "SerializationException"),
        (HEAD + b"X: " + b"y" * 20_000 + b"\r\n\r\n", 400, "SerializationException"),
        (HEAD + b"".join(b"X%d: y\r\n" % n for n in range(200)) + b"\r\n", 400, "SerializationException"),
        (HEAD + b"Content-Length: minus\r\n\r\n", 400, "SerializationException"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "SerializationException"),
        (HEAD + b"Content-Length: 9999999\r\n\r\n", 413, "RequestEntityTooLargeException"),
        (HEAD + b"\r\n", 400, "UnknownOperationException"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "UnknownOperationException"),
        (b"GET /favicon.ico HTTP/1.0\r\n\r\n", 403, "AccessDeniedException"),
        (b"POST http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "UnknownOperationException"),
        (b"POST / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "AccessDeniedException"),
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", 403, "AccessDeniedException"),
        (b"POST / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 400, "UnknownOperationException"),
        (b"POST / HTTP/1.1\r\nHost: [::1]evil.example\r\n\r\n", 403, "AccessDeniedException"),
        (b"POST / HTTP/1.1\r\nHost: localhost:80@evil.example\r\n\r\n", 403, "AccessDeniedException"),
        (b"POST http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 403, "AccessDeniedException"),
        (b"POST http://[::1/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "SerializationException"),
        # The API is one place: only what is posted to / can name an action.
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + TARGET + b"\r\n", 400, "UnknownOperationException"),
        (b"POST /trails HTTP/1.1\r\nHost: localhost\r\n" + TARGET + b"\r\n", 400, "UnknownOperationException"),
        (HEAD + TARGET + b"\r\n", 400, "MissingAuthenticationTokenException"),
        (HEAD + TARGET + b"Authorization: Basic eDp5\r\n\r\n", 400, "IncompleteSignatureException"),
        (HEAD + TARGET + b"Authorization: \xff\xfe\r\n\r\n", 400, "IncompleteSignatureException"),
        (
            HEAD + TARGET + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
            400,
            "MissingAuthenticationTokenException",
        ),
    ],
    ids=lambda part: ascii(part)[:40] if isinstance(part, bytes) else str(part),
)
def test_each_kind_of_garbage_is_refused_in_the_apis_own_form(
    service: CloudTrail, request_: bytes, status: int, code: str
) -> None:
    head, _, body = ask(service.endpoint_url, request_).partition(b"\r\n\r\n")
    assert status_of(head) == status
    assert b"x-amzn-requestid" in head.lower()
    assert json.loads(body.partition(b"HTTP/1.1")[0])["__type"] == code


def test_a_form_is_for_sts_however_its_type_is_spelled(service: CloudTrail) -> None:
    form = b"Action=GetCallerIdentity&Version=2011-06-15"
    kind = b"Content-Type: Application/X-WWW-Form-Urlencoded\r\nContent-Length: %d\r\n\r\n" % len(form)
    assert b"<Code>MissingAuthenticationToken</Code>" in ask(service.endpoint_url, HEAD + kind + form)


SCOPE = b"AWS4-HMAC-SHA256 Credential=demo/20261122/us-east-1/cloudtrail/aws4_request"


@pytest.mark.parametrize(
    ("target", "signed"),
    [
        (b"/", SCOPE),
        (b"/", SCOPE + b", SignedHeaders=host, Signature=00"),
        (b"/?X-Amz-Algorithm=AWS4-HMAC-SHA256", SCOPE),
        (b"/?X-Amz-Credential=demo%2F20261122%2Fus-east-1%2Fcloudtrail%2Faws4_request", b"Basic eDp5"),
    ],
)
def test_a_form_with_a_bad_signature_for_cloudtrail_is_not_for_sts(
    service: CloudTrail, target: bytes, signed: bytes
) -> None:
    form = b"Action=GetCallerIdentity&Version=2011-06-15"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(form)
    head = HEAD.replace(b"POST / ", b"POST " + target + b" ")
    answer = ask(service.endpoint_url, head + kind + b"Authorization: " + signed + b"\r\n\r\n" + form)
    assert b'"__type":"UnknownOperationException"' in answer


PIECES = st.sampled_from(
    [
        HEAD,
        TARGET,
        b"\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: 0\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"Expect: 100-continue\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
        b"Authorization: AWS4-HMAC-SHA256 Credential=demo/20261122/us-east-1/cloudtrail/aws4_request,"
        b" SignedHeaders=host, Signature=00\r\nX-Amz-Date: 20261122T000000Z\r\n",
        b"Content-Type: application/x-www-form-urlencoded\r\n",
        b"Action=GetCallerIdentity",
        b"{}",
    ]
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=st.lists(PIECES | st.binary(max_size=12), max_size=10).map(b"".join))
@example(request=HEAD + TARGET + b"X-Amz-Security-Token: \xf0\x28\r\n\r\n")
@example(request=b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
@example(request=b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
@example(request=b"POST http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
def test_no_bytes_make_it_fail(service: CloudTrail, caplog: pytest.LogCaptureFixture, request: bytes) -> None:
    with caplog.at_level(logging.WARNING):
        answer = ask(service.endpoint_url, request)
    if answer:
        assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 100"))
    assert b"Traceback" not in answer
    assert caplog.records == []


def test_the_emulator_lives_on(service: CloudTrail) -> None:
    ask(service.endpoint_url, b"\x00" * 1000)
    assert boto_client(service.endpoint_url).describe_trails()["trailList"]


@pytest.mark.parametrize("request_", [HEAD, b""], ids=["half a head", "silence"])
async def test_idle_clients_are_cut_off(request_: bytes) -> None:
    async with Emulator(EmulatorOptions(traffic=False), limits=Limits(idle_seconds=0.2)) as emulator:
        assert await asyncio.to_thread(ask, emulator.url, request_, ends=False) == b""


async def test_a_slow_client_is_cut_off() -> None:
    # No limit on heads here: on a busy machine they too take a while.
    request = HEAD + b"Content-Length: 10\r\n\r\nhalf"
    async with Emulator(EmulatorOptions(traffic=False), limits=Limits(body_seconds=0.2)) as emulator:
        assert status_of(await asyncio.to_thread(ask, emulator.url, request, ends=False)) == 408


async def test_a_client_that_does_not_take_its_answer_is_cut_off() -> None:
    limits = Limits(answer_seconds=0.2)
    async with Emulator(EmulatorOptions(traffic=False), limits=limits) as emulator:
        now = f"{emulator.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        records = [
            {
                "eventID": str(n),
                "eventTime": now,
                "awsRegion": "us-east-1",
                "x": "y" * 2**20,
            }
            for n in range(20)
        ]
        emulator.history.add(
            recorded(record, account=emulator.account, origin=Origin.LOADED, available=0) for record in records
        )
        port = int(emulator.url.rpartition(":")[2])
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(on_the_wire(sign(emulator.url, "LookupEvents")))
            assert await asyncio.to_thread(client.recv, 1, socket.MSG_PEEK), "the answer has begun"
            while emulator._front.connections:  # noqa: ASYNC110 - the loop's turns until the emulator has had enough
                await asyncio.sleep(0)


async def hang_up(*connections: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Close these connections, whether or not the other side has done so."""
    for _, writer in connections:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize("half", [b"", HEAD, HEAD + b"Content-Length: 10\r\n\r\nhalf"], ids=["silent", "head", "body"])
async def test_half_open_connections_do_not_keep_good_clients_out(half: bytes) -> None:
    async with Emulator(EmulatorOptions(traffic=False)) as emulator:
        port = int(emulator.url.rpartition(":")[2])
        client = boto_client(emulator.url)
        assert (await asyncio.to_thread(client.describe_trails))["trailList"]
        held = []
        for _ in range(300):
            held.append(await asyncio.open_connection("127.0.0.1", port))
            held[-1][1].write(half)
        assert (await asyncio.to_thread(client.describe_trails))["trailList"]
        newcomer = boto_client(emulator.url)
        assert (await asyncio.to_thread(newcomer.describe_trails))["trailList"]
        newcomer.close()
        assert len(emulator._front.connections) <= Limits().connections
        await hang_up(*held)
        client.close()


async def test_of_too_many_connections_the_one_that_waits_longest_is_dropped() -> None:
    async with Emulator(EmulatorOptions(traffic=False), limits=Limits(connections=2)) as emulator:
        port = int(emulator.url.rpartition(":")[2])
        first, second = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        first[1].write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status_of(await first[0].readuntil(b"}")) == 400
        third = await asyncio.open_connection("127.0.0.1", port)
        # The first was answered after the second had connected, and waits for its next request since then.
        assert await second[0].read() == b""
        first[1].write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status_of(await first[0].readuntil(b"}")) == 400
        await hang_up(first, second, third)


async def test_a_request_that_is_being_answered_is_not_dropped() -> None:
    options = EmulatorOptions(traffic=False, faults=(InjectedFault(FaultName.DELAY, 1.0),))
    clock = FakeClock()
    async with Emulator(options, clock=clock, limits=Limits(connections=1)) as emulator:
        port = int(emulator.url.rpartition(":")[2])
        asking = await asyncio.open_connection("127.0.0.1", port)
        asking[1].write(on_the_wire(sign(emulator.url)))
        while not emulator._front._answering:  # noqa: ASYNC110 - the loop's turns until the request is there
            await asyncio.sleep(0)
        late = await asyncio.open_connection("127.0.0.1", port)
        assert await late[0].read() == b""
        clock.advance(60)
        assert status_of(await asking[0].readuntil(b"}")) == 200
        await hang_up(asking, late)


async def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(service: CloudTrail) -> None:
    port = int(service.endpoint_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + TARGET + b"Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"{}")
    assert status_of(await reader.read()) == 400
    writer.close()

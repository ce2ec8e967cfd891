"""Signature Version 4: what is taken and what is not, from hand-made requests signed by botocore's own signer."""

import hashlib
import http.client
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from support.signing import STAMP, TARGET, sign

from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import CloudTrail, running
from ctui.emulator.world_clock import WorldClock


def send(request: AWSRequest, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> str:
    """ "" for an answer, else the error's code. `body` and `headers` replace what was signed."""
    host, _, path = request.url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=120)
    sent = {**dict(request.headers.items()), **(headers or {})}
    connection.request("POST", "/" + path, request.data if body is None else body, sent)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return "" if answer.status == 200 else str(content["__type"])


WRONG = "InvalidSignatureException"


def test_a_good_signature_is_taken(cloudtrail: CloudTrail) -> None:
    assert send(sign(cloudtrail.endpoint_url)) == ""


def test_unsigned_headers_may_be_added_on_the_way(cloudtrail: CloudTrail) -> None:
    assert send(sign(cloudtrail.endpoint_url), headers={"X-Forwarded-For": "192.0.2.1", "User-Agent": "proxy"}) == ""


@pytest.mark.parametrize("header", ["X-Amz-Target", "X-Amz-Foo", "X-Amz-Security-Token", "X-Amz-Content-SHA256"])
def test_what_aws_acts_on_must_be_signed(cloudtrail: CloudTrail, header: str) -> None:
    request = sign(cloudtrail.endpoint_url, headers={"X-Amz-Target": None} if header == "X-Amz-Target" else None)
    values = {"X-Amz-Target": TARGET + "DescribeTrails", "X-Amz-Content-SHA256": hashlib.sha256(b"{}").hexdigest()}
    assert send(request, headers={header: values.get(header, "x")}) == "IncompleteSignatureException"


def test_a_client_may_sign_its_user_agent(cloudtrail: CloudTrail) -> None:
    class Everything(SigV4Auth):  # type: ignore[misc]
        def headers_to_sign(self, request: AWSRequest) -> Any:
            chosen = super().headers_to_sign(request)
            chosen["user-agent"] = "mine"
            return chosen

    sent = {"X-Amz-Target": TARGET + "DescribeTrails", "User-Agent": "mine"}
    request = AWSRequest("POST", cloudtrail.endpoint_url + "/", sent, b"{}")
    request.headers["Host"] = cloudtrail.endpoint_url.removeprefix("http://")
    request.headers["X-Amz-Date"] = request.context["timestamp"] = datetime.now(UTC).strftime(STAMP)
    auth = Everything(Credentials("demo", "demo"), "cloudtrail", "us-east-1")
    text = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(text, request))
    assert send(request) == ""
    assert send(request, headers={"User-Agent": "another"}) == WRONG


@pytest.mark.parametrize("header", ["X-Amz-Target", "X-Amz-Date", "Host"])
def test_a_signed_header_may_not_change(cloudtrail: CloudTrail, header: str) -> None:
    request = sign(cloudtrail.endpoint_url)
    changed = {
        "X-Amz-Target": TARGET + "LookupEvents",
        "X-Amz-Date": (datetime.now(UTC) - timedelta(seconds=9)).strftime(STAMP),
        "Host": "localhost",
    }
    assert send(request, headers={header: changed[header]}) == WRONG


def test_the_body_may_not_change(cloudtrail: CloudTrail) -> None:
    assert send(sign(cloudtrail.endpoint_url), body=b'{"includeShadowTrails": false}') == WRONG


def test_a_hash_of_another_body_does_not_help(cloudtrail: CloudTrail) -> None:
    claimed = {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    assert send(sign(cloudtrail.endpoint_url, headers=claimed)) == WRONG


def test_a_missing_signed_header_does_not_help(cloudtrail: CloudTrail) -> None:
    request = sign(cloudtrail.endpoint_url, headers={"X-Extra": "yes"})
    del request.headers["X-Extra"]
    assert send(request) == WRONG


def test_the_date_header_will_do(cloudtrail: CloudTrail) -> None:
    assert send(sign(cloudtrail.endpoint_url, date_header="Date")) == ""


@pytest.mark.parametrize(
    ("minutes", "today", "y2015"),
    [
        (-16, WRONG, "RequestExpired"),
        (-14, WRONG, ""),
        (-4, "", ""),
        (4, "", ""),
        (6, WRONG, ""),
        (14, WRONG, ""),
        (16, WRONG, "RequestExpired"),
    ],
)
def test_how_old_a_signature_may_be(edition: Edition, minutes: int, today: str, y2015: str) -> None:
    # The world clock stands in another year: the age of a signature is a matter of real time.
    clock = WorldClock(datetime(2020, 1, 1, tzinfo=UTC))
    with running(EmulatorOptions(edition=edition, traffic=False), clock) as emulator:
        outcome = send(sign(emulator.endpoint_url, age=timedelta(minutes=minutes)))
        assert outcome == (today if edition is Edition.TODAY else y2015)


@pytest.mark.parametrize(
    ("query", "target", "today", "y2015"),
    [
        ("?Action=DescribeTrails&Version=2013-11-01", None, "UnknownOperationException", ""),
        ("?Action=DescribeTrails", None, "UnknownOperationException", "MissingParameter"),
        ("?Action=DescribeTrails", TARGET + "DescribeTrails", "", ""),
        ("?Action=Sing", None, "UnknownOperationException", "InvalidAction"),
        ("?Action=LookupEvents", TARGET + "DescribeTrails", "", "InvalidParameterCombination"),
        ("?X-Amz-Nonsense=1", TARGET + "DescribeTrails", "", "InvalidQueryParameter"),
        ("?" + "&".join(["a"] * 101), TARGET + "DescribeTrails", "SerializationException", "MalformedQueryString"),
    ],
)
def test_in_2015_the_query_string_has_the_common_parameters(
    edition: Edition, query: str, target: str | None, today: str, y2015: str
) -> None:
    with running(EmulatorOptions(edition=edition, traffic=False)) as emulator:
        outcome = send(sign(emulator.endpoint_url, headers={"X-Amz-Target": target}, query=query))
    assert outcome == (today if edition is Edition.TODAY else y2015)


@pytest.mark.parametrize(("minutes", "outcome"), [(-6, WRONG), (-4, ""), (4, ""), (6, WRONG)])
def test_a_client_may_go_by_the_clock_of_the_answers(minutes: int, outcome: str) -> None:
    # The JavaScript SDK sets its clock by the Date header, which is world time.
    clock = WorldClock(datetime.now(UTC) + timedelta(hours=1))
    with running(EmulatorOptions(traffic=False), clock) as emulator:
        assert send(sign(emulator.endpoint_url, age=timedelta(minutes=minutes, hours=-1))) == outcome
        assert send(sign(emulator.endpoint_url)) == ""


@pytest.mark.parametrize(
    ("age", "expires", "outcome"), [(0, 60, ""), (30, 3600, ""), (30, 60, WRONG), (70, 3600, WRONG), (-9, 60, WRONG)]
)
def test_a_request_may_be_signed_in_its_query_string(
    cloudtrail: CloudTrail, age: int, expires: int, outcome: str
) -> None:
    request = sign(
        cloudtrail.endpoint_url, age=timedelta(minutes=age), signer=SigV4QueryAuth, body=b"", expires=expires
    )
    assert send(request) == outcome


@pytest.mark.parametrize(
    ("token", "outcome"),
    [("demo-token", ""), ("another", "UnrecognizedClientException"), (None, "UnrecognizedClientException")],
)
def test_a_session_must_show_its_token(cloudtrail: CloudTrail, token: str | None, outcome: str) -> None:
    assert send(sign(cloudtrail.endpoint_url, key="demo-session", token=token)) == outcome


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda text: text.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5"), "algorithm"),
        (lambda text: text.replace("Signature=", "Sign="), "'Signature'"),
        (lambda text: text.replace("Credential=", "Cred="), "'Credential'"),
        (lambda text: text.replace("/aws4_request", "/aws4"), "aws4_request"),
        (lambda text: text.replace("us-east-1", "US EAST"), "Region"),
        (lambda text: text.replace("host;", ""), "'Host'"),
    ],
)
def test_a_malformed_header_is_told_what_is_wrong(cloudtrail: CloudTrail, change: Any, detail: str) -> None:
    request = sign(cloudtrail.endpoint_url)
    host, _, _ = request.url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=120)
    headers = dict(request.headers.items())
    connection.request("POST", "/", request.data, {**headers, "Authorization": change(headers["Authorization"])})
    error = json.loads(connection.getresponse().read())
    connection.close()
    assert error["__type"] == "IncompleteSignatureException"
    assert detail in error["message"]


@pytest.mark.parametrize("action", ["GetCallerIdentity", "DescribeTrails"])
def test_a_form_that_is_signed_for_cloudtrail_is_answered_by_cloudtrail(edition: Edition, action: str) -> None:
    form = {"X-Amz-Target": None, "Content-Type": "application/x-www-form-urlencoded"}
    body = f"Action={action}&Version=2011-06-15".encode()
    with running(EmulatorOptions(edition=edition, traffic=False)) as emulator:
        outcome = send(sign(emulator.endpoint_url, headers=form, body=body))
    assert outcome == ("UnknownOperationException" if edition is Edition.TODAY else "MissingAction")

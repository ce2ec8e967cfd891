"""Requests to the other services that nobody would send: each is answered or refused, none makes the emulator fail."""

import json
import logging
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.services import SERVICES
from ctui.emulator.testing import PLENTY, CloudTrail, running

SECONDS = st.sampled_from(("900", "-1", "9" * 400, "²", "٣٦٠٠", "0x10"))
TEXTS = st.text(max_size=8) | SECONDS | st.sampled_from(("{", "arn:aws:iam::333333333333:role/AuditRead", "a\x00b"))
NAMES = (
    *("Action", "RoleArn", "RoleSessionName", "Policy", "DurationSeconds", "SerialNumber", "TokenCode", "AllRegions"),
    *("RegionName.1", "Filter.1.Name", "Filter.1.Value.1", "MaxResults", "NextToken", "AccountId", "RegionName"),
    *("RegionOptStatusContains", "clientName", "clientId", "clientSecret", "grantType", "deviceCode", "refreshToken"),
    *("startUrl", "role_name", "account_id"),
)
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=3))
GARBAGE = st.binary(max_size=20)
FORMS = st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=6)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6).map(lambda body: json.dumps(body).encode())
PATHS = (
    "/federation/credentials",
    "/assignment/roles",
    "/client/register",
    "/device_authorization",
    "/token",
    "/listRegions",
    "/getRegionOptStatus",
)


class Failures(logging.Handler):
    """Keeps what was logged: caplog would be shared by all examples."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)


@pytest.fixture(scope="module")
def service() -> Iterator[CloudTrail]:
    with running(EmulatorOptions(organization=True, lookup_rate=PLENTY, traffic=False)) as emulator:
        yield emulator


def send(request: AWSRequest, service: str) -> int:
    """The status of the answer to a request that is signed for a service."""
    SigV4Auth(Credentials("shared", "shared"), service, "us-east-1").add_auth(request)
    return int(URLLib3Session(proxies={}).send(request.prepare()).status_code)


@settings(max_examples=examples(120), deadline=None)
@given(name=st.sampled_from(("sts", "ec2")), form=FORMS, garbage=GARBAGE | st.none(), known=st.booleans())
def test_every_form_is_answered_or_refused(
    service: CloudTrail, name: str, form: dict[str, str], garbage: bytes | None, known: bool
) -> None:
    actions = next(tuple(one.operations) for one in SERVICES if one.name == name)
    given_form = {**form, "Action": actions[len(form) % len(actions)]} if known else form
    body = urlencode(given_form).encode() if garbage is None else garbage
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert quietly(service, AWSRequest("POST", service.endpoint_url + "/", headers, body), name) in (200, 400, 403)


@settings(max_examples=examples(120), deadline=None)
@given(path=st.sampled_from(PATHS), body=BODIES | GARBAGE, query=FORMS, method=st.sampled_from(("GET", "POST")))
def test_every_path_is_answered_or_refused(
    service: CloudTrail, path: str, body: bytes, query: dict[str, str], method: str
) -> None:
    url = f"{service.endpoint_url}{path}?{urlencode(query, quote_via=quote)}"
    headers = {"x-amz-sso_bearer_token": "forged", "Content-Type": "application/json"}
    assert quietly(service, AWSRequest(method, url, headers, body), "account") in (200, 400, 401, 403)


@settings(max_examples=examples(60), deadline=None)
@given(body=BODIES | GARBAGE)
def test_every_body_for_organizations_is_answered_or_refused(service: CloudTrail, body: bytes) -> None:
    headers = {"X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts", "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", service.endpoint_url + "/", headers, body)
    assert quietly(service, request, "organizations") in (200, 400)


def quietly(service: CloudTrail, request: AWSRequest, name: str) -> int:
    """The status, if nothing was logged as a failure of the emulator's own."""
    handler = Failures(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        status = send(request, name)
    finally:
        logging.getLogger().removeHandler(handler)
    assert handler.records == []
    return status

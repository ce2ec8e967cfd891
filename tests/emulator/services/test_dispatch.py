"""Whose request it is: what is signed for one service is never answered by another."""

import http.client
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from support.model_members import unknown_members, xml_value
from support.organization import SHARED, client_of
from support.wire import signed_for

from ctui.emulator.services import SERVICES
from ctui.emulator.testing import CloudTrail

POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
ROLE = {"RoleArn": "arn:aws:iam::222222222222:role/AuditRead", "RoleSessionName": "on-call", "Policy": POLICY}
CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cloudtrail", "LookupEvents", {}),
    ("sts", "GetCallerIdentity", {}),
    ("sts", "AssumeRole", ROLE),
    ("sts", "GetSessionToken", {}),
    ("organizations", "ListAccounts", {}),
    ("account", "ListRegions", {}),
    ("account", "GetRegionOptStatus", {"RegionName": "us-east-1"}),
    ("ec2", "DescribeRegions", {"AllRegions": True}),
)
"""A call of every action that is signed."""
UNSIGNED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("sso-oidc", "RegisterClient", {"clientName": "test", "clientType": "public"}),
    (
        "sso-oidc",
        "StartDeviceAuthorization",
        {"clientId": "a", "clientSecret": "b", "startUrl": "https://shop.awsapps.com/start"},
    ),
    (
        "sso-oidc",
        "CreateToken",
        {
            "clientId": "a",
            "clientSecret": "b",
            "grantType": "urn:ietf:params:oauth:grant-type:device_code",
            "deviceCode": "device-code-of-the-emulator",
        },
    ),
    ("sso", "ListAccounts", {"accessToken": "TOKEN"}),
    ("sso", "ListAccountRoles", {"accessToken": "TOKEN", "accountId": "333333333333"}),
    (
        "sso",
        "GetRoleCredentials",
        {"accessToken": "TOKEN", "accountId": "333333333333", "roleName": "AuditRead"},
    ),
    ("sso", "Logout", {"accessToken": "TOKEN"}),
)
"""A call of every action that is not signed; TOKEN stands for a good one."""


@pytest.mark.parametrize(("service", "action", "parameters"), CALLS, ids=lambda part: str(part)[:20])
@pytest.mark.parametrize("other", ["cloudtrail", "sts", "organizations", "account", "ec2", "s3"])
def test_a_request_signed_for_another_service_is_refused(
    organization: CloudTrail, service: str, action: str, parameters: dict[str, Any], other: str
) -> None:
    if service == other:
        return
    client = client_of(organization, SHARED, service)
    signed_for(other)(client)
    # CloudTrail refuses in JSON, which clients of STS and EC2 cannot read.
    with pytest.raises((ClientError, ResponseParserError)):
        client._make_api_call(action, parameters)
    assert organization.emulator.history.top() == 0, "a call of a caller that is known was recorded"


@pytest.mark.parametrize(("service", "action", "parameters"), [*CALLS[1:], *UNSIGNED], ids=lambda part: str(part)[:20])
def test_answers_have_what_the_model_of_the_service_has_and_no_more(
    organization: CloudTrail, service: str, action: str, parameters: dict[str, Any]
) -> None:
    token = organization.emulator.keyring.sign_in("alex", datetime.now(UTC), 60)
    given = {name: token if value == "TOKEN" else value for name, value in parameters.items()}
    client = client_of(organization, SHARED, service)
    raw: list[bytes] = []
    client.meta.events.register("after-call", lambda http_response, **_: raw.append(http_response.content))
    answer = client._make_api_call(action, given)
    model = client.meta.service_model
    shape = model.operation_model(action).output_shape
    if shape is None:
        assert raw == [b"{}"]
        return
    if model.metadata["protocol"] in ("query", "ec2"):
        content = xml_value(shape, raw[0], shape.serialization.get("resultWrapper"))
        content.pop("requestId", None)
    else:
        content = json.loads(raw[0])
    assert content
    assert list(unknown_members(shape, content)) == []
    assert content.keys() == answer.keys() - {"ResponseMetadata"}


@pytest.mark.parametrize("path", ["/federation/credentials", "/token", "/listRegions"])
def test_a_path_with_the_wrong_method_is_no_operation(
    organization: CloudTrail, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    method = "PUT"
    connection = http.client.HTTPConnection(organization.endpoint_url.removeprefix("http://"), timeout=120)
    with caplog.at_level(logging.CRITICAL):
        connection.request(method, path)
        answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    assert answer.status == 400
    assert answer.headers["x-amzn-errortype"] == "UnknownOperationException"
    assert f"{method} {path}" in json.dumps(body)


def test_every_action_has_a_call_here() -> None:
    named = {(one.name.replace("sso-oauth", "sso-oidc"), action) for one in SERVICES for action in one.operations}
    assert named == {(service, action) for service, action, _ in (*CALLS[1:], *UNSIGNED)}

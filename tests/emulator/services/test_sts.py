"""STS through real boto3: whose credentials come out, what they may do, when they end, and who records the call."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.organization import DEV, PRODUCTION, SHARED, client_of
from support.wire import boto_client, error_of

from ctui.emulator.testing import CloudTrail

SERIAL = f"arn:aws:iam::{DEV}:mfa/demo"
AUDIT = f"arn:aws:iam::{PRODUCTION}:role/AuditRead"
WITH_MFA = f"arn:aws:iam::{DEV}:role/AuditWithMfa"
LOOKUPS = {"Effect": "Allow", "Action": "cloudtrail:Lookup*", "Resource": "*"}


def client_with(service: CloudTrail, answer: dict[str, Any], name: str = "cloudtrail") -> Any:
    """A client of credentials that STS has issued."""
    issued = answer["Credentials"]
    return boto_client(
        service.endpoint_url,
        key=issued["AccessKeyId"],
        secret=issued["SecretAccessKey"],
        token=issued["SessionToken"],
        service=name,
    )


def assume(service: CloudTrail, *, account: str = SHARED, role: str = AUDIT, **more: Any) -> Any:
    """The answer to AssumeRole."""
    return client_of(service, account, "sts").assume_role(RoleArn=role, RoleSessionName="on-call", **more)


def policy(*statements: dict[str, Any]) -> str:
    """A session policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def records(service: CloudTrail, account: str, name: str) -> list[dict[str, Any]]:
    """The records that an account has of a call, newest first."""
    only = [{"AttributeKey": "EventName", "AttributeValue": name}]
    events = client_of(service, account).lookup_events(LookupAttributes=only)["Events"]
    return [json.loads(event["CloudTrailEvent"]) for event in events]


def test_a_roles_session_belongs_to_the_roles_account(organization: CloudTrail) -> None:
    answer = assume(organization, DurationSeconds=900)
    arn = f"arn:aws:sts::{PRODUCTION}:assumed-role/AuditRead/on-call"
    assert answer["AssumedRoleUser"]["Arn"] == arn
    assert abs(answer["Credentials"]["Expiration"] - datetime.now(UTC) - timedelta(minutes=15)) < timedelta(minutes=1)
    identity = client_with(organization, answer, "sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (PRODUCTION, arn)
    assert identity["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]


def test_both_accounts_record_it_under_one_shared_id(organization: CloudTrail) -> None:
    answer = assume(organization, DurationSeconds=900)
    (here,), (there,) = (records(organization, account, "AssumeRole") for account in (SHARED, PRODUCTION))
    assert here["sharedEventID"] == there["sharedEventID"]
    assert here["eventID"] != there["eventID"]
    assert (here["recipientAccountId"], there["recipientAccountId"]) == (SHARED, PRODUCTION)
    assert here["userIdentity"]["arn"] == f"arn:aws:iam::{SHARED}:user/demo"
    assert there["userIdentity"] == {
        "type": "AWSAccount",
        "principalId": here["userIdentity"]["principalId"],
        "accountId": SHARED,
    }
    assert here["readOnly"] is True
    assert here["requestParameters"] == {"roleArn": AUDIT, "roleSessionName": "on-call", "durationSeconds": 900}
    assert here["responseElements"]["credentials"]["accessKeyId"] == answer["Credentials"]["AccessKeyId"]
    assert answer["Credentials"]["SessionToken"] not in json.dumps([here, there])


def test_what_a_session_does_is_recorded_with_its_issuer_and_its_beginning(organization: CloudTrail) -> None:
    client_with(organization, assume(organization)).describe_trails()
    (record,) = records(organization, PRODUCTION, "DescribeTrails")
    context = record["userIdentity"]["sessionContext"]
    (issue,) = records(organization, PRODUCTION, "AssumeRole")
    assert context["sessionIssuer"]["arn"] == AUDIT
    assert context["attributes"] == {"creationDate": issue["eventTime"], "mfaAuthenticated": "false"}
    assert record["userIdentity"]["accessKeyId"] == issue["responseElements"]["credentials"]["accessKeyId"]


@pytest.mark.parametrize(
    ("account", "role"),
    [
        (DEV, AUDIT),
        (SHARED, f"arn:aws:iam::{PRODUCTION}:role/NoSuchRole"),
        (SHARED, "arn:aws:iam::999999999999:role/AuditRead"),
        # It trusts one role of that account, not the account.
        (DEV, f"arn:aws:iam::{PRODUCTION}:role/prod-deploy"),
        (DEV, WITH_MFA),
    ],
)
def test_a_role_that_does_not_trust_the_caller_is_refused_like_one_that_is_not_there(
    organization: CloudTrail, account: str, role: str
) -> None:
    with pytest.raises(ClientError) as failure:
        assume(organization, account=account, role=role)
    assert error_of(failure.value) == ("AccessDenied", 403)
    assert failure.value.response["Error"]["Message"] == (
        f"User: arn:aws:iam::{account}:user/demo is not authorized to perform: sts:AssumeRole on resource: {role}"
    )
    (record,) = records(organization, account, "AssumeRole")
    assert (record["errorCode"], record["responseElements"]) == ("AccessDenied", None)
    assert "sharedEventID" not in record


def test_the_policy_of_a_session_is_recorded_and_enforced(organization: CloudTrail) -> None:
    text = policy(LOOKUPS)
    session = client_with(organization, assume(organization, Policy=text))
    assert session.lookup_events()["Events"]
    with pytest.raises(ClientError, match="because no session policy allows the cloudtrail:DescribeTrails action"):
        session.describe_trails()
    (record,) = records(organization, PRODUCTION, "AssumeRole")
    assert record["requestParameters"]["policy"] == text


def test_a_policy_gives_nothing_that_the_role_is_denied(organization: CloudTrail) -> None:
    everything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    session = client_with(organization, assume(organization, Policy=everything))
    with pytest.raises(ClientError, match="because no identity-based policy allows the cloudtrail:StopLogging action"):
        session.stop_logging(Name="production")


def test_nobody_needs_permission_to_know_who_they_are(organization: CloudTrail) -> None:
    session = client_with(organization, assume(organization, Policy=policy(LOOKUPS)), "sts")
    assert session.get_caller_identity()["Account"] == PRODUCTION


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"DurationSeconds": 899}, "ValidationError", "greater than or equal to 900"),
        ({"DurationSeconds": 43201}, "ValidationError", "exceeds the MaxSessionDuration"),
        ({"RoleSessionName": "a"}, "ValidationError", "roleSessionName"),
        ({"RoleSessionName": "with space"}, "ValidationError", "roleSessionName"),
        ({"RoleSessionName": None}, "ValidationError", "Value null at 'roleSessionName'"),
        ({"RoleArn": "arn:aws:iam::333333333333:user/demo"}, "ValidationError", "is invalid"),
        ({"RoleArn": "short"}, "ValidationError", "roleArn"),
        ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}, "ValidationError", "PolicyArns"),
        ({"Policy": "{"}, "MalformedPolicyDocument", "invalid Json"),
        ({"Policy": policy({**LOOKUPS, "Condition": {}})}, "MalformedPolicyDocument", "Condition"),
        ({"Policy": policy(*[LOOKUPS] * 40)}, "ValidationError", "less than or equal to 2048"),
    ],
)
def test_what_is_wrong_with_the_parameters_is_told(
    organization: CloudTrail, more: dict[str, Any], code: str, words: str
) -> None:
    sts = boto_client(
        organization.endpoint_url, key="shared", secret="shared", service="sts", config={"parameter_validation": False}
    )
    given = {"RoleArn": AUDIT, "RoleSessionName": "on-call", **more}
    with pytest.raises(ClientError, match=words) as failure:
        sts.assume_role(**{name: value for name, value in given.items() if value is not None})
    assert error_of(failure.value) == (code, 400)


def test_a_role_that_assumes_a_role_gets_an_hour_at_most(organization: CloudTrail) -> None:
    hub = assume(organization, account=DEV, role=f"arn:aws:iam::{SHARED}:role/deploy-hub")
    session = client_with(organization, hub, "sts")
    target = {"RoleArn": f"arn:aws:iam::{PRODUCTION}:role/OrganizationAccountAccessRole", "RoleSessionName": "next"}
    assert session.assume_role(**target)["AssumedRoleUser"]["Arn"].startswith(f"arn:aws:sts::{PRODUCTION}:")
    with pytest.raises(ClientError, match="role chaining"):
        session.assume_role(RoleArn=AUDIT, RoleSessionName="next", DurationSeconds=3601)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SerialNumber": SERIAL, "TokenCode": "654321"}, " with invalid MFA one time pass code. "),
        ({"SerialNumber": SERIAL}, ", must provide both MFA serial number and one time pass code. "),
        ({"SerialNumber": f"arn:aws:iam::{DEV}:mfa/another", "TokenCode": "123456"}, ", unable to validate MFA code"),
    ],
)
def test_a_wrong_code_is_refused_in_the_services_words(
    organization: CloudTrail, given: dict[str, str], words: str
) -> None:
    calls: tuple[Callable[[], Any], ...] = (
        lambda: client_of(organization, DEV, "sts").get_session_token(**given),
        lambda: assume(organization, account=DEV, role=WITH_MFA, **given),
    )
    for call in calls:
        with pytest.raises(ClientError) as failure:
            call()
        assert error_of(failure.value) == ("AccessDenied", 403)
        assert failure.value.response["Error"]["Message"].startswith(f"MultiFactorAuthentication failed{words}")


def test_a_session_with_mfa_opens_the_role_that_needs_it(organization: CloudTrail) -> None:
    plain, strong = (
        client_of(organization, DEV, "sts").get_session_token(**given)
        for given in ({}, {"SerialNumber": SERIAL, "TokenCode": "123456"})
    )
    role = {"RoleArn": WITH_MFA, "RoleSessionName": "on-call"}
    assert client_with(organization, strong, "sts").assume_role(**role)["Credentials"]
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
        client_with(organization, plain, "sts").assume_role(**role)
    user = client_with(organization, strong, "sts").get_caller_identity()
    assert user["Arn"] == f"arn:aws:iam::{DEV}:user/demo"
    with pytest.raises(ClientError, match="Cannot call GetSessionToken with session credentials"):
        client_with(organization, strong, "sts").get_session_token()


def test_a_session_of_a_user_says_in_records_that_mfa_was_used(organization: CloudTrail) -> None:
    answer = client_of(organization, DEV, "sts").get_session_token(SerialNumber=SERIAL, TokenCode="123456")
    client_with(organization, answer).describe_trails()
    (record,) = records(organization, DEV, "DescribeTrails")
    assert record["userIdentity"]["type"] == "IAMUser"
    assert record["userIdentity"]["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"
    (issue,) = records(organization, DEV, "GetSessionToken")
    assert issue["requestParameters"] == {"serialNumber": SERIAL}


def test_credentials_expire_as_the_worlds_clock_moves(organization: CloudTrail) -> None:
    session = client_with(organization, assume(organization, DurationSeconds=900))
    assert session.lookup_events()["Events"]
    organization.move(901)
    with pytest.raises(ClientError) as failure:
        session.lookup_events()
    assert error_of(failure.value) == ("ExpiredTokenException", 400)


def test_credentials_expire_on_demand_and_new_ones_are_good(organization: CloudTrail) -> None:
    session = assume(organization)
    organization.expire_credentials()
    for name, call, outcome in (
        ("cloudtrail", "lookup_events", ("ExpiredTokenException", 400)),
        ("sts", "get_caller_identity", ("ExpiredToken", 403)),
    ):
        with pytest.raises(ClientError) as failure:
            getattr(client_with(organization, session, name), call)()
        assert error_of(failure.value) == outcome
    assert client_with(organization, assume(organization)).lookup_events()["Events"]
    assert client_of(organization, SHARED).lookup_events()["Events"]


@pytest.mark.parametrize("part", ["AccessKeyId", "SecretAccessKey", "SessionToken"])
def test_forged_credentials_are_those_of_nobody(organization: CloudTrail, part: str) -> None:
    answer, other = assume(organization), assume(organization)
    answer["Credentials"][part] = other["Credentials"][part]
    with pytest.raises(ClientError) as failure:
        client_with(organization, answer).lookup_events()
    wrong = "InvalidSignatureException" if part == "SecretAccessKey" else "UnrecognizedClientException"
    assert error_of(failure.value)[0] == wrong

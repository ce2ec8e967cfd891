"""Records of sessions for tests: how a call is recorded, and the calls that issue credentials."""

import json
from datetime import UTC, datetime
from typing import Any

from ctui.model.event.event import Event, Resource

ACCOUNT, OTHER = "111111111111", "222222222222"
START = int(datetime(2026, 11, 20, 9, 0, tzinfo=UTC).timestamp())
"""An epoch second, more than an hour before the clocks of tests begin."""


def stamp(second: int) -> str:
    """An epoch second as records write it."""
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"


def user(name: str, key: str = "", *, began: int | None = None, account: str = ACCOUNT) -> dict[str, Any]:
    """An IAM user with a key of its own, or in a session that began at a second; without a key as it signs in."""
    identity: dict[str, Any] = {
        "type": "IAMUser",
        "principalId": f"AIDA{name.upper()}",
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "userName": name,
    }
    if key:
        identity["accessKeyId"] = key
    if began is not None:
        identity["sessionContext"] = {"attributes": {"creationDate": stamp(began), "mfaAuthenticated": "true"}}
    return identity


def role(name: str, session: str, key: str, began: int, *, account: str = ACCOUNT) -> dict[str, Any]:
    """A session of a role that began at a second."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROA{name.upper()}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "accountId": account,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": f"AROA{name.upper()}",
                "arn": f"arn:aws:iam::{account}:role/{name}",
                "accountId": account,
                "userName": name,
            },
            "attributes": {"creationDate": stamp(began), "mfaAuthenticated": "false"},
        },
    }


def service(name: str) -> dict[str, Any]:
    """An AWS service on its own."""
    return {"type": "AWSService", "invokedBy": f"{name}.amazonaws.com"}


def foreigner(account: str = OTHER) -> dict[str, Any]:
    """A caller from another account, as the account of the role records it."""
    return {"type": "AWSAccount", "principalId": "AIDAFOREIGN", "accountId": account}


def call(second: int, who: dict[str, Any], name: str, *, source: str = "ec2", **parts: Any) -> Event:
    """An event of a call, with what the service says around it; `parts` are of the record, `resources` around it."""
    resources = tuple(Resource(None, each) for each in parts.pop("resources", ()))
    account = parts.pop("account", ACCOUNT)
    record = {
        "eventVersion": "1.11",
        "userIdentity": who,
        "eventTime": stamp(second),
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.31.18",
        "requestParameters": None,
        "responseElements": None,
        "eventID": f"{name}-{second}-{who.get('accessKeyId', '')}-{account}",
        "recipientAccountId": account,
        **parts,
    }
    username = who.get("userName") or str(who.get("principalId", "")).partition(":")[2] or None
    reads = "true" if name.startswith(("Get", "List", "Describe", "Assume")) else "false"
    return Event(
        event_id=record["eventID"],
        time=datetime.fromtimestamp(second, UTC),
        name=name,
        source=record["eventSource"],
        username=username,
        read_only=reads,
        access_key_id=who.get("accessKeyId"),
        resources=resources,
        record=json.dumps(record),
    )


def assume(second: int, who: dict[str, Any], taken: dict[str, Any], **parts: Any) -> Event:
    """The AssumeRole event that issued the credentials of a role's session, in whichever account."""
    arn, key = taken["arn"], taken.get("accessKeyId", "")
    name, session = arn.split("/")[1:]
    account = arn.split(":")[4]
    response: dict[str, Any] = {"assumedRoleUser": {"assumedRoleId": taken["principalId"], "arn": arn}}
    if key:
        response["credentials"] = {"accessKeyId": key, "expiration": "Nov 20, 2026, 10:00:00 AM"}
    role_arn = f"arn:aws:iam::{account}:role/{name}"
    given = {
        "requestParameters": {"roleArn": role_arn, "roleSessionName": session},
        "responseElements": response,
        "resources": (role_arn, session, *((key,) if key else ())),
        **parts,
    }
    return call(second, who, given.pop("eventName", "AssumeRole"), source="sts", **given)


def make_key(second: int, who: dict[str, Any], name: str, key: str) -> Event:
    """The CreateAccessKey event that made a user's key."""
    made = {"accessKey": {"accessKeyId": key, "status": "Active", "userName": name}}
    request = {"userName": name}
    return call(
        second, who, "CreateAccessKey", source="iam", requestParameters=request, responseElements=made,
        resources=(name, key),
    )  # fmt: skip


def sign_in(second: int, who: dict[str, Any], **parts: Any) -> Event:
    """A ConsoleLogin."""
    response = {"ConsoleLogin": "Success"}
    return call(
        second, who, "ConsoleLogin", source="signin", responseElements=response, eventType="AwsConsoleSignIn", **parts
    )

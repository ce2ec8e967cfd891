"""The event record of a call to the emulator: what CloudTrail would write, and no more."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ctui.emulator.account.accounts import Account
from ctui.emulator.account.temporary import TemporaryKey
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.records.recorded import READING_NAMES
from ctui.emulator.wire.protocol import FIRST_SECOND, LAST_SECOND
from ctui.emulator.wire.signature import Signer

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ANSWERED = frozenset({"CreateTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors"})
_TIMES = frozenset({"StartTime", "EndTime"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """What an event says of a call: who made it, where, and what it was."""

    identity: Mapping[str, Any]
    """The userIdentity."""
    account: str
    region: str
    service: str
    action: str
    parameters: Mapping[str, Any]
    """The requestParameters."""
    elements: Mapping[str, Any] | None
    """The responseElements."""


def record_of(
    call: RecordedCall, *, failure: Wire | None, now: float, request_id: str, address: str, agent: str
) -> dict[str, Any]:
    """The event record as a dict, in the service's order of members. `now` is epoch seconds."""
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": call.identity,
        "eventTime": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": call.action,
        "awsRegion": call.region,
        "sourceIPAddress": address,
        "userAgent": agent,
    }
    if failure is not None:
        record["errorCode"] = "AccessDenied" if failure.code == "AccessDeniedException" else failure.code
        record["errorMessage"] = failure.message
    record |= {
        "requestParameters": {_camel(name): _written(name, value) for name, value in call.parameters.items()} or None,
        "responseElements": None if failure is not None else call.elements,
        "requestID": request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": call.action.startswith((*READING_NAMES, "AssumeRole")),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.account,
        "eventCategory": "Management",
    }
    return record


def seen_by(record: dict[str, Any], caller: Signer, reached: Account) -> dict[str, Any]:
    """A call as the account that it reached records it: an event of its own, with the same sharedEventID.

    That account learns who called, and no more: the account and the unique ID (user guide of CloudTrail, "CloudTrail
    userIdentity element", cross-account calls).
    """
    stranger = {"type": "AWSAccount", "principalId": caller.user_id, "accountId": caller.account.id}
    changed = {"userIdentity": stranger, "eventID": str(uuid.uuid4()), "recipientAccountId": reached.id}
    return {name: changed.get(name, value) for name, value in record.items()}


def shared(record: dict[str, Any]) -> dict[str, Any]:
    """A call with the sharedEventID of all its records."""
    category = record["eventCategory"]
    before = {name: value for name, value in record.items() if name != "eventCategory"}
    return {**before, "sharedEventID": str(uuid.uuid4()), "eventCategory": category}


def identity_of(caller: Signer, now: float) -> dict[str, Any]:
    """The userIdentity of who signed a call. `now` is epoch seconds."""
    account, key = caller.account, caller.key
    common: dict[str, Any] = {
        "principalId": caller.user_id,
        "arn": caller.arn,
        "accountId": account.id,
        "accessKeyId": key.id,
    }
    today = datetime.fromtimestamp(now, UTC)
    attributes = {"creationDate": f"{today:%Y-%m-%dT00:00:00Z}", "mfaAuthenticated": "false"}
    if isinstance(key, TemporaryKey):
        attributes = {"creationDate": f"{key.since:%Y-%m-%dT%H:%M:%SZ}", "mfaAuthenticated": str(key.mfa).lower()}
    if key.role:
        issuer = {
            "type": "Role",
            "principalId": caller.role_id,
            "arn": account.arn("iam", "", f"role/{key.role}"),
            "accountId": account.id,
            "userName": key.role_name,
        }
        return {"type": "AssumedRole", **common, "sessionContext": {"sessionIssuer": issuer, "attributes": attributes}}
    if isinstance(key, TemporaryKey):
        common["sessionContext"] = {"attributes": attributes}
    return {"type": "IAMUser", **common, "userName": key.user} if key.user else {"type": "Root", **common}


def elements_of(action: str, answer: dict[str, Any] | None) -> dict[str, Any] | None:
    """The responseElements of a call to CloudTrail. Reading calls have none."""
    if answer is None or action not in _ANSWERED:
        return None
    return {_camel(name): _written(name, value) for name, value in answer.items()}


def _written(name: str, value: Any) -> Any:
    if name in _TIMES:
        return written_date(value)
    if isinstance(value, list):
        return [_written("", item) for item in value]
    if isinstance(value, dict):
        return {_camel(key): _written(key, item) for key, item in value.items()}
    return value


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]


def written_date(moment: float) -> str:
    """A time as the service writes it in request parameters: Nov 22, 2026, 6:40:00 AM."""
    if not FIRST_SECOND <= moment <= LAST_SECOND:
        return str(moment)
    at = datetime.fromtimestamp(moment, UTC)
    half = "AM" if at.hour < 12 else "PM"
    return f"{_MONTHS[at.month - 1]} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S} {half}"

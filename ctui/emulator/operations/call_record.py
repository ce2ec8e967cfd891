"""The event record of a call to the emulator: what CloudTrail would write, and no more."""

import uuid
from datetime import UTC, datetime
from typing import Any

from ctui.emulator.errors.error_row import Wire
from ctui.emulator.records.recorded import READING_NAMES
from ctui.emulator.wire.protocol import FIRST_SECOND, LAST_SECOND, Parameters
from ctui.emulator.wire.signature import Signer, unique_id

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ANSWERED = frozenset({"CreateTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors"})
_TIMES = frozenset({"StartTime", "EndTime"})


def record_of(
    caller: Signer,
    *,
    service: str,
    action: str,
    parameters: Parameters,
    answer: dict[str, Any] | None,
    failure: Wire | None,
    now: float,
    request_id: str,
    address: str,
    agent: str,
) -> dict[str, Any]:
    """The event record as a dict, in the service's order of members. `now` is epoch seconds."""
    moment = datetime.fromtimestamp(now, UTC)
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": _identity(caller, moment),
        "eventTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": action,
        "awsRegion": caller.region,
        "sourceIPAddress": address,
        "userAgent": agent,
    }
    if failure is not None:
        record["errorCode"] = "AccessDenied" if failure.code == "AccessDeniedException" else failure.code
        record["errorMessage"] = failure.message
    record |= {
        "requestParameters": {_camel(name): _written(name, value) for name, value in parameters.items()} or None,
        "responseElements": _elements(action, answer),
        "requestID": request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": action.startswith(READING_NAMES),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": caller.account.id,
        "eventCategory": "Management",
    }
    return record


def _identity(caller: Signer, moment: datetime) -> dict[str, Any]:
    account, key = caller.account, caller.key
    common = {"principalId": caller.user_id, "arn": caller.arn, "accountId": account.id, "accessKeyId": key.id}
    if key.user:
        return {"type": "IAMUser", **common, "userName": key.user}
    if key.role:
        issuer = {
            "type": "Role",
            "principalId": unique_id("AROA", account.id, key.role),
            "arn": account.arn("iam", "", f"role/{key.role}"),
            "accountId": account.id,
            "userName": key.role.rsplit("/", 1)[-1],
        }
        attributes = {"creationDate": f"{moment:%Y-%m-%dT00:00:00Z}", "mfaAuthenticated": "false"}
        return {"type": "AssumedRole", **common, "sessionContext": {"sessionIssuer": issuer, "attributes": attributes}}
    return {"type": "Root", **common}


def _elements(action: str, answer: dict[str, Any] | None) -> dict[str, Any] | None:
    """The responseElements. Reading calls have none."""
    if answer is None or action not in _ANSWERED:
        return None
    return {_camel(name): _written(name, value) for name, value in answer.items()}


def _written(name: str, value: Any) -> Any:
    if name in _TIMES:
        return _date(value)
    if isinstance(value, list):
        return [_written("", item) for item in value]
    if isinstance(value, dict):
        return {_camel(key): _written(key, item) for key, item in value.items()}
    return value


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]


def _date(moment: float) -> str:
    """A time as the service writes it in request parameters: Nov 22, 2026, 6:40:00 AM."""
    if not FIRST_SECOND <= moment <= LAST_SECOND:
        return str(moment)
    at = datetime.fromtimestamp(moment, UTC)
    half = "AM" if at.hour < 12 else "PM"
    return f"{_MONTHS[at.month - 1]} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S} {half}"

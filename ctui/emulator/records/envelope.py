"""What the service returns around an event record: Username, ReadOnly, AccessKeyId, Resources and the time."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.records.resources import resources_of
from ctui.model.event.event import Resource
from ctui.model.lookup.lookup import Category

_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
_LAST_SECOND = 253402300799
DATA_CATEGORIES = ("Data", "NetworkActivity")
INSIGHT_TYPE = "AwsCloudTrailInsight"


class NotAnEvent(StrEnum):
    """Why a record cannot become an event, in words for a report."""

    NOT_AN_OBJECT = "not an event record: not a JSON object"
    NO_TIME = "no eventTime"
    BAD_TIME = "an eventTime that cannot be read"
    NO_REGION = "no awsRegion"
    BAD_REGION = "an awsRegion that is not a Region"
    DATA_EVENT = "a data event, which LookupEvents does not return"
    BAD_TEXT = "text that is not Unicode"
    BAD_RECORD = "a CloudTrailEvent that is not a JSON object"


def envelope(
    record: object,
    *,
    account: str,
    origin: Origin,
    available: float | None = None,
    text: str | None = None,
    region: str | None = None,
) -> Recorded | NotAnEvent:
    """The event in a decoded record, or why it is not an event. Never raises, whatever the record contains.

    `text` is the record as it came, or None to make compact JSON. `region` overrides awsRegion. `available` None: as
    soon as it happened. Logstash's CloudTrail codec renames eventTime to `@timestamp`, so that is read too.
    """
    if not isinstance(record, dict):
        return NotAnEvent.NOT_AN_OBJECT
    category = _category(record)
    if isinstance(category, NotAnEvent):
        return category
    stamp = record.get("eventTime", record.get("@timestamp"))
    if stamp is None:
        return NotAnEvent.NO_TIME
    time = epoch_second(stamp)
    if time is None:
        return NotAnEvent.BAD_TIME
    where = region or record.get("awsRegion")
    if where is None:
        return NotAnEvent.NO_REGION
    if not is_region(where):
        return NotAnEvent.BAD_REGION
    written = _compact(record) if text is None else text
    if _clean(written) != written:
        return NotAnEvent.BAD_TEXT
    # Insights events name their calls one level down, and are found by those.
    details = record.get("insightDetails")
    about = details if category is Category.INSIGHT and isinstance(details, dict) else {}
    name = _text(record.get("eventName", about.get("eventName")))
    source = _text(record.get("eventSource", about.get("eventSource")))
    read_only = _truth(record.get("readOnly"))
    event_id = _text(record.get("eventID"))
    return Recorded(
        account=account,
        region=where,
        event_id=event_id,
        time=time,
        available=float(time) if available is None else available,
        name=name,
        source=source,
        username=username_of(record.get("userIdentity")),
        read_only=read_only,
        access_key_id=_access_key(record.get("userIdentity")),
        resources=_cleaned(
            resources_of(
                source, (record.get("requestParameters"), record.get("responseElements")), reads=read_only == "true"
            )
        ),
        record=written,
        origin=origin,
        category=category,
    )


def recorded(
    record: dict[str, Any], *, account: str, origin: Origin, available: float, text: str | None = None
) -> Recorded:
    """The event in a record that we made. Raises ValueError with the reason if it is not an event."""
    event = envelope(record, account=account, origin=origin, available=available, text=text)
    if isinstance(event, NotAnEvent):
        raise ValueError(event.value)
    return event


def looked_up(answer: dict[str, Any], *, account: str) -> Recorded | NotAnEvent:
    """An event from an entry of a LookupEvents answer, which is returned again as it was.

    Region and category come from the record inside, the time from EventTime if that can be read.
    """
    text = answer.get("CloudTrailEvent")
    try:
        record = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return NotAnEvent.BAD_RECORD
    if not isinstance(record, dict) or not isinstance(text, str):
        return NotAnEvent.BAD_RECORD
    if "EventTime" in answer:
        record = {**record, "eventTime": answer["EventTime"]}
    inner = envelope(record, account=account, origin=Origin.LOADED, text=text)
    if isinstance(inner, NotAnEvent):
        return inner
    return Recorded(
        account=account,
        region=inner.region,
        event_id=_text(answer.get("EventId")),
        time=inner.time,
        available=inner.available,
        name=_text(answer.get("EventName")),
        source=_text(answer.get("EventSource")),
        username=_text(answer.get("Username")),
        read_only=_truth(answer.get("ReadOnly")),
        access_key_id=_text(answer.get("AccessKeyId")),
        resources=_said_resources(answer.get("Resources")),
        record=text,
        origin=Origin.LOADED,
        category=inner.category,
    )


def username_of(identity: object) -> str | None:
    """Username for a record's userIdentity, as real answers show it, or None if the service leaves it out.

    The name of an IAM user, "root" for the account, the session name of an assumed role; services have none.
    """
    if not isinstance(identity, dict):
        return None
    kind = identity.get("type")
    if kind == "Root":
        return "root"
    if kind in ("AssumedRole", "FederatedUser"):
        return _last_part(identity.get("arn"), "/") or _last_part(identity.get("principalId"), ":")
    if kind is None or kind == "AWSService":
        return None
    return _text(identity.get("userName"))


def epoch_second(stamp: object) -> int | None:
    """The epoch second of an ISO 8601 text (UTC if it has no zone) or of a number of seconds, or None."""
    if isinstance(stamp, int | float) and not isinstance(stamp, bool):
        return int(stamp) if 0 <= stamp <= _LAST_SECOND else None
    if not isinstance(stamp, str) or len(stamp) > 40:
        return None
    try:
        moment = datetime.fromisoformat(stamp)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        second = int(moment.timestamp() // 1)
    except (ValueError, OverflowError):
        return None
    return second if 0 <= second <= _LAST_SECOND else None


def is_region(region: object) -> bool:
    """True for a name that a credential scope can contain: one label of a host name. Invented Regions count."""
    return isinstance(region, str) and 0 < len(region) <= 63 and set(region) <= _LABEL and region.strip("-") == region


def _category(record: dict[str, Any]) -> Category | NotAnEvent:
    category = record.get("eventCategory")
    if category == "Insight" or record.get("eventType") == INSIGHT_TYPE:
        return Category.INSIGHT
    if category in DATA_CATEGORIES or _truth(record.get("managementEvent")) == "false":
        return NotAnEvent.DATA_EVENT
    return Category.MANAGEMENT


def _access_key(identity: object) -> str | None:
    return _text(identity.get("accessKeyId")) if isinstance(identity, dict) else None


def _said_resources(said: object) -> tuple[Resource, ...]:
    entries = [entry for entry in said if isinstance(entry, dict)] if isinstance(said, list) else []
    return tuple(Resource(_text(entry.get("ResourceType")), _text(entry.get("ResourceName"))) for entry in entries)


def _cleaned(resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    return tuple(Resource(resource.type, _text(resource.name)) for resource in resources)


def _last_part(text: object, separator: str) -> str | None:
    return _text(text.rpartition(separator)[2]) if isinstance(text, str) else None


def _truth(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value in ("true", "false") and isinstance(value, str) else None


def _text(value: object) -> str | None:
    return _clean(value) if isinstance(value, str) and value else None


def _clean(text: str) -> str:
    """The text with U+FFFD in place of half a surrogate pair, which UTF-8 cannot encode."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _compact(record: dict[str, Any]) -> str:
    try:
        return msgspec.json.encode(record).decode()
    except UnicodeEncodeError:
        return json.dumps(record, separators=(",", ":"))

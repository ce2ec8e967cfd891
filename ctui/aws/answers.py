"""Answers of the CloudTrail API: bytes become model values, or it is said that they are not this API's words."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec

from ctui.errors import NotCloudTrail
from ctui.model.event import Event, Resource, event_id_of
from ctui.model.trail import Trail, TrailStatus

JSON_TYPE = "application/x-amz-json-1"
"""How the content type of an answer in the AWS JSON protocol begins."""

_HEAD = 1_000
"""Bytes in which a web page says that it is one."""

Timestamp = float | str | None
"""Epoch seconds on the wire; text is taken too, as AWS's own clients do."""


class _Resource(msgspec.Struct, rename="pascal"):
    resource_type: str | None = None
    resource_name: str | None = None


class _Event(msgspec.Struct, rename="pascal"):
    event_id: str | None = None
    event_name: str | None = None
    event_time: Timestamp = None
    event_source: str | None = None
    username: str | None = None
    read_only: str | None = None
    access_key_id: str | None = None
    resources: list[_Resource] | None = None
    cloud_trail_event: str | None = None


class _Events(msgspec.Struct, rename="pascal"):
    events: list[_Event] | None = None
    next_token: str | None = None


class _Trail(msgspec.Struct, rename="pascal"):
    name: str | None = None
    trail_arn: str | None = msgspec.field(default=None, name="TrailARN")
    home_region: str | None = None
    s3_bucket_name: str | None = None
    s3_key_prefix: str | None = None
    sns_topic_name: str | None = None
    sns_topic_arn: str | None = msgspec.field(default=None, name="SnsTopicARN")
    include_global_service_events: bool | None = None
    is_multi_region_trail: bool | None = None
    is_organization_trail: bool | None = None
    log_file_validation_enabled: bool | None = None
    cloud_watch_logs_log_group_arn: str | None = None
    cloud_watch_logs_role_arn: str | None = None
    kms_key_id: str | None = None
    has_custom_event_selectors: bool | None = None
    has_insight_selectors: bool | None = None


class _Trails(msgspec.Struct):
    today: list[_Trail] | None = msgspec.field(default=None, name="trailList")
    reference: list[_Trail] | None = msgspec.field(default=None, name="TrailList")


class _Status(msgspec.Struct, rename="pascal"):
    is_logging: bool | None = None
    latest_delivery_time: Timestamp = None
    latest_delivery_error: str | None = None
    latest_notification_time: Timestamp = None
    latest_notification_error: str | None = None
    latest_cloud_watch_logs_delivery_time: Timestamp = None
    latest_cloud_watch_logs_delivery_error: str | None = None
    latest_digest_delivery_time: Timestamp = None
    latest_digest_delivery_error: str | None = None
    start_logging_time: Timestamp = None
    stop_logging_time: Timestamp = None
    latest_delivery_attempt_time: str | None = None
    latest_delivery_attempt_succeeded: str | None = None
    latest_notification_attempt_time: str | None = None
    latest_notification_attempt_succeeded: str | None = None
    time_logging_started: str | None = None
    time_logging_stopped: str | None = None


class _Empty(msgspec.Struct):
    """Holds nothing, whatever was sent."""


class _Error(msgspec.Struct):
    type: str | None = msgspec.field(default=None, name="__type")
    message: str | None = None
    message_too: str | None = msgspec.field(default=None, name="Message")


S = TypeVar("S")


def read_events(body: bytes, headers: Mapping[str, str]) -> tuple[tuple[Event, ...], str | None]:
    """(events in the order given, next token or None) of a LookupEvents answer; raises NotCloudTrail."""
    answer = _decode(body, _Events)
    if answer.events is None:
        _must_be_json_protocol(headers, "Events")
    return tuple(_event(event) for event in answer.events or ()), answer.next_token or None


def read_trails(body: bytes, headers: Mapping[str, str]) -> tuple[Trail, ...]:
    """The trails of a DescribeTrails answer; raises NotCloudTrail."""
    answer = _decode(body, _Trails)
    trails = answer.reference if answer.today is None else answer.today
    if trails is None:
        _must_be_json_protocol(headers, "trailList")
    return tuple(_trail(trail) for trail in trails or ())


def read_trail(body: bytes, headers: Mapping[str, str]) -> Trail:
    """The trail of a CreateTrail or UpdateTrail answer; raises NotCloudTrail."""
    return _trail(_decode(body, _Trail))


def read_nothing(body: bytes, headers: Mapping[str, str]) -> None:
    """The answer of DeleteTrail, StartLogging and StopLogging: no body, or an empty object; raises NotCloudTrail."""
    if body.strip():
        _decode(body, _Empty)


def read_status(body: bytes, headers: Mapping[str, str]) -> TrailStatus:
    """What a GetTrailStatus answer says; raises NotCloudTrail."""
    status = _decode(body, _Status)
    if status.is_logging is None:
        _must_be_json_protocol(headers, "IsLogging")
    values: dict[str, Any] = {
        name: _instant(value, name) if name in _STATUS_TIMES else value
        for name, value in msgspec.structs.asdict(status).items()
    }
    return TrailStatus(**values)


def read_error(body: bytes, headers: Mapping[str, str]) -> tuple[str, str] | None:
    """(code, the service's words) of an error answer, None where it holds no code in this protocol's manner."""
    try:
        error = _decode(body, _Error)
    except NotCloudTrail:
        return None
    # Some front ends name the error in the header alone; both may carry a namespace before and a URL behind.
    code = (error.type or headers.get("x-amzn-errortype") or "").partition(":")[0].rpartition("#")[2].strip()
    return (code, error.message or error.message_too or "") if code else None


def read_date(headers: Mapping[str, str]) -> datetime | None:
    """The Date header as an instant in UTC, None where it is absent or unreadable."""
    try:
        instant = parsedate_to_datetime(headers.get("date", ""))
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


READERS: Mapping[str, Callable[[bytes, Mapping[str, str]], object]] = {
    "LookupEvents": read_events,
    "DescribeTrails": read_trails,
    "GetTrailStatus": read_status,
    "CreateTrail": read_trail,
    "UpdateTrail": read_trail,
    "DeleteTrail": read_nothing,
    "StartLogging": read_nothing,
    "StopLogging": read_nothing,
}
"""Action -> what reads the body of its successful answer."""

_STATUS_TIMES = frozenset(field.name for field in msgspec.structs.fields(_Status) if field.type == Timestamp)


def _decode(body: bytes, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        try:
            return msgspec.json.decode(_without_lone_surrogates(body), type=shape)
        except (ValueError, RecursionError):
            raise not_cloudtrail(str(error)) from error


def _without_lone_surrogates(body: bytes) -> bytes:
    # JSON may escape half a surrogate pair; msgspec refuses such a text as a whole. Each half becomes U+FFFD.
    text = json.dumps(json.loads(body.decode()), ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def not_cloudtrail(why: str) -> NotCloudTrail:
    """The error for an answer that is not in this API's words."""
    return NotCloudTrail(
        "Not a CloudTrail API",
        f"The endpoint answered with something else: {why}.",
        "Check --endpoint-url (or AWS_ENDPOINT_URL and the profile's endpoint_url) and any proxy, then press r.",
    )


def is_web_page(body: bytes) -> bool:
    """True where the answer is HTML, whatever its content type says."""
    return body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def not_cloudtrail_but_a_page() -> NotCloudTrail:
    """The error for a web page: a network that wants a login first, a proxy, or a web server."""
    return NotCloudTrail(
        "Not a CloudTrail API",
        "A web page came back in place of CloudTrail's answer: from a network's login page, a proxy or a web server.",
        "Open any page in a browser, in case the network wants a login; check any proxy and --endpoint-url "
        "(or AWS_ENDPOINT_URL and the profile's endpoint_url), then press r.",
    )


def _must_be_json_protocol(headers: Mapping[str, str], missing: str) -> None:
    # An empty list may be left out, but then the answer has to speak the protocol at least.
    if not headers.get("content-type", "").startswith(JSON_TYPE):
        raise not_cloudtrail(f"{missing} is missing")


def _instant(value: object, what: str) -> datetime | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
            instant = datetime.fromisoformat(value)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise not_cloudtrail(f"{what} is no time ({error})") from error


def _event(event: _Event) -> Event:
    record = event.cloud_trail_event or ""
    instant = _instant(event.event_time, "EventTime") or _recorded_time(record)
    if instant is None:
        raise not_cloudtrail("an event has no EventTime")
    return Event(
        # Without id and record, what came around the record is all there is to tell two events apart.
        event_id=event_id_of(event.event_id, record or msgspec.json.encode(event).decode()),
        time=instant.replace(microsecond=0),
        name=event.event_name,
        source=event.event_source,
        username=event.username,
        read_only=event.read_only,
        access_key_id=event.access_key_id,
        resources=tuple(Resource(each.resource_type, each.resource_name) for each in event.resources or ()),
        record=record,
    )


class _RecordedTime(msgspec.Struct, rename="camel"):
    event_time: str | None = None


def _recorded_time(record: str) -> datetime | None:
    try:
        return _instant(msgspec.json.decode(record, type=_RecordedTime).event_time, "eventTime")
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _trail(trail: _Trail) -> Trail:
    name = trail.name or (trail.trail_arn or "").rpartition("/")[2]
    if not name:
        raise not_cloudtrail("a trail has neither Name nor TrailARN")
    return Trail(
        name=name,
        arn=trail.trail_arn,
        home_region=trail.home_region,
        s3_bucket_name=trail.s3_bucket_name,
        s3_key_prefix=trail.s3_key_prefix,
        sns_topic_name=trail.sns_topic_name,
        sns_topic_arn=trail.sns_topic_arn,
        include_global_service_events=trail.include_global_service_events,
        is_multi_region_trail=trail.is_multi_region_trail,
        is_organization_trail=trail.is_organization_trail,
        log_file_validation_enabled=trail.log_file_validation_enabled,
        cloud_watch_logs_log_group_arn=trail.cloud_watch_logs_log_group_arn,
        cloud_watch_logs_role_arn=trail.cloud_watch_logs_role_arn,
        kms_key_id=trail.kms_key_id,
        has_custom_event_selectors=trail.has_custom_event_selectors,
        has_insight_selectors=trail.has_insight_selectors,
    )

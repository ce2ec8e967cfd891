"""What GetTrailStatus says of a trail, field by field, and in one line."""

from collections.abc import Callable, Iterator
from datetime import datetime

from ctui.errors import CtuiError
from ctui.model.trail.health import Channel, Level, health_of
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.panes.trail_list import delivery_errors, trail_mark
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, fit, join, wrap
from ctui.render.text.spans import width as cells

_LABEL = 8
_LEAST_SUMMARY = 24
"""Cells that the summary of one trail keeps, whatever else its line has to say."""
_Field = tuple[str, Line]


def status_lines(
    trail: Trail,
    status: TrailStatus | None,
    error: CtuiError | None,
    *,
    now: datetime,
    region: str,
    width: int,
    retired: bool = False,
    to_do: Callable[[str], str] = str,
    read: tuple[datetime, str] | None = None,
    stale: CtuiError | None = None,
) -> tuple[Line, ...]:
    """Every field, wrapped to `width` cells: ages with their instants, errors in the error role.

    `retired`: show the deprecated fields, also those that equal current ones. `to_do` words what to do for who has no
    keys to press. `read`: when the status was read and in which Region, where it is read again each minute; `stale`:
    why it could not be.
    """
    if error is not None:
        fields = [("Status", clean(error.title, Role.ERROR)), ("", clean(error.message))]
        fields += [("To do", clean(to_do(error.remedy), Role.WARNING))] if error.remedy else []
    elif status is None:
        fields = [("Status", (("loading …", Role.DIM),))]
    else:
        fields = list(_stale_fields(stale, to_do)) if stale is not None else []
        fields += _status_fields(trail, status, now, width - _indent(width), to_do)
    fields += _setting_fields(trail, region)
    if error is None and status is not None:
        fields += _retired_fields(status, every=retired)
        fields += _odd_fields(status.odd)
    fields += _odd_fields(trail.odd)
    if read is not None:
        fields += _read_fields(*read)
    return tuple(line for field in fields for line in _field_lines(field, width))


def status_summary(
    trail: Trail,
    status: TrailStatus | None,
    error: CtuiError | None,
    *,
    now: datetime,
    region: str,
    width: int,
    counts: Line = (),
    stale: datetime | None = None,
) -> Line:
    """The same in one line of exactly `width` cells, problems first, and `counts` of all trails at its end.

    `stale`: when the status was read, if it could not be read again since.
    """
    parts: list[Line] = [
        (trail_mark(trail, status, error, now), (" ", Role.PLAIN), *clean(trail.name or "(unreadable)", Role.STRONG)),
        *([(("not refreshed since ", Role.WARNING), (_second(stale), Role.WARNING))] if stale is not None else []),
        *status_parts(status, error, now),
    ]
    if trail.is_shadow_in(region):
        parts.append((("home ", Role.LABEL), *clean(trail.home_region or "")))
    right: Line = (("  ", Role.PLAIN), *counts) if counts else ()
    room = width - cells(right)
    if room < _LEAST_SUMMARY:
        room, right = width, ()
    return (*fit(join(parts, " · "), room), *right)


def status_parts(status: TrailStatus | None, error: CtuiError | None, now: datetime) -> list[Line]:
    """What a status says in a few words each: problems first, whether the trail logs, what was delivered when."""
    if error is not None:
        return [clean(error.title, Role.ERROR)]
    if status is None:
        return [(("loading …", Role.DIM),)]
    return [
        *(((f"{where} ", Role.LABEL), *clean(code, Role.ERROR)) for where, code in delivery_errors(status)),
        _logging(status, now),
        *(
            ((f"{where} ", Role.LABEL), (times.ago(then, now), Role.PLAIN))
            for where, then, code in (
                ("S3", status.latest_delivery_time, status.latest_delivery_error),
                ("SNS", status.latest_notification_time, status.latest_notification_error),
                (
                    "CloudWatch",
                    status.latest_cloud_watch_logs_delivery_time,
                    status.latest_cloud_watch_logs_delivery_error,
                ),
                ("digest", status.latest_digest_delivery_time, status.latest_digest_delivery_error),
            )
            if then and not code
        ),
    ]


def _status_fields(
    trail: Trail, status: TrailStatus, now: datetime, room: int, to_do: Callable[[str], str]
) -> Iterator[_Field]:
    health = health_of(trail, status, now)
    yield "Logging", _logging(status, now, yes="yes", no="no")
    if (off := health.of(Channel.LOGGING)) is not None and off.level is Level.OFF:
        yield "  to do", clean(to_do(off.remedy))
    yield from _when("Started", status.start_logging_time, now, room, _absent(status, "start_logging_time", "unknown"))
    yield from _when("Stopped", status.stop_logging_time, now, room, _absent(status, "stop_logging_time", "never"))
    for label, channel, time, code, configured in (
        ("S3", Channel.BUCKET, "latest_delivery_time", status.latest_delivery_error, True),
        (
            "SNS",
            Channel.TOPIC,
            "latest_notification_time",
            status.latest_notification_error,
            trail.sns_topic_arn or trail.sns_topic_name,
        ),
        (
            "CW Logs",
            Channel.LOG_GROUP,
            "latest_cloud_watch_logs_delivery_time",
            status.latest_cloud_watch_logs_delivery_error,
            trail.cloud_watch_logs_log_group_arn,
        ),
        (
            "Digest",
            Channel.DIGEST,
            "latest_digest_delivery_time",
            status.latest_digest_delivery_error,
            trail.log_file_validation_enabled,
        ),
    ):
        sign, then = health.of(channel), getattr(status, time)
        trouble = sign if sign is not None and sign.level >= Level.WARNING else None
        if code:
            yield label, (("▲ ", Role.ERROR), *clean(code, Role.ERROR))
            yield from _when("  last", then, now, room, _absent(status, time, "never"))
        else:
            absent = "no delivery yet" if configured else "not configured"
            yield from _when(label, then, now, room, _absent(status, time, absent))
            if trouble is not None:
                yield "", (("▲ ", Role.WARNING), *clean(trouble.text, Role.WARNING))
        if trouble is not None:
            yield "", clean(trouble.meaning, Role.DIM)
            yield "  to do", clean(to_do(trouble.remedy))


def read_words(at: datetime) -> str:
    """When a status was read, for the pane's border: `read 14:02:11`."""
    return f"read {_second(at)}"


def _second(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


def _stale_fields(stale: CtuiError, to_do: Callable[[str], str]) -> Iterator[_Field]:
    """Why the status below is an old one."""
    yield "Refresh", (("▲ ", Role.WARNING), *clean(stale.title, Role.WARNING))
    yield "", clean(stale.message)
    if stale.remedy:
        yield "  to do", clean(to_do(stale.remedy))


def _read_fields(at: datetime, region: str) -> Iterator[_Field]:
    """When and where the status was read, and what that leaves behind: an event for each call."""
    yield "Read", ((f"{_second(at)} UTC in ", Role.PLAIN), *clean(region))
    yield "", (("again each minute while shown; each call is an event in your trails", Role.DIM),)


def _absent(status: TrailStatus, time: str, otherwise: str) -> str:
    """What replaces an instant that is missing."""
    return "unreadable" if time in status.lost else otherwise


def _setting_fields(trail: Trail, region: str) -> list[_Field]:
    fields: list[_Field] = []
    if trail.s3_bucket_name:
        path = "/".join(part for part in (trail.s3_bucket_name, trail.s3_key_prefix) if part)
        fields.append(("Bucket", clean(path)))
    if trail.home_region:
        elsewhere = trail.is_shadow_in(region)
        note: Line = ((", seen from ", Role.DIM), *clean(region, Role.DIM)) if elsewhere else ()
        fields.append(("Home", (*clean(trail.home_region), *note)))
    if trail.is_multi_region_trail is not None:
        scope = "all Regions" if trail.is_multi_region_trail else "this Region"
        more = " + global services" if trail.include_global_service_events else ""
        fields.append(("Records", ((scope + more, Role.PLAIN),)))
    options = [
        name
        for name, true in (
            ("organization trail", trail.is_organization_trail),
            ("file validation", trail.log_file_validation_enabled),
            ("KMS encryption", bool(trail.kms_key_id)),
            ("event selectors", trail.has_custom_event_selectors),
            ("Insights", trail.has_insight_selectors),
        )
        if true
    ]
    if options:
        fields.append(("Options", ((", ".join(options), Role.PLAIN),)))
    return fields


def _retired_fields(status: TrailStatus, *, every: bool) -> list[_Field]:
    """The six deprecated fields (AWS: "no longer in use"): those that differ from the current fields, or all six,
    also the empty ones, if `every` is set."""
    said = (
        ("delivery tried", status.latest_delivery_attempt_time, status.latest_delivery_time),
        ("delivery succeeded", status.latest_delivery_attempt_succeeded, status.latest_delivery_time),
        ("notification tried", status.latest_notification_attempt_time, status.latest_notification_time),
        ("notification succeeded", status.latest_notification_attempt_succeeded, status.latest_notification_time),
        ("logging started", status.time_logging_started, status.start_logging_time),
        ("logging stopped", status.time_logging_stopped, status.stop_logging_time),
    )
    if every:
        rows = [("", ((f"{name} ", Role.DIM), *clean(value or "not set", Role.DIM))) for name, value, _ in said]
        return [("Old", (("deprecated by AWS", Role.DIM),)), *rows]
    fields: list[_Field] = [
        ("", ((f"{name} ", Role.DIM), *clean(value, Role.DIM)))
        for name, value, now_said in said
        if value and not _same_instant(value, now_said)
    ]
    return [("Old", value) if not index else ("", value) for index, (_, value) in enumerate(fields)]


def _odd_fields(reasons: tuple[str, ...]) -> list[_Field]:
    """What came otherwise than the API says."""
    return [("Odd" if not place else "", clean(reason, Role.WARNING)) for place, reason in enumerate(reasons)]


def _same_instant(text: str, instant: datetime | None) -> bool:
    """True if the text is that instant, to the second; the service writes 2026-11-21T14:02:11Z."""
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return False
    if instant is None or written.tzinfo is None:
        return False
    return written.replace(microsecond=0) == instant.replace(microsecond=0)


def _logging(status: TrailStatus, now: datetime, yes: str = "logging", no: str = "not logging") -> Line:
    if status.is_logging is None:
        return (("unknown", Role.WARNING),)
    since = status.start_logging_time if status.is_logging else status.stop_logging_time
    tail: Line = ((f", since {times.short(since, now)}", Role.PLAIN),) if since else ()
    return ((yes, Role.GOOD) if status.is_logging else (no, Role.WARNING), *tail)


def _when(label: str, then: datetime | None, now: datetime, room: int, absent: str) -> Iterator[_Field]:
    """The age, with the instant in UTC behind it, or below it if `room` cells do not hold both."""
    if then is None:
        yield label, ((absent, Role.DIM),)
        return
    age, instant = times.ago(then, now), times.to_the_minute(then)
    if len(age) + 1 + len(instant) <= room:
        yield label, ((age, Role.PLAIN), (" ", Role.DIM), (instant, Role.DIM))
    else:
        yield label, ((age, Role.PLAIN),)
        yield "", ((instant, Role.DIM),)


def _field_lines(field: _Field, cells: int) -> Iterator[Line]:
    label, value = field
    indent = _indent(cells)
    if indent < _LABEL and label:
        yield from wrap(((label, Role.LABEL),), cells)
        label = ""
    for index, line in enumerate(wrap(value, max(1, cells - indent))):
        yield (*fit(((label if not index else "", Role.LABEL),), indent), *line)


def _indent(cells: int) -> int:
    return _LABEL if cells >= 2 * _LABEL else min(2, max(0, cells - 1))

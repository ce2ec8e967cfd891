"""Trails with their statuses as data for programs: JSON objects, alone, in an array or one a line, and CSV."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from ctui.errors import CtuiError
from ctui.model.trail.health import Level, Sign, health_of
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.copies.trail_copies import status_fields, trail_fields
from ctui.render.export.csv_format import BETWEEN, csv_lines

Facts = Mapping[str, object]
"""A trail as DescribeTrails returns it, with `Status` as GetTrailStatus does, or `Error` why that cannot be read; what
it means, `Health`, the level of the worst of `Signs`; and `Odd`, what came otherwise than the API says."""

_SETTINGS: Final = ("Name", "HomeRegion", "S3BucketName", "TrailARN")
_STATUS: Final = (
    "IsLogging", "StartLoggingTime", "StopLoggingTime", "LatestDeliveryTime", "LatestDeliveryError",
    "LatestNotificationTime", "LatestNotificationError", "LatestCloudWatchLogsDeliveryTime",
    "LatestCloudWatchLogsDeliveryError", "LatestDigestDeliveryTime", "LatestDigestDeliveryError",
)  # fmt: skip


def facts_of(
    trail: Trail, status: TrailStatus | None, error: CtuiError | None, now: datetime, to_do: Callable[[str], str] = str
) -> Facts:
    """What is known of a trail at `now`. `to_do` words what to do for who has no keys to press."""
    facts = trail_fields(trail)
    odd = trail.odd
    if error is not None:
        facts["Error"] = to_do(str(error))
    if status is not None:
        health = health_of(trail, status, now)
        facts |= {
            "Health": health.worst.level.name.lower(),
            "Signs": [_as_json(sign, to_do) for sign in health.signs],
            "Status": status_fields(status),
        }
        odd += status.odd
    return facts | ({"Odd": list(odd)} if odd else {})


def as_object(facts: Facts) -> bytes:
    """One trail: indented JSON in ASCII, which acts on no terminal."""
    return f"{json.dumps(facts, indent=2)}\n".encode()


def _as_lines(trails: Sequence[Facts]) -> bytes:
    return "".join(f"{json.dumps(facts)}\n" for facts in trails).encode()


def _as_array(trails: Sequence[Facts]) -> bytes:
    return f"{json.dumps(trails, indent=2)}\n".encode()


def _as_csv(trails: Sequence[Facts]) -> bytes:
    return csv_lines([(*_SETTINGS, "Health", "Problems", *_STATUS, "Error"), *map(_cells, trails)])


FORMATS: Final[Mapping[str, Callable[[Sequence[Facts]], bytes]]] = {
    "ndjson": _as_lines,
    "json": _as_array,
    "csv": _as_csv,
}
"""By name as an option has it, what makes the bytes of all trails."""


def _as_json(sign: Sign, to_do: Callable[[str], str]) -> dict[str, str]:
    said = {"Meaning": sign.meaning, "ToDo": to_do(sign.remedy)}
    level = {"Channel": sign.channel.value, "Level": sign.level.name.lower(), "Text": sign.text}
    return level | {name: text for name, text in said.items() if text}


def _cells(facts: Facts) -> list[str]:
    signs, status = facts.get("Signs", ()), facts.get("Status", {})
    assert isinstance(signs, Sequence)
    assert isinstance(status, Mapping)
    bad = {level.name.lower() for level in Level if level >= Level.OFF}
    problems = BETWEEN.join(f"{sign['Channel']}: {sign['Text']}" for sign in signs if sign["Level"] in bad)
    return [
        *(_cell(facts.get(name)) for name in (*_SETTINGS, "Health")),
        problems,
        # Times are those of the other CSV.
        *(_cell(status.get(name)).replace("+00:00", "Z") for name in _STATUS),
        _cell(facts.get("Error")),
    ]


def _cell(value: object) -> str:
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)

"""Events for tests: made by hand, and from records that nobody on this project wrote (absent on a user's machine)."""

import gzip
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ctui.model.event.event import Event, Resource, event_id_of

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def event_of(record: dict[str, Any] | str, **around: Any) -> Event:
    """An event around a record; what the service would say is left out unless given."""
    text = record if isinstance(record, str) else json.dumps(record)
    told: dict[str, Any] = {
        "event_id": event_id_of(None, text),
        "time": datetime(2026, 11, 1, tzinfo=UTC),
        "name": None,
        "source": None,
        "username": None,
        "read_only": None,
        "access_key_id": None,
        "resources": (),
    }
    return Event(**{**told, **around, "record": text})


@cache
def real_records() -> list[dict[str, Any]]:
    """Every record of the shared log files; skips the test that asks where they are absent."""
    files = sorted(DATA.glob("*.json.gz"))
    if not files:
        pytest.skip("the shared records are not here")
    return [record for file in files for record in json.loads(gzip.decompress(file.read_bytes()))["Records"]]


@cache
def looked_up() -> list[Event]:
    """Real answers of LookupEvents; skips the test that asks where they are absent."""
    files = sorted((DATA / "lookup").glob("*json*"))
    if not files:
        pytest.skip("the shared records are not here")
    raw = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [
        Event(
            event_id=event_id_of(one.get("EventId"), one["CloudTrailEvent"]),
            time=datetime.fromisoformat(one["EventTime"]).astimezone(UTC),
            name=one.get("EventName"),
            source=one.get("EventSource"),
            username=one.get("Username"),
            read_only=one.get("ReadOnly"),
            access_key_id=one.get("AccessKeyId"),
            resources=tuple(Resource(r.get("ResourceType"), r.get("ResourceName")) for r in one["Resources"]),
            record=one["CloudTrailEvent"],
        )
        for one in raw
    ]

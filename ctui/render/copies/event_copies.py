"""What can be copied of an event: its record in several forms, single values, and sentences. All is safe to paste.

Records are JSON in ASCII. Other texts have control, bidirectional and invisible characters made visible, so that no
recorded text acts on a terminal, or sends a line in a shell.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ctui.model.event.event import Event
from ctui.model.event.record import mapping, text
from ctui.model.event.summary import Summary
from ctui.model.log_files.tree_state import FilePlace
from ctui.model.values import dataclass
from ctui.render.panes.event_lines import event_name
from ctui.render.text import times
from ctui.render.text.names import service, short_name
from ctui.render.text.record_text import compact_text, copy_text, decoded
from ctui.render.text.sentence import sentence
from ctui.render.text.spans import clean_text, plain

_MOST_VALUES = 2_000
"""Values of a record that are offered."""
_LONGEST_SHOWN = 200
"""Characters of a value that a menu shows at most."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One thing that can be copied."""

    letter: str
    """The key that copies it; "" for a value of the record, which is called by its path."""
    label: str
    """What it is, in a few words."""
    shown: str
    """The beginning of it, safe to draw; or what is to know of it."""
    text: Callable[[], str]
    """Makes the text, when it is wanted: a record may have a megabyte."""

    @property
    def what(self) -> str:
        """What a notification calls it; a path of the record keeps its letters."""
        return f"{self.label[:1].upper()}{self.label[1:]}" if self.letter else self.label


def copy_of(letter: str, label: str, value: str) -> Copy:
    """A value that is copied as it is shown."""
    safe = clean_text(value)
    return Copy(letter, label, safe[:_LONGEST_SHOWN], lambda: safe)


def event_copies(event: Event, summary: Summary, file: FilePlace | None = None) -> tuple[Copy, ...]:
    """What can be copied of an event; a value that it lacks is left out. `file`: the log file that it comes from."""
    record = decoded(event.record)
    arn = text(mapping(record.get("userIdentity")).get("arn"))
    values = (
        ("i", "event ID", event.event_id),
        ("a", "ARN", arn),
        ("k", "access key ID", event.access_key_id or ""),
        ("p", "source IP", text(record.get("sourceIPAddress"))),
        ("s", "sentence", plain(sentence(event, summary))),
        ("w", "row", row_text(summary)),
        ("f", "log file", "" if file is None else " ".join(filter(None, (file.path, file.member)))),
    )
    return (
        Copy("r", "record", "indented JSON", lambda: copy_text(event.body)),
        Copy("o", "record in one line", "compact JSON", lambda: compact_text(event.body)),
        Copy("l", "LookupEvents form", "as the API returned it", lambda: lookup_form(event)),
        *(copy_of(letter, label, value) for letter, label, value in values if value),
    )


def row_text(summary: Summary) -> str:
    """A row of the list as one line of text: time, event, who, where from, on what, and the error."""
    when = times.instant_utc(summary.time) if summary.timed else "unreadable time"
    more = f" +{summary.more_resources}" if summary.more_resources else ""
    who = f"{summary.user} ({summary.role})" if summary.user and summary.role else summary.user or summary.role
    resource = f"{short_name(summary.resource)}{more}" if summary.resource else ""
    parts = (when, event_name(summary), service(who), service(summary.ip), resource, summary.error)
    return clean_text("  ".join(part for part in parts if part))


def lookup_form(event: Event) -> str:
    """The event as `aws cloudtrail lookup-events` prints one: JSON, the record as a text in it, in ASCII."""
    fields: dict[str, Any] = {
        "EventId": event.event_id,
        "EventName": event.name,
        "ReadOnly": event.read_only,
        "AccessKeyId": event.access_key_id,
        "EventTime": event.time.isoformat(),
        "EventSource": event.source,
        "Username": event.username,
        "Resources": [_resource(each.type, each.name) for each in event.resources],
        "CloudTrailEvent": event.record,
    }
    return json.dumps({name: value for name, value in fields.items() if value is not None}, indent=4)


def json_lines(events: Iterable[Event]) -> str:
    """The records of events, one a line, compact JSON in ASCII; an event without a record has its LookupEvents form."""
    return "".join(f"{compact_text(event.record or lookup_form(event))}\n" for event in events)


def record_values(event: Event) -> list[tuple[str, str]]:
    """(path, value) of the values in a record, in its order, 2,000 at most; empty texts and nulls are left out."""
    found: list[tuple[str, str]] = []
    for path, value in _leaves(decoded(event.record)):
        if value:
            found.append((path, value))
        if len(found) == _MOST_VALUES:
            break
    return found


def _leaves(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Any]] = [("", record)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += reversed([(f"{path}.{key}" if path else key, one) for key, one in value.items()])
        elif isinstance(value, list):
            waiting += reversed([(f"{path}.{index}" if path else str(index), one) for index, one in enumerate(value)])
        elif value is not None:
            yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _resource(kind: str | None, name: str | None) -> dict[str, str]:
    named = {"ResourceType": kind, "ResourceName": name}
    return {key: value for key, value in named.items() if value is not None}

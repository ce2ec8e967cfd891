"""Records as JSON: one a line, an array, and the log file that CloudTrail delivers to a bucket.

A record keeps its own text: numbers, repeated keys and escapes go out as they came in. An event without a record that
is a JSON object is written in its LookupEvents form, as it came if that is known: every item is an object, so that no
reader stops.
"""

import zlib
from collections.abc import Sequence

from ctui.model.event.event import Event
from ctui.render.copies.event_copies import lookup_form
from ctui.render.text.record_text import compact_text, is_json

_GZIP = 16 + zlib.MAX_WBITS
"""Tells zlib to write gzip's header and checksum."""


class NdJson:
    """One record a line."""

    def head(self) -> bytes:
        """Nothing."""
        return b""

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        """A line for each event."""
        return b"".join(json_line(event) + b"\n" for event in events)

    def tail(self) -> bytes:
        """Nothing."""
        return b""


class JsonArray:
    """A JSON array, one record a line."""

    def __init__(self, head: bytes = b"[", tail: bytes = b"]") -> None:
        """`head` and `tail` enclose the records."""
        self._head = head
        self._tail = tail
        self._between = b"\n"

    def head(self) -> bytes:
        """What opens the array."""
        return self._head

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        """The records, each on its own line, commas between them."""
        parts: list[bytes] = []
        for event in events:
            parts += (self._between, json_line(event))
            self._between = b",\n"
        return b"".join(parts)

    def tail(self) -> bytes:
        """What closes the array."""
        return b"\n" + self._tail + b"\n"


class LogFile:
    """A log file as CloudTrail delivers it: an object with the list `Records`, gzip (user guide, "CloudTrail log file
    examples")."""

    def __init__(self) -> None:
        self._array = JsonArray(b'{"Records":[', b"]}")
        self._gzip = zlib.compressobj(wbits=_GZIP)

    def head(self) -> bytes:
        """gzip's header, and perhaps what opens the list: it comes once there is enough to compress."""
        return self._gzip.compress(self._array.head())

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        """As much as could be compressed so far."""
        return self._gzip.compress(self._array.rows(events))

    def tail(self) -> bytes:
        """All that is left."""
        return self._gzip.compress(self._array.tail()) + self._gzip.flush()


def json_line(event: Event) -> bytes:
    """An event as a JSON object in one line, UTF-8: the record's own text if that is one line."""
    record = event.body.strip(" \t\r\n")
    if not (record.startswith("{") and is_json(record)):
        record = compact_text(lookup_form(event))
    elif "\n" in record or "\r" in record:
        record = compact_text(record)
    # Half a surrogate pair can only stand in a string here, where this is how JSON writes it.
    return record.encode("utf-8", "backslashreplace")

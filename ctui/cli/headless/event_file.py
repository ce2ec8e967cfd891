"""A file of events that grows by what is new: `ctui search --append FILE`.

The file itself says which events it has, so each is written once, however late it came and whatever ended a run before.
"""

import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from ctui.core.exporting.destination import refused
from ctui.errors import ExportError, SettingsError
from ctui.store.opening.files import try_lock


class _Ids(msgspec.Struct):
    """What a line is known by; anything may stand there."""

    of_record: Any = msgspec.field(name="eventID", default=None)
    of_aggregate: Any = msgspec.field(name="eventId", default=None)
    of_lookup: Any = msgspec.field(name="EventId", default=None)


_DECODER = msgspec.json.Decoder(_Ids)


class EventFile:
    """One record a line, as `ndjson` is. While it is open, no other ctui appends to it. Methods block."""

    def __init__(self, path: Path) -> None:
        """Open it, or create it with mode 0600, and read what it has.

        A last line that is half a record was cut off as a run was killed: it is taken away, and its event is new again.
        Raises SettingsError if it is no file of events, and ExportError if it cannot be read or written now.
        """
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise refused(error, path) from error
        try:
            self._known = self._read()
        except BaseException:
            os.close(self._descriptor)
            raise

    def __len__(self) -> int:
        """How many events it has."""
        return len(self._known)

    def append(self, lines: Iterable[bytes]) -> int:
        """Append those of these lines whose events are not in it; returns how many. Raises ExportError."""
        new = {key: line for line in lines if (key := _key(line)) not in self._known}
        data = b"".join(line + b"\n" for line in new.values())
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
            os.fsync(self._descriptor)
        except OSError as error:
            raise refused(error, self.path) from error
        self._known |= new.keys()
        return len(new)

    def close(self) -> None:
        """Close it, and let others append. The end of the process does so, too."""
        os.close(self._descriptor)

    def _read(self) -> set[str | bytes]:
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            raise SettingsError("Append", f"{self.path} is no regular file.")
        if not try_lock(self._descriptor):
            raise ExportError("Append", f"Another ctui appends to {self.path}.", "Run it again later.")
        known: set[str | bytes] = set()
        whole = 0
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            for number, line in enumerate(file, 1):
                has_end = line.endswith(b"\n")
                try:
                    known.add(_key(line.rstrip(b"\n")))
                except ValueError as error:
                    if has_end or not line.startswith(b"{"):
                        raise SettingsError(
                            "Append", f"Line {number} of {self.path} is no event of CloudTrail: nothing was appended."
                        ) from error
                    os.ftruncate(self._descriptor, whole)
                    break
                whole += len(line)
                if not has_end:
                    os.write(self._descriptor, b"\n")
        return known


def _key(line: bytes) -> str | bytes:
    """What an event is known by: its ID, or the whole line if it has none that can be read. Raises ValueError if the
    line is no JSON object."""
    try:
        ids = _DECODER.decode(line)
        event_id = ids.of_record or ids.of_aggregate or ids.of_lookup
    except msgspec.DecodeError:
        # It is stricter about texts than records are.
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError("no object") from None
        event_id = record.get("eventID") or record.get("eventId") or record.get("EventId")
    except RecursionError:
        # It is nested too deeply to be read, and is known as a line all the same.
        return line
    return event_id if isinstance(event_id, str) else line

"""Adding: stores events in event history, some thousands in a transaction."""

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ctui.emulator.records.history_tables import (
    INSERT_ATTRIBUTE,
    INSERT_EVENT,
    attribute_rows,
    connect,
    event_values,
    identity_of,
)
from ctui.emulator.records.recorded import Recorded
from ctui.errors import StoreError

_BATCH = 8000
_MOST_VARIABLES = 500
"""Of a statement. SQLite before 3.32 takes 999."""
_New = tuple[Recorded, int, bytes]
"""An event to store, its row and its identity."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """The result of `History.add`. The service's key is EventId, so one EventId is one event."""

    new: int = 0
    same: int = 0
    """Already there, with the same record."""
    clashing: int = 0
    """Another record with a known EventId: the first one stays."""

    def __add__(self, other: "AddResult") -> "AddResult":
        return AddResult(self.new + other.new, self.same + other.same, self.clashing + other.clashing)


class Adding:
    """The one connection that writes events. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, path: Path) -> None:
        """Open or create the tables in `path`."""
        self._lock = threading.Lock()
        self._interrupted = threading.Event()
        self._writer = connect(path, read_only=False)

    def add(self, events: Iterable[Recorded]) -> AddResult:
        """Store events in the next rows. Known events stay as they are.

        Raises StoreError also if `interrupt` was called meanwhile; what is stored by then stays.
        """
        pending = iter(events)
        added = AddResult()
        while batch := list(islice(pending, _BATCH)):
            added += self.add_batch(batch)
        return added

    def interrupt(self) -> None:
        """Make an `add` in another thread, and any later one, end before its next transaction."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._writer.close()

    def add_batch(self, batch: Sequence[Recorded], rows: Sequence[int] = ()) -> AddResult:
        """Store events in one transaction. They get the next rows, unless `rows` are given."""
        if self._interrupted.is_set():
            raise StoreError("Events are not stored", "The emulator is shutting down.")
        with self._lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                added = self._insert(batch, rows)
                self._writer.execute("COMMIT")
            except sqlite3.Error as error:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise StoreError("Events cannot be stored", str(error)) from error
        return added

    def _insert(self, batch: Sequence[Recorded], rows: Sequence[int]) -> AddResult:
        first = self._last_row() + 1
        new = [
            (event, row, identity_of(event.account, event.region, event.identity))
            for event, row in zip(batch, rows or range(first, first + len(batch)), strict=True)
        ]
        result = AddResult(len(new))
        self._writer.execute("SAVEPOINT unknown")
        if not self._insert_events(new):
            # Asking first would take as long as inserting, and nearly always all are new.
            self._writer.execute("ROLLBACK TO unknown")
            new, result = self._unknown(new)
            self._insert_events(new)
        attributes = [attribute for event, row, _ in new for attribute in attribute_rows(event, row)]
        attributes.sort()
        self._writer.executemany(INSERT_ATTRIBUTE, attributes)
        return result

    def _insert_events(self, new: list[_New]) -> bool:
        """Insert events and return True, or False if some were known."""
        before = self._writer.total_changes
        self._writer.executemany(INSERT_EVENT, ((row, *event_values(event, key)) for event, row, key in new))
        return self._writer.total_changes - before == len(new)

    def _unknown(self, events: list[_New]) -> tuple[list[_New], AddResult]:
        """Those that are not stored, each once, and what is to be said of all."""
        records: dict[bytes, str] = {}
        for begin in range(0, len(events), _MOST_VARIABLES):
            identities = [identity for _, _, identity in events[begin : begin + _MOST_VARIABLES]]
            marks = ", ".join("?" * len(identities))
            select = f"SELECT identity, record FROM event WHERE identity IN ({marks})"
            records |= self._writer.execute(select, identities).fetchall()
        unknown: list[_New] = []
        same = 0
        for event, row, identity in events:
            if identity not in records:
                unknown.append((event, row, identity))
            else:
                same += records[identity] == event.record
            records.setdefault(identity, event.record)
        return unknown, AddResult(len(unknown), same, len(events) - len(unknown) - same)

    def _last_row(self) -> int:
        """The largest row that was ever given."""
        last = self._writer.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
        return max(last[0], 0) if last else 0

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

BATCH = 8000
"""Events of a transaction of `add`."""
NEW, SAME, CLASHING = range(3)
"""The outcome of adding an event: stored; already there, with the same record; another record with a known EventId,
of which the first one stays. The service's key is EventId, so one EventId is one event."""
_MOST_VARIABLES = 500
"""Of a statement. SQLite before 3.32 takes 999."""
_New = tuple[Recorded, int, bytes]
"""An event to store, its row and its identity."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """How many of the added events had which outcome."""

    new: int = 0
    same: int = 0
    clashing: int = 0

    def __add__(self, other: bytes) -> "AddResult":
        """With more outcomes."""
        return AddResult(
            self.new + other.count(NEW), self.same + other.count(SAME), self.clashing + other.count(CLASHING)
        )


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
        while batch := list(islice(pending, BATCH)):
            added += self.add_batch(batch)
        return added

    def interrupt(self) -> None:
        """Make an `add` in another thread, and any later one, end before its next transaction."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._writer.close()

    def add_batch(self, batch: Sequence[Recorded], rows: Sequence[int] = ()) -> bytes:
        """Store events in one transaction, in the next rows, unless `rows` are given. Returns the outcome of each."""
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

    def _insert(self, batch: Sequence[Recorded], rows: Sequence[int]) -> bytes:
        first = self._last_row() + 1
        new = [
            (event, row, identity_of(event.account, event.region, event.identity))
            for event, row in zip(batch, rows or range(first, first + len(batch)), strict=True)
        ]
        outcomes = bytes([NEW]) * len(new)
        self._writer.execute("SAVEPOINT unknown")
        if not self._insert_events(new):
            # Asking first would take as long as inserting, and nearly always all are new.
            self._writer.execute("ROLLBACK TO unknown")
            outcomes = self._outcomes(new)
            new = [each for each, outcome in zip(new, outcomes, strict=True) if outcome == NEW]
            self._insert_events(new)
        attributes = [attribute for event, row, _ in new for attribute in attribute_rows(event, row)]
        attributes.sort()
        self._writer.executemany(INSERT_ATTRIBUTE, attributes)
        return outcomes

    def _insert_events(self, new: list[_New]) -> bool:
        """Insert events and return True, or False if some were known."""
        before = self._writer.total_changes
        self._writer.executemany(INSERT_EVENT, ((row, *event_values(event, key)) for event, row, key in new))
        return self._writer.total_changes - before == len(new)

    def _outcomes(self, events: list[_New]) -> bytes:
        """What adding each of these events is going to lead to."""
        records: dict[bytes, str] = {}
        for begin in range(0, len(events), _MOST_VARIABLES):
            identities = [identity for _, _, identity in events[begin : begin + _MOST_VARIABLES]]
            marks = ", ".join("?" * len(identities))
            select = f"SELECT identity, record FROM event WHERE identity IN ({marks})"
            records |= self._writer.execute(select, identities).fetchall()
        outcomes = bytearray()
        for event, _, identity in events:
            known = records.get(identity)
            outcomes.append(NEW if known is None else SAME if known == event.record else CLASHING)
            records.setdefault(identity, event.record)
        return bytes(outcomes)

    def _last_row(self) -> int:
        """The largest row that was ever given."""
        last = self._writer.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
        return max(last[0], 0) if last else 0

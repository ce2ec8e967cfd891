"""Adding: stores events in event history, some thousands in a transaction."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from ctui.emulator.records.batches import Batch, Batches
from ctui.emulator.records.history_tables import INSERT_ATTRIBUTES, INSERT_EVENT, INSERT_WAITING, connect, insert_rows
from ctui.emulator.records.recorded import Recorded
from ctui.errors import StoreError

BATCH = 1024
"""Events that are inserted at once, with one statement."""
_TRANSACTION = 20 * BATCH
"""Events of a transaction where there are very many: their attributes may change any page of the table."""
NEW, SAME, CLASHING = range(3)
"""The outcome of adding an event: stored; already there, with the same record; another record with a known EventId,
of which the first one stays. The service's key is EventId, so one EventId is one event."""
_MOST_ASKED = 500
"""Events that are looked for with a statement. SQLite before 3.32 takes 999 values."""
_MOST_VALUES = 16 * BATCH
"""Values of a statement. More are not faster."""
_SIZES = tuple(4**power for power in range(5, -1, -1))
"""Rows that are inserted with a statement."""


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


@dataclass(frozen=True, slots=True)
class Bulk:
    """Stores very many events: one thread makes batches, another one may store those before, in the same order."""

    batches: Batches
    store: Callable[[Batch], bytes]
    """Stores a batch and returns NEW, SAME or CLASHING for each of its events. Raises StoreError."""


class Adding:
    """The one connection that writes events. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, path: Path, *, lasts: bool = True) -> None:
        """Open or create the tables in `path`. `lasts`: it may be opened again after the process."""
        self._lock = threading.Lock()
        self._interrupted = threading.Event()
        self._writer = connect(path, read_only=False, lasts=lasts)
        self._most_values = min(_MOST_VALUES, self._writer.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))

    def add(self, events: Iterable[Recorded]) -> AddResult:
        """Store events in the next rows. Known events stay as they are.

        Raises StoreError also if `interrupt` was called meanwhile; what is stored by then stays.
        """
        pending = iter(events)
        added = AddResult()
        with self.bulk() as bulk:
            while events_of_batch := list(islice(pending, BATCH)):
                added += bulk.store(bulk.batches.batch(events_of_batch))
        return added

    def interrupt(self) -> None:
        """Make an `add` in another thread, and any later one, end before its next transaction."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._writer.close()

    def add_batch(self, events: Sequence[Recorded], rows: Sequence[int] = ()) -> None:
        """Store events in one transaction, in the next rows, unless `rows` are given."""
        with self._lock:
            self._store(Batches(self._last_row() + 1).batch(events, rows))

    @contextmanager
    def bulk(self) -> Iterator[Bulk]:
        """Batches that are made and stored while this lasts. Nothing else can be stored meanwhile.

        What an error leaves unfinished is not stored, nor are batches behind it, which would leave a gap.
        """
        failures: list[StoreError] = []

        def store(batch: Batch) -> bytes:
            if failures:
                raise failures[0]
            try:
                return self._store(batch)
            except StoreError as error:
                failures.append(error)
                raise

        with self._lock:
            try:
                bulk = Bulk(Batches(self._last_row() + 1, _TRANSACTION), store)
                yield bulk
                if self._writer.in_transaction:
                    bulk.store(bulk.batches.last())
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    def _store(self, batch: Batch) -> bytes:
        """Store a batch, in the transaction of those before it. Returns the outcome of each event."""
        if self._interrupted.is_set():
            raise StoreError("Events are not stored", "The emulator is shutting down.")
        with self._errors():
            if not self._writer.in_transaction:
                self._writer.execute("BEGIN IMMEDIATE")
            outcomes = self._insert_events(batch)
            new = [row for row, outcome in zip(batch.waiting, outcomes, strict=True) if outcome == NEW]
            self._insert_rows(INSERT_WAITING, new)
            if batch.ends:
                self._writer.execute(INSERT_ATTRIBUTES)
                self._writer.execute("DELETE FROM temp.waiting")
                self._writer.execute("COMMIT")
        return outcomes

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raises StoreError for SQLite's errors, after a rollback."""
        try:
            yield
        except sqlite3.Error as error:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise StoreError("Events cannot be stored", str(error)) from error

    def _insert_events(self, batch: Batch) -> bytes:
        before = self._writer.total_changes
        self._insert_rows(INSERT_EVENT, batch.values)
        if self._writer.total_changes - before == len(batch.events):
            # Nearly always all are new.
            return bytes([NEW]) * len(batch.events)
        return self._outcomes(batch)

    def _insert_rows(self, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Insert rows with few statements: while one runs, other threads work.

        Statements are of few sizes, so that SQLite compiles them once.
        """
        columns = len(rows[0]) if rows else 1
        begin = 0
        for size in _SIZES:
            while size * columns <= self._most_values and begin + size <= len(rows):
                values = list(chain.from_iterable(rows[begin : begin + size]))
                self._writer.execute(insert_rows(insert, columns, size), values)
                begin += size

    def _outcomes(self, batch: Batch) -> bytes:
        """What inserting each of these events has led to. One that is in the row that it wanted counts as new."""
        stored: dict[bytes, tuple[int, str]] = {}
        for begin in range(0, len(batch.identities), _MOST_ASKED):
            identities = batch.identities[begin : begin + _MOST_ASKED]
            marks = ", ".join("?" * len(identities))
            select = f"SELECT identity, row, record FROM event WHERE identity IN ({marks})"
            stored |= {identity: (row, record) for identity, row, record in self._writer.execute(select, identities)}
        outcomes = bytearray()
        for event, row, identity in zip(batch.events, batch.rows, batch.identities, strict=True):
            stored_row, record = stored[identity]
            outcomes.append(NEW if stored_row == row else SAME if record == event.record else CLASHING)
        return bytes(outcomes)

    def _last_row(self) -> int:
        """The largest row that was ever given."""
        with self._errors():
            last = self._writer.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
        return max(last[0], 0) if last else 0

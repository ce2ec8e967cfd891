"""`--load`: reads CloudTrail files into an account's history, with records unchanged, and counts what was skipped."""

import gc
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ctui.emulator.records.adding import BATCH, CLASHING, NEW, SAME
from ctui.emulator.records.envelope import NotAnEvent, envelope, looked_up
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.log_file import NO_FILE, log_files
from ctui.emulator.records.quick_records import quick_event
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.errors import SettingsError
from ctui.parsing import shortened
from ctui.unpacking.archives import texts_in
from ctui.unpacking.names import DIGEST_FILE, OTHER
from ctui.unpacking.pieces import Piece
from ctui.unpacking.records import records_in
from ctui.unpacking.unread import Unread

KNOWN = "the same event again"
ANOTHER_RECORD = "another record with a known eventID (the first one counts)"
_NOT_NEW = {SAME: KNOWN, CLASHING: ANOTHER_RECORD}
_INTERVAL = 0.0005
_MOST_WAITING = 12
"""Batches that have been read and wait to be stored: the last one of a transaction takes as long as several others."""
_LONGEST_MEMBER = 200
"""Characters of a member's name in a report."""
_LEFT_OUT = (DIGEST_FILE, OTHER, NO_FILE)


@dataclass(slots=True)
class FileReport:
    """The result for one file, or one member of an archive."""

    path: Path
    member: str = ""
    """The member's name as the archive has it, hostile; "" for the file itself."""
    loaded: int = 0
    """Events that are new in the history."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Reason -> number of records (1 for reasons about the file) that did not become new events."""

    @property
    def name(self) -> str:
        """Path and member for a line of a report, without anything that could look like a line or move a cursor.

        A member's name can have 65,535 characters, which would hide the lines around it.
        """
        text = f"{self.path}: {shortened(self.member, _LONGEST_MEMBER)}" if self.member else str(self.path)
        return "".join(sign if sign.isprintable() else "␊" if sign == "\n" else "�" for sign in text)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of `--load`, file by file."""

    files: tuple[FileReport, ...] = field(default=())

    @property
    def loaded(self) -> int:
        """Events that are new in the history."""
        return sum(report.loaded for report in self.files)

    @property
    def reasons(self) -> Counter[str]:
        """Reason -> count over all files."""
        total: Counter[str] = Counter()
        for report in self.files:
            total.update(report.reasons)
        return total

    def lines(self) -> list[str]:
        """The report, to be printed: a line for each file and reason. Files that are not log files are only counted."""
        loaded = sum(report.loaded > 0 for report in self.files)
        lines = [f"loaded {self.loaded:,} events from {loaded:,} files"]
        for report in self.files:
            lines += [
                f"  {report.name}: {count:,} × {why}"
                for why, count in report.reasons.most_common()
                if why not in _LEFT_OUT
            ]
        total = self.reasons
        return lines + [f"  skipped: {total[why]:,} × {why}" for why in _LEFT_OUT if total[why]]


def load(paths: Sequence[Path], account: str, history: EventHistory) -> LoadReport:
    """Load files and folders into `account`, some thousands of events at once. The Region is each record's awsRegion.

    Memory does not depend on how many events there are, or how large files are, but on the largest record.

    Raises SettingsError for a path that does not exist (before anything is read), StoreError if storing fails.
    """
    for path in paths:
        if not path.exists():
            raise SettingsError("Nothing to load", f"{path} does not exist.", "Check --load.")
    with _for_two_threads(), history.bulk() as bulk, ThreadPoolExecutor(1, "emulator-load") as writer:
        loading = _Loading(account, lambda events: writer.submit(bulk.store, bulk.batches.batch(events)))
        for path in paths:
            for found, left_out in log_files(path):
                if left_out:
                    loading.reports.append(FileReport(found, reasons=Counter([left_out])))
                else:
                    loading.read(found)
        loading.finish()
    return LoadReport(tuple(loading.reports))


def events_in(portions: Iterable[bytes], account: str, reasons: Counter[str]) -> Iterator[Recorded]:
    """The events in a log file's text, which comes in portions. Everything else is counted in `reasons`."""
    for record in records_in(portions, partial(quick_event, account=account)):
        event = record if isinstance(record, Recorded) else _thorough_event(record, account)
        if isinstance(event, Recorded):
            yield event
        else:
            reasons[event] += 1


def _thorough_event(record: Piece | Unread, account: str) -> Recorded | str:
    """The event in a record, or why there is none."""
    if isinstance(record, Unread):
        return record.reason
    event = _event(record, account)
    return event.value if isinstance(event, NotAnEvent) else event


def _event(piece: Piece, account: str) -> Recorded | NotAnEvent:
    value = piece.value
    if isinstance(value, dict) and isinstance(value.get("CloudTrailEvent"), str):
        return looked_up(value, account=account)
    return envelope(value, account=account, origin=Origin.LOADED, text=piece.text)


@contextmanager
def _for_two_threads() -> Iterator[None]:
    """Python's settings for as long as one thread reads and another one stores.

    A thread that comes back from SQLite asks for Python's lock, and gets it after this interval: with the usual 5 ms
    it would wait for as long as it works. And no garbage is collected: nothing here makes cycles, and looking for some
    takes 8% of the time.
    """
    interval, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(_INTERVAL)
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collects:
            gc.enable()


class _Loading:
    """Reads files while a thread stores what was read before, and reports what became of each file.

    Most of storing is SQLite's work, during which Python is free to read.
    """

    def __init__(self, account: str, submit: Callable[[list[Recorded]], Future[bytes]]) -> None:
        """`submit` has a batch of events stored, which may be of several files, and promises the outcome of each."""
        self._account = account
        self._submit = submit
        self._events: list[Recorded] = []
        self._files: list[FileReport] = []
        """Where each of the events is from."""
        self._storing: deque[tuple[Future[bytes], list[FileReport]]] = deque()
        """Batches that are being stored, the oldest first, with where each of their events is from."""
        self.reports: list[FileReport] = []

    def read(self, path: Path) -> None:
        """Read a file."""
        try:
            with path.open("rb") as file:
                for text in texts_in(file):
                    report = FileReport(path, text.name)
                    self.reports.append(report)
                    for event in events_in(text.portions(), self._account, report.reasons):
                        self._events.append(event)
                        self._files.append(report)
                        if len(self._events) >= BATCH:
                            self._store()
                    if text.problem:
                        report.reasons[text.problem] += 1
        except OSError as error:
            problem = f"a file that cannot be read: {error.strerror or error}"
            self.reports.append(FileReport(path, reasons=Counter([problem])))

    def finish(self) -> None:
        """Store what has been read and is not stored yet."""
        self._store()
        while self._storing:
            self._stored()

    def _store(self) -> None:
        if len(self._storing) == _MOST_WAITING:
            self._stored()
        self._storing.append((self._submit(self._events), self._files))
        self._events, self._files = [], []

    def _stored(self) -> None:
        """Wait for the first of the batches."""
        outcomes, files = self._storing.popleft()
        for outcome, report in zip(outcomes.result(), files, strict=True):
            if outcome == NEW:
                report.loaded += 1
            else:
                report.reasons[_NOT_NEW[outcome]] += 1

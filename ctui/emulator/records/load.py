"""`--load`: reads CloudTrail files into an account's history, with records unchanged, and counts what was skipped."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ctui.emulator.records.envelope import NotAnEvent, envelope, looked_up
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.log_file import DIGEST, NO_FILE, OTHER, log_files, read_log
from ctui.emulator.records.pieces import Broken, Digest, Piece, pieces
from ctui.emulator.records.quick_records import elements_of, quick_event, values_of
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.errors import SettingsError

KNOWN = "the same event again"
CLASHING = "another record with a known eventID (the first one counts)"
UNREADABLE = "text that is not JSON"
_LEFT_OUT = (DIGEST, OTHER, NO_FILE)


@dataclass(frozen=True, slots=True)
class FileReport:
    """The result for one file."""

    path: Path
    loaded: int
    """Events that are new in the history."""
    reasons: Counter[str]
    """Reason -> number of records (1 for reasons about the file) that did not become new events."""


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
        """The report: a line for each file and reason. Clean it before printing: it contains file names.

        Files that are not log files are only counted.
        """
        loaded = sum(report.loaded > 0 for report in self.files)
        lines = [f"loaded {self.loaded:,} events from {loaded:,} files"]
        for report in self.files:
            lines += [
                f"  {_one_line(report.path)}: {count:,} × {why}"
                for why, count in report.reasons.most_common()
                if why not in _LEFT_OUT
            ]
        total = self.reasons
        return lines + [f"  skipped: {total[why]:,} × {why}" for why in _LEFT_OUT if total[why]]


def load(paths: Sequence[Path], account: str, history: EventHistory) -> LoadReport:
    """Load files and folders into `account`, one file at a time. The Region is each record's awsRegion.

    Memory depends on the largest file (at most log_file.MOST_BYTES uncompressed), not on the number of events.

    Raises SettingsError for a path that does not exist (before anything is read), StoreError if storing fails.
    """
    for path in paths:
        if not path.exists():
            raise SettingsError("Nothing to load", f"{path} does not exist.", "Check --load.")
    reports: list[FileReport] = []
    for path in paths:
        for found, left_out in log_files(path):
            reasons: Counter[str] = Counter([left_out] if left_out else [])
            loaded = 0 if left_out else _load_file(found, account, history, reasons)
            reports.append(FileReport(found, loaded, reasons))
    return LoadReport(tuple(reports))


def events_in(text: str, account: str, reasons: Counter[str]) -> Iterator[Recorded]:
    """The events in a log file's text. Everything else is counted in `reasons`."""
    data = text.encode()
    if (elements := elements_of(data)) is not None:
        del text
        for element in elements:
            if (event := quick_event(element, account)) is not None:
                yield event
            else:
                yield from _events_of([_piece(element)], account, reasons)
    elif (values := values_of(data)) is not None:
        del text
        for value in values:
            if (event := quick_event(value, account)) is not None:
                yield event
            else:
                yield from _events_of(pieces(bytes(value).decode()), account, reasons)
    else:
        yield from _events_of(pieces(text), account, reasons)


def _piece(element: msgspec.Raw) -> Piece:
    text = bytes(element).decode()
    return Piece(text, json.loads(text))


def _events_of(found: Iterable[Piece | Broken | Digest], account: str, reasons: Counter[str]) -> Iterator[Recorded]:
    for piece in found:
        match piece:
            case Broken():
                reasons[UNREADABLE] += 1
            case Digest():
                reasons[DIGEST] += 1
            case Piece():
                event = _event(piece, account)
                if isinstance(event, NotAnEvent):
                    reasons[event.value] += 1
                else:
                    yield event


def _load_file(path: Path, account: str, history: EventHistory, reasons: Counter[str]) -> int:
    log = read_log(path)
    if log.problem:
        reasons[log.problem] += 1
    events = events_in(log.text, account, reasons)
    # The text is then let go where it is not needed: a file may have 128 MiB.
    del log
    added = history.add(events)
    for why, count in ((KNOWN, added.same), (CLASHING, added.clashing)):
        if count:
            reasons[why] += count
    return added.new


def _event(piece: Piece, account: str) -> Recorded | NotAnEvent:
    value = piece.value
    if isinstance(value, dict) and isinstance(value.get("CloudTrailEvent"), str):
        return looked_up(value, account=account)
    return envelope(value, account=account, origin=Origin.LOADED, text=piece.text)


def _one_line(path: Path) -> str:
    """The path without line breaks, so that a name cannot look like a line of the report."""
    return str(path).replace("\n", "␊")

"""Decodes a job: the rows of its files become segments, and what was seen of each file is told."""

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, Final

from ctui.files.decoding.jobs import Decoded, FileFacts, FileJob
from ctui.files.decoding.rows_of_records import RowMaker
from ctui.files.decoding.usual_file import MOST_BYTES, read_usual
from ctui.files.record_texts import LogFileReader
from ctui.files.segment import ROWS, Row, SegmentBuilder
from ctui.model.event.kind import EventKind
from ctui.store.index.table_line import KIND_BITS

_DATA: Final = KIND_BITS[EventKind.DATA]
_AT_ONCE: Final = 4_096
"""Rows of an unusual file that are collected at once."""


def decode(files: Sequence[FileJob], maker: RowMaker, stopped: Callable[[], bool] = lambda: False) -> Decoded:
    """Decode these files. A file that cannot be read is a reason, not an error: raises nothing.

    Once `stopped` is true, the other files are left out, and what was decoded is of no use.
    """
    segments = _Segments()
    facts = tuple(_decoded(job, maker, segments) for job in files if not stopped())
    return Decoded(facts, segments.all())


def unread(job: FileJob, reason: str) -> FileFacts:
    """The facts about a file of which nothing is read. Raises nothing."""
    try:
        about = os.stat(job.path)  # noqa: PTH116 - names are bytes
    except OSError:
        return FileFacts(job.file, reasons=((reason, 1),))
    return FileFacts(job.file, size=about.st_size, mtime_ns=about.st_mtime_ns, reasons=((reason, 1),))


class _Segments:
    """Rows become segments of at most `ROWS` rows."""

    def __init__(self) -> None:
        self._builder = SegmentBuilder()
        self._made: list[dict[str, bytes]] = []

    def add(self, file: int, starts: Sequence[int], lengths: Sequence[int], rows: Sequence[Row]) -> None:
        for begin in range(0, len(rows), ROWS):
            some = slice(begin, begin + ROWS)
            if len(self._builder) + len(rows[some]) > ROWS:
                self._finish()
            self._builder.add_file(file, starts[some], lengths[some], rows[some])

    def all(self) -> tuple[dict[str, bytes], ...]:
        if len(self._builder):
            self._finish()
        return tuple(self._made)

    def _finish(self) -> None:
        self._made.append(self._builder.parts(each_event_once=True))
        self._builder = SegmentBuilder()


def _decoded(job: FileJob, maker: RowMaker, segments: _Segments) -> FileFacts:
    try:
        with _opened(job.path) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                return unread(job, "not a file")
            facts = FileFacts(job.file, size=before.st_size, mtime_ns=before.st_mtime_ns)
            facts = _read(file, job, facts, maker, segments)
        after = os.stat(job.path)  # noqa: PTH116 - names are bytes
    except OSError as error:
        return unread(job, f"a file that cannot be read: {error.strerror or error}")
    same = (before.st_size, before.st_mtime_ns, before.st_ino) == (after.st_size, after.st_mtime_ns, after.st_ino)
    return facts if same else replace(facts, changed=True)


def _opened(path: bytes) -> BinaryIO:
    # What has taken the place of the file since it was found may be a pipe that nobody writes.
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


def _read(file: BinaryIO, job: FileJob, facts: FileFacts, maker: RowMaker, segments: _Segments) -> FileFacts:
    if not job.member and facts.size <= MOST_BYTES:
        found = read_usual(file.read(), maker, job.region)
        if found is not None:
            if found.rows:
                segments.add(job.file, found.starts, found.lengths, found.rows)
            return replace(
                facts,
                records=len(found.rows),
                sha256=found.sha256,
                inflated=found.inflated,
                data_events=_data_events(found.rows),
            )
        file.seek(0)
    return _read_unusual(file, job, facts, maker, segments)


def _read_unusual(file: BinaryIO, job: FileJob, facts: FileFacts, maker: RowMaker, segments: _Segments) -> FileFacts:
    reader = LogFileReader(file, job.member)  # type: ignore[arg-type]
    found = reader.records()
    data_events = 0
    while records := list(islice(found, _AT_ONCE)):
        texts, starts, lengths = zip(*records, strict=True)
        rows = [maker.row(text, job.region, job.untimed_at) for text in texts]
        segments.add(job.file, starts, lengths, rows)
        data_events += _data_events(rows)
    return replace(
        facts,
        records=reader.count,
        plain=reader.plain,
        sha256=reader.sha256,
        inflated=reader.inflated,
        data_events=data_events,
        reasons=tuple(reader.reasons.most_common()),
    )


def _data_events(rows: Sequence[Row]) -> int:
    return sum(1 for row in rows if row[2] & _DATA)

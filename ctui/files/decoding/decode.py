"""Decodes a job: the rows of its files become segments, and what was seen of each file is told."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from typing import BinaryIO, Final

from ctui.files.decoding.jobs import Decoded, FileFacts, FileJob
from ctui.files.decoding.member import open_archive, read_member
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
    facts = [
        one
        # Members of one archive follow each other.
        for path, jobs in groupby(files, key=lambda job: job.path)
        if not stopped()
        for one in _decoded(path, list(jobs), maker, segments)
    ]
    return Decoded(tuple(facts), segments.all())


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


def _decoded(path: bytes, jobs: Sequence[FileJob], maker: RowMaker, segments: _Segments) -> list[FileFacts]:
    """What was seen of a file, or of members of an archive."""
    try:
        with _opened(path) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                return [unread(job, "not a file") for job in jobs]
            facts = list(_read(file, before, jobs, maker, segments))
        after = os.stat(path)  # noqa: PTH116 - names are bytes
    except OSError as error:
        return [unread(job, f"a file that cannot be read: {error.strerror or error}") for job in jobs]
    same = (before.st_size, before.st_mtime_ns, before.st_ino) == (after.st_size, after.st_mtime_ns, after.st_ino)
    return facts if same else [replace(one, changed=True) for one in facts]


def _opened(path: bytes) -> BinaryIO:
    # What has taken the place of the file since it was found may be a pipe without a writer.
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


def _read(
    file: BinaryIO, about: os.stat_result, jobs: Sequence[FileJob], maker: RowMaker, segments: _Segments
) -> Iterator[FileFacts]:
    archive = open_archive(file) if jobs[0].member else None
    for job in jobs:
        data = None
        if archive is not None:
            data = read_member(archive, job.member, MOST_BYTES)
        elif not job.member and about.st_size <= MOST_BYTES:
            data = file.read()
        facts = FileFacts(job.file, size=about.st_size, mtime_ns=about.st_mtime_ns)
        usual = None if data is None else read_usual(data, maker, job.region)
        if usual is None:
            file.seek(0)
            yield _read_unusual(file, job, facts, maker, segments)
            continue
        if usual.rows:
            segments.add(job.file, usual.starts, usual.lengths, usual.rows)
        yield replace(
            facts,
            records=len(usual.rows),
            sha256=usual.sha256,
            inflated=usual.inflated,
            data_events=_data_events(usual.rows),
        )


def _read_unusual(file: BinaryIO, job: FileJob, facts: FileFacts, maker: RowMaker, segments: _Segments) -> FileFacts:
    reader = LogFileReader(file, job.member)  # type: ignore[arg-type]
    records, data_events = reader.records(), 0
    while found := list(islice(records, _AT_ONCE)):
        texts, starts, lengths = zip(*found, strict=True)
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

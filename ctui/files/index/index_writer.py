"""Writes an index: what a tree holds now, and what decoders made of its files. A method is one transaction or none."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from ctui.files.decoding.jobs import Decoded, FileFacts
from ctui.files.index import tables
from ctui.files.index.container import GONE_PART, Container, packed_rows
from ctui.files.index.duplicates import Known
from ctui.files.index.joining import joined
from ctui.files.index.tables import FileState, IndexedFile, SegmentEntry
from ctui.files.segment import Segment


class _FileRows(NamedTuple):
    """The rows of one file that were kept."""

    rows: int
    newest: int
    oldest: int


class IndexWriter:
    """The one who writes an index. It is used by one thread, which holds the lock for it."""

    def __init__(self, container: Container) -> None:
        """Raises sqlite3.Error."""
        self._container = container
        self._connection = container.writer()
        self._pending: dict[int, Segment] = {}
        """Segments of a transaction that is not at its end: no other reader sees them yet."""
        self._known = Known(self._segment, container.alive)
        self._entries = tables.segments(self._connection)

    def files(self) -> list[IndexedFile]:
        """The log files that are not gone. Raises Untrusted and sqlite3.Error."""
        return [file for file in tables.files(self._connection) if file.state != FileState.GONE]

    def change(
        self, gone: Sequence[IndexedFile], new: Iterable[IndexedFile], left_out: Mapping[str, int]
    ) -> list[IndexedFile]:
        """Let files leave, and add others, which are to be read; returns all that are to be read.

        An event that a file which leaves shared with others comes back, from one of those. Raises Untrusted, FilesError
        and sqlite3.Error.
        """
        with self._transaction():
            if gone:
                self._leave(gone)
            tables.put_files(self._connection, new)
            tables.put_left_out(self._connection, left_out)
        return [file for file in self.files() if file.state in (FileState.WAITING, FileState.AGAIN)]

    def update(self, files: Iterable[IndexedFile]) -> None:
        """Write files again. Raises sqlite3.Error."""
        with self._transaction():
            tables.put_files(self._connection, files)

    def add(self, decoded: Decoded, files: Mapping[int, IndexedFile], without: Collection[int]) -> None:
        """Add what was decoded of these files. Rows of those `without`, and those whose event is here, are left out.

        Raises FilesError, Untrusted and sqlite3.Error.
        """
        kept: dict[int, list[_FileRows]] = {}
        with self._transaction():
            for parts in decoded.segments:
                self._add_segment(parts, without, kept)
            tables.put_files(
                self._connection,
                (
                    _indexed(files[facts.file], facts, kept.get(facts.file, ()))
                    for facts in decoded.files
                    if facts.file not in without
                ),
            )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        entries = list(self._entries)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._entries = entries
            self._known.forget()
            # After some errors SQLite has rolled back by itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._pending.clear()
        self._container.refresh()

    def _segment(self, number: int) -> Segment:
        return self._pending.get(number) or self._container.segment(number)

    def _add_segment(self, parts: dict[str, bytes], without: Collection[int], kept: dict[int, list[_FileRows]]) -> None:
        segment = Segment(0, parts.__getitem__)
        new = self._known.new_rows(segment, self._entries)
        if without:
            new &= ~np.isin(segment.files, list(without))
        if not new.any():
            return
        if not new.all():
            parts = joined([(segment, new)])
            segment = Segment(0, parts.__getitem__)
        newest, oldest = int(segment.seconds[0]), int(segment.seconds[-1])
        number = tables.add_segment(self._connection, len(segment), newest, oldest, parts)
        self._pending[number] = segment
        self._entries.append(SegmentEntry(number, len(segment), newest, oldest, 0))
        for file, rows in _by_file(segment):
            kept.setdefault(file, []).append(rows)

    def _leave(self, gone: Sequence[IndexedFile]) -> None:
        leaving = [file for file in gone if file.rows]
        ids = [file.id for file in leaving]
        spans = [(file.oldest or 0, file.newest or 0) for file in leaving]
        for number, entry in enumerate(self._entries):
            if not any(oldest <= entry.newest and newest >= entry.oldest for oldest, newest in spans):
                continue
            leave = np.isin(self._container.segment(entry.number).files, ids)
            before = self._container.alive(entry)
            alive = ~leave if before is None else before & ~leave
            count = entry.rows - int(np.count_nonzero(alive))
            if count != entry.gone:
                tables.put_part(self._connection, entry.number, GONE_PART, packed_rows(alive))
                tables.set_gone(self._connection, entry, count)
                self._entries[number] = entry._replace(gone=count)
        tables.put_files(self._connection, (file._replace(state=FileState.GONE) for file in gone))
        left = {file.id for file in gone}
        tables.put_files(
            self._connection,
            (
                file._replace(state=FileState.AGAIN)
                for file in tables.files(self._connection)
                if file.state == FileState.INDEXED and file.rows < file.records and file.id not in left and leaving
            ),
        )


def _indexed(file: IndexedFile, facts: FileFacts, kept: Sequence[_FileRows]) -> IndexedFile:
    """The file after it was decoded. One that is read again keeps the rows that it has."""
    oldest = [rows.oldest for rows in kept] + [file.oldest] * (file.oldest is not None)
    newest = [rows.newest for rows in kept] + [file.newest] * (file.newest is not None)
    return file._replace(
        state=FileState.INDEXED,
        records=facts.records,
        rows=file.rows + sum(rows.rows for rows in kept),
        data_events=facts.data_events,
        oldest=min((second for second in oldest if second is not None), default=None),
        newest=max((second for second in newest if second is not None), default=None),
        plain=int(facts.plain),
        sha256=facts.sha256,
        inflated=facts.inflated,
        reasons=json.dumps(dict(facts.reasons)),
    )


def _by_file(segment: Segment) -> Iterator[tuple[int, _FileRows]]:
    files, seconds = segment.files, segment.seconds
    ids, first, counts = np.unique(files, return_index=True, return_counts=True)
    _, last = np.unique(files[::-1], return_index=True)
    for file, start, end, count in zip(ids.tolist(), first.tolist(), last.tolist(), counts.tolist(), strict=True):
        yield file, _FileRows(count, int(seconds[start]), int(seconds[len(seconds) - 1 - end]))

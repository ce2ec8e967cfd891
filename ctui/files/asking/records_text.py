"""The texts of log files, inflated again to read records at their places; those read last are kept.

A file is what it was when it was indexed, or it is not read: size and time of its last change are compared each time.
"""

import os
import stat
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from io import BufferedReader
from typing import Final, NamedTuple

from ctui.errors import FilesError
from ctui.files.asking.tree_index import IndexedFile, TreeIndex
from ctui.files.record_texts import LogFileReader, decoded
from ctui.files.segment import Place
from ctui.unpacking.archives import text_of
from ctui.unpacking.gzip_stream import MAGIC, one_stream

_KEPT: Final = 16 << 20
"""Bytes of texts that are kept."""
LARGE: Final = 8 << 20
"""Bytes of a text that is read in windows, and not kept."""


class FileGone(FilesError):
    """A log file is not what it was when it was indexed, or cannot be read any more."""


class Window(NamedTuple):
    """A part of a text with some records in it as a whole."""

    first: int
    """Of the records that were asked for, the first one in it."""
    end: int
    """One after the last one in it."""
    offset: int
    """Where it begins in the text."""
    data: bytes


class FileTexts:
    """The texts of the log files of one tree. Used from any thread."""

    def __init__(self, index: TreeIndex) -> None:
        self._index = index
        self._texts: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0
        self._records: dict[int, list[bytes]] = {}
        """The records of a file in which some do not stand as they are."""
        self._lock = threading.Lock()

    def indexed(self, number: int) -> IndexedFile:
        """A log file by its id. Raises FileGone."""
        file = self._index.file(number)
        if file is None:
            raise FileGone(
                "Log file", "The file of this event is no longer in the index.", "Press r to look for files again."
            )
        return file

    def changed(self, number: int) -> FileGone:
        """What to raise if a file is not what it was when it was indexed."""
        return self._changed(self.indexed(number))

    def forget(self) -> None:
        """Keep no text: files may have changed."""
        with self._lock:
            self._texts.clear()
            self._records.clear()
            self._size = 0

    def record(self, place: Place) -> str:
        """The record that stands at a place. Raises FileGone if the file has changed since it was indexed, or is
        gone."""
        end = place.start + place.length
        if not place.length:
            found = (record for _, record in self.numbered(place.file, [place.start], keep=True))
        else:
            windows = self.windows(place.file, [place.start], [end], keep=True)
            found = (one.data[place.start - one.offset : end - one.offset] for one in windows if one.end)
        record = next(found, None)
        if record is None:
            raise self.changed(place.file)
        return decoded(record)

    def windows(
        self, number: int, starts: Sequence[int], ends: Sequence[int], *, keep: bool = False
    ) -> Iterator[Window]:
        """The parts of the text of a file that records at these places, ascending, are in. Records that are behind the
        end of the text are in none. `keep` the text, as more of it will be asked for. Raises FileGone."""
        file = self.indexed(number)
        self._check(file)
        with self._lock:
            if (text := self._texts.get(number)) is not None:
                self._texts.move_to_end(number)
        if text is None and 0 < file.inflated <= LARGE:
            text = self._whole(file)
            if keep:
                self._keep(number, text)
        if text is None:
            yield from _windows(self._portions(file), starts, ends)
        else:
            yield Window(0, bisect_right(ends, len(text)), 0, text)

    def numbered(self, number: int, wanted: Sequence[int], *, keep: bool = False) -> Iterator[tuple[int, bytes]]:
        """The records with these numbers in a file, ascending, each with its index among `wanted`; otherwise as
        `windows`."""
        file = self.indexed(number)
        self._check(file)
        with self._lock:
            records = self._records.get(number)
        if records is None and keep and 0 < file.inflated <= LARGE:
            records = list(self._all_records(file))
            with self._lock:
                # Of one file: those of others are read again.
                self._records = {number: records}
        if records is not None:
            yield from ((index, records[one]) for index, one in enumerate(wanted) if one < len(records))
            return
        index = 0
        for one, record in enumerate(self._all_records(file)):
            while index < len(wanted) and wanted[index] == one:
                yield index, record
                index += 1
            if index == len(wanted):
                return

    def _keep(self, number: int, text: bytes) -> None:
        with self._lock:
            if number not in self._texts:
                self._texts[number] = text
                self._size += len(text)
            while self._size > _KEPT:
                self._size -= len(self._texts.popitem(last=False)[1])

    def _check(self, file: IndexedFile) -> None:
        """Raises FileGone unless a file is as it was."""
        try:
            self._compare(file, os.stat(self._index.absolute(file.path)))  # noqa: PTH116 - names are bytes
        except OSError as error:
            raise self._unreadable(file, error) from error

    def _compare(self, file: IndexedFile, seen: os.stat_result) -> None:
        if not stat.S_ISREG(seen.st_mode) or (seen.st_size, seen.st_mtime_ns) != (file.size, file.mtime_ns):
            raise self._changed(file)

    def _open(self, file: IndexedFile) -> BufferedReader:
        opened = open(self._index.absolute(file.path), "rb")  # noqa: PTH123, SIM115 - names are bytes; who asks closes it
        try:
            self._compare(file, os.fstat(opened.fileno()))
        except FileGone:
            opened.close()
            raise
        return opened

    def _whole(self, file: IndexedFile) -> bytes:
        if not file.member:
            try:
                with self._open(file) as opened:
                    data = opened.read(file.size)
            except OSError as error:
                raise self._unreadable(file, error) from error
            text = one_stream(data, file.inflated + 1) if data.startswith(MAGIC) else data
            # It has no byte order mark, and is in no encoding with more bytes for a character.
            if text is not None and text[:1] in (b"{", b"[") and b"\0" not in text[:4]:
                return text
        return b"".join(self._portions(file))

    def _portions(self, file: IndexedFile) -> Iterator[bytes]:
        """Any text, portion by portion."""
        try:
            with self._open(file) as opened:
                text = text_of(opened, file.member)
                if text is None:
                    raise self._changed(file)
                yield from text.portions()
        except OSError as error:
            raise self._unreadable(file, error) from error

    def _all_records(self, file: IndexedFile) -> Iterator[bytes]:
        try:
            with self._open(file) as opened:
                yield from (found.text for found in LogFileReader(opened, file.member).records())
        except OSError as error:
            raise self._unreadable(file, error) from error

    def _name(self, file: IndexedFile) -> str:
        return os.fsdecode(self._index.absolute(file.path)) + (f" ({file.member})" if file.member else "")

    def _changed(self, file: IndexedFile) -> FileGone:
        return FileGone(
            "Log file changed", f"{self._name(file)} has changed since it was indexed.", "Press r to index it again."
        )

    def _unreadable(self, file: IndexedFile, error: OSError) -> FileGone:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            said = f"{self._name(file)} is no longer there."
        else:
            said = f"{self._name(file)} cannot be read: {error.strerror or error}."
        return FileGone("Log file", said, "Press r to look for files again.")


def _windows(portions: Iterator[bytes], starts: Sequence[int], ends: Sequence[int]) -> Iterator[Window]:
    held, offset, first = bytearray(), 0, 0
    for portion in portions:
        held += portion
        end = first
        while end < len(ends) and ends[end] <= offset + len(held):
            end += 1
        if end > first:
            yield Window(first, end, offset, bytes(held))
            first = end
        if first == len(ends):
            return
        dropped = min(starts[first] - offset, len(held))
        del held[:dropped]
        offset += dropped

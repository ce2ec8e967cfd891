"""The texts of log files, inflated again to read records at their places; those read last are kept.

A file is what it was when it was indexed, or it is not read: size and time of its last change are compared each time.
"""

import os
import stat
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader
from typing import Final, NamedTuple

from ctui.errors import FilesError, RecordFar
from ctui.files.asking.tree_index import IndexedFile, TreeIndex
from ctui.files.reading.far_texts import FarTexts, TooFar
from ctui.files.record_texts import LogFileReader, decoded
from ctui.files.segment import Place
from ctui.unpacking.archives import text_of
from ctui.unpacking.gzip_stream import MAGIC, DamagedGzip, one_stream

_KEPT: Final = 16 << 20
"""Bytes of texts that are kept."""
LARGE: Final = 8 << 20
"""Bytes of a text that is read in windows, and not kept."""
_FAR_KEPT: Final = 256
"""Records from afar that are kept, as long as they are small; the last one always."""
_FAR_BYTES: Final = 4 << 20
_BESIDE: Final = 16
"""Records before and after one with a number that are kept with it."""


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

    def __init__(self, index: TreeIndex, stopped: Callable[[], bool] = lambda: False) -> None:
        """Once `stopped`, reading ends soon, with an error."""
        self._index = index
        self._stopped = stopped
        self.far = FarTexts(stopped)
        self._far_records: OrderedDict[Place, bytes | FileGone] = OrderedDict()
        """What `read_far` has read, or why it could not."""
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
            self._far_records.clear()
            self._size = 0
        self.far.forget()

    def record(self, place: Place, most: int | None = None) -> str:
        """The record that stands at a place. Raises FileGone if the file has changed since it was indexed, or is
        gone, and RecordFar if more than `most` bytes of a large text have to be inflated for it."""
        file = self.indexed(place.file)
        self._check(file)
        with self._lock:
            found = self._far_records.get(place)
        if found is None:
            found = self._record(file, place, most)
        if isinstance(found, FileGone):
            raise found
        return decoded(found)

    def read_far(self, place: Place) -> None:
        """Read a record, however far it is: `record` has it from then on, or raises why it cannot be read."""
        read: dict[Place, bytes | FileGone] = {}
        with self._lock:
            if place in self._far_records:
                self._far_records.move_to_end(place)
                return
        try:
            file = self.indexed(place.file)
            if place.length or self._is_small(file):
                read[place] = self._record(file, place, None)
            else:
                numbers = range(max(0, place.start - _BESIDE), place.start + _BESIDE + 1)
                some = self.numbered(place.file, numbers)
                read = {Place(place.file, numbers[index], 0): record for index, record in some}
                read.setdefault(place, self._changed(file))
        except FileGone as error:
            read[place] = error
        with self._lock:
            self._far_records.update(read)
            self._far_records.move_to_end(place)
            size = sum(len(one) for one in self._far_records.values() if isinstance(one, bytes))
            while len(self._far_records) > 1 and (len(self._far_records) > _FAR_KEPT or size > _FAR_BYTES):
                _, left = self._far_records.popitem(last=False)
                size -= len(left) if isinstance(left, bytes) else 0

    def _record(self, file: IndexedFile, place: Place, most: int | None) -> bytes:
        end = place.start + place.length
        if not self._is_small(file):
            if place.length and not file.member and (found := self._far(file, place, most)) is not None:
                return found
            # Those with a number are read from the beginning on, and of a file without an end it is not known how far.
            needed = end if place.length else file.inflated
            if most is not None and not 0 < needed <= most:
                raise self._far_away(file, place)
        if not place.length:
            records = (record for _, record in self.numbered(place.file, [place.start], keep=True))
        else:
            windows = self.windows(place.file, [place.start], [end], keep=True)
            records = (one.data[place.start - one.offset : end - one.offset] for one in windows if one.end)
        record = next(records, None)
        if record is None:
            raise self._changed(file)
        return record

    def _far(self, file: IndexedFile, place: Place, most: int | None) -> bytes | None:
        """A record of a large file; None if it cannot be read at its place."""
        key = (place.file, file.size, file.mtime_ns)
        try:
            with self._open(file) as opened:
                found = self.far.read(key, opened, place.start, place.start + place.length, most)
        except TooFar as error:
            raise self._far_away(file, place) from error
        except DamagedGzip as error:
            raise self._changed(file) from error
        except OSError as error:
            raise self._unreadable(file, error) from error
        self._go_on(file)
        if found is not None and len(found) < place.length:
            raise self._changed(file)
        return found

    def _is_small(self, file: IndexedFile) -> bool:
        return 0 < file.inflated <= LARGE

    def _go_on(self, file: IndexedFile) -> None:
        if self._stopped():
            raise FileGone("Log file", f"{self._name(file)} is no longer open.")

    def _far_away(self, file: IndexedFile, place: Place) -> RecordFar:
        where = f"{place.start >> 20:,} MB into" if place.length and place.start >> 20 else "in"
        return RecordFar(
            "Reading the record", f"It is {where} {self._name(file)}, a large file, and is shown once it is read."
        )

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
        if text is None and self._is_small(file):
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
        if records is None and keep and self._is_small(file):
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
                for portion in text.portions():
                    self._go_on(file)
                    yield portion
        except OSError as error:
            raise self._unreadable(file, error) from error

    def _all_records(self, file: IndexedFile) -> Iterator[bytes]:
        try:
            with self._open(file) as opened:
                for found in LogFileReader(opened, file.member).records():
                    self._go_on(file)
                    yield found.text
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

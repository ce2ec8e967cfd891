"""An index of log files in memory, made row by row and the plain way, and the files that it is of."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.event_of_record import event_of, region_of
from ctui.files.record_texts import LogFileReader, decoded
from ctui.files.segment import Place, Segment, SegmentBuilder
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.log_files.event_digest import event_digest
from ctui.store.index.index_row import derive
from ctui.store.index.table_line import UNNAMED


class MemorySegment(NamedTuple):
    """`SegmentRange`."""

    number: int
    rows: int
    newest: int
    oldest: int


class MemoryFile(NamedTuple):
    """`IndexedFile`."""

    path: bytes
    member: str
    size: int
    mtime_ns: int
    inflated: int
    plain: int
    region: str


class MemoryIndex:
    """`TreeIndex`: segments with the numbers 1, 2, …"""

    def __init__(self) -> None:
        self.built: dict[int, Segment] = {}
        self.files: dict[int, MemoryFile] = {}
        self.gone: dict[int, NDArray[np.bool_]] = {}
        """The rows of a segment that are still those of a file."""

    def segments(self) -> Sequence[MemorySegment]:
        """All of them, newest first."""
        some = (
            MemorySegment(number, len(one), int(one.seconds[0]), int(one.seconds[-1]))
            for number, one in self.built.items()
        )
        return sorted(some, key=lambda one: -one.newest)

    def segment(self, number: int) -> Segment:
        """A segment by its number."""
        return self.built[number]

    def alive(self, entry: Any) -> NDArray[np.bool_] | None:
        """Which rows of a segment are still those of a file."""
        return self.gone.get(entry.number)

    def file(self, number: int) -> MemoryFile | None:
        """A file by its id."""
        return self.files.get(number)

    def absolute(self, path: bytes) -> bytes:
        """The paths of this index are absolute."""
        return path

    def add(self, rows: Iterable[tuple[Event, str, Place]]) -> None:
        """Add a segment of events with their Regions."""
        builder = SegmentBuilder()
        for event, region, place in rows:
            texts, kinds = derive(RecordView(event, region))
            if event.oddity is not None:
                kinds |= UNNAMED
            builder.add(int(event.time.timestamp()), event_digest(event.event_id), place, kinds, texts)
        number = len(self.built) + 1
        self.built[number] = Segment(number, builder.parts().__getitem__)

    def read(self, path: Path, member: str = "", region: str = "eu-west-1") -> list[tuple[Event, str, Place]]:
        """Take a log file, or a member of an archive, into the index; returns its rows, for `add`."""
        file, seen = len(self.files) + 1, path.stat()
        with path.open("rb") as opened:
            reader = LogFileReader(opened, member)
            found = [(decoded(one.text), one.start, one.length) for one in reader.records()]
        self.files[file] = MemoryFile(
            os.fsencode(path), member, seen.st_size, seen.st_mtime_ns, reader.inflated, int(reader.plain), region
        )
        return [(event_of(text), region_of(text, region), Place(file, start, length)) for text, start, length in found]


def index_of(folder: Path, files: Mapping[str, bytes], rows: int = 1 << 16) -> MemoryIndex:
    """The index of log files that are written here, by name, with so many rows in each segment."""
    index, made = MemoryIndex(), list[tuple[Event, str, Place]]()
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        made += index.read(path)
    for begin in range(0, len(made), rows):
        index.add(made[begin : begin + rows])
    return index


def log_file(records: Iterable[Mapping[str, Any] | str]) -> bytes:
    """A log file as it is delivered, before it is compressed."""
    texts = (one if isinstance(one, str) else json.dumps(one) for one in records)
    return f'{{"Records":[{",".join(texts)}]}}'.encode("utf-8", "surrogatepass")

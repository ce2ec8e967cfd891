"""An index of log files in memory, made row by row and the plain way, and the files that it is of."""

import gzip
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.event_of_record import event_of, region_of
from ctui.files.segment import Place, Segment, SegmentBuilder
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.log_files.event_digest import event_digest
from ctui.store.index.index_row import derive


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
            builder.add(int(event.time.timestamp()), event_digest(event.event_id), place, kinds, texts)
        number = len(self.built) + 1
        self.built[number] = Segment(number, builder.parts().__getitem__)

    def write(self, path: Path, records: Sequence[str], region: str = "eu-west-1") -> list[tuple[Event, str, Place]]:
        """Write a log file with these records; returns its rows, for `add`."""
        pieces = [b'{"Records":[', b"]}"]
        rows = []
        file, at = len(self.files) + 1, len(pieces[0])
        for record in records:
            encoded = record.encode("utf-8", "surrogatepass")
            rows.append((event_of(record), region_of(record, region), Place(file, at, len(encoded))))
            pieces.insert(-1, encoded)
            pieces.insert(-1, b",")
            at += len(encoded) + 1
        text = b"".join(pieces)
        path.write_bytes(gzip.compress(text, 1) if path.suffix == ".gz" else text)
        seen = path.stat()
        self.files[file] = MemoryFile(os.fsencode(path), "", seen.st_size, seen.st_mtime_ns, len(text), 1, region)
        return rows


def index_of(folder: Path, files: Mapping[str, Sequence[Mapping[str, Any] | str]], rows: int = 1 << 16) -> MemoryIndex:
    """The index of log files that are written here, by name, with so many rows in each segment."""
    index = MemoryIndex()
    made = [
        row
        for name, records in files.items()
        for row in index.write(folder / name, [one if isinstance(one, str) else json.dumps(one) for one in records])
    ]
    for begin in range(0, len(made), rows):
        index.add(made[begin : begin + rows])
    return index

"""What a decoder is given, and what it returns: log files become whole segments, with facts about each file."""

from collections.abc import Sequence
from typing import Protocol

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FileJob:
    """A log file to decode."""

    file: int
    """Its id in the index: `Place.file` of its rows."""
    path: bytes
    """The absolute path, as the system has it (`os.fsencode`)."""
    member: str
    """The name in an archive; "" for a file of its own."""
    account: str
    """The account that the path names, or ""."""
    region: str
    """The Region that the path names, or ""."""
    untimed_at: int = 0
    """The epoch second at which events are shown whose time cannot be read: the delivery of the file."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was seen of a log file while it was decoded."""

    file: int
    records: int = 0
    """Records that became rows, those that were dropped as duplicates among them."""
    plain: bool = True
    """True if its records stand in its text as they are: the places of its rows are bytes there."""
    sha256: bytes = b""
    """Of the inflated bytes; empty if they were not read to the end."""
    inflated: int = 0
    """Inflated bytes."""
    data_events: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    """Why how many of its records, or the file itself, are not read."""
    size: int = 0
    """Bytes before it was read; of an archive, if it is a member."""
    mtime_ns: int = 0
    """When it was changed last, before it was read."""
    changed: bool = False
    """True if its size or mtime was another one after it was read."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The result of a job."""

    files: tuple[FileFacts, ...]
    """Of each file of the job, in its order."""
    segments: tuple[dict[str, bytes], ...]
    """The parts of each segment (`SegmentBuilder.parts`), newest rows first."""


class Decoder(Protocol):
    """Decodes jobs, some at a time. It is used from one thread, and stopped from any."""

    @property
    def wants(self) -> bool:
        """True if another job should be submitted now, so that no decoder waits for one."""

    def submit(self, files: Sequence[FileJob]) -> None:
        """Start a job. Never blocks for long."""

    def result(self, seconds: float) -> Decoded | None:
        """The next finished job, in any order; None if none has finished after so many seconds, or none is running."""

    def close(self) -> None:
        """End at once; jobs that run are dropped."""

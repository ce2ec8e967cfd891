"""How the log files of one tree stand: what is indexed, what is not read, and from when to when files are here."""

from enum import StrEnum

from ctui.model.values import dataclass


class TreePhase(StrEnum):
    """What is being done about a tree."""

    INDEXING = "indexing"
    """Rows of it are here, and more may come."""
    READY = "ready"
    """Every file that can be read is indexed."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """In which log file a record stands."""

    path: str
    """Absolute."""
    member: str = ""
    """Its name in the archive at that path; "" if the path is the log file."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch without any file between files of one account and Region: files may be missing, or nothing happened."""

    account: str
    region: str
    start: int
    """Epoch second of the last delivery before it."""
    end: int
    """Epoch second of the first delivery after it."""
    explained_by: tuple[str, ...] = ()
    """Names of calls that may explain it, such as StopLogging, in their order."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The log files of one account and Region, by the time of delivery in their names."""

    account: str
    """"" if the names do not say."""
    region: str
    """As `account`."""
    files: int
    first: int | None
    """Epoch second of the first delivery; None if no name says when."""
    last: int | None
    events: int = 0
    holes: tuple[Hole, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class TreeState:
    """A tree of log files at a glance. It never says that the tree is complete: names give the time of delivery, and
    quiet Regions deliver nothing."""

    path: str
    """The file or folder, as a person gave it."""
    phase: TreePhase
    files: int = 0
    """Log files that are indexed, members of archives among them."""
    waiting: int = 0
    """Files that are to be read."""
    gone: int = 0
    """Log files that were removed or have changed while the index was open. No row of theirs is found any more, as they
    were then; those that were found before may still be on the screen."""
    events: int = 0
    """Rows: events, each once."""
    oldest: int | None = None
    """Epoch second of the oldest event."""
    newest: int | None = None
    unread: tuple[tuple[str, int], ...] = ()
    """Why how many files, or records in files, are not read; the most frequent reason first."""
    digests: int = 0
    """Digest files: they have no events, so that nothing is missing without them."""
    deliveries: tuple[Deliveries, ...] = ()
    """By account and Region."""
    has_data_events: bool = False
    """True if there is a data event among its events: then some trail records some of them."""
    error: str = ""
    """Why it failed, in words."""
    notices: tuple[str, ...] = ()
    """What is to be said once about its index, such as that it was made again."""

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Where files may be missing, newest first."""
        found = (hole for one in self.deliveries for hole in one.holes)
        return tuple(sorted(found, key=lambda hole: (-hole.end, hole.account, hole.region)))

"""What is known of a log file before it is read: what its path says, its size and its time."""

from enum import StrEnum

from ctui.model.values import dataclass


class LogKind(StrEnum):
    """What a log file holds, as its path says: the folder between account and Region is called so.

    CloudTrail user guide, "Finding your CloudTrail log files".
    """

    EVENTS = "CloudTrail"
    """Management and data events."""
    INSIGHTS = "CloudTrail-Insight"
    NETWORK = "CloudTrail-NetworkActivity"
    AGGREGATED = "CloudTrail-Aggregated"
    DIGEST = "CloudTrail-Digest"
    """Hashes of log files, no events."""
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the path of a log file says; "" and None for what it does not."""

    account: str = ""
    """Twelve digits."""
    region: str = ""
    delivered: int | None = None
    """Epoch second of its delivery, from its name; the name has minutes. Its records are older."""
    day: int | None = None
    """Epoch second at which the day of its folder begins (UTC)."""
    organization: str = ""
    """The ID of the organization whose trail delivered it, such as "o-exampleorgid"."""
    kind: LogKind = LogKind.UNKNOWN

    @property
    def about(self) -> int | None:
        """The instant that puts it in order among others: its delivery, else its day."""
        return self.day if self.delivered is None else self.delivered


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A log file in a tree, or an archive of some."""

    path: bytes
    """Below the tree, as the system has it (`os.fsencode`); empty for a tree that is one file."""
    size: int
    """Bytes."""
    mtime_ns: int
    """When it was changed last."""
    layout: Layout
    archive: bool = False
    """True for a .zip, whose members are log files."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why something of a tree is not read."""

    reason: str
    """In words: "3 × …" can stand before it."""
    count: int
    """Files, or records in files."""
    names: tuple[str, ...] = ()
    """The first few of the files, below the tree: hostile until `render` has cleaned them."""


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files of a tree."""

    files: tuple[FoundFile, ...]
    """Those to read, the newest delivery first."""
    left_out: tuple[NotRead, ...] = ()
    """Those that are not log files by their names, and folders that cannot be read; the most frequent reason first."""

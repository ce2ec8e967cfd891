"""CheckReport: what of a tree of log files is read, and why the rest is not."""

from ctui.model.log_files.found_file import NotRead
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class CheckReport:
    """A tree, after all of it was read once."""

    path: str
    """The file or folder, as a person gave it."""
    files: int
    """Log files that were read, members of archives among them."""
    records: int
    """Records in them; an event that several files have is counted in each."""
    data_events: int
    """How many of those are data events."""
    size: int
    """Bytes of the files."""
    inflated: int
    """Bytes of their texts."""
    digests: int
    """Digest files, which have no events."""
    unread: tuple[NotRead, ...]
    """Why files, or records in files, are not read; the most frequent reason first."""

    @property
    def all_read(self) -> bool:
        """True if nothing was left unread."""
        return not self.unread

"""One delivery, noted before it is done, so that the next start can finish what a killed process left half done."""

import msgspec

from ctui.emulator.account.trails import LogFile


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One file for a bucket, or one batch for a log group."""

    account: str
    home: str
    name: str
    created: float
    region: str
    row: int
    """The trail's progress in this Region when the job is done."""
    at: float
    bucket: str | None = None
    """The bucket of a file, or None for a batch."""
    key: tuple[str, ...] = ()
    target: str | None = None
    """ARN of the topic to notify, or of the log group."""
    offset: int = 0
    """Size of the target's file before the job."""
    inode: int | None = None
    """Inode of that file, or None if there was none. Another file in its place is not ours to cut."""
    log_file: LogFile | None = None
    """What the next digest lists of the file, if the trail has log file validation."""

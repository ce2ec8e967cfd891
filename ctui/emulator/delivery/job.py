"""One delivery, as it is noted before it is done: what a process that was killed left half done is settled from it."""

import msgspec

from ctui.emulator.account.trails import LogFile


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One file to one bucket, or one batch to one log group, as it is noted before it is done."""

    account: str
    home: str
    name: str
    created: float
    region: str
    row: int
    """The trail has come so far in this Region when the job is done."""
    at: float
    bucket: str | None = None
    """Of a file; None for a batch to a log group."""
    key: tuple[str, ...] = ()
    target: str | None = None
    """ARN of the topic that is told of the file, or of the log group."""
    offset: int = 0
    """Size of the target's file before."""
    inode: int | None = None
    """Of that file: what stands in its place when the job is taken up may be somebody else's. None where none was."""
    log_file: LogFile | None = None
    """What the next digest will say of the file, where the trail's log files are to be validated."""

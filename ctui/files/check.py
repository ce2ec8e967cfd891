"""`ctui files check`: reads a whole tree once, as indexing does, and says what is read and why the rest is not."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from ctui.files.decoding.jobs import Decoded, FileFacts, FileJob
from ctui.files.decoding.pool import decoder_for
from ctui.files.layout import layout_of
from ctui.files.walking import absolute, walk
from ctui.model.log_files.check_report import CheckReport
from ctui.model.log_files.found_file import FoundFile, FoundFiles, NotRead
from ctui.unpacking.archives import members_of
from ctui.unpacking.names import DIGEST_FILE

NO_RECORDS: Final = "a file without a record"
CHANGED: Final = "a file that changed while it was read"
_NAMED: Final = 5
"""Files that a reason names."""
_JOB_BYTES: Final = 2 << 20
_JOB_FILES: Final = 256
"""What is decoded at once, by its compressed size and its number."""
_WAIT: Final = 0.1


class CheckProgress(NamedTuple):
    """How far a check is."""

    files: int
    all_files: int
    """How many there are; members of archives are not among them."""
    records: int


def check(
    tree: str, told: Callable[[CheckProgress], None] = lambda _: None, stopped: Callable[[], bool] = lambda: False
) -> CheckReport:
    """Read a file or folder, and report. `told` is called now and then; once `stopped` is true the report is of what
    was read so far. Nothing is kept. Raises FilesError if the tree itself cannot be read."""
    root = os.path.realpath(os.fsencode(tree))
    found = walk(root)
    checking = _Checking(root, found)
    decoder = decoder_for(sum(file.size for file in found.files))
    jobs = checking.jobs()
    running = 0
    try:
        while not stopped():
            while decoder.wants and (job := next(jobs, None)):
                decoder.submit(job)
                running += 1
            if not running:
                break
            if (decoded := decoder.result(_WAIT)) is not None:
                running -= 1
                checking.add(decoded)
                told(CheckProgress(checking.done, len(found.files), checking.records))
    finally:
        decoder.close()
    return checking.report(tree)


class _Checking:
    """What was seen so far."""

    def __init__(self, root: bytes, found: FoundFiles) -> None:
        self._root = root
        self._found = found
        self._names: dict[int, tuple[bytes, str]] = {}
        """Path and member of each file, by its number."""
        self._reasons = {one.reason: _Reason(one.count, list(one.names)) for one in found.left_out}
        self._inflated = self._data_events = self._read = 0
        self.records = 0
        self.done = 0

    def jobs(self) -> Iterator[list[FileJob]]:
        """Files in portions, the newest first. An archive is opened when its turn comes."""
        job: list[FileJob] = []
        size = 0
        for file, member in chain.from_iterable(map(self._members, self._found.files)):
            number = len(self._names)
            self._names[number] = (file.path, member)
            layout = layout_of(member) if member else file.layout
            region = layout.region or file.layout.region
            job.append(FileJob(number, absolute(self._root, file.path), member, layout.account, region))
            size += file.size
            if size > _JOB_BYTES or len(job) >= _JOB_FILES:
                yield job
                job, size = [], 0
        if job:
            yield job

    def add(self, decoded: Decoded) -> None:
        """Count what was seen of some files."""
        for facts in decoded.files:
            self.done += 1
            self.records += facts.records
            self._data_events += facts.data_events
            self._inflated += facts.inflated
            self._read += bool(facts.records)
            for reason, count in _reasons_of(facts):
                self._count(reason, count, *self._names[facts.file])

    def report(self, tree: str) -> CheckReport:
        """The report of what was seen."""
        digests = self._reasons.pop(DIGEST_FILE, _Reason(0, [])).count
        unread = [NotRead(reason, one.count, tuple(one.names)) for reason, one in self._reasons.items()]
        unread.sort(key=lambda one: -one.count)
        size = sum(file.size for file in self._found.files)
        return CheckReport(
            tree, self._read, self.records, self._data_events, size, self._inflated, digests, tuple(unread)
        )

    def _members(self, file: FoundFile) -> Iterable[tuple[FoundFile, str]]:
        if not file.archive:
            return ((file, ""),)
        try:
            with open(absolute(self._root, file.path), "rb") as opened:  # noqa: PTH123 - names are bytes
                names, reasons = members_of(opened)
        except OSError as error:
            names, reasons = (), Counter({f"a file that cannot be read: {error.strerror or error}": 1})
        for reason, count in reasons.items():
            self._count(reason, count, file.path, "")
        return [(file, name) for name in names]

    def _count(self, reason: str, count: int, path: bytes, member: str) -> None:
        one = self._reasons.setdefault(reason, _Reason(0, []))
        one.count += count
        if len(one.names) < _NAMED:
            name = os.fsdecode(path) or os.path.basename(os.fsdecode(self._root))  # noqa: PTH119 - names are bytes
            one.names.append(f"{name}: {member}" if member else name)


class _Reason:
    def __init__(self, count: int, names: list[str]) -> None:
        self.count = count
        self.names = names


def _reasons_of(facts: FileFacts) -> Iterable[tuple[str, int]]:
    yield from facts.reasons
    if facts.changed:
        yield CHANGED, 1
    elif not (facts.records or facts.reasons):
        yield NO_RECORDS, 1

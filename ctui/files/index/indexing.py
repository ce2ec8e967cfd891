"""Indexes a tree: compares it with its index, has what is new decoded, newest first, and writes what comes back."""

import json
import os
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Event
from typing import Final, NamedTuple

from ctui.files.decoding.jobs import Decoded, Decoder, FileFacts, FileJob
from ctui.files.index.container import Container
from ctui.files.index.index_writer import IndexWriter
from ctui.files.index.tables import FileState, IndexedFile, Untrusted
from ctui.files.layout import layout_of
from ctui.model.log_files.found_file import FoundFile, FoundFiles

_FIRST_ROWS: Final = 4_000
"""Rows of the first jobs: they are on the screen within a second."""
_ROWS: Final = 50_000
"""Rows of a job, about: they fit into one segment, even if there are some more than was thought."""
_MOST_FILES: Final = 2_000
"""Files of a job at most."""
_WAIT_SECONDS: Final = 0.1
"""A run that is stopped ends within this time."""
_TRIES: Final = 3
"""Times that a file is read which changes meanwhile."""
_INFLATED: Final = 1_300
"""Bytes of a record, about, before any was read; compressed a tenth of it."""
CHANGED_WHILE_READ: Final = "changed while it was read"


class TreeReader(NamedTuple):
    """What reads a tree."""

    look: Callable[[], FoundFiles]
    """Looks for files."""
    members: Callable[[bytes], tuple[Sequence[str], Mapping[str, int]]]
    """The names of the log files in the archive at an absolute path, and why how many of its members are left out."""
    decoder: Callable[[int], Decoder]
    """What decodes files of so many bytes together."""


class Indexing:
    """One run."""

    def __init__(self, container: Container, reader: TreeReader, stopped: Event, written: Callable[[], None]) -> None:
        """`written` is called whenever something was written. Once `stopped` is set, the run ends; the next one goes
        on."""
        self._container = container
        self._reader = reader
        self._stopped = stopped
        self._written = written
        self._files: dict[int, IndexedFile] = {}
        self._order: dict[bytes, int] = {}
        self._members: Counter[bytes] = Counter()
        """How many files stand at one path: those of an archive have its size."""
        self._decoder: Decoder | None = None
        self._tries: dict[int, int] = {}
        self._bytes = {True: _INFLATED / 10, False: float(_INFLATED)}
        """Bytes of a record in a file, by whether that is compressed."""

    def stop(self) -> None:
        """End the run soon, as `stopped` does, also if a decoder works in its thread. May be called from any thread."""
        self._stopped.set()
        if self._decoder is not None:
            self._decoder.close()

    def run(self) -> None:
        """Index the tree. Blocks; the lock for indexing is held. Raises FilesError."""
        try:
            writer = IndexWriter(self._container)
            try:
                self._run(writer)
            finally:
                writer.close()
        except (Untrusted, sqlite3.Error) as error:
            raise self._container.failure(error) from error

    def _run(self, writer: IndexWriter) -> None:
        found = self._reader.look()
        gone, new = self._changes(writer.files(), found.files)
        waiting = writer.change(gone, new, {one.reason: one.count for one in found.left_out})
        self._files = {file.id: file for file in waiting}
        self._members = Counter(file.path for file in waiting)
        self._order = {file.path: number for number, file in enumerate(found.files)}
        self._written()
        if not waiting or self._stopped.is_set():
            return
        self._decoder = decoder = self._reader.decoder(sum(file.size // self._members[file.path] for file in waiting))
        try:
            while waiting and not self._stopped.is_set():
                waiting = self._decode(writer, decoder, waiting)
        finally:
            decoder.close()

    def _changes(
        self, indexed: Sequence[IndexedFile], found: Sequence[FoundFile]
    ) -> tuple[list[IndexedFile], list[IndexedFile]]:
        """Which files of an index have left or changed, and which are new or have changed."""
        before: dict[bytes, list[IndexedFile]] = defaultdict(list)
        for file in indexed:
            before[file.path].append(file)
        new: list[IndexedFile] = []
        for one in found:
            # All members of an archive have its size and time.
            if (known := before.get(one.path)) and (known[0].size, known[0].mtime_ns) == (one.size, one.mtime_ns):
                del before[one.path]
            else:
                new += self._new(one)
        return [file for files in before.values() for file in files], new

    def _new(self, found: FoundFile) -> Iterator[IndexedFile]:
        members: Sequence[str] = ("",)
        if found.archive:
            members, left_out = self._reader.members(self._container.absolute(found.path))
            if left_out:
                reasons = json.dumps(dict(left_out))
                about = (found.path, "", found.size, found.mtime_ns, "", "", None)
                yield IndexedFile(0, *about, FileState.LISTED, reasons=reasons)
        for member in members:
            layout = layout_of(member) if member else found.layout
            yield IndexedFile(
                0,
                found.path,
                member,
                found.size,
                found.mtime_ns,
                layout.account or found.layout.account,
                layout.region or found.layout.region,
                layout.delivered,
                FileState.WAITING,
            )

    def _decode(self, writer: IndexWriter, decoder: Decoder, waiting: Sequence[IndexedFile]) -> list[IndexedFile]:
        """Have these files decoded; returns those that changed meanwhile and are to be read again."""
        again: list[IndexedFile] = []
        # They were found newest first.
        jobs = self._jobs(sorted(waiting, key=lambda file: (self._order[file.path], file.member)))
        job, running = next(jobs, None), 0
        while (job or running) and not self._stopped.is_set():
            while job and decoder.wants:
                decoder.submit([self._job(file) for file in job])
                job, running = next(jobs, None), running + 1
            decoded = decoder.result(_WAIT_SECONDS)
            if decoded is not None and not self._stopped.is_set():
                running -= 1
                again += self._add(writer, decoded)
                self._written()
        return again

    def _add(self, writer: IndexWriter, decoded: Decoded) -> list[IndexedFile]:
        again: dict[int, IndexedFile] = {}
        accepted = []
        for facts in decoded.files:
            file = self._files[facts.file]
            self._learn(file, facts)
            if not facts.changed and (facts.size, facts.mtime_ns) == (file.size, file.mtime_ns):
                accepted.append(facts)
            elif (now := self._look_again(file)) is not None:
                again[file.id] = self._files[file.id] = now
            else:
                accepted.append(replace(facts, reasons=(*facts.reasons, (CHANGED_WHILE_READ, 1))))
        writer.add(Decoded(tuple(accepted), decoded.segments), self._files, again.keys())
        if again:
            writer.update(again.values())
        return list(again.values())

    def _look_again(self, file: IndexedFile) -> IndexedFile | None:
        """The file as it is now, to be read once more; None if it has left, or changes all the time."""
        self._tries[file.id] = tries = self._tries.get(file.id, 1) + 1
        if tries > _TRIES or file.rows:
            return None
        try:
            about = os.stat(self._container.absolute(file.path))  # noqa: PTH116 - names are bytes
        except OSError:
            return None
        return file._replace(size=about.st_size, mtime_ns=about.st_mtime_ns)

    def _job(self, file: IndexedFile) -> FileJob:
        path = self._container.absolute(file.path)
        untimed_at = file.mtime_ns // 10**9 if file.delivery is None else file.delivery
        return FileJob(file.id, path, file.member, file.account, file.region, untimed_at)

    def _jobs(self, files: Sequence[IndexedFile]) -> Iterator[list[IndexedFile]]:
        """Files in portions of about a segment, the first ones smaller."""
        queue, limit = deque(files), float(_FIRST_ROWS)
        while queue:
            job: list[IndexedFile] = []
            rows = 0.0
            while queue and len(job) < _MOST_FILES:
                more = queue[0].size / self._members[queue[0].path] / self._bytes[_is_compressed(queue[0])]
                if job and rows + more > limit:
                    break
                rows += more
                job.append(queue.popleft())
            yield job
            limit = min(_ROWS, limit * 2)

    def _learn(self, file: IndexedFile, facts: FileFacts) -> None:
        if facts.records and not file.member:
            # The newest files say more about the next ones than all those before.
            kind = _is_compressed(file)
            self._bytes[kind] += 0.05 * (max(20.0, file.size / facts.records) - self._bytes[kind])


def _is_compressed(file: IndexedFile) -> bool:
    return bool(file.member) or file.path.endswith((b".gz", b".zip"))

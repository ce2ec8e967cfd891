"""Decoders: processes for a tree of some size, and none for a small one."""

import contextlib
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

import msgspec

import ctui
from ctui.files.decoding.decode import decode, unread
from ctui.files.decoding.jobs import Decoded, Decoder, FileJob
from ctui.files.decoding.messages import READY, read_message, write_message
from ctui.files.decoding.rows_of_records import RowMaker

_SMALL: Final = 4 << 20
"""Bytes of files that are decoded sooner than processes have started."""
_MOST: Final = 4
_WAITING: Final = 1
"""Jobs that wait for each process: what it begins with while the result of the one before is written."""
# The child is this same program. -P keeps it from importing files of the current folder.
_CHILD: Final = "import sys; sys.path.append(sys.argv.pop(1)); from ctui.files.decoding.worker import main; main()"
_NOT_INHERITED: Final = ("AWS_", "BOTO")
_LONGEST: Final = 1 << 16
"""Bytes of a decoder's last words that are read: as many as a pipe holds."""
_LONGEST_REASON: Final = 200
_END_SECONDS: Final = 1.0
_BROKEN: Final = (OSError, ValueError, msgspec.DecodeError)
"""What talking to a process raises that has ended."""


def decoder_for(size: int) -> Decoder:
    """A decoder for files of so many bytes."""
    return DecoderPool() if size > _SMALL else OwnDecoder()


class OwnDecoder:
    """Decodes in the thread that asks for results."""

    def __init__(self) -> None:
        self._maker = RowMaker()
        self._jobs: deque[Sequence[FileJob]] = deque()
        self._closed = False

    @property
    def wants(self) -> bool:
        """As in `Decoder`."""
        return not self._jobs

    def submit(self, files: Sequence[FileJob]) -> None:
        """As in `Decoder`."""
        self._jobs.append(files)

    def result(self, seconds: float) -> Decoded | None:
        """As in `Decoder`, but it takes as long as decoding does."""
        if not self._jobs or self._closed:
            return None
        decoded = decode(self._jobs.popleft(), self._maker, lambda: self._closed)
        return None if self._closed else decoded

    def close(self) -> None:
        """As in `Decoder`."""
        self._closed = True


class DecoderPool:
    """Decodes in processes, each with a thread here that talks to it."""

    def __init__(self, processes: int | None = None) -> None:
        """`processes`: how many; as many as there are processors, and at most four, if it is not said."""
        self._count = processes or min(_MOST, _processors())
        self._jobs: SimpleQueue[Sequence[FileJob] | None] = SimpleQueue()
        self._results: SimpleQueue[Decoded | Exception] = SimpleQueue()
        self._running = 0
        self._talks = [_Talk(self._jobs, self._results) for _ in range(self._count)]

    @property
    def wants(self) -> bool:
        """As in `Decoder`."""
        return self._running < self._count * (1 + _WAITING)

    def submit(self, files: Sequence[FileJob]) -> None:
        """As in `Decoder`."""
        self._running += 1
        self._jobs.put(files)

    def result(self, seconds: float) -> Decoded | None:
        """As in `Decoder`."""
        if not self._running:
            return None
        try:
            decoded = self._results.get(timeout=seconds)
        except Empty:
            return None
        self._running -= 1
        if isinstance(decoded, Exception):
            raise decoded
        return decoded

    def close(self) -> None:
        """As in `Decoder`."""
        for talk in self._talks:
            talk.stop()
        for _ in self._talks:
            self._jobs.put(None)


class _Talk:
    """A thread that gives jobs to a process, and starts another one if it dies."""

    def __init__(
        self, jobs: "SimpleQueue[Sequence[FileJob] | None]", results: "SimpleQueue[Decoded | Exception]"
    ) -> None:
        self._jobs, self._results = jobs, results
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        """Held while a process is started: before that is seen whether all is to end."""
        self._said: FileIO | None = None
        """Where the process writes its errors."""
        self._stopped = False
        threading.Thread(target=self._run, name="ctui-files-decoder", daemon=True).start()

    def stop(self) -> None:
        """End the process, and begin no other one."""
        with self._lock:
            self._stopped = True
            if self._child is not None:
                self._child.kill()

    def _run(self) -> None:
        while not self._stopped and (files := self._jobs.get()) is not None:
            try:
                self._results.put(self._decoded(files))
            except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
                self._results.put(error)
        self._end()

    def _decoded(self, files: Sequence[FileJob]) -> Decoded:
        """The result of a job. Each half of one in which the process died is tried by itself, down to single files."""
        decoded = self._asked(files)
        if decoded is not None or self._stopped:
            return decoded or Decoded((), ())
        reason = f"a file at which a decoder ended: {self._end()}"
        if len(files) == 1:
            return Decoded((unread(files[0], reason),), ())
        half = len(files) // 2
        first, second = self._decoded(files[:half]), self._decoded(files[half:])
        return Decoded((*first.files, *second.files), (*first.segments, *second.segments))

    def _asked(self, files: Sequence[FileJob]) -> Decoded | None:
        """What a process answers; None if it dies. Where none can be started, this thread decodes."""
        child = self._child or self._start()
        if child is None:
            return decode(files, RowMaker(), lambda: self._stopped)
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            write_message(child.stdin, files)
            return read_message(child.stdout, Decoded)
        except _BROKEN:
            return None

    def _start(self) -> subprocess.Popen[bytes] | None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
        reading, writing = os.pipe()
        said = FileIO(reading)
        # What a process says is read once it has ended. Until then what does not fit there is lost, and blocks no one.
        os.set_blocking(writing, False)
        with self._lock, FileIO(writing, "w"):
            if self._stopped:
                said.close()
                return None
            try:
                child = subprocess.Popen(
                    [sys.executable, "-P", "-c", _CHILD, str(Path(ctui.__file__).parents[1])],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=writing,
                    env=environment,
                    # Keys such as ctrl+c and ctrl+z are for the screen.
                    start_new_session=True,
                )
            except OSError:
                said.close()
                return None
            self._child, self._said = child, said
        assert child.stdout is not None
        with contextlib.suppress(*_BROKEN):
            if read_message(child.stdout, str) == READY:
                return child
        self._end()
        return None

    def _end(self) -> str:
        """Let the process end, or see to it; returns how it ended."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return ""
        if child.stdin is not None:
            with contextlib.suppress(*_BROKEN):
                child.stdin.close()
        try:
            code = child.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        said = b""
        if self._said is not None:
            os.set_blocking(self._said.fileno(), False)
            said = self._said.read(_LONGEST) or b""
        for stream in (child.stdin, child.stdout, self._said):
            if stream is not None:
                with contextlib.suppress(*_BROKEN):
                    stream.close()
        return _how(code, said)


def _how(code: int, said: bytes) -> str:
    """How a process ended that was not asked to, in words."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:_LONGEST_REASON] if lines else f"signal {-code}" if code < 0 else f"exit code {code}"


def _processors() -> int:
    # Fewer than the machine has, where this process may use some only.
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1

"""PaceFiles: paces that all ctui processes of this user on this machine share, a small file for each.

They stand apart from the store, whose writer may take seconds, and need no order from SQLite: who holds the lock of a
file reads it, sends, and writes it, all within a fraction of a millisecond. Where a file cannot be used, each process
keeps a pace of its own, as if it were alone.
"""

import contextlib
import fcntl
import hashlib
import math
import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import Struct

from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.lookup.shared_pace import SharedCall, SharedPace
from ctui.store.opening.files import is_at, make_folder, try_lock

REMEMBERED_SECONDS = 600.0
"""What was shared is as good as forgotten after so many seconds: by then a service may allow what it refused."""
_KEPT_SECONDS = 86_400.0
"""A file that no process has written to for so long is removed."""
_PATIENCE, _ATTEMPT = 0.01, 0.001
"""Seconds to wait for a lock at most, and between two attempts. It is held for less than a tenth of a millisecond,
unless its holder was suspended within that."""
_ALONE_SECONDS = 1.0
"""Without a file or its lock, a process does not try again for so long: each attempt holds up its keys."""
_CLOCKS_AGREE = 5.0
"""Seconds by which the wall clock may have moved otherwise than the monotonic one since a file was written. If it was
more, the machine was restarted, or slept: its seconds cannot be compared with ours."""
_FORMAT = "2"
"""Part of a file's name: another format goes into another file."""
_HEAD = Struct("<IQdddIIQddQdH")
"""Checksum of the rest, count of writes, wall and monotonic seconds, the fields of a SharedPace, how many calls."""
_CHECKSUM = Struct("<I")
_CALL = Struct("<Qddd")
_CALLS = 64
"""The latest calls that are shared at most."""
_SIZE = _HEAD.size + _CALLS * _CALL.size


class PaceFiles:
    """The files of all scopes, in one private folder, which is made when it is first needed."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._open: dict[Scope, PaceFile] = {}
        self._alone_until = float("-inf")

    def news(self, scope: Scope) -> SharedPace | None:
        """What another process has shared since this was last read or written; None if there is nothing new, or nothing
        that can be read."""
        if time.monotonic() < self._alone_until:
            return None
        try:
            return self._file(scope).read(newer=True)
        except OSError:
            self._alone_until = time.monotonic() + _ALONE_SECONDS
            return None

    @contextlib.contextmanager
    def hold(self, scope: Scope) -> Iterator["PaceFile | None"]:
        """Hold the pace of a scope: meanwhile no other process reads or writes it.

        None if it cannot be held at once, or at all: a call that goes out without the others' knowledge may be refused,
        which costs less than a key that waits.
        """
        file = self._locked(scope)
        try:
            yield file
        finally:
            if file is not None:
                file.unlock()

    def close(self) -> None:
        """Close the files; they are opened again if they are needed."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _locked(self, scope: Scope) -> "PaceFile | None":
        if time.monotonic() < self._alone_until:
            return None
        with contextlib.suppress(OSError):
            until = time.monotonic() + _PATIENCE
            while True:
                file = self._file(scope)
                if file.lock():
                    if file.is_named():
                        return file
                    # It was removed, as a file that no process uses: the others will use a new one.
                    del self._open[scope]
                    file.close()
                elif time.monotonic() >= until:
                    break
                else:
                    time.sleep(_ATTEMPT)
        self._alone_until = time.monotonic() + _ALONE_SECONDS
        return None

    def _file(self, scope: Scope) -> "PaceFile":
        if (file := self._open.get(scope)) is None:
            path = self._folder / f"{_digest(scope)}.{_FORMAT}"
            if not path.exists():
                make_folder(path)
                self._remove_old()
            file = self._open[scope] = PaceFile(path, self._clock)
        return file

    def _remove_old(self) -> None:
        for path in self._folder.iterdir():
            # What is gone, or is no file of ours, stays so.
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                    path.unlink()


class PaceFile:
    """The file of one scope. Errors of the file system are OSError, but where a pace is read or written: then nothing
    is shared."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._seen = b""
        """The head that was last read or written."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)

    def read(self, *, newer: bool = False) -> SharedPace | None:
        """What was shared last; None if that is unreadable, too old, or, with `newer`, known already."""
        try:
            content = os.pread(self._descriptor, _SIZE, 0)
        except OSError:
            return None
        head = content[: _HEAD.size]
        if (newer and head == self._seen) or len(head) < _HEAD.size:
            return None
        checksum, _, wall, monotonic, *learned, count = _HEAD.unpack(head)
        calls = content[_HEAD.size : _HEAD.size + count * _CALL.size]
        if zlib.crc32(head[_CHECKSUM.size :] + calls) != checksum:
            # Without the lock it may have been read while it was written.
            return None
        self._seen = head
        now = self._clock.monotonic()
        age = now - monotonic
        apart = self._clock.now().timestamp() - wall - age
        if not 0 <= age <= REMEMBERED_SECONDS or abs(apart) > _CLOCKS_AGREE:
            return None
        shared = tuple(
            SharedCall(number, sent, None if math.isnan(round_trip) else round_trip, rate)
            for number, sent, round_trip, rate in _CALL.iter_unpack(calls)
        )
        return SharedPace(shared, *learned)

    def write(self, pace: SharedPace) -> None:
        """Share this. If the disk does not take it, the others do not know."""
        latest = pace.calls[-_CALLS:]
        calls = b"".join(
            _CALL.pack(call.number, call.sent, math.nan if call.round_trip is None else call.round_trip, call.rate)
            for call in latest
        )
        writes = _HEAD.unpack(self._seen)[1] + 1 if self._seen else 1
        head = _HEAD.pack(
            0,
            writes,
            self._clock.now().timestamp(),
            self._clock.monotonic(),
            pace.in_force,
            pace.calls_to_full,
            pace.recovery,
            pace.passed_at_full,
            pace.cut_at,
            pace.lateness_left,
            pace.newcomer,
            pace.newcomer_since,
            len(latest),
        )[_CHECKSUM.size :]
        self._seen = _CHECKSUM.pack(zlib.crc32(head + calls)) + head
        with contextlib.suppress(OSError):
            os.pwrite(self._descriptor, self._seen + calls, 0)

    def lock(self) -> bool:
        """Take the lock without waiting; False if another process has it."""
        return try_lock(self._descriptor)

    def unlock(self) -> None:
        """Give the lock back."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def is_named(self) -> bool:
        """False once the file was removed, or another has its name."""
        return is_at(self._descriptor, self._path)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _digest(scope: Scope) -> str:
    """A name for the file of a scope, which does not tell the account."""
    return hashlib.blake2b("\0".join((scope.origin, scope.account, scope.region)).encode(), digest_size=16).hexdigest()

"""Converts copies of an old store in child processes that are killed, each at another point; checks what each left.

Run it with the folder of the old store and an empty one. It prints, as JSON, how many children were killed while the
old file was still at the path, and how many when the new one was.
"""

import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from ctui.store.opening import signs
from ctui.store.opening.opening import open_files

NAME = "events.db"
USUAL = {f"{NAME}{side}" for side in ("", "-lock", "-wal", "-shm")}
"""The store, and what SQLite and the lock for opening keep next to it."""
EDGE = 35
"""So many calls from the first and the last on are killed at, each of them."""
MORE = 15
"""Random calls in between, and random moments of CPU time."""


def convert(path: Path) -> None:
    """Open the store as a start does, and close it."""
    open_files(path).close()


def counted(stop: Callable[[int], None]) -> Callable[[FrameType, str, Any], None]:
    """A profile function that calls `stop` with the number of each call to SQLite or the system."""
    number = 0

    def hook(frame: FrameType, event: str, function: Any) -> None:
        nonlocal number
        owner = getattr(function, "__self__", None)
        if event == "c_call" and (
            isinstance(owner, sqlite3.Connection) or getattr(function, "__module__", "") == "posix"
        ):
            number += 1
            stop(number)

    return hook


def in_child(work: Callable[[], None]) -> int:
    """Run `work` in a child process; returns its status."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def killed_at_call(path: Path, chosen: int) -> None:
    """Convert, and die before a call."""

    def stop(number: int) -> None:
        if number == chosen:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(counted(stop))
    convert(path)


def killed_at_moment(path: Path, seconds: float) -> None:
    """Convert, and die after so much CPU time, in the midst of whatever runs then."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    convert(path)


def calls_of(path: Path) -> int:
    """How many calls a conversion makes."""
    calls = [0]
    sys.setprofile(counted(lambda number: calls.__setitem__(0, number)))
    convert(path)
    sys.setprofile(None)
    return calls[0]


def dump(path: Path) -> list[str]:
    """Everything in a file, which must be sound."""
    journal = Path(f"{path}-journal")
    # Who may not write cannot roll back what a killed process has begun; ctui opens such a file so, too.
    mode = "rw" if journal.exists() and journal.stat().st_size else "ro"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return [f"version {version}", *connection.iterdump()]


def copies(source: Path, into: Path) -> Iterator[Path]:
    """The paths of fresh copies of the old store."""
    number = 0
    while True:
        folder = shutil.copytree(source, into / str(number))
        yield folder / NAME
        shutil.rmtree(folder)
        number += 1


def main(source: Path, into: Path) -> None:
    """See above."""
    random = Random(12)
    fresh = copies(source, into)
    old = dump(next(fresh))
    before = resource.getrusage(resource.RUSAGE_SELF)
    convert(whole := next(fresh))
    after = resource.getrusage(resource.RUSAGE_SELF)
    new = dump(whole)
    assert new[0] == f"version {signs.VERSION}"
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    calls = calls_of(next(fresh))
    ends = [*range(1, EDGE + 1), *range(calls - EDGE, calls + 1)]
    chosen = [*ends, *random.sample(range(EDGE + 1, calls - EDGE), MORE)]
    deaths: list[tuple[Callable[[Path, Any], None], float]] = [
        *((killed_at_call, call) for call in chosen),
        *((killed_at_moment, random.uniform(0.001, seconds)) for _ in range(MORE)),
    ]
    left = {"old": 0, "new": 0, "survived": 0}
    for kill, when in deaths:
        path = next(fresh)
        status = in_child(lambda kill=kill, path=path, when=when: kill(path, when))  # type: ignore[misc]
        left["survived"] += status == 0
        assert status in (0, signal.SIGKILL, signal.SIGPROF), status
        found = dump(path)
        assert found in (old, new), (kill, when)
        left["old" if found == old else "new"] += 1
        convert(path)
        assert dump(path) == new, (kill, when)
        others = {file.name for file in path.parent.iterdir()} - USUAL
        assert not others, (kill, when, others)
    sys.stdout.write(json.dumps(left))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

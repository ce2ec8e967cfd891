"""Indexes a tree in child processes that are killed, each at another point of one that goes on where the last one was.

Run it with the tree, the cache folder and a number of kills. It prints how many files each child decoded.
"""

import os
import signal
import sqlite3
import sys
import tempfile
from pathlib import Path
from random import Random
from threading import Event
from types import FrameType
from typing import Any

from support.log_tree import PlainDecoder, no_members, record_of, write_log

from ctui.files.index import indexing
from ctui.files.index.indexing import Indexing, TreeReader
from ctui.files.index.opening_index import open_index
from ctui.files.walking import walk

CALLS = 500
"""A child is killed at one of so many calls of SQLite, which is at the latest when it has written some files."""


def index(tree: bytes, cache: Path) -> int:
    """Open the index, and index the tree, a file at a time; returns how many files were decoded."""
    indexing.__dict__.update(_FIRST_ROWS=0, _ROWS=0)
    decoder = PlainDecoder()
    container = open_index(tree, cache, Event()).container
    reader = TreeReader(lambda: walk(tree), no_members, lambda _: decoder)
    Indexing(container, reader, Event(), lambda: None).run()
    container.close()
    return len(decoder.decoded)


def killed_at(number: int, tree: bytes, cache: Path) -> None:
    """Index in a child process that dies at this call of SQLite, before or after it."""

    def count(_frame: FrameType, event: str, function: Any) -> None:
        nonlocal number
        if event.startswith("c_") and isinstance(getattr(function, "__self__", None), sqlite3.Connection):
            number -= 1
            if not number:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        sys.setprofile(count)
        index(tree, cache)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was killed before it ended"


def main() -> None:
    """Kill, go on, and kill again; then index to the end."""
    tree, cache, kills = os.fsencode(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        # What all children need is imported and compiled once.
        write_log(Path(folder) / "tree", 0, [record_of(1, 0)])
        index(os.fsencode(Path(folder) / "tree"), Path(folder) / "cache")
    random = Random(kills)
    for _ in range(kills):
        killed_at(random.randrange(1, CALLS), tree, cache)
    sys.stdout.write(f"{index(tree, cache)}\n")


if __name__ == "__main__":
    main()

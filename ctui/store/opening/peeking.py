"""Reads the file of a store that this process does not open: nothing is created, repaired or changed."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from ctui.store.opening.signs import APPLICATION_ID, DAMAGED, VERSION

T = TypeVar("T")

_LOG = "-wal"


def peek(
    file: Path,
    work: Callable[[sqlite3.Connection], T],
    *,
    patience: float,
    factory: type[sqlite3.Connection] = sqlite3.Connection,
) -> T | None:
    """What `work` reads in a file of this version, or None if it cannot be read as it is: who opens it says what is
    wrong with it, or converts it. Never raises.

    `patience`: seconds to wait for another process that restarts the log. `factory` makes the connection.
    """
    path = Path(os.path.realpath(file))
    # Of what is no regular file, opening alone may wait for ever.
    if not path.is_file() or Path(f"{path}{DAMAGED}").exists():
        return None
    # SQLite makes a log even to read, unless it knows that no one writes: without a log, no one does.
    mode = "mode=ro" if Path(f"{path}{_LOG}").exists() else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=patience, factory=factory)) as opened:
            return work(opened) if _is_current(opened) else None
    except (OSError, sqlite3.Error):
        return None


def _is_current(connection: sqlite3.Connection) -> bool:
    numbers = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    return tuple(numbers) == (APPLICATION_ID, VERSION)

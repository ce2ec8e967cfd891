"""Counts the values in the file of a store that this process does not open."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from ctui.model.connection import Scope
from ctui.store.counting import CountQuery, ValueCounter
from ctui.store.index.connections import Keeping
from ctui.store.opening.peeking import peek
from ctui.store.scopes import all_scopes

_STEPS_BETWEEN_CHECKS = 1000
"""Steps of SQLite between two checks whether it is late: about 0.1 ms."""


def peek_values(
    file: Path, query: CountQuery, wanted: Callable[[Sequence[Scope]], Sequence[Scope]], is_late: Callable[[], bool]
) -> list[tuple[str, int]]:
    """The values in a file that this process does not open, in those scopes that `wanted` selects; none if `peek`
    cannot read it. Once `is_late` is true, what was counted so far."""

    def count(connection: sqlite3.Connection) -> list[tuple[str, int]]:
        connection.set_progress_handler(is_late, _STEPS_BETWEEN_CHECKS)
        counter = ValueCounter(wanted(all_scopes(connection)), query)
        # SQLite is interrupted once it is late.
        with suppress(sqlite3.OperationalError):
            while not is_late() and counter.step(connection):
                pass
        return counter.counts()

    return peek(file, count, patience=0, factory=Keeping) or []

"""Reads the newest rows of a login's account and Region from a file that is not open yet: the first on the screen.

It reads what `EventStore` will, and needs a tenth of its modules.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ctui.model.connection import Connection, Scope
from ctui.store import logins
from ctui.store.index.table_line import LINE_COLUMNS, StoredSummary, line_of
from ctui.store.opening.peeking import peek
from ctui.store.scopes import SCOPE_ID, scope_values

_PATIENCE = 0.1
"""Seconds to wait for another process that restarts the log."""
_TEXTS = ", ".join(f"(SELECT text FROM word WHERE word.id = event.{name})" for name in LINE_COLUMNS)
_NEWEST = (
    f"SELECT event.id, event.time, kinds, derived, lost, timed, {_TEXTS} "
    "FROM event INDEXED BY event_by_time LEFT JOIN oddity ON oddity.event = event.id "
    f"WHERE scope = {SCOPE_ID} AND time <= ? ORDER BY time DESC, event.id LIMIT ?"
)


def newest_lines(file: Path, login: Connection, last: int, most: int) -> Sequence[StoredSummary]:
    """The table lines of the newest rows, up to epoch second `last`, of the account that this login leads to.

    Empty if the account or one of the lines takes more to find out, and if `peek` cannot read the file.
    """
    return peek(file, lambda connection: _newest(connection, login, last, most), patience=_PATIENCE) or ()


def _newest(connection: sqlite3.Connection, login: Connection, last: int, most: int) -> Sequence[StoredSummary]:
    account = logins.recall(connection, login, failed=False)
    if account is None:
        return ()
    scope = Scope(login.origin, account, login.region)
    lines: list[StoredSummary] = []
    for row_id, second, kinds, derived, lost, timed, *texts in connection.execute(
        _NEWEST, (*scope_values(scope), last, most)
    ):
        line = line_of(second, kinds, derived, dict(zip(LINE_COLUMNS, texts, strict=True)))
        if line is None:
            return ()
        odd = lost is not None
        lines.append(StoredSummary(row_id, replace(line, unreadable=bool(lost), timed=bool(timed)) if odd else line))
    return lines

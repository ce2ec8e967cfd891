"""Reads the newest rows of a login's account and Region from a file that is not open yet: the first on the screen.

It reads what `EventStore` will, and needs a tenth of its modules.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ctui.model.connection import Connection, Scope
from ctui.store import logins
from ctui.store.index.table_line import LINE_COLUMNS, StoredSummary, line_of
from ctui.store.opening.signs import APPLICATION_ID, DAMAGED, VERSION
from ctui.store.scopes import SCOPE_ID, scope_values

_PATIENCE = 0.1
"""Seconds to wait for another process that restarts the log."""
_TEXTS = ", ".join(f"(SELECT text FROM word WHERE word.id = event.{name})" for name in LINE_COLUMNS)
_NEWEST = (
    f"SELECT event.id, event.time, kinds, derived, lost, timed, {_TEXTS} "
    "FROM event INDEXED BY event_by_time LEFT JOIN oddity ON oddity.event = event.id "
    f"WHERE scope = {SCOPE_ID} ORDER BY time DESC, event.id LIMIT ?"
)


def newest_lines(file: Path, login: Connection, most: int) -> Sequence[StoredSummary]:
    """The table lines of the newest rows of the account that this login leads to, newest first.

    Empty if the account or one of the lines takes more to find out, and if the file cannot be read as it is: who opens
    it says what is wrong with it, or converts it. Changes nothing, and never raises.
    """
    path = Path(os.path.realpath(file))
    # Of what is no regular file, opening alone may wait for ever.
    if not path.is_file() or Path(f"{path}{DAMAGED}").exists():
        return ()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)) as connection:
            return _newest(connection, login, most) if _is_current(connection) else ()
    except (OSError, sqlite3.Error):
        return ()


def _is_current(connection: sqlite3.Connection) -> bool:
    numbers = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    return tuple(numbers) == (APPLICATION_ID, VERSION)


def _newest(connection: sqlite3.Connection, login: Connection, most: int) -> Sequence[StoredSummary]:
    account = logins.recall(connection, login, failed=False)
    if account is None:
        return ()
    scope = Scope(login.origin, account, login.region)
    lines: list[StoredSummary] = []
    for row_id, second, kinds, derived, lost, timed, *texts in connection.execute(
        _NEWEST, (*scope_values(scope), most)
    ):
        line = line_of(second, kinds, derived, dict(zip(LINE_COLUMNS, texts, strict=True)))
        if line is None:
            return ()
        odd = lost is not None
        lines.append(StoredSummary(row_id, replace(line, unreadable=bool(lost), timed=bool(timed)) if odd else line))
    return lines

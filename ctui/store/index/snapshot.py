"""One state of the store for several statements, whatever other connections write meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All statements inside see the rows, texts and blocks that there are now. Inside another one it changes nothing.

    A cursor that is not read to its end keeps the state for later statements too: close it inside.
    """
    inside = connection.in_transaction
    if inside:
        yield
        return
    connection.execute("BEGIN")
    try:
        # The state is that of the first statement that reads.
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")

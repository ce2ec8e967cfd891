"""What the store writes, each inside a `transaction` that the caller has begun. Runs in the writer's thread."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ctui.model.connection import Scope
from ctui.model.event.event import Oddity
from ctui.model.lookup.lookup import Category
from ctui.store.columns import Column
from ctui.store.coverage import Claim, move_claims, write_claim
from ctui.store.oddities import write_oddity
from ctui.store.opening.presence import Writer

_COLUMNS = (
    "scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, cell_resource, cell_more, "
    "cell_region, cell_error, cell_write, cell_root, cells, name, source, username, read_only, access_key_id, "
    "resources, record"
)
_VALUES = ", ".join(f":{column}" for column in _COLUMNS.split(", "))
# DO NOTHING for this one constraint; OR IGNORE would hide every other broken one.
_INSERT = f"INSERT INTO event ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (scope, event_id) DO NOTHING"


class Placed(NamedTuple):
    """Where an event stands in the store."""

    row_id: int
    second: int
    """Epoch second; that of the event's first telling, should the service ever tell two."""
    new: bool
    """False where the store had it already."""


def is_busy(error: sqlite3.Error) -> bool:
    """True where another process writes: nothing was done, and it can be tried again."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside, or nothing. Waits for other processes' writers first.

    Raises Displaced where the store no longer stands under its name: whoever brings it back holds the same lock.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if isinstance(connection, Writer):
            connection.check()
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def place(
    connection: sqlite3.Connection,
    scope: Scope,
    rows: Iterable[tuple[dict[str, Column], Oddity | None]],
    category: Category,
    claim: Claim | None,
) -> list[Placed]:
    """Store the events (as `row_of` makes them) that are not there yet, and what was odd about them; where each
    stands, in the order given.

    What the page proves about its stretch of time is written with them, so that neither stands without the other.
    """
    scope_id = scope_row(connection, scope)
    placed: list[Placed] = []
    for row, oddity in rows:
        placed.append(_place(connection, scope_id, category, row))
        if oddity is not None and placed[-1].new:
            write_oddity(connection, placed[-1].row_id, oddity)
    if claim is not None:
        for part in claim.parts():
            write_claim(connection, scope_id, part)
    return placed


def _place(connection: sqlite3.Connection, scope_id: int, category: Category, row: dict[str, Column]) -> Placed:
    cursor = connection.execute(_INSERT, {"scope": scope_id, "category": category.value, **row})
    if cursor.rowcount == 1 and cursor.lastrowid is not None:
        second = row["time"]
        assert isinstance(second, int)
        return Placed(cursor.lastrowid, second, True)
    known = connection.execute(
        "SELECT id, time FROM event WHERE scope = ? AND event_id = ?", (scope_id, row["event_id"])
    ).fetchone()
    return Placed(known[0], known[1], False)


def scope_row(connection: sqlite3.Connection, scope: Scope) -> int:
    """The id of a scope, which is written down if it is new."""
    connection.execute(
        "INSERT INTO scope (origin, account, region) VALUES (?, ?, ?) ON CONFLICT (origin, account, region) DO NOTHING",
        (scope.origin, scope.account, scope.region),
    )
    found = connection.execute(
        "SELECT id FROM scope WHERE origin = ? AND account = ? AND region = ?",
        (scope.origin, scope.account, scope.region),
    ).fetchone()
    return int(found[0])


def adopt(connection: sqlite3.Connection, provisional: Scope, settled: Scope) -> dict[int, int]:
    """Move the events of one scope to another; old row id -> kept row id for those which the other had already."""
    old, new = scope_row(connection, provisional), scope_row(connection, settled)
    if old == new:
        return {}
    known = connection.execute(
        "SELECT ours.id, theirs.id FROM event AS ours JOIN event AS theirs ON theirs.event_id = ours.event_id "
        "WHERE ours.scope = ? AND theirs.scope = ?",
        (old, new),
    ).fetchall()
    connection.executemany("DELETE FROM event WHERE id = ?", ((row_id,) for row_id, _ in known))
    connection.execute("UPDATE event SET scope = ? WHERE scope = ?", (new, old))
    move_claims(connection, old, new)
    connection.execute("DELETE FROM scope WHERE id = ?", (old,))
    return dict(known)

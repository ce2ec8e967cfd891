"""Writes of the store. Each runs in the writer's thread, inside a `transaction` that the caller has opened."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from ctui.model.connection import Scope
from ctui.model.event.event import Oddity
from ctui.model.lookup.lookup import Category
from ctui.store.columns import Column
from ctui.store.coverage import Claim, fold_claims, write_claim
from ctui.store.marks import fold_marks, mark_new_copies
from ctui.store.oddities import write_oddity
from ctui.store.opening.presence import Writer
from ctui.store.scopes import account_of, scope_id
from ctui.store.search import Key
from ctui.store.shown_ids import Folded

_COLUMNS = (
    "scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, cell_resource, cell_more, "
    "cell_region, cell_error, cell_write, cell_root, cells, cell_ip, cell_notable, name, source, username, read_only, "
    "access_key_id, resources, record"
)
_VALUES = ", ".join(f":{column}" for column in _COLUMNS.split(", "))
# DO NOTHING for this constraint only; OR IGNORE would hide violations of every other one.
_INSERT = f"INSERT INTO event ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (scope, event_id) DO NOTHING"
_CATEGORY = Category.MANAGEMENT.value
"""The category of all events: ctui searches for no others."""


class AddedRow(NamedTuple):
    """The row of an event."""

    row_id: int
    second: int
    """Epoch second; the first one, if the service ever reports an event with two times."""
    new: bool
    """False if the event was stored before."""


def is_busy(error: sqlite3.Error) -> bool:
    """True if another process is writing: nothing was done, and the call can be repeated."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything written inside, or nothing. Waits for other processes' writers first.

    Raises Displaced if the store is no longer at its path: a process that restores it there holds the same lock.
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


def add_page(
    connection: sqlite3.Connection,
    scope: Scope,
    rows: Iterable[tuple[dict[str, Column], Oddity | None]],
    claim: Claim | None,
) -> list[AddedRow]:
    """Store the events (as `row_of` makes them) that are not stored yet, with their oddities.

    Returns the row of each, in the order given. The page's claim is written with them, so that neither is stored
    without the other.
    """
    scope_row = scope_id(connection, scope)
    added: list[AddedRow] = []
    for row, oddity in rows:
        added.append(_add_event(connection, scope_row, row))
        if oddity is not None and added[-1].new:
            write_oddity(connection, added[-1].row_id, oddity)
    mark_new_copies(connection, scope_row, [row.row_id for row in added if row.new])
    if claim is not None:
        for part in claim.parts():
            write_claim(connection, scope_row, part)
    return added


def _add_event(connection: sqlite3.Connection, scope_row: int, row: dict[str, Column]) -> AddedRow:
    cursor = connection.execute(_INSERT, {"scope": scope_row, "category": _CATEGORY, **row})
    if cursor.rowcount == 1 and cursor.lastrowid is not None:
        second = row["time"]
        assert isinstance(second, int)
        return AddedRow(cursor.lastrowid, second, True)
    known = connection.execute(
        "SELECT id, time FROM event WHERE scope = ? AND event_id = ?", (scope_row, row["event_id"])
    ).fetchone()
    return AddedRow(known[0], known[1], False)


def alias_account(connection: sqlite3.Connection, scope: Scope, account: str) -> list[Folded]:
    """Make a provisional scope's account another name of `account`, in all Regions; returns the rows that were folded.

    What is stored under both names is folded here, once. From now on both names write to the account's scope. No row
    changes its id. Does nothing if the provisional account has an account already.

    Raises ValueError unless the first account is provisional and the second is not.
    """
    if not scope.provisional or replace(scope, account=account).provisional:
        raise ValueError(f"{scope.account} cannot become another name of {account}")
    if account_of(connection, scope) != scope.account:
        return []
    stored = connection.execute(
        "SELECT id, region FROM scope WHERE origin = ? AND account = ?", (scope.origin, scope.account)
    ).fetchall()
    connection.execute("INSERT INTO alias VALUES (?, ?, ?)", (scope.origin, scope.account, account))
    folded: list[Folded] = []
    for source, region in stored:
        folded += _fold_scope(connection, source, scope_id(connection, Scope(scope.origin, account, region)))
    return folded


def _fold_scope(connection: sqlite3.Connection, source: int, target: int) -> list[Folded]:
    """Make one scope's events and claims the target's. If both have an event, the target's row is kept."""
    pairs = connection.execute(
        "SELECT ours.id, ours.time, theirs.id, theirs.time FROM event AS ours "
        "JOIN event AS theirs ON theirs.event_id = ours.event_id WHERE ours.scope = ? AND theirs.scope = ?",
        (source, target),
    ).fetchall()
    fold_marks(connection, ((pair[0], pair[2]) for pair in pairs))
    connection.executemany("DELETE FROM event WHERE id = ?", ((pair[0],) for pair in pairs))
    connection.execute("UPDATE event SET scope = ? WHERE scope = ?", (target, source))
    fold_claims(connection, source, target)
    connection.execute("DELETE FROM scope WHERE id = ?", (source,))
    return [Folded(Key(*pair[:2]), Key(*pair[2:])) for pair in pairs]

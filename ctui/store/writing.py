"""Writes of the store. Each runs in the writer's thread, inside a `transaction` that the caller has opened."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from ctui.model.connection import Scope
from ctui.store.coverage import Claim, fold_claims, write_claim
from ctui.store.index.connections import writing_of
from ctui.store.index.rows import NewRow, insert_rows
from ctui.store.marks import fold_marks, mark_new_copies
from ctui.store.oddities import write_oddity
from ctui.store.opening.presence import Writer
from ctui.store.scopes import account_of, scope_id
from ctui.store.search import Key
from ctui.store.shown_ids import Folded

_IDS_AT_ONCE = 500


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
        writing_of(connection).begin()
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        writing_of(connection).forget()
        raise


def add_page(
    connection: sqlite3.Connection, scope: Scope, rows: Sequence[NewRow], claim: Claim | None
) -> list[AddedRow]:
    """Store the events that are not stored yet, with their oddities.

    Returns the row of each, in the order given. The page's claim is written with them, so that neither is stored
    without the other.
    """
    scope_row = scope_id(connection, scope)
    added = _add_events(connection, scope_row, rows)
    for row, written in zip(rows, added, strict=True):
        if row.event.oddity is not None and written.new:
            write_oddity(connection, written.row_id, row.event.oddity)
    mark_new_copies(connection, scope_row, [row.row_id for row in added if row.new])
    if claim is not None:
        for part in claim.parts():
            write_claim(connection, scope_row, part)
    return added


def _add_events(connection: sqlite3.Connection, scope_row: int, rows: Sequence[NewRow]) -> list[AddedRow]:
    known = _known(connection, scope_row, [row.stored_id for row in rows])
    first = _highest_id(connection) + 1
    fresh: dict[str | bytes, NewRow] = {}
    for row in rows:
        if row.stored_id not in known:
            fresh.setdefault(row.stored_id, row)
    ids = range(first, first + len(fresh))
    insert_rows(connection, scope_row, list(fresh.values()), ids)
    new = [AddedRow(row_id, row.second, True) for row_id, row in zip(ids, fresh.values(), strict=True)]
    if len(new) == len(rows):
        return new
    first_times = dict(zip(fresh, new, strict=True))
    added: list[AddedRow] = []
    for row in rows:
        # If a page has an event twice, the second one is known by then.
        first_time = first_times.pop(row.stored_id, None)
        if first_time is not None:
            known[row.stored_id] = first_time._replace(new=False)
        added.append(first_time or known[row.stored_id])
    return added


def _known(connection: sqlite3.Connection, scope_row: int, ids: Sequence[str | bytes]) -> dict[str | bytes, AddedRow]:
    known: dict[str | bytes, AddedRow] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        found = connection.execute(
            f"SELECT event_id, id, time FROM event WHERE scope = ? AND event_id IN ({','.join('?' * len(some))})",
            (scope_row, *some),
        )
        known.update((stored_id, AddedRow(row_id, second, False)) for stored_id, row_id, second in found)
    return known


def _highest_id(connection: sqlite3.Connection) -> int:
    """The highest row id that was ever given to an event: none is given twice."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    return 0 if row is None else int(row[0])


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
    connection.execute("UPDATE block SET scope = ? WHERE scope = ?", (target, source))
    fold_claims(connection, source, target)
    connection.execute("DELETE FROM scope WHERE id = ?", (source,))
    return [Folded(Key(*pair[:2]), Key(*pair[2:])) for pair in pairs]

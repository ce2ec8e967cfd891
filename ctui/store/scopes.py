"""Ids of scopes, and the provisional accounts that became another name of an account."""

import sqlite3

from ctui.model.connection import Scope

SCOPE_ID = (
    "(SELECT id FROM scope WHERE origin = ? AND region = ? AND account = "
    "coalesce((SELECT account FROM alias WHERE origin = ? AND name = ?), ?))"
)
"""SQL for the id of a scope, by either name, with the values of `scope_values`.

It belongs inside the statement that uses the id: an alias that is written between two statements moves events to
another id."""


def scope_values(scope: Scope) -> tuple[str, str, str, str, str]:
    """The values for `SCOPE_ID`."""
    return scope.origin, scope.region, scope.origin, scope.account, scope.account


def account_of(connection: sqlite3.Connection, scope: Scope) -> str:
    """The account of a scope; for a provisional account that has become another name, the account it stands for."""
    row = connection.execute(
        "SELECT account FROM alias WHERE origin = ? AND name = ?", (scope.origin, scope.account)
    ).fetchone()
    return scope.account if row is None else str(row[0])


def scopes(connection: sqlite3.Connection, origin: str) -> list[Scope]:
    """The accounts and Regions of an origin of which something is stored."""
    rows = connection.execute("SELECT account, region FROM scope WHERE origin = ? ORDER BY account, region", (origin,))
    return [Scope(origin, str(account), str(region)) for account, region in rows]


def all_scopes(connection: sqlite3.Connection) -> list[Scope]:
    """The accounts and Regions of which something is stored, of every origin."""
    origins = connection.execute("SELECT DISTINCT origin FROM scope ORDER BY origin").fetchall()
    return [scope for (origin,) in origins for scope in scopes(connection, str(origin))]


def find_scope_id(connection: sqlite3.Connection, scope: Scope) -> int | None:
    """The id of a scope, by either name, or None if nothing of it is stored."""
    row = connection.execute(f"SELECT {SCOPE_ID}", scope_values(scope)).fetchone()
    return None if row[0] is None else int(row[0])


def scope_id(connection: sqlite3.Connection, scope: Scope) -> int:
    """The id of a scope, by either name. Writes a new scope; call it inside a transaction."""
    connection.execute(
        "INSERT INTO scope (origin, account, region) VALUES (?, ?, ?) ON CONFLICT (origin, account, region) DO NOTHING",
        (scope.origin, account_of(connection, scope), scope.region),
    )
    written = find_scope_id(connection, scope)
    assert written is not None, "it exists by now"
    return written

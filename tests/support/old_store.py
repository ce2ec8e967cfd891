"""Stores as earlier versions of ctui wrote them."""

import sqlite3

from ctui.model.connection import Scope


def write_scope(connection: sqlite3.Connection, scope: Scope) -> int:
    """Write a scope into a file of any version; returns its id."""
    row = connection.execute(
        "INSERT INTO scope (origin, account, region) VALUES (?, ?, ?) RETURNING id",
        (scope.origin, scope.account, scope.region),
    ).fetchone()
    return int(row[0])

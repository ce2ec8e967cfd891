"""Stores as earlier versions of ctui wrote them."""

import json
import sqlite3
from pathlib import Path

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.columns import packed, second_of
from ctui.store.opening import schema, signs
from ctui.store.opening.old_versions import STEPS

OLD_VERSIONS = range(1, len(STEPS) + 1)
"""Every version before the index."""
_STALE = {
    "cell_name": "OldRule", "cell_user": "old-user", "cell_role": "old-role", "cell_source": "old-source",
    "cell_resource": "old-resource", "cell_more": 7, "cell_region": "old-region-1", "cell_error": "OldError",
    "cell_write": 1, "cell_root": 1, "cell_ip": "192.0.2.99", "cell_notable": 1, "cells": 1,
}  # fmt: skip
"""Cells as other rules would have made them."""


def create_old_store(path: Path, version: int) -> sqlite3.Connection:
    """A store of an earlier version, empty and open for writing."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute(f"PRAGMA application_id = {signs.APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    schema.apply_steps(connection, 0, version)
    connection.execute("COMMIT")
    return connection


def write_scope(connection: sqlite3.Connection, scope: Scope) -> int:
    """Write a scope into a file of any version; returns its id."""
    row = connection.execute(
        "INSERT INTO scope (origin, account, region) VALUES (?, ?, ?) RETURNING id",
        (scope.origin, scope.account, scope.region),
    ).fetchone()
    return int(row[0])


def write_event(connection: sqlite3.Connection, scope_row: int, event: Event, row_id: int | None = None) -> int:
    """Write an event into a file of an earlier version, with cells that no rule of today makes; returns its id."""
    columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(event)")}
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    record = packed(event.record)
    # From version 5 on, records that are not plain are bytes.
    if version >= 5 and isinstance(record, str) and ("\\" in record or not record.isascii()):
        record = record.encode()
    values = {
        "id": row_id,
        "scope": scope_row,
        "category": "Management",
        "event_id": packed(event.event_id),
        "time": second_of(event.time),
        **{name: value for name, value in _STALE.items() if name in columns},
        "name": packed(event.name),
        "source": packed(event.source),
        "username": packed(event.username),
        "read_only": packed(event.read_only),
        "access_key_id": packed(event.access_key_id),
        "resources": json.dumps([[one.type, one.name] for one in event.resources]),
        "record": record,
    }
    cursor = connection.execute(
        f"INSERT INTO event ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values())
    )
    assert cursor.lastrowid is not None, "a row was inserted"
    return cursor.lastrowid

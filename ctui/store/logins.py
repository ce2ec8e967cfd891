"""Logins and the account of each, found again by salted digests of its access key ID and of its settings."""

import hashlib
import os
import sqlite3

from ctui.model.connection import Connection

KEY = "key"
SETTINGS = "settings"
_SALT_BYTES = 16
_KEPT = 64
"""Logins kept; roles and SSO use another key every few hours."""


def remember(connection: sqlite3.Connection, login: Connection, account: str) -> None:
    """Record the account of a login; replaces what was recorded for it. Call it inside a transaction."""
    for kind, text in _marks(login):
        for known in _matching(connection, kind, login.origin, text):
            connection.execute("DELETE FROM login WHERE id = ?", (known[0],))
        salt = os.urandom(_SALT_BYTES)
        connection.execute(
            "INSERT INTO login (kind, origin, salt, digest, account) VALUES (?, ?, ?, ?, ?)",
            (kind, login.origin, salt, _digest(salt, text), account),
        )
    connection.execute("DELETE FROM login WHERE id NOT IN (SELECT id FROM login ORDER BY id DESC LIMIT ?)", (_KEPT,))


def recall(connection: sqlite3.Connection, login: Connection, *, failed: bool) -> str | None:
    """The account that a login leads to for certain: the one that its settings name, or the one of its key.

    None if neither is known, or if they contradict each other. `failed`: the login has failed, so no key will be known;
    then it is the account that the same settings led to when they last worked.
    """
    trace = login.login
    by_key = None if trace.key_id is None else _account(connection, KEY, login.origin, trace.key_id)
    if trace.account is not None:
        return trace.account if by_key in (None, trace.account) else None
    if failed and trace.key_id is None and trace.settings:
        return _account(connection, SETTINGS, login.origin, trace.settings)
    return by_key


def _account(connection: sqlite3.Connection, kind: str, origin: str, text: str) -> str | None:
    matches = _matching(connection, kind, origin, text)
    return matches[-1][1] if matches else None


def _matching(connection: sqlite3.Connection, kind: str, origin: str, text: str) -> list[tuple[int, str]]:
    """(id, account) of the rows with a digest of this text, oldest first."""
    rows = connection.execute(
        "SELECT id, account, salt, digest FROM login WHERE kind = ? AND origin = ? ORDER BY id", (kind, origin)
    )
    return [(row_id, account) for row_id, account, salt, digest in rows if _digest(salt, text) == digest]


def _marks(login: Connection) -> list[tuple[str, str]]:
    trace = login.login
    return [(kind, text) for kind, text in ((KEY, trace.key_id), (SETTINGS, trace.settings)) if text]


def _digest(salt: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), salt=salt, digest_size=32).digest()

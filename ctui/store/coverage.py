"""Coverage: of which stretches of time every matching event is in the store, by scope and lookup attribute.

Two things are known of a stretch. It is *complete* when every event that happened then is here. It is *asked* when the
service has told all it will ever tell of it: that reaches further back, beyond the history it keeps.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from ctui.model.connection import Scope
from ctui.model.interval import Stretch, Stretches
from ctui.model.lookup import LookupAttribute
from ctui.store.rows import Column, packed

COMPLETE = "complete"
ASKED = "asked"
NOTHING = Stretches()


@dataclass(frozen=True, slots=True)
class Claim:
    """What the pages of a scan prove, to be written in the same transaction as their events."""

    attribute: LookupAttribute | None
    """What the scan asked for; None: every event."""
    complete: Stretch | None
    asked: Stretch | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known for one scope and one attribute, or none."""

    complete: Stretches = NOTHING
    """Every matching event of these seconds is in the store."""
    asked: Stretches = NOTHING
    """The service has been asked for these, to the end of its history."""

    @property
    def settled(self) -> Stretches:
        """Seconds of which the service can tell nothing new."""
        return self.complete.union(self.asked)


def write_claim(connection: sqlite3.Connection, scope_id: int, claim: Claim) -> None:
    """Join a claim to those before it, cut off at the scope's floor. Call it inside the transaction of its events."""
    floor = floor_of(connection, scope_id)
    for kind, stretch in ((COMPLETE, claim.complete), (ASKED, claim.asked)):
        if stretch is not None and (kept := Stretch.between(max(stretch.start, floor), stretch.end)):
            _join(connection, (scope_id, *_key(claim.attribute), kind), kept)


def _join(connection: sqlite3.Connection, key: tuple[Column, ...], stretch: Stretch) -> None:
    where = 'scope = ? AND attribute = ? AND value = ? AND kind = ? AND start <= ? AND "end" >= ?'
    touching = (*key, stretch.end, stretch.start)
    found = connection.execute(f'SELECT start, "end" FROM claim WHERE {where}', touching).fetchall()
    connection.execute(f"DELETE FROM claim WHERE {where}", touching)
    start = min([stretch.start, *(row[0] for row in found)])
    end = max([stretch.end, *(row[1] for row in found)])
    connection.execute("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?)", (*key, start, end))


def read_coverage(connection: sqlite3.Connection, scope: Scope, attribute: LookupAttribute | None) -> Coverage:
    """What is known of a scope for an attribute."""
    rows = connection.execute(
        'SELECT kind, start, "end" FROM claim JOIN scope ON scope.id = claim.scope '
        "WHERE origin = ? AND account = ? AND region = ? AND attribute = ? AND value = ?",
        (scope.origin, scope.account, scope.region, *_key(attribute)),
    ).fetchall()
    return Coverage(
        Stretches.of(*(Stretch(start, end) for kind, start, end in rows if kind == COMPLETE)),
        Stretches.of(*(Stretch(start, end) for kind, start, end in rows if kind == ASKED)),
    )


def floor_of(connection: sqlite3.Connection, scope_id: int) -> int:
    """The second before which nothing is claimed for a scope, because events were pruned."""
    row = connection.execute("SELECT second FROM floor WHERE scope = ?", (scope_id,)).fetchone()
    return 0 if row is None else int(row[0])


def read_floor(connection: sqlite3.Connection, scope: Scope) -> int:
    """The same by the scope's names; 0 for one that is not stored."""
    row = connection.execute(
        "SELECT second FROM floor JOIN scope ON scope.id = floor.scope WHERE origin = ? AND account = ? AND region = ?",
        (scope.origin, scope.account, scope.region),
    ).fetchone()
    return 0 if row is None else int(row[0])


def raise_floor(connection: sqlite3.Connection, scope_id: int, second: int) -> None:
    """Claim nothing before `second` any more, now and later. Call it in the transaction that deletes the events."""
    connection.execute(
        "INSERT INTO floor VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET second = max(second, excluded.second)",
        (scope_id, second),
    )
    connection.execute('DELETE FROM claim WHERE scope = ? AND "end" <= ?', (scope_id, second))
    connection.execute("UPDATE claim SET start = ? WHERE scope = ? AND start < ?", (second, scope_id, second))


def move_claims(connection: sqlite3.Connection, old: int, new: int) -> None:
    """What was claimed under a provisional scope holds for the settled one, above its floor."""
    floor = max(floor_of(connection, old), floor_of(connection, new))
    rows: Iterable[tuple[Column, ...]] = connection.execute(
        'SELECT attribute, value, kind, start, "end" FROM claim WHERE scope = ?', (old,)
    ).fetchall()
    connection.execute("DELETE FROM claim WHERE scope = ?", (old,))
    connection.execute("DELETE FROM floor WHERE scope = ?", (old,))
    if floor:
        raise_floor(connection, new, floor)
    for *key, start, end in rows:
        assert isinstance(start, int)
        assert isinstance(end, int)
        if kept := Stretch.between(max(start, floor), end):
            _join(connection, (new, *key), kept)


def _key(attribute: LookupAttribute | None) -> tuple[str, Column]:
    return ("", "") if attribute is None else (attribute.key.value, packed(attribute.value))

"""Coverage: the stretches of time of which every matching event is stored, by scope and lookup attribute.

Two things are claimed of a stretch. It is *complete* if every event that happened in it is stored. It is *asked* if the
service has returned everything that it ever will: that reaches further back, beyond the history that it keeps.

Both need a proof that is an hour later than the second it covers, because events arrive late (`LATE_SECONDS`); such
seconds are *settled*. An earlier proof is *provisional*: it is kept with its time, and proofs of different times are
kept apart. If two proofs cover the same second, the later one counts.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lateness import LAG_SECONDS, LATE_SECONDS
from ctui.model.lookup.lookup import LookupAttribute
from ctui.store.columns import Column, packed
from ctui.store.scopes import SCOPE_ID, account_of, scope_values

COMPLETE = "complete"
ASKED = "asked"
PROVISIONAL = "provisional"
NOTHING = Stretches()
_SAME = "scope = ? AND attribute = ? AND value = ?"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the pages of a scan prove. It is written in the same transaction as their events."""

    attribute: LookupAttribute | None
    """What the scan selected by; None for every event."""
    complete: Stretch | None
    asked: Stretch | None
    proven: int
    """Epoch second of the proof: it says nothing of events that could not be looked up then."""
    unsure: Stretches = NOTHING
    """Seconds of which nothing is claimed: an event whose time cannot be read may lie there."""

    def parts(self) -> "Iterator[Claim]":
        """The claim without its unsure seconds, as several claims if needed."""
        if not self.unsure:
            yield self
            return
        for part in Stretches.of(self.complete).subtract(self.unsure):
            yield replace(self, complete=part, asked=None, unsure=NOTHING)
        for part in Stretches.of(self.asked).subtract(self.unsure):
            yield replace(self, complete=None, asked=part, unsure=NOTHING)


@dataclass(frozen=True, slots=True)
class Proof:
    """Seconds of which the service has returned everything it had at one instant."""

    stretch: Stretch
    proven: int
    """Epoch second; 0 if it was not recorded."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one scope, for one attribute or for all events."""

    complete: Stretches = NOTHING
    """Every matching event of these seconds is stored."""
    asked: Stretches = NOTHING
    """The service has returned all it has of these, to the end of its history."""
    provisional: tuple[Proof, ...] = ()
    """What was proven less than an hour after it happened."""

    @property
    def settled(self) -> Stretches:
        """Seconds of which the service has nothing new."""
        return self.complete.union(self.asked)

    def known(self, latest: int) -> Stretches:
        """Seconds that can be shown without a gap, settled or provisional. `latest` is now by the clock that is ahead.

        A proof that reaches into the future of both clocks was made by a wrong clock and is not trusted.
        """
        settled = self.settled.clip(Stretch(0, max(1, latest + 1 - LATE_SECONDS)))
        return settled.union(Stretches.of(*(proof.stretch for proof in self._trusted(latest))))

    def due(self, within: Stretch, earliest: int, latest: int) -> Stretches:
        """The known seconds of a stretch that are due to be scanned again at this time, by either clock.

        The provisional seconds of a proof are scanned together, once all of them are an hour old.
        """
        pieces = (
            Stretch.between(max(proof.stretch.start, within.start), min(proof.stretch.end, within.end))
            for proof in self._trusted(latest)
        )
        old = (piece for piece in pieces if piece is not None and piece.end + LATE_SECONDS <= earliest)
        return Stretches.of(*old).subtract(self.settled)

    def _trusted(self, latest: int) -> list[Proof]:
        return [
            proof for proof in self.provisional if proof.proven <= latest and proof.stretch.end + LAG_SECONDS <= latest
        ]


def write_claim(connection: sqlite3.Connection, scope_id: int, claim: Claim) -> None:
    """Add a claim to the earlier ones, from the scope's floor on. Call it inside the transaction of its events."""
    floor, key = floor_of(connection, scope_id), (scope_id, *_key(claim.attribute))
    settles_to = claim.proven + 1 - LATE_SECONDS
    fresh: list[Stretch | None] = []
    for kind, stretch in ((COMPLETE, claim.complete), (ASKED, claim.asked)):
        if stretch is not None:
            start = max(stretch.start, floor)
            fresh.append(Stretch.between(max(start, settles_to), stretch.end))
            if settled := Stretch.between(start, min(stretch.end, settles_to)):
                _extend(connection, (*key, kind), settled)
                _write_proof(connection, key, settled, None)
    for part in Stretches.of(*fresh):
        _write_proof(connection, key, part, claim.proven)


def _extend(connection: sqlite3.Connection, key: tuple[Column, ...], stretch: Stretch) -> None:
    where = f'{_SAME} AND kind = ? AND start <= ? AND "end" >= ?'
    touching = (*key, stretch.end, stretch.start)
    overlapping = connection.execute(f'SELECT start, "end" FROM claim WHERE {where}', touching).fetchall()
    connection.execute(f"DELETE FROM claim WHERE {where}", touching)
    start = min([stretch.start, *(row[0] for row in overlapping)])
    end = max([stretch.end, *(row[1] for row in overlapping)])
    connection.execute("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?)", (*key, start, end))


def _write_proof(connection: sqlite3.Connection, key: tuple[Column, ...], stretch: Stretch, proven: int | None) -> None:
    """Write a provisional proof over earlier and under later ones. None for `proven`: delete all."""
    where = f'{_SAME} AND start <= ? AND "end" >= ?'
    touching = (*key, stretch.end, stretch.start)
    rows = connection.execute(f'SELECT start, "end", proven FROM provisional WHERE {where}', touching).fetchall()
    connection.execute(f"DELETE FROM provisional WHERE {where}", touching)
    proofs = [Proof(Stretch(start, end), at) for start, end, at in rows]
    kept: list[tuple[Stretch, int]] = []
    ours = Stretches.of(stretch)
    for proof in proofs:
        if proven is None or proof.proven < proven:
            rest = Stretches.of(proof.stretch).subtract(Stretches.of(stretch))
            kept += ((part, proof.proven) for part in rest)
        elif proof.proven == proven:
            ours = ours.union(Stretches.of(proof.stretch))
        else:
            ours = ours.subtract(Stretches.of(proof.stretch))
            kept.append((proof.stretch, proof.proven))
    if proven is not None:
        kept += ((part, proven) for part in ours)
    connection.executemany(
        "INSERT INTO provisional VALUES (?, ?, ?, ?, ?, ?)", ((*key, part.start, part.end, at) for part, at in kept)
    )


def read_coverage(connection: sqlite3.Connection, scope: Scope, attribute: LookupAttribute | None) -> Coverage:
    """What is known of a scope for an attribute, or for all events if it is None."""
    key = (*scope_values(scope), *_key(attribute))
    where = f"WHERE scope = {SCOPE_ID} AND attribute = ? AND value = ?"
    # One statement, so that no alias is written in between, which moves claims to another scope.
    rows = connection.execute(
        f'SELECT kind, start, "end", 0 FROM claim {where} '
        f"UNION ALL SELECT '{PROVISIONAL}', start, \"end\", proven FROM provisional {where}",
        (*key, *key),
    ).fetchall()
    return Coverage(
        Stretches.of(*(Stretch(start, end) for kind, start, end, _ in rows if kind == COMPLETE)),
        Stretches.of(*(Stretch(start, end) for kind, start, end, _ in rows if kind == ASKED)),
        tuple(Proof(Stretch(start, end), proven) for kind, start, end, proven in rows if kind == PROVISIONAL),
    )


def floor_of(connection: sqlite3.Connection, scope_id: int) -> int:
    """The second before which nothing is claimed of a scope, because events were pruned."""
    row = connection.execute("SELECT second FROM floor WHERE scope = ?", (scope_id,)).fetchone()
    return 0 if row is None else int(row[0])


class Floor(NamedTuple):
    """The second from which on a scope has claims."""

    second: int
    """Before this epoch second events were pruned; 0 if none were."""
    account: str
    """Whose floor it is. The floors of a provisional account and of its account cannot be compared."""


def read_floor(connection: sqlite3.Connection, scope: Scope) -> Floor:
    """The floor of a scope, by either name."""
    account = account_of(connection, scope)
    row = connection.execute(
        "SELECT second FROM floor JOIN scope ON scope.id = floor.scope WHERE origin = ? AND account = ? AND region = ?",
        (scope.origin, account, scope.region),
    ).fetchone()
    return Floor(0 if row is None else int(row[0]), account)


def raise_floor(connection: sqlite3.Connection, scope_id: int, second: int) -> None:
    """Delete claims before `second`, and refuse later ones. Call it in the transaction that deletes the events."""
    connection.execute(
        "INSERT INTO floor VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET second = max(second, excluded.second)",
        (scope_id, second),
    )
    for table in ("claim", "provisional"):
        connection.execute(f'DELETE FROM {table} WHERE scope = ? AND "end" <= ?', (scope_id, second))
        connection.execute(f"UPDATE {table} SET start = ? WHERE scope = ? AND start < ?", (second, scope_id, second))


def drop_proofs_after(connection: sqlite3.Connection, second: int) -> int:
    """Delete every claim that was proven after an epoch second; returns how many. Call it inside a transaction.

    A settled claim has no time of proof, but it was proven at least an hour after its last second. It is deleted as a
    whole, because it is unknown how wrong the clocks were that proved it.
    """
    return sum(connection.execute(f"DELETE FROM {rows}", (bound,)).rowcount for rows, bound in _proven_after(second))


def has_proofs_after(connection: sqlite3.Connection, second: int) -> bool:
    """True if a claim was proven after an epoch second."""
    looks = (connection.execute(f"SELECT 1 FROM {rows} LIMIT 1", (bound,)) for rows, bound in _proven_after(second))
    return any(look.fetchone() is not None for look in looks)


def _proven_after(second: int) -> tuple[tuple[str, int], ...]:
    return ('claim WHERE "end" > ?', second + 1 - LATE_SECONDS), ("provisional WHERE proven > ?", second)


def fold_claims(connection: sqlite3.Connection, source: int, target: int) -> None:
    """Make one scope's claims the target's, from the higher of their floors on. Call it in the transaction that folds
    their events."""
    floor = max(floor_of(connection, source), floor_of(connection, target))
    settled: Iterable[tuple[Column, Column, Column, int, int]] = connection.execute(
        'SELECT attribute, value, kind, start, "end" FROM claim WHERE scope = ?', (source,)
    ).fetchall()
    provisional: Iterable[tuple[Column, Column, int, int, int]] = connection.execute(
        'SELECT attribute, value, start, "end", proven FROM provisional WHERE scope = ?', (source,)
    ).fetchall()
    for table in ("claim", "provisional", "floor"):
        connection.execute(f"DELETE FROM {table} WHERE scope = ?", (source,))
    if floor:
        raise_floor(connection, target, floor)
    for attribute, value, start, end, proven in provisional:
        if kept := Stretch.between(max(start, floor), end):
            _write_proof(connection, (target, attribute, value), kept, proven)
    for attribute, value, kind, start, end in settled:
        if kept := Stretch.between(max(start, floor), end):
            _extend(connection, (target, attribute, value, kind), kept)
            _write_proof(connection, (target, attribute, value), kept, None)


def _key(attribute: LookupAttribute | None) -> tuple[str, Column]:
    return ("", "") if attribute is None else (attribute.key.value, packed(attribute.value))

"""Which events are the first in the store that show a user or role with a network, an agent, a Region or a service.

Nothing of this is stored: pages arrive newest first, so nearly each of them would move what is first. One connection
works it out when it is asked, from the index alone, and goes on from there with the rows that were added since. What
has been deleted or folded makes it begin again, if that was first.

An account is looked at as a whole, in all its Regions. "First" is a second: all events of that second are.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from ctui.model.event.origin import agent_family
from ctui.model.filter.sightings import FirstTimes, SeenWith, network_of, principal_of
from ctui.store.columns import Column, unpacked, unpacked_id
from ctui.store.index.index_row import COLUMNS, has_older_rows, values_in
from ctui.store.index.snapshot import snapshot

WHO_COLUMN: Final = "who"
SEEN_COLUMNS: Final = ("ip", "agent", "region", "source")
"""The columns that say what a caller was seen with, in the order of `SeenWith`."""
FIRST_ROWS: Final = "SELECT id FROM temp.first_row"
"""SQL for the rows that are first, once `FirstSeen.update` was called."""
_AT_ONCE: Final = 200_000
"""Rows that are read in one step: about a quarter of a second, nearly all of it in SQLite."""
_GROUPED: Final = "scope, who, ip, agent, region, source"
_OF_WORDS: Final = (WHO_COLUMN, *SEEN_COLUMNS)
_TABLES: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS first_row (id INTEGER PRIMARY KEY)",
    """
    CREATE TEMP TABLE IF NOT EXISTS first_group (
        number INTEGER PRIMARY KEY, scope, who, ip, agent, region, source, time
    )
    """,
    "DELETE FROM temp.first_row",
)

_Sighting = tuple[int, str, str, str, str, str]
"""An account of an origin, who acted in it, and with what, in the order of `SeenWith`."""
_Key = tuple[int, str, int, str]
"""An account of an origin, who acted, with what (its place in `SeenWith`, or -1 for nothing) and the value of that."""


class _First(NamedTuple):
    second: int
    rows: list[int]


class FirstSeen:
    """The first rows, for one connection. Call `update` before each use."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.event_ids: Counter[str] = Counter()
        """The event IDs of the first rows; an event can have a row in several Regions."""
        self.changes: list[int] = []
        """The rows that became first, or are it no longer, in that order, since the first `update`."""
        self._connection = connection
        self._version = -1
        self._had_older = False
        """True if rows of older rules were there at the last `step`."""
        self._reset()

    def _reset(self) -> None:
        self._seen = 0
        self._words_seen = 0
        self._first: dict[_Key, _First] = {}
        self._keys_of_row: Counter[int] = Counter()
        self._ids: dict[int, str] = {}
        self._accounts: dict[int, int] = {}
        self._values: dict[str, dict[int | None, str]] = {column: {None: ""} for column in _OF_WORDS}
        self.event_ids.clear()
        for statement in _TABLES:
            self._connection.execute(statement)

    def __contains__(self, event_id: object) -> bool:
        """True if an event has a row that is first, as of the last `update`."""
        return self.event_ids[event_id] > 0 if isinstance(event_id, str) else False

    def update(self) -> None:
        """Take in what was stored and deleted since the last time."""
        while self.step():
            pass

    def step(self) -> bool:
        """Take in some of it; True while there is more. Inside a transaction it goes by what that sees."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        (highest,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
        if version == self._version and highest <= self._seen:
            return False
        before = set(self._ids)
        older = has_older_rows(self._connection)
        # Rows that were derived again may say another thing. To begin again with each step of it would never end.
        if version != self._version and ((self._had_older and not older) or not self._is_valid()):
            self._reset()
        self._had_older = older
        self._version = version
        upto = min(highest, self._seen + _AT_ONCE)
        with snapshot(self._connection):
            self._add(upto)
        self._seen = upto
        self.changes += sorted(before.symmetric_difference(self._ids))
        return bool(upto < highest)

    def of(self, row_id: int) -> FirstTimes | None:
        """Of what a row is the first sighting; None if of nothing."""
        row = self._connection.execute(f"SELECT {_GROUPED}, time FROM event WHERE id = ?", (row_id,)).fetchone()
        if row is None or row_id not in self._ids:
            return None
        *group, second = row
        sighting = self._sighting(group)
        first = [key for key in _keys(sighting) if row_id in self._first[key].rows]
        scopes = [scope for scope, account in self._accounts.items() if account == sighting[0]]
        oldest = min(
            self._connection.execute("SELECT min(time) FROM event WHERE scope = ?", (scope,)).fetchone()[0] or second
            for scope in scopes
        )
        with_what = tuple((tuple(SeenWith)[key[2]], key[3]) for key in first if key[2] >= 0)
        return FirstTimes(with_what, any(key[2] < 0 for key in first), second - oldest)

    def _is_valid(self) -> bool:
        """False if a first row was deleted, or a scope is another account's now."""
        missing = "SELECT 1 FROM temp.first_row AS first WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = first.id)"
        (gone,) = self._connection.execute(f"SELECT EXISTS ({missing})").fetchone()
        scopes = {scope for (scope,) in self._connection.execute("SELECT id FROM scope")}
        return not gone and self._accounts.keys() <= scopes

    def _add(self, upto: int) -> None:
        self._read_words()
        span = (self._seen, upto)
        groups = self._connection.execute(
            f"SELECT {_GROUPED}, min(time) FROM event WHERE id > ? AND id <= ? GROUP BY {_GROUPED}", span
        )
        earliest, of_group = dict[_Sighting, int](), list[tuple[Sequence[int | None], int, _Sighting]]()
        for *group, second in groups:
            sighting = self._sighting(group)
            if sighting[1]:
                of_group.append((group, second, sighting))
                if second < earliest.get(sighting, second + 1):
                    earliest[sighting] = second
        due: dict[_Key, int] = {}
        for sighting, second in earliest.items():
            for key in _keys(sighting):
                there = self._first.get(key)
                if (there is None or second <= there.second) and second < due.get(key, second + 1):
                    due[key] = second
        first = [
            (group, second, keys)
            for group, second, sighting in of_group
            if earliest[sighting] == second and (keys := [key for key in _keys(sighting) if due.get(key) == second])
        ]
        self._connection.execute("DELETE FROM temp.first_group")
        self._connection.executemany(
            "INSERT INTO temp.first_group VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *group, second) for number, (group, second, _) in enumerate(first)),
        )
        same = " AND ".join(f"event.{column} IS first.{column}" for column in _OF_WORDS)
        rows = self._connection.execute(
            "SELECT first.number, event.id, event.event_id FROM temp.first_group AS first CROSS JOIN event "
            "INDEXED BY event_by_time ON event.scope = first.scope AND event.time = first.time "
            f"WHERE event.id > ? AND event.id <= ? AND {same}",
            span,
        )
        changed = set[int]()
        for number, row_id, event_id in rows:
            _, second, keys = first[number]
            self._ids.setdefault(row_id, unpacked_id(event_id))
            changed.add(row_id)
            for key in keys:
                changed.update(self._note(key, second, row_id))
        self._publish(changed)

    def _note(self, key: _Key, second: int, row_id: int) -> Iterable[int]:
        """A row is first; returns the rows that are no longer."""
        self._keys_of_row[row_id] += 1
        there = self._first.get(key)
        if there is not None and there.second == second:
            there.rows.append(row_id)
            return ()
        self._first[key] = _First(second, [row_id])
        if there is None:
            return ()
        self._keys_of_row.subtract(there.rows)
        return there.rows

    def _publish(self, changed: Iterable[int]) -> None:
        """Bring the table of rows and the event IDs up to date for these rows."""
        held, gone = list[int](), list[int]()
        for row_id in changed:
            (held if self._keys_of_row[row_id] > 0 else gone).append(row_id)
        known = {
            row_id
            for (row_id,) in self._connection.execute(
                f"{FIRST_ROWS} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(held + gone),)
            )
        }
        for row_id in gone:
            event_id = self._ids.pop(row_id)
            del self._keys_of_row[row_id]
            self.event_ids[event_id] -= row_id in known
        self.event_ids.update(self._ids[row_id] for row_id in held if row_id not in known)
        self._connection.executemany("DELETE FROM temp.first_row WHERE id = ?", ((row_id,) for row_id in gone))
        self._connection.executemany("INSERT OR IGNORE INTO temp.first_row VALUES (?)", ((row_id,) for row_id in held))

    def _sighting(self, group: Sequence[int | None]) -> _Sighting:
        """What the words of a group of rows mean; who acted is "" if that was no user and no role."""
        scope, who, ip, agent, region, source = group
        values = self._values
        return (
            self._accounts[scope or 0],
            values["who"].get(who, ""),
            values["ip"].get(ip, ""),
            values["agent"].get(agent, ""),
            values["region"].get(region, ""),
            values["source"].get(source, ""),
        )

    def _read_words(self) -> None:
        """What the words mean that were written since the last time, and the accounts of the scopes."""
        accounts: dict[tuple[str, str], int] = {}
        for scope, origin, account in self._connection.execute("SELECT id, origin, account FROM scope ORDER BY id"):
            self._accounts[scope] = accounts.setdefault((origin, account), scope)
        (highest,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM word").fetchone()
        if highest <= self._words_seen:
            return
        source = "WHERE field = ?" if not self._words_seen else "NOT INDEXED WHERE field = ? AND id > ?"
        for column in _OF_WORDS:
            number = COLUMNS[column].number
            parameters = (number,) if not self._words_seen else (number, self._words_seen)
            known = self._values[column]
            rows = self._connection.execute(f"SELECT id, text FROM word {source}", parameters)
            known.update((word, seen_in_column(column, text)) for word, text in rows)
        self._words_seen = highest


def seen_in_column(column: str, text: Column) -> str:
    """What a text of a column says of who acted and with what; "" for nothing."""
    if column == "who":
        return principal_of(values_in(COLUMNS[column], text, None))
    value = unpacked(text) or ""
    return network_of(value) if column == "ip" else agent_family(value) if column == "agent" else value


def _keys(sighting: _Sighting) -> Iterable[_Key]:
    """What is seen, each alone: the caller, and the caller with each value that is known."""
    account, who, *values = sighting
    yield account, who, -1, ""
    for place, value in enumerate(values):
        if value:
            yield account, who, place, value

"""Event history, which LookupEvents reads: newest first, page by page, with exact positions."""

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from pathlib import Path

from ctui.emulator.records.adding import Adding, AddResult, Bulk
from ctui.emulator.records.history_tables import (
    COLUMNS,
    DELIVERED,
    EVENT_ID,
    EVERYTHING,
    attribute_key,
    connect,
    event_of,
    identity_of,
    shelf,
)
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.model.lookup.lookup import Category

Position = tuple[int, int]
"""(epoch second, row) of the last event that was returned."""

_LEAST_ROW = -(2**62)
"""Below every row."""
_PAST_ROWS = 10**6
"""Rows for the past of one account. They are negative, so that what is added later is above them."""


class StillFilling(Exception):
    """A page reaches a part of the past that is not added yet."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query of event history, with every bound fixed."""

    account: str
    region: str
    start: int
    """First second, epoch, inclusive."""
    end: int
    """Last second, epoch, inclusive."""
    horizon: float
    """Only events that had happened and were available at this epoch second."""
    top: int
    """Only rows up to this one: `History.top()` at the first page."""
    attribute: tuple[str, str] | None = None
    """(attribute key, value): equal and case-sensitive."""
    category: Category = Category.MANAGEMENT
    write_only: bool = False
    """Only calls that create, update or delete (the reference of 2015)."""
    stretches: tuple[tuple[float, float], ...] | None = None
    """Half-open [from, to) in which a trail was logging (2015), in any order. They do not limit loaded events.

    None: no limit.
    """


@dataclass(frozen=True, slots=True)
class DueEvents:
    """Events in the order in which they were added. They are all up to `row`."""

    events: list[Recorded]
    row: int
    more: bool
    """True if the limit was reached, so others may follow."""


class EventHistory:
    """The events of all accounts and Regions, in a SQLite file that also has other tables.

    `add` may be called from any thread, and `page` and `top` never wait for it. Memory does not grow with events.
    """

    def __init__(self, path: Path, *, lasts: bool = True) -> None:
        """Open or create the tables in `path`. Raises StoreError. `lasts`: it may be opened again after the process."""
        self._complete_from: dict[str, int] = {}
        """Account -> epoch second from which on its events are there, while its past is being added."""
        self._reading = threading.Lock()
        self._adding = Adding(path, lasts=lasts)
        self._reader = connect(path, read_only=True)

    def add(self, events: Iterable[Recorded]) -> AddResult:
        """Store events, some thousands in a transaction. Known events stay as they are.

        Raises StoreError, also if `interrupt` was called meanwhile; what is stored by then stays.
        """
        return self._adding.add(events)

    def bulk(self) -> AbstractContextManager[Bulk]:
        """Stores very many events for as long as this lasts; nothing else can be added meanwhile."""
        return self._adding.bulk()

    def expect_past(self, account: str, until: int) -> None:
        """From now on, the account's past before the epoch second `until` is being added; pages that need it wait."""
        self._complete_from[account] = until

    def add_past(self, account: str, events: Sequence[Recorded], ordinal: int) -> None:
        """Store the next events of the expected past, newest first, of which `ordinal` were before. Raises StoreError.

        An event's row follows from its ordinal: a query that began earlier finds it in its place, and adding can begin
        again from the start, where known events stay as they are.
        """
        first = -int(account) * _PAST_ROWS - ordinal - 1
        self._adding.add_batch(events, range(first, first - len(events), -1))
        if events:
            # Others of the last second may follow.
            self._complete_from[account] = events[-1].time + 1

    def past_is_complete(self, account: str) -> None:
        """All of the account's past is there: no page waits any longer."""
        del self._complete_from[account]

    def interrupt(self) -> None:
        """Make an `add` in another thread, and any later one, end before its next transaction."""
        self._adding.interrupt()

    def top(self) -> int:
        """The largest row, or 0 if there is none. Rows of an expected past do not count: they are in every query."""
        with self._reading:
            (row,) = self._reader.execute("SELECT max(row) FROM event").fetchone()
        return max(row or 0, 0)

    def page(self, query: Query, position: Position | None, limit: int) -> tuple[list[Recorded], Position | None]:
        """(up to `limit` events after `position`, the position to continue from). `position` None: from the newest.

        The order is (time, row), both descending: total and stable. The returned position is None at the end.

        Raises StillFilling if events that are expected may belong to the page.
        """
        complete_from = self._complete_from.get(query.account, query.start)
        if complete_from > query.start:
            events, following = self._page(replace(query, start=complete_from), position, limit)
            if following is None:
                raise StillFilling
            return events, following
        return self._page(query, position, limit)

    def _page(self, query: Query, position: Position | None, limit: int) -> tuple[list[Recorded], Position | None]:
        with self._reading:
            places = list(islice(self._places(query, position, limit + 1), limit + 1))
            wanted = places[:limit]
            events = self._fetch([row for _, row in wanted])
        if query.attribute is not None:
            events = [event for event in events if query.attribute in event.attributes()]
        return events, wanted[-1] if len(places) > limit else None

    def regions(self, account: str) -> list[str]:
        """The Regions with events that trails deliver, sorted."""
        regions: list[str] = []
        with self._reading:
            # One step per Region instead of one per event.
            while row := self._reader.execute(
                f"SELECT region FROM event WHERE account = ? AND region > ? AND {DELIVERED} ORDER BY region LIMIT 1",
                (account, regions[-1] if regions else ""),
            ).fetchone():
                regions.append(row[0])
        return regions

    def due(self, scope: tuple[str, str], after: int, seconds: tuple[int, int], limit: int) -> DueEvents:
        """The next events of an account and Region (`scope`) that trails deliver, by row, after the row `after`.

        Only those of the epoch seconds [first, last], and at most `limit`.
        """
        top = self.top()
        with self._reading:
            rows = self._reader.execute(
                f"SELECT {COLUMNS} FROM event WHERE account = ? AND region = ? AND {DELIVERED} "
                "AND row > ? AND row <= ? AND time BETWEEN ? AND ? AND category = ? ORDER BY row LIMIT ?",
                (*scope, after, top, *seconds, Category.MANAGEMENT.value, limit),
            ).fetchall()
        more = len(rows) == limit
        return DueEvents([event_of(row) for row in rows], rows[-1][0] if more else max(top, after), more)

    def close(self) -> None:
        """Close the file. The history cannot be used afterwards."""
        with self._reading:
            self._reader.close()
        self._adding.close()

    def _places(self, query: Query, position: Position | None, limit: int) -> Iterator[Position]:
        # Events that are not yet available happened within the longest lag before now.
        last = min(query.end, _whole(query.horizon))
        before = min(position or (last + 1, _LEAST_ROW), (last + 1, _LEAST_ROW))
        if query.attribute is not None and query.attribute[0] == EVENT_ID:
            return self._place_of(query, query.attribute[1], before)
        key = attribute_key(query.account, query.region, *(query.attribute or EVERYTHING))
        streams: list[Iterator[Position]] = []
        for writes in (True,) if query.write_only else (True, False):
            for loaded in (True, False):
                stretches = None if loaded else query.stretches
                number = shelf(writes=writes, loaded=loaded, category=query.category)
                streams.append(self._shelf_places(query, (key, number), stretches, before, limit))
        return merge(*streams, reverse=True)

    def _place_of(self, query: Query, event_id: str, before: Position) -> Iterator[Position]:
        """The place of the event with this EventId, if the query allows it: there is one at most."""
        identity = identity_of(query.account, query.region, event_id)
        found = self._reader.execute(f"SELECT {COLUMNS} FROM event WHERE identity = ?", (identity,)).fetchone()
        if found is None:
            return
        row, event = found[0], event_of(found)
        stretches = None if event.origin is Origin.LOADED else query.stretches
        logged = any(
            begin <= event.time and (end is None or event.time < end)
            for begin, end in _newest_first(stretches, query.start)
        )
        if (
            logged
            and event.category is query.category
            and (event.writes or not query.write_only)
            and query.start <= event.time
            and (event.time, row) < before
            and row <= query.top
            and event.available <= query.horizon
        ):
            yield event.time, row

    def _shelf_places(
        self,
        query: Query,
        shelf_key: tuple[int, int],
        stretches: tuple[tuple[float, float], ...] | None,
        before: Position,
        limit: int,
    ) -> Iterator[Position]:
        for first, end in _newest_first(stretches, query.start):
            upper = min(before, (end, _LEAST_ROW)) if end is not None else before
            if upper <= (first, _LEAST_ROW):
                continue
            # Read to the end at once: an open statement would keep the WAL from being checkpointed.
            yield from self._reader.execute(
                "SELECT time, row FROM attribute WHERE key = ? AND shelf = ? AND time >= ? AND (time, row) < (?, ?) "
                "AND row <= ? AND available <= ? ORDER BY time DESC, row DESC LIMIT ?",
                (*shelf_key, first, *upper, query.top, query.horizon, limit),
            ).fetchall()

    def _fetch(self, rows: list[int]) -> list[Recorded]:
        marks = ", ".join("?" * len(rows))
        event_rows = self._reader.execute(f"SELECT {COLUMNS} FROM event WHERE row IN ({marks})", rows).fetchall()
        by_row = {row[0]: event_of(row) for row in event_rows}
        return [by_row[row] for row in rows]


def _newest_first(stretches: tuple[tuple[float, float], ...] | None, start: int) -> list[tuple[int, int | None]]:
    """Disjoint whole seconds [first, end), the newest first. Without a limit, one open stretch from `start`."""
    if stretches is None:
        return [(start, None)]
    joined: list[tuple[float, float]] = []
    for begin, end in sorted(stretches):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return [(max(start, -_whole(-begin)), -_whole(-end)) for begin, end in reversed(joined)]


def _whole(moment: float) -> int:
    """The second that contains a moment. SQLite's integers go beyond 2**53, where floats stop counting seconds."""
    return math.floor(max(-(2.0**53), min(moment, 2.0**53)))

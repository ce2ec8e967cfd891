"""How a tree stands, from the tables of its index; and what may explain its possible holes, from its rows."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ctui.files.index.container import Container
from ctui.files.index.tables import FileState
from ctui.model.log_files.holes import HOUR, possible_holes
from ctui.model.log_files.tree_state import Deliveries, Hole, TreeState
from ctui.store.columns import unpacked
from ctui.unpacking.names import DIGEST_FILE

Holes = Mapping[tuple[str, str], Sequence[Hole]]
"""The possible holes by account and Region, oldest first."""

_ENDING_CALLS: Final = ("StopLogging", "DeleteTrail", "PutEventSelectors")
"""Calls after which a trail may deliver nothing, or less."""
_BEGINNING_CALL: Final = "StartLogging"
_HERE: Final = f"state < {FileState.LISTED}"
_READ: Final = "NOT (rows = 0 AND reasons != '{}')"
"""Not a file of which nothing was read: it is among those that are not read, and among no others."""


def tree_state(container: Container, before: TreeState, holes: Holes) -> TreeState:
    """How the tree stands: its path, phase, error and notices as before. Raises FilesError."""
    return container.read(lambda connection: _state(connection, before, holes))


def _state(connection: sqlite3.Connection, before: TreeState, holes: Holes) -> TreeState:
    waiting, events, oldest, newest, data_events, files = connection.execute(
        f"SELECT total(state IN (?, ?)), total(rows), min(oldest), max(newest), total(data_events), "
        f"total(state != ? AND {_READ}) FROM file WHERE {_HERE}",
        (FileState.WAITING, FileState.AGAIN, FileState.WAITING),
    ).fetchone()
    (gone,) = connection.execute("SELECT total(state = ?) FROM file", (FileState.GONE,)).fetchone()
    grouped = connection.execute(
        f"SELECT account, region, total({_READ}), min(delivery), max(delivery), sum(rows) FROM file WHERE {_HERE} "
        "GROUP BY account, region ORDER BY account, region"
    )
    deliveries = tuple(
        Deliveries(account, region, int(count), first, last, rows, tuple(holes.get((account, region), ())))
        for account, region, count, first, last, rows in grouped
    )
    unread = Counter(dict(connection.execute("SELECT reason, files FROM left_out")))
    for (reasons,) in connection.execute(
        f"SELECT reasons FROM file WHERE reasons != '{{}}' AND state != {FileState.GONE}"
    ):
        unread.update(json.loads(reasons))
    digests = unread.pop(DIGEST_FILE, 0)
    return replace(
        before,
        files=int(files),
        waiting=int(waiting),
        gone=int(gone),
        events=int(events),
        oldest=oldest,
        newest=newest,
        unread=tuple(sorted(unread.items(), key=lambda item: (-item[1], item[0]))),
        digests=digests,
        deliveries=deliveries,
        has_data_events=data_events > 0,
    )


def holes_of(container: Container) -> Holes:
    """The possible holes of the tree, with what may explain them. Raises FilesError."""
    found = [
        Hole(account, region, start, end)
        for (account, region), deliveries in container.read(_deliveries).items()
        for start, end in possible_holes(deliveries)
    ]
    by_place: dict[tuple[str, str], list[Hole]] = defaultdict(list)
    for hole, calls in zip(found, _explained(container, found), strict=True):
        by_place[hole.account, hole.region].append(Hole(hole.account, hole.region, hole.start, hole.end, tuple(calls)))
    return by_place


def _deliveries(connection: sqlite3.Connection) -> dict[tuple[str, str], list[int]]:
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = connection.execute(
        f"SELECT DISTINCT account, region, delivery FROM file WHERE delivery IS NOT NULL AND {_HERE}"
    )
    for account, region, delivery in rows:
        by_place[account, region].append(delivery)
    return by_place


def _explained(container: Container, holes: Sequence[Hole]) -> list[list[str]]:
    """For each hole the names of the calls that may explain it, oldest first, each once.

    Those are calls in its account, in any Region, since a trail may be of all of them: from an hour before the last
    delivery, which may not yet have had them, to the first one after it.
    """
    explained: list[list[str]] = [[] for _ in holes]
    if not holes:
        return explained
    calls = sorted(_trail_calls(container, holes))
    for hole, names in zip(holes, explained, strict=True):
        within = [
            name
            for second, account, name in calls
            if hole.start - HOUR <= second <= hole.end and hole.account in ("", account)
        ]
        # Logging that was only started explains nothing.
        if any(name in _ENDING_CALLS for name in within):
            names.extend(dict.fromkeys(within))
    return explained


def _trail_calls(container: Container, holes: Iterable[Hole]) -> set[tuple[int, str, str]]:
    """Second, account and name of calls that change what trails deliver, near these holes."""
    spans = [(hole.start - HOUR, hole.end) for hole in holes]
    calls = set()
    for entry in container.segments():
        if not any(start <= entry.newest and end >= entry.oldest for start, end in spans):
            continue
        segment = container.segment(entry.number)
        names = segment.texts("name").all()
        wanted = [number for number, name in enumerate(names) if name in (*_ENDING_CALLS, _BEGINNING_CALL)]
        if not wanted:
            continue
        numbers, accounts = segment.numbers("name"), segment.numbers("account")
        texts = segment.texts("account")
        for row in np.flatnonzero(np.isin(numbers, wanted)).tolist():
            account = unpacked(texts.text(int(accounts[row]))) or ""
            calls.add((int(segment.seconds[row]), account, str(names[int(numbers[row])])))
    return calls

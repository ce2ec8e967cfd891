"""Values already seen, most frequent first: what a filter line can be completed with."""

from collections.abc import Iterable

from ctui.core.session import Session
from ctui.errors import StoreError
from ctui.model.event import Event
from ctui.model.offers import PATHS, paths_of
from ctui.model.predicate import values_of

NEWEST_TALLIED = 5_000
"""So many of the newest events are looked at."""


async def values_seen(session: Session, field: str) -> list[tuple[str, int]]:
    """Values of a field (a `Name` or a path) among the newest events, or `PATHS` of their records, with their counts.

    None without a store.
    """

    def found(event: Event, region: str) -> Iterable[str]:
        return paths_of(event) if field == PATHS else values_of(field, event, region)

    try:
        counts = await session.tally(NEWEST_TALLIED, found)
    except StoreError:
        # What is offered is a help and no answer: where the store is in trouble, others say so.
        return []
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

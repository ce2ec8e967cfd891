"""Events put into a store, and found there."""

from base64 import b85encode
from collections.abc import Sequence
from random import Random

from ctui.core.session import Session
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.store.events import EventStore
from ctui.store.index.matching import Matcher
from ctui.store.search import ROWS_AT_ONCE, Key, Rows, Search


def incompressible(length: int, seed: int = 0) -> str:
    """A text of ASCII letters and signs that stays as long as it is when it is compressed, nearly; without quotes and
    backslashes, so that it can stand in JSON."""
    return b85encode(Random(f"{seed} {length}").randbytes(length)).decode()[:length]


async def insert(store: EventStore, scope: Scope, events: Sequence[Event]) -> list[int]:
    """Store events; returns the row id of each, new or known, in the order given."""
    return [row.row_id for row in await store.add_page(scope, events)]


def event_ids(store: EventStore | Session, ids: Sequence[int]) -> list[str]:
    """The EventId of each row, in the order given; every one of them can be listed and opened."""
    assert [line.row_id for line in store.summaries(ids)] == list(ids)
    return [store.event(row_id).event_id for row_id in ids]


async def found_keys(
    store: EventStore, search: Search, after: Key | None = None, limit: int = ROWS_AT_ONCE
) -> list[Key]:
    """What a search finds, row by row."""
    return list((await store.find(search, after, limit)).as_keys())


async def matching(store: EventStore, scopes: Sequence[Scope], rows: Rows, predicate: Predicate) -> list[int]:
    """The ids of the rows that match, by the store's portions."""
    matcher, found, left = Matcher(predicate), list[int](), rows
    while left.ids:
        matched = await store.match(matcher, scopes, left)
        assert matched.scanned > 0
        found += (left.ids[index] for index in matched.indexes)
        left = left.slice(matched.scanned, len(left.ids))
    return found

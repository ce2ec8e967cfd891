"""Values among the newest stored events, most frequent first: what a filter line can be completed with."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.empty_result.finding import Finding
from ctui.model.empty_result.finding_search import FindingSearch
from ctui.model.empty_result.narrowing import word_fields
from ctui.model.event.event import Event
from ctui.model.filter.editing.completion import recorded_values
from ctui.model.filter.own_calls import with_and_without
from ctui.model.filter.terms import Filter, Term
from ctui.store.counting import CountQuery
from ctui.store.search import column_of

NEWEST_COUNTED = 100_000
"""So many of a scope's newest events are counted by what the store's index has."""
NEWEST_READ = 5_000
"""So many of them by what must be read in their records, one by one."""
MOST_VALUES = 5_000
"""So many different values at most."""


async def value_counts(
    session: Session,
    field: str,
    like: Callable[[str], bool] | None = None,
    *,
    passes: Callable[[Event, str], bool] | None = None,
    hidden: Term | None = None,
) -> list[tuple[str, int]]:
    """Values of a field (by its name, or a path), or `PATHS` of records, among the newest events, with their counts.

    `like` selects values, `passes` the events that are counted; those that match `hidden` are not.
    Empty if there is no store, or if it cannot be read.
    """

    is_hidden = None if hidden is None else with_and_without(hidden)[1]

    def read(event: Event, region: str) -> Iterable[str]:
        if is_hidden is not None and is_hidden(event, region):
            return ()
        if passes is not None and not passes(event, region):
            return ()
        return recorded_values(field, event, region)

    column = column_of(field) if passes is None else None
    newest = NEWEST_READ if column is None else NEWEST_COUNTED
    try:
        return await session.count_values(CountQuery(column or read, newest, MOST_VALUES, like, hidden))
    except CtuiError:
        # Completions only help; an error of the store is reported where rows are read.
        return []


async def values_to_complete(session: Session, field: str, rest: str) -> list[tuple[str, int]]:
    """Values of a field with their counts in the events that the list would show for the rest of the line."""
    explorer = session.explorer
    return await value_counts(session, field, passes=explorer.passes(rest), hidden=explorer.own_calls_hidden())


async def values_of_words(session: Session, words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Values that equal one of these words except for case, by each field that a bare word may be meant for."""
    folded = {word.casefold() for word in words}
    if not folded:
        return {}

    def like(value: str) -> bool:
        return value.casefold() in folded

    return {
        field.name: tuple(value for value, _ in await value_counts(session, field.name, like))
        for field in word_fields()
    }


async def findings(session: Session, line: Filter, now: datetime, *, with_rows: bool = False) -> tuple[Finding, ...]:
    """What the newest stored events say of the leaves of a line; empty without a store.

    `line` includes the time range; `now` is by the service's clock; `with_rows` as for `FindingSearch`.
    """
    search = FindingSearch(line, now, with_rows=with_rows)
    try:
        found = await session.count_values(CountQuery(search.look, NEWEST_READ, MOST_VALUES)) if search else []
    except CtuiError:
        return ()
    return search.found(dict(found))

"""Values already seen, most frequent first: what a filter line can be completed with."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.empty_result.narrowing import word_fields
from ctui.model.empty_result.other_fields import OtherField, OtherFieldSearch
from ctui.model.event.event import Event
from ctui.model.filter.completion import PATHS, paths_of
from ctui.model.filter.fields import value_field
from ctui.model.filter.predicate import field_values
from ctui.model.filter.terms import Filter
from ctui.store.counting import CountQuery

NEWEST_TALLIED = 100_000
"""So many of a scope's newest events are looked at for what the service said of them."""
NEWEST_READ = 5_000
"""So many of them for what must be read in their records, one by one."""
MOST_VALUES = 5_000
"""So many different values are of use."""


async def value_counts(
    session: Session, field: str, like: Callable[[str], bool] | None = None
) -> list[tuple[str, int]]:
    """Values of a field (by its name, or a path), or `PATHS` of records, among the newest events, with their counts.

    Only those that are `like` what is sought, if that is given. None without a store.
    """

    def read(event: Event, region: str) -> Iterable[str]:
        return paths_of(event) if field == PATHS else field_values(field, event, region)

    row = value_field(field)
    said = None if row is None else row.attribute
    newest = NEWEST_READ if said is None else NEWEST_TALLIED
    try:
        return await session.count_values(CountQuery(said or read, newest, MOST_VALUES, like))
    except CtuiError:
        # What is offered is a help and no answer: where the store is in trouble, others say so.
        return []


async def known_as(session: Session, words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The values that are one of these words but for upper and lower case, by the fields a word may be known as."""
    folded = {word.casefold() for word in words}
    if not folded:
        return {}

    def like(value: str) -> bool:
        return value.casefold() in folded

    return {
        field.name: tuple(value for value, _ in await value_counts(session, field.name, like))
        for field in word_fields()
    }


async def standings(session: Session, line: Filter, now: datetime, *, negated: bool = False) -> tuple[OtherField, ...]:
    """Where values that the line compares stand instead, among the newest events stored. None without a store.

    `line` names the whole range that is meant; `now` is the server's clock; `negated` as for `StandingSearch`.
    """
    search = OtherFieldSearch(line, now, negated=negated)
    try:
        found = await session.count_values(CountQuery(search.look, NEWEST_READ, MOST_VALUES)) if search else []
    except CtuiError:
        return ()
    return search.found(dict(found))

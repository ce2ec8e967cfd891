"""RemoteChanges: a trail that has changed at the service while somebody was changing it here."""

from collections.abc import Mapping
from dataclasses import dataclass

from ctui.model.rules.validate import Field, Value
from ctui.model.trail.draft import trail_values
from ctui.model.trail.trail import Trail


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """One field that somebody else has changed meanwhile."""

    field: Field
    before: Value
    """As it was when the form opened."""
    now: Value
    """As it is at the service."""
    ours: bool
    """True where it is changed here as well: then our value goes over theirs."""


def remote_changes_between(base: Trail, fresh: Trail, values: Mapping[Field, Value]) -> tuple[RemoteChange, ...]:
    """What differs between the trail the form began with and the trail as it is; `values` are the form's."""
    before, now = trail_values(base), trail_values(fresh)
    return tuple(
        RemoteChange(field, before[field], now[field], values[field] not in (before[field], now[field]))
        for field in before
        if before[field] != now[field]
    )


def rebase(base: Trail, fresh: Trail, values: Mapping[Field, Value]) -> dict[Field, Value]:
    """The form's values over the fresh trail: what was not changed here takes what the service has now."""
    before, now = trail_values(base), trail_values(fresh)
    return {field: now[field] if value == before[field] else value for field, value in values.items()}

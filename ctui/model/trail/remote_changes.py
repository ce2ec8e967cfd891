"""RemoteChange: how a trail changed at the service while it was being edited here."""

from collections.abc import Mapping

from ctui.model.rules.validate import Field, Value
from ctui.model.trail.draft import trail_values
from ctui.model.trail.trail import Trail
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """One field that changed at the service meanwhile."""

    field: Field
    before: Value
    """The value when the form opened."""
    now: Value
    """The value at the service."""
    ours: bool
    """True if the form changes it too: sending the form overwrites the value at the service."""


def remote_changes_between(base: Trail, fresh: Trail, values: Mapping[Field, Value]) -> tuple[RemoteChange, ...]:
    """How the trail differs from the one that the form started with; `values` are the form's."""
    before, now = trail_values(base), trail_values(fresh)
    return tuple(
        RemoteChange(field, before[field], now[field], values[field] not in (before[field], now[field]))
        for field in before
        if before[field] != now[field]
    )


def rebase(base: Trail, fresh: Trail, values: Mapping[Field, Value]) -> dict[Field, Value]:
    """The form's values, with the service's current value for each field that the form does not change."""
    before, now = trail_values(base), trail_values(fresh)
    return {field: now[field] if value == before[field] else value for field, value in values.items()}

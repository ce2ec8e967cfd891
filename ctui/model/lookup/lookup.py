"""Lookup: the question put to event history. It may end in "now" and is never pinned; a Scan is."""

from dataclasses import dataclass, field
from enum import StrEnum

from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.timespan import ALL_HISTORY, Timespan
from ctui.model.rules.validate import validate_attribute

__all__ = ["AttributeKey", "Category", "Lookup", "LookupAttribute"]


class Category(StrEnum):
    """Event categories LookupEvents answers for; Insights events must be asked for by name."""

    MANAGEMENT = "management"
    INSIGHT = "insight"


@dataclass(frozen=True, slots=True)
class LookupAttribute:
    """One attribute and the value it must equal: exact and case-sensitive.

    Raises ValueError, with the reason in words, for a value the service would refuse.
    """

    key: AttributeKey
    value: str

    def __post_init__(self) -> None:
        finding = validate_attribute(self.key, self.value)
        if not finding.ok:
            raise ValueError(f"{self.key}: {finding.reason}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question: which events, of which time. The service takes one attribute at most: the planner chooses it."""

    timespan: Timespan = field(default=ALL_HISTORY)
    attribute: LookupAttribute | None = None
    category: Category = Category.MANAGEMENT
    terms: tuple[tuple[LookupAttribute, ...], ...] = ()
    """Beside `attribute`: conditions that all hold, each one that the event has one of these attributes."""

    @property
    def conditions(self) -> tuple[tuple[LookupAttribute, ...], ...]:
        """All conditions, that of `attribute` first."""
        return (() if self.attribute is None else ((self.attribute,),)) + self.terms

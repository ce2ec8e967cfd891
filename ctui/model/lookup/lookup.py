"""Lookup: what to search event history for. Its range may end in "now"; a Scan has fixed seconds."""

from collections.abc import Hashable
from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.timespan import ALL_HISTORY, Timespan
from ctui.model.rules.validate import validate_attribute
from ctui.model.values import dataclass

__all__ = ["AttributeKey", "Category", "Clause", "Lookup", "LookupAttribute"]


class Category(StrEnum):
    """Event categories of LookupEvents, which answers for one at a time."""

    MANAGEMENT = "management"
    INSIGHT = "insight"


@dataclass(frozen=True, slots=True)
class LookupAttribute:
    """One attribute and the value it must equal, case-sensitively.

    Raises ValueError with a message for a person, for a value that the service would refuse.
    """

    key: AttributeKey
    value: str

    def __post_init__(self) -> None:
        finding = validate_attribute(self.key, self.value)
        if not finding.ok:
            raise ValueError(f"{self.key}: {finding.reason}")


Clause: TypeAlias = tuple[LookupAttribute, ...]
"""The event has at least one of these attributes, of one key or of several."""


_SELECTIVE_FIRST = (
    AttributeKey.EVENT_ID,
    AttributeKey.ACCESS_KEY_ID,
    AttributeKey.RESOURCE_NAME,
    AttributeKey.USERNAME,
    AttributeKey.EVENT_NAME,
    AttributeKey.RESOURCE_TYPE,
    AttributeKey.EVENT_SOURCE,
    AttributeKey.READ_ONLY,
)
"""Attributes by how few events one value has, as a rule."""
SELECTS_FEW = frozenset(_SELECTIVE_FIRST[:5])
"""Attributes that select few enough events to load them all without asking."""


def selectivity(clause: Clause) -> tuple[int, int]:
    """Orders clauses by how few events meet them, as a rule, the fewest first: what to go by while nothing was counted.

    The least selective attribute decides, then how many there are. A clause that implies another comes before it.
    """
    return max((_SELECTIVE_FIRST.index(attribute.key) for attribute in clause), default=0), len(clause)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Which events to search for, and in which range. The planner chooses which clause the service selects by."""

    timespan: Timespan = field(default=ALL_HISTORY)
    attribute: LookupAttribute | None = None
    clauses: tuple[Clause, ...] = ()
    """What must hold of management events besides: all of these."""
    management: bool = True
    """False if no management event can match, so that the service is asked for Insights events alone."""
    insights: tuple[Clause, ...] | None = None
    """What must hold of Insights events: all of these; None if they are not asked for."""
    impossible: bool = False
    """True if no event can match: the answer is empty, and no call is made for it."""
    only_in_files: bool = False
    """True if only log files may have what matches, data events for instance: `impossible` for the service, then."""
    narrowed_by: frozenset[Hashable] = frozenset()
    """Terms of a filter line, all of which a row must meet that a tree of log files returns; {} for every row. For
    trees of which not all rows are shown by themselves: a service is never asked for them."""
    marked: bool = False
    """True if only marked events are wanted: the store has all of them, and no call is made for it."""

    @property
    def takes_no_call(self) -> bool:
        """True if the service has nothing to add to the answer."""
        return self.impossible or self.marked

    @property
    def by_category(self) -> tuple[tuple[Category, tuple[Clause, ...]], ...]:
        """Each category that the service is asked for, with everything that must hold of its events."""
        management = ((Category.MANAGEMENT, self.all_clauses),) if self.management else ()
        return management if self.insights is None else (*management, (Category.INSIGHT, self.insights))

    @property
    def all_clauses(self) -> tuple[Clause, ...]:
        """Everything that must hold of management events; the clause of `attribute` is first."""
        return (() if self.attribute is None else ((self.attribute,),)) + self.clauses

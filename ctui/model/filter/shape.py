"""The shape of an answer: how often each value occurs among its events, and when they happened."""

from typing import NamedTuple

from ctui.model.filter.fields import ValueField
from ctui.model.values import dataclass


class ValueCount(NamedTuple):
    """A value and how many events have it."""

    value: str
    """As it was recorded: hostile until cleaned."""
    events: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field."""

    field: ValueField
    values: tuple[ValueCount, ...]
    """The most frequent ones, with their exact counts."""
    different: int
    """How many values there are."""
    capped: bool = False
    """True if there are more than `different`, which are not listed."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of the range, as long as all the others but for the ends of the range."""

    start: int
    """The first second, epoch."""
    end: int
    """One past the last second."""
    events: int
    failed: int
    """Of those that are counted."""
    covered: bool
    """True if every event in it is loaded."""


@dataclass(frozen=True, slots=True)
class ShapeState:
    """The shape at a glance: replaced when something was counted, so that drawing computes nothing."""

    events: int = 0
    """How many events match, as far as they are compared."""
    counted: int = 0
    """How many of them the facets count."""
    comparing: bool = False
    """True while loaded events are still to be compared with the line."""
    more: bool = False
    """True if events of the range may not be loaded."""
    facets: tuple[Facet, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    """The range from its oldest part on; empty if it has no second."""
    begins_before: bool = False
    """True if the range has no start, so that the first buckets stand for all that is further back."""
    failed: int = 0
    """How many of the counted events failed."""
    problem: str = ""
    """Why nothing more is counted; "" if nothing hinders it."""

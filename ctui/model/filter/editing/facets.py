"""A line that is narrowed to values of a facet, without them, or to a stretch of time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ctui.model.filter.editing.pivots import Pivot, PivotHow, pivoted
from ctui.model.filter.fields import ValueField
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.terms import FieldTerm, Filter


def with_values(line: Filter, chosen: Mapping[ValueField, Sequence[str]], *, exclude: bool = False) -> Filter:
    """The line with a term for each field: an event has one of its values, or with `exclude` none of them."""
    how = PivotHow.EXCLUDE if exclude else PivotHow.ADD
    for field, values in chosen.items():
        if values:
            term = FieldTerm(field, tuple(Pattern((value,)) for value in values))
            line = pivoted(line, Pivot("", field.name, "", term), how)
    return line


def within(line: Filter, start: int, end: int) -> Filter:
    """The line in a range from one epoch second up to but not including another."""
    since, until = (f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}" for second in (start, end - 1))
    return replace(line, since=since, until=until)

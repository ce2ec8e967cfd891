"""TypedLine: the filter line and the time range chosen next to it, and the lookup that asks for both."""

from dataclasses import dataclass, replace

from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.terms import Filter, Term, attributes_of, term_of
from ctui.model.filter.write import write_filter
from ctui.model.lookup.lookup import Clause, Lookup
from ctui.model.lookup.timespan import Timespan


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A filter line at one moment."""

    text: str
    """As it was typed."""
    line: Filter
    """What filters: the last text that could be read."""
    timespan: Timespan
    """The time range chosen next to the line; one in the line goes first."""
    error: FilterError | None = None
    """Why the text cannot be read; None if it can."""

    @classmethod
    def of_lookup(cls, lookup: Lookup) -> "TypedLine":
        """The line that asks what a lookup asks."""
        return cls.written(Filter(tuple(map(term_of, lookup.all_clauses))), lookup.timespan)

    @classmethod
    def written(cls, line: Filter, timespan: Timespan) -> "TypedLine":
        """The line with the text that reads as this filter."""
        return cls(write_filter(line), line, timespan)

    @property
    def range(self) -> Timespan:
        """The time range in the line, or the one next to it."""
        return self.line.timespan or self.timespan

    def typed(self, text: str) -> "TypedLine":
        """The line with this text in its place; if it cannot be read, the filter stays and the error says why."""
        try:
            return replace(self, text=text, line=parse_filter(text), error=None)
        except FilterError as error:
            return replace(self, text=text, error=error)

    def in_range(self, timespan: Timespan) -> "TypedLine":
        """The line over another time range; one that the line names is removed from it."""
        if self.line.since is None and self.line.until is None:
            return replace(self, timespan=timespan)
        return TypedLine.written(replace(self.line, since=None, until=None), timespan)

    def lookup(self) -> Lookup:
        """What the service is asked for: the time range, and every clause it may select by."""
        clauses = tuple(dict.fromkeys(filter(None, map(attributes_of, self.line.terms))))
        return Lookup(self.range, None, clauses)

    def filtered_here(self, selected: Clause) -> tuple[Term, ...]:
        """The terms that only ctui filters by, if the service selects by these attributes."""
        return tuple(term for term in self.line.terms if not selected or attributes_of(term) != selected)

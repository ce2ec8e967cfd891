"""TypedLine: the filter line and the time range chosen next to it, and the lookup that asks for both."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from ctui.model.filter.contradiction import contradiction
from ctui.model.filter.editing.cursor import is_half_typed, with_open_end
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.read_lists import ReadWords, no_files, read_lists
from ctui.model.filter.selection import asks_for_files, clauses_by_category, decides, in_category, term_of
from ctui.model.filter.terms import MARKED, Filter, Term
from ctui.model.filter.write import write_filter
from ctui.model.lookup.lookup import Category, Clause, Lookup
from ctui.model.lookup.timespan import Timespan
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A filter line at one moment."""

    text: str
    """As it was typed."""
    line: Filter
    """What filters: the last text that could be read."""
    timespan: Timespan
    """The time range chosen next to the line; one in the line goes first."""
    range: Timespan
    """The time range that is meant. Times of day and days that the line names are those of when it was typed or asked:
    they stay what they are while a person looks at them."""
    error: FilterError | None = None
    """Why the text cannot be read; None if it can."""
    read_words: ReadWords = no_files
    """Reads the files that the line names."""
    half_typed: bool = False
    """True while the last term is being typed: the value it ends in filters as the start of one."""

    @classmethod
    def of_lookup(cls, lookup: Lookup, read_words: ReadWords = no_files) -> "TypedLine":
        """The line that asks what a lookup asks."""
        line = Filter().with_terms(map(term_of, lookup.all_clauses))
        return cls(write_filter(line), line, lookup.timespan, lookup.timespan, read_words=read_words)

    @classmethod
    def written(cls, line: Filter, timespan: Timespan, now: datetime, read_words: ReadWords = no_files) -> "TypedLine":
        """The line with the text that reads as this filter; with an error if it names a file that cannot be read."""
        written = cls(write_filter(line), line, timespan.resolved(now), timespan, read_words=read_words)
        try:
            return replace(written, line=read_lists(line, read_words)).at(now)
        except FilterError as error:
            return replace(written, error=error)

    def at(self, now: datetime) -> "TypedLine":
        """The line as it is meant at this time; with an error if the range that it names has no second then.

        A line such as today..2026-11-27T18:00Z has none from the next day on.
        """
        named = self.line.timespan
        try:
            meant = self.timespan.resolved(now) if named is None else named.resolved(now).checked(now)
        except ValueError as error:
            return replace(self, error=FilterError(str(error), 0))
        return replace(self, range=meant)

    def typed(self, text: str, now: datetime, *, typing: bool = False) -> "TypedLine":
        """The line with this text in its place; if it cannot be read, the filter stays and the error says why.

        `typing`: more may follow, so that its last term may be half typed.
        """
        half_typed = typing and is_half_typed(text)
        try:
            line = read_lists(_with_open_end(text) if half_typed else parse_filter(text), self.read_words)
            typed = replace(self, text=text, line=line, error=None, half_typed=half_typed).at(now)
        except FilterError as error:
            return replace(self, text=text, error=error, half_typed=self.half_typed and typing)
        if typed.error is not None:
            return replace(self, text=text, error=typed.error, half_typed=self.half_typed and typing)
        return typed

    def in_range(self, timespan: Timespan, now: datetime) -> "TypedLine":
        """The line over another time range; one that the line names is removed from it."""
        if self.line.since is None and self.line.until is None:
            return replace(self, timespan=timespan.resolved(now)).at(now)
        return TypedLine.written(replace(self.line, since=None, until=None), timespan, now, self.read_words)

    def means(self, other: "TypedLine") -> bool:
        """True if the other line, with its range, asks for the same."""
        return (self.line, self.timespan, self.range) == (other.line, other.timespan, other.range)

    def lookup(self) -> Lookup:
        """What the service is asked for: the time range, and every clause it may select by; or that none can match."""
        return _lookup(self.line, self.range)

    def filtered_here(self, lookup: Lookup, selected: Clause) -> tuple[Term, ...]:
        """The terms that only ctui filters by, if this is looked up and the service selects by these attributes."""
        line = self.line if lookup.management else in_category(self.line, Category.INSIGHT) or self.line
        terms = (term for term in line.terms if not (lookup.marked and term == MARKED))
        return tuple(term for term in terms if not decides(selected, term))


def _with_open_end(text: str) -> Filter:
    """The line's filter; its last value is the start of one where that can be written. Raises FilterError."""
    line, opened = parse_filter(text), with_open_end(text)
    if opened == text:
        return line
    try:
        return parse_filter(opened)
    except FilterError:
        # A network, say, is no start of anything.
        return line


@lru_cache(maxsize=32)
def _lookup(line: Filter, timespan: Timespan) -> Lookup:
    """The same for the same line: it is read for each state."""
    if contradiction(line):
        return Lookup(timespan, impossible=True)
    if line.marked_only:
        return Lookup(timespan, marked=True)
    if not (clauses := clauses_by_category(line)):
        return Lookup(timespan, impossible=True, only_in_files=asks_for_files(line))
    management, insights = clauses.get(Category.MANAGEMENT), clauses.get(Category.INSIGHT)
    return Lookup(timespan, clauses=management or (), management=management is not None, insights=insights)

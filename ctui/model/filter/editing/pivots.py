"""Pivots: the values of an event, each as a question of its own, and a line with one of them added or excluded."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import (
    ABOUT,
    ACCOUNT,
    AGENT,
    ERROR,
    ID,
    IP,
    KEY,
    NAME,
    REGION,
    RESOURCE,
    ROLE,
    SESSION,
    SOURCE,
    TYPE,
    USER,
    WHO,
    ValueField,
)
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.syntax.names import FIELD
from ctui.model.filter.terms import FieldTerm, Filter, PathTerm, Term, WordTerm, negate
from ctui.model.filter.write import write_filter
from ctui.model.lookup.timespan import ends_around
from ctui.model.values import dataclass

AROUND = timedelta(minutes=15)
"""How far a pivot on the time reaches to either side."""
_LONGEST = 2000
"""Characters of the longest value that becomes a term: a line has room for five of them."""
_REQUEST_ID = "requestID"
_OF_EVENT = (
    (USER, "u"),
    (ROLE, "o"),
    (SESSION, "s"),
    (KEY, "k"),
    (IP, "i"),
    (NAME, "e"),
    (RESOURCE, "r"),
    (ERROR, "x"),
)
"""The fields whose values an event offers, in the order of the menu, with their letters."""
LETTERS = {**{letter: field.name for field, letter in _OF_EVENT}, "b": "user", "e": "event", "d": "request ID"}
"""What each letter of an event's menu stands for, also if the event has no such value."""
_OF_VALUE = (*_OF_EVENT, (WHO, "w"), (SOURCE, "v"), (TYPE, "t"), (AGENT, "g"), (ACCOUNT, "n"), (REGION, "l"), (ID, "d"))
"""The fields that a value of a record may be one of, with their letters."""
_MORE = "23456789"
"""The letters of a field's further values."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """One value as a question: a term, or the time around an event."""

    letter: str
    """The key that chooses it; "" if there are more values than letters."""
    label: str
    """What the value is, in a word or two; a path of the record where it has no other name."""
    text: str
    """The value: recorded, so hostile until cleaned."""
    term: Term | None
    """The term that finds it; None for a range of time."""
    since: str | None = None
    until: str | None = None

    @property
    def line(self) -> Filter:
        """The line that asks for this alone."""
        return Filter(() if self.term is None else (self.term,), self.since, self.until)


class PivotHow(Enum):
    """What a pivot does with the line."""

    REPLACE = auto()
    ADD = auto()
    EXCLUDE = auto()


def pivots_of(event: Event, region: str) -> tuple[Pivot, ...]:
    """The values of an event that others may share, and the time around it. `region` is the one that was searched."""
    view = RecordView(event, region)
    pivots: list[Pivot] = []
    for field, letter in _OF_EVENT:
        if field is ROLE and pivots:
            # Who made this user, and gave it what.
            user = pivots[0].text
            pivots.append(Pivot("b", "about user", user, FieldTerm(ABOUT, (Pattern((user,)),))))
        values = [value for value in dict.fromkeys(field.read(view)) if value and len(value) <= _LONGEST]
        if field is ERROR:
            # The message is another wording of the code.
            values = values[:1]
        letters = (letter, *(_MORE if field is RESOURCE else ""))
        for place, value in enumerate(values):
            pivots.append(_of_field(field, value, letters[place] if place < len(letters) else ""))
    request = view.record.get(_REQUEST_ID)
    if isinstance(request, str) and 0 < len(request) <= _LONGEST:
        term = PathTerm((_REQUEST_ID,), (Pattern((request,)),))
        pivots.append(Pivot("d", "request ID", request, term))
    return (*pivots, _around(event.time))


def pivots_at(event: Event, region: str, path: str, value: str) -> tuple[Pivot, ...]:
    """What one value of an event's record can be asked as: a field that has it, its path, or anywhere in the record.

    `path` is the dotted path of the value as `paths_of` has it.
    """
    if not value or len(value) > _LONGEST:
        return ()
    view, pattern = RecordView(event, region), Pattern((value,))
    pivots = [_of_field(field, value, letter) for field, letter in _OF_VALUE if value in field.read(view)]
    if value in ABOUT.read(view):
        pivots.append(Pivot("b", ABOUT.name, value, FieldTerm(ABOUT, (pattern,))))
    at_path = Pivot("p", path, value, PathTerm(tuple(path.split(".")), (pattern,)))
    if FIELD.fullmatch(f"{path}:") and _can_be_typed(at_path.line):
        pivots.append(at_path)
    return (*pivots, Pivot("y", "anywhere", value, WordTerm((pattern,))))


def pivoted(line: Filter, pivot: Pivot, how: PivotHow) -> Filter:
    """The line after a pivot. Its range stays, unless the pivot is a range: that replaces it, and excludes nothing."""
    if pivot.term is None:
        if how is PivotHow.EXCLUDE:
            return line
        terms = () if how is PivotHow.REPLACE else line.terms
        return replace(line, terms=terms, since=pivot.since, until=pivot.until)
    term = negate(pivot.term) if how is PivotHow.EXCLUDE else pivot.term
    if how is PivotHow.REPLACE:
        return replace(line, terms=(term,))
    return replace(line, terms=(*_without(line.terms, term), term))


def _without(terms: Sequence[Term], term: Term) -> Iterator[Term]:
    """The terms without this one and without its opposite, with which no event would match."""
    return (one for one in terms if one not in (term, negate(term)))


def _can_be_typed(line: Filter) -> bool:
    """True if the line's text reads as the line: some paths are names in other languages, and refused."""
    try:
        return parse_filter(write_filter(line)) == line
    except FilterError:
        return False


def _of_field(field: ValueField, value: str, letter: str) -> Pivot:
    if field is RESOURCE:
        # The same thing in a request or response, by whichever of its names, belongs to its story.
        return Pivot(letter, field.name, value, FieldTerm(ABOUT, (Pattern((value,)),)))
    label = _LABELS.get(field, field.name)
    return Pivot(letter, label, value, FieldTerm(field, (Pattern((value,)),)))


_LABELS = {NAME: "event"}


def _around(time: datetime) -> Pivot:
    return Pivot("a", "around", "±15 min", None, *ends_around(time, AROUND))

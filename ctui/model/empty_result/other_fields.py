"""Where a value of a term occurs instead: in another field, in a longer form, or elsewhere in the record.

The screen shows some values in a shorter form than their field has: the role in brackets after the session, the last
part of an ARN, `autoscaling` for a service's host name, an error without "Exception", "+2" after a resource. Typed into
the line, such a value matches nothing, and after a dash it hides nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ctui.model.event.event import Event
from ctui.model.event.names import AMAZON
from ctui.model.event.record import decode_record, text
from ctui.model.filter.fields import ROLE, USER, ValueField, value_fields
from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.predicate import Predicate, compile_filter, field_values
from ctui.model.filter.terms import FieldTerm, Filter, PathTerm, Term
from ctui.model.filter.write import write_term

_SHOWN_TOGETHER = (re.compile(r"(.+) \((.+)\)", re.DOTALL), re.compile(r"(.+) \+\d+", re.DOTALL))
"""A session with its role in brackets; a resource with the number of further ones."""
_KEY = re.compile(r"[A-Za-z_@][\w@$-]*")
_WORDS = {"userIdentity.arn": "part of the caller's ARN"}
"""What people call a path of the record, the best known first."""
_MAX_OCCURRENCES = 500
"""The most places that are compared for one line: enough to find the usual one."""


@dataclass(frozen=True, slots=True)
class OtherField:
    """A value of a line, and the term that matches it."""

    term: Term
    """The term of the line, which does not match it."""
    replacement: Term
    """The term that does."""
    text: str
    """Where it occurs and in how many stored events. Contains recorded values: hostile until cleaned."""


@dataclass(frozen=True, slots=True)
class _Occurrence:
    term: FieldTerm | PathTerm
    rank: int
    """0 for the same field, then other fields, then paths of the record, the best known first."""
    replacement: FieldTerm | PathTerm
    words: str


class OtherFieldSearch:
    """Searches events one by one with `look`; `found` returns the result."""

    def __init__(self, line: Filter, now: datetime, *, negated: bool = False) -> None:
        """`line` includes the whole range; `now` is the server's clock.

        With `negated`, only negated terms that hide nothing are searched for; otherwise only positive terms.
        """
        self._line = line
        self._now = now
        self._terms = whole_value_terms(line, negated=negated)
        self._hiding = {
            term: compile_filter(replace(line, terms=(replace(term, negated=False),)), now)
            for term in self._terms
            if term.negated
        }
        self._occurrences: dict[str, _Occurrence] = {}
        self._predicates: dict[str, Predicate] = {}

    def __bool__(self) -> bool:
        """False if the line has no term that compares one whole value."""
        return bool(self._terms)

    def look(self, event: Event, region: str) -> Iterator[str]:
        """The places at which this event has a value of the line and would match with it. Never raises."""
        for term in self._terms:
            if term.negated and self._hiding[term](event, region):
                yield write_term(term)
            for form in _forms(term.patterns[0].parts[0]):
                recorded = (event.record, *(one.name or "" for one in event.resources))
                if term.negated:
                    # The case may be what is wrong with it.
                    near = any(form.casefold() in one.casefold() for one in recorded)
                else:
                    near = any(form in one for one in recorded)
                if near or "\\" in event.record:
                    for occurrence in _occurrences(term, form, event, region):
                        key = f"{write_term(term)} {write_term(occurrence.replacement)}"
                        if self._passes(key, occurrence, event, region):
                            yield key

    def found(self, counts: dict[str, int]) -> tuple[OtherField, ...]:
        """The best occurrence for each term; `counts` has the number of events for each occurrence."""
        best: dict[Term, tuple[tuple[int, int], str]] = {}
        for key, number in counts.items():
            occurrence = self._occurrences.get(key)
            if occurrence is not None and write_term(occurrence.term) not in counts:
                order = (occurrence.rank, -number)
                best[occurrence.term] = min(best.get(occurrence.term, (order, key)), (order, key))
        return tuple(self._other_field(self._occurrences[key], counts[key]) for _, key in best.values())

    def _other_field(self, occurrence: _Occurrence, number: int) -> OtherField:
        where = f"{number:,} stored event{'' if number == 1 else 's'}"
        text = f"{occurrence.words} in {where}"
        if not occurrence.term.negated:
            return OtherField(occurrence.term, occurrence.replacement, text)
        return OtherField(
            occurrence.term,
            replace(occurrence.replacement, negated=True),
            f"{write_term(occurrence.term)} hides nothing: {text}",
        )

    def _passes(self, key: str, occurrence: _Occurrence, event: Event, region: str) -> bool:
        """True if the event matches the line that looks for the value at this occurrence."""
        if key not in self._occurrences:
            if len(self._occurrences) == _MAX_OCCURRENCES:
                return False
            self._occurrences[key] = occurrence
            line = self._line.replaced(occurrence.term, occurrence.replacement)
            self._predicates[key] = compile_filter(line, self._now)
        return self._predicates[key](event, region)


def _occurrences(term: FieldTerm | PathTerm, form: str, event: Event, region: str) -> Iterator[_Occurrence]:
    """Where this event has what is typed as `form`: in the same field, another field, or elsewhere in the record."""
    own = term.field.name if isinstance(term, FieldTerm) else ".".join(term.path)
    for value in field_values(own, event, region):
        pattern = _spelled(form, value, error=own in ("error", "errorCode"))
        if pattern is not None and not matches(term.patterns[0], value):
            words = f"{form} occurs as {own}:" if form == value else f"{form} is short for {value}"
            yield _Occurrence(term, 0, replace(term, one_of=(pattern,), negated=False), words)
        elif term.negated and value != form and value.casefold() == form.casefold():
            words = f"case matters: {value} occurs as {own}:"
            yield _Occurrence(term, 0, replace(term, one_of=(Pattern((value,)),), negated=False), words)
    searched = searched_fields()
    for rank, field in enumerate(searched, 1):
        # A value that is excluded from one field is not expected in another, but a role can be taken for a user.
        expected = not term.negated or (own == USER.name and field is ROLE)
        if expected and field.name != own and form in field_values(field.name, event, region):
            yield _Occurrence(term, rank, FieldTerm(field, (Pattern((form,)),)), f"{form} occurs as {field.name}:")
    for path, value in _leaves(decode_record(event.record)):
        pattern = _spelled(form, value, error=path == "errorCode")
        if (
            pattern is not None
            and path != own
            and (not term.negated or (own == "user" and path.startswith("userIdentity.")))
        ):
            known = list(_WORDS)
            rank = len(searched) + 1 + (known.index(path) if path in known else len(known))
            words = f"{form} occurs at {path}" + (f" ({_WORDS[path]})" if path in _WORDS else "")
            yield _Occurrence(term, rank, PathTerm(tuple(path.split(".")), (pattern,)), words)


def searched_fields() -> tuple[ValueField, ...]:
    """The fields that are searched for a value that another field lacks, the likeliest first."""
    fields = (field for field in value_fields() if field.search_order)
    return tuple(sorted(fields, key=lambda field: field.search_order))


def whole_value_terms(line: Filter, *, negated: bool) -> tuple[FieldTerm | PathTerm, ...]:
    """The terms that compare one whole value: the negated ones, or the positive ones."""
    return tuple(
        term
        for term in line.terms
        if isinstance(term, FieldTerm | PathTerm)
        and term.negated is negated
        and not term.ignore_case
        and len(term.patterns) == len(term.one_of) == 1
        and term.patterns[0].exact
    )


def _forms(value: str) -> Iterator[str]:
    """The value, and its parts if it was typed as it is shown together with another."""
    yield value
    for pattern in _SHOWN_TOGETHER:
        if (found := pattern.fullmatch(value)) is not None:
            yield from found.groups()


def _spelled(form: str, value: str, *, error: bool) -> Pattern | None:
    """A pattern that matches the value, if the screen shows the value as `form`; else None."""
    whole = [form, form + AMAZON, f"{form}{AMAZON}.cn"]
    if error:
        whole += [f"{form}Exception", f"Client.{form}", f"Client.{form}Exception"]
    if value in whole:
        return Pattern((value,))
    found = re.search(rf"[:/]{re.escape(form)}(?:([:/])|$)", value) if value.startswith("arn:") else None
    if found is None:
        return None
    return Pattern(("", found[0], "")) if found[1] else Pattern(("", found[0]))


def _leaves(record: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every text of a record with its dotted path, as it can be typed; a list counts as all its items."""
    waiting: list[tuple[object, str]] = [(record, "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(key, str) and _KEY.fullmatch(key):
                    waiting.append((inner, f"{path}.{key}" if path else key))
        elif isinstance(value, list):
            waiting.extend((inner, path) for inner in value)
        elif path and text(value):
            yield path, text(value)

"""A bare word that is a known value of a field: with the field, the service returns only matching events."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ctui.model.filter.fields import ValueField, value_fields
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.selection import attributes_of, clauses_of
from ctui.model.filter.terms import FieldTerm, Filter, WordTerm


def word_fields() -> tuple[ValueField, ...]:
    """The fields that a bare word is compared with, the likeliest first."""
    fields = (field for field in value_fields() if field.noun)
    return tuple(sorted(fields, key=lambda field: field.word_order))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One line with which the service can select."""

    value: str
    """The recorded value: hostile until cleaned."""
    field: ValueField
    """The field that has the value."""
    term: FieldTerm
    """The term that replaces the word."""
    line: Filter
    """The line with that term."""


def bare_words(line: Filter) -> tuple[str, ...]:
    """The words without wildcards in a line, if the service can select by none of its terms; else ()."""
    if clauses_of(line):
        return ()
    return tuple(dict.fromkeys(word for term in line.terms if (word := _word(term))))


def narrowings(line: Filter, known: Mapping[str, Collection[str]]) -> Iterator[Narrowing]:
    """The lines with which the service can select: each word replaced by a term of a field that has it as a value.

    `known` are recorded values by field. A word is compared ignoring case; the term has the case of the value.
    """
    words = bare_words(line)
    for term in line.terms:
        if (word := _word(term)) not in words:
            continue
        for field in word_fields():
            for value in known.get(field.name, ()):
                better = FieldTerm(field, (Pattern((value,)),))
                if value.casefold() == word.casefold() and attributes_of(better):
                    yield Narrowing(value, field, better, line.replaced(term, better))


def _word(term: object) -> str:
    """The one word of a term; "" for any other term."""
    if not isinstance(term, WordTerm) or term.negated or len(term.one_of) != 1 or not term.one_of[0].exact:
        return ""
    return term.one_of[0].parts[0]

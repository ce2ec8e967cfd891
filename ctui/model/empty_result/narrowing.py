"""A bare word that is a known value of a field: with the field, the service returns only matching events."""

from collections.abc import Collection, Iterator, Mapping

from ctui.model.filter.fields import ValueField, value_fields
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.selection import attributes_of, clauses_of
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, Filter, Group, Term, WordTerm, leaves_of
from ctui.model.filter.write import write_term
from ctui.model.values import dataclass

_MOST = 50
"""The most terms whose words are looked up; a longer line was not typed by hand."""


def word_fields() -> tuple[ValueField, ...]:
    """The fields that a bare word is compared with, the likeliest first."""
    fields = (field for field in value_fields() if field.noun)
    return tuple(sorted(fields, key=lambda field: field.word_order))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One line with which the service can select."""

    text: str
    """Which values the words are. Contains recorded values: hostile until cleaned."""
    better: str
    """What replaces the term of the words, as it is written."""
    line: Filter
    """The line with that in it."""


def bare_words(line: Filter) -> tuple[str, ...]:
    """The words without wildcards in a line, if the service can select by none of its terms; else ()."""
    if clauses_of(line):
        return ()
    return tuple(dict.fromkeys(word for leaf in line.leaves[:_MOST] if (word := _word(leaf))))


def narrowings(line: Filter, known: Mapping[str, Collection[str]]) -> Iterator[Narrowing]:
    """The lines with which the service can select: words replaced by terms of fields that have them as values.

    `known` are recorded values by field. A word is compared ignoring case; the term has the case of the value. The
    words of a group are replaced together, each by its likeliest field.
    """
    if not bare_words(line):
        return
    for term in line.terms:
        if word := _word(term):
            for value, field in _known(word, known):
                better = _exact(value, field)
                if attributes_of(better):
                    yield Narrowing(f"{value} is {field.noun}", write_term(better), line.replaced(term, better))
        elif isinstance(term, AnyOf | AllOf):
            yield from _in_group(line, term, known)


def _in_group(line: Filter, group: Group, known: Mapping[str, Collection[str]]) -> Iterator[Narrowing]:
    """The line with every known word of the group replaced, if the service can select by that."""
    better, alone, said = line, Filter((group,)), []
    for leaf in dict.fromkeys(leaves_of(group)):
        if (found := next(_known(_word(leaf), known), None)) is not None:
            value, field = found
            better, alone = (one.replaced(leaf, _exact(value, field)) for one in (better, alone))
            said.append(f"{value} is {field.noun}")
    if said and clauses_of(alone):
        yield Narrowing(" and ".join(said), " ".join(map(write_term, alone.terms)), better)


def _known(word: str, known: Mapping[str, Collection[str]]) -> Iterator[tuple[str, ValueField]]:
    """The recorded values that a word is, the likeliest field first."""
    for field in word_fields() if word else ():
        yield from ((value, field) for value in known.get(field.name, ()) if value.casefold() == word.casefold())


def _exact(value: str, field: ValueField) -> FieldTerm:
    return FieldTerm(field, (Pattern((value,)),))


def _word(term: Term) -> str:
    """The one word of a term; "" for any other term."""
    if not isinstance(term, WordTerm) or term.negated or len(term.one_of) != 1 or not term.one_of[0].exact:
        return ""
    return term.one_of[0].parts[0]

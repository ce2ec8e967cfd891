"""Values that differ from what was asked for in upper and lower case alone."""

from collections.abc import Callable, Iterable, Sequence

from ctui.model.predicate import matches
from ctui.model.terms import FieldTerm, Filter, PathTerm, Pattern, Term

MOST_TWINS = 3
"""So many values are offered in place of one."""


def field_of(term: Term) -> str:
    """The field, or the path, whose values a positive term compares; "" for other terms."""
    if term.negated or not isinstance(term, FieldTerm | PathTerm):
        return ""
    return term.name.value if isinstance(term, FieldTerm) else ".".join(term.path)


def wanted(line: Filter) -> dict[str, tuple[Pattern, ...]]:
    """The patterns of a line by the field whose values they are held against."""
    found: dict[str, tuple[Pattern, ...]] = {}
    for term in line.terms:
        if isinstance(term, FieldTerm | PathTerm) and (name := field_of(term)):
            found[name] = (*found.get(name, ()), *term.one_of)
    return found


def resembling(patterns: Sequence[Pattern]) -> Callable[[str], bool]:
    """A test for values that one of the patterns matches if upper and lower case are the same."""
    folded = [_folded(pattern) for pattern in patterns]
    return lambda value: any(matches(pattern, value.casefold()) for pattern in folded)


def twins(pattern: Pattern, values: Iterable[str]) -> tuple[str, ...]:
    """The first few values that the pattern matches but for upper and lower case.

    None where it matches any as it is.
    """
    found: list[str] = []
    like = resembling((pattern,))
    for value in values:
        if matches(pattern, value):
            return ()
        if len(found) < MOST_TWINS and like(value):
            found.append(value)
    return tuple(found)


def recased(pattern: Pattern, value: str) -> Pattern:
    """The pattern in a twin's upper and lower case; it matches the twin."""
    folded = value.casefold()
    same_length = all(len(text) == len(text.casefold()) for text in (value, *pattern.parts))
    if pattern.exact or not same_length:
        return Pattern((value,))
    first, *middle, last = pattern.parts
    parts, at = [value[: len(first)]], len(first)
    for part in middle:
        at = folded.index(part.casefold(), at)
        parts.append(value[at : at + len(part)])
        at += len(part)
    return Pattern((*parts, value[len(value) - len(last) :]))


def _folded(pattern: Pattern) -> Pattern:
    return Pattern(tuple(part.casefold() for part in pattern.parts))

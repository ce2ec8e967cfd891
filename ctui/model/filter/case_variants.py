"""Values that differ from what was asked for in upper and lower case alone."""

from collections.abc import Callable, Iterable, Sequence

from ctui.model.filter.predicate import matches
from ctui.model.filter.terms import FieldTerm, Filter, PathTerm, Pattern, Term

MAX_VARIANTS = 3
"""So many values are offered in place of one."""
MAX_PATTERNS = 50
"""So many patterns of a field are looked at: of more, nobody wonders which is in the wrong case."""


def field_of(term: Term) -> str:
    """The field, or the path, whose values a positive term compares; "" for other terms."""
    if term.negated or not isinstance(term, FieldTerm | PathTerm):
        return ""
    return term.field.name if isinstance(term, FieldTerm) else ".".join(term.path)


def patterns_by_field(line: Filter) -> dict[str, tuple[Pattern, ...]]:
    """The patterns of a line by the field whose values they are held against."""
    found: dict[str, tuple[Pattern, ...]] = {}
    for term in line.terms:
        if isinstance(term, FieldTerm | PathTerm) and (name := field_of(term)):
            before = found.get(name, ())
            found[name] = (*before, *term.one_of[: MAX_PATTERNS - len(before)])
    return found


def ignoring_case(patterns: Sequence[Pattern]) -> Callable[[str], bool]:
    """A test for values that one of the patterns matches if upper and lower case are the same."""
    folded = [_folded(pattern) for pattern in patterns]
    exact = frozenset(pattern.parts[0] for pattern in folded if pattern.exact)
    wild = [pattern for pattern in folded if not pattern.exact]

    def like(value: str) -> bool:
        plain = value.casefold()
        return plain in exact or any(matches(pattern, plain) for pattern in wild)

    return like


def case_variants(pattern: Pattern, values: Iterable[str]) -> tuple[str, ...]:
    """The first few values that the pattern matches but for upper and lower case.

    None where it matches any as it is.
    """
    found: list[str] = []
    like = ignoring_case((pattern,))
    for value in values:
        if matches(pattern, value):
            return ()
        if len(found) < MAX_VARIANTS and like(value):
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

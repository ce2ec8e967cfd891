"""Values that differ from what a filter names only in upper and lower case."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.terms import FieldTerm, Filter, PathTerm, Term

MAX_VARIANTS = 3
"""The most variants that are suggested for one pattern."""
MAX_PATTERNS = 50
"""The most patterns of a field that are compared; a longer list was not typed by hand."""


def compared_field(term: Term) -> str:
    """The field or path whose values a term compares with letter case; "" if it is negated, and for other kinds."""
    if not isinstance(term, FieldTerm | PathTerm) or term.negated or term.ignore_case:
        return ""
    return term.field.name if isinstance(term, FieldTerm) else ".".join(term.path)


def patterns_by_field(line: Filter) -> dict[str, tuple[Pattern, ...]]:
    """The patterns of a line, by the field or path whose values they are compared with."""
    patterns: dict[str, tuple[Pattern, ...]] = {}
    for term in line.leaves:
        if isinstance(term, FieldTerm | PathTerm) and (name := compared_field(term)):
            before = patterns.get(name, ())
            patterns[name] = (*before, *term.patterns[: MAX_PATTERNS - len(before)])
    return patterns


def ignoring_case(patterns: Sequence[Pattern]) -> Callable[[str], bool]:
    """A test that is true for values that one of the patterns matches when case is ignored."""
    folded = [pattern.folded for pattern in patterns]
    exact = frozenset(pattern.parts[0] for pattern in folded if pattern.exact)
    wild = [pattern for pattern in folded if not pattern.exact]

    def like(value: str) -> bool:
        plain = value.casefold()
        return plain in exact or any(matches(pattern, plain) for pattern in wild)

    return like


def case_variants(pattern: Pattern, values: Iterable[str]) -> tuple[str, ...]:
    """The first few values that the pattern matches only when case is ignored.

    () if the pattern matches any of the values as it is.
    """
    variants: list[str] = []
    like = ignoring_case((pattern,))
    for value in values:
        if matches(pattern, value):
            return ()
        if len(variants) < MAX_VARIANTS and like(value):
            variants.append(value)
    return tuple(variants)


def recased(term: FieldTerm | PathTerm, pattern: Pattern, value: str) -> FieldTerm | PathTerm:
    """The term with a value in the place of a pattern."""
    by = Pattern((value,))
    if isinstance(term, PathTerm):
        return replace(term, one_of=tuple(by if one == pattern else one for one in term.one_of))
    return replace(term, one_of=tuple(by if one == pattern else one for one in term.one_of))

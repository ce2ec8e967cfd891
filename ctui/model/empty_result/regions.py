"""Regions that a line names but that were not searched. Each Region has only its own events."""

import re
from collections.abc import Collection

from ctui.model.filter.fields import REGION
from ctui.model.filter.predicate import value_test
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, Filter, Term, pushed_down

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
"""The form of a Region's name; there is no complete list of Regions."""


def is_region(name: str) -> bool:
    """True if a name has the form of a Region's name, so that it can be searched."""
    return _REGION.fullmatch(name) is not None


def unsearched_regions(line: Filter, searched: Collection[str]) -> tuple[str, ...]:
    """The Regions that a line names and that were not searched, in order; () if no Region was searched yet."""
    return tuple(name for name in regions_named(line) if name not in searched) if searched else ()


def regions_named(line: Filter) -> tuple[str, ...]:
    """The whole names after `region:`, in order, without those that the rest of the line excludes."""
    terms = [term for term in line.leaves if isinstance(term, FieldTerm) and term.field is REGION and not term.negated]
    patterns = (pattern.folded if term.ignore_case else pattern for term in terms for pattern in term.patterns)
    named = dict.fromkeys(pattern.parts[0] for pattern in patterns if pattern.exact)
    down = [pushed_down(term) for term in line.terms]
    return tuple(name for name in named if all(_allows(term, name) for term in down))


def _allows(term: Term, region: str) -> bool:
    """False for a term that excludes events of this Region, whatever else they are; its groups are not negated."""
    if isinstance(term, AnyOf | AllOf):
        inner = (_allows(one, region) for one in term.terms)
        return any(inner) if isinstance(term, AnyOf) else all(inner)
    if not isinstance(term, FieldTerm) or term.field is not REGION:
        return True
    return value_test(term)(region) is not term.negated

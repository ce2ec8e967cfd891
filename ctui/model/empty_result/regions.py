"""Regions that a line names but that were not searched. Each Region has only its own events."""

import re
from collections.abc import Collection

from ctui.model.filter.fields import REGION
from ctui.model.filter.matching.patterns import matches
from ctui.model.filter.terms import FieldTerm, Filter

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
"""The form of a Region's name; there is no complete list of Regions."""


def is_region(name: str) -> bool:
    """True if a name has the form of a Region's name, so that it can be searched."""
    return _REGION.fullmatch(name) is not None


def unsearched_regions(line: Filter, searched: Collection[str]) -> tuple[str, ...]:
    """The whole names after `region:` that were not searched, in order; () if no Region was searched yet.

    A Region that another term of the line excludes is left out.
    """
    terms = [term for term in line.terms if isinstance(term, FieldTerm) and term.field is REGION]
    named = [p.parts[0] for term in terms if not term.negated for p in term.patterns if p.exact] if searched else []

    def wanted(region: str) -> bool:
        return all(any(matches(each, region) for each in term.patterns) is not term.negated for term in terms)

    return tuple(region for region in dict.fromkeys(named) if region not in searched and wanted(region))

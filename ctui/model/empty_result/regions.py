"""Regions: each tells of its own events alone. Which of them a line names and nobody asked."""

import re
from collections.abc import Collection

from ctui.model.filter.fields import REGION
from ctui.model.filter.predicate import matches
from ctui.model.filter.terms import FieldTerm, Filter

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
"""What a Region is called; there are more of them than anybody lists."""


def is_region(name: str) -> bool:
    """True where a name is formed like a Region's, so that it can be asked."""
    return _REGION.fullmatch(name) is not None


def unsearched_regions(line: Filter, asked: Collection[str]) -> tuple[str, ...]:
    """What the line names after `region:` as a whole, and nobody asked, in its order; () while nobody is asked.

    What another term of the line keeps out is not wanted and not told.
    """
    terms = [term for term in line.terms if isinstance(term, FieldTerm) and term.field is REGION]
    named = [p.parts[0] for term in terms if not term.negated for p in term.one_of if p.exact] if asked else []

    def wanted(region: str) -> bool:
        return all(any(matches(each, region) for each in term.one_of) is not term.negated for term in terms)

    return tuple(region for region in dict.fromkeys(named) if region not in asked and wanted(region))

"""Which categories of events a filter line asks for: LookupEvents answers for management or for Insights events.

In each category it is known of every event whether it matches `is:insight`, so that the term falls out of the line.
"""

from dataclasses import replace

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.filter.selection import clauses_of
from ctui.model.filter.terms import AllOf, AnyOf, Filter, KindTerm, Leaf, Term, all_of, any_of, pushed_down
from ctui.model.lookup.lookup import Category, Clause

_SELECT_INSIGHTS = frozenset((AttributeKey.EVENT_ID, AttributeKey.EVENT_NAME, AttributeKey.EVENT_SOURCE))
"""The attributes by which the service selects Insights events (user guide, "Viewing Insights events for trails")."""


def clauses_by_category(line: Filter) -> dict[Category, tuple[Clause, ...]]:
    """What the service may select by, in each category in which events can match; {} if none can.

    Without `is:insight` in the line, the service is asked for management events alone.
    """
    found: dict[Category, tuple[Clause, ...]] = {}
    if (management := in_category(line, Category.MANAGEMENT)) is not None:
        found[Category.MANAGEMENT] = clauses_of(management)
    if asks_for_insights(line) and (insights := in_category(line, Category.INSIGHT)) is not None:
        clauses = clauses_of(insights)
        found[Category.INSIGHT] = tuple(one for one in clauses if all(each.key in _SELECT_INSIGHTS for each in one))
    return found


def asks_for_insights(line: Filter) -> bool:
    """True if the line says `is:insight`: without that, nothing is asked of the service for Insights events."""
    return any(_is_insight(leaf) and not leaf.negated for leaf in line.leaves)


def in_category(line: Filter, category: Category) -> Filter | None:
    """What the line says of events of one category; None if none of them can match."""
    if not any(map(_is_insight, line.leaves)):
        return line
    left: list[Term] = []
    for term in line.terms:
        decided = _decided(pushed_down(term), category)
        if decided is False:
            return None
        if decided is not True:
            left.append(decided)
    return line.with_terms(left)


def _is_insight(leaf: Leaf) -> bool:
    return isinstance(leaf, KindTerm) and EventKind.INSIGHT in leaf.one_of


def _decided(term: Term, category: Category) -> Term | bool:
    """The term as it is for events of one category, or whether all of them match. Its groups are not negated."""
    if isinstance(term, AnyOf | AllOf):
        settles = isinstance(term, AnyOf)
        inner = [_decided(one, category) for one in term.terms]
        if settles in inner:
            return settles
        left = [one for one in inner if not isinstance(one, bool)]
        return not settles if not left else any_of(left) if settles else all_of(left)
    if not isinstance(term, KindTerm) or not _is_insight(term):
        return term
    if category is Category.INSIGHT:
        return not term.negated
    others = tuple(kind for kind in term.one_of if kind is not EventKind.INSIGHT)
    return replace(term, one_of=others) if others else term.negated

"""Contradictions: terms that no event can match together, so that a line is answered without a call.

This never says so of a line that some event matches, however odd the event; it may miss lines that no event matches.
Only fields that are `single` have one value at most: an event has several resources, types and errors, and a path
through a list has several values.
"""

from itertools import combinations, product

from ctui.model.filter.kinds import KINDS
from ctui.model.filter.matching.addresses import AddressRange, address_of
from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.terms import (
    AllOf,
    AnyOf,
    FieldTerm,
    Filter,
    KindTerm,
    Leaf,
    PathTerm,
    Term,
    WordTerm,
    negate,
    pushed_down,
)

_MOST_LEAVES = 60
"""A line with more leaves is not looked at: all pairs are compared, while a person types."""
_Value = Pattern | AddressRange


def contradiction(line: Filter) -> tuple[Term, ...]:
    """The first term that no event matches, or else the first two that none matches together; () if one may."""
    if len(line.leaves) > _MOST_LEAVES:
        return ()
    pushed = [(term, pushed_down(term)) for term in line.terms]
    for term, down in pushed:
        if _never(down):
            return (term,)
    for (one, first), (other, second) in combinations(pushed, 2):
        if _exclude(first, second):
            return one, other
    return ()


def _never(term: Term) -> bool:
    """True if no event matches the term, whose groups are not negated."""
    if isinstance(term, AnyOf):
        return all(map(_never, term.terms))
    if isinstance(term, AllOf):
        return any(map(_never, term.terms)) or any(_exclude(*pair) for pair in combinations(term.terms, 2))
    return False


def _exclude(one: Term, other: Term) -> bool:
    """True if no event matches both terms, whose groups are not negated."""
    if isinstance(one, AnyOf):
        return all(_never(part) or _exclude(part, other) for part in one.terms)
    if isinstance(one, AllOf):
        return any(_exclude(part, other) for part in one.terms)
    if isinstance(other, AnyOf | AllOf):
        return _exclude(other, one)
    return _leaves_exclude(one, other) or _leaves_exclude(other, one)


def _leaves_exclude(one: Leaf, other: Leaf) -> bool:
    """True if whatever matches the first certainly fails the second."""
    if one == negate(other):
        return True
    if one.negated:
        return False
    if isinstance(one, KindTerm) and isinstance(other, KindTerm):
        return _kinds_exclude(one, other)
    if isinstance(one, WordTerm) and isinstance(other, WordTerm):
        return other.negated and set(one.one_of) <= set(other.one_of)
    if isinstance(one, FieldTerm) and isinstance(other, FieldTerm):
        if one.field is not other.field:
            return False
        return _contains_all(other, one) if other.negated else one.field.single and _disjoint(one, other)
    if isinstance(one, PathTerm) and isinstance(other, PathTerm):
        return one.path == other.path and other.negated and _contains_all(other, one)
    return False


def _kinds_exclude(one: KindTerm, other: KindTerm) -> bool:
    """True for kinds that an event has not both of: of an attribute, it has one value at most."""
    if other.negated:
        return set(one.one_of) <= set(other.one_of)
    first, second = ([KINDS[kind].attribute for kind in term.one_of] for term in (one, other))
    return not any(a is None or b is None or a.key is not b.key or a == b for a, b in product(first, second))


def _contains_all(wide: FieldTerm | PathTerm, narrow: FieldTerm | PathTerm) -> bool:
    """True if each value that the narrow term compares as equal is one of the wide term's as well."""
    if narrow.ignore_case and not wide.ignore_case:
        return False
    return all(any(_contains(whole, value, wide.ignore_case) for whole in wide.one_of) for value in narrow.one_of)


def _contains(wide: _Value, narrow: _Value, ignore_case: bool) -> bool:
    """True if each text that the narrow value matches is matched by the wide one."""
    if isinstance(wide, AddressRange):
        if isinstance(narrow, AddressRange):
            return narrow.first in wide and narrow.last in wide
        address = address_of(narrow.parts[0]) if narrow.exact else None
        return address is not None and address in wide
    if isinstance(narrow, AddressRange):
        return False
    if ignore_case:
        wide, narrow = wide.folded, narrow.folded
    if narrow.exact:
        return matches(wide, narrow.parts[0])
    starts_and_ends = narrow.parts[0].startswith(wide.parts[0]) and narrow.parts[-1].endswith(wide.parts[-1])
    return wide == narrow or (len(wide.parts) == 2 and starts_and_ends)


def _disjoint(one: FieldTerm, other: FieldTerm) -> bool:
    """True if no value is one of both terms', which are not negated."""
    fold = one.ignore_case or other.ignore_case
    return not any(_may_share(left, right, fold) for left in one.one_of for right in other.one_of)


def _may_share(one: _Value, other: _Value, ignore_case: bool) -> bool:
    """True unless no text matches both. With `ignore_case`, one of them ignores it."""
    if isinstance(one, AddressRange) and isinstance(other, AddressRange):
        return one.first in other or other.first in one
    if isinstance(one, AddressRange):
        one, other = other, one
    if isinstance(one, AddressRange):
        return True
    if ignore_case:
        # Texts that match both match both without their case, too.
        one = one.folded
        other = other if isinstance(other, AddressRange) else other.folded
    if isinstance(other, AddressRange):
        return not one.exact or ((address := address_of(one.parts[0])) is not None and address in other)
    if one.exact:
        return matches(other, one.parts[0])
    if other.exact:
        return matches(one, other.parts[0])
    heads, tails = (one.parts[0], other.parts[0]), (one.parts[-1], other.parts[-1])
    return _is_start(*heads) and _is_start(*(tail[::-1] for tail in tails))


def _is_start(one: str, other: str) -> bool:
    """True if one of the texts begins with the other."""
    return one.startswith(other) or other.startswith(one)

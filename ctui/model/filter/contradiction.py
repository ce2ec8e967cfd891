"""Contradictions: terms that no event can match together, so that a line is answered without a call.

This never says so of a line that some event matches, however odd the event; it may miss lines that no event matches.
Only fields that are `single` have one value at most: an event has several resources, types and errors, and a path
through a list has several values.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

from ctui.model.filter.fields import NAME
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
    all_of,
    any_of,
    negate,
    pushed_down,
)

_MOST_LEAVES = 60
_MOST_VALUES = 400
"""A line with more leaves or values is not looked at: all pairs are compared, while a person types."""
_Value = Pattern | AddressRange


def contradiction(line: Filter) -> tuple[Term, ...]:
    """The first term that no event matches, or else the first ones that none matches together; () if one may."""
    leaves = line.leaves
    if len(leaves) > _MOST_LEAVES or sum(map(_values, leaves)) > _MOST_VALUES:
        return ()
    possible: list[Term] = []
    for term in line.terms:
        if (left := _possible(pushed_down(term))) is None:
            return (term,)
        possible.append(left)
    for (one, first), (other, second) in combinations(zip(line.terms, possible, strict=True), 2):
        if _exclude(first, second):
            return one, other
    together = _first_together(possible)
    return tuple(term for place, term in enumerate(line.terms) if place in together)


def _values(leaf: Leaf) -> int:
    return len(leaf.one_of) if isinstance(leaf, FieldTerm | PathTerm | KindTerm | WordTerm) else 1


def _first_together(terms: Sequence[Term]) -> frozenset[int]:
    """The places of the first term of which each alternative is excluded by another term, and of those; {} if none is.

    `(name:A OR name:B) -name:A -name:B` are such: no two of them exclude each other. No group among them is negated.
    """
    for place, term in enumerate(terms):
        alternatives = _alternatives(term)
        excluding = [
            next((at for at, other in enumerate(terms) if at != place and _exclude(one, other)), None)
            for one in alternatives
        ]
        if len(alternatives) > 1 and None not in excluding:
            return frozenset((place, *(at for at in excluding if at is not None)))
    return frozenset()


def _alternatives(term: Term) -> tuple[Term, ...]:
    """What an event that matches the term matches at least one of: its terms, or each of its values alone."""
    if isinstance(term, AnyOf):
        return tuple(one for inner in term.terms for one in _alternatives(inner))
    if isinstance(term, AllOf) or term.negated or _values(term) == 1:
        return (term,)
    if isinstance(term, FieldTerm):
        return tuple(replace(term, one_of=(value,)) for value in term.one_of)
    if isinstance(term, PathTerm | WordTerm):
        return tuple(replace(term, one_of=(value,)) for value in term.one_of)
    return tuple(replace(term, one_of=(kind,)) for kind in term.one_of) if isinstance(term, KindTerm) else (term,)


def _possible(term: Term) -> Term | None:
    """The term without the alternatives that no event matches; None if none is left. Its groups are not negated.

    Each two leaves are compared where their groups meet, so that a line takes no more steps than it has pairs.
    """
    if not isinstance(term, AnyOf | AllOf):
        return term
    inner = [_possible(one) for one in term.terms]
    left = [one for one in inner if one is not None]
    if isinstance(term, AnyOf):
        return any_of(left) if left else None
    if len(left) < len(inner) or any(_exclude(*pair) for pair in combinations(left, 2)) or _first_together(left):
        return None
    return all_of(left)


def _exclude(one: Term, other: Term) -> bool:
    """True if no event matches both terms, whose groups are not negated and have no impossible alternatives."""
    if isinstance(one, AnyOf):
        return all(_exclude(part, other) for part in one.terms)
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
    if isinstance(one, FieldTerm) is not isinstance(other, FieldTerm):
        one, other = _of_name(one), _of_name(other)
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


def _of_name(leaf: Leaf) -> Leaf:
    """The leaf, or what it says of the event's name if it is a kind that has one, as is:login."""
    attributes = [KINDS[kind].attribute for kind in leaf.one_of] if isinstance(leaf, KindTerm) else []
    names = [one.value for one in attributes if one is not None and one.key is NAME.attribute]
    if not names or len(names) < len(attributes):
        return leaf
    return FieldTerm(NAME, tuple(Pattern((name,)) for name in names), leaf.negated)


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
    values = (*narrow.one_of, *(narrow.short_names if isinstance(narrow, FieldTerm) else ()))
    return all(any(_contains(whole, value, wide.ignore_case) for whole in wide.one_of) for value in values)


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

"""What the service can select by: clauses of lookup attributes that every event which matches a filter line meets.

A line is a tree; in conjunctive normal form it is a list of clauses. What no attribute selects is left out of it, so
a clause may be met by events that do not match: they are filtered here. An OR over attributes is one clause; an OR of
ANDs becomes several, `(user:a name:x) OR key:k` the two (user a or key k) and (name x or key k).

LookupEvents answers for management or for Insights events. In each category it is known of every event whether it
matches `is:insight`, so that the term falls out of the line. No event that it returns matches `is:data`, `is:network`
or `is:aggregated`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import value_fields
from ctui.model.filter.kinds import KINDS, ONLY_IN_FILES
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, Filter, KindTerm, Leaf, Term, all_of, any_of, pushed_down
from ctui.model.lookup.lookup import SELECTS_FEW, Category, Clause, LookupAttribute, selectivity
from ctui.model.rules.validate import validate_attribute

MAX_LOOKUPS = 50
"""The most attributes of one clause, a scan for each: more would take longer than scanning everything."""
MAX_FIRST = 8
"""The most attributes that are asked for first, a scan for each."""
MAX_CLAUSES = 16
"""The most clauses of a line: one of them goes to the service, and an OR of ANDs could make any number."""
_SELECT_INSIGHTS = frozenset((AttributeKey.EVENT_ID, AttributeKey.EVENT_NAME, AttributeKey.EVENT_SOURCE))
"""The attributes by which the service selects Insights events (user guide, "Viewing Insights events for trails")."""
_INSIGHTS = frozenset((EventKind.INSIGHT,))
_DECIDED = _INSIGHTS | ONLY_IN_FILES
"""Kinds that all events of a category have, or none."""


def clauses_of(line: Filter) -> tuple[Clause, ...]:
    """The clauses of a line, as many as `MAX_CLAUSES`, in its order; () if the service can select by none of it."""
    return _strongest(clause for term in line.terms for clause in _clauses(pushed_down(term)))


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


def asks_for_files(line: Filter) -> bool:
    """True if no event of the service can match, and those of log files may: it asks for kinds that only they have."""
    asks = any(_names(leaf, ONLY_IN_FILES) and not leaf.negated for leaf in line.leaves)
    return asks and not clauses_by_category(line)


def in_category(line: Filter, category: Category) -> Filter | None:
    """What the line says of events of one category; None if none of them can match."""
    if not any(_names(leaf, _DECIDED) for leaf in line.leaves):
        return line
    left: list[Term] = []
    for term in line.terms:
        decided = _decided(pushed_down(term), category)
        if decided is False:
            return None
        if decided is not True:
            left.append(decided)
    return line.with_terms(left)


def asked_first(line: Filter) -> Clause:
    """Attributes by which the service finds some of the events of a line, with a few pages, and perhaps not all.

    () if no term has such attributes, or if the line has a clause that costs little itself and misses nothing.
    """
    if any(attribute.key in SELECTS_FEW for clause in clauses_of(line) for attribute in clause[:1]):
        return ()
    return next(filter(None, map(_first_attributes, line.terms)), ())


def _first_attributes(term: Term) -> Clause:
    if not isinstance(term, FieldTerm) or term.negated or term.ignore_case or (key := term.field.asked_first) is None:
        return ()
    if not all(pattern.exact for pattern in term.patterns):
        return ()
    values = [pattern.parts[0] for pattern in (*term.patterns, *term.short_names)]
    usable = (value for value in dict.fromkeys(values) if validate_attribute(key, value).ok)
    return tuple(LookupAttribute(key, value) for value in islice(usable, MAX_FIRST))


def decides(selected: Clause, term: Term) -> bool:
    """True if each event with one of these attributes matches the term, so that nothing of it is filtered here."""
    return bool(selected) and _implying(pushed_down(term)).issuperset(selected)


def attributes_of(term: Term) -> Clause:
    """The attributes of which an event has one exactly if it matches this term; () if the service cannot select by it.

    A term must be positive and exact: the service compares whole values, case-sensitively.
    """
    clauses = _clauses(pushed_down(term))
    return clauses[0] if len(clauses) == 1 and decides(clauses[0], term) else ()


def term_of(clause: Clause) -> Term:
    """The term that matches events with one of these attributes: one leaf for each key."""
    values: dict[AttributeKey, list[str]] = {}
    for attribute in clause:
        values.setdefault(attribute.key, []).append(attribute.value)
    return any_of(_leaf_of(key, of_key) for key, of_key in values.items())


def _leaf_of(key: AttributeKey, values: Sequence[str]) -> Leaf:
    field = next((field for field in value_fields() if field.attribute is key), None)
    if field is None:
        kinds = {row.attribute: kind for kind, row in KINDS.items()}
        return KindTerm(tuple(kinds[LookupAttribute(key, value)] for value in values))
    return FieldTerm(field, tuple(Pattern((value,)) for value in values))


def _clauses(term: Term) -> tuple[Clause, ...]:
    """Clauses that each event which matches a term meets. The term's groups are not negated."""
    if isinstance(term, AllOf):
        return _strongest(clause for one in term.terms for clause in _clauses(one))
    if not isinstance(term, AnyOf):
        return _strongest((attributes,)) if (attributes := _attributes(term)) else ()
    alternatives: tuple[Clause, ...] = ((),)
    for one in term.terms:
        # Without a clause, any event may match this alternative; then nothing is left after it.
        pairs = product(alternatives, _clauses(one))
        alternatives = _strongest((*left, *right) for left, right in pairs)
    return alternatives


def _strongest(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses, each attribute once, without those that another one implies, in their order.

    If there are too many, the most selective are kept; those of too many attributes are left out.
    """
    once = {frozenset(clause): tuple(dict.fromkeys(clause)) for clause in clauses}
    kept: list[frozenset[LookupAttribute]] = []
    # A clause that implies another is more selective, so it comes first.
    for attributes in sorted(once, key=lambda attributes: selectivity(once[attributes])):
        if len(kept) < MAX_CLAUSES and len(attributes) <= MAX_LOOKUPS and not any(one <= attributes for one in kept):
            kept.append(attributes)
    return tuple(clause for attributes, clause in once.items() if attributes in kept)


def _implying(term: Term) -> frozenset[LookupAttribute]:
    """The attributes that only events have which match the term. Its groups are not negated."""
    if isinstance(term, AnyOf):
        return frozenset[LookupAttribute]().union(*map(_implying, term.terms))
    if isinstance(term, AllOf):
        return frozenset.intersection(*map(_implying, term.terms))
    return frozenset(_attributes(term))


def _attributes(leaf: Leaf) -> Clause:
    """The attributes of which an event has one exactly if it matches this leaf; () if the service cannot select so."""
    pairs: list[tuple[AttributeKey, str]] = []
    if leaf.negated:
        return ()
    if isinstance(leaf, FieldTerm) and leaf.field.attribute is not None and not leaf.ignore_case:
        if not all(isinstance(value, Pattern) and value.exact for value in leaf.one_of):
            return ()
        pairs = [(leaf.field.attribute, pattern.parts[0]) for pattern in leaf.patterns]
    elif isinstance(leaf, KindTerm):
        selecting = [attribute for kind in leaf.one_of if (attribute := KINDS[kind].attribute) is not None]
        pairs = [(one.key, one.value) for one in selecting] if len(selecting) == len(leaf.one_of) else []
    if not all(validate_attribute(key, value).ok for key, value in pairs):
        return ()
    return tuple(dict.fromkeys(LookupAttribute(key, value) for key, value in pairs))


def _is_insight(leaf: Leaf) -> bool:
    return _names(leaf, _INSIGHTS)


def _names(leaf: Term, kinds: frozenset[EventKind]) -> bool:
    return isinstance(leaf, KindTerm) and not kinds.isdisjoint(leaf.one_of)


def _decided(term: Term, category: Category) -> Term | bool:
    """The term as it is for events of one category, or whether all of them match. Its groups are not negated."""
    if isinstance(term, AnyOf | AllOf):
        settles = isinstance(term, AnyOf)
        inner = [_decided(one, category) for one in term.terms]
        if settles in inner:
            return settles
        left = [one for one in inner if not isinstance(one, bool)]
        return not settles if not left else any_of(left) if settles else all_of(left)
    if not isinstance(term, KindTerm) or not _names(term, _DECIDED):
        return term
    if category is Category.INSIGHT and _is_insight(term):
        return not term.negated
    others = tuple(kind for kind in term.one_of if kind not in _DECIDED)
    return replace(term, one_of=others) if others else term.negated

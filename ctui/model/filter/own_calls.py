"""Own calls: the reads that ctui makes by itself under our principal, as a term of a filter line.

They are hidden and counted, so that following an account does not fill its list with ctui. Three things must hold of an
event, and no two of them hide one: it is one of ctui's automatic reads, its user agent names ctui, and it was made
by the principal that we are. So an attacker who sets that agent hides nothing but such reads of our own principal.
"""

import re
from datetime import UTC, datetime

from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import WHO
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import FieldTerm, Filter, KindTerm, Term, all_of, negate

_MADE_UP = re.compile(r"(:assumed-role/[^/]+/[^/]*-)[0-9]{9,}")
"""The ARN of a session whose name ends in a number that an SDK has made up, as in botocore-session-1764352800."""

_ANY_TIME = datetime.fromtimestamp(0, UTC)
"""The term names no time, so that it does not matter when it is compiled."""


def own_calls(*arns: str) -> Term:
    """The term that own calls match, of the principals with these ARNs, as sts:GetCallerIdentity says them.

    A session that an SDK has named is the same principal in its next login: only the number at the end is another one.
    """
    return all_of((KindTerm((EventKind.OWN,)), FieldTerm(WHO, tuple(map(_principal, dict.fromkeys(arns))))))


def _principal(arn: str) -> Pattern:
    session = _MADE_UP.search(arn)
    return Pattern((arn,)) if session is None or session.end() < len(arn) else Pattern((arn[: session.end(1)], ""))


def with_and_without(own: Term) -> tuple[Predicate, Predicate]:
    """What matches everything but own calls, and what matches own calls alone."""
    without, only = (compile_filter(Filter(terms=(term,)), _ANY_TIME) for term in (negate(own), own))
    return without, only


def asks_for_own_calls(line: Filter) -> bool:
    """True if the line says something of own calls itself: then none is hidden."""
    return any(isinstance(leaf, KindTerm) and EventKind.OWN in leaf.one_of for leaf in line.leaves)

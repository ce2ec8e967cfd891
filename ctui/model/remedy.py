"""Nothing found is not nothing happened: why an answer is empty, and what to ask instead."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ctui.model.filterwrite import write_term
from ctui.model.terms import FieldTerm, Filter, Name, Pattern, Term

LAG = timedelta(minutes=15)
"""How long an event can take to arrive: documented about 5 minutes, at most 10.1 measured, without any guarantee."""

LEADERS: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""The Region of each partition in which global services are recorded (IAM and CloudFront since November 2021)."""

GLOBAL_SOURCES = frozenset(
    f"{name}.amazonaws.com" for name in ("iam", "cloudfront", "sts", "signin", "organizations", "route53", "account")
)
"""Services that are recorded, or recorded mostly, in the leading Region."""

DATA_EVENTS = frozenset(
    (
        "GetObject",
        "PutObject",
        "DeleteObject",
        "DeleteObjects",
        "HeadObject",
        "CopyObject",
        "UploadPart",
        "SelectObjectContent",
        "Invoke",
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchGetItem",
        "BatchWriteItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "GetRecords",
        "PutRecord",
        "PutRecords",
        "SendMessage",
        "ReceiveMessage",
        "Publish",
    )
)
"""Names of well-known data events, of which event history holds none."""


AWS_HISTORY = timedelta(days=90)
"""What LookupEvents tells of (API reference today)."""
SHORTEST_HISTORY = timedelta(days=7)
"""What it told of in 2015, as endpoints that are not AWS's own may still do."""


class Cause(StrEnum):
    """Why nothing is shown."""

    REFUSED = "refused"
    SCANNING = "scanning"
    LAG = "lag"
    HISTORY = "history"
    ELSEWHERE = "elsewhere"
    LETTER_CASE = "letter case"
    DATA_EVENT = "data event"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class Emptiness:
    """What is known of an answer without a visible row."""

    line: Filter
    now: datetime
    """The server's clock, aware."""
    regions: tuple[str, ...]
    """Regions asked."""
    complete: bool
    """True once every page in range has come, or been found in the store."""
    scanned: int = 0
    """Events looked at."""
    refused: str = ""
    """The service's words where it answered with an error; "" where it did not."""
    history: timedelta | None = AWS_HISTORY
    """How far back the service's memory goes; None where that is not known."""
    partition: str = "aws"
    removed: Mapping[Term, int] = field(default_factory=dict)
    """How many of the events at hand each term refuses by itself."""
    seen: Mapping[Name, Collection[str]] = field(default_factory=dict)
    """Values met so far, by field."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, the offer first that a key can take. Texts may hold recorded values: hostile until cleaned."""

    cause: Cause
    says: str
    offer: str = ""
    """What the key would do, in a few words; "" where there is nothing to offer but to read."""
    line: Filter | None = None
    """The line to ask instead, where that is the offer."""
    region: str = ""
    """The Region to ask as well, where that is the offer."""


def reasons_of(empty: Emptiness) -> tuple[Reason, ...]:
    """Every reason that may hold, the surest first; empty where the answer is complete and nothing explains it."""
    found = [*_service(empty), *_time(empty), *_values(empty), *_filtered(empty)]
    return tuple(found)


def _service(empty: Emptiness) -> Iterator[Reason]:
    if empty.refused:
        yield Reason(Cause.REFUSED, f"the service refused: {empty.refused}")
    elif not empty.complete:
        says = f"not everything in range has been asked yet: {empty.scanned:,} events looked at so far"
        yield Reason(Cause.SCANNING, says, "ask for the rest")


def _time(empty: Emptiness) -> Iterator[Reason]:
    span = empty.line.timespan
    if span is None:
        return
    start, end = span.pin(empty.now)
    now = int(empty.now.timestamp())
    everything = replace(empty.line, since=None, until=None)
    oldest = now - int((empty.history or SHORTEST_HISTORY).total_seconds())
    days = (empty.history or AWS_HISTORY).days
    if empty.history is None:
        if empty.complete and end < oldest:
            says = (
                f"how far back this endpoint remembers is not known (AWS: {days} days): the range may end before that"
            )
            yield Reason(Cause.HISTORY, says, "ask for all it remembers", everything)
    elif end < oldest:
        says = f"the range ends before the {days} days that the service remembers"
        yield Reason(Cause.HISTORY, says, "ask for all it remembers", everything)
    elif start is not None and start < oldest:
        yield Reason(Cause.HISTORY, f"the service remembers {days} days: what came before can no longer be asked")
    if start is not None and start > now - int(LAG.total_seconds()):
        says = "events arrive about 5, at times 15 minutes late: some of this range may still be on the way"
        yield Reason(Cause.LAG, says, "ask for the last hour", replace(empty.line, since="1h", until=None))


def _values(empty: Emptiness) -> Iterator[Reason]:
    leader = LEADERS.get(empty.partition, "")
    for term in empty.line.terms:
        if not isinstance(term, FieldTerm) or term.negated:
            continue
        values = [pattern.parts[0] for pattern in term.one_of if pattern.exact]
        if leader and leader not in empty.regions and _is_global(term.name, values):
            says = f"global services such as {values[0]} are recorded in {leader}, which was not asked"
            yield Reason(Cause.ELSEWHERE, says, f"ask {leader} as well", region=leader)
        if term.name is Name.NAME and values and set(values) <= DATA_EVENTS:
            says = f"{values[0]} is a data event: event history holds management events only, a trail's log files both"
            yield Reason(Cause.DATA_EVENT, says)
        yield from _other_case(empty, term)


def _is_global(name: Name, values: list[str]) -> bool:
    if name is Name.SOURCE:
        return any(value in GLOBAL_SOURCES for value in values)
    return name is Name.NAME and "ConsoleLogin" in values


def _other_case(empty: Emptiness, term: FieldTerm) -> Iterator[Reason]:
    seen = empty.seen.get(term.name, ())
    by_folded: dict[str, list[str]] = {}
    for value in seen:
        by_folded.setdefault(value.casefold(), []).append(value)
    for pattern in term.one_of:
        typed = pattern.parts[0]
        if not pattern.exact or typed in seen:
            continue
        for value in sorted(by_folded.get(typed.casefold(), ())):
            better = replace(term, one_of=tuple(Pattern((value,)) if one == pattern else one for one in term.one_of))
            line = replace(empty.line, terms=tuple(better if one == term else one for one in empty.line.terms))
            says = f"upper and lower case count: {value} has been seen, {typed} has not"
            yield Reason(Cause.LETTER_CASE, says, f"ask for {write_term(better)}", line)


def _filtered(empty: Emptiness) -> Iterator[Reason]:
    for term, count in sorted(empty.removed.items(), key=lambda pair: -pair[1]):
        if count > 0 and term in empty.line.terms:
            said = write_term(term)
            line = replace(empty.line, terms=tuple(one for one in empty.line.terms if one != term))
            what = "1 event is" if count == 1 else f"{count:,} events are"
            yield Reason(Cause.FILTERED, f"{what} here that {said} leaves out", f"leave out {said}", line)

"""Nothing found is not nothing happened: why an answer is empty, and what to ask instead."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ctui.model.elsewhere import is_region, unasked
from ctui.model.filterwrite import write_term
from ctui.model.lettercase import MOST_PATTERNS, field_of, recased, twins
from ctui.model.lookup import LookupAttribute
from ctui.model.narrowing import KNOWN_AS, narrowings
from ctui.model.removal import Keeper, Outside, Removed
from ctui.model.services import LEADERS, data_mentions, global_mentions
from ctui.model.taking import widened
from ctui.model.terms import FieldTerm, Filter, Name, PathTerm, WordTerm, term_of
from ctui.model.timespan import ALL_HISTORY

LAG = timedelta(minutes=15)
"""How long an event can take to arrive: documented about 5 minutes, at most 10.1 measured, without any guarantee."""

AWS_HISTORY = timedelta(days=90)
"""What LookupEvents tells of (API reference today)."""
SHORTEST_HISTORY = timedelta(days=7)
"""What it told of in 2015, as endpoints that are not AWS's own may still do."""
_MOST_TOLD = 5
"""So many terms are told to leave something out."""


class Cause(StrEnum):
    """Why nothing is shown."""

    REFUSED = "refused"
    SCANNING = "scanning"
    LAG = "lag"
    HISTORY = "history"
    RANGE = "range"
    ELSEWHERE = "elsewhere"
    LETTER_CASE = "letter case"
    SHOWN = "shown"
    KNOWN = "known"
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
    begun: bool = True
    """False where no call was made for it, because nobody has asked yet."""
    refused: str = ""
    """The service's words where it answered with an error; "" where it did not."""
    refusing: tuple[str, ...] = ()
    """The Regions that said so, where others did not."""
    added: tuple[str, ...] = ()
    """Regions that were added to the one we work in, and can be left out again."""
    selected: tuple[LookupAttribute, ...] = ()
    """What the service selected by, () where it told of everything."""
    stored: bool = False
    """True where there is no service: the store alone was looked at."""
    open: bool = False
    """True where something can be asked although something was refused."""
    history: timedelta | None = AWS_HISTORY
    """How far back the service's memory goes; None where that is not known."""
    partition: str = "aws"
    removed: Removed = field(default_factory=Removed)
    """What keeps out how many of the events at hand."""
    oldest: datetime | None = None
    """The time of the oldest event at hand."""
    newest: datetime | None = None
    """The time of the newest one."""
    seen: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Values met so far, by field or path."""
    known: Mapping[Name, Collection[str]] = field(default_factory=dict)
    """Values by which the service selects and which bare words of the line are, by field; none where all is here."""
    shown: Collection[str] = ()
    """Whom the events at hand show that the service tells no user name of: their records say it."""


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
    leave: str = ""
    """The Region not to ask any more, where that is the offer."""
    narrows: str = ""
    """The term by which the service would select, where that is the offer."""


def reasons_of(empty: Emptiness) -> tuple[Reason, ...]:
    """Every reason that may hold, the surest first; empty where the answer is complete and nothing explains it."""
    sure = [*_elsewhere(empty), *_values(empty)]
    late = [] if sure else _late(empty)
    return (*_service(empty), *_known(empty), *_time(empty), *sure, *_filtered(empty), *late)


def reasons_beside_rows(empty: Emptiness) -> tuple[Reason, ...]:
    """What keeps an answer from being whole although rows are in sight: Regions that refuse or were not asked, and
    what would take fewer pages."""
    return (*_refusing(empty), *_elsewhere(empty), *_known(empty))


def _known(empty: Emptiness) -> Iterator[Reason]:
    """Values by which the service could select, where it would be asked for everything."""
    for found in () if empty.stored else narrowings(empty.line, empty.known):
        term = write_term(found.term)
        says = f"{found.value} is {KNOWN_AS[found.name]} seen before"
        yield Reason(Cause.KNOWN, says, f"{term} asks the service for just these", found.line, narrows=term)


def _service(empty: Emptiness) -> Iterator[Reason]:
    yield from _refusing(empty)
    if empty.refused and not empty.refusing:
        yield Reason(Cause.REFUSED, f"the service refused: {empty.refused}")
    elif empty.complete or (empty.refused and not empty.open):
        return
    elif not (empty.begun or empty.scanned):
        yield Reason(Cause.SCANNING, "this has not been asked yet", "ask")
    else:
        says = f"not everything in range has been asked yet: {empty.scanned:,} events looked at so far"
        yield Reason(Cause.SCANNING, says, "ask for the rest")


def _refusing(empty: Emptiness) -> Iterator[Reason]:
    """Regions that refuse while others answer. One that was added can be left out."""
    for region in empty.refusing:
        leave = region if region in empty.added else ""
        yield Reason(Cause.REFUSED, f"{region} refused: {empty.refused}", leave and f"leave {leave} out", leave=leave)


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
    if start is not None and end >= oldest and empty.complete and not (empty.scanned or empty.refused):
        what = f"nothing with {write_term(term_of(empty.selected))}" if empty.selected else "nothing"
        says = f"the {'store holds' if empty.stored else 'service told of'} {what} in this range"
        yield Reason(Cause.RANGE, says, "look at all history", everything)


def _late(empty: Emptiness) -> Iterator[Reason]:
    """An answer that is complete as of now is not settled: unless `_time` has said it already."""
    first, last = (empty.line.timespan or ALL_HISTORY).pin(empty.now)
    begun = int(empty.now.timestamp()) - int(LAG.total_seconds())
    if empty.complete and last > begun and (first is None or first <= begun):
        yield Reason(Cause.LAG, "events arrive about 5, at times 15 minutes late: the newest may still be on the way")


def _elsewhere(empty: Emptiness) -> Iterator[Reason]:
    """Regions that the line names and nobody asked: each keeps its own events."""
    for region in unasked(empty.line, empty.regions):
        says = f"what happens in {region} is told there alone; asked was {', '.join(empty.regions)}"
        yield _to_ask(says, region) if is_region(region) else Reason(Cause.ELSEWHERE, says)


def _to_ask(says: str, region: str) -> Reason:
    return Reason(Cause.ELSEWHERE, says, f"ask {region} as well", region=region)


def _shown(empty: Emptiness, term: FieldTerm | PathTerm) -> Iterator[Reason]:
    """The name stands in the user column, but the service does not tell it as the user's."""
    for pattern in term.one_of if isinstance(term, FieldTerm) and term.name is Name.USER else ():
        if pattern.exact and pattern.parts[0] in empty.shown:
            name = pattern.parts[0]
            word = WordTerm((pattern,))
            line = replace(empty.line, terms=tuple(word if one == term else one for one in empty.line.terms))
            says = (
                f"user: compares with the user name CloudTrail gives; here it gives none ({name} stands in the record)"
            )
            yield Reason(Cause.SHOWN, says, f"look for the word {write_term(word)}", line)


def _values(empty: Emptiness) -> Iterator[Reason]:
    leader = LEADERS.get(empty.partition, "")
    mention = next(global_mentions(empty.line), None)
    if mention is not None and leader and leader not in empty.regions:
        how = "is" if mention.sure else "may be"
        says = f"{mention.said} {how} recorded in {leader}, which was not asked"
        yield _to_ask(says, leader)
    for said in data_mentions(empty.line):
        says = f"{said} is a data event: event history holds management events only, a trail's log files both"
        yield Reason(Cause.DATA_EVENT, says)
        break
    for term in empty.line.terms:
        if isinstance(term, FieldTerm | PathTerm) and not term.negated:
            yield from _other_case(empty, term)
            yield from _shown(empty, term)


def _other_case(empty: Emptiness, term: FieldTerm | PathTerm) -> Iterator[Reason]:
    offered = set()
    seen = empty.seen.get(field_of(term), ())
    for pattern in term.one_of[:MOST_PATTERNS] if seen else ():
        for value in twins(pattern, seen):
            right = recased(pattern, value)
            if right in offered:
                continue
            offered.add(right)
            better = replace(term, one_of=tuple(right if one == pattern else one for one in term.one_of))
            line = replace(empty.line, terms=tuple(better if one == term else one for one in empty.line.terms))
            says = f"upper and lower case count: {value} has been seen, {'*'.join(pattern.parts)} has not"
            yield Reason(Cause.LETTER_CASE, says, f"ask for {write_term(better)}", line)


def _filtered(empty: Emptiness) -> Iterator[Reason]:
    """What each term keeps out, the greediest first; an offer where to leave it out alone shows something."""
    removed = empty.removed
    wider = widened(empty.line, empty.oldest, empty.newest, empty.now)
    keepers: list[Keeper] = [one for one in dict.fromkeys(empty.line.terms) if removed.each[one]]
    if removed.each[Outside.RANGE] and wider is not None:
        keepers.append(Outside.RANGE)
    if not keepers:
        return
    alone = False
    for keeper in sorted(keepers, key=lambda one: (-removed.alone(one), -removed.each[one]))[:_MOST_TOLD]:
        number = removed.alone(keeper)
        alone = alone or number > 0
        offer = _without(empty, wider, {keeper}) if number else ("", None)
        yield Reason(Cause.FILTERED, _kept_out(removed, keeper), *offer)
    if not alone:
        yield from _together(empty, wider, keepers)


def _kept_out(removed: Removed, keeper: Keeper) -> str:
    total, alone = removed.each[keeper], removed.alone(keeper)
    count = f"{total:,} event{' is' if total == 1 else 's are'} here"
    beside = "" if alone == total else f", {alone:,} of them by itself" if alone else ""
    if keeper is Outside.RANGE:
        return f"{count}, outside of the range" + (f", {alone:,} of them kept out by nothing else" if beside else "")
    return f"{count} that {_said(keeper)} leaves out{beside}"


def _together(empty: Emptiness, wider: Filter | None, keepers: list[Keeper]) -> Iterator[Reason]:
    """What to give up together where nothing alone helps."""
    removed = empty.removed
    # The pair that keeps out most; but rather one that leaves something of the question.
    terms = set(empty.line.terms)
    pairs = ((not terms <= pair, count, pair) for pair, count in removed.by_few.items())
    _, count, pair = max(pairs, default=(False, 0, None), key=lambda each: each[:2])
    if pair is not None and pair <= set(keepers):
        said = " and ".join(_said(one) for one in keepers if one in pair)
        events = "1 event is" if count == 1 else f"{count:,} events are"
        offer = _without_some(empty, wider, pair)
        yield Reason(Cause.FILTERED, f"{events} left out by {said}, and by nothing else", *offer)
    elif pair is None and removed.each.keys() == set(keepers):
        says = "each event that is here is left out by at least three of these"
        yield Reason(Cause.FILTERED, says, *_without_some(empty, wider, keepers))


def _without_some(empty: Emptiness, wider: Filter | None, keepers: Collection[Keeper]) -> tuple[str, Filter | None]:
    """The same where a term remains; a question that gives up all it asks is no help, so that is not offered."""
    offer, line = _without(empty, wider, keepers)
    return (offer, line) if line.terms else ("", None)


def _without(empty: Emptiness, wider: Filter | None, keepers: Collection[Keeper]) -> tuple[str, Filter]:
    """What it is called, and the line, where none of these keeps anything out."""
    left_out = dict.fromkeys(_said(one) for one in empty.line.terms if one in keepers)
    said = [f"leave out {' and '.join(left_out)}"] if left_out else []
    line = empty.line
    if Outside.RANGE in keepers and wider is not None:
        said.append("look at all the time that is here")
        line = wider
    return " and ".join(said), replace(line, terms=tuple(one for one in line.terms if one not in keepers))


def _said(keeper: Keeper) -> str:
    return "the range" if isinstance(keeper, Outside) else write_term(keeper)

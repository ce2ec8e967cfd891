"""The tree of a trace: who issued which credentials, with what, and what was done with them; with the reasons where
it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from ctui.model.event.credentials import CredentialKind, Credentials
from ctui.model.event.issuer import Proof
from ctui.model.lookup.lookup import AttributeKey
from ctui.model.trace.searches import Search
from ctui.model.trace.trace_state import Activity, End, EndCause, IssuingEvent, NameCount, Node, TraceState, nodes_of
from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.names import service
from ctui.render.text.spans import clean, count, plain, wrap
from ctui.render.text.spans import width as cells_of

_STEP: Final = 3
"""Cells by which each level is indented."""
_NAMES: Final = 8
"""Names of calls that are listed of what credentials wrote, and of what they read."""
_DEEPEST: Final = 12
"""Levels that are indented: deeper ones stand below each other."""
HOME_OF_SIGN_INS: Final = "us-east-1"
"""The Region in which the global endpoints of sign-in and STS are recorded."""
_NARROWEST: Final = 30
"""Cells that a line has at least, however deep it stands."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line of the tree, and what enter shows there."""

    line: Line
    event: IssuingEvent | None = None
    """The event that it is about; None if it is about credentials."""
    node: Node | None = None
    """The credentials that it is about, or that the event issued."""
    part: int = 0
    """Which of the lines about the same it is."""

    @property
    def is_traced(self) -> bool:
        """True for the first line of the credentials that the trace began with."""
        return self.event is None and self.node is not None and self.node.traced and not self.part


def trace_lines(state: TraceState, now: datetime, width: int) -> tuple[TraceLine, ...]:
    """The tree as lines of at most `width` cells; `now` is the time at the service."""
    lines: list[TraceLine] = []
    for depth, node in nodes_of(state.root):
        indent = min(_STEP * min(depth, _DEEPEST), max(0, width - _NARROWEST))
        if node.issuer is not None:
            issuer = _issuer(node.issuer, node, state, now)
            lines += _made(node, node.issuer, (issuer,), width, max(0, indent - _STEP))
        lines += _made(node, None, tuple(_about(node, state, now, width - indent)), width, indent)
    if state.problem:
        lines += _made(None, None, ((("! ", Role.WARNING), *clean(state.problem)),), width, 0)
    return tuple(lines)


def _about(node: Node, state: TraceState, now: datetime, room: int) -> Iterator[Line]:
    """Who it is, what they did, and why nothing more is known."""
    yield _who(node)
    if (activity := node.activity) is not None:
        yield _did(activity, state, now)
        writes = tuple(one for one in activity.names if one.writes)
        reads = tuple(one for one in activity.names if not one.writes)
        if writes:
            yield from _names(writes, "wrote", room)
        if reads:
            yield from _names(reads, "read", room)
    for end in filter(None, (node.end, node.end_below)):
        yield (("· ", Role.DIM), *_reason(end, state, now))


def trace_title(state: TraceState) -> Line:
    """What the trace is of, and where it is looked."""
    line: Line = (("Trace", Role.STRONG),)
    if state.regions:
        line = (*line, (" ── ", Role.DIM), *clean(", ".join(state.regions), Role.DIM))
    return line


def trace_progress(state: TraceState) -> Line:
    """What is under way, and how many calls it has cost."""
    calls = f"{count(state.calls)} {'call' if state.calls == 1 else 'calls'}"
    if state.store_only:
        calls = "what is stored"
    if not state.running:
        return ((f"done · {calls}", Role.DIM),)
    if state.looking_for is None:
        return ((f"looking · {calls}", Role.ACCENT),)
    attribute = state.looking_for.attribute
    return (("looking for ", Role.ACCENT), *clean(_sought(attribute.key, attribute.value)), (f" · {calls}", Role.DIM))


def _made(
    node: Node | None, event: IssuingEvent | None, lines: tuple[Line, ...], width: int, indent: int
) -> Iterator[TraceLine]:
    """Lines about the same, indented and wrapped to `width` cells."""
    blanks: Line = ((" " * indent, Role.PLAIN),) if indent else ()
    parts = [part for line in lines for part in wrap(line, max(1, width - indent), 2)]
    for number, part in enumerate(parts):
        yield TraceLine((*blanks, *part), event, node, number)


def _issuer(event: IssuingEvent, node: Node, state: TraceState, now: datetime) -> Line:
    line: Line = (("└─ ", Role.DIM), *_when(event.second, now), (" ", Role.PLAIN), *clean(event.name, Role.EVENT))
    if event.ip:
        line = (*line, (" from ", Role.DIM), *clean(service(event.ip)))
    if len(state.regions) > 1:
        line = (*line, (" in ", Role.DIM), *clean(event.region))
    if event.other_account:
        line = (*line, (" in ", Role.DIM), *clean(event.other_account))
    if event.switched_from:
        line = (*line, (" by ", Role.DIM), *clean(event.switched_from))
    return (*line, *_proof(event, node.credentials))


def _proof(event: IssuingEvent, credentials: Credentials) -> Line:
    if event.proof is Proof.KEY:
        return ()
    if event.proof is Proof.SIGN_IN_SESSION:
        return ((" · the same sign-in session", Role.DIM),)
    if event.proof is Proof.SESSION:
        return ((" · the console's session, began then", Role.DIM),)
    words = "likely: who and when fit, its record names no key"
    if credentials.began is not None and credentials.began != event.second:
        words += f" ({abs(event.second - credentials.began)} s apart)"
    return ((" · ", Role.DIM), (words, Role.WARNING))


_KIND_WORDS: Final = {
    CredentialKind.USER_KEY: "long-term key",
    CredentialKind.USER_SESSION: "session",
    CredentialKind.FEDERATED: "federated user",
    CredentialKind.PERSON: "signed in",
    CredentialKind.SERVICE: "AWS service",
    CredentialKind.WEB_IDENTITY: "web identity",
    CredentialKind.SAML: "SAML",
    CredentialKind.IDENTITY_CENTER: "Identity Center user",
}


def _who(node: Node) -> Line:
    credentials = node.credentials
    name = credentials.name or credentials.principal or "not recorded"
    if credentials.kind is CredentialKind.SERVICE:
        name = service(name)
    line = clean(name, Role.USER)
    if credentials.role and credentials.kind in (CredentialKind.ROLE, CredentialKind.PERSON):
        line = (*line, (" as ", Role.DIM), *clean(credentials.role))
    if credentials.kind in _KIND_WORDS:
        line = (*line, (f" · {_KIND_WORDS[credentials.kind]}", Role.DIM))
    foreign = any(end is not None and end.cause is EndCause.OTHER_ACCOUNT for end in (node.end, node.end_below))
    if credentials.account and (foreign or credentials.kind is CredentialKind.OTHER_ACCOUNT):
        line = (*line, (" in ", Role.DIM), *clean(credentials.account))
    if credentials.key:
        line = (*line, (" · ", Role.DIM), *clean(credentials.key, Role.LABEL))
    return (*line, ("  ◂ traced", Role.ACCENT)) if node.traced else line


def _did(activity: Activity, state: TraceState, now: datetime) -> Line:
    if not activity.calls:
        words = "no call" if activity.complete else "no call in what is loaded"
        return ((f"{words} {_where(state)}", Role.DIM),)
    number = f"{count(activity.calls)} {'call' if activity.calls == 1 else 'calls'}"
    line: Line = ((number, Role.PLAIN),)
    if activity.up_to:
        line = (*line, (" in 12 h up to this event", Role.WARNING))
    if not activity.complete:
        line = (*line, (" in what is stored" if state.store_only else " loaded, there are more", Role.WARNING))
    if not activity.sure:
        line = (*line, (", likely: who and when fit", Role.WARNING))
    if activity.failed:
        line = (*line, (", ", Role.DIM), (f"✗ {count(activity.failed)} failed", Role.ERROR))
    if activity.first is not None and activity.last is not None:
        line = (*line, (", ", Role.DIM), *_when(activity.first, now))
        if activity.last != activity.first:
            line = (*line, (" to ", Role.DIM), *_until(activity.first, activity.last, now))
    if activity.not_followed:
        line = (*line, (f" · {count(activity.not_followed)} more sessions issued, not looked at", Role.WARNING))
    return line


def _names(names: tuple[NameCount, ...], label: str, room: int) -> Iterator[Line]:
    """What credentials did, by name: lines of at most `room` cells, broken between names."""
    entries = [_counted(one) for one in names[:_NAMES]]
    if (more := len(names) - _NAMES) > 0:
        entries.append(((f"{count(more)} more names", Role.DIM),))
    line: Line = ((f"{label} ", Role.LABEL),)
    for number, entry in enumerate(entries):
        item = (*entry, (",", Role.DIM)) if number < len(entries) - 1 else entry
        if number and cells_of(line) + 1 + cells_of(item) > room:
            yield line
            line = (("  ", Role.PLAIN), *item)
        else:
            line = (*line, (" ", Role.PLAIN), *item) if number else (*line, *item)
    yield line


def _counted(one: NameCount) -> Line:
    line = clean(one.name, Role.EVENT if one.writes else Role.PLAIN)
    if one.calls > 1:
        line = (*line, (f" {count(one.calls)}", Role.PLAIN))
    if one.failed:
        line = (*line, (f" ✗{count(one.failed)}" if one.failed < one.calls else " ✗", Role.ERROR))
    return line


def _reason(end: End, state: TraceState, now: datetime) -> Line:
    sought = _sought_in(end.searches, now)
    where, rest = _where(state), "" if end.complete else ", of which not all is loaded"
    words = {
        EndCause.PERSON: "a person: nothing stands above",
        EndCause.SERVICE: "an AWS service: nothing stands above",
        EndCause.PROVIDER: "another system signs this identity in: what it knows is not in CloudTrail",
        EndCause.IDENTITY_CENTER: "IAM Identity Center signed them in: its events are where it is set up, "
        f"{'none found ' + where if end.searches else 'not here'}",
        EndCause.LOOP: "these credentials are in this chain already",
        EndCause.DEPTH: "the chain goes on: it is not followed further",
        EndCause.CALLS: f"not looked up: this trace has made {count(state.calls)} calls",
        EndCause.UNKNOWN: "the record does not say with which credentials",
    }
    if end.cause in words:
        return ((words[end.cause], Role.DIM),)
    if end.cause is EndCause.OTHER_ACCOUNT:
        line: Line = (("the rest is in the history of ", Role.DIM), *clean(end.account or "another account"))
        line = (*line, (", of which nothing that helps is stored", Role.DIM))
        return (*line, ("; SwitchRole names ", Role.DIM), *clean(end.who)) if end.who else line
    if end.cause is EndCause.FAILED:
        return (("the lookup failed: ", Role.WARNING), *clean(end.problem))
    rest += _elsewhere(state)
    if end.cause is EndCause.MADE_BEFORE:
        until = plain(_when(end.searches[0].last, now))
        return ((f"no event {where} made this key, until {until}{rest}", Role.DIM),)
    if end.cause is EndCause.OFFLINE:
        whose = f" of {plain(clean(end.account))}" if end.account else ""
        return ((f"not in what is stored{whose}: {sought}", Role.WARNING),)
    return ((f"no event {where} issued this: looked for {sought}{rest}", Role.WARNING),)


def _elsewhere(state: TraceState) -> str:
    """Where else the event may be: sign-ins and most calls of STS are recorded there."""
    searched = any(region == HOME_OF_SIGN_INS for region in state.regions)
    return "" if searched or not state.regions else f"; many are in {HOME_OF_SIGN_INS}, which is not searched"


def _where(state: TraceState) -> str:
    return f"in {', '.join(plain(clean(region)) for region in state.regions)}" if state.regions else "here"


def _sought(key: AttributeKey, value: str) -> str:
    return {
        AttributeKey.RESOURCE_NAME: f"the event that issued {value}",
        AttributeKey.ACCESS_KEY_ID: f"calls with {value}",
        AttributeKey.USERNAME: f"calls of {value}",
        AttributeKey.EVENT_SOURCE: "sign-ins of Identity Center",
    }.get(key, value)


def _sought_in(searches: tuple[Search, ...], now: datetime) -> str:
    """What was looked for, and between which instants."""
    values = dict.fromkeys(
        "its key" if one.attribute.key is AttributeKey.RESOURCE_NAME else plain(clean(one.attribute.value))
        for one in searches
    )
    if not values:
        return "nothing"
    firsts, last = [one.first for one in searches], max(one.last for one in searches)
    names = ", ".join(values)
    if None in firsts:
        return f"{names} until {plain(_when(last, now))}"
    first = min(second for second in firsts if second is not None)
    return f"{names}, {plain(_when(first, now))} to {plain(_until(first, last, now))}"


def _when(second: int, now: datetime) -> Line:
    return ((times.to_the_second(datetime.fromtimestamp(second, UTC), now), Role.TIME),)


def _until(first: int, last: int, now: datetime) -> Line:
    """The later of two instants, without the day if both are on the same."""
    end = datetime.fromtimestamp(last, UTC)
    if datetime.fromtimestamp(first, UTC).date() == end.date():
        return ((times.clock_time(end), Role.TIME),)
    return _when(last, now)

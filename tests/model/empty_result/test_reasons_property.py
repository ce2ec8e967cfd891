"""Every statement about an empty answer, recounted naively from the events it is about; no two contradict."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.finding import FindingKind
from ctui.model.empty_result.finding_search import FindingSearch
from ctui.model.empty_result.occurrences import names_network
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.empty_result.term_text import term_text
from ctui.model.event.event import Event
from ctui.model.filter.contradiction import contradiction
from ctui.model.filter.matching.case_variants import case_variants, ignoring_case, patterns_by_field
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter, field_values
from ctui.model.filter.terms import Filter, Leaf, Term
from ctui.model.filter.write import write_filter
from ctui.render.panes.empty_result import reasons_lines
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.text.spans import plain

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
REGION = "us-east-1"
ROLE: dict[str, object] = {
    "userIdentity": {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": "Prof"}}}
}

EVENT = st.builds(
    lambda minutes, name, user, write, error, role, address, size: event_of(
        {
            **(ROLE if role else {}),
            **({"errorCode": error} if error else {}),
            **({"sourceIPAddress": address} if address else {}),
            **({} if size is None else {"requestParameters": {"maxResults": size}}),
            "eventName": name,
        },
        event_id=f"{minutes}{name}{user}{write}{error}{role}{address}{size}",
        time=NOW - timedelta(minutes=minutes),
        name=name,
        username=user,
        read_only=write,
    ),
    st.integers(0, 600),
    st.sampled_from("AB"),
    st.sampled_from(["alice", "Alice", "bob", "Prof", None]),
    st.sampled_from(["true", "false"]),
    st.sampled_from(["", "AccessDenied", "TrailNotFoundException"]),
    st.booleans(),
    st.sampled_from(["", "10.1.2.3", "198.51.100.7", "2001:db8::1", "ec2.amazonaws.com", "AWS Internal"]),
    st.sampled_from([None, 10, 50, "20", "all", "2026-11-01T00:00:00Z"]),
)
EVENTS = st.lists(EVENT, max_size=8)
TERMS = [
    "name:A", "name:C", "name:a", "user:alice", "user:ALICE,carol", "user:Prof", "-user:bob", "is:write", "is:error",
    "error:TrailNotFound", "nowhere", "-is:read", "region:eu-west-1", "-user:Prof", "-user:ALICE",
    "-error:TrailNotFound", "ip:10.0.0.0/8", "-ip:10.0.0.0/8", "-ip:10.0.0.0/8,2001:db8::/32", "ip:2001:DB8:0::1",
    "10.0.0.0/8", "-10.0.0.0/8", "requestParameters.maxResults>30", "requestParameters.maxresults>30",
    "-request.maxResults<30", "requestParameters.maxResults>2026-11-02", "requestParameters.maxresults:1*",
    "requestParameters.nowhere:x", "error:access*", "error:denied*", "-error:denied", "error:~ACCESSDENIED",
    "role:alice", "who:A", "name:a,C*", "mfa:no",
]  # fmt: skip
TREES = st.recursive(
    st.sampled_from(TERMS),
    lambda parts: st.builds(
        lambda dash, joint, inner: f"{dash}({joint.join(inner)})",
        st.sampled_from(["", "-"]),
        st.sampled_from([" OR ", " "]),
        st.lists(parts, min_size=2, max_size=3, unique=True),
    ),
    max_leaves=4,
)
TIMES = ["", "", "since:5m", "since:3h until:2h", "until:8h", "since:1d"]


@dataclass(frozen=True)
class World:
    """One state: what is loaded, how far that has come, and what went wrong."""

    events: tuple[Event, ...]
    line: Filter
    complete: bool
    old: bool
    begun: bool
    refused: bool
    paused: bool
    stored: bool

    @property
    def predicate(self) -> Predicate:
        """What the line means now."""
        return compile_filter(self.line, NOW)


_FLAGS = {name: st.booleans() for name in ("complete", "old", "begun", "refused", "paused", "stored")}
WORLDS = st.builds(
    lambda events, parts, times, **flags: World(tuple(events), parse_filter(" ".join([*parts, times])), **flags),
    EVENTS,
    st.lists(st.sampled_from(TERMS) | TREES, max_size=4, unique=True),
    st.sampled_from(TIMES),
    **_FLAGS,
) | st.builds(
    # Few terms and some events: what one term lacks is found elsewhere more often.
    lambda events, parts, **flags: World(tuple(events), parse_filter(" ".join(parts)), **flags),
    st.lists(EVENT, min_size=2, max_size=8),
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=2, unique=True),
    **_FLAGS,
)


def emptiness(world: World, *, rows: bool = False) -> EmptyResult:
    """The one value that everything is said of, made as the screen makes it; `rows`: some are in sight."""
    removed = Exclusions()
    for event in world.events:
        removed.add(list(world.predicate.excluders(event, REGION)))
    seen = {}
    for name, patterns in patterns_by_field(world.line).items():
        like = ignoring_case(patterns)
        values = [one for event in world.events for one in field_values(name, event, REGION) if like(one)]
        seen[name] = tuple(twin for pattern in patterns for twin in case_variants(pattern, values))
    search = FindingSearch(world.line, NOW, with_rows=rows)
    counts: dict[str, int] = {}
    for event in world.events:
        for key in set(search.look(event, REGION)):
            counts[key] = counts.get(key, 0) + 1
    moments = sorted(event.time for event in world.events)
    return EmptyResult(
        line=world.line,
        now=NOW,
        regions=(REGION,),
        complete=world.complete,
        scanned=len(world.events),
        started=world.begun or world.complete or bool(world.events),
        error_text="No." if world.refused and not world.complete else "",
        store_only=world.stored,
        can_load_more=world.paused,
        exclusions=removed,
        oldest=moments[0] if moments else None,
        newest=moments[-1] if moments else None,
        seen_values=seen,
        findings=search.found(counts),
        loaded_at=NOW - timedelta(minutes=2) if world.complete and world.old else None,
    )


def parts_of(world: World) -> dict[str, Term]:
    """The top-level terms and the leaves of the line, by what a sentence calls them."""
    return {term_text(term): term for term in (*world.line.leaves, *world.line.terms)}


def refused_by(world: World, said: str) -> list[Event]:
    """The events that one part of the line hides, each looked at by that part alone."""
    if said == "the range":
        return [event for event in world.events if not world.predicate.in_range(event)]
    alone = compile_filter(Filter((parts_of(world)[said],)), NOW)
    return [event for event in world.events if not alone(event, REGION)]


def hidden_by_just(world: World, parts: Sequence[str]) -> list[Event]:
    """The events that each of these hides, and no other part of the line."""
    others = [text for term in world.line.terms if (text := term_text(term)) not in parts]
    others += ["the range"] * ("the range" not in parts)
    elsewhere = [event for other in dict.fromkeys(others) for event in refused_by(world, other)]
    return [
        event
        for event in world.events
        if event not in elsewhere and all(event in refused_by(world, part) for part in parts)
    ]


def changed_by(world: World, better: Filter | None) -> list[Event]:
    """The events that are shown with one of the two lines only."""
    assert better is not None
    then = compile_filter(parse_filter(write_filter(better)), NOW)
    return [event for event in world.events if then(event, REGION) is not world.predicate(event, REGION)]


def recorded(event: Event, path: str) -> object:
    """What the record has at a path without lists; None if there is nothing."""
    value: object = json.loads(event.record)
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def is_no(what: str, value: object) -> bool:
    """True for a value of the drawn ones that is no number, or no time."""
    return value in (("all", "2026-11-01T00:00:00Z") if what == "number" else (10, 50, "20", "all"))


def check_count(world: World, reason: Reason) -> None:
    """Recount what one statement says. Each statement with a number is known here."""
    says, total = reason.text, len(world.events)
    if found := re.fullmatch(r"(.+) hides (?:all ([\d,]+)|(\d+) of (\d+))(?:, (\d+) of them alone)?", says):
        part, every, some, of, alone = found.groups()
        assert len(refused_by(world, part)) == int(every or some)
        assert int(every or of) == total
        assert (every is not None) == (len(refused_by(world, part)) == total)
        only = len(hidden_by_just(world, [part]))
        assert only == (int(alone) if alone else only)
        assert bool(reason.line) == (only > 0)
    elif found := re.fullmatch(r"(.+) together hide (\d+) of (\d+) that nothing else hides", says):
        names = [text for text in (*parts_of(world), "the range") if text in found[1].split(" and ")]
        assert len(names) == 2
        assert len(hidden_by_just(world, names)) == int(found[2]) > 0
        assert int(found[3]) == total
    elif found := re.fullmatch(r"each of the (\d+) is hidden by at least three of these", says):
        assert int(found[1]) == total
        parts = [*dict.fromkeys(term_text(term) for term in world.line.terms), "the range"]
        assert all(sum(event in refused_by(world, part) for part in parts) >= 3 for event in world.events)
    elif found := re.fullmatch(r"only (\d+) events? loaded", says):
        assert int(found[1]) == total > 0
    elif found := re.fullmatch(r"(.+) also hides (\d+) stored events? of services, whose names are no addresses", says):
        shown = changed_by(world, reason.line)
        assert len(shown) == int(found[2]) == reason.hides_services > 0
        assert {recorded(event, "sourceIPAddress") for event in shown} == {"ec2.amazonaws.com"}
        assert len(refused_by(world, found[1])) >= len(shown)
    elif found := re.search(r"(?:in|hides) (\d+) stored events?$", says):
        assert len(changed_by(world, reason.line)) == int(found[1]) > 0
    elif found := re.fullmatch(r"(.+) occurs in none of (\d+) stored events?(?:, (.+) in (\d+))?", says):
        assert int(found[2]) == total
        number = sum(recorded(event, found[3]) is not None for event in world.events) if found[3] else 0
        assert number == int(found[4] or 0)
        assert all(recorded(event, found[1]) is None for event in world.events)
    elif found := re.fullmatch(r"(.+) occurs in (\d+) of (\d+) stored events?, and is no (\w+) in any of them", says):
        known = [value for event in world.events if (value := recorded(event, found[1])) is not None]
        assert (len(known), total) == (int(found[2]), int(found[3]))
        assert all(is_no(found[4], value) for value in known)
    elif found := re.fullmatch(r"case matters: (.+) (?:was|were) seen, (.+) (?:was|were) not", says):
        texts = {str(value) for event in world.events for value in (event.name, event.username, *errors(event))}
        assert set(re.split(", | and ", found[1])) <= texts
        assert not set(re.split(", | and ", found[2])) & texts
    elif found := re.fullmatch(r"(.+) without ip: is searched for as a text, not as a network", says):
        assert all(found[1] not in event.record for event in world.events)
    else:
        assert not re.search(r"\d+ (events?|of|stored)\b", says), f"a statement that nobody recounts: {says}"


def errors(event: Event) -> tuple[object, ...]:
    return (recorded(event, "errorCode"), recorded(event, "requestParameters.maxResults"))


def event(name: str, user: str, write: str, record: dict[str, object]) -> Event:
    """An event of an hour ago."""
    return event_of(
        record, event_id=name + user + write, time=NOW - timedelta(hours=1), name=name, username=user, read_only=write
    )


PLAIN = World((), Filter(), complete=True, old=False, begun=True, refused=False, paused=False, stored=False)
MATCHING = replace(
    PLAIN,
    events=(event("A", "Prof", "true", {}), event("B", "alice", "false", ROLE)),
    line=parse_filter("user:Prof is:write"),
)
"""A user's name that the service tells of one event, and the record as a role of another."""
SERVICE = replace(
    PLAIN,
    events=(
        event("A", "alice", "true", {"sourceIPAddress": "ec2.amazonaws.com"}),
        event("B", "alice", "true", {"sourceIPAddress": "10.1.2.3"}),
    ),
    line=parse_filter("ip:10.0.0.0/8 name:A"),
)
"""A network, which no event of this name can be in, since a service made it."""
ADDRESSED = replace(SERVICE, events=(*SERVICE.events, event("A", "bob", "true", {"sourceIPAddress": "198.51.100.7"})))
"""The same, with another event of this name that has an address."""


@settings(max_examples=examples(400), deadline=None)
@given(WORLDS)
@example(MATCHING)
@example(SERVICE)
@example(ADDRESSED)
def test_every_statement_counts_right_and_none_contradicts_another(world: World) -> None:
    if any(world.predicate(event, REGION) for event in world.events):
        return
    state = emptiness(world)
    reasons = reasons_of(state)
    for reason in reasons:
        check_count(world, reason)
        if reason.line is not None:
            assert parse_filter(write_filter(reason.line)) == reason.line
        counted = reason.cause is Cause.FILTERED or re.search(r"(in|hides) \d+ stored", reason.text)
        if reason.line is not None and counted:
            assert changed_by(world, reason.line), "an offer that shows nothing"
    check_agreement(world, state, reasons)


MISSING = replace(PLAIN, events=MATCHING.events, line=parse_filter("-user:Prof -is:read"))
"""The same events: here the term hides one of them, and is not said to hide none."""


@settings(max_examples=examples(400), deadline=None)
@given(WORLDS)
@example(MISSING)
@example(replace(MISSING, events=MISSING.events[1:], line=parse_filter("-user:Prof")))
def test_a_term_that_is_said_to_hide_none_hides_none_and_its_offer_as_many_as_it_says(world: World) -> None:
    rows = [event for event in world.events if world.predicate(event, REGION)]
    for reason in reasons_with_rows(emptiness(world, rows=True)) if rows else ():
        check_count(world, reason)
        if not reason.hides_nothing:
            continue
        found = re.fullmatch(r"(.+) hides nothing: .+ (?:in|hides) (\d+) stored events?", reason.text)
        assert found is not None, reason.text
        assert found[1] == reason.hides_nothing
        hidden = [event for event in refused_by(world, reason.hides_nothing) if world.predicate.in_range(event)]
        assert hidden == []
        assert all(event in rows for event in changed_by(world, reason.line))


def matched_by(world: World, leaf: Leaf) -> list[Event]:
    """The events in range that a leaf matches; of a network, those with any address that the other terms show."""
    if names_network(leaf):
        shown = compile_filter(world.line.replaced(leaf, parse_filter("ip:0.0.0.0/0,::/0").terms[0]), NOW)
        return [event for event in world.events if shown(event, REGION)]
    alone = compile_filter(Filter((leaf,)), NOW)
    return [event for event in world.events if world.predicate.in_range(event) and alone(event, REGION)]


def check_agreement(world: World, state: EmptyResult, reasons: Sequence[Reason]) -> None:
    """No statement denies another one, the head of the pane, or the line at the foot."""
    lines = reasons_lines(
        reasons, "56789", line=write_filter(world.line), timespan="all history", scanned=len(world.events),
        complete=state.complete, filtering=False, width=1000,
    )  # fmt: skip
    head = plain(lines[0])
    said = " | ".join(reason.text for reason in reasons)
    facts = QueryFacts(
        timespan="all history", scanned=len(world.events), loaded=len(world.events), more=not state.complete,
        loading=False, loading_all=False, oldest=None, pages=1, started=state.started, regions=state.regions,
        complete_at="13:58:00" if state.loaded_at else "", problem="Refused" if state.error_text else "",
    )  # fmt: skip
    foot = plain(query_line(facts, 200))
    if world.events:
        number = "the one event" if len(world.events) == 1 else f"the {len(world.events)} events"
        assert head == f"No match in {number} loaded{'' if state.complete else ' so far'}"
    else:
        assert head.startswith("No event")
        assert head.endswith(" so far") is not state.complete
    whole = " · complete" in foot
    assert whole is state.complete
    unfinished = re.search(r"only \d+ event|nothing loaded yet|no events in the pages", said)
    assert not (whole and unfinished), (said, foot)
    if contradiction(world.line):
        # Nothing that is loaded later can match.
        assert [reason.cause for reason in reasons if reason.cause is not Cause.FILTERED] == [Cause.IMPOSSIBLE]
    else:
        assert ("complete as of 13:58:00" in said) is ("complete as of 13:58:00" in foot)
    assert ("not loaded" in foot) <= (not state.complete and not state.started)
    assert not ("the newest may be missing" in said and not state.complete)
    assert not (world.events and re.search(r"(returned|has) nothing", said))
    for finding in state.findings:
        if finding.kind is FindingKind.OCCURS:
            assert not matched_by(world, finding.leaf), "a value that matches is said to occur elsewhere"

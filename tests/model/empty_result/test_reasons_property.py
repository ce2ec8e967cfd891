"""Every statement about an empty answer, recounted naively from the events it is about; no two contradict."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.real_records import event_of

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.other_fields import OtherFieldSearch
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.event.event import Event
from ctui.model.filter.matching.case_variants import case_variants, ignoring_case, patterns_by_field
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter, field_values
from ctui.model.filter.terms import Filter
from ctui.model.filter.write import write_filter, write_term
from ctui.render.panes.empty_result import reasons_lines
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.text.spans import plain

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
REGION = "us-east-1"
ROLE: dict[str, object] = {
    "userIdentity": {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": "Prof"}}}
}

EVENTS = st.lists(
    st.builds(
        lambda minutes, name, user, write, error, role: event_of(
            {**(ROLE if role else {}), **({"errorCode": error} if error else {}), "eventName": name},
            event_id=f"{minutes}{name}{user}{write}{error}{role}",
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
    ),
    max_size=8,
)
TERMS = [
    "name:A", "name:C", "name:a", "user:alice", "user:ALICE,carol", "user:Prof", "-user:bob", "is:write", "is:error",
    "error:TrailNotFound", "nowhere", "-is:read", "region:eu-west-1", "-user:Prof", "-user:ALICE",
    "-error:TrailNotFound",
]  # fmt: skip
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


WORLDS = st.builds(
    lambda events, parts, times, **flags: World(tuple(events), parse_filter(" ".join([*parts, times])), **flags),
    EVENTS,
    st.lists(st.sampled_from(TERMS), max_size=4, unique=True),
    st.sampled_from(TIMES),
    **{name: st.booleans() for name in ("complete", "old", "begun", "refused", "paused", "stored")},
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
    search = OtherFieldSearch(world.line, NOW, negated=rows)
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
        other_fields=search.found(counts),
        loaded_at=NOW - timedelta(minutes=2) if world.complete and world.old else None,
    )


def refused_by(world: World, said: str) -> list[Event]:
    """The events that one part of the line hides, each looked at by that part alone."""
    if said == "the range":
        return [event for event in world.events if not world.predicate.in_range(event)]
    alone = compile_filter(parse_filter(said), NOW)
    return [event for event in world.events if not alone(event, REGION)]


def hidden_by_just(world: World, parts: Sequence[str]) -> list[Event]:
    """The events that each of these hides, and no other part of the line."""
    others = [write_term(term) for term in world.line.terms if write_term(term) not in parts]
    others += ["the range"] * ("the range" not in parts)
    elsewhere = [event for other in dict.fromkeys(others) for event in refused_by(world, other)]
    return [
        event
        for event in world.events
        if event not in elsewhere and all(event in refused_by(world, part) for part in parts)
    ]


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
    elif found := re.fullmatch(r"(.+) and (.+) together hide (\d+) of (\d+) that nothing else hides", says):
        assert len(hidden_by_just(world, found.groups()[:2])) == int(found[3]) > 0
        assert int(found[4]) == total
    elif found := re.fullmatch(r"each of the (\d+) is hidden by at least three of these", says):
        assert int(found[1]) == total
        parts = [*dict.fromkeys(write_term(term) for term in world.line.terms), "the range"]
        assert all(sum(event in refused_by(world, part) for part in parts) >= 3 for event in world.events)
    elif found := re.fullmatch(r"only (\d+) events? loaded", says):
        assert int(found[1]) == total > 0
    elif found := re.search(r"in (\d+) stored events?$", says):
        assert reason.line is not None
        better = compile_filter(reason.line, NOW)
        assert sum(better(event, REGION) for event in world.events) == int(found[1]) > 0
    elif found := re.fullmatch(r"case matters: (.+) was seen, (.+) was not", says):
        values = [value for event in world.events for value in (event.name, event.username)]
        assert found[1] in values
        assert found[2] not in values
    else:
        assert not re.search(r"\d+ (events?|of)\b", says), f"a statement that nobody recounts: {says}"


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


@settings(max_examples=400, deadline=None)
@given(WORLDS)
@example(MATCHING)
def test_every_statement_counts_right_and_none_contradicts_another(world: World) -> None:
    if any(world.predicate(event, REGION) for event in world.events):
        return
    state = emptiness(world)
    reasons = reasons_of(state)
    for reason in reasons:
        check_count(world, reason)
        if reason.line is not None and reason.cause in (Cause.FILTERED, Cause.OTHER_FIELD):
            better = compile_filter(parse_filter(write_filter(reason.line)), NOW)
            assert any(better(event, REGION) for event in world.events), "an offer that shows nothing"
    check_agreement(world, state, reasons)


MISSING = replace(PLAIN, events=MATCHING.events, line=parse_filter("-user:Prof -is:read"))
"""The same events: here the term hides one of them, and is not said to hide none."""


@settings(max_examples=400, deadline=None)
@given(WORLDS)
@example(MISSING)
@example(replace(MISSING, events=MISSING.events[1:], line=parse_filter("-user:Prof")))
def test_a_term_that_is_said_to_hide_none_hides_none_and_its_offer_as_many_as_it_says(world: World) -> None:
    rows = [event for event in world.events if world.predicate(event, REGION)]
    for reason in reasons_with_rows(emptiness(world, rows=True)) if rows else ():
        if not reason.hides_nothing:
            continue
        found = re.fullmatch(r"(\S+) hides nothing: .+ in (\d+) stored events?", reason.text)
        assert found is not None, reason.text
        assert found[1] == reason.hides_nothing
        hidden = [event for event in refused_by(world, reason.hides_nothing) if world.predicate.in_range(event)]
        assert hidden == []
        assert reason.line is not None
        better = compile_filter(reason.line, NOW)
        assert len(rows) - sum(better(event, REGION) for event in rows) == int(found[2]) > 0


def check_agreement(world: World, state: EmptyResult, reasons: Sequence[Reason]) -> None:
    """No statement denies another one, the head of the pane, or the line at the foot."""
    lines = reasons_lines(
        reasons, "56789", line=write_filter(world.line), timespan="all history", scanned=len(world.events),
        complete=state.complete, filtering=False, width=200,
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
    assert ("complete as of 13:58:00" in said) is ("complete as of 13:58:00" in foot)
    assert ("not loaded" in foot) <= (not state.complete and not state.started)
    assert not ("the newest may be missing" in said and not state.complete)
    assert not (world.events and re.search(r"(returned|has) nothing", said))
    for term in world.line.terms:
        matching = len(world.events) - len(refused_by(world, write_term(term)))
        if matching:
            elsewhere = [one for one in state.other_fields if one.term == term and one.text in said]
            assert not elsewhere, "a value that matches is said to stand elsewhere"

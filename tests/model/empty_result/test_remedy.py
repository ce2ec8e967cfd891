"""Why an answer is empty, and what is offered instead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.finding import Finding, FindingKind
from ctui.model.empty_result.range_edit import apply_suggestion
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.empty_result.regions import unsearched_regions
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import Excluder, Outside, Unsearched
from ctui.model.filter.write import write_filter
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.lookup.timespan import parse_timespan

USER_X = LookupAttribute(AttributeKey.USERNAME, "x")
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trails", "text"),
    [
        (None, "whether a trail has Insights on is not known here: without it, there are no Insights events"),
        ({}, "there is no trail here, and without one that has Insights on there are no Insights events"),
        ({"audit": True, "old": False}, "audit has Insights on, which tells unusual rates alone"),
        ({"audit": True, "other": True}, "audit, other have Insights on, which tells unusual rates alone"),
        ({"old": False}, "the one trail here has Insights off: without it, there are no Insights events"),
        ({"old": False, "new": False}, "none of 2 trails has Insights on: without it, there are no Insights events"),
        ({"old": False, "odd": None}, "whether odd has Insights on is not said"),
    ],
)
def test_without_insights_events_it_is_said_whether_a_trail_has_insights_on(
    trails: dict[str, bool | None] | None, text: str
) -> None:
    empty = EmptyResult(parse_filter("is:insight"), NOW, ("us-east-1",), True, has_insights=trails)
    assert reasons_of(empty)[0] == Reason(Cause.INSIGHTS, text)
    other = replace(empty, line=parse_filter("-is:insight name:Nothing"))
    assert Cause.INSIGHTS not in [reason.cause for reason in reasons_of(other)]


PROF = Finding(
    parse_filter("user:Prof").leaves[0],
    FindingKind.OCCURS,
    "Prof occurs at issuer in 3 stored events",
    parse_filter("userIdentity.issuer:Prof").terms[0],
)


def empty(line: str, **known: Any) -> EmptyResult:
    asked: dict[str, Any] = {"regions": ("eu-west-1",), "complete": True, "scanned": 1, **known}
    return EmptyResult(parse_filter(line), NOW, **asked)


def test_an_answer_that_nothing_explains_gets_no_reason() -> None:
    assert reasons_of(empty("user:nobody since:7d until:1d")) == ()
    assert reasons_of(empty("until:1d")) == ()


def settled(state: EmptyResult) -> tuple[Reason, ...]:
    """All reasons but that the newest events may be late."""
    return tuple(one for one in reasons_of(state) if "the newest may be" not in one.text)


@pytest.mark.parametrize(
    ("state", "cause", "words", "offered"),
    [
        (empty("", error_text="User: … is not authorized"), Cause.REFUSED, "is not authorized", None),
        (empty("", complete=False, scanned=1250), Cause.SCANNING, "only 1,250 events loaded", None),
        (empty("name:X since:1d until:2h", scanned=0), Cause.RANGE, "CloudTrail returned nothing in this", "name:X"),
        (
            empty(
                "user:x is:error since:1d until:2h",
                scanned=0,
                server_filter=(LookupAttribute(AttributeKey.USERNAME, "x"),),
            ),
            Cause.RANGE,
            "CloudTrail returned nothing with user:x in this range",
            "user:x is:error",
        ),
        (empty("since:1d", scanned=0, store_only=True), Cause.RANGE, "the store has nothing in this range", ""),
        (
            empty("", complete=False, scanned=0, pages_without_progress=20),
            Cause.SCANNING,
            "no events in 20 pages",
            None,
        ),
        (
            empty("", complete=False, scanned=50, pages_without_progress=21),
            Cause.SCANNING,
            "only 50 events loaded; no new events in 21 pages",
            None,
        ),
        (empty("", complete=False, scanned=0, started=False), Cause.SCANNING, "nothing loaded yet", None),
        (empty("", complete=False, started=False, scanned=50), Cause.SCANNING, "only 50 events loaded", None),
        (empty("name:X since:14m"), Cause.LAG, "may be missing", "name:X since:1h"),
        (empty("since:2026-11-22T13:50Z until:2026-11-22T13:55Z"), Cause.LAG, "may be missing", "since:1h"),
        (empty("name:X until:91d"), Cause.HISTORY, "90 days", "name:X"),
        (empty("since:91d"), Cause.HISTORY, "cannot be looked up", None),
        (empty("since:8d until:7d", history=timedelta(days=7)), Cause.HISTORY, "cannot be looked up", None),
        (empty("name:X until:91d", history=None), Cause.HISTORY, "is unknown", "name:X"),
        (empty("until:8d", history=None), Cause.HISTORY, "may end before", ""),
        (empty("since:9d until:8d", history=timedelta(days=7)), Cause.HISTORY, "7 days", ""),
        (empty("source:iam"), Cause.OTHER_REGION, "recorded in us-east-1", None),
        (empty("name:ConsoleLogin"), Cause.OTHER_REGION, "recorded in us-east-1", None),
        (empty("source:sts", partition="aws-us-gov"), Cause.OTHER_REGION, "us-gov-west-1", None),
        (empty("name:GetObject"), Cause.DATA_EVENT, "management events only", None),
        (empty("is:data user:alice", complete=False), Cause.DATA_EVENT, "a trail's log files can have", None),
        (empty("is:network,aggregated"), Cause.DATA_EVENT, "ctui files PATH", None),
        (
            empty("requestParameters.bucketName:Logs", seen_values={"requestParameters.bucketName": ["logs"]}),
            Cause.LETTER_CASE,
            "logs was seen",
            "requestParameters.bucketName:logs",
        ),
        (
            empty("user:alice*", seen_values={"user": ["Alice2", "Alice3", "bob"]}),
            Cause.LETTER_CASE,
            "Alice2",
            "user:~alice*",
        ),
        (
            empty("user:*lic*,bob", seen_values={"user": ["ALICE", "bob"]}),
            Cause.LETTER_CASE,
            "*lic* was not",
            "user:~*lic*,bob",
        ),
        (
            empty("user:Alice", seen_values={"user": {"alice", "bob"}}),
            Cause.LETTER_CASE,
            "alice was seen",
            "user:alice",
        ),
        (
            empty("is:write user:x,ALICE", seen_values={"user": ["alice"]}),
            Cause.LETTER_CASE,
            "ALICE was not",
            "is:write user:x,alice",
        ),
        (
            empty("user:Prof is:read", findings=(PROF,)),
            Cause.OTHER_FIELD,
            "Prof occurs at issuer in 3 stored events",
            "userIdentity.issuer:Prof is:read",
        ),
        (empty("region:eu-north-1"), Cause.OTHER_REGION, "has its own history; only eu-west-1 was searched", None),
        (
            empty("region:eu-west-1,us-gov-east-1 error:*"),
            Cause.OTHER_REGION,
            "us-gov-east-1 has its own history",
            None,
        ),
        (empty("region:Narnia"), Cause.OTHER_REGION, "Narnia has its own history", None),
        (
            empty("is:error name:A since:5m name:B,C", scanned=0, complete=False),
            Cause.IMPOSSIBLE,
            "name:A and name:B,C exclude each other: no event can match",
            "is:error name:A,B,C since:5m",
        ),
        (empty("is:read is:write", loaded_at=NOW), Cause.IMPOSSIBLE, "exclude each other", "is:read,write"),
        (
            empty("name:A,B -name:A -name:B", loaded_at=NOW),
            Cause.IMPOSSIBLE,
            "no event can match name:A,B, -name:A and -name:B together",
            None,
        ),
        (empty("user:x -user:x", error_text="No."), Cause.IMPOSSIBLE, "user:x and -user:x exclude each other", None),
        (
            empty("region:af-south-1 (name:A name:B OR user:x user:y)"),
            Cause.IMPOSSIBLE,
            "no event can match (name:A name:B OR user:x user:y)",
            None,
        ),
        (empty("", loaded_at=NOW), Cause.SCANNING, "complete as of 14:00:00; newer events are not loaded", None),
        (empty("x", read_error="disk is full"), Cause.SCANNING, "could not read the loaded events: disk is full", None),
    ],
)
def test_each_cause_is_told_with_its_remedy(state: EmptyResult, cause: Cause, words: str, offered: str | None) -> None:
    (reason,) = settled(state)
    assert reason.cause is cause
    assert words in reason.text
    assert (None if reason.line is None else write_filter(reason.line)) == offered
    assert bool(reason.action_label) == bool(reason.line is not None or reason.add_region or cause is Cause.SCANNING)


@pytest.mark.parametrize(
    ("line", "seen", "label"),
    [
        ("user:alice", ["Alice"], "use user:Alice"),
        # AWS could select by what was typed, and cannot ignore letter case.
        ("user:alice", ["Alice", "ALICE"], "use user:~alice, filtered here"),
        ("user:alice,bob", ["Alice", "ALICE"], "use user:~alice,bob, filtered here"),
        ("user:alice*", ["Alice", "ALICE"], "use user:~alice*"),
        ("name:X OR user:alice", ["Alice", "ALICE"], "use user:~alice, filtered here"),
    ],
)
def test_letter_case_that_is_ignored_is_said_to_be_filtered_here(line: str, seen: list[str], label: str) -> None:
    assert [one.action_label for one in settled(empty(line, seen_values={"user": seen}))] == [label]


def test_of_many_leaves_a_few_are_explained() -> None:
    line = " OR ".join(f"user:u{number}" for number in range(20))
    seen = [f"U{number}" for number in range(20)]
    assert len(settled(empty(line, seen_values={"user": seen}))) == 5


@pytest.mark.parametrize(
    ("line", "asked", "named"),
    [
        ("region:af-south-1,us-east-1 name:X", ["us-east-1"], ("af-south-1",)),
        ("region:af-south-1,eu-* region:us-east-1,af-south-1", ["eu-west-1"], ("af-south-1",)),
        ("region:b-c-1,a-b-1,b-c-1", ["x-y-1"], ("b-c-1", "a-b-1")),
        ("region:af-south-1 -region:af-*", ["us-east-1"], ()),
        ("-region:af-south-1", ["us-east-1"], ()),
        ("region:us-east-1", ["us-east-1", "eu-west-1"], ()),
        ("region:us-east-1", [], ()),
        ("awsRegion:us-east-1", ["eu-west-1"], ()),
        ("(region:us-east-1 is:error) OR user:x", ["eu-west-1"], ("us-east-1",)),
        ("-(-region:us-east-1 OR is:error)", ["eu-west-1"], ("us-east-1",)),
        ("(region:us-east-1 OR user:x) region:eu-*", ["eu-west-1"], ()),
        ("(region:us-east-1 region:eu-*) OR region:af-south-1", ["eu-west-1"], ("af-south-1",)),
        ("-(region:us-east-1 OR region:af-south-1)", ["eu-west-1"], ()),
        ("region:~US-EAST-1,EU-West-1", ["eu-west-1"], ("us-east-1",)),
    ],
)
def test_regions_that_a_line_names_and_nobody_asked(line: str, asked: list[str], named: tuple[str, ...]) -> None:
    assert unsearched_regions(parse_filter(line), asked) == named


BROKEN = {
    "error_text": "The security token is invalid",
    "refusing_regions": ("af-south-1", "eu-west-1"),
    "added_regions": ("af-south-1",),
}


def test_a_region_that_refuses_is_named_and_can_be_left_out_where_it_was_added() -> None:
    state = empty("user:x", complete=False, **BROKEN)
    assert [(one.text, one.action_label, one.remove_region) for one in reasons_of(state)] == [
        ("af-south-1 refused: The security token is invalid", "leave af-south-1 out", "af-south-1"),
        ("eu-west-1 refused: The security token is invalid", "", ""),
    ]
    assert reasons_with_rows(state) == reasons_of(state)
    assert [one.cause for one in reasons_of(replace(state, can_load_more=True))][-1] is Cause.SCANNING


def test_a_region_that_was_not_asked_is_offered_beside_rows_too() -> None:
    state = empty("region:us-east-1,Narnia,eu-west-1 source:iam since:5m")
    assert [(one.add_region, bool(one.action_label)) for one in reasons_with_rows(state)] == [
        ("us-east-1", True),
        ("", False),
    ]


@pytest.mark.parametrize(
    "state",
    [
        empty("name:X since:15m"),
        empty("name:X", scanned=0),
        empty("name:X until:1d", scanned=0),
        empty("name:X since:89d"),
        empty("source:iam", regions=("eu-west-1", "us-east-1")),
        empty("source:iam", partition="aws-new"),
        empty("-source:iam -name:GetObject"),
        empty("source:ec2"),
        empty("user:alice", seen_values={"user": {"alice", "Alice"}}),
        empty("user:Alice", seen_values={"name": {"alice"}}),
        empty("-user:Alice -a.b:X", seen_values={"user": {"alice"}, "a.b": {"x"}}),
        empty("region:eu-west-1"),
        empty("-region:us-east-1"),
        empty("region:eu-*"),
        empty("region:us-east-1", regions=()),
        empty("user:Prof*", findings=(PROF,)),
        empty("-user:Prof", findings=(PROF,)),
        empty("user:al*", seen_values={"user": {"alice", "Alice"}}),
    ],
)
def test_what_does_not_hold_is_not_told(state: EmptyResult) -> None:
    assert settled(state) == ()


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (empty("name:X"), True),
        (empty("name:X since:1h"), True),
        (empty("name:X since:30m"), True),
        (empty("name:X since:14m"), False),
        (empty("name:X since:1h", complete=False), False),
        (empty("name:X since:3d until:1h"), False),
        (empty("name:X since:3d until:5m"), True),
        (empty("name:consolelogin", seen_values={"name": {"ConsoleLogin"}}), False),
    ],
)
def test_a_complete_answer_that_ends_now_is_not_called_settled(state: EmptyResult, late: bool) -> None:
    assert ("the newest may be missing" in " ".join(one.text for one in reasons_of(state))) is late


def told(state: EmptyResult) -> list[tuple[str, str]]:
    """What is said of events that are kept out, and what is offered."""
    return [(one.text, one.action_label) for one in reasons_of(state) if one.cause is Cause.FILTERED]


def removed(*events: Sequence[Excluder]) -> Exclusions:
    found = Exclusions()
    for keepers in events:
        found.add(keepers)
    return found


def test_what_a_term_keeps_out_alone_is_offered_the_greediest_first() -> None:
    state = empty("user:alice is:error name:X")
    user, error, name = state.line.terms
    kept = removed([user], *[[error]] * 1200, [error, name])
    assert told(replace(state, exclusions=kept)) == [
        ("is:error hides 1,201 of 1,202, 1,200 of them alone", "remove is:error"),
        ("user:alice hides 1 of 1,202", "remove user:alice"),
        ("name:X hides 1 of 1,202", ""),
    ]
    lines = [write_filter(reason.line) for reason in reasons_of(replace(state, exclusions=kept)) if reason.line]
    assert lines == ["user:alice name:X", "is:error name:X"]


def test_of_log_files_it_is_said_whose_records_were_searched() -> None:
    state = empty("name:X ip:10.0.0.1 denied")
    name, address, word = state.line.terms
    rest = Unsearched((word,))
    kept = removed(*[[name, rest]] * 1200, [name, address, rest], [word], [word])
    assert told(replace(state, exclusions=kept)) == [
        ("denied hides all 2 whose records were searched", "remove denied"),
        ("name:X hides 1,201 of 1,203; the rest of the line was not searched for in 1,200 of them", "remove name:X"),
        ("ip:10.0.0.1 hides 1 of 1,203", ""),
    ]
    assert told(replace(state, exclusions=removed([name, address, rest]))) == [
        ("name:X hides all 1", ""),
        ("ip:10.0.0.1 hides all 1", ""),
    ]


def test_what_two_terms_keep_out_together_is_offered_together() -> None:
    state = empty("name:C user:carol is:write")
    name, user, write = state.line.terms
    assert told(replace(state, exclusions=removed([name, user], [name, user], [user, write]))) == [
        ("user:carol hides all 3", ""),
        ("name:C hides 2 of 3", ""),
        ("is:write hides 1 of 3", ""),
        ("name:C and user:carol together hide 2 of 3 that nothing else hides", "remove name:C and user:carol"),
    ]
    three = removed([name, user, write])
    told_of_three = "each of the 1 is hidden by at least three of these"
    assert told(replace(state, exclusions=three))[-1] == (told_of_three, "")
    longer = replace(state, line=replace(state.line, terms=(*state.line.terms, *parse_filter("ip:1.*").terms)))
    assert told(replace(longer, exclusions=three))[-1] == (told_of_three, "remove name:C and user:carol and is:write")


def test_to_give_up_all_that_is_asked_is_not_offered() -> None:
    state = empty("name:C user:carol")
    assert told(replace(state, exclusions=removed(state.line.terms)))[-1] == (
        "name:C and user:carol together hide 1 of 1 that nothing else hides",
        "",
    )


def test_what_the_range_keeps_out_is_told_and_the_range_widened_to_what_is_here() -> None:
    here = {"oldest": NOW - timedelta(hours=3), "newest": NOW - timedelta(hours=1)}
    state = empty("since:20m", exclusions=removed(*[[Outside.RANGE]] * 100), **here)
    assert told(state) == [("the range hides all 100", "widen the range to the loaded events")]
    assert [write_filter(one.line) for one in reasons_of(state) if one.line] == ["since:2026-11-22T11:00:00Z"]
    earlier = empty("until:5h", exclusions=removed([Outside.RANGE]), **here)
    assert [write_filter(one.line) for one in reasons_of(earlier) if one.line] == ["until:2026-11-22T13:00:00Z"]
    nope = empty("name:Nope user:alice since:20m", **here)
    name, _ = nope.line.terms
    both = replace(nope, exclusions=removed([Outside.RANGE, name]))
    assert told(both)[-1][1] == "remove name:Nope and widen the range to the loaded events"
    assert [write_filter(one.line) for one in reasons_of(both) if one.line] == ["user:alice since:2026-11-22T11:00:00Z"]


EVENTS = st.lists(
    st.builds(
        lambda minutes, name, user, write: event_of(
            {}, time=NOW - timedelta(minutes=minutes), name=name, username=user, read_only=write
        ),
        st.integers(0, 600), st.sampled_from("AB"), st.sampled_from("ab"), st.sampled_from(["true", "false"]),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip
PARTS = [
    "name:A", "name:C", "user:b", "-user:a", "is:write", "nowhere", "name:B,C", "(name:C OR user:b)",
    "-(name:A user:b)",
]  # fmt: skip
TIMES = ["", "since:5m", "since:3h until:2h", "until:8h", "until:2026-11-22T11:00Z", "since:2026-11-22T11:00Z"]


@settings(max_examples=examples(200), deadline=None)
@given(EVENTS, st.lists(st.sampled_from(PARTS), max_size=4), st.sampled_from(TIMES))
def test_whoever_takes_an_offer_sees_something(events: list[Event], parts: list[str], times: str) -> None:
    line = parse_filter(" ".join([*parts, times]))
    predicate = compile_filter(line, NOW)
    if any(predicate(event, "") for event in events):
        return
    kept_out = [list(predicate.excluders(event, "")) for event in events]
    kept = removed(*kept_out)
    moments = sorted(event.time for event in events)
    state = EmptyResult(line, NOW, ("us-east-1",), True, exclusions=kept, oldest=moments[0], newest=moments[-1])
    offers = [one.line for one in reasons_of(state) if one.cause is Cause.FILTERED and one.line is not None]
    # All that is asked is not given up, not even where nothing less would help.
    assert offers or not any(set(line.terms) - set(keepers) for keepers in kept_out if len(keepers) <= 2)
    for offered in offers:
        wider = compile_filter(parse_filter(write_filter(offered)), NOW)
        assert any(wider(event, "") for event in events)


@pytest.mark.parametrize(
    ("offer", "line", "beside", "written", "span"),
    [
        ("name:X", "name:X since:91d until:90d", "1h", "name:X", "all"),
        ("name:X", "name:X", "91d..90d", "name:X", "all"),
        ("name:X since:1h", "name:X since:5m", "3h", "name:X since:1h", None),
        ("name:X since:1h", "name:X", "5m", "name:X", "1h"),
        ("since:1h", "name:X", "1h", "", None),
        ("since:1h", "name:X since:1h", "5m", "since:1h", None),
        ("", "name:X", "all", "", None),
        ("since:2026-11-01T12:00Z", "name:X", "2026-11-01T12:00Z..now", "", None),
        ("until:1h", "name:X", "..1h", "", None),
        ("a OR b", "a OR c", "1h", "a OR b", "all"),
        ("(a OR b) since:1h", "a OR c", "1h", "a OR b", None),
        ("(a OR b) since:2h", "(a OR c) since:1h", "5m", "(a OR b) since:2h", None),
    ],
)
def test_an_offer_is_taken_with_its_range(offer: str, line: str, beside: str, written: str, span: str | None) -> None:
    new, timespan = apply_suggestion(parse_filter(offer), parse_filter(line), parse_timespan(beside))
    assert write_filter(new) == written
    assert (None if timespan is None else timespan.text) == span


def test_several_reasons_stand_together_the_surest_first() -> None:
    state = empty("source:iam since:5m", complete=False)
    assert [reason.cause for reason in reasons_of(state)] == [Cause.SCANNING, Cause.LAG, Cause.OTHER_REGION]
    assert reasons_of(state)[2].add_region == "us-east-1"

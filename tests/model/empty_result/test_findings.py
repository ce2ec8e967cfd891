"""What stored events say of the leaves of a line: networks and services, paths, letter case, parts of values."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.real_records import event_of

from ctui.model.empty_result.evidence import Cause, EmptyResult
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.finding_search import FindingSearch
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.event.event import Event
from ctui.model.filter.matching.case_variants import case_variants, ignoring_case, patterns_by_field
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter, field_values
from ctui.model.filter.write import write_filter

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
REGION = "us-east-1"


def event(called: str, address: str = "", user: str = "", error: str = "", agent: str = "", **asked: Any) -> Event:
    record: dict[str, Any] = {"eventName": called, "userAgent": agent or None, "requestParameters": asked or None}
    record |= {"sourceIPAddress": address} if address else {}
    record |= {"errorCode": error} if error else {}
    record |= {"userIdentity": {"userName": user}} if user else {}
    return event_of(record, event_id=json.dumps([called, address, user, error, asked]), name=called, username=user)


SERVICE = [event("Scale", "autoscaling.amazonaws.com"), event("Scale", "ec2.amazonaws.com")]
PLAIN = [
    event("Run", "10.1.2.3", "alice", maxResults=20, name="all", when="2026-11-01T10:00:00Z"),
    event("Run", "2001:db8::1", "Bob", maxResults="7", instances={"items": [{"instanceId": "i-1"}]}),
    event("Stop", "198.51.100.7", "ALICE", "Client.UnauthorizedOperation", "aws-cli/2.7 Boto3/1.2"),
]


def said(line: str, events: list[Event]) -> list[tuple[str, str]]:
    """(fact, suggested line) of each reason that has to do with values."""
    asked = parse_filter(line)
    predicate = compile_filter(asked, NOW)
    rows = [one for one in events if predicate(one, REGION)]
    search = FindingSearch(asked, NOW, with_rows=bool(rows))
    counts: dict[str, int] = {}
    removed = Exclusions()
    for one in events:
        removed.add(list(predicate.excluders(one, REGION)))
        for key in set(search.look(one, REGION)):
            counts[key] = counts.get(key, 0) + 1
    seen = {}
    for name, patterns in patterns_by_field(asked).items():
        like = ignoring_case(patterns)
        values = sorted({one for event in events for one in field_values(name, event, REGION) if like(one)})
        seen[name] = tuple(twin for pattern in patterns for twin in case_variants(pattern, values))
    state = EmptyResult(
        asked, NOW, (REGION,), True, len(events), exclusions=removed, seen_values=seen, findings=search.found(counts)
    )
    reasons = reasons_with_rows(state) if rows else reasons_of(state)
    return [
        (reason.text, "" if reason.line is None else write_filter(reason.line))
        for reason in reasons
        if reason.cause not in (Cause.FILTERED, Cause.LAG)
    ]


@pytest.mark.parametrize(
    ("line", "events", "fact", "offered"),
    [
        (
            "name:Scale ip:10.0.0.0/8",
            [*SERVICE, *PLAIN],
            "only names of services, which are no addresses, in 2 stored events",
            "name:Scale ip:*.amazonaws.com",
        ),
        (
            "name:Scale -ip:10.0.0.0/8",
            [*SERVICE, *PLAIN],
            "-ip:10.0.0.0/8 also hides 2 stored events of services, whose names are no addresses",
            "name:Scale (-ip:10.0.0.0/8 OR ip:*.amazonaws.com)",
        ),
        # The same beside rows.
        (
            "-ip:10.0.0.0/8",
            [*SERVICE, *PLAIN],
            "-ip:10.0.0.0/8 also hides 2 stored events of services, whose names are no addresses",
            "-ip:10.0.0.0/8 OR ip:*.amazonaws.com",
        ),
        (
            "-(name:Run OR ip:10.0.0.0/8)",
            [*SERVICE, *PLAIN],
            "-ip:10.0.0.0/8 also hides 2 stored events of services, whose names are no addresses",
            "-(name:Run OR -(-ip:10.0.0.0/8 OR ip:*.amazonaws.com))",
        ),
        # Addresses occur too, of other networks.
        ("ip:11.0.0.0/8", [*SERVICE, *PLAIN], "", ""),
        ("ip:11.0.0.0/8", PLAIN, "", ""),
        ("-ip:11.0.0.0/8", PLAIN, "", ""),
        (
            "10.0.0.0/8",
            PLAIN,
            "without ip: a network is a text; its addresses occur in 1 stored event",
            "ip:10.0.0.0/8",
        ),
        (
            "10.1.2.1-10.1.2.9,198.51.100.0/24 OR name:x",
            PLAIN,
            "without ip: a network is a text; its addresses occur in 2 stored events",
            "ip:10.1.2.1-10.1.2.9,198.51.100.0/24 OR name:x",
        ),
        ("11.0.0.0/8", PLAIN, "11.0.0.0/8 without ip: is searched for as a text, not as a network", "ip:11.0.0.0/8"),
        (
            "-10.0.0.0/8",
            [*SERVICE, *PLAIN],
            "-10.0.0.0/8 hides nothing: without ip: a network is a text, with it it hides 3 stored events",
            "-ip:10.0.0.0/8",
        ),
        ("-11.0.0.0/8", [*SERVICE, *PLAIN], "", ""),
        ("10.0.0.0/99", PLAIN, "", ""),
        (
            "ip:2001:DB8:0:0::1",
            PLAIN,
            "2001:DB8:0:0::1 is recorded as 2001:db8::1 in 1 stored event",
            "ip:2001:db8::1",
        ),
        (
            "sourceIPAddress:::ffff:10.1.2.3",
            PLAIN,
            "::ffff:10.1.2.3 is recorded as 10.1.2.3 in 1 stored event",
            "sourceIPAddress:10.1.2.3",
        ),
        (
            "-ip:2001:DB8:0:0::1",
            PLAIN,
            "-ip:2001:DB8:0:0::1 hides nothing: 2001:DB8:0:0::1 is recorded as 2001:db8::1 in 1 stored event",
            "-ip:2001:db8::1",
        ),
    ],
)
def test_networks_and_services(line: str, events: list[Event], fact: str, offered: str) -> None:
    assert said(line, events) == [(fact, offered)] * bool(fact)


@pytest.mark.parametrize(
    ("line", "fact", "offered"),
    [
        (
            "requestParameters.maxresults>10",
            "requestParameters.maxresults is recorded as requestParameters.maxResults in 1 stored event",
            "requestParameters.maxResults>10",
        ),
        (
            "requestparameters.MAXRESULTS>10000",
            "requestParameters.MAXRESULTS occurs in none of 3 stored events, requestParameters.maxResults in 2",
            "requestParameters.maxResults>10000",
        ),
        (
            "-(requestParameters.maxresults<=10 OR name:x)",
            "-requestParameters.maxresults<=10 hides nothing: "
            "requestParameters.maxresults is recorded as requestParameters.maxResults in 1 stored event",
            "-(requestParameters.maxResults<=10 OR name:x)",
        ),
        (
            "requestParameters.instanceid:i-*",
            "instanceid is recorded at requestParameters.instances.items.instanceId in 1 stored event",
            "requestParameters.instances.items.instanceId:i-*",
        ),
        ("requestParameters.nowhere>1", "requestParameters.nowhere occurs in none of 3 stored events", ""),
        ("responseElements.x:y", "responseElements.x occurs in none of 3 stored events", ""),
        (
            "requestParameters.name>1",
            "requestParameters.name occurs in 1 of 3 stored events, and is no number in any of them",
            "",
        ),
        (
            "(requestParameters.maxResults>2h OR name:x)",
            "requestParameters.maxResults occurs in 2 of 3 stored events, and is no time in any of them",
            "",
        ),
        ("requestParameters.maxResults>100", "", ""),
        ("requestParameters.when>2026-11-02", "", ""),
        (
            "requestParameters.when>99",
            "requestParameters.when occurs in 1 of 3 stored events, and is no number in any of them",
            "",
        ),
    ],
)
def test_paths_and_comparisons(line: str, fact: str, offered: str) -> None:
    assert said(line, PLAIN) == [(fact, offered)] * bool(fact)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        # One spelling that the service can select by, and several, which are filtered here.
        ("user:bob", [("case matters: Bob was seen, bob was not", "user:Bob")]),
        ("user:Alice", [("case matters: ALICE and alice were seen, Alice was not", "user:~Alice")]),
        ("user:bo*", [("case matters: Bob was seen, bo* was not", "user:~bo*")]),
        ("user:bob,Al*", [
            ("case matters: Bob was seen, bob was not", "user:Bob,Al*"),
            ("case matters: ALICE and alice were seen, Al* was not", "user:~bob,Al*"),
        ]),
        ("name:x OR user:bob", [("case matters: Bob was seen, bob was not", "name:x OR user:Bob")]),
        ("-(-user:bob OR name:x)", [("case matters: Bob was seen, bob was not", "-(-user:Bob OR name:x)")]),
        ("-(user:bob OR name:x)", [
            ("-user:bob hides nothing: case matters: Bob occurs as user: in 1 stored event", "-(user:Bob OR name:x)"),
        ]),
        # A group that matches some events is not why there is no row.
        ("(user:bob OR name:Run) name:x", []),
        ("(user:Run OR name:Stop) user:alice", []),
        ("error:unauthorized*", [
            ("error: contains unauthorized in 1 stored event", "error:~*unauthorized*"),
        ]),
        ("error:Unauthorized", [("error: contains Unauthorized in 1 stored event", "error:*Unauthorized*")]),
        ("agent:~BOTO3 OR name:x", [("agent: contains BOTO3 in 1 stored event", "agent:~*BOTO3* OR name:x")]),
        ("(user:Run OR name:x) is:read", []),
        ("user:Run OR role:Bob", [
            ("Run occurs as name: in 2 stored events", "name:Run OR role:Bob"),
            ("Bob occurs as user: in 1 stored event", "user:Run OR user:Bob"),
        ]),
        ("mfa:no name:Run", [
            ("MFA is unknown, as for federated users and roles, in 2 stored events", "mfa:unknown name:Run"),
        ]),
        ("user:alice -mfa:unknown", []),
        ("-role:alice", [
            ("-role:alice hides nothing: alice occurs as user: in 1 stored event", "-user:alice"),
        ]),
    ],
)  # fmt: skip
def test_letter_case_other_fields_and_parts(line: str, facts: list[tuple[str, str]]) -> None:
    assert said(line, PLAIN) == facts


@pytest.mark.parametrize(
    ("line", "fact", "offered"),
    [
        (
            "resource:i-1",
            "i-1 is named in the resources, request or response of 1 stored event",
            "about:i-1",
        ),
        ("about:alice", "alice occurs as user: in 1 stored event", "user:alice"),
        ("about:10.1.2.3", "10.1.2.3 occurs as ip: in 1 stored event", "ip:10.1.2.3"),
        ("-about:I-1", "-about:I-1 hides nothing: case matters: i-1 is named in 1 stored event", "-about:i-1"),
    ],
)
def test_a_thing_that_is_not_found_is_looked_for_elsewhere(line: str, fact: str, offered: str) -> None:
    assert (fact, offered) in said(line, PLAIN)


def test_a_thing_in_other_letter_case_is_offered_as_it_is_recorded() -> None:
    (reason,) = [one for one in said("about:I-1", PLAIN) if one[1] == "about:i-1"]
    assert "case matters" in reason[0]

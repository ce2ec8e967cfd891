"""Lines that no event matches are told from their terms; no line that an event matches ever is."""

from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.filter_trees import EVENTS, events, lines
from support.steps import steps_of

from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.contradiction import contradiction
from ctui.model.filter.fields import value_fields
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import Filter
from ctui.model.filter.write import write_filter, write_term

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("name:A name:B", ["name:A", "name:B"]),
        ("name:A name:a", ["name:A", "name:a"]),
        ("is:error name:A user:x name:B,C", ["name:A", "name:B,C"]),
        ("name:A,B name:C,D*", ["name:A,B", "name:C,D*"]),
        ("name:Get* name:Put*", ["name:Get*", "name:Put*"]),
        ("name:*Get name:*Put", ["name:*Get", "name:*Put"]),
        ("name:Get* name:Put", ["name:Get*", "name:Put"]),
        ("name:~get name:Put", ["name:~get", "name:Put"]),
        ("name:~get* name:PUT*", ["name:~get*", "name:PUT*"]),
        ("user:a -user:a", ["user:a", "-user:a"]),
        ("user:a -user:a,b", ["user:a", "-user:a,b"]),
        ("user:a* -user:a*,b", ["user:a*", "-user:a*,b"]),
        ("user:ab* -user:a*", ["user:ab*", "-user:a*"]),
        ("user:a -user:~A", ["user:a", "-user:~A"]),
        ("error:X -error:*", ["error:X", "-error:*"]),
        ("resource:r -resource:r,s", ["resource:r", "-resource:r,s"]),
        ("a.b:1 -a.b:*", ["a.b:1", "-a.b:*"]),
        ("is:read is:write", ["is:read", "is:write"]),
        ("is:error -is:error,root", ["is:error", "-is:error,root"]),
        ("word -word", ["word", "-word"]),
        ("word -word,other", ["word", "-word,other"]),
        ("/x/ -/x/", ["/x/", "-/x/"]),
        ("a.b>1 -a.b>1", ["a.b>1", "-a.b>1"]),
        ("mfa:yes mfa:no,unknown", ["mfa:yes", "mfa:no,unknown"]),
        ("role:Admin -role:Adm*", ["role:Admin", "-role:Adm*"]),
        ("ip:10.0.0.0/8 ip:192.168.0.0/16", ["ip:10.0.0.0/8", "ip:192.168.0.0/16"]),
        ("ip:10.0.0.0/8 ip:2001:db8::/32", ["ip:10.0.0.0/8", "ip:2001:db8::/32"]),
        ("ip:10.0.0.0/24 -ip:10.0.0.0/8", ["ip:10.0.0.0/24", "-ip:10.0.0.0/8"]),
        ("ip:10.0.0.1-10.0.0.3 ip:10.0.0.4-10.0.0.9", ["ip:10.0.0.1-10.0.0.3", "ip:10.0.0.4-10.0.0.9"]),
        ("ip:10.0.0.0/8 ip:ec2.amazonaws.com", ["ip:10.0.0.0/8", "ip:ec2.amazonaws.com"]),
        ("(name:A OR name:B) name:C", ["(name:A OR name:B)", "name:C"]),
        ("(name:A OR name:B) (name:C OR name:D)", ["(name:A OR name:B)", "(name:C OR name:D)"]),
        ("name:C (name:A name:B OR user:x user:y)", ["(name:A name:B OR user:x user:y)"]),
        ("(name:A user:x) OR (name:B is:read is:write)", []),
        ("(name:A user:x OR name:B) name:C", ["(name:A user:x OR name:B)", "name:C"]),
        ("name:A -(name:A OR user:x)", ["name:A", "-(name:A OR user:x)"]),
        ("-(-name:A OR -name:B)", ["-(-name:A OR -name:B)"]),
        ("is:login name:StopLogging", ["is:login", "name:StopLogging"]),
        ("name:ConsoleLogin is:write -is:login", ["name:ConsoleLogin", "-is:login"]),
        ("name:A,B is:error -name:A -name:B", ["name:A,B", "-name:A", "-name:B"]),
        ("error:X,Y* -error:X,Z -error:Y*", ["error:X,Y*", "-error:X,Z", "-error:Y*"]),
        ("(name:A OR user:x) -name:A user:y,z", ["(name:A OR user:x)", "-name:A", "user:y,z"]),
        (
            "user:x (name:A OR name:B) -(name:A OR name:B OR name:C)",
            ["(name:A OR name:B)", "-(name:A OR name:B OR name:C)"],
        ),
        ("is:read,write -is:read -is:write", ["is:read,write", "-is:read", "-is:write"]),
        ("word,other -word -other", ["word,other", "-word", "-other"]),
        ("a.b:1,2 -a.b:1 -a.b:2", ["a.b:1,2", "-a.b:1", "-a.b:2"]),
        ("user:x OR (name:A,B -name:A -name:B)", []),
        ("(name:A,B -name:A -name:B) OR is:read is:write", ["(name:A,B -name:A -name:B OR is:read is:write)"]),
    ],
)
def test_the_first_terms_that_exclude_each_other_are_told(line: str, told: list[str]) -> None:
    assert [write_term(term) for term in contradiction(parse_filter(line))] == told


@pytest.mark.parametrize(
    "line",
    [
        "", "name:A", "name:A,B name:B,C", "name:A* name:*B", "name:A* name:AB*", "name:~a name:A",
        "who:a who:b", "session:a session:b", "is:login is:mfa",
        "is:login name:Console*", "is:login,root name:A", "-is:login -name:A", "name:A,B,C -name:A -name:B",
        "error:X,Y error:X -error:Y", "resource:r,s -resource:r", "(name:A OR user:x) -name:A",
        "resource:r resource:s", "type:T type:U", "error:A error:B", "a.b:1 a.b:2", "a.b>1 a.b<1", "user:a* -user:a",
        "user:~a -user:a", "is:error is:root", "is:login is:write", "is:read,error is:write", "word other",
        "/x/ -/x/i", "-name:A -name:B",
        "name:A OR name:B", "(name:A OR user:x) name:B", "ip:10.0.0.0/8 ip:10.1.0.0/16", "ip:10.* ip:10.0.0.0/8",
        "ip:10.0.0.0/8 -ip:10.0.0.0/24", "ip:::ffff:10.0.0.1 ip:10.0.0.0/8", "since:2h until:1h",
    ],
)  # fmt: skip
def test_lines_that_an_event_may_match_are_asked(line: str) -> None:
    assert contradiction(parse_filter(line)) == ()


@settings(max_examples=examples(600), deadline=None)
@given(lines, st.lists(events, max_size=50))
def test_no_event_matches_a_line_that_is_told_to_match_none(line: Filter, drawn: list[Event]) -> None:
    if contradiction(line):
        matches = compile_filter(line, NOW)
        assert not any(matches(event, "eu-west-1") for event in (*EVENTS, *drawn)), write_filter(line)


@settings(max_examples=examples(100), deadline=None)
@given(events)
def test_single_fields_have_one_value_at_most(event: Event) -> None:
    for field in value_fields():
        if field.single:
            assert len({value for value in field.read(RecordView(event, "eu-west-1")) if value}) <= 1, field


def test_fields_of_several_values_are_not_taken_for_single_ones() -> None:
    several = {field.name for field in value_fields() if not field.single}
    assert several == {"who", "session", "error", "about", "resource", "type"}


def nested(depth: int) -> Filter:
    """An OR in an AND in an OR, and so on."""
    groups = "".join(f" OR name:n{n})" if n % 2 else f" user:u{n})" for n in range(depth))
    return parse_filter(f"{'(' * depth}user:a{groups}")


def test_groups_inside_each_other_take_no_more_steps_than_there_are_pairs_of_leaves() -> None:
    """They took twice as many with each group: a line of 49, 600 characters, was never done."""
    few, many = (steps_of(partial(contradiction, nested(depth))) for depth in (7, 14))
    assert many <= 5 * few
    assert contradiction(nested(49)) == ()


def test_long_lists_are_asked() -> None:
    """Each value would be compared with each, for a quarter of a second at every key."""
    first, second = (",".join(f"{letter}{n}" for n in range(900)) for letter in "ab")
    line = parse_filter(f"name:{first} name:{second}")
    assert steps_of(lambda: contradiction(line)) <= 10_000


def test_a_line_of_many_terms_is_asked() -> None:
    """Each pair of leaves is compared while a person types."""
    assert contradiction(parse_filter(" ".join(f"id:a{n}" for n in range(200)))) == ()

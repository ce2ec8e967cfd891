"""What is offered at the cursor of a filter line, and what it makes of the line."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of

from ctui.model.filter.editing.completion import (
    MOST,
    PATHS,
    completions_at,
    field_to_complete,
    insert_completion,
    paths_of,
)
from ctui.model.filter.editing.cursor import context_at
from ctui.model.filter.fields import value_fields
from ctui.model.filter.matching.patterns import matches
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.terms import FieldTerm, PathTerm

SEEN = [("ListUsers", 12), ("ConsoleLogin", 5), ("CreateUser", 2), ("a b", 1)]


def offered(line: str, values: list[tuple[str, int]] | None = None) -> list[str]:
    return [offer.text for offer in completions_at(context_at(line, len(line)), SEEN if values is None else values)]


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("na", ["name:"]),
        (
            "user:alice re",
            [
                "resource:",
                "region:",
                "readOnly:",
                "recipientAccountId:",
                "requestID:",
                "requestParameters.",
                "resources:",
                "responseElements.",
            ],
        ),
        ("-na", ["name:"]),
        ("", []),
        ("zz", []),
        ("name:", ["ListUsers", "ConsoleLogin", "CreateUser", "a b"]),
        ("name:c", ["ConsoleLogin", "CreateUser"]),
        ("name:user", ["ListUsers", "CreateUser"]),
        ("name:ListUsers,con", ["ConsoleLogin"]),
        (
            "is:",
            [
                "write",
                "read",
                "error",
                "denied",
                "login",
                "mfa",
                "root",
                "console",
                "foreign",
                "service",
                "marked",
                "notable",
                "delete",
                "permission",
                "secret",
                "own",
                "new",
                "insight",
                "data",
                "network",
                "aggregated",
            ],
        ),
        (
            "is:r",
            [
                "read",
                "root",
                "write",
                "error",
                "foreign",
                "service",
                "marked",
                "permission",
                "secret",
                "network",
                "aggregated",
            ],
        ),
        ("mfa:", ["yes", "no", "unknown"]),
        ("mfa:n", ["no", "unknown"]),
        ("name:ConsoleLogin", []),
        ("since:3", ["3h", "3d", "30d"]),
        # The whole grammar: groups, operators, names in any letter case, ~, and times.
        ("(na", ["name:"]),
        ("x OR -(na", ["name:"]),
        ("NAME:co", ["ConsoleLogin"]),
        ("name=co", ["ConsoleLogin"]),
        ("name:~co", ["ConsoleLogin"]),
        ('(name:"a', ["a b", "CreateUser"]),
        ("O", []),
        ("x O", ["OR"]),
        ("x or", ["OR"]),
        ("x OR", []),
        ("x OR N", ["NOT", "name:"]),
        ("x n", ["name:", "NOT"]),
        ("-N", ["name:"]),
        ("x AN", ["AND", "any:"]),
        ("since:m", ["mon", "15m"]),
        ("until:n", ["now", "mon", "sun"]),
        ("SINCE:yes", ["yesterday"]),
        ("13:30..no", ["now"]),
        ("1h..", ["now", "15m", "1h", "today", "yesterday", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ("mfa:N", ["no", "unknown"]),
        ("requestParameters.maxResults>1", []),
        ("/na", []),
    ],
)
def test_what_begins_so_comes_first_then_what_holds_it(line: str, texts: list[str]) -> None:
    assert offered(line) == texts


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("name:x", "name"),
        ("requestParameters.bucketName:", "requestParameters.bucketName"),
        ("sharedEventID:", "sharedEventID"),
        ("is:", ""),
        ("since:1", ""),
        ("nonsense:", ""),
        ("word", ""),
    ],
)
def test_values_are_wanted_of_fields_that_are_recorded(line: str, field: str) -> None:
    assert field_to_complete(context_at(line, len(line))) == field


@pytest.mark.parametrize(
    ("line", "values", "text"),
    [
        ("na", SEEN, "name:"),
        ("name:con", SEEN, "name:ConsoleLogin"),
        ("-name:ListUsers,con", SEEN, "-name:ListUsers,ConsoleLogin"),
        ("name:a", [("a b", 1)], 'name:"a b"'),
        ("source:e", [("ec2.amazonaws.com", 3)], "source:ec2"),
        ("source:o", [("odd", 1)], 'source:"odd"'),
        ("source:x", [("x y.amazonaws.com", 1)], 'source:"x y.amazonaws.com"'),
        ("source:a", [("a,b.amazonaws.com", 1)], 'source:"a,b.amazonaws.com"'),
        ("source:a", [("a.b.amazonaws.com", 1)], "source:a.b.amazonaws.com"),
        ("source:*", [("*.amazonaws.com", 1)], 'source:"*.amazonaws.com"'),
        ("source:.", [(".amazonaws.com", 1)], "source:.amazonaws.com"),
    ],
)
def test_an_offer_is_put_in_the_place_of_what_was_typed(line: str, values: list[tuple[str, int]], text: str) -> None:
    context = context_at(line, len(line))
    assert insert_completion(line, context, completions_at(context, values)[0]) == (text, len(text))


@pytest.mark.parametrize("value", ["ali\x1b[2Jce", "\u202eevil", "line\nline", "\x1b\x1b", 'a"b\tc', "x\u200b"])
def test_no_control_character_gets_into_the_line_and_it_still_finds_the_value(value: str) -> None:
    context = context_at("user:", 5)
    text, _ = insert_completion("user:", context, completions_at(context, [(value, 1)])[0])
    assert text.isprintable()
    (term,) = parse_filter(text).terms
    assert isinstance(term, FieldTerm)
    assert matches(term.patterns[0], value)


TEXTS = st.text(st.sampled_from('ab0",*\\\\:/-. \t\n\x1b\u202e\u3000é\ud800') | st.characters(), min_size=1, max_size=8)


@settings(max_examples=examples(300), deadline=None)
@given(
    st.sampled_from(
        [*(field.name for field in value_fields() if not field.values), "requestParameters.x", "eventVersion"]
    ),
    st.one_of(TEXTS, TEXTS.map(lambda text: f"{text}.amazonaws.com")),
    st.sampled_from(["", "-", 'x "a b" ']),
)
def test_what_is_offered_asks_for_just_that_value(field: str, value: str, before: str) -> None:
    """What no keyboard has is left to a wildcard; every other value is meant exactly."""
    line = f"{before}{field}:"
    context = context_at(line, len(line))
    (offer,) = completions_at(context, [(value, 3)])
    text, cursor = insert_completion(line, context, offer)
    term = parse_filter(text).terms[-1]
    assert isinstance(term, FieldTerm | PathTerm)
    (pattern,) = term.patterns
    assert cursor == len(text)
    assert matches(pattern, value)
    typeable = all(char == " " or unicodedata.category(char)[0] not in "CZ" for char in value)
    assert pattern.exact == typeable


def test_names_are_offered_before_ids_however_frequent() -> None:
    seen = [
        ("AROAHDCWVXDHUIQ5EBACV", 9),
        ("arn:aws:iam::1:user/alice", 8),
        ("alice", 3),
        ("111122223333", 3),
        ("al", 1),
    ]
    assert offered("who:", seen) == [
        "alice",
        "al",
        "AROAHDCWVXDHUIQ5EBACV",
        "arn:aws:iam::1:user/alice",
        "111122223333",
    ]
    assert offered("who:ar", seen) == ["AROAHDCWVXDHUIQ5EBACV", "arn:aws:iam::1:user/alice"]
    assert offered("user:", seen)[0] == "AROAHDCWVXDHUIQ5EBACV"


def test_a_value_that_would_fill_the_line_is_not_offered() -> None:
    assert offered("user:", [("x" * 2001, 9), ("alice", 1)]) == ["alice"]


def test_only_so_many_are_offered() -> None:
    assert len(offered("name:", [(f"n{n}", 1) for n in range(500)])) == MOST


RECORD = (
    '{"userIdentity":{"type":"Root","odd key":1,"x":null},"requestParameters":{"items":[{"a":1},{"a":[2,{"b":3}]}]}}'
)


def test_paths_of_the_records_seen_are_offered() -> None:
    event = event_of(RECORD)
    assert sorted(set(paths_of(event))) == [
        "requestParameters.items.a",
        "requestParameters.items.a.b",
        "userIdentity.type",
    ]
    context = context_at("requestParameters.it", 20)
    assert field_to_complete(context) == PATHS
    seen = [("userIdentity.type", 9), ("requestParameters.items.a", 3)]
    assert [offer.text for offer in completions_at(context, seen)] == ["requestParameters.items.a:"]


@pytest.mark.parametrize("record", ["", "[1]", "{", "null", '{"a":' * 2000 + "1" + "}" * 2000])
def test_a_record_that_cannot_be_read_has_no_paths(record: str) -> None:
    assert not [path for path in paths_of(event_of(record)) if len(path) < 100]

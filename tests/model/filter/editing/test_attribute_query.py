"""A filter line as a form, and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.editing.attribute_query import AttributeQuery
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.write import quoted, unquoted, write_filter, write_value
from ctui.model.lookup.timespan import ALL_HISTORY, PRESETS, Timespan, parse_timespan

GOOD = {
    AttributeKey.EVENT_ID: "11111111-2222-3333-4444-555555555555",
    AttributeKey.READ_ONLY: "false",
    AttributeKey.ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
}


@pytest.mark.parametrize("key", list(AttributeKey))
def test_each_attribute_goes_into_the_line_and_out_again(key: AttributeKey) -> None:
    asked = AttributeQuery(key, GOOD.get(key, "some value"), "2h", "1h", parse_filter("error:* -user:bob"))
    assert asked.errors() == {}
    line, span = asked.parsed()
    assert span == parse_timespan("2h..1h")
    again = AttributeQuery.of(parse_filter(write_filter(line)), span)
    assert (again.key, again.sent_value, again.since, again.until) == (key, asked.sent_value, "2h", "1h")
    assert write_filter(again.line) == "error:* -user:bob"


def test_a_source_is_completed_as_in_the_line() -> None:
    line, _ = AttributeQuery(AttributeKey.EVENT_SOURCE, "ec2", "", "").parsed()
    assert write_filter(line) == "source:ec2.amazonaws.com"


@pytest.mark.parametrize("source", ["ec2", '"ec2"', "a b", "x\\\\y", '"', "odd.example", '"a.b"', "ec2.amazonaws.com"])
def test_the_form_leaves_a_source_as_it_was_asked_for(source: str) -> None:
    line = parse_filter(f"source:{write_value(source, 'source')} name:X")
    asked = AttributeQuery.of(line, ALL_HISTORY)
    assert asked.errors() == {}
    assert asked.parsed() == (line, ALL_HISTORY)


@pytest.mark.parametrize(("typed", "sent"), [('"ec2"', "ec2"), ('"ec2', '"ec2.amazonaws.com'), ('""', "")])
def test_a_source_in_quotes_is_taken_literally(typed: str, sent: str) -> None:
    assert AttributeQuery(AttributeKey.EVENT_SOURCE, typed, "", "").sent_value == sent


@pytest.mark.parametrize("span", [span for _, span in PRESETS])
def test_every_range_that_can_be_chosen_stands_in_the_form(span: object) -> None:
    asked = AttributeQuery.of(parse_filter(""), span)  # type: ignore[arg-type]
    assert asked.parsed() == (parse_filter(""), span)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, set()),
        ({"value": ""}, {"value"}),
        ({"value": "x" * 2001}, {"value"}),
        ({"key": AttributeKey.READ_ONLY, "value": "yes"}, {"value"}),
        ({"key": AttributeKey.READ_ONLY, "value": "true"}, set()),
        ({"key": None, "value": ""}, set()),
        ({"since": "tomorrow"}, {"since"}),
        ({"until": "soon"}, {"until"}),
        ({"since": "tomorrow", "until": "3x"}, {"since", "until"}),
        ({"since": "2h..1h", "until": "2..1"}, {"since", "until"}),
        ({"since": "tomorrow", "until": "1h"}, {"since"}),
        ({"since": "1h", "until": "2h"}, {"until"}),
        ({"since": "2h..1h", "until": ""}, {"since"}),
        ({"since": "2026-11-02", "until": "2026-11-01"}, {"until"}),
        ({"value": "", "since": "x"}, {"value", "since"}),
        ({"since": "", "until": "1h"}, set()),
    ],
)
def test_what_is_wrong_is_said_of_the_field(changed: dict[str, object], fields: set[str]) -> None:
    asked = replace(AttributeQuery(AttributeKey.USERNAME, "alice", "", ""), **changed)  # type: ignore[arg-type]
    assert asked.errors().keys() == fields
    assert all(asked.errors().values())
    if not fields:
        asked.parsed()


def test_what_the_api_cannot_answer_stays_in_the_line() -> None:
    asked = AttributeQuery.of(parse_filter("name:A,B user:al* error:* is:read"), ALL_HISTORY)
    assert (asked.key, asked.value) == (AttributeKey.READ_ONLY, "true")
    assert write_filter(asked.line) == "name:A,B user:al* error:*"


TERMS = st.sampled_from(
    [
        "user:alice", "source:ec2", 'source:"ec2"', "is:write", "id:x", "user:a,b", "name:Run*", "user:~alice",
        "error:*", "-user:bob", "ip:10.0.0.0/8", "word", "(user:a OR user:b)", "(user:a OR name:X)", "-(user:a name:X)",
        "/re/", "(user:a name:X OR key:AKIA)", "requestParameters.n>3",
    ]
)  # fmt: skip
SPANS = st.sampled_from([ALL_HISTORY, *(parse_timespan(text) for text in ("2h", "..1h", "13:30..14:00", "yesterday"))])


@given(st.lists(TERMS, max_size=4), st.sampled_from(["", "since:2h", "13:30..14:00", "mon"]), SPANS)
def test_the_form_without_a_change_asks_what_was_asked(terms: list[str], stretch: str, span: Timespan) -> None:
    line = parse_filter(" ".join([*terms, stretch]))
    asked = AttributeQuery.of(line, line.timespan or span)
    assert asked.errors() == {}
    assert asked.parsed() == (line, line.timespan or span)


@pytest.mark.parametrize(
    ("text", "shown", "beyond", "here"),
    [
        ("user:alice error:*", "alice", "", "error:*"),
        ("error:* -user:bob user:alice", "alice", "", "error:* -user:bob"),
        ("user:~alice", "", "", "user:~alice"),
        ("-user:alice", "", "", "-user:alice"),
        ("user:a OR error:*", "", "", "user:a OR error:*"),
        ("-(user:a OR name:X)", "", "", "-(user:a OR name:X)"),
        ("user:a,b", "", "user:a,b", ""),
        ("name:A,B user:bob", "bob", "name:A,B", ""),
    ],
)
def test_the_form_shows_one_value_and_says_what_it_leaves(text: str, shown: str, beyond: str, here: str) -> None:
    asked = AttributeQuery.of(parse_filter(text), ALL_HISTORY)
    assert (asked.value, write_filter(asked.beyond_form), write_filter(asked.filtered_here)) == (shown, beyond, here)


def test_what_is_changed_takes_the_place_of_what_was_shown() -> None:
    line = parse_filter("error:* user:alice (a OR b) since:2h")
    asked = AttributeQuery.of(line, parse_timespan("2h"))
    changed, span = replace(asked, value="bob").parsed()
    assert write_filter(changed) == "error:* user:bob (a OR b) since:2h"
    assert span == parse_timespan("2h")
    changed, span = replace(asked, since="3h").parsed()
    assert write_filter(changed) == "error:* user:alice (a OR b)"
    assert span == parse_timespan("3h")


@given(st.text('ab"\\\\ ', max_size=8))
def test_what_is_quoted_can_be_read_again(text: str) -> None:
    assert unquoted(quoted(text)) == text
    assert parse_filter(f"user:{quoted(text or 'x')}").terms == parse_filter(f"user:{write_value(text or 'x')}").terms

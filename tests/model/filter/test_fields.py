"""One table of fields: a row added to it is known wherever a filter line is read, written, completed or explained."""

import json
from datetime import UTC, datetime

import pytest

from ctui.model.empty_result.finding_search import FindingSearch
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Event, event_id_of
from ctui.model.event.record import text
from ctui.model.filter.editing.completion import completions_at, field_to_complete, insert_completion
from ctui.model.filter.editing.cursor import context_at
from ctui.model.filter.fields import FIELDS, FilterField, ValueField, value_fields
from ctui.model.filter.matching.case_variants import patterns_by_field
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.predicate import compile_filter, field_values
from ctui.model.filter.prefilter import TextCheck, prefilter_of
from ctui.model.filter.selection import attributes_of
from ctui.model.filter.terms import FieldTerm
from ctui.model.filter.write import write_filter
from ctui.render.help.grammar import field_rows
from ctui.render.panes.filter_notes import keys_hint, term_words
from ctui.render.text.spans import plain

NOW = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)


def event_with(endpoint: str) -> Event:
    record = json.dumps({"eventName": "GetObject", "vpcEndpointId": endpoint})
    return Event(event_id_of("1", record), NOW, "GetObject", "s3.amazonaws.com", "alice", "true", None, (), record)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> ValueField:
    """One row more: the VPC endpoint that a call came through."""
    row = ValueField(
        name="vpce",
        help="VPC endpoint",
        example="vpce-1",
        aliases=("vpcendpoint",),
        read=lambda view: (text(view.record.get("vpcEndpointId")),),
        markers=("vpcEndpointId",),
        search_order=99,
    )
    monkeypatch.setitem(FIELDS, row.name, row)
    return row


def test_the_line_reads_and_writes_a_field_that_was_added(endpoint: ValueField) -> None:
    line = parse_filter("vpce:vpce-1,vpce-2* -vpce:x")
    assert line.terms == (
        FieldTerm(endpoint, (Pattern(("vpce-1",)), Pattern(("vpce-2", "")))),
        FieldTerm(endpoint, (Pattern(("x",)),), negated=True),
    )
    assert write_filter(line) == "vpce:vpce-1,vpce-2* -vpce:x"
    assert attributes_of(line.terms[0]) == ()


def test_errors_and_hints_name_a_field_that_was_added(endpoint: ValueField) -> None:
    for wrong, hint in (
        ("vpcee:x", "did you mean vpce?"),
        ("vpce = x", "write vpce:x"),
        ("vpcEndpoint = x", "write vpce:x"),
        ("vpce:x|y", "write vpce:x,y"),
        ("name:A,vpce:x", "write a space between terms"),
        ("error:x;vpce:y", "; does not end a term"),
    ):
        with pytest.raises(FilterError, match=hint.replace("?", r"\?")):
            parse_filter(wrong)


def test_a_field_that_was_added_decides_which_events_match(endpoint: ValueField) -> None:
    for line, matches in (("vpce:vpce-1", True), ("vpce:vpce-2", False), ("vpce:*", True), ("-vpce:vpce-1", False)):
        predicate = compile_filter(parse_filter(line), NOW)
        assert predicate(event_with("vpce-1"), "us-east-1") is matches
        assert not predicate(event_with(""), "us-east-1") or line.startswith("-")
    assert prefilter_of(parse_filter("vpce:vpce-1").terms) == ((TextCheck("vpce-1"),),)
    assert prefilter_of(parse_filter("vpce:*").terms) == ((TextCheck("vpcEndpointId"),),)
    assert field_values("vpce", event_with("vpce-1"), "us-east-1") == ("vpce-1",)


def test_help_and_completion_offer_a_field_that_was_added(endpoint: ValueField) -> None:
    assert ("vpce:", "VPC endpoint") in field_rows()
    assert "vpce:" in plain(keys_hint(FIELDS, 200))
    at = context_at("vp", 2)
    assert "vpce:" in [one.text for one in completions_at(at, ())]
    at = context_at("vpce:", 5)
    assert field_to_complete(at) == "vpce"
    (offer,) = completions_at(at, [("vpce-1", 3)])
    assert insert_completion("vpce:", at, offer) == ("vpce:vpce-1", 11)


def test_an_empty_result_is_explained_by_a_field_that_was_added(endpoint: ValueField) -> None:
    line = parse_filter("user:vpce-1")
    assert patterns_by_field(parse_filter("vpce:VPCE-1")) == {"vpce": (Pattern(("VPCE-1",)),)}
    search = FindingSearch(line, NOW)
    (found,) = search.found(dict.fromkeys(search.look(event_with("vpce-1"), "us-east-1"), 1))
    assert found.replacement == FieldTerm(endpoint, (Pattern(("vpce-1",)),))
    assert term_words(found.replacement) == "vpce"


@pytest.mark.parametrize("field", FIELDS.values(), ids=str)
def test_the_example_of_each_field_can_be_typed(field: FilterField) -> None:
    text = f"{field.name}:{field.example}"
    line = parse_filter(text)
    assert len(line.terms) == 1 or line.timespan is not None
    assert field.example in field.help_line


def test_each_lookup_attribute_has_one_field_and_a_column() -> None:
    rows = [row for row in FIELDS.values() if row.attribute is not None]
    assert sorted(row.attribute or "" for row in rows) == sorted(AttributeKey)
    assert all(row.column is not None for row in rows)


def test_fields_that_are_searched_in_an_order_have_a_place_of_their_own_in_it() -> None:
    for order in ("search_order", "word_order"):
        places = {field.name: place for field in value_fields() if (place := getattr(field, order))}
        assert sorted(places.values()) == list(range(1, len(places) + 1)), f"{order} counts from 1: {places}"
    assert [field.name for field in value_fields() if bool(field.noun) != bool(field.word_order)] == [], (
        "`noun` and `word_order` are set together"
    )


def test_a_field_with_closed_values_has_some_and_each_event_has_one_of_them() -> None:
    closed = [field for field in value_fields() if field.closed]
    assert FIELDS["mfa"] in closed
    for field in closed:
        assert field.values
        (value,) = field_values(field.name, event_with("vpce-1"), "us-east-1")
        assert value in field.values
        # The record does not contain it, so no text of the record rules an event out.
        assert not field.in_record
    assert [field.name for field in value_fields() if field.values and not field.closed] == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("principal = x", "who"),
        ("identity=x", "who"),
        ("userName = x", "user"),
        ("RoleName = x", "role"),
        ("sessionName = x", "session"),
        ("sourceIdentity != x", "session"),
        ("MFAUsed = no", "mfa"),
        ("accountId = 1", "account"),
    ],
)
def test_what_other_tools_call_a_field_is_answered_with_its_name(typed: str, field: str) -> None:
    with pytest.raises(FilterError, match=f"write -?{field}:"):
        parse_filter(typed)


@pytest.mark.parametrize(
    ("typed", "field"), [("principal:x", "who"), ("-RoleName:x", "role"), ("username:x", "user"), ("MfaUsed:no", "mfa")]
)
def test_what_other_tools_call_a_field_is_named_in_front_of_a_colon_too(typed: str, field: str) -> None:
    with pytest.raises(FilterError, match=rf"did you mean {field}\?"):
        parse_filter(typed)


def test_no_two_fields_share_a_name_that_other_tools_use() -> None:
    called = [name for field in FIELDS.values() for name in (field.name, *field.aliases)]
    assert len(called) == len(set(called))
    assert all(name == name.lower() for name in called)

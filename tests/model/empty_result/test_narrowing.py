"""Bare words that are known values: with the field, the service selects by them, in groups too."""

from datetime import UTC, datetime

import pytest

from ctui.model.empty_result.evidence import EmptyResult
from ctui.model.empty_result.reasons import reasons_with_rows
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.selection import clauses_of
from ctui.model.filter.write import write_filter

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
KNOWN = {"user": ["alice", "Bob"], "resource": ["alice", "logs"], "key": ["AKIAEXAMPLE"]}


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("bob", [("Bob is a user", "search only user:Bob", "user:Bob")]),
        (
            "alice is:error",
            [
                ("alice is a user", "search only user:alice", "user:alice is:error"),
                ("alice is a resource", "search only resource:alice", "resource:alice is:error"),
            ],
        ),
        (
            "alice OR logs",
            [("alice is a user and logs is a resource", "search only (user:alice OR resource:logs)",
              "user:alice OR resource:logs")],
        ),
        (
            "is:error ((alice agent:x) OR key:AKIA1)",
            [("alice is a user", "search only (user:alice agent:x OR key:AKIA1)",
              "is:error (user:alice agent:x OR key:AKIA1)")],
        ),
        (
            "-(-alice OR -is:error)",
            [("alice is a user", "search only -(-user:alice OR -is:error)", "-(-user:alice OR -is:error)")],
        ),
        # The service can select by nothing of these, or by something already.
        ("alice OR unknown", []),
        ("alice OR is:error", []),
        ("-(alice OR bob)", []),
        ("name:X (alice OR bob)", []),
        ("unknown", []),
        ("al*", []),
    ],
)  # fmt: skip
def test_words_are_offered_as_the_fields_that_have_them(line: str, offers: list[tuple[str, str, str]]) -> None:
    state = EmptyResult(parse_filter(line), NOW, ("us-east-1",), False, known_values=KNOWN)
    found = [(one.text, one.action_label, one.line) for one in reasons_with_rows(state) if one.narrows_to]
    assert [(text.removesuffix(" in the stored events"), label) for text, label, _ in found] == [
        (text, label) for text, label, _ in offers
    ]
    for (_, _, better), (_, _, expected) in zip(found, offers, strict=True):
        assert better is not None
        assert better == parse_filter(expected)
        assert clauses_of(better)
        assert parse_filter(write_filter(better)) == better

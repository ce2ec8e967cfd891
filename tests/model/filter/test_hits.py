"""What a filter line looks for in a record is found in it, and what it excludes is not."""

import json
from datetime import UTC, datetime

import pytest
from support.real_records import event_of

from ctui.model.filter.hits import Hits, hits_of
from ctui.model.filter.parse import parse_filter

NOW = datetime(2026, 11, 28, tzinfo=UTC)
RECORD = {
    "userIdentity": {"userName": "alice", "arn": "arn:aws:iam::111111111111:user/staff/alice"},
    "sourceIPAddress": "203.0.113.66",
    "awsRegion": "eu-west-1",
    "requestParameters": {
        "bucketName": "Logs-prod",
        "count": 12,
        "items": [{"name": "alice-2"}, {"name": "b\u00e9ta alice"}],
    },
}
EVENT = event_of(json.dumps(RECORD), name="CreateUser", username="alice")


def hit(line: str, text: str, path: str | None = None) -> list[str]:
    """The parts of a text at a path that are hits of a line."""
    hits = hits_of(parse_filter(line), EVENT, "eu-west-1", NOW)
    return [text[first:end] for first, end in hits.spans(text, None if path is None else tuple(path.split(".")))]


@pytest.mark.parametrize(
    ("line", "text", "path", "found"),
    [
        ("ALI", "alice Alima", None, ["ali", "Ali"]),
        ("lo*prod", "Logs-prod", None, ["Lo", "prod"]),
        ("user:alice", "alice", "userIdentity.userName", ["alice"]),
        ("user:a*", "arn:aws:iam::111111111111:user/staff/alice", None, ["alice"]),
        ("user:alice", "malice alice2", None, []),
        ("user:bob", "alice", None, []),
        ("-user:alice", "alice", None, []),
        ("NOT (alice OR bob)", "alice bob", None, []),
        ("(bob OR alice)", "alice bob", None, ["alice", "bob"]),
        ("ip:203.0.113.0/24", "203.0.113.66", "sourceIPAddress", ["203.0.113.66"]),
        ("requestParameters.bucketName:~logs*", "Logs-prod", "requestParameters.bucketName", ["Logs-prod"]),
        ("requestParameters.bucketName:Logs*", "Logs-prod", "requestParameters.other", []),
        ("requestParameters.items.name:alice-2", "alice-2", "requestParameters.items.0.name", ["alice-2"]),
        ("requestParameters.items.1.name:*ce", "b\u00e9ta ce", "requestParameters.items.1.name", ["b\u00e9ta ce"]),
        ("requestParameters:Logs*", "Logs-prod", "requestParameters.bucketName", ["Logs-prod"]),
        ("requestParameters.count>10", "12", "requestParameters.count", ["12"]),
        ("requestParameters.count>12", "12", "requestParameters.count", []),
        ("requestParameters.bucketName:Logs*", "Logs-prod", None, []),
        ("/a[lx]i/", "b\u00e9ta alice axi", None, ["ali", "axi"]),
        ("/\u00e9t|\u65e5/", "b\u00e9ta \u65e5", None, ["\u00e9t", "\u65e5"]),
        ("/x*/", "abc", None, []),
        ("is:error", "AccessDenied", "errorCode", []),
        ("", "alice", None, []),
    ],
)  # fmt: skip
def test_hits_are_what_the_terms_look_for(line: str, text: str, path: str | None, found: list[str]) -> None:
    assert hit(line, text, path) == found


def test_a_failure_is_what_the_kinds_of_failures_look_for() -> None:
    failed = event_of(json.dumps({"errorCode": "AccessDenied", "errorMessage": "not you (sorry)"}))
    for line in ("is:error", "is:denied", "(is:error OR user:x)"):
        hits = hits_of(parse_filter(line), failed, "", NOW)
        for text in ("AccessDenied", "not you (sorry)"):
            assert list(hits.spans(text, None)) == [(0, len(text))], line
    assert not hits_of(parse_filter("is:write -is:error"), failed, "", NOW)


def test_no_terms_and_no_texts_are_no_hits() -> None:
    for line in ("", "is:error", "-alice", "since:1d"):
        assert not hits_of(parse_filter(line), EVENT, "", NOW)
    assert not Hits()
    assert hits_of(parse_filter("alice"), EVENT, "", NOW)


def test_a_text_that_could_be_an_expression_is_a_text() -> None:
    assert hit('"a.c(+"', "abc a.c(+", None) == ["a.c(+"]
    lone = hits_of(parse_filter("/b/"), EVENT, "", NOW)
    assert list(lone.spans("\ud800b", None)) == [(1, 2)]

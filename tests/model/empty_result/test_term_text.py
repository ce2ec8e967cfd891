"""What a sentence calls a term: no more of a long one than fits in half a narrow screen."""

import pytest

from ctui.model.empty_result.term_text import term_text
from ctui.model.filter.parse import parse_filter

ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("user:alice", "user:alice"),
        ("(user:a OR user:b)", "(user:a OR user:b)"),
        ("-(user:a OR user:b)", "-(user:a OR user:b)"),
        ("(" + " OR ".join(f"user:u{n}" for n in range(9)) + ")", "(user:u0 OR user:u1 OR user:u2 OR …)"),
        ("-(" + " ".join(f"user:u{n}" for n in range(9)) + ")", "-(user:u0 user:u1 user:u2 user:u3 …)"),
        (f"(resource:{ARN} OR x)", "(resource:arn:aws:cloudtrail:us-east-1:1…)"),
        ("user:" + ",".join(f"u{n}" for n in range(30)), "user:u0,u1,u2,u3,u4,u5,u6,u7,u8,u9,u10,…"),
        (f"resource:{ARN}", f"resource:{ARN}"),
        (f"/{ARN}/", "/arn:aws:cloudtrail:us-east-1:111122223333:trail\\/management-events/"),
    ],
)
def test_a_term_in_a_sentence(term: str, text: str) -> None:
    (read,) = parse_filter(term.replace("trail/m", "trail\\/m") if term.startswith("/") else term).terms
    assert term_text(read) == text

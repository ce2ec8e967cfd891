"""What the line says of following: in ever fewer words, and never without what is not looked at yet."""

import pytest

from ctui.render.panes.following import FollowFacts, following_forms
from ctui.render.panes.pane_title import new_above
from ctui.render.text.spans import plain

CASES = [
    (FollowFacts(), ["following"] * 5),
    (
        FollowFacts(calls_an_hour=1234, lag=(95.2, 481.0)),
        [
            "following · 1,234 calls/h · lag p50 ≤ 2 min, p95 ≤ 9 min",
            "following · 1,234 calls/h · lag ≤ 2 min/9 min",
            "following · 1,234 calls/h · lag ≤ 2 min/9 min",
            "following · 1,234 calls/h",
            "following",
        ],
    ),
    (
        FollowFacts(behind=250, behind_scope="us-east-1", calls_an_hour=3600, lag=(30.1, 59.0)),
        [
            "us-east-1 4 min behind, writes first · 3,600 calls/h · lag p50 ≤ 31 s, p95 ≤ 59 s",
            "us-east-1 4 min behind, writes first · 3,600 calls/h · lag ≤ 31 s/59 s",
            "us-east-1 4 min behind · 3,600 calls/h · lag ≤ 31 s/59 s",
            "us-east-1 4 min behind · 3,600 calls/h",
            "us-east-1 4 min behind",
        ],
    ),
    (FollowFacts(waits=True, behind=900), ["following waits for a connection"] * 5),
    (
        FollowFacts(problem="us-east-1: Denied\x1b[2J", behind=900),
        ["15 min behind · us-east-1: Denied␛[2J, tried each minute, r now"] * 2
        + ["15 min behind · us-east-1: Denied␛[2J, r now"] * 3,
    ),
    (
        FollowFacts(problem="Login expired", login_needed=True),
        ["Login expired, tried each minute, L log in"] * 2 + ["Login expired, L log in"] * 3,
    ),
    (FollowFacts(shows=False), ["following, but not this question"] * 2 + ["not following this question"] * 3),
]


@pytest.mark.parametrize(("facts", "forms"), CASES)
def test_following_in_words(facts: FollowFacts, forms: list[str]) -> None:
    assert [plain(form) for form in following_forms(facts)] == forms


@pytest.mark.parametrize(("rows", "words"), [(0, ""), (1, "1 new ▲ · g"), (1200, "1,200 new ▲ · g")])
def test_what_came_above_is_counted_with_its_key(rows: int, words: str) -> None:
    assert plain(new_above(rows)) == words

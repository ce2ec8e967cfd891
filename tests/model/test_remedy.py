"""Why an answer is empty, and what is offered instead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ctui.model.filterline import parse_filter
from ctui.model.filterwrite import write_filter
from ctui.model.remedy import Cause, Emptiness, reasons_of
from ctui.model.terms import Name

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


def empty(line: str, **known: Any) -> Emptiness:
    asked: dict[str, Any] = {"regions": ("eu-west-1",), "complete": True, **known}
    return Emptiness(parse_filter(line), NOW, **asked)


def test_an_answer_that_nothing_explains_gets_no_reason() -> None:
    assert reasons_of(empty("user:nobody since:7d")) == ()
    assert reasons_of(empty("")) == ()


@pytest.mark.parametrize(
    ("state", "cause", "words", "offered"),
    [
        (empty("", refused="User: … is not authorized"), Cause.REFUSED, "is not authorized", None),
        (empty("", complete=False, scanned=1250), Cause.SCANNING, "1,250 events", None),
        (empty("name:X since:14m"), Cause.LAG, "on the way", "name:X since:1h"),
        (empty("since:2026-11-22T13:50Z until:2026-11-22T13:55Z"), Cause.LAG, "on the way", "since:1h"),
        (empty("name:X until:91d"), Cause.HISTORY, "90 days", "name:X"),
        (empty("since:91d"), Cause.HISTORY, "no longer be asked", None),
        (empty("since:8d until:7d", history=timedelta(days=7)), Cause.HISTORY, "no longer be asked", None),
        (empty("name:X until:91d", history=None), Cause.HISTORY, "not known", "name:X"),
        (empty("until:8d", history=None), Cause.HISTORY, "may end before", ""),
        (empty("since:9d until:8d", history=timedelta(days=7)), Cause.HISTORY, "7 days", ""),
        (empty("source:iam"), Cause.ELSEWHERE, "recorded in us-east-1", None),
        (empty("name:ConsoleLogin"), Cause.ELSEWHERE, "recorded in us-east-1", None),
        (empty("source:sts", partition="aws-us-gov"), Cause.ELSEWHERE, "us-gov-west-1", None),
        (empty("name:GetObject"), Cause.DATA_EVENT, "management events only", None),
        (
            empty("user:Alice", seen={Name.USER: {"alice", "bob"}}),
            Cause.LETTER_CASE,
            "alice has been seen",
            "user:alice",
        ),
        (
            empty("is:write user:x,ALICE", seen={Name.USER: ["alice"]}),
            Cause.LETTER_CASE,
            "ALICE has not",
            "is:write user:x,alice",
        ),
    ],
)
def test_each_cause_is_told_with_its_remedy(state: Emptiness, cause: Cause, words: str, offered: str | None) -> None:
    (reason,) = reasons_of(state)
    assert reason.cause is cause
    assert words in reason.says
    assert (None if reason.line is None else write_filter(reason.line)) == offered
    assert bool(reason.offer) == bool(reason.line is not None or reason.region or cause is Cause.SCANNING)


@pytest.mark.parametrize(
    "state",
    [
        empty("name:X since:15m"),
        empty("name:X since:89d"),
        empty("source:iam", regions=("eu-west-1", "us-east-1")),
        empty("source:iam", partition="aws-new"),
        empty("-source:iam -name:GetObject"),
        empty("source:iam*"),
        empty("source:ec2"),
        empty("name:GetObject,GetBucketAcl"),
        empty("user:alice", seen={Name.USER: {"alice", "Alice"}}),
        empty("user:Alice*", seen={Name.USER: {"alice"}}),
        empty("user:Alice", seen={Name.NAME: {"alice"}}),
    ],
)
def test_what_does_not_hold_is_not_told(state: Emptiness) -> None:
    assert reasons_of(state) == ()


def test_the_terms_that_leave_events_out_are_counted_the_greediest_first() -> None:
    state = empty("user:alice is:error name:X")
    user, error, name = state.line.terms
    reasons = reasons_of(replace(state, removed={user: 1, error: 1200, name: 0}))
    assert [reason.says for reason in reasons] == [
        "1,200 events are here that is:error leaves out",
        "1 event is here that user:alice leaves out",
    ]
    assert [write_filter(reason.line) for reason in reasons if reason.line] == ["user:alice name:X", "is:error name:X"]


def test_several_reasons_stand_together_the_surest_first() -> None:
    state = empty("source:iam since:5m", complete=False)
    assert [reason.cause for reason in reasons_of(state)] == [Cause.SCANNING, Cause.LAG, Cause.ELSEWHERE]
    assert reasons_of(state)[2].region == "us-east-1"

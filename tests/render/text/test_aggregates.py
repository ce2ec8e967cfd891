"""An aggregated event in words, and what the head of Detail says of events that only log files have."""

import json
from typing import Any

import pytest
from support.real_records import event_of

from ctui.model.event.aggregate import CALLERS, CALLS, RESOURCES
from ctui.model.event.event import Event
from ctui.model.event.summarize import summarize
from ctui.render.panes.event_lines import user_text
from ctui.render.record.detail_head import head_facts
from ctui.render.roles import Line
from ctui.render.text.aggregates import calls
from ctui.render.text.sentence import sentence

WINDOW = {"windowStart": "2025-11-17T19:20:00Z", "windowEnd": "2025-11-17T19:25:00Z", "windowSize": "PT5M"}


def words(line: Line) -> str:
    return "".join(text for text, _ in line)


def by(dimension: str, *counts: tuple[str, int]) -> dict[str, Any]:
    return {"dimension": dimension, "statistics": [{"name": name, "value": value} for name, value in counts]}


def aggregated(*dimensions: dict[str, Any], name: str | None = None, **members: Any) -> Event:
    summary = {"primaryDimension": dimensions[0], "details": dimensions[1:]} if dimensions else None
    record = {"eventCategory": "Aggregated", "timeWindow": WINDOW, "summary": summary, **members}
    return event_of(json.dumps(record), name=name, source="s3.amazonaws.com")


BY_CALL = aggregated(
    by(CALLS, ("PutObject", 1000)), by(RESOURCES, ("arn:aws:s3:::one", 800), ("arn:aws:s3:::two", 200)),
    name="PutObject",
)  # fmt: skip
BY_CALLER = aggregated(by(CALLERS, ("arn:aws:iam::1:user/alice", 7)), by(CALLS, ("A", 3), ("B", 4)))


@pytest.mark.parametrize(
    ("event", "row", "who", "said"),
    [
        (
            BY_CALL,
            "1,000 × PutObject",
            "in 5 min",
            "PutObject of s3 was called 1,000 times in 5 min, most on one (800)",
        ),
        (BY_CALLER, "7 calls", "alice in 5 min", "something of s3 was called 7 times in 5 min by alice (7)"),
        (aggregated(by(CALLS, ("A", 1)), name="A"), "1 × A", "in 5 min", "A of s3 was called once in 5 min"),
        (aggregated(timeWindow=None), "calls", "—", "something of s3 was called"),
        (
            aggregated(by(RESOURCES, ("one", 1)), timeWindow={}),
            "1 call",
            "—",
            "something of s3 was called once on one (1)",
        ),
    ],
)
def test_a_row_and_the_sentence_say_how_often(event: Event, row: str, who: str, said: str) -> None:
    summary = summarize(event, "us-east-1")
    assert words(calls(summary)) == row
    assert words(user_text(summary, 30)) == who
    assert words(sentence(event, summary)) == said


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (
            BY_CALL,
            [
                ("Counts", "data events of 19:20:00–19:25:00 UTC, aggregated"),
                ("", "calls: PutObject (1,000)"),
                ("", "resources: one (800), two (200)"),
            ],
        ),
        (
            aggregated(by("x\x1b", *((str(number), number) for number in range(8)))),
            [
                ("Counts", "data events of 19:20:00–19:25:00 UTC, aggregated"),
                ("", "x␛: 0 (0), 1 (1), 2 (2), 3 (3), 4 (4) and 3 more"),
            ],
        ),
        (event_of({"eventCategory": "Data"}), [("Kind", "data event")]),
        (
            event_of({"eventCategory": "NetworkActivity", "vpcEndpointId": "vpce-1", "errorCode": "VpceAccessDenied",
                      "vpcEndpointAccountId": "2"}),
            [("Kind", "network activity at the VPC endpoint vpce-1 of account 2 · refused by the policy of the "
                      "endpoint")],
        ),
        (event_of({"eventCategory": "NetworkActivity"}), [("Kind", "network activity")]),
        (event_of({"eventCategory": "Management"}), []),
    ],
)  # fmt: skip
def test_the_record_says_what_event_history_does_not_have(event: Event, facts: list[tuple[str, str]]) -> None:
    found = [(fact.label.strip(), words(fact.says)) for fact in head_facts(event, summarize(event, "us-east-1"), None)]
    start = next((at for at, (label, _) in enumerate(found) if label in ("Kind", "Counts")), len(found))
    assert [fact for fact in found[start : start + 3] if fact[0] in ("Kind", "Counts", "")] == facts

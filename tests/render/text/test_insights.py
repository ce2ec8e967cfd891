"""Insights events in words: the row reads like a sentence, the record says rate, baseline, when and by whom."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.real_records import event_of

from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Insight
from ctui.render.text.insights import counted, rate_line, rise
from ctui.render.text.sentence import sentence
from ctui.render.text.spans import plain

ENDED = Insight(False, True, "", 12.4, 0.3, 7, "arn:aws:iam::111111111111:user/mallory", "aws-cli", "one")
STARTED = replace(ENDED, ended=False)
AT, OTHER = datetime(2026, 11, 27, 14, 9, tzinfo=UTC), datetime(2026, 11, 27, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("insight", "row"),
    [
        (STARTED, "StopLogging calls rise to 12.4/min from 0.3"),
        (ENDED, "StopLogging calls were 12.4/min for 7 min"),
        (replace(STARTED, of_errors=True, baseline=0.0), "StopLogging errors rise to 12.4/min from 0"),
        (replace(STARTED, rate=1200.0, baseline=0.00178), "StopLogging calls rise to 1,200/min from 0.0018"),
        (replace(ENDED, minutes=None), "StopLogging calls were 12.4/min"),
        (replace(STARTED, rate=None, baseline=None), "StopLogging calls rise unusually"),
        (replace(ENDED, rate=None, minutes=None), "StopLogging calls were unusual"),
    ],
)
def test_a_row_reads_like_a_sentence(insight: Insight, row: str) -> None:
    assert f"{plain(counted('StopLogging', insight))} {plain(rise(insight))}" == row


@pytest.mark.parametrize(
    ("insight", "other", "line"),
    [
        (ENDED, OTHER, "12.4/min · baseline 0.3/min · 14:02:00–14:09:00 · by mallory"),
        # Its length says when it began; nothing but the other event says when one ends.
        (ENDED, None, "12.4/min · baseline 0.3/min · 14:02:00–14:09:00 · by mallory"),
        (replace(ENDED, minutes=None), None, "12.4/min · baseline 0.3/min · until 14:09:00 · by mallory"),
        (STARTED, None, "12.4/min · baseline 0.3/min · since 14:09:00, its end is not here · by mallory"),
        (STARTED, AT.replace(minute=16), "12.4/min · baseline 0.3/min · 14:09:00–14:16:00 · by mallory"),
        (
            replace(ENDED, rate=None, baseline=None, by=""),
            OTHER,
            "rate not recorded · baseline not recorded · 14:02:00–14:09:00",
        ),
        (replace(ENDED, by="\x1b[31mevil"), OTHER, "12.4/min · baseline 0.3/min · 14:02:00–14:09:00 · by ␛[31mevil"),
    ],
)
def test_the_record_says_rate_baseline_stretch_and_who(insight: Insight, other: datetime | None, line: str) -> None:
    event = replace(event_of({}), time=AT)
    assert plain(rate_line(event, insight, other)) == line


@pytest.mark.parametrize(
    ("insight", "words"),
    [
        (ENDED, "StopLogging of cloudtrail was called 12.4/min, usually 0.3/min: the end of it"),
        (
            replace(STARTED, of_errors=True, error="AccessDenied"),
            "StopLogging of cloudtrail failed with AccessDenied 12.4/min, usually 0.3/min: the start of it",
        ),
        (
            replace(STARTED, rate=None, baseline=None),
            "StopLogging of cloudtrail was called at an unusual rate: the start of it",
        ),
    ],
)
def test_the_sentence_says_that_it_is_about_many_calls(insight: Insight, words: str) -> None:
    event = event_of({"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com"})
    assert plain(sentence(event, replace(summarize(event, "us-east-1"), insight=insight))) == words

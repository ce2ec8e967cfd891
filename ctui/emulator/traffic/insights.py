"""Insights events of the incident: stretches in which a call was made, or refused, more often than ever before.

Their rates are those of the incident's own records, and the calls never happen so in the other traffic: the baseline
is 0. All of them were made in one Region. The layout is that of the CloudTrail user guide, "CloudTrail record contents
for Insights events for trails".
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ctui.emulator.traffic.cast import SampleAccount, stamp

_MINUTE = 60
_BASELINE_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class _Unusual:
    """A call whose rate is unusual."""

    kind: str
    source: str
    name: str
    error: str | None = None


_UNUSUAL = (
    _Unusual("ApiErrorRateInsight", "secretsmanager.amazonaws.com", "GetSecretValue", "AccessDenied"),
    _Unusual("ApiCallRateInsight", "cloudtrail.amazonaws.com", "StopLogging"),
)

_Note = tuple[int, dict[str, Any]]


def insights(sample: SampleAccount, notes: Sequence[_Note]) -> list[_Note]:
    """A start and an end for each unusual rate among these records, as (epoch second, record)."""
    found: list[_Note] = []
    for unusual in _UNUSUAL:
        calls = [note for note in notes if _is_of(note[1], unusual)]
        found += _start_and_end(sample, unusual, calls) if calls else ()
    return found


def _is_of(record: dict[str, Any], unusual: _Unusual) -> bool:
    of_call = (record["eventSource"], record["eventName"]) == (unusual.source, unusual.name)
    return of_call and (unusual.error is None or record.get("errorCode") == unusual.error)


def _start_and_end(sample: SampleAccount, unusual: _Unusual, calls: Sequence[_Note]) -> Iterator[_Note]:
    seconds = [second for second, _ in calls]
    first = min(seconds) // _MINUTE * _MINUTE
    minutes = (max(seconds) - first) // _MINUTE + 1
    dice = sample.dice("insight", unusual.name, first)
    shared = dice.uuid()
    averages = {"insight": {"average": _average(len(calls), minutes)}, "baseline": {"average": 0.0}}
    context = {
        "statistics": {**averages, "insightDuration": minutes, "baselineDuration": _BASELINE_MINUTES},
        "attributions": [
            _attribution("userIdentityArn", [record["userIdentity"]["arn"] for _, record in calls], minutes),
            _attribution("userAgent", [record["userAgent"] for _, record in calls], minutes),
            _attribution("errorCode", [record.get("errorCode", "null") for _, record in calls], minutes),
        ],
    }
    for state, second in (("Start", first), ("End", first + minutes * _MINUTE)):
        details: dict[str, Any] = {
            "state": state,
            "eventSource": unusual.source,
            "eventName": unusual.name,
            "insightType": unusual.kind,
        }
        if unusual.error is not None:
            details["errorCode"] = unusual.error
        yield (
            second,
            {
                "eventVersion": "1.09",
                "eventTime": stamp(second),
                "awsRegion": calls[0][1]["awsRegion"],
                "eventID": dice.uuid(),
                "eventType": "AwsCloudTrailInsight",
                "recipientAccountId": sample.account,
                "sharedEventID": shared,
                "insightDetails": details | {"insightContext": context},
                "eventCategory": "Insight",
            },
        )


def _attribution(attribute: str, values: Sequence[str], minutes: int) -> dict[str, Any]:
    """What the values of an attribute contributed, the most first."""
    counted = Counter(values).most_common(5)
    insight = [{"value": value, "average": _average(number, minutes)} for value, number in counted]
    return {"attribute": attribute, "insight": insight, "baseline": []}


def _average(number: int, minutes: int) -> float:
    return round(number / minutes, 10)

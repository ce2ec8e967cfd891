"""Insights events: a stretch of time in which an API was called, or failed, at an unusual rate.

Each stretch has two events, of its start and of its end, with the same sharedEventID. Rates are calls or errors a
minute (CloudTrail user guide, "CloudTrail record contents for Insights events").
"""

from typing import Any, Final

from ctui.model.event.kind import INSIGHT
from ctui.model.event.record import mapping, text
from ctui.model.event.summary import Insight

_ERRORS: Final = "ApiErrorRateInsight"


def insight_of(record: dict[str, Any]) -> Insight | None:
    """What a decoded record says, or None if it is not one of an Insights event. Never raises."""
    if record.get("eventType") != INSIGHT:
        return None
    details = mapping(record.get("insightDetails"))
    context = mapping(details.get("insightContext"))
    statistics = mapping(context.get("statistics"))
    return Insight(
        of_errors=details.get("insightType") == _ERRORS,
        ended=details.get("state") == "End",
        error=text(details.get("errorCode")),
        rate=_number(mapping(statistics.get("insight")).get("average")),
        baseline=_number(mapping(statistics.get("baseline")).get("average")),
        minutes=_number(statistics.get("insightDuration"), most=_LONGEST),
        by=_most(context, "userIdentityArn"),
        agent=_most(context, "userAgent"),
        shared_id=text(record.get("sharedEventID")),
    )


_LONGEST: Final = 90 * 24 * 60
"""Minutes of event history: no stretch takes longer."""
_MOST: Final = 1e12


def _number(value: object, most: float = _MOST) -> float | None:
    """The number that a decoded record has as a text; None if it is none, or no rate or length of time."""
    try:
        number = float(text(value))
    except ValueError:
        return None
    return number if 0 <= number <= most else None


def _most(context: dict[str, Any], attribute: str) -> str:
    """The value of an attribute that contributed most to the unusual rate: the record has them in that order."""
    attributions = context.get("attributions")
    for one in attributions if isinstance(attributions, list) else ():
        if mapping(one).get("attribute") == attribute:
            values = mapping(one).get("insight")
            first = values[0] if isinstance(values, list) and values else None
            return text(mapping(first).get("value"))
    return ""

"""An Insights event in words: what was counted, at which rate, and when."""

from datetime import datetime

from ctui.model.event.event import Event
from ctui.model.event.summary import Insight, Summary
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.names import service, short_name
from ctui.render.text.spans import clean


def counted(name: str, insight: Insight) -> Line:
    """What a row counts: "GetSecretValue errors", "StopLogging calls"."""
    return (*clean(name, Role.WARNING), (" errors" if insight.of_errors else " calls", Role.PLAIN))


def rise(insight: Insight) -> Line:
    """What a row says of it: "rise to 12.4/min from 0.3", and at the end "were 12.4/min for 7 min"."""
    rate = _rate(insight.rate)
    if not insight.ended:
        usual = f" from {_number(insight.baseline)}" if insight.baseline is not None else ""
        return ((f"rise to {rate}{usual}" if rate else "rise unusually", Role.PLAIN),)
    lasted = f" for {times.length(round(insight.minutes * 60))}" if insight.minutes is not None else ""
    return ((f"were {rate}{lasted}" if rate else f"were unusual{lasted}", Role.PLAIN),)


def unusual(summary: Summary, insight: Insight) -> Line:
    """ "StopLogging of cloudtrail was called 2/min, usually 0/min: the start of it"; recorded text is cleaned."""
    named = clean(summary.name or "something", Role.EVENT)
    source = ((" of ", Role.PLAIN), *clean(service(summary.source), Role.PLAIN)) if summary.source else ()
    error = ((" with ", Role.PLAIN), *clean(insight.error, Role.ERROR)) if insight.error else ()
    did = " failed" if insight.of_errors else " was called"
    how = f" {_rate(insight.rate)}" if insight.rate is not None else " at an unusual rate"
    usually = f", usually {_rate(insight.baseline)}" if insight.baseline is not None else ""
    which = "the end" if insight.ended else "the start"
    return (*named, *source, (did, Role.PLAIN), *error, (f"{how}{usually}: {which} of it", Role.PLAIN))


def rate_line(event: Event, insight: Insight, other: datetime | None) -> Line:
    """ "12.4/min · baseline 0.3/min · 14:02:00–14:09:00 · by alice"; `other` is the time of the pair's other event."""
    started, ended = insight.stretch(event.time, other)
    stretch = f"{times.clock_time(started)}–" if started is not None else "until "
    if ended is not None:
        stretch += times.clock_time(ended)
    else:
        stretch = f"since {times.clock_time(event.time)}, its end is not here"
    parts = [
        _rate(insight.rate) if insight.rate is not None else "rate not recorded",
        f"baseline {_rate(insight.baseline)}" if insight.baseline is not None else "baseline not recorded",
        stretch,
    ]
    by = ((" · by ", Role.DIM), *clean(short_name(insight.by), Role.USER)) if insight.by else ()
    return ((" · ".join(parts), Role.PLAIN), *by)


def _rate(average: float | None) -> str:
    return f"{_number(average)}/min" if average is not None else ""


def _number(average: float) -> str:
    """Two digits that count: 12, 12.4, 0.0018."""
    return f"{average:,.1f}".removesuffix(".0") if average >= 1 else f"{average:.2g}"

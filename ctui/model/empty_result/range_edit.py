"""Line and range: an offer is made for both as one; taken, it becomes a line and a range beside it again."""

from dataclasses import replace
from datetime import UTC, datetime

from ctui.model.filter.terms import Filter
from ctui.model.lookup.timespan import ALL_HISTORY, Timespan


def with_range(line: Filter, beside: Timespan) -> Filter:
    """The line, with the range that stands beside it where it names none itself."""
    if line.timespan is not None or (beside.start is None and beside.end is None):
        return line
    since, _, until = beside.text.partition("..")
    return replace(line, since=since or None, until=until if until and until != "now" else None)


def apply_suggestion(offer: Filter, line: Filter, beside: Timespan) -> tuple[Filter, Timespan | None]:
    """The line to write so that an offer is asked, and the range to put beside it; None: that one stays.

    `offer` was made for `ranged(line, beside)` and names the whole range that it means. It is written where `line`
    has its own.
    """
    if line.timespan is not None and offer.timespan is not None:
        return offer, None
    whole = with_range(line, beside)
    span = None if (offer.since, offer.until) == (whole.since, whole.until) else offer.timespan or ALL_HISTORY
    return replace(offer, since=None, until=None), span


def widened(line: Filter, oldest: datetime | None, newest: datetime | None, now: datetime) -> Filter | None:
    """The line with a range in which all from `oldest` to `newest` lies; None where it or they are not there."""
    span = line.timespan
    if span is None or oldest is None or newest is None:
        return None
    first, last = span.pin(now)
    if first is not None and oldest.timestamp() < first:
        line = replace(line, since=_instant(oldest))
    if not span.open_ended and newest.timestamp() > last:
        line = replace(line, until=_instant(newest))
    return line


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""A suggestion is made for a line that includes the range; these functions join the two and separate them again."""

from dataclasses import replace
from datetime import UTC, datetime

from ctui.model.filter.terms import Filter
from ctui.model.lookup.timespan import ALL_HISTORY, Timespan


def with_range(line: Filter, current: Timespan) -> Filter:
    """The line with the given range, unless it has its own.

    If its own names times of day or days, `current` is what it means, which stands in its place: it is the same
    whenever it is read.
    """
    own = line.timespan
    if (own is not None and not own.named) or (current.start is None and current.end is None):
        return line
    since, _, until = (part.strip() for part in current.text.partition(".."))
    return replace(line, since=since or None, until=until if until and until.lower() != "now" else None)


def apply_suggestion(suggestion: Filter, line: Filter, current: Timespan) -> tuple[Filter, Timespan | None]:
    """(line, range) that apply a suggestion; None as the range keeps the current one.

    `suggestion` was made for `with_range(line, current)` and includes the whole range. The range stays in the line if
    `line` has its own, in its words if it is the same.
    """
    whole = with_range(line, current)
    same = (suggestion.since, suggestion.until) == (whole.since, whole.until)
    if line.timespan is not None and suggestion.timespan is not None:
        return replace(suggestion, since=line.since, until=line.until) if same else suggestion, None
    span = None if same else suggestion.timespan or ALL_HISTORY
    return replace(suggestion, since=None, until=None), span


def widened(line: Filter, oldest: datetime | None, newest: datetime | None, now: datetime) -> Filter | None:
    """The line with a range that contains everything from `oldest` to `newest`; None if any of the three is missing."""
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

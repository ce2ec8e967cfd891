"""An aggregated event in words: what was called how often, in which window."""

from collections.abc import Iterator

from ctui.model.event.aggregate import CALLERS, CALLS
from ctui.model.event.summary import Aggregate, Counted, Summary
from ctui.render.roles import Line, Role, Span
from ctui.render.text import times
from ctui.render.text.names import service, short_name
from ctui.render.text.spans import clean, join

_MOST = 5
"""Names of a dimension that the head of Detail shows: the record has the others."""
_DIMENSIONS = {"eventName": "calls", "resourceARN": "resources", "userIdentity": "callers"}


def calls(summary: Summary) -> Line:
    """What a row counts: "1,000 × PutObject", "800 calls"."""
    total = None if summary.aggregate is None else summary.aggregate.main.total
    if not summary.name:
        return ((f"{_times(total)}calls" if total != 1 else "1 call", Role.PLAIN),)
    return ((f"{total:,} × " if total is not None else "calls of ", Role.PLAIN), *clean(summary.name))


def callers(aggregate: Aggregate) -> Line:
    """Who a row is of, if the record says that, and the length of the window: "alice in 5 min"."""
    names = aggregate.by(CALLERS)
    line: Line = clean(short_name(names[0]), Role.USER) if names else ()
    more: Line = ((f" +{len(names) - 1}", Role.DIM),) if len(names) > 1 else ()
    within: Line = ((_within(aggregate) if line else _within(aggregate).lstrip(), Role.DIM),)
    return tuple(span for span in (*line, *more, *within) if span[0]) or (("—", Role.DIM),)


def happened(summary: Summary, aggregate: Aggregate) -> Line:
    """ "PutObject of s3 was called 1,000 times in 5 min, most on bucket-1 (800)"; recorded text is cleaned."""
    named = clean(summary.name or "something", Role.EVENT)
    source = ((" of ", Role.PLAIN), *clean(service(summary.source), Role.PLAIN)) if summary.source else ()
    total = aggregate.main.total
    often = " once" if total == 1 else f" {_times(total)}times" if total is not None else ""
    spans: list[Span] = [*named, *source, (f" was called{often}{_within(aggregate)}", Role.PLAIN)]
    if aggregate.main.dimension != CALLS and aggregate.main.counts:
        by = " by " if aggregate.main.dimension == CALLERS else " on "
        return (*spans, (by, Role.PLAIN), *_names(aggregate.main))
    for one in aggregate.details[:1]:
        if one.counts:
            most = ", most " if len(one.counts) > 1 else " "
            spans.append((f"{most}{'by' if one.dimension == CALLERS else 'on'} ", Role.PLAIN))
            spans += _name(*one.counts[0], alone=len(one.counts) == 1)
    return tuple(spans)


def count_lines(aggregate: Aggregate) -> Iterator[Line]:
    """A line for each dimension: "resources: bucket-1 800, bucket-2 150"; first the window."""
    if aggregate.start is not None and aggregate.end is not None:
        window = f"{times.clock_time(aggregate.start)}–{times.clock_time(aggregate.end)}"
        yield (("data events of ", Role.DIM), (window, Role.TIME), (" UTC, aggregated", Role.DIM))
    for one in (aggregate.main, *aggregate.details):
        if one.counts:
            what = _DIMENSIONS.get(one.dimension)
            label = ((what, Role.DIM),) if what else clean(one.dimension or "by", Role.DIM)
            yield (*label, (": ", Role.DIM), *_names(one))


def _names(counted: Counted) -> Line:
    more = len(counted.counts) - _MOST
    line = join((_name(*one) for one in counted.counts[:_MOST]), ", ")
    return (*line, (f" and {more:,} more", Role.DIM)) if more > 0 else line


def _name(name: str, count: int | None, *, alone: bool = False) -> Line:
    said = clean(short_name(name), Role.STRONG)
    return said if count is None or alone else (*said, (f" ({count:,})", Role.PLAIN))


def _times(total: int | None) -> str:
    return f"{total:,} " if total is not None else ""


def _within(aggregate: Aggregate) -> str:
    if aggregate.start is None or aggregate.end is None or aggregate.end <= aggregate.start:
        return ""
    return f" in {times.length(round((aggregate.end - aggregate.start).total_seconds()))}"

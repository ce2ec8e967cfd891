"""Reasons: why a result is empty, and what to search instead. No match does not mean that nothing happened."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from ctui.model.empty_result.evidence import AWS_HISTORY, Cause, EmptyResult, Reason, time_text
from ctui.model.empty_result.hidden import events, hidden, pages
from ctui.model.empty_result.narrowing import narrowings
from ctui.model.empty_result.regions import is_region, unsearched_regions
from ctui.model.empty_result.term_text import term_text
from ctui.model.empty_result.value_reasons import hiding_reasons, search_too, value_reasons
from ctui.model.filter.contradiction import contradiction
from ctui.model.filter.selection import asks_for_files, asks_for_insights, term_of
from ctui.model.filter.terms import FieldTerm, KindTerm, Term
from ctui.model.filter.write import write_term
from ctui.model.lookup.lateness import LATE_SECONDS
from ctui.model.lookup.timespan import ALL_HISTORY

_LATENESS = "events arrive about 5 minutes late, sometimes 60"
LAG = timedelta(minutes=15)
"""Nearly every event appears within this time: documented about 5 minutes, measured 10.1 at most, not guaranteed."""

SHORTEST_HISTORY = timedelta(days=7)
"""How far back event history went in 2015, and perhaps still does at endpoints other than AWS."""


def reasons_of(empty: EmptyResult) -> tuple[Reason, ...]:
    """Every possible reason, the surest first; () if the result is complete and nothing explains it.

    If no event can match, there is no other reason than that, and what the terms hide of what is loaded.
    """
    if excluding := contradiction(empty.line):
        return (_impossible(empty, excluding), *hidden(empty))
    if empty.in_files_alone:
        # Calls that event history does not have, and Regions that were not asked, say nothing of files.
        values = [one for one in value_reasons(empty) if one.cause not in {Cause.DATA_EVENT, Cause.OTHER_REGION}]
        return (*_read_so_far(empty), *_files(empty), *values, *hidden(empty))
    if asks_for_files(empty.line):
        return (_only_in_files(empty), *_files(empty), *hidden(empty))
    sure = [*_other_regions(empty), *value_reasons(empty)]
    late = [] if sure else _late(empty)
    return (
        *_files(empty),
        *_insights(empty),
        *_own(empty),
        *_service(empty),
        *_known(empty),
        *_time(empty),
        *sure,
        *hidden(empty),
        *late,
    )


def _only_in_files(empty: EmptyResult) -> Reason:
    text = "event history has management and Insights events only: a trail's log files can have data events, network"
    text += " activity and aggregated events"
    return Reason(Cause.DATA_EVENT, text if empty.files else f"{text} · ctui files PATH opens log files")


def _files(empty: EmptyResult) -> Iterator[Reason]:
    """What lies in log files, if any were searched."""
    if empty.files is not None:
        from ctui.model.empty_result.files_reasons import files_reasons  # noqa: PLC0415 - most sessions have none

        yield from files_reasons(empty, empty.files)


def _read_so_far(empty: EmptyResult) -> Iterator[Reason]:
    """What of log files alone was not compared."""
    if empty.read_error:
        yield Reason(Cause.SCANNING, f"could not read the log files: {empty.read_error}", "retry")
    elif empty.can_load_more and empty.scanned:
        yield Reason(Cause.SCANNING, f"only {events(empty.scanned)} searched so far", "search the rest")


def _insights(empty: EmptyResult) -> Iterator[Reason]:
    """There are Insights events only where a trail asks for them, and then of unusual rates alone."""
    if not asks_for_insights(empty.line):
        return
    if empty.has_insights is None:
        text = "whether a trail has Insights on is not known here: without it, there are no Insights events"
    elif on := [name for name, has in empty.has_insights.items() if has]:
        text = f"{', '.join(on)} {'has' if len(on) == 1 else 'have'} Insights on, which tells unusual rates alone"
    elif unknown := [name for name, has in empty.has_insights.items() if has is None]:
        text = f"whether {', '.join(unknown)} {'has' if len(unknown) == 1 else 'have'} Insights on is not said"
    elif empty.has_insights:
        number = len(empty.has_insights)
        has = "the one trail here has Insights off" if number == 1 else f"none of {number} trails has Insights on"
        text = f"{has}: without it, there are no Insights events"
    else:
        text = "there is no trail here, and without one that has Insights on there are no Insights events"
    yield Reason(Cause.INSIGHTS, text)


def _own(empty: EmptyResult) -> Iterator[Reason]:
    """Own calls are hidden without a word in the line."""
    if empty.own_hidden:
        are = "1 that matches is a read" if empty.own_hidden == 1 else f"{empty.own_hidden:,} that match are reads"
        yield Reason(Cause.OWN_CALLS, f"{are} of ctui itself, hidden · o shows own calls")


def _impossible(empty: EmptyResult, excluding: Sequence[Term]) -> Reason:
    """That no event can match, with a line that asks for one of the values where that is what may have been meant."""
    if len(excluding) == 1:
        return Reason(Cause.IMPOSSIBLE, f"no event can match {term_text(excluding[0])}")
    if len(excluding) > 2:
        *first, last = map(term_text, excluding)
        return Reason(Cause.IMPOSSIBLE, f"no event can match {', '.join(first)} and {last} together")
    one, other = excluding
    text = f"{term_text(one)} and {term_text(other)} exclude each other: no event can match"
    if (either := _one_of_both(one, other)) is None:
        return Reason(Cause.IMPOSSIBLE, text)
    line = empty.line.with_terms(either if term == one else term for term in empty.line.terms if term != other)
    return Reason(Cause.IMPOSSIBLE, text, f"use {write_term(either)}", line)


def _one_of_both(one: Term, other: Term) -> Term | None:
    """The term that has the values of both, None if they are not values of one field."""
    if isinstance(one, KindTerm) and isinstance(other, KindTerm) and not (one.negated or other.negated):
        return replace(one, one_of=(*one.one_of, *other.one_of))
    if not isinstance(one, FieldTerm) or not isinstance(other, FieldTerm) or one.negated or other.negated:
        return None
    if one.field is not other.field or one.ignore_case is not other.ignore_case:
        return None
    return replace(one, one_of=(*one.one_of, *other.one_of))


def reasons_with_rows(empty: EmptyResult) -> tuple[Reason, ...]:
    """What is wrong with a result that has visible rows: Regions that failed or were not searched, terms that hide
    nothing, and lines that need fewer pages."""
    if empty.in_files_alone:
        return tuple(hiding_reasons(empty))
    here = () if empty.store_only else (*_refusing(empty), *_other_regions(empty))
    return (*here, *hiding_reasons(empty), *_known(empty))


def _known(empty: EmptyResult) -> Iterator[Reason]:
    """Bare words that are known values, if the service would otherwise return everything."""
    for found in () if empty.store_only else narrowings(empty.line, empty.known_values):
        text = f"{found.text} in the stored events"
        yield Reason(Cause.KNOWN_VALUE, text, f"search only {found.better}", found.line, narrows_to=found.better)


def _not_reached(empty: EmptyResult) -> Iterator[Reason]:
    """Accounts of which nothing was asked: what is looked for may be there."""
    for label, why in empty.unreached.items():
        text = f"{label} is not searched: {why} · r tries again" if why else f"{label} is not searched yet: connecting"
        yield Reason(Cause.NOT_REACHED, text)


def _service(empty: EmptyResult) -> Iterator[Reason]:
    yield from _not_reached(empty)
    yield from _refusing(empty)
    if empty.read_error:
        yield Reason(Cause.SCANNING, f"could not read the loaded events: {empty.read_error}", "retry")
    elif empty.error_text and not empty.refusing_regions:
        yield Reason(Cause.REFUSED, f"the service refused: {empty.error_text}")
    elif empty.complete:
        if empty.loaded_at is not None:
            at = time_text(empty.loaded_at, empty.now)
            yield Reason(Cause.SCANNING, f"complete as of {at}; newer events are not loaded", "load newer events")
    elif empty.error_text and not empty.can_load_more:
        return
    elif not (empty.started or empty.scanned):
        yield Reason(Cause.SCANNING, "nothing loaded yet", "search")
    else:
        if empty.asked_first and not empty.pages_without_progress:
            names = " or ".join(attribute.value for attribute in empty.asked_first)
            text = f"no event lists {names} as a resource"
            if empty.found_first == 1:
                text = f"the one event that lists {names} as a resource does not match"
            elif empty.found_first:
                text = f"none of the {events(empty.found_first)} that list {names} as a resource match"
            text += f"; only {events(empty.scanned)} scanned for it in requests"
        elif empty.scanned:
            text = f"only {events(empty.scanned)} loaded"
            text += f"; no new events in {pages(empty.pages_without_progress)}" if empty.pages_without_progress else ""
        elif empty.pages_without_progress:
            text = f"no events in {pages(empty.pages_without_progress)}"
        else:
            text = "no events in the pages loaded so far"
        yield Reason(Cause.SCANNING, text, "search the rest")


def _refusing(empty: EmptyResult) -> Iterator[Reason]:
    """Regions that failed while others did not. One that was added can be removed."""
    for region in empty.refusing_regions:
        leave = region if region in empty.added_regions else ""
        yield Reason(
            Cause.REFUSED, f"{region} refused: {empty.error_text}", leave and f"leave {leave} out", remove_region=leave
        )


def _time(empty: EmptyResult) -> Iterator[Reason]:
    span = empty.line.timespan
    if span is None:
        return
    start, end = span.pin(empty.now)
    now = int(empty.now.timestamp())
    everything = replace(empty.line, since=None, until=None)
    oldest = now - int((empty.history or SHORTEST_HISTORY).total_seconds())
    days = (empty.history or AWS_HISTORY).days
    if empty.history is None:
        if empty.complete and end < oldest:
            text = f"how far back this endpoint goes is unknown (AWS: {days} days): the range may end before that"
            yield Reason(Cause.HISTORY, text, "search all history", everything)
    elif end < oldest:
        text = f"the range ends before the {days} days of event history"
        yield Reason(Cause.HISTORY, text, "search all history", everything)
    elif start is not None and start < oldest:
        yield Reason(Cause.HISTORY, f"event history covers {days} days; older events cannot be looked up")
    if start is not None and start > now - int(LAG.total_seconds()):
        text = f"{_LATENESS}: some of this range may be missing"
        yield Reason(Cause.LAG, text, "search the last hour", replace(empty.line, since="1h", until=None))
    if start is not None and end >= oldest and empty.complete and not (empty.scanned or empty.error_text):
        what = f"nothing with {write_term(term_of(empty.server_filter))}" if empty.server_filter else "nothing"
        text = f"{'the store has' if empty.store_only else 'CloudTrail returned'} {what} in this range"
        yield Reason(Cause.RANGE, text, "search all history", everything)


def _late(empty: EmptyResult) -> Iterator[Reason]:
    """A result that is complete now can still get late events; nothing if `_time` has said so."""
    first, last = (empty.line.timespan or ALL_HISTORY).pin(empty.now)
    now = int(empty.now.timestamp())
    already_said = first is not None and first > now - int(LAG.total_seconds())
    if empty.complete and last > now - LATE_SECONDS and not already_said:
        yield Reason(Cause.LAG, f"{_LATENESS}: the newest may be missing · R search again")


def _other_regions(empty: EmptyResult) -> Iterator[Reason]:
    """Regions that the line names but that were not searched: each has its own events."""
    for region in unsearched_regions(empty.line, empty.regions):
        were = "was" if len(empty.regions) == 1 else "were"
        text = f"{region} has its own history; only {', '.join(empty.regions)} {were} searched"
        yield search_too(text, region) if is_region(region) else Reason(Cause.OTHER_REGION, text)

"""What each term of a line, and its range, hide of the loaded events, and what to remove to see some."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.range_edit import widened
from ctui.model.empty_result.term_text import term_text
from ctui.model.filter.terms import Filter, Outside, Term, Unsearched

_MAX_REASONS = 5
"""The most terms that get a reason."""


def hidden(empty: EmptyResult) -> Iterator[Reason]:
    """One reason per term that hides events, the worst first; removing it is suggested if that helps."""
    removed = empty.exclusions
    wider = widened(empty.line, empty.oldest, empty.newest, empty.now)
    excluders: list[Term | Outside] = [one for one in dict.fromkeys(empty.line.terms) if removed.each[one]]
    if removed.each[Outside.RANGE] and wider is not None:
        excluders.append(Outside.RANGE)
    if not excluders:
        return
    alone = False
    for excluder in sorted(excluders, key=lambda one: (-removed.alone(one), -removed.each[one]))[:_MAX_REASONS]:
        number = removed.alone(excluder)
        alone = alone or number > 0
        offer = _without(empty, wider, {excluder}) if removed.perhaps_alone(excluder) else ("", None)
        yield Reason(Cause.FILTERED, _hides(removed, excluder), *offer)
    if not alone:
        yield from _together(empty, wider, excluders)


def _hides(removed: Exclusions, excluder: Term | Outside) -> str:
    """How many loaded events it hides, and how many of them nothing else hides."""
    total, alone, counted = removed.each[excluder], removed.alone(excluder), removed.counted(excluder)
    of = f"all {total:,}" if total == counted else f"{total:,} of {counted:,}"
    if counted < removed.events:
        of += " whose records were searched"
    text = f"{_text_of(excluder)} hides {of}" + (f", {alone:,} of them alone" if 0 < alone < total else "")
    if perhaps := removed.perhaps_alone(excluder) - removed.alone(excluder):
        text += f"; the rest of the line was not searched for in {perhaps:,} of them"
    return text


def _together(empty: EmptyResult, wider: Filter | None, excluders: list[Term | Outside]) -> Iterator[Reason]:
    """What to remove together if removing one term does not help."""
    removed = empty.exclusions
    # The pair that hides most; a pair that leaves a term in the line is preferred.
    terms = set(empty.line.terms)
    pairs = (
        (not terms <= pair, count, pair)
        for pair, count in removed.by_few.items()
        if not any(isinstance(one, Unsearched) for one in pair)
    )
    _, count, pair = max(pairs, default=(False, 0, None), key=lambda each: each[:2])
    if pair is not None and pair <= set(excluders):
        both = [one for one in excluders if one in pair]
        names = " and ".join(map(_text_of, both))
        offer = _without_some(empty, wider, both)
        text = f"{names} together hide {count:,} of {removed.events:,} that nothing else hides"
        yield Reason(Cause.FILTERED, text, *offer)
    elif pair is None and removed.each.keys() == set(excluders):
        text = f"each of the {removed.events:,} is hidden by at least three of these"
        yield Reason(Cause.FILTERED, text, *_without_some(empty, wider, excluders))


def _without_some(
    empty: EmptyResult, wider: Filter | None, excluders: Collection[Term | Outside]
) -> tuple[str, Filter | None]:
    """The same, if a term remains; removing every term is not suggested."""
    offer, line = _without(empty, wider, excluders)
    return (offer, line) if line.terms else ("", None)


def _without(empty: EmptyResult, wider: Filter | None, excluders: Collection[Term | Outside]) -> tuple[str, Filter]:
    """(label, line) without these terms, and with a range that contains the loaded events."""
    removed = dict.fromkeys(_text_of(one) for one in empty.line.terms if one in excluders)
    labels = [f"remove {' and '.join(removed)}"] if removed else []
    line = empty.line
    if Outside.RANGE in excluders and wider is not None:
        labels.append("widen the range to the loaded events")
        line = wider
    return " and ".join(labels), replace(line, terms=tuple(one for one in line.terms if one not in excluders))


def _text_of(excluder: Term | Outside) -> str:
    return "the range" if isinstance(excluder, Outside) else term_text(excluder)


def events(number: int) -> str:
    """How many events, in words such as "1 event" and "1,250 events"."""
    return f"{number:,} event{'' if number == 1 else 's'}"


def pages(number: int) -> str:
    """How many pages, in words such as "1 page" and "20 pages"."""
    return f"{number:,} page{'' if number == 1 else 's'}"

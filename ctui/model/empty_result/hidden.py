"""What a line hides of the events loaded: how many each of its terms and its range, and what to remove to see some."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.range_edit import widened
from ctui.model.filter.terms import Excluder, Filter, Outside
from ctui.model.filter.write import write_term

_MOST_TOLD = 5
"""So many terms are told to hide something."""


def hidden(empty: EmptyResult) -> Iterator[Reason]:
    """What each term hides, the one that hides most first; an offer where to remove it alone shows something."""
    removed = empty.exclusions
    wider = widened(empty.line, empty.oldest, empty.newest, empty.now)
    keepers: list[Excluder] = [one for one in dict.fromkeys(empty.line.terms) if removed.each[one]]
    if removed.each[Outside.RANGE] and wider is not None:
        keepers.append(Outside.RANGE)
    if not keepers:
        return
    alone = False
    for keeper in sorted(keepers, key=lambda one: (-removed.alone(one), -removed.each[one]))[:_MOST_TOLD]:
        number = removed.alone(keeper)
        alone = alone or number > 0
        offer = _without(empty, wider, {keeper}) if number else ("", None)
        yield Reason(Cause.FILTERED, _hides(removed, keeper), *offer)
    if not alone:
        yield from _together(empty, wider, keepers)


def _hides(removed: Exclusions, keeper: Excluder) -> str:
    """How many of the events loaded it hides, and how many of these nothing else does."""
    total, alone = removed.each[keeper], removed.alone(keeper)
    of = f"all {total:,}" if total == removed.events else f"{total:,} of {removed.events:,}"
    return f"{_said(keeper)} hides {of}" + (f", {alone:,} of them alone" if 0 < alone < total else "")


def _together(empty: EmptyResult, wider: Filter | None, keepers: list[Excluder]) -> Iterator[Reason]:
    """What to give up together where nothing alone helps."""
    removed = empty.exclusions
    # The pair that keeps out most; but rather one that leaves something of the question.
    terms = set(empty.line.terms)
    pairs = ((not terms <= pair, count, pair) for pair, count in removed.by_few.items())
    _, count, pair = max(pairs, default=(False, 0, None), key=lambda each: each[:2])
    if pair is not None and pair <= set(keepers):
        said = " and ".join(_said(one) for one in keepers if one in pair)
        offer = _without_some(empty, wider, pair)
        says = f"{said} together hide {count:,} of {removed.events:,} that nothing else hides"
        yield Reason(Cause.FILTERED, says, *offer)
    elif pair is None and removed.each.keys() == set(keepers):
        says = f"each of the {removed.events:,} is hidden by at least three of these"
        yield Reason(Cause.FILTERED, says, *_without_some(empty, wider, keepers))


def _without_some(empty: EmptyResult, wider: Filter | None, keepers: Collection[Excluder]) -> tuple[str, Filter | None]:
    """The same where a term remains; a question that gives up all it asks is no help, so that is not offered."""
    offer, line = _without(empty, wider, keepers)
    return (offer, line) if line.terms else ("", None)


def _without(empty: EmptyResult, wider: Filter | None, keepers: Collection[Excluder]) -> tuple[str, Filter]:
    """What it is called, and the line, where none of these keeps anything out."""
    left_out = dict.fromkeys(_said(one) for one in empty.line.terms if one in keepers)
    said = [f"remove {' and '.join(left_out)}"] if left_out else []
    line = empty.line
    if Outside.RANGE in keepers and wider is not None:
        said.append("widen the range to the loaded events")
        line = wider
    return " and ".join(said), replace(line, terms=tuple(one for one in line.terms if one not in keepers))


def _said(keeper: Excluder) -> str:
    return "the range" if isinstance(keeper, Outside) else write_term(keeper)


def events(number: int) -> str:
    """How many events, in words such as "1 event" and "1,250 events"."""
    return f"{number:,} event{'' if number == 1 else 's'}"


def pages(number: int) -> str:
    """How many pages, in words such as "1 page" and "20 pages"."""
    return f"{number:,} page{'' if number == 1 else 's'}"

"""What the pages of a scan prove, page by page, exactly as the rule of coverage says."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.fakes.cloudtrail import event

from ctui.core.lookup.gap_scan import HISTORY_SECONDS, GapScan
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.errors import EndpointUnreachable
from ctui.model.connection import Scope
from ctui.model.event.event import Oddity
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.model.lookup.scan import Page, Scan
from ctui.store.coverage import Claim

SCOPE = Scope("aws", "111111111111", "eu-west-1")
T0 = 2_000_000_000
END = T0 - 10_000
START = END - 5_000
SCAN = Scan(SCOPE, START, END)


TOKENS = count()


def page(*seconds: int, token: str | None = "next", date: int | None = T0, ours: int | None = 0) -> Page:
    """A page with events of these seconds, in this order; "next" stands for a token that was never given before, and
    `ours` is how far our clock was ahead when it came."""
    events = tuple(event(f"e{n}-{second}", at(second)) for n, second in enumerate(seconds))
    following = f"token-{next(TOKENS)}" if token == "next" else token
    received = None if ours is None else at((date or T0) + ours)
    return Page(events, following, None if date is None else at(date), received)


def at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def take(gap: GapScan, *pages: Page) -> list[Claim | None]:
    """The claims of these pages, one after the other."""
    claims = []
    for one in pages:
        claims.append(gap.claim(one))
        gap.arrived(one, len(one.events))
    return claims


def complete(start: int, end: int, proven: int = T0) -> Claim:
    return Claim(None, Stretch(start, end), None, proven)


def test_a_page_with_a_token_claims_from_behind_its_oldest_second() -> None:
    claims = take(GapScan(SCAN), page(END, END - 10), page(END - 10, END - 30))
    assert claims == [complete(END - 9, END + 1), complete(END - 29, END + 1)]


def test_the_last_page_claims_all_of_the_scan() -> None:
    whole = Claim(None, Stretch(START, END + 1), Stretch(START, END + 1), T0)
    assert take(GapScan(SCAN), page(END - 10), page(END - 20, token=None))[1] == whole
    assert take(GapScan(SCAN), page(token=None)) == [whole], "nothing happened, and that is known now"


@pytest.mark.parametrize(
    ("start", "claimed"), [(T0 - HISTORY_SECONDS - 500, T0 + 7 - HISTORY_SECONDS), (None, T0 + 7 - HISTORY_SECONDS)]
)
def test_the_last_page_claims_no_further_back_than_the_history_at_its_own_date(start: int | None, claimed: int) -> None:
    gap = GapScan(replace(SCAN, start=start))
    claim = take(gap, page(END - 10), page(END - 20, token=None, date=T0 + 7))[1]
    assert claim == Claim(None, Stretch(claimed, END + 1), Stretch(start or 0, END + 1), T0)


def test_a_page_that_reaches_beyond_the_history_claims_no_further_back_than_that() -> None:
    """By the later clock; of what is told from before, more may be gone already."""
    oldest = T0 + 7 - HISTORY_SECONDS
    claims = take(GapScan(replace(SCAN, start=None)), page(END - 10, oldest - 500, ours=7), page(oldest - 900, ours=7))
    assert claims == [complete(oldest, END + 1)] * 2


def test_the_last_quarter_of_an_hour_before_the_chain_began_is_never_claimed() -> None:
    gap = GapScan(replace(SCAN, end=T0))
    claims = take(gap, page(T0 - 5), page(T0 - 1000, date=T0 + 5000), page(T0 - 2000, token=None, date=T0 + 9000))
    assert claims[0] == Claim(None, None, None, T0)
    assert claims[1] == complete(T0 - 999, T0 - 900)
    assert claims[2] == Claim(None, Stretch(START, T0 - 900), Stretch(START, T0 - 900), T0)


@pytest.mark.parametrize("again", ["first", "second"])
def test_a_token_that_comes_again_claims_nothing_more_in_its_chain(again: str) -> None:
    gap = GapScan(SCAN)
    pages = [page(END - 5, token="first"), page(END - 10, token="second"), page(END - 20, token=again)]
    assert take(gap, *pages, page(END - 30), page(token=None))[2:] == [None, None, None]
    assert gap.token_refused() is False
    gap = GapScan(SCAN)
    take(gap, *pages)
    assert gap.token_refused()
    assert take(gap, page(END - 10, END - 20)) == [complete(END - 19, END - 9)], "a new chain claims again"


def test_an_empty_page_with_a_token_claims_nothing_and_is_not_the_end() -> None:
    gap = GapScan(SCAN)
    assert take(gap, page(), page(END - 10), page()) == [None, complete(END - 9, END + 1), None]
    assert not gap.done


@pytest.mark.parametrize("disorder", [(END - 20, END - 19), (END - 9, END - 30)])
def test_a_page_out_of_order_claims_nothing_more_in_its_chain(disorder: tuple[int, int]) -> None:
    gap = GapScan(SCAN)
    pages = [page(END - 5, END - 10), page(*disorder), page(END - 40), page(END - 50, token=None)]
    assert take(gap, *pages) == [complete(END - 9, END + 1), None, None, None]
    assert gap.done


def test_after_a_refused_token_a_new_chain_goes_on_with_its_own_date() -> None:
    gap = GapScan(replace(SCAN, end=T0 - 600))
    first = take(gap, page(T0 - 700, T0 - 1000))
    assert gap.token_refused()
    assert (gap.token, gap.chain.end) == (None, T0 - 1000)
    second = take(gap, page(T0 - 1000, T0 - 2000, date=T0 + 3000))
    assert first == [complete(T0 - 999, T0 - 900)]
    assert second == [complete(T0 - 1999, T0 - 999, T0 + 3000)]
    assert gap.scan.end == T0 - 600


def test_a_chain_after_disorder_goes_on_where_order_ended_and_claims_again() -> None:
    gap = GapScan(SCAN)
    take(gap, page(END - 10), page(END - 100, END - 50))
    assert gap.token_refused()
    assert gap.chain.end == END - 10
    assert take(gap, page(END - 10, END - 60)) == [complete(END - 59, END - 9)]


def test_an_answer_of_which_we_do_not_know_when_it_came_proves_nothing() -> None:
    assert take(GapScan(SCAN), page(END - 10, ours=None), page(token=None)) == [None, None]


@pytest.mark.parametrize("dates", [(None, T0), (T0, None), (None, None)])
def test_without_the_services_date_nothing_is_claimed(dates: tuple[int | None, int | None]) -> None:
    claims = take(GapScan(SCAN), page(END - 10, date=dates[0]), page(token=None, date=dates[1]))
    assert claims[1] is None


@pytest.mark.parametrize("ahead", [7200, 900, 1, -1, -7200, -86400])
def test_a_claim_ends_at_the_earlier_of_both_clocks_and_begins_by_the_later(ahead: int) -> None:
    """A Date header two hours ahead claimed two hours that had not happened yet; `ahead` is ours here."""
    gap = GapScan(replace(SCAN, start=None, end=T0 + 7200))
    claims = take(gap, page(T0 - 20_000, ours=ahead), page(T0 - 30_000, token=None, ours=ahead))
    earlier, later = min(T0, T0 + ahead), max(T0, T0 + ahead)
    end = earlier - 900
    assert claims[0] == (complete(T0 - 19_999, end, earlier) if end > T0 - 19_999 else Claim(None, None, None, earlier))
    assert claims[1] == Claim(None, Stretch(later - HISTORY_SECONDS, end), Stretch(0, end), earlier)


def test_a_claim_names_the_attribute_of_its_scan() -> None:
    attribute = LookupAttribute(AttributeKey.USERNAME, "alice")
    (claim,) = take(GapScan(replace(SCAN, attribute=attribute)), page(END - 1))
    assert claim == Claim(attribute, Stretch(END, END + 1), None, T0)


@pytest.mark.parametrize("second", [START - 500, END + 500])
def test_an_event_that_was_not_asked_for_claims_nothing(second: int) -> None:
    pages = (page(END + 500, END), page(END - 5)) if second > END else (page(END, START - 500), page(END - 5))
    assert take(GapScan(SCAN), *pages) == [None, None], (
        "its time is not what it was, or the service does not hold to it"
    )


@pytest.mark.parametrize(
    ("pages", "claimed"),
    [
        ([[END, None, END - 20], [END - 40]], [(END - 39, END - 20)]),
        ([[END - 2, None, END - 20], [END - 40]], [(END - 39, END - 20), (END - 1, END + 1)]),
        ([[END - 2, END - 20, None], [END - 40, END - 50]], [(END - 49, END - 40), (END - 19, END + 1)]),
        ([[END - 2, END - 20, None], [], [END - 40, END - 50]], [(END - 49, END - 40), (END - 19, END + 1)]),
        ([[END - 2], [None, END - 20], [END - 40]], [(END - 39, END - 20), (END - 1, END + 1)]),
        ([[None, None], [None]], []),
        ([[END - 2, None, END - 20, END - 30, None, END - 40, END - 50]], [(END - 49, END - 40), (END - 1, END + 1)]),
    ],
)
def test_an_event_without_a_time_may_lie_anywhere_between_its_neighbors(
    pages: list[list[int | None]], claimed: list[tuple[int, int]]
) -> None:
    found = union_of_claims(pages, last=False)
    assert [(part.start, part.end) for part in found] == claimed


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(st.integers(END - 30, END) | st.none(), max_size=8), st.lists(st.integers(0, 8), max_size=3), st.booleans()
)
def test_no_second_is_claimed_in_which_an_event_without_a_time_may_lie(
    drawn: list[int | None], cuts: list[int], last: bool
) -> None:
    ordered = iter(sorted((second for second in drawn if second is not None), reverse=True))
    seconds = [None if second is None else next(ordered) for second in drawn]
    bounds = [0, *sorted(min(cut, len(seconds)) for cut in cuts), len(seconds)]
    found = union_of_claims([seconds[start:end] for start, end in pairwise(bounds)], last=last)
    timed = [second for second in seconds if second is not None]
    expected = set(range(START if last else min(timed, default=END) + 1, END + 1))
    for place, second in enumerate(seconds):
        if second is None:
            newer = next((each for each in reversed(seconds[:place]) if each is not None), END)
            older = next((each for each in seconds[place:] if each is not None), START)
            expected -= set(range(older, newer + 1))
    claimed = {second for part in found for second in range(part.start, part.end)}
    assert claimed <= expected
    if seconds.count(None) <= 1:
        assert claimed == expected
    unclaimed = Stretches.of(Stretch(START, END + 1)).subtract(found)
    assert len(unclaimed.parts) <= len(bounds) + 1, "asking again costs no more calls than there were pages"


def test_events_without_any_time_on_their_page_are_listed_behind_those_before() -> None:
    gap, odd = GapScan(SCAN), Oddity(("EventTime is missing",), lost=True, timed=False)
    untimed = page(END, END)
    untimed = replace(untimed, events=tuple(replace(each, oddity=odd) for each in untimed.events))
    assert gap.dated(untimed) == untimed
    take(gap, page(END - 5, END - 20))
    assert [each.time for each in gap.dated(untimed).events] == [at(END - 20)] * 2
    timed = page(END - 30)
    assert gap.dated(timed) == timed


def union_of_claims(pages: list[list[int | None]], *, last: bool) -> Stretches:
    """What is complete after these pages; None is an event without a time, which the gateway lists at another's."""
    gap, found = GapScan(SCAN), Stretches()
    for number, seconds in enumerate(pages):
        whole = page(*(END if second is None else second for second in seconds))
        events = tuple(
            replace(each, oddity=Oddity(("EventTime is missing",), lost=True, timed=False)) if second is None else each
            for each, second in zip(whole.events, seconds, strict=True)
        )
        following = None if last and number == len(pages) - 1 else f"token-{number}"
        one = replace(whole, events=events, next_token=following)
        claim = gap.claim(one)
        gap.arrived(one, len(events))
        found = found.union(Stretches.of(*(part.complete for part in (claim.parts() if claim else ()))))
    return found


def test_a_page_that_is_not_stored_changes_nothing() -> None:
    gap = GapScan(SCAN)
    one = page(END - 10)
    assert gap.claim(one) == gap.claim(one)
    assert take(gap, one) == [complete(END - 9, END + 1)]


async def test_after_a_lost_connection_the_scan_goes_on_in_a_chain_of_its_own() -> None:
    """What is claimed then is proven by the first answer of that chain, not by one from before the loss."""

    class Lost(LookupQueue):
        def __init__(self) -> None:
            pass

        async def page(self, *_: object, **__: object) -> Page:
            raise EndpointUnreachable("Not reachable", "lost", "")

    gap = GapScan(SCAN)
    take(gap, page(END, END - 10))
    with pytest.raises(EndpointUnreachable):
        await gap.next_page(Lost(), Priority.USER, lambda: True, patient=False)
    assert (gap.token, gap.chain.end, gap.position) == (None, END - 10, END - 10)
    assert take(gap, page(END - 10, END - 30, date=T0 + 60)) == [complete(END - 29, END - 9, T0 + 60)]

"""About how long the rest takes: honest ranges that move little, whatever the density of events does."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from support.fakes.cloudtrail import event
from support.fakes.densities import AWS, DAY, ELSEWHERE, END, PACE, RATE, SHAPES, UNKNOWN, ages, load, rest_of

from ctui.core.lookup.estimate import FIRST_ESTIMATE, MOST_DOWN, MOST_UP, LoadEstimate, pages_of
from ctui.core.lookup.gap_scan import HISTORY_SECONDS
from ctui.core.lookup.planner import ScopeQuery
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.lookup.scan import Page
from ctui.render.text.times import between

SEEDS = range(4)
SIZES = ((1_500, DAY), (3_000, 7 * DAY), (8_000, 30 * DAY))
SHARE = 0.78
"""The true rest lies within the range after so many pages at least, over all of these histories."""


def pages_taken(number: int, scope: Scope = AWS, length: int | None = 10_000) -> tuple[LoadEstimate, ScopeScan, float]:
    """An estimate after so many pages of an event a second, which came at the pace; and when the last one did."""
    scan = ScopeScan(ScopeQuery(scope, None if length is None else END - length + 1, END), UNKNOWN)
    estimate = LoadEstimate()
    for page in range(number):
        events = tuple(
            event(f"e{age}", datetime.fromtimestamp(END - age, UTC)) for age in range(page * 50, page * 50 + 50)
        )
        scan.gaps[0].arrived(Page(events, f"token-{page}", None), 50)
        estimate.page_came(scan.gaps[0], [scan], page * PACE)
    return estimate, scan, (number - 1) * PACE


@pytest.mark.parametrize("shape", SHAPES)
def test_a_range_moves_little_from_page_to_page_and_is_never_below_the_pace(shape: str) -> None:
    for seed in SEEDS:
        for events, length in SIZES:
            told = list(load(ages(SHAPES[shape], events, length, seed), length))
            assert [one.pages for one in told if one.rest is not None] == [
                one.pages for one in told[FIRST_ESTIMATE - 1 : -1]
            ]
            ranges = [one.rest for one in told if one.rest is not None]
            for before, after in pairwise(ranges):
                assert before.low is not None
                assert after.low is not None
                for old, new in ((before.low, after.low), (before.high, after.high)):
                    expected = max(PACE, old - PACE)
                    assert PACE * 0.999 <= new <= expected * MOST_UP * 1.001
                    assert new >= expected / MOST_DOWN * 0.999
                assert after.low <= after.high


@pytest.mark.story
def test_the_true_rest_lies_in_the_range_in_the_stated_share_of_pages() -> None:
    inside = pages = 0
    for shape in SHAPES.values():
        for seed in SEEDS:
            for events, length in SIZES:
                for one in load(ages(shape, events, length, seed), length):
                    if one.rest is not None and one.rest.low is not None:
                        pages += 1
                        inside += one.rest.low - PACE <= one.true <= one.rest.high + PACE
    assert inside / pages >= SHARE


@pytest.mark.story
def test_what_is_told_changes_seldom_and_still_more_seldom_grows() -> None:
    """A figure that is another one with each page cannot be read."""
    pages = changes = grows = 0
    for shape in SHAPES.values():
        for seed in SEEDS:
            for events, length in SIZES:
                told = [one.rest for one in load(ages(shape, events, length, seed), length) if one.rest is not None]
                for before, after in pairwise(told):
                    said = [between(one.low, one.high) for one in (before, after)]
                    pages += 1
                    changes += said[0] != said[1]
                    grows += said[0] != said[1] and after.high > before.high
    assert changes / pages < 0.45
    assert grows / pages < 0.05


def test_where_events_are_even_the_range_holds_the_truth_and_narrows() -> None:
    told = [one for one in load(ages(SHAPES["even"], 3_000, DAY, 1), DAY) if one.rest is not None]
    widths = []
    for one in told:
        assert one.rest is not None
        assert one.rest.low is not None
        assert one.rest.low - PACE <= one.true <= one.rest.high + PACE
        widths.append(one.rest.high - one.rest.low)
    assert widths[-5] < widths[0] / 4


@pytest.mark.parametrize("number", range(FIRST_ESTIMATE))
def test_nothing_is_told_before_three_pages(number: int) -> None:
    estimate, scan, _ = pages_taken(number)
    assert rest_of(estimate, scan) is None


@pytest.mark.parametrize("scope", [AWS, ELSEWHERE])
def test_pages_without_an_event_tell_nothing_of_the_rest(scope: Scope) -> None:
    """Not "about 1 s" for 90 days."""
    scan, estimate = ScopeScan(ScopeQuery(scope, None, END), UNKNOWN), LoadEstimate()
    for number in range(2 * FIRST_ESTIMATE):
        scan.gaps[0].arrived(Page((), f"token-{number}", None), 0)
        estimate.page_came(scan.gaps[0], [scan], number * PACE)
    assert rest_of(estimate, scan) is None


def test_nothing_left_is_no_time() -> None:
    estimate, scan, now = pages_taken(5)
    scan.gaps[0].arrived(Page((), None, None), 0)
    estimate.page_came(scan.gaps[0], [scan], now + PACE)
    assert rest_of(estimate, scan) is None


@pytest.mark.parametrize(("scope", "low_is_told"), [(AWS, True), (ELSEWHERE, False)])
def test_all_history_has_an_estimate_at_any_endpoint(scope: Scope, low_is_told: bool) -> None:
    """What other endpoints remember is not known: the bound of 90 days is told as one."""
    estimate, scan, _ = pages_taken(4, scope, None)
    rest = rest_of(estimate, scan)
    assert rest is not None
    assert (rest.low is not None) is low_is_told
    assert rest.high == pytest.approx(HISTORY_SECONDS / 50 * PACE, rel=0.6)


def test_where_an_endpoint_remembers_more_than_aws_nothing_is_told_of_what_lies_before() -> None:
    """Not "up to 1 s", page after page."""
    dense = [60 * number for number in range(2_000)]
    older = [HISTORY_SECONDS + DAY + number for number in range(2_000)]
    told = list(load(dense + older, None, ELSEWHERE))
    assert all(one.rest is not None and one.rest.high >= one.true for one in told[FIRST_ESTIMATE - 1 : 40])
    assert {one.rest for one in told[41:]} == {None}


def test_a_named_start_is_known_at_any_endpoint() -> None:
    estimate, scan, _ = pages_taken(4, ELSEWHERE)
    rest = rest_of(estimate, scan)
    assert rest is not None
    assert rest.low is not None


def test_pages_that_come_slower_than_the_pace_are_taken_into_account() -> None:
    estimate, scan, now = pages_taken(4)
    fast = rest_of(estimate, scan)
    estimate.begin()
    for number in range(12):
        oldest = scan.gaps[0].oldest
        assert oldest is not None
        events = tuple(event(f"s{number}-{n}", datetime.fromtimestamp(oldest - n, UTC)) for n in range(50))
        scan.gaps[0].arrived(Page(events, f"slow-{number}", None), 50)
        estimate.page_came(scan.gaps[0], [scan], now + 60 + 3.0 * number)
    slow = rest_of(estimate, scan)
    assert fast is not None
    assert slow is not None
    assert slow.high > fast.high * 3, "three seconds a page, and the minute of rest does not count"
    lowered = rest_of(estimate, scan, rate=RATE / 20)
    assert lowered is not None
    assert lowered.high > slow.high * 2, "a lowered pace counts at once"


def test_one_page_after_a_long_silence_is_not_taken_for_the_pace() -> None:
    estimate, scan, now = pages_taken(8)
    before = rest_of(estimate, scan)
    events = tuple(event(f"s{n}", datetime.fromtimestamp(END - 400 - n, UTC)) for n in range(50))
    scan.gaps[0].arrived(Page(events, "late", None), 50)
    estimate.page_came(scan.gaps[0], [scan], now + 30)
    after = rest_of(estimate, scan)
    assert before is not None
    assert after is not None
    assert after.high < before.high


def test_each_attribute_has_a_density_of_its_own() -> None:
    """The few events of an access key over a day say nothing about how many a user still has."""
    bob, key = LookupAttribute(AttributeKey.USERNAME, "bob"), LookupAttribute(AttributeKey.ACCESS_KEY_ID, "AKIA")
    scan, estimate = ScopeScan(ScopeQuery(AWS, END - DAY + 1, END, ((bob, key),))), LoadEstimate()
    by = {gap.scan.attribute: gap for gap in scan.gaps}
    few = tuple(event(f"k{age}", datetime.fromtimestamp(END - age, UTC)) for age in (5_000, 40_000, 80_000))
    by[key].arrived(Page(few, None, None), 3)
    estimate.page_came(by[key], [scan], 0)
    for number in range(1, 10):
        ages_of = [(number - 1) * 500 + 10 * n for n in range(50)]
        events = tuple(event(f"b{age}", datetime.fromtimestamp(END - age, UTC)) for age in ages_of)
        by[bob].arrived(Page(events, f"token-{number}", None), 50)
        estimate.page_came(by[bob], [scan], number * PACE)
        rest = rest_of(estimate, scan)
        if number >= FIRST_ESTIMATE - 1:
            true = (DAY / 500 - number) * PACE
            assert rest is not None
            assert rest.low is not None
            assert rest.low <= true <= rest.high
            assert rest.high < 3 * rest.low, "it is not wide, for bob's events are even"


def test_of_an_attribute_without_a_page_the_densities_of_the_others_count() -> None:
    bob, key = LookupAttribute(AttributeKey.USERNAME, "bob"), LookupAttribute(AttributeKey.ACCESS_KEY_ID, "AKIA")
    scan, estimate = ScopeScan(ScopeQuery(AWS, END - DAY + 1, END, ((bob, key),))), LoadEstimate()
    by = {gap.scan.attribute: gap for gap in scan.gaps}
    for number in range(FIRST_ESTIMATE):
        events = tuple(
            event(f"b{age}", datetime.fromtimestamp(END - age, UTC)) for age in range(50 * number, 50 * number + 50)
        )
        by[bob].arrived(Page(events, f"token-{number}", None), 50)
        estimate.page_came(by[bob], [scan], number * PACE)
    rest = rest_of(estimate, scan)
    assert rest is not None
    assert rest.high >= 2 * DAY / 50 * PACE


def test_a_bound_is_told_from_the_first_page_and_nothing_beyond_it() -> None:
    for number in (1, 4):
        estimate, scan, _ = pages_taken(number, AWS, None)
        rest = rest_of(estimate, scan, pages_of(5_000 - 50 * number))
        assert rest is not None
        assert rest.high == pytest.approx((100 - number) * PACE)
        assert rest.low == (None if number == 1 else pytest.approx(rest.high))
    assert [pages_of(events) for events in (-3, 0, 1, 50, 51)] == [0, 0, 1, 1, 2]

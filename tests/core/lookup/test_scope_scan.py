"""A question in one scope: what is shown from the store, which gaps are loaded, and how far back all is known."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.fakes.cloudtrail import event

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.knowledge import Knowledge
from ctui.core.lookup.planner import ScopeQuery
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import Clause, LookupAttribute
from ctui.model.lookup.scan import Page
from ctui.store.coverage import Floor
from ctui.store.search import Key

SCOPE = Scope("aws", "111111111111", "eu-west-1")
START, END = 1_999_996_000, 1_999_999_999
BOB = LookupAttribute(AttributeKey.USERNAME, "bob")
ALICE = LookupAttribute(AttributeKey.USERNAME, "alice")
KEY = LookupAttribute(AttributeKey.ACCESS_KEY_ID, "AKIA")


def knowing(
    known: dict[LookupAttribute | None, Stretches], due: dict[LookupAttribute | None, Stretches] | None = None
) -> Knowledge:
    return Knowledge(lambda one: known.get(one, Stretches()), lambda one: (due or {}).get(one, Stretches()))


def scan_of(
    *parts: tuple[int, int], clauses: tuple[Clause, ...] = (), due: tuple[int, int] | None = None, offline: bool = False
) -> ScopeScan:
    """A scan of START to END of which these parts are known, as seconds before the end."""
    known = Stretches.of(*(Stretch(END + 1 - older, END + 1 - newer) for older, newer in parts))
    again = Stretches() if due is None else Stretches.of(Stretch(END + 1 - due[0], END + 1 - due[1]))
    return ScopeScan(ScopeQuery(SCOPE, START, END, clauses), knowing({None: known}, {None: again}), offline=offline)


def page(scan: ScopeScan, gap: GapScan, *ages: int, last: bool = False) -> None:
    """A page of a gap with events so many seconds before the end."""
    events = tuple(event(f"e{age}", datetime.fromtimestamp(END - age, UTC)) for age in ages)
    gap.arrived(Page(events, None if last else f"after-{ages}", None), len(events))
    scan.page_arrived(gap)


def gaps(scan: ScopeScan) -> list[tuple[int, int]]:
    """What is to be loaded, as seconds before the end."""
    return [(END - (gap.scan.start or 0), END - gap.scan.end) for gap in scan.gaps]


def test_where_nothing_is_known_all_is_one_gap_and_pages_advance_the_horizon() -> None:
    scan = scan_of()
    assert (gaps(scan), scan.horizon, scan.reached, scan.blank) == ([(END - START, 0)], END + 1, END + 1, True)
    page(scan, scan.gaps[0], 10, 50)
    assert (scan.horizon, scan.reached, scan.blank, scan.done) == (END - 50, END - 50, False, False)
    page(scan, scan.gaps[0], 60, last=True)
    assert (scan.horizon, scan.done, scan.next_gap()) == (START, True, None)


def test_stored_rows_are_shown_only_once_no_gap_is_left_before_them() -> None:
    scan = scan_of((3000, 1000))
    assert (gaps(scan), scan.stored_slice) == ([(999, 0), (END - START, 3000)], None)
    page(scan, scan.gaps[0], 500, last=True)
    assert scan.stored_slice is not None
    search, after = scan.stored_slice
    assert (search.stretch, after) == (Stretch(END + 1 - 3000, END + 1 - 1000), None)
    assert scan.reached == END + 1 - 1000, "its rows are not shown yet"
    first = Key(7, END - 1500)
    scan.slice_shown(search, first)
    assert [scan.stored_slice, scan.reached] == [(search, first), END - 1500]
    scan.slice_shown(search, None)
    assert [scan.stored_slice, scan.reached] == [None, scan.horizon]


def test_all_known_takes_no_call_and_offline_shows_what_there_is() -> None:
    whole = scan_of((END + 1 - START, 0))
    assert (whole.gaps, whole.horizon, whole.done) == ((), START, False)
    offline = scan_of(offline=True)
    assert (offline.gaps, offline.rechecks, offline.horizon) == ((), (), START)
    assert offline.stored_slice is not None


@pytest.mark.parametrize(("newest_gap", "shown"), [(0, False), (900, True), (3600, True), (3601, False)])
def test_a_preview_stands_before_a_short_newest_gap_alone(newest_gap: int, shown: bool) -> None:
    scan = scan_of((END + 1 - START, newest_gap))
    preview = scan.preview()
    assert (preview is not None) is shown
    if preview is not None:
        search, gap = preview
        assert (search.stretch, gap) == (Stretch(START, END + 1), newest_gap)
        scan.preview_shown(search, None)
        assert (scan.preview_has_gap, scan.blank) == (True, False)
        page(scan, scan.gaps[0], last=True)
        assert (scan.preview_has_gap, scan.stored_slice, scan.done) == (False, None, True)


def test_the_gap_that_has_come_back_the_least_is_next_and_a_stuck_one_stops_the_scan() -> None:
    scan = ScopeScan(ScopeQuery(SCOPE, START, END, ((BOB, ALICE),)))
    bob, alice = scan.gaps
    assert scan.server_filter == (BOB, ALICE)
    page(scan, bob, 100)
    assert (scan.next_gap(), scan.horizon) == (alice, END + 1)
    page(scan, alice, 300)
    assert (scan.next_gap(), scan.horizon) == (bob, END - 100), "of both values"
    page(scan, alice, 400, last=True)
    for _ in range(20):
        page(scan, bob)
    assert (scan.stuck, bob.stuck) == (True, True)
    bob.allow_pages(1)
    assert not scan.stuck


def test_what_was_proven_too_soon_is_rechecked_where_its_rows_are_shown() -> None:
    scan = scan_of((END + 1 - START, 1000), due=(2000, 1000))
    (recheck,) = scan.rechecks
    assert (recheck.scan.start, recheck.scan.end) == (END + 1 - 2000, END - 1000)
    assert (scan.next_recheck(), scan.next_recheck(in_sight=False)) == (None, recheck)
    page(scan, scan.gaps[0], last=True)
    assert scan.stored_slice is not None
    scan.slice_shown(scan.stored_slice[0], None)
    assert scan.next_recheck() is recheck
    horizon = scan.horizon
    page(scan, recheck, 1500)
    assert scan.horizon == horizon, "it adds nothing to what is known"


def test_pruning_takes_back_what_is_known_and_the_first_floor_takes_nothing() -> None:
    scan = scan_of((END + 1 - START, 0))
    scan.prune(Floor(START + 100, "111111111111"))
    assert (scan.pruned_before, scan.horizon) == (None, START)
    scan.prune(Floor(START + 200, "another name"))
    assert (scan.pruned_before, scan.horizon) == (None, START), "the account is known now: it lost other events, before"
    scan.prune(Floor(START + 300, "another name"))
    assert (scan.pruned_before, scan.horizon) == (START + 300, START + 300)


def test_rows_of_an_earlier_scan_stay() -> None:
    earlier = scan_of((END + 1 - START, 0), offline=True)
    assert earlier.stored_slice is not None
    earlier.slice_shown(earlier.stored_slice[0], Key(3, END - 700))
    scan = scan_of((END + 1 - START, 0))
    scan.continue_from(earlier)
    assert scan.stored_slice is not None
    assert scan.stored_slice[1] == Key(3, END - 700)


SPAN = 60
seconds = st.integers(0, SPAN)
stretches = st.lists(st.tuples(seconds, seconds), max_size=3).map(
    lambda pairs: Stretches.of(*(Stretch.between(START + min(pair), START + max(pair)) for pair in pairs))
)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.sampled_from([(), ((BOB,),), ((BOB, ALICE),), ((BOB,), (ALICE,)), ((BOB, KEY),), ((BOB, KEY), (ALICE,))]),
    st.fixed_dictionaries({None: stretches, BOB: stretches, ALICE: stretches, KEY: stretches}),
    st.lists(st.tuples(st.integers(0, 9), st.lists(st.integers(0, 30), max_size=3), st.booleans()), max_size=12),
)
def test_the_horizon_is_that_of_a_model_of_single_seconds(
    clauses: tuple[Clause, ...],
    known: dict[LookupAttribute | None, Stretches],
    steps: list[tuple[int, list[int], bool]],
) -> None:
    """Random knowledge, and pages of random gaps: by value, each second is known or not; the horizon is the oldest of
    those that reach back from the end without a hole."""
    end = START + SPAN - 1
    scan = ScopeScan(ScopeQuery(SCOPE, START, end, clauses), knowing(known))
    model = {one: {second for part in known[one] for second in range(part.start, part.end)} for one in known}
    assert scan.horizon == model_horizon(model, clauses, end)
    for which, steps_back, last in steps:
        still_open = [gap for gap in scan.gaps if not gap.done]
        if not still_open:
            break
        gap, times = still_open[which % len(still_open)], list[int]()
        for step in sorted(steps_back):
            times.append(max(gap.scan.start or 0, gap.position - step))
        times.sort(reverse=True)
        events = tuple(event(f"e{second}", datetime.fromtimestamp(second, UTC)) for second in times)
        gap.arrived(Page(events, None if last else f"after-{which}-{len(model)}-{times}", None), len(events))
        scan.page_arrived(gap)
        oldest = (gap.scan.start or 0) if last else gap.oldest
        if oldest is not None and gap.reached is not None:
            model[gap.scan.attribute] |= set(range(gap.reached.start, gap.scan.end + 1))
        assert scan.horizon == model_horizon(model, clauses, end)
        assert scan.reached >= scan.horizon
        assert scan.done is (scan.stored_slice is None and scan.next_gap() is None)


def model_horizon(model: dict[LookupAttribute | None, set[int]], clauses: tuple[Clause, ...], end: int) -> int:
    horizon = end + 1
    while horizon > START and any(
        all(horizon - 1 in model[value] for value in clause) for clause in ((None,), *filter(None, clauses))
    ):
        horizon -= 1
    return horizon

"""Pacing, by hand and against a strict window: when a call may leave, and what answers teach."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.core.lookup.pacing.pace import SPACING, Pace, PaceState, SentCall
from ctui.core.lookup.pacing.rate_limit import REGIONS_AT_FULL_PACE, RateLimiter
from ctui.model.connection import Scope


def scope(region: str, account: str = "111111111111") -> Scope:
    return Scope("aws", account, region)


def send(pace: Pace, now: float) -> SentCall:
    call = SentCall(now)
    pace.send(call)
    return call


def refuse(limiter: RateLimiter, where: Scope, now: float) -> None:
    """Send a call and have it throttled a moment later."""
    call = limiter.send(where, now)
    assert call is not None
    limiter.refused(where, call, now + 0.1)


def lowered(pace: Pace, now: float = 100.0) -> SentCall:
    """Send and be refused at once."""
    call = send(pace, now)
    pace.refused(call, now)
    return call


def passed(pace: Pace, now: float, calls: int, round_trip: float = 0.0) -> float:
    """Send as many, each as early as may be from `now` on, all answered in time; returns when the last one left."""
    for _ in range(calls):
        now = max(now, pace.ready_at())
        call = send(pace, now)
        call.round_trip = round_trip
        pace.passed(call)
    return now


class StrictWindow:
    """A service that lets `allowed` calls arrive within any second and refuses all others."""

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._arrived: deque[float] = deque()

    def lets_in(self, now: float) -> bool:
        """True where a call that arrives now is let through, and counted."""
        while self._arrived and self._arrived[0] <= now - 1.0:
            self._arrived.popleft()
        if len(self._arrived) >= self._allowed:
            return False
        self._arrived.append(now)
        return True


def asked(pace: Pace, allowed: int, ways: Sequence[float], *, latency: float = 0.0) -> tuple[int, float]:
    """Calls one after the other, each taking so many seconds to arrive: (how many were refused, when the last left)."""
    service, now, refused = StrictWindow(allowed), 100.0, 0
    left = deque(ways)
    sent = now
    while left:
        sent = max(now, pace.ready_at())
        call = send(pace, sent)
        arrives = sent + left[0]
        now = arrives + latency
        call.round_trip = now - sent
        if service.lets_in(arrives):
            left.popleft()
            pace.passed(call)
        else:
            refused += 1
            pace.refused(call, now)
    return refused, sent - 100.0


def test_the_first_call_may_leave_at_once() -> None:
    assert Pace(2.0).ready_at() == float("-inf")


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.5, 2.0, 3.0, 10.0])
def test_as_many_calls_as_a_second_takes_lie_a_second_apart_and_no_two_come_at_once(rate: float) -> None:
    pace = Pace(rate)
    sends = [passed(pace, 100.0, 1) for _ in range(40)]
    window = max(1, int(rate))
    assert min(b - a for a, b in zip(sends, sends[window:], strict=False)) == pytest.approx(window * SPACING / rate)
    assert min(b - a for a, b in pairwise(sends)) >= 0.5 * SPACING / rate - 1e-9


def test_idle_time_saves_up_no_burst() -> None:
    pace = Pace(2.0)
    passed(pace, 100.0, 2)
    last = passed(pace, 900.0, 3)
    assert last == pytest.approx(900.0 + SPACING)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Pace(rate)


@pytest.mark.parametrize(
    ("ways", "latency"),
    [
        pytest.param([0.001] * 40, 0.0, id="plain"),
        pytest.param([0.3] + [0.001] * 39, 0.0, id="a slow first call"),
        pytest.param([0.1] * 40, 0.1, id="200 ms away"),
        pytest.param([0.001, 0.004, 0.002, 0.006] * 10, 0.001, id="a little uneven"),
    ],
)
def test_two_thousand_events_from_a_strict_window_take_hardly_longer_than_it_allows(
    ways: list[float], latency: float
) -> None:
    refused, took = asked(Pace(2.0), 2, ways, latency=latency)
    ideal = 19.0
    """Forty pages, two each second, the first two at once."""
    assert refused == 0
    assert took <= 1.03 * ideal + max(ways)


@given(
    ways=st.lists(st.floats(0.0, 0.02), min_size=3, max_size=60),
    base=st.floats(0.0, 0.3),
    rate=st.sampled_from([1.0, 2.0, 3.0]),
)
def test_no_unevenness_that_can_be_afforded_makes_a_strict_window_refuse(
    ways: list[float], base: float, rate: float
) -> None:
    # The quickest way is seen once at the start; a window costs at most what its share of the time allows.
    refused, _ = asked(Pace(rate), int(rate), [base] * 2 + [base + way for way in ways])
    assert refused == 0


def test_waiting_for_late_calls_costs_a_bounded_part_of_the_time() -> None:
    _, even = asked(Pace(2.0), 2, [0.0] * 200)
    _, uneven = asked(Pace(2.0), 200, [0.0, *[0.01, 0.4] * 100][:200])
    assert even < uneven <= 1.045 * even + 0.5


def test_one_refusal_lowers_the_pace_and_four_calls_bring_it_back() -> None:
    pace = Pace(2.0)
    lowered(pace)
    seen = [pace.state]
    for number in range(4):
        passed(pace, 101.0 + number, 1)
        seen.append(pace.state)
    assert [round(state.in_force, 9) for state in seen] == [1.6, 1.7, 1.8, 1.9, 2.0]
    assert [state.calls_to_full for state in seen] == [4, 3, 2, 1, 0]


def test_refusals_soon_after_another_make_the_way_back_longer_and_leave_a_pace_to_try_with() -> None:
    pace = Pace(2.0)
    ways_back = []
    for number in range(30):
        lowered(pace, 100.0 + 10 * number)
        ways_back.append(pace.state.calls_to_full)
    assert ways_back[:4] == [4, 8, 16, 32]
    assert max(ways_back) == 512
    assert pace.state.in_force == pytest.approx(0.2)


def test_a_refusal_long_after_another_counts_as_the_first() -> None:
    pace = Pace(2.0)
    lowered(pace, 100.0)
    lowered(pace, 110.0)
    now = passed(pace, 120.0, 8 + 8)
    lowered(pace, now + 1)
    assert pace.state.calls_to_full == 4


def test_calls_that_were_under_way_together_lower_the_pace_once_and_do_not_raise_it() -> None:
    pace = Pace(2.0)
    first, second, third = (send(pace, 100.0 + 0.3 * number) for number in range(3))
    pace.refused(first, 101.0)
    pace.refused(second, 101.1)
    pace.passed(third)
    assert pace.state == PaceState(1.6, 4)


@pytest.mark.parametrize(("rate", "allowed", "refusals"), [(2.0, 1, 9), (3.0, 2, 9), (10.0, 2, 14)])
def test_a_pace_too_high_for_the_service_comes_to_rest_below_its_limit(
    rate: float, allowed: int, refusals: int
) -> None:
    refused, took = asked(Pace(rate), allowed, [0.0] * 120)
    assert refused <= refusals
    assert took <= 1.25 * 120 / allowed


def test_a_pace_tells_that_it_waits_for_calls_that_may_have_come_late() -> None:
    pace = Pace(2.0)
    passed(pace, 100.0, 2, round_trip=0.01)
    assert not pace.state.uneven
    passed(pace, 102.0, 2, round_trip=0.2)
    assert pace.state.uneven


def test_a_call_without_an_answer_may_be_as_late_as_those_before() -> None:
    """Answers take longer than the window is long: it was taken for punctual, and the call after the next refused."""
    pace = Pace(2.0)
    for number, round_trip in enumerate([1.2, 1.25, 1.2, 1.2]):
        call = send(pace, 100.0 + 3 * number)
        call.round_trip = round_trip
        pace.passed(call)
    unanswered = send(pace, 112.0)
    send(pace, 112.6)
    late = 0.05 + 0.02 / 4
    assert pace.ready_at() == pytest.approx(unanswered.sent + SPACING + late)
    assert pace.state.uneven


def test_each_scope_has_its_own_pace() -> None:
    limiter = RateLimiter(1.0)
    limiter.send(scope("eu-west-1"), 100.0)
    assert limiter.ready_at(scope("us-east-1")) < 101.0 < limiter.ready_at(scope("eu-west-1"))


def test_many_regions_of_one_account_share_a_parent_pace() -> None:
    limiter = RateLimiter(2.0)
    now = 100.0
    sends = []
    for number in range(100):
        region = scope(f"region-{number}")
        now = max(now, limiter.ready_at(region))
        limiter.send(region, now)
        sends.append(now)
    in_a_second = int(2.0 * REGIONS_AT_FULL_PACE)
    gaps = [later - sooner for sooner, later in zip(sends, sends[in_a_second:], strict=False)]
    assert min(gaps) == pytest.approx(SPACING)
    assert limiter.ready_at(scope("eu-west-1", "222222222222")) == float("-inf"), "another account waits for nobody"


def test_an_account_that_is_learned_goes_on_at_the_pace_of_its_provisional_name() -> None:
    limiter = RateLimiter(2.0)
    refuse(limiter, scope("eu-west-1", "?x"), 100.0)
    limiter.alias_account(scope("eu-west-1", "?x"), scope("eu-west-1").account)
    assert limiter.pace(scope("eu-west-1")).state.in_force == pytest.approx(1.6)
    assert limiter.ready_at(scope("us-east-1")) > 100.0, "the parent's pace goes on as well"


def test_a_provisional_name_of_an_account_that_was_known_before_changes_nothing_for_the_better() -> None:
    limiter = RateLimiter(2.0)
    known, provisional = scope("eu-west-1"), scope("eu-west-1", "?x")
    refuse(limiter, known, 100.0)
    limiter.send(known, 104.0)
    limiter.send(provisional, 103.0)
    limiter.alias_account(provisional, known.account)
    assert limiter.ready_at(known) == pytest.approx(104.0 + SPACING / 1.6)
    assert limiter.pace(known).state.calls_to_full == 4
    limiter.alias_account(known, known.account)
    assert limiter.pace(known).state.in_force == pytest.approx(1.6)


def test_a_provisional_account_shares_the_paces_of_its_account_in_all_regions_from_then_on() -> None:
    limiter = RateLimiter(2.0)
    there = scope("us-east-1", "?x")
    call = limiter.send(there, 100.0)
    assert call is not None
    limiter.alias_account(scope("eu-west-1", "?x"), scope("eu-west-1").account)
    limiter.refused(there, call, 100.1)
    assert limiter.pace(scope("us-east-1")).state.in_force == pytest.approx(1.6)
    limiter.send(scope("ap-south-1", "?x"), 101.0)
    assert limiter.ready_at(scope("ap-south-1")) > 101.0
    assert limiter.pace(scope("ap-south-1", "?x")) is limiter.pace(scope("ap-south-1"))


def test_what_either_pace_has_learned_of_refusals_holds_for_both() -> None:
    limiter = RateLimiter(2.0)
    known, provisional = scope("eu-west-1"), scope("eu-west-1", "?x")
    for second in (100.0, 101.0):
        refuse(limiter, known, second)
    lowered = limiter.pace(known).state
    limiter.send(provisional, 102.0)
    limiter.alias_account(provisional, known.account)
    assert limiter.pace(provisional).state == lowered
    assert lowered.calls_to_full == 8, "the second refusal came soon"

"""Pacing, by hand: when a call may leave, and what refusals teach."""

import pytest

from ctui.core.ratelimit import CEILING_SECONDS, REGIONS_AT_FULL_PACE, Pace, RateLimiter
from ctui.model.connection import Scope


def scope(region: str, account: str = "111111111111") -> Scope:
    return Scope("aws", account, region)


def lowered(pace: Pace, now: float = 100.0) -> float:
    """Send and be refused; returns the moment of the refusal."""
    pace.sent(now)
    pace.refused(now, now)
    return now


def test_the_first_call_may_leave_at_once() -> None:
    assert Pace(2.0).ready_at() == float("-inf")


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0, 10.0])
def test_calls_are_spaced_a_little_wider_than_the_rate(rate: float) -> None:
    pace = Pace(rate)
    pace.sent(100.0)
    assert pace.ready_at() == pytest.approx(100.0 + 1.02 / rate)


def test_idle_time_saves_up_no_burst() -> None:
    pace = Pace(2.0)
    pace.sent(100.0)
    pace.sent(900.0)
    assert pace.ready_at() == pytest.approx(900.51)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Pace(rate)


def test_a_refusal_sets_a_ceiling_just_below_for_five_minutes() -> None:
    pace = Pace(2.0)
    now = lowered(pace)
    assert pace.in_force() == pytest.approx(1.8)
    assert pace.ceiling_until == now + CEILING_SECONDS
    assert pace.ready_at() == pytest.approx(now + 1.02 / 1.8)


def test_refusals_add_up_but_leave_a_pace_to_try_with() -> None:
    pace = Pace(2.0)
    for second in range(100, 200, 10):
        lowered(pace, second)
    assert pace.in_force() == pytest.approx(2.0 * 0.9**10)
    for second in range(200, 900, 10):
        lowered(pace, second)
    assert pace.in_force() == pytest.approx(0.2)


def test_calls_that_were_under_way_together_lower_the_pace_once() -> None:
    pace = Pace(2.0)
    pace.sent(100.0)
    pace.sent(100.6)
    pace.refused(100.0, 101.0)
    pace.refused(100.6, 101.1)
    assert pace.in_force() == pytest.approx(1.8)


def test_after_five_minutes_one_probe_goes_at_the_old_pace_and_lifts_the_ceiling() -> None:
    pace = Pace(2.0)
    end = lowered(pace) + CEILING_SECONDS
    pace.sent(end - 0.1)
    assert pace.ready_at() == pytest.approx(end - 0.1 + 0.51)
    pace.sent(end + 0.41)
    assert pace.in_force() == pytest.approx(1.8)
    assert pace.ready_at() == pytest.approx(end + 0.41 + 1.02 / 1.8), "one probe, until it is answered"
    pace.passed(end + 0.41)
    assert pace.in_force() == 2.0
    assert pace.ceiling_until is None


def test_a_refused_probe_restores_the_same_ceiling() -> None:
    pace = Pace(2.0)
    probe = lowered(pace) + CEILING_SECONDS
    pace.sent(probe)
    pace.refused(probe, probe + 0.1)
    assert pace.in_force() == pytest.approx(1.8)
    assert pace.ceiling_until == pytest.approx(probe + 0.1 + CEILING_SECONDS)


def test_a_probe_without_an_answer_is_made_again() -> None:
    pace = Pace(2.0)
    probe = lowered(pace) + CEILING_SECONDS
    pace.sent(probe)
    pace.unanswered(probe)
    assert pace.ready_at() == pytest.approx(probe + 0.51)
    pace.sent(probe + 1)
    pace.passed(probe + 1)
    assert pace.in_force() == 2.0


def test_a_refusal_soon_after_a_lucky_probe_brings_the_learned_ceiling_back_at_once() -> None:
    pace = Pace(2.0)
    for second in (100.0, 110.0, 120.0):
        lowered(pace, second)
    learned = pace.in_force()
    probe = 120.0 + CEILING_SECONDS
    pace.sent(probe)
    pace.passed(probe)
    lowered(pace, probe + 1)
    assert pace.in_force() == learned


def test_each_scope_has_its_own_pace() -> None:
    limiter = RateLimiter(2.0)
    limiter.sent(scope("eu-west-1"), 100.0)
    assert limiter.ready_at(scope("us-east-1")) < 100.51 < limiter.ready_at(scope("eu-west-1")) + 0.001


def test_many_regions_of_one_account_share_a_parent_pace() -> None:
    limiter = RateLimiter(2.0)
    now = 100.0
    for number in range(20):
        region = scope(f"region-{number}")
        now = max(now, limiter.ready_at(region))
        limiter.sent(region, now)
    assert now - 100.0 == pytest.approx(19 * 1.02 / (2.0 * REGIONS_AT_FULL_PACE))
    assert limiter.ready_at(scope("eu-west-1", "222222222222")) == float("-inf"), "another account waits for nobody"


def test_a_settled_account_goes_on_at_the_pace_of_its_stand_in() -> None:
    limiter = RateLimiter(2.0)
    limiter.sent(scope("eu-west-1", "?x"), 100.0)
    limiter.pace(scope("eu-west-1", "?x")).refused(100.0, 100.1)
    limiter.adopt(scope("eu-west-1", "?x"), scope("eu-west-1"))
    assert limiter.pace(scope("eu-west-1")).in_force() == pytest.approx(1.8)
    assert limiter.ready_at(scope("us-east-1")) > 100.0, "the parent's pace goes on as well"


def test_a_stand_in_of_an_account_that_was_known_before_changes_nothing_for_the_better() -> None:
    limiter = RateLimiter(2.0)
    limiter.sent(scope("eu-west-1"), 100.0)
    limiter.pace(scope("eu-west-1")).refused(100.0, 100.1)
    limiter.sent(scope("eu-west-1"), 104.0)
    limiter.sent(scope("eu-west-1", "?x"), 103.0)
    limiter.adopt(scope("eu-west-1", "?x"), scope("eu-west-1"))
    assert limiter.ready_at(scope("eu-west-1")) == pytest.approx(104.0 + 1.02 / 1.8)
    assert limiter.pace(scope("eu-west-1")).ceiling_until == pytest.approx(400.1)
    limiter.adopt(scope("eu-west-1"), scope("eu-west-1"))
    assert limiter.pace(scope("eu-west-1")).in_force() == pytest.approx(1.8)

"""The service's clock, as Date headers tell it."""

from datetime import timedelta

import pytest
from fakes.clock import EPOCH, FakeClock

from ctui.core.serverclock import ServerClock


def test_before_any_answer_it_is_ours(fake_clock: FakeClock) -> None:
    server = ServerClock(fake_clock)
    server.heard(None)
    assert not server.known
    assert server.now() == EPOCH


@pytest.mark.parametrize("ahead", [timedelta(hours=-2), timedelta(0), timedelta(days=40)])
def test_it_runs_on_from_the_last_date(fake_clock: FakeClock, ahead: timedelta) -> None:
    server = ServerClock(fake_clock)
    server.heard(EPOCH + ahead)
    fake_clock.advance(60)
    assert server.known
    assert server.now() == EPOCH + ahead + timedelta(minutes=1)


def test_of_dates_cut_to_the_second_the_least_late_counts(fake_clock: FakeClock) -> None:
    server = ServerClock(fake_clock)
    for _ in range(10):
        fake_clock.advance(0.7)
        server.heard(fake_clock.now().replace(microsecond=0))
    assert fake_clock.now() - server.now() < timedelta(seconds=0.11)


def test_a_slow_answer_does_not_set_it_back_and_a_clock_that_was_set_does(fake_clock: FakeClock) -> None:
    server = ServerClock(fake_clock)
    server.heard(EPOCH)
    fake_clock.advance(4)
    server.heard(EPOCH)
    assert server.now() == EPOCH + timedelta(seconds=4)
    server.heard(EPOCH - timedelta(minutes=10))
    assert server.now() == EPOCH - timedelta(minutes=10)

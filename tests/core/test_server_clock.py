"""The service's clock, as Date headers tell it."""

from datetime import timedelta

import pytest
from support.fakes.clock import EPOCH, FakeClock

from ctui.core.server_clock import TOLERANCE, ServerClock, ServiceTime


def test_before_any_answer_it_is_ours_or_as_far_ahead_as_a_signature_allows(fake_clock: FakeClock) -> None:
    server = ServerClock(fake_clock)
    server.update(None)
    assert server.checked is None
    assert server.time() == (EPOCH, EPOCH, EPOCH + TOLERANCE)


@pytest.mark.parametrize("minutes", [-5, -1, 0, 3, 5])
def test_it_runs_on_from_the_last_date(fake_clock: FakeClock, minutes: int) -> None:
    server, told = ServerClock(fake_clock), list[timedelta | None]()
    server.differs.subscribe(told.append)
    server.update(EPOCH + timedelta(minutes=minutes))
    fake_clock.advance(60)
    ours, theirs = EPOCH + timedelta(minutes=1), EPOCH + timedelta(minutes=minutes + 1)
    assert server.checked is not None
    assert server.time() == (theirs, min(ours, theirs), max(ours, theirs))
    assert (server.now(), told) == (theirs, [None])


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2), timedelta(days=40), timedelta(minutes=6)])
def test_a_date_farther_off_than_a_signature_allows_is_not_the_services(
    fake_clock: FakeClock, ahead: timedelta
) -> None:
    """Neither clock is trusted with what is asked and claimed; ages on the screen go by ours."""
    server, told = ServerClock(fake_clock), list[timedelta | None]()
    server.differs.subscribe(told.append)
    server.update(EPOCH + ahead)
    assert server.time() == (EPOCH, min(EPOCH, EPOCH + ahead), max(EPOCH, EPOCH + ahead))
    server.update(EPOCH)
    assert (server.time(), told) == ((EPOCH, EPOCH, EPOCH), [ahead, None])


def test_of_dates_cut_to_the_second_the_least_late_counts(fake_clock: FakeClock) -> None:
    server = ServerClock(fake_clock)
    for _ in range(10):
        fake_clock.advance(0.7)
        server.update(fake_clock.now().replace(microsecond=0))
    assert fake_clock.now() - server.now() < timedelta(seconds=0.11)


def test_a_slow_answer_does_not_set_it_back_and_a_clock_that_was_set_does(fake_clock: FakeClock) -> None:
    server = ServerClock(fake_clock)
    server.update(EPOCH)
    fake_clock.advance(4)
    server.update(EPOCH)
    assert server.now() == EPOCH + timedelta(seconds=4)
    server.update(EPOCH - timedelta(minutes=4))
    assert server.now() == EPOCH - timedelta(minutes=4)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=3), timedelta(days=400), timedelta(days=-400)])
def test_what_both_clocks_have_told_does_not_run_on_with_ours(fake_clock: FakeClock, ahead: timedelta) -> None:
    server, first = ServerClock(fake_clock), list[ServiceTime]()
    server.first_update.subscribe(first.append)
    server.update(EPOCH + ahead)
    fake_clock.advance(400 * 86_400)
    server.update(None)
    told = server.checked
    assert told is not None
    assert (told.earliest, told.latest) == (min(EPOCH, EPOCH + ahead), max(EPOCH, EPOCH + ahead))
    assert first == [told]
    server.update(EPOCH + ahead)
    assert server.checked is not None
    assert server.checked.earliest == EPOCH + ahead
    assert first == [told], "told once"

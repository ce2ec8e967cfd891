"""Lag: events show as late as they do in real log files, the same at every start."""

import statistics
from uuid import UUID

from ctui.emulator.options import Lag
from ctui.emulator.records.lag import available_at


def test_without_lag_an_event_is_there_when_it_happens() -> None:
    assert available_at("any", 1000.25, Lag.NONE) == 1000.25


def test_real_lag_is_spread_as_measured() -> None:
    minutes = sorted(available_at(str(UUID(int=number)), 0, Lag.REAL) / 60 for number in range(4000))
    assert abs(statistics.median(minutes) - 3.2) < 0.2
    assert abs(minutes[3800] - 7.6) < 0.4
    assert minutes[0] > 0
    assert minutes[-1] <= 10.1
    assert available_at("id", 500, Lag.REAL) == available_at("id", 500, Lag.REAL)

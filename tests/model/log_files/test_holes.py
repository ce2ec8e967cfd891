"""A possible hole is a stretch without files where the same account and Region usually has some."""

from collections.abc import Callable
from random import Random

import pytest

from ctui.model.log_files.holes import DAY, HOUR, possible_holes

START = 1_793_491_200
"""A Sunday, 0:00 UTC."""


def regular(days: int, every: int, is_left_out: Callable[[int], bool] = lambda second: False) -> list[int]:
    """Deliveries of some days, every so many seconds, give or take a fifth."""
    random = Random(days)
    return [
        START + second + random.randrange(every // 5)
        for second in range(0, days * DAY, every)
        if not is_left_out(second)
    ]


def night(second: int) -> bool:
    return not 8 * HOUR <= second % DAY < 19 * HOUR


def closed(second: int) -> bool:
    return night(second) or second // DAY % 7 in (0, 6)


def days_out(*days: int) -> Callable[[int], bool]:
    return lambda second: second // DAY in days


def either(*conditions: Callable[[int], bool]) -> Callable[[int], bool]:
    return lambda second: any(condition(second) for condition in conditions)


MINUTES = 300


@pytest.mark.parametrize(
    ("deliveries", "holes"),
    [
        pytest.param([], [], id="no file"),
        pytest.param([START], [], id="one file"),
        pytest.param([START, START + 40 * DAY], [], id="two files"),
        pytest.param(regular(30, MINUTES), [], id="a busy Region"),
        pytest.param(regular(30, MINUTES, days_out(10)), [(10, 11)], id="a day taken out"),
        pytest.param(regular(30, MINUTES, days_out(10, 20, 21)), [(10, 11), (20, 22)], id="more days taken out"),
        pytest.param(regular(3, MINUTES, days_out(1)), [(1, 2)], id="a day taken out of three"),
        pytest.param(regular(30, HOUR, days_out(10)), [(10, 11)], id="a file an hour, a day taken out"),
        pytest.param(
            regular(1, MINUTES, lambda s: 10 * HOUR <= s < 12 * HOUR), [(0.417, 0.5)], id="two hours of a day"
        ),
        pytest.param(regular(1, MINUTES, lambda s: 10 * HOUR <= s < 10.8 * HOUR), [], id="less than an hour"),
        pytest.param(regular(30, MINUTES, night), [], id="nights without a file"),
        pytest.param(regular(30, MINUTES, closed), [], id="nights and weekends without a file"),
        pytest.param(regular(30, MINUTES, either(night, days_out(10))), [(9.792, 11.333)], id="a day between nights"),
        pytest.param(regular(30, MINUTES, either(closed, days_out(11))), [(10.792, 12.333)], id="a Thursday"),
        pytest.param(regular(30, MINUTES, either(closed, days_out(14))), [], id="a Sunday, as always"),
        pytest.param(regular(30, 3 * HOUR), [], id="a file in some hours"),
        pytest.param(regular(30, 3 * HOUR, days_out(10)), [(9.895, 11.017)], id="of those, a day taken out"),
        pytest.param(regular(30, 5 * DAY), [], id="a file in some days"),
        pytest.param(regular(30, MINUTES, lambda s: s % DAY > HOUR), [], id="a busy hour a day"),
        pytest.param(regular(30, MINUTES, lambda s: s // DAY % 3 > 0), [], id="a day in three"),
    ],
)
def test_holes(deliveries: list[int], holes: list[tuple[float, float]]) -> None:
    found = [((start - START) / DAY, (end - START) / DAY) for start, end in possible_holes(deliveries)]
    assert [tuple(round(end, 1) for end in hole) for hole in found] == [
        tuple(round(end, 1) for end in hole) for hole in holes
    ]


def test_what_comes_by_chance_has_no_holes() -> None:
    found = 0
    for seed in range(60):
        random, second = Random(seed), START
        mean, days = random.choice([HOUR, 3 * HOUR, 20 * HOUR]), random.choice([10, 30])
        deliveries = []
        while second < START + days * DAY:
            second += int(random.expovariate(1 / mean))
            deliveries.append(second)
        found += len(possible_holes(deliveries))
    assert found <= 1


def test_the_order_and_the_number_of_files_of_a_delivery_do_not_matter() -> None:
    deliveries = regular(10, MINUTES, days_out(5))
    mixed = deliveries * 3
    Random(1).shuffle(mixed)
    assert possible_holes(mixed) == possible_holes(deliveries) != []

"""Stories of time: events that come an hour late and later, and a service whose Date header is two hours ahead."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import AutoClock
from support.stage import NOW

from ctui.emulator.testing import CloudTrail

Open = Callable[..., AbstractAsyncContextManager[Driver]]
SIZES = pytest.mark.parametrize("size", [WIDE, SMALL])


def one_a_minute(service: CloudTrail, count: int) -> None:
    for number in range(count):
        service.add_event("DescribeTrails", eventTime=NOW - timedelta(minutes=number), readOnly=True, late=0)


class Both:
    """Time passes for the service and for ctui."""

    def __init__(self, service: CloudTrail) -> None:
        self.ours = AutoClock(NOW)
        self._service = service

    def move(self, seconds: float) -> None:
        self.ours.advance(seconds)
        self._service.move(seconds)


async def load_all(ctui: Driver, *keys: str) -> None:
    """Press keys, and M where that is not off because all is here."""
    await ctui.press(*keys)
    if not ctui.line("feed-line").endswith("complete"):
        await ctui.press("M")


@SIZES
async def test_events_that_come_an_hour_late_join_the_rows_when_the_question_is_put_again(
    empty: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    one_a_minute(empty, 120)
    for number in range(20):
        happened = NOW - timedelta(minutes=16 + 2 * number, seconds=30)
        empty.add_event("CreateAccessKey", eventTime=happened, late=3600)
    time = Both(empty)
    async with open_app(empty, size=size, clock=time.ours) as ctui:
        await ctui.press("M")
        assert ctui.line("feed-line").endswith("complete")
        assert "CreateAccessKey" not in "".join(ctui.pane("events"))
        time.move(1800)
        calls = empty.calls["LookupEvents"]
        await ctui.press("r")
        assert empty.calls["LookupEvents"] == calls + 1, "within the hour no call but for what is new"
        time.move(1800)
        await load_all(ctui, "r")
        assert "20 arrived late" in ctui.line("feed-line")
        assert ctui.line("feed-line").endswith("complete")
        await ctui.press("slash")
        await ctui.write("name:CreateAccessKey")
        await ctui.press("enter")
        assert "1 of 20 in" in ctui.title("events")
        calls = empty.calls["LookupEvents"]
        time.move(7200)
        await load_all(ctui, "ctrl+l", "r")
        assert "arrived late" not in ctui.line("feed-line")


async def test_what_comes_later_still_is_found_by_asking_again(empty: CloudTrail, open_app: Open) -> None:
    one_a_minute(empty, 60)
    happened = NOW - timedelta(minutes=20)
    empty.add_event("StopLogging", eventTime=happened, late=3 * 3600)
    time = Both(empty)
    async with open_app(empty, size=SMALL, clock=time.ours) as ctui:
        await ctui.press("M")
        for hours in (1, 3):
            time.move(3600 * hours)
            await load_all(ctui, "r")
            assert "StopLogging" not in "".join(ctui.pane("events"))
        await ctui.press("g", "j", "j", "j")
        chosen = ctui.cursor()
        await ctui.press("R")
        assert "1 arrived late" in ctui.line("feed-line")
        assert ctui.cursor() == chosen
        await ctui.press("slash")
        await ctui.write("name:StopLogging")
        assert "StopLogging" in "".join(ctui.pane("events"))
        await ctui.press("escape", "ctrl+p")
        await ctui.write("search again")
        assert "Search again, including what" in ctui.text()


async def test_a_date_header_two_hours_ahead_is_told_and_nothing_that_happens_then_is_missed(
    empty: CloudTrail, open_app: Open
) -> None:
    one_a_minute(empty, 60)
    empty.move(7200)
    clock = AutoClock(NOW)
    async with open_app(empty, size=WIDE, clock=clock) as ctui:
        assert any("Clocks differ" in notice and "2 h ahead" in notice.replace("\n", " ") for notice in ctui.notices())
        await ctui.press("M")
        assert "1 of 60" in ctui.title("events")
        for minutes in (30, 100):
            clock.advance(60 * minutes)
            empty.add_event("CreateUser", eventTime=clock.now() - timedelta(seconds=30), late=0)
            await load_all(ctui, "r")
            await ctui.press("g")
            assert "CreateUser" in ctui.cursor(), f"{minutes} minutes later"

"""Stories of what goes wrong: each failure is told once, in words with a next step, and the app goes on."""

import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import Driver
from support.stage import NOW, connector

from ctui.emulator.options import EmulatorOptions, Lag
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_nobody_answers_then_somebody_does(empty: CloudTrail, open_app: Open) -> None:
    port = free_port()
    nobody = connector(empty, endpoint_url=f"http://127.0.0.1:{port}")
    async with open_app(empty, connect=nobody) as ctui:
        assert len(ctui.notices()) == 1
        assert "press r" in " ".join(ctui.pane("events"))
        assert ctui.title("events").endswith("failed")
        assert ctui.pane("status")[0].strip() == "No connection."
        assert ctui.line("header").split()[0] == "ctui"
        ctui.shot("unreachable")
        await ctui.press("m")
        assert "starts once connected" in ctui.notices()[-1]
        with running(
            EmulatorOptions(port=port, lookup_rate=PLENTY, lag=Lag.REAL, traffic=False), WorldClock(NOW, ticking=False)
        ):
            await ctui.press("r")
            assert not any("Not reachable" in notice for notice in ctui.notices())
            assert "No event" in " ".join(ctui.pane("events"))
            assert any("org-audit" in line for line in ctui.pane("trails"))


async def test_a_wrong_secret_is_one_clear_message(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, connect=connector(week, secret_key="wrong")) as ctui:
        assert len(ctui.notices()) == 1
        assert "failed" in ctui.title("events")
        assert "Connecting" not in ctui.text()


async def test_a_service_that_fails_for_a_while_loses_nothing(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("j")
        before = ctui.cursor()
        week.fault("internal")
        await ctui.tap("m")
        await ctui.wait_until(lambda: bool(ctui.notices()))
        (told,) = ctui.notices()
        assert told.splitlines()[0] in ctui.line("feed-line")
        assert "failed" not in ctui.title("events")
        assert ctui.cursor() == before
        week.fault("internal", 0)
        await ctui.press("r")
        assert told.splitlines()[0] not in ctui.line("feed-line")
        # Our clock went on meanwhile and the service's stands still, which is told, too.
        assert told not in ctui.notices(), "what is over is no longer told"
        assert ctui.cursor() == before
        assert " 2 of " in ctui.title("events")
        # A chain that begins again does so at the oldest second, of which it has the event already. Where the page came
        # before the key, r asks for what is newest again.
        assert ctui.session.explorer.state.query.loaded in (49, 50, 99, 100)


async def test_m_after_an_m_of_everything_that_was_stopped_while_it_waited_asks_for_one_page(
    week: CloudTrail, open_app: Open
) -> None:
    async with open_app(week) as ctui:
        week.fault("internal")
        await ctui.tap("M")
        await ctui.wait_until(lambda: "esc stop" in ctui.line("feed-line") and "again" in ctui.line("feed-line"))
        await ctui.press("escape")
        assert "m more" in ctui.line("feed-line")
        week.fault("internal", 0)
        await ctui.press("m")
        assert " 1 of " in ctui.title("events")
        # A chain that begins again does so at the oldest second, of which it has the event already.
        assert ctui.session.explorer.state.query.loaded in (99, 100)


async def test_throttled_calls_are_counted_and_made_again(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        week.fault("throttle", 0.5)
        try:
            for _ in range(5):
                await ctui.press("m")
            assert "throttled" in ctui.line("header")
            assert ctui.title("events").endswith("1 of >300")
            assert ctui.notices() == []
        finally:
            week.fault("throttle", 0)

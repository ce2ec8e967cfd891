"""The status in sight is read again each minute, wherever it shows; while nothing shows it, nothing is read."""

import pytest
from support.driver import SMALL, WIDE
from support.fakes.cloudtrail import REGION, unreachable
from support.fakes.service import Service
from textual.app import App

from ctui.model.trail.trail import Trail, TrailStatus
from ctui.ui.screens.browse import BrowseScreen

from ..conftest import Open

TRAIL = Trail("audit", f"arn:aws:cloudtrail:{REGION}:111111111111:trail/audit", REGION)
ON, OFF = TrailStatus(is_logging=True), TrailStatus(is_logging=False)


def tick(app: App[None]) -> None:
    """The screen looks, as it does every few seconds."""
    screen = next(one for one in app.screen_stack if isinstance(one, BrowseScreen))
    screen._read_status_in_sight()


@pytest.mark.parametrize(
    ("size", "keys", "calls"),
    [
        (WIDE, (), 1),
        (WIDE, ("2", "z"), 1),
        (WIDE, ("3", "z"), 0),
        (WIDE, ("question_mark",), 0),
        (WIDE, ("1", "n"), 0),
        (SMALL, (), 1),
        (SMALL, ("2",), 1),
        (SMALL, ("3", "z"), 1),
        (SMALL, ("question_mark",), 0),
    ],
)
async def test_it_is_read_where_it_shows(
    open_app: Open, size: tuple[int, int], keys: tuple[str, ...], calls: int
) -> None:
    service = Service((), [(TRAIL, ON)])
    async with open_app(service, size=size) as ctui:
        await ctui.press(*keys)
        service.calls.clear()
        ctui.session.clock.advance(60)  # type: ignore[attr-defined]
        for _ in range(3):
            tick(ctui.app)
            await ctui.settle()
        assert service.calls["GetTrailStatus"] == calls


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_border_says_when_it_was_read_and_a_failure_is_no_notice(
    open_app: Open, size: tuple[int, int]
) -> None:
    service = Service((), [(TRAIL, ON)])
    async with open_app(service, size=size) as ctui:
        await ctui.press("2")
        assert "read 12:00:00" in ctui.text()
        service.statuses["audit"] = OFF
        ctui.session.clock.advance(60)  # type: ignore[attr-defined]
        tick(ctui.app)
        await ctui.settle()
        assert "read 12:01:00" in ctui.text()
        assert "Logging no" in ctui.text()
        service.statuses["audit"] = unreachable()
        for _ in range(3):
            ctui.session.clock.advance(120)  # type: ignore[attr-defined]
            tick(ctui.app)
            await ctui.settle()
        assert "read 12:01:00" in ctui.text()
        assert "Refresh ▲ No answer" in ctui.text()
        assert "Logging no" in ctui.text(), "what was known stays"
        assert not ctui.notices()
        if size == SMALL:
            assert "not refreshed since 12:01:00" in ctui.text()

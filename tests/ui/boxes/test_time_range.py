"""The range dialog over the main screen: the time around the event under the cursor, and keys in one piece."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.driver import SMALL, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event

from ctui.model.event.event import Event, Oddity
from ctui.model.filter.editing.pivots import AROUND
from ctui.model.lookup.timespan import ends_around, parse_timespan

Open = Callable[..., AbstractAsyncContextManager[Driver]]

RECENT = EPOCH - timedelta(minutes=20)
FAR = datetime(9999, 12, 31, 23, 55, tzinfo=UTC)
UNTIMED = replace(event(1, RECENT), oddity=Oddity(("EventTime is missing",), lost=True, timed=False))


@pytest.mark.parametrize(
    ("one", "offered"),
    [
        pytest.param(event(1, RECENT), True, id="an event"),
        pytest.param(UNTIMED, False, id="its time could not be read: that of its neighbor is not its own"),
        pytest.param(None, False, id="no event"),
    ],
)
async def test_the_time_around_the_event_under_the_cursor_is_offered(
    open_app: Open, one: Event | None, offered: bool
) -> None:
    async with open_app(Service([one] if one else []), SMALL) as ctui:
        await ctui.press("t")
        assert ("±15 minutes around" in ctui.text()) == offered
        if offered:
            await ctui.press("down", "enter")
            first, last = ends_around(RECENT, AROUND)
            assert ctui.session.explorer.state.timespan == parse_timespan(f"{first}..{last}")


def test_the_time_around_an_event_ends_with_the_year_9999() -> None:
    first, last = ends_around(FAR, AROUND)
    assert (first, last) == ("9999-12-31T23:40:00Z", "9999-12-31T23:59:59Z")
    assert parse_timespan(f"{first}..{last}").pin(EPOCH)[1] == int(FAR.timestamp()) + 299


async def test_a_range_is_typed_in_one_piece_with_the_key_that_opens_the_dialog(open_app: Open) -> None:
    async with open_app(Service([event(1, RECENT)]), SMALL) as ctui:
        for span in ("2h", "4h", "3h..1h"):
            await ctui.press("t", *span, "enter")
            assert ctui.session.explorer.state.timespan == parse_timespan(span), "also in the place of the one before"
        await ctui.press("t", "end", "backspace", "backspace", "2", "h", "enter")
        assert ctui.session.explorer.state.timespan == parse_timespan("3h..2h"), "which can be edited, too"

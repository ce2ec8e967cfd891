"""Stories of what the store is good for: a login that ran out, and a Region that was not asked."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC
from pathlib import Path

from driver import Driver, driving
from fakes.clock import AutoClock
from stage import NOW, connector

from ctui.core.ports import Gateway
from ctui.core.session import Session
from ctui.emulator.testing import CloudTrail
from ctui.errors import ExpiredLogin
from ctui.model.connection import Connection
from ctui.model.lookup import Lookup
from ctui.model.timespan import parse_timespan
from ctui.store.events import EventStore
from ctui.ui.app import CtuiApp

Open = Callable[..., AbstractAsyncContextManager[Driver]]
TIME = re.compile(r"\d\d:\d\d:\d\d")


def rows(ctui: Driver) -> list[str]:
    """The event lines of the pane."""
    return [line for line in ctui.pane("events") if TIME.search(line)]


class Expired:
    """A login that has run out, of a profile that is known."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def connect(self) -> Gateway:
        error = ExpiredLogin("Login expired", "The session token has run out.", "Log in again; then r.")
        error.connection = self._connection
        raise error


async def test_with_an_expired_login_the_store_is_shown_filtered_and_said_to_be_alone(
    week: CloudTrail, tmp_path: Path
) -> None:
    async def lasting(_connection: Connection | None) -> EventStore:
        return await EventStore.open(tmp_path / "home" / "events.db")

    first = Session(connector(week), lasting, AutoClock(NOW))
    async with driving(CtuiApp(first, zone=UTC), first) as ctui:
        await ctui.settle()
        seen = rows(ctui)
        connection = first.state.connection
        assert connection is not None
    before = week.calls["LookupEvents"]
    again = Session(Expired(connection), lasting, AutoClock(NOW))
    async with driving(CtuiApp(again, zone=UTC), again) as ctui:
        await ctui.settle()
        assert rows(ctui)[:10] == seen[:10]
        assert "from the store alone" in ctui.title("events")
        assert ctui.line("feed-line").startswith("store all history · scanned 50")
        await ctui.press("slash")
        await ctui.write("name:Describe*")
        await ctui.press("enter")
        assert rows(ctui)
        assert all("Describe" in line for line in rows(ctui))
        await ctui.press("slash")
        await ctui.write(" user:nobody")
        await ctui.press("enter")
        shown = "\n".join(ctui.pane("events"))
        assert "there is no connection: only what the store holds was looked at" in shown
        assert "that user:nobody leaves out" in shown
    assert week.calls["LookupEvents"] == before


async def test_a_global_service_asked_in_another_region_is_found_by_one_key(week: CloudTrail, open_app: Open) -> None:
    day = Lookup(timespan=parse_timespan("2d"))
    async with open_app(week, connect=connector(week, region="eu-west-1"), lookup=day) as ctui:
        await ctui.press("slash")
        await ctui.write("name:ConsoleLogin")
        await ctui.press("enter")
        assert not rows(ctui)
        shown = "\n".join(ctui.pane("events"))
        assert "ConsoleLogin of signin.amazonaws.com may be recorded in us-east-1, which was not asked" in shown
        key = re.search(r"(\d) ask us-east-1 as well", shown)
        assert key is not None
        ctui.shot("elsewhere")
        await ctui.press(key[1])
        assert rows(ctui)
        assert all("ConsoleLogin" in line and "us-east-1" in line for line in rows(ctui))
        assert "eu-west-1 + us-east-1" in ctui.line("header")

"""Stories of what the store is good for: a login that ran out, and a Region that was not asked."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from support.driver import SMALL, WIDE, Driver, driving
from support.fakes.clock import AutoClock
from support.fakes.waited import waited
from support.stage import NOW, connector

from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session import Session
from ctui.core.sources import Gateway, Resolved
from ctui.emulator.testing import CloudTrail
from ctui.errors import ExpiredLogin
from ctui.model.connection import Connection, LoginTrace
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.waiting import Waiting
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

    async def connect(self, resolved: Resolved) -> Gateway:
        resolved(self._connection)
        raise ExpiredLogin("Login expired", "The session token has run out.", "Log in again; then r.")


async def test_with_an_expired_login_the_store_is_shown_filtered_and_said_to_be_alone(
    week: CloudTrail, tmp_path: Path
) -> None:
    async def lasting(_connection: Connection | None) -> EventStore:
        return await EventStore.open(tmp_path / "home" / "events.db")

    clock = AutoClock(NOW)
    first = Session(waited(connector(week), clock), lasting, clock)
    async with driving(CtuiApp(first, zone=UTC), first) as ctui:
        await ctui.settle()
        seen = rows(ctui)
        connection = first.state.connection
        assert connection is not None
    before = week.calls["LookupEvents"]
    again = Session(Expired(connection), lasting, clock)
    async with driving(CtuiApp(again, zone=UTC), again) as ctui:
        await ctui.settle()
        assert rows(ctui)[:10] == seen[:10]
        assert "from the store only" in ctui.title("events")
        assert ctui.line("feed-line").startswith("store: all history · 50 scanned")
        await ctui.press("slash")
        await ctui.write("name:Describe*")
        await ctui.press("enter")
        assert rows(ctui)
        assert all("Describe" in line for line in rows(ctui))
        await ctui.press("slash")
        await ctui.write(" user:nobody")
        await ctui.press("enter")
        shown = "\n".join(ctui.pane("events"))
        assert "no connection: only stored events were searched" in shown
        assert "user:nobody hides all" in shown
    assert week.calls["LookupEvents"] == before


class Late:
    """A login that hangs until it is let through; before it, the role's account is known from the settings."""

    def __init__(self, week: CloudTrail, account: str, clock: AutoClock) -> None:
        self.answer = asyncio.Event()
        self._real = waited(connector(week), clock)
        self._login = LoginTrace(account=account, settings="a role")

    async def connect(self, resolved: Resolved) -> Gateway:
        def of_a_role(connection: Connection) -> None:
            resolved(replace(connection, login=self._login))

        before = Connection("prod", self.region, self.endpoint, self.endpoint)
        of_a_role(before)
        await self.answer.wait()
        return await self._real.connect(of_a_role)

    endpoint = ""
    region = ""


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_stored_rows_stand_at_once_while_the_login_hangs_and_stay_when_it_comes(
    week: CloudTrail, tmp_path: Path, size: tuple[int, int]
) -> None:
    async def lasting(_connection: Connection | None) -> EventStore:
        return await EventStore.open(tmp_path / "home" / "events.db")

    clock = AutoClock(NOW)
    first = Session(waited(connector(week), clock), lasting, clock)
    async with driving(CtuiApp(first, zone=UTC), first) as ctui:
        await ctui.settle()
        seen = rows(ctui)
        assert first.state.account is not None
        late = Late(week, first.state.account, clock)
        late.endpoint, late.region = week.endpoint_url, week.region
    again = Session(late, lasting, clock)
    async with driving(CtuiApp(again, zone=UTC), again, size) as ctui:
        await ctui.wait_until(lambda: len(rows(ctui)) > 10)
        assert "from the store, not confirmed" in ctui.title("events")
        await ctui.tap("j", "j", "enter")
        event = re.search(r"\d\d:\d\d:\d\d +(\w+)", seen[2])
        assert event is not None
        await ctui.wait_until(lambda: "From " in "\n".join(ctui.pane("detail")))
        assert event[1] in ctui.title("detail")
        ids = list(again.explorer.query.ids)
        again.login_waits(Waiting("running credential_process: vault prod"))
        await ctui.tap("M")
        if size == WIDE:
            assert "credential_process: vault prod" in " ".join(" ".join(ctui.pane("trails")).split())
        assert ctui.notices()[-1] == "M: starts once connected; esc cancel"
        # In a small terminal the notice covers the line at the foot.
        assert size != WIDE or "starts once connected" in ctui.line("feed-line")
        late.answer.set()
        await ctui.settle()
        assert "stored" not in ctui.title("events")
        assert list(again.explorer.query.ids)[: len(ids)] == ids
        assert again.explorer.query.state.phase is QueryPhase.COMPLETE, "what was wished meanwhile has been done"
        assert event[1] in ctui.title("detail"), "the cursor is where it was"
    assert again.state.account == first.state.account


async def test_a_global_service_asked_in_another_region_is_found_by_one_key(week: CloudTrail, open_app: Open) -> None:
    day = Lookup(timespan=parse_timespan("2d"))
    async with open_app(week, connect=connector(week, region="eu-west-1"), lookup=day) as ctui:
        await ctui.press("slash")
        await ctui.write("name:ConsoleLogin")
        await ctui.press("enter")
        assert not rows(ctui)
        shown = "\n".join(ctui.pane("events"))
        assert "ConsoleLogin of signin.amazonaws.com may be recorded in us-east-1, which was not searched" in shown
        key = re.search(r"(\d) search us-east-1 too", shown)
        assert key is not None
        ctui.shot("elsewhere")
        await ctui.press(key[1])
        assert rows(ctui)
        assert all("ConsoleLogin" in line for line in rows(ctui))
        assert "rows in us-east-1" in ctui.title("events")
        assert "eu-west-1 + us-east-1" in ctui.line("header")


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.parametrize(
    ("replaced", "told"), [(False, "Event store written again"), (True, "continues in a temporary store")]
)
async def test_a_store_taken_away_under_the_cursor_is_told_of_and_every_row_stays(
    week: CloudTrail, tmp_path: Path, size: tuple[int, int], replaced: bool, told: str
) -> None:
    path = tmp_path / "home" / "events.db"

    async def lasting(_connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    session = Session(connector(week), lasting, AutoClock(NOW))
    async with driving(CtuiApp(session, zone=UTC), session, size) as ctui:
        await ctui.settle()
        await ctui.press("j", "j", "enter")
        title, cursor, ids = ctui.title("detail"), ctui.cursor(), list(session.explorer.query.ids)
        for file in sorted(path.parent.iterdir()):
            file.unlink()
        if replaced:
            path.write_text("dear to somebody")
        await ctui.press("m")
        assert told in " ".join(" ".join(ctui.notices()).split())
        assert list(session.explorer.query.ids)[: len(ids)] == ids
        assert ctui.title("detail").startswith(title)
        assert ctui.cursor()[:30] == cursor[:30]
        await ctui.press("G")
        assert len(session.explorer.query.ids) > len(ids)
        assert all("no longer in the store" not in line for line in ctui.screen())
    if replaced:
        assert path.read_text() == "dear to somebody"
    else:
        assert path.stat().st_size > 0

"""While a login waits for a program, the screen names it and counts; and then it is over."""

import asyncio
from dataclasses import replace
from datetime import UTC

import pytest
from support.driver import SMALL, WIDE, driving
from support.fakes.clock import FakeClock
from support.fakes.cloudtrail import CONNECTION, FakeCloudTrail, FakeConnector
from support.sessions import temporary_store

from ctui.core.session import Session
from ctui.errors import ExpiredLogin
from ctui.model.connection import Connection
from ctui.model.waiting import Waiting
from ctui.store.events import EventStore
from ctui.ui.app import CtuiApp

PROGRAM = Waiting("running credential_process: aws-vault export \x1b[31mprod", 60.0, may_need_you=True)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_what_a_login_waits_for_is_named_and_counted(size: tuple[int, int]) -> None:
    answered = asyncio.Event()
    failed = ExpiredLogin("credential_process failed", "It ended.", "Press r.")

    async def login() -> None:
        await answered.wait()

    clock = FakeClock()
    connector = FakeConnector(FakeCloudTrail(clock), [failed], login=login)
    session = Session(connector, temporary_store, clock)
    app = CtuiApp(session, zone=UTC)
    async with driving(app, session, size) as ctui:
        await ctui.wait_until(lambda: "Connecting …" in ctui.text() and session.state.waiting_since is not None)
        clock.advance(3)
        session.login_waits(PROGRAM)
        clock.advance(12)
        session.changed.publish(session.state)
        await ctui.wait_until(lambda: "connecting for 12 s" in ctui.text())
        events = " ".join(ctui.pane("events"))
        assert "Connecting … · 12 s · limit 60 s" in events
        assert "running credential_process: aws-vault export ␛[31mprod" in events
        assert "q quit and stop it" in events
        session.login_waits(None)
        answered.set()
        await ctui.wait_until(lambda: "credential_process failed" in ctui.text())
        assert "connecting for" not in ctui.text()
        assert session.state.waiting is None
        session.login_waits(PROGRAM)
        assert session.state.waiting is None, "a login that is over waits for nothing"


async def test_why_there_is_no_connection_stands_where_the_store_has_nothing() -> None:
    failed = ExpiredLogin("Role without a source", "It names no source.", "Add source_profile, then press r.")
    # The settings name the account, so that the store is looked at; it is empty.
    named = replace(CONNECTION, login=replace(CONNECTION.login, account="111111111111", key_id=None))
    clock = FakeClock()
    connector = FakeConnector(FakeCloudTrail(clock), [failed], resolved=named)
    session = Session(connector, temporary_store, clock)
    app = CtuiApp(session, zone=UTC)
    async with driving(app, session, SMALL) as ctui:
        await ctui.wait_until(lambda: "Add source_profile" in " ".join(ctui.pane("events")))
        assert session.explorer.query.state.store_only
        assert "It names no source." in " ".join(ctui.pane("events"))


def test_a_wait_without_a_name_is_counted_once_it_is_long() -> None:
    from ctui.render.panes.pane_title import connecting_lines

    assert connecting_lines(None, 1.0) == ()
    ((told, _),) = connecting_lines(None, 9.0)[0]
    assert told == "Connecting … · 9 s"


def test_who_asks_nothing_of_a_person_is_not_said_to() -> None:
    from ctui.render.panes.pane_title import connecting_lines

    lines = connecting_lines(Waiting("calling STS at sts.example.invalid (AssumeRole)", 60.0), 9.0)
    said = ["".join(text for text, _ in line) for line in lines]
    assert said == ["Connecting … · 9 s · limit 60 s", "calling STS at sts.example.invalid (AssumeRole)", "q quit"]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_how_far_an_older_store_is_converted_is_shown_until_it_is_open(size: tuple[int, int]) -> None:
    converted = asyncio.Event()

    async def open_store(connection: Connection | None) -> EventStore:
        session.store_converts((120_000, 1_000_000))
        await converted.wait()
        session.store_converts(None)
        return await EventStore.open(None)

    clock = FakeClock()
    session = Session(FakeConnector(FakeCloudTrail(clock)), open_store, clock)
    async with driving(CtuiApp(session, zone=UTC), session, size) as ctui:
        await ctui.wait_until(lambda: "120,000 of 1,000,000" in " ".join(ctui.pane("events")))
        events = " ".join(ctui.pane("events"))
        assert "Converting the event store: 120,000 of 1,000,000 events" in events
        assert "q quit, and the store stays as it was" in events
        session.store_converts((1_000_000, 1_000_000))
        await ctui.wait_until(lambda: "building its indexes" in " ".join(ctui.pane("events")))
        converted.set()
        await ctui.wait_until(lambda: "Converting" not in ctui.text())
        assert session.state.converting is None


def test_a_login_that_needs_a_person_is_named_while_a_store_is_converted() -> None:
    from ctui.render.panes.pane_title import connecting_lines

    lines = connecting_lines(PROGRAM, 9.0, (5, 10))
    said = " ".join(text for line in lines for text, _ in line)
    assert "5 of 10 events" in said
    assert "aws-vault" in said
    assert "quit and stop it" in said

"""`ctui search` and the screen answer the same: the same events, in the same order, line by line."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.driver import Driver
from support.fakes.clock import AutoClock
from support.fakes.waited import waited
from support.stage import NOW, connector

from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.run import Run
from ctui.cli.headless.searching import SearchOptions, search
from ctui.cli.headless.streams import Streams
from ctui.config.settings import Settings
from ctui.core.logins import OtherLogin
from ctui.core.session import Session
from ctui.emulator.options import EmulatorOptions, Lag
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock
from ctui.model.connection import Connection
from ctui.model.empty_result.regions import regions_named
from ctui.model.filter.parse import parse_filter
from ctui.store.events import EventStore

Open = Callable[..., AbstractAsyncContextManager[Driver]]
LINES = (
    "name:StopLogging",
    "is:error",
    "is:write -source:ec2",
    "user:alice,dave is:error",
    "who:~*svc-backup*",
    "-ip:10.0.0.0/8 is:console",
    "about:legacy",
    "(is:delete OR is:permission) -user:ci",
    '"prod/db"',
    "/Stop(Logging|Instances)/",
    "region:us-east-1,eu-west-1 name:RunInstances",
    "is:own",
)
LINES_OF_SCOPES = (
    "since:1h",
    "name:StopLogging",
    "region:eu-west-1 name:StopInstances",
    "recipientAccountId:222222222222 is:error since:6h",
)

Scopes = Callable[[CloudTrail, AutoClock], dict[str, Any]]
"""What else a session over a service is made with, as Session takes it."""
Shown = dict[str, list[tuple[str, datetime]]]
"""The events on the screen by the line that was asked: ID and time."""


def one_scope(_service: CloudTrail, _clock: AutoClock) -> dict[str, Any]:
    """The working Region alone."""
    return {}


def every_scope(service: CloudTrail, clock: AutoClock) -> dict[str, Any]:
    """As --region all and a --profile for each account: the first account is the working one."""
    others = []
    for account in service.accounts[1:]:
        given = service.arguments_of(account)
        key = {"access_key": given["aws_access_key_id"], "secret_key": given["aws_secret_access_key"]}
        others.append(OtherLogin(account, waited(connector(service, profile=account, **key), clock)))
    return {"every_region": True, "other_logins": others}


async def on_screen(ctui: Driver, lines: Sequence[str]) -> Shown:
    """Ask these lines, one after the other, and load all of each."""
    session, answers = ctui.session, {}
    for line in lines:
        if not session.state.logins:
            # A Region that the line names is a key away on the screen; with all accounts, all are searched.
            session.explorer.search_only(*regions_named(parse_filter(line)))
        await ctui.press("slash", "ctrl+u")
        await ctui.write(line)
        await ctui.press("enter", "M")
        assert session.explorer.state.complete, line
        events = [session.event(row_id) for row_id in session.explorer.rows.ids]
        answers[line] = [(each.event_id, each.time) for each in events]
    return answers


async def searched(
    service: CloudTrail, line: str, folder: Path, monkeypatch: pytest.MonkeyPatch, scopes: Scopes
) -> list[str]:
    """What `ctui search LINE -o ids` writes; what was loaded for the lines before is kept, as in a script."""

    async def kept(_connection: Connection | None) -> EventStore:
        return await EventStore.open(folder / "events.db")

    clock = AutoClock(NOW)
    session = Session(waited(connector(service), clock), kept, clock, reads_trails=False, **scopes(service, clock))
    with (folder / "ids").open("w+", encoding="utf-8") as out, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        run = Run(Settings(), session, Streams(quiet=True))
        code = await search(run, SearchOptions(line=line, format="ids", columns=()))
        await run.close()
        assert code == ExitCode.COMPLETE
        out.seek(0)
        return out.read().split()


async def assert_search_writes(
    answers: Shown, service: CloudTrail, folder: Path, monkeypatch: pytest.MonkeyPatch, scopes: Scopes
) -> None:
    """A search for each of these lines writes what the screen has shown."""
    for line, shown in answers.items():
        written, times = await searched(service, line, folder, monkeypatch, scopes), dict(shown)
        assert sorted(set(times) - set(written)) == [], line
        assert sorted(set(written) - set(times)) == [], line
        # Within a second, the order is that in which events were stored.
        assert [times[one] for one in written] == [time for _, time in shown], line


async def test_a_search_writes_what_the_screen_shows_line_by_line(
    open_app: Open, week: CloudTrail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(week) as ctui:
        answers = await on_screen(ctui, LINES)
    assert sum(map(bool, answers.values())) >= len(LINES) - 4
    await assert_search_writes(answers, week, tmp_path, monkeypatch, one_scope)


async def test_a_search_of_three_accounts_in_all_regions_writes_what_the_screen_shows(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, clock = EmulatorOptions(organization=True, lookup_rate=PLENTY, lag=Lag.REAL), AutoClock(NOW)
    with running(options, WorldClock(NOW, ticking=False)) as service:
        async with open_app(service, clock=clock, **every_scope(service, clock)) as ctui:
            answers = await on_screen(ctui, LINES_OF_SCOPES)
            state = ctui.session.state
            assert (set(state.accounts), set(state.regions)) == (set(service.accounts), set(service.regions))
        assert all(answers.values()), {line: len(rows) for line, rows in answers.items()}
        await assert_search_writes(answers, service, tmp_path, monkeypatch, every_scope)

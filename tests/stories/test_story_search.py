"""`ctui search` and the screen answer the same: the same events, in the same order, line by line."""

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

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
from ctui.core.session import Session
from ctui.emulator.testing import CloudTrail
from ctui.model.connection import Connection
from ctui.model.empty_result.regions import regions_named
from ctui.model.filter.parse import parse_filter
from ctui.store.events import EventStore

Open = Callable[..., AbstractAsyncContextManager[Driver]]
LINES = (
    "name:StopLogging",
    "is:error",
    "is:write -source:ec2",
    "user:alice",
    "user:alice,dave is:error",
    "who:~*svc-backup*",
    "source:iam is:write",
    "ip:203.0.113.0/24",
    "-ip:10.0.0.0/8 is:console",
    "about:legacy",
    "name:Put* OR name:Delete*",
    "(is:delete OR is:permission) -user:ci",
    "AccessDenied",
    '"prod/db"',
    "/Stop(Logging|Instances)/",
    "userIdentity.type:Root",
    "is:notable since:3d",
    "is:secret 2026-11-18..2026-11-20",
    "region:us-east-1,eu-west-1 name:RunInstances",
    "name:A name:B",
    "is:own",
)


async def searched(service: CloudTrail, line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `ctui search LINE -o ids` writes; what was loaded for the lines before is kept, as in a script."""

    async def kept(_connection: Connection | None) -> EventStore:
        return await EventStore.open(folder / "events.db")

    clock = AutoClock(NOW)
    session = Session(waited(connector(service), clock), kept, clock, reads_trails=False)
    with (folder / "ids").open("w+", encoding="utf-8") as out, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        run = Run(Settings(), session, Streams(quiet=True))
        code = await search(run, SearchOptions(line=line, format="ids", columns=()))
        await run.close()
        assert code == ExitCode.COMPLETE
        out.seek(0)
        return out.read().split()


async def test_a_search_writes_what_the_screen_shows_line_by_line(
    open_app: Open, week: CloudTrail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: dict[str, list[str]] = {}
    times: dict[str, datetime] = {}
    async with open_app(week) as ctui:
        session = ctui.session
        for line in LINES:
            # A Region that the line names is a key away on the screen.
            session.explorer.search_only(*regions_named(parse_filter(line)))
            await ctui.press("slash", "ctrl+u")
            await ctui.write(line)
            await ctui.press("enter", "M")
            assert session.explorer.state.complete, line
            events = [session.event(row_id) for row_id in session.explorer.rows.ids]
            answers[line] = [each.event_id for each in events]
            times |= {each.event_id: each.time for each in events}
    assert sum(map(bool, answers.values())) >= len(LINES) - 4
    for line, shown in answers.items():
        written = await searched(week, line, tmp_path, monkeypatch)
        assert sorted(set(shown) - set(written)) == [], line
        assert sorted(set(written) - set(shown)) == [], line
        # Within a second, the order is that in which events were stored.
        assert [times[one] for one in written] == [times[one] for one in shown], line

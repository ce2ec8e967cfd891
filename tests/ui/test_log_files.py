"""Trees of log files on the screen, alone: what takes the place of account, trails and completeness."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.copied import keeping
from support.driver import SMALL, WIDE, Driver, driving
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import event
from support.fakes.log_files import FakeTree
from support.fakes.service import Service
from support.fakes.service import event as service_event
from support.trees import DAY, START, tree

from ctui.core.files.no_service import FilesConnector
from ctui.core.files.store_with_files import StoreWithFiles
from ctui.core.session import Session
from ctui.errors import FilesError
from ctui.model.connection import Connection
from ctui.model.log_files.tree_state import Deliveries, TreePhase
from ctui.model.lookup.timespan import parse_timespan
from ctui.ui.app import CtuiApp
from ctui.ui.screens.opening import OpeningScreen
from ctui.ui.terminal.clipboard import Clipboard

EVENTS = [event(f"e{number}", datetime.fromtimestamp(START, UTC) + timedelta(hours=6 * number)) for number in range(20)]
LOGS = "/data/logs"


async def store_with_files(_connection: Connection | None) -> StoreWithFiles:
    """A store for one run."""
    return await StoreWithFiles.open(None)


@asynccontextmanager
async def opened(*trees: FakeTree, size: tuple[int, int] = WIDE, **state: Any) -> AsyncIterator[Driver]:
    """ctui over trees alone, the first of which says this of itself."""
    connector = FilesConnector(trees[0].scope)
    session = Session(connector, store_with_files, AutoClock(), trees=trees, files_alone=True)
    copied: list[str] = []
    app = CtuiApp(session, zone=UTC, clipboard=Clipboard(keeping(copied), {"SSH_TTY": "/dev/pts/0"}))
    async with driving(app, session, size) as ctui:
        ctui.copied = copied
        await ctui.settle()
        if trees[0].error is None:
            await say(ctui, trees[0], **{"events": 20, **state})
        yield ctui


async def say(ctui: Driver, one: FakeTree, **state: Any) -> None:
    """The tree is in another state."""
    one.state = tree(**state)
    one._changed()
    await ctui.settle()


async def test_accounts_and_regions_stand_in_place_of_trails_and_nothing_is_called_complete() -> None:
    async with opened(FakeTree(LOGS, EVENTS)) as ctui:
        assert ctui.line("header").split() == ["ctui", "files", "/data/logs", "20", "events", "in", "312", "files"]
        assert [line.strip(" ▌") for line in ctui.pane("trails")[:3]] == [
            "▲ 111111111111 us-east-1       300",
            "· 222222222222 eu-central-1      9",
            "· not known    not known         3",
        ]
        assert "1 Log files" in ctui.title("trails")
        said = "files from 2026-11-01 00:05 to 2026-11-21 00:05 UTC, completeness unknown"
        assert ctui.line("feed-line").strip() == f"{said} · 1 possible hole, A where · 15 not read: ctui files check"
        assert "complete" not in ctui.text().replace("completeness unknown", "")
        assert "▲ 4 Nov 00:05 to 5 Nov 00:05" in "\n".join(ctui.pane("status"))
        # The line stands where files may be missing, and between no other events.
        lines = ctui.pane("events")
        place = next(number for number, line in enumerate(lines) if "possible hole" in line)
        assert "no file of 111111111111 us-east-1 from 4 Nov 00:05 to 5 Nov 00:05 UTC (24 h)" in lines[place]
        assert "StopLogging?" in lines[place]


@pytest.mark.parametrize(
    ("regions", "column", "title"),
    [
        (("eu-west-1", "us-east-1"), True, ""),
        (("eu-west-1",), False, "── eu-west-1 ──"),
        (("",), False, "── rows in eu-west-1 ──"),
    ],
    ids=["several", "one", "not known"],
)
async def test_rows_in_sight_do_not_tell_the_region_of_all(regions: tuple[str, ...], column: bool, title: str) -> None:
    deliveries = tuple(Deliveries("111111111111", region, 9, START, START + DAY, 20) for region in regions)
    async with opened(FakeTree(LOGS, EVENTS), deliveries=deliveries) as ctui:
        assert ("region" in ctui.pane("events")[0]) is column
        assert title in ctui.title("events")
        assert ("eu-west-1" in ctui.title("events")) is not column
        await ctui.press("A")
        await ctui.settle()
        assert f" in {'2 accounts and Regions' if column else '1 account and Region'}" in ctui.text()


async def test_events_after_this_machines_time_are_shown_unless_a_range_ends_before_them() -> None:
    later = EPOCH + timedelta(days=1)
    async with opened(FakeTree(LOGS, [event("e1", later), event("e2", later - timedelta(days=2))])) as ctui:
        assert "1 of 2" in ctui.title("events")
        state = ctui.session.explorer.state
        assert state.files is not None
        assert state.files.in_range
        ctui.session.explorer.ask_range(parse_timespan(f"2026-01-01..{EPOCH:%Y-%m-%dT%H:%MZ}"))
        await ctui.settle()
        assert "1 of 1" in ctui.title("events")


async def test_while_files_are_indexed_it_says_how_far_and_rows_appear() -> None:
    one = FakeTree(LOGS, EVENTS[10:])
    async with opened(one, phase=TreePhase.INDEXING, waiting=40, files=10, events=10) as ctui:
        assert ctui.line("feed-line").startswith("indexing: 10 of 50 files, 10 events so far · files")
        one.add(EVENTS[:10])
        await say(ctui, one, phase=TreePhase.INDEXING, waiting=0, files=50, events=20)
        assert ctui.line("feed-line").startswith("looking for files …")
        assert "1 of 20" in ctui.title("events")


async def test_what_needs_the_service_is_off_in_words() -> None:
    async with opened(FakeTree(LOGS, EVENTS), size=SMALL) as ctui:
        for key, words in (("F", "log files do not follow AWS"), ("R", "log files prove nothing"), ("L", "no login")):
            await ctui.press(key)
            await ctui.settle()
            assert any(words in notice for notice in ctui.notices()), key
        await ctui.press("1", "n")
        await ctui.settle()
        assert any("log files have no trails" in notice for notice in ctui.notices())
        assert "new" not in ctui.line("keys").split()
        await ctui.press("2")
        assert ctui.focus() == "status"
        assert "/data/logs" in "\n".join(ctui.pane("status"))


async def test_the_record_says_in_which_file_it_stands_and_the_menu_copies_that() -> None:
    async with opened(FakeTree(LOGS, EVENTS)) as ctui:
        await ctui.press("enter")
        await ctui.settle()
        assert "File     /data/logs/1.json.gz" in [line.strip(" ▌") for line in ctui.pane("detail")]
        await ctui.press("y", "f")
        await ctui.settle()
        assert ctui.copied == ["/data/logs/1.json.gz"]


async def test_an_empty_answer_is_about_these_files_and_says_what_may_be_missing() -> None:
    async with opened(FakeTree(LOGS, EVENTS)) as ctui:
        await ctui.press("slash")
        await ctui.write("user:nobody")
        await ctui.press("enter")
        await ctui.settle()
        lines = [line.strip() for line in ctui.pane("events")]
        assert lines[0] == "No match in the 20 events of these files"
        assert any(line.startswith("· 4 Nov 00:05:00 to 5 Nov 00:05:00 UTC: no file of 111111111111") for line in lines)
        assert not any("AWS" in line or "minutes after" in line for line in lines)


async def test_a_file_that_is_gone_is_said_in_place_of_the_record() -> None:
    one = FakeTree(LOGS, EVENTS)
    async with opened(one) as ctui:
        one.gone.add("e19")
        await ctui.press("enter")
        await ctui.settle()
        assert "This file is gone." in "\n".join(ctui.pane("detail"))
        await ctui.press("c", "down")
        await ctui.settle()
        assert ctui.copied == []
        assert "Event ID e18" in "\n".join(ctui.pane("detail"))


async def test_a_record_far_inside_a_large_file_is_shown_once_it_is_read() -> None:
    one = FakeTree(LOGS, EVENTS)
    async with opened(one) as ctui:
        one.far = {"e19", "e18"}
        await ctui.press("c")
        await ctui.settle()
        assert ctui.copied == []
        assert any("Reading the record" in notice for notice in ctui.notices())
        one.far.add("e19")
        await ctui.press("enter")
        await ctui.settle()
        assert "Event ID e19" in "\n".join(ctui.pane("detail"))
        await ctui.press("c", "down")
        await ctui.settle()
        assert "Event ID e18" in "\n".join(ctui.pane("detail"))
        assert len(ctui.copied) == 1


async def test_lines_that_only_far_records_have_are_drawn_once_these_are_read() -> None:
    one = FakeTree(LOGS, EVENTS)
    one.far = {"e19", "e17"}
    async with opened(one) as ctui:
        assert one.far == set()
        assert not any("not read" in line for line in ctui.pane("events"))
        one.far = {"e2"}
        await ctui.press("G")
        await ctui.settle()
        assert not any("not read" in line for line in ctui.pane("events"))


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_frame_names_the_files_before_the_main_screen_is_there(size: tuple[int, int]) -> None:
    one = FakeTree(LOGS, EVENTS)
    session = Session(FilesConnector(one.scope), store_with_files, AutoClock(), trees=[one], files_alone=True)
    may_go_on = asyncio.Event()

    async def make() -> Session:
        await may_go_on.wait()
        return session

    app = CtuiApp(make, zone=UTC, files=[LOGS])
    async with driving(app, session, size) as ctui:
        assert isinstance(app.screen, OpeningScreen)
        assert ctui.screen()[0].split() == ["ctui", "files", "/data/logs"]
        assert ("1 Log files" in ctui.text()) is (size == WIDE)
        may_go_on.set()
        await ctui.wait_until(lambda: "RunInstances" in ctui.text())


async def test_a_tree_that_cannot_be_read_says_why() -> None:
    gone = FakeTree(LOGS, error=FilesError("Log files", "There is no such folder.", "Press r to try again."))
    async with opened(gone) as ctui:
        assert "There is no such folder." in ctui.text()
        assert "/data/logs" in ctui.line("header")
        gone.error, gone.waiting = None, [EVENTS]
        await ctui.press("r")
        await ctui.settle()
        assert "RunInstances" in ctui.text()


async def test_beside_the_api_there_is_one_list_and_the_line_says_both() -> None:
    one = FakeTree(LOGS, EVENTS)
    service = Service([service_event(number, EPOCH - timedelta(minutes=60 + number)) for number in range(3)])
    session = Session(service, store_with_files, AutoClock(), trees=[one])
    async with driving(CtuiApp(session, zone=UTC), session, WIDE) as ctui:
        await ctui.settle()
        await say(ctui, one, events=20)
        assert "+ files logs" in ctui.line("header")
        assert "AWS complete" in ctui.line("feed-line")
        assert "completeness unknown" in ctui.line("feed-line")
        assert session.explorer.state.query.loaded == 23
        assert "1 Trails" in ctui.title("trails")
        await ctui.press("A")
        await ctui.settle()
        assert "f log files" in ctui.text()
        await ctui.press("f")
        await ctui.settle()
        assert "Log files ── completeness unknown ── 312" in ctui.text()


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_accounts_and_regions_are_listed_with_where_files_may_be_missing(size: tuple[int, int]) -> None:
    one = FakeTree(LOGS, EVENTS)
    async with opened(one, size=size) as ctui:
        await ctui.press("A")
        await ctui.settle()
        assert "Log files ── completeness unknown ── 312 in 3 accounts and Regions ── pos" in ctui.text()
        assert re.search(r"▲ 111111111111 +us-east-1 +300", ctui.text())
        assert "▲ 4 Nov 00:05 to 5 Nov 00:05" in ctui.text()
        assert "24 h · StopLogging may explain it" in ctui.text()
        await ctui.press("j")
        await ctui.settle()
        assert "StopLogging" not in ctui.text()
        updates = one.updates
        await ctui.press("r")
        await ctui.settle()
        assert one.updates == updates + 1
        await ctui.press("escape")
        await ctui.settle()
        assert ctui.focus() == "events"


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_names_of_files_cannot_fool_the_terminal(size: tuple[int, int]) -> None:
    bad = "/\x1b[2J[red]\u202e日本語\udcff" * 400
    async with opened(FakeTree(LOGS, EVENTS), size=size, path=bad, unread=((bad, 3),)) as ctui:
        for keys in ("1", "2", "z", "A"):
            await ctui.press(keys)
            await ctui.settle()
            assert not {"\x1b", "\u202e", "\udcff"} & set(ctui.text())

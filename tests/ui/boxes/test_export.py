"""The export form: what it says before, what it writes, and that it overwrites nothing without a second key."""
# ruff: noqa: ASYNC240 - files are what these tests are about; nobody else runs on their loop

import csv
import errno
import gzip
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeConnector, denied
from support.fakes.service import Service, event, events
from support.sessions import temporary_store

from ctui.core.logins import OtherLogin
from ctui.core.session import Session
from ctui.render.text.spans import plain
from ctui.ui.boxes.export_words import Chosen, event_lines

Open = Callable[..., AbstractAsyncContextManager[Driver]]
NAME = "ctui-111111111111-eu-west-1-20261121"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with a path that stands in one line of the form."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="e") as path:
        monkeypatch.chdir(path)
        yield Path(path)


def records(path: Path) -> list[str]:
    return [json.loads(line)["eventID"] for line in path.read_text().splitlines()]


def table(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def numbered(count: int) -> list[str]:
    return [f"event-{number}" for number in range(count)]


async def name_it(ctui: Driver, path: str, go_there: str = "up") -> None:
    """Type a path in the place of the usual one; it is the last field."""
    await ctui.press(go_there, "ctrl+u")
    await ctui.write(path)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_list_is_written_under_its_usual_name(open_app: Open, folder: Path, size: tuple[int, int]) -> None:
    async with open_app(Service(events(5, EPOCH)), size) as ctui:
        await ctui.press("E")
        for said in (
            "‹ 5 events in the list ›",
            "All are loaded.",
            "‹ NDJSON ›",
            f" {NAME}.ndjson",
            f"{folder}/{NAME}",
        ):
            assert said in ctui.text()
        await ctui.press("enter")
        assert ctui.notices() == [
            f"5 events in {NAME}.ndjson: NDJSON, {(folder / f'{NAME}.ndjson').stat().st_size / 1000:.1f} KB"
        ]
    assert records(folder / f"{NAME}.ndjson") == numbered(5)
    assert (folder / f"{NAME}.ndjson").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_what_is_not_loaded_is_said_before_and_after(open_app: Open, folder: Path, size: tuple[int, int]) -> None:
    service = Service(events(120, EPOCH))
    async with open_app(service, size) as ctui:
        await ctui.press("slash")
        await ctui.write("user:user-7 OR user:user-9")
        calls = service.lookups
        await ctui.press("escape", "E")
        assert "‹ 2 events that match, so far ›" in ctui.text()
        assert "2 of >50 loaded, the range has more: → load all first" in ctui.text()
        await ctui.press("enter")
        assert service.lookups == calls
        assert ctui.notices()[-1].endswith("; not all of the range was loaded")
    (written,) = folder.iterdir()
    assert records(written) == ["event-7", "event-9"]


async def test_the_rest_is_loaded_first_and_then_written(open_app: Open, folder: Path) -> None:
    service = Service(events(120, EPOCH))
    async with open_app(service, SMALL) as ctui:
        await ctui.press("E", "right")
        assert "‹ all; load the rest first ›" in ctui.text()
        assert "-all-20261121.ndjson" in ctui.text()
        service.hold()
        await ctui.tap("enter")
        await ctui.wait_until(lambda: "Loading the rest, then the file is written." in ctui.text())
        assert "50 scanned" in ctui.text()
        assert list(folder.iterdir()) == []
        service.release()
        await ctui.settle()
        assert ctui.notices()[-1].startswith("120 events in ")
    (written,) = folder.iterdir()
    assert records(written) == numbered(120)


async def test_esc_ends_the_load_and_leaves_no_file(open_app: Open, folder: Path) -> None:
    service = Service(events(120, EPOCH))
    async with open_app(service, SMALL) as ctui:
        await ctui.press("E", "right")
        service.hold()
        await ctui.tap("enter")
        await ctui.wait_until(lambda: "esc cancel" in ctui.text() and "Loading the rest" in ctui.text())
        await ctui.tap("enter", "j", "escape")
        await ctui.wait_until(lambda: ctui.focus() == "events")
        service.release()
        await ctui.settle()
        assert ctui.notices()[-1] == "Export canceled; no file was written"
        assert ctui.session.explorer.query.state.loaded == 50
    assert list(folder.iterdir()) == []


async def test_a_load_that_fails_asks_what_to_do(open_app: Open, folder: Path) -> None:
    service = Service(events(170, EPOCH))
    async with open_app(service, SMALL) as ctui:
        service.failures.extend([None, *[denied("LookupEvents")] * 9])
        await ctui.press("E", "right", "enter")
        assert "Not all is loaded, and nothing is written." in ctui.text()
        assert "r retry   enter export the 100 events here   esc cancel" in ctui.text()
        assert list(folder.iterdir()) == []
        await ctui.press("enter")
        assert any(notice.endswith("; not all of the range was loaded") for notice in ctui.notices())
        (written,) = folder.iterdir()
        assert records(written) == numbered(100)
        assert "-all-" not in written.name
        await ctui.press("E", "right", "enter")
        assert "Not all is loaded" in ctui.text()
        service.failures.clear()
        await ctui.press("r")
        assert ctui.notices()[-1].startswith("170 events in ")


async def test_marked_events_need_neither_match_nor_be_in_range(open_app: Open, folder: Path) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("space", "j", "j", "space", "slash")
        await ctui.write("user:user-4")
        await ctui.press("escape", "E", "right")
        assert "‹ 2 events, marked ›" in ctui.text()
        assert "ctui-111111111111-eu-west-1-marked.ndjson" in ctui.text()
        await ctui.press("enter")
        assert ctui.notices()[-1].startswith("2 events in ")
    assert records(folder / "ctui-111111111111-eu-west-1-marked.ndjson") == ["event-0", "event-2"]


async def test_marked_events_can_be_exported_from_an_empty_list(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("slash")
        await ctui.write("user:none")
        await ctui.press("escape", "E")
        assert ctui.notices()[-1] == "E: no event matches the filter"
        await ctui.press("ctrl+l", "space", "slash")
        await ctui.write("user:none")
        await ctui.press("escape", "E", "right")
        assert "‹ 1 event, marked ›" in ctui.text()


async def test_csv_has_the_columns_of_the_list_or_others(open_app: Open, folder: Path) -> None:
    async with open_app(Service(events(2, EPOCH)), SMALL) as ctui:
        await ctui.press("E", "down", "right", "right")
        assert "time, event, user, ip, source" in ctui.text()
        await ctui.press("enter")
        await ctui.press("E", "down", "right", "right", "down", "space", "space", "tab")
        await ctui.write("userAgent")
        await ctui.press("enter", "enter")
        assert "time, user, ip, source" in ctui.text()
        await name_it(ctui, "other.csv", "down")
        await ctui.press("enter")
    listed, chosen = (table(folder / name) for name in (f"{NAME}.csv", "other.csv"))
    assert listed[0] == ["time", "event", "user", "ip", "source", "resource", "account", "region", "error"]
    assert chosen[0] == ["time", "user", "ip", "source", "resource", "account", "region", "userAgent", "error"]
    assert chosen[1][0] == "2026-11-21T12:00:00Z"
    assert chosen[1][-2] == "aws-cli/2.17.0"


async def test_a_log_file_is_one_that_cloudtrail_could_have_delivered(open_app: Open, folder: Path) -> None:
    async with open_app(Service(events(3, EPOCH)), SMALL) as ctui:
        await ctui.press("E", "down", "left", "enter")
    delivered = json.loads(gzip.decompress((folder / f"{NAME}.json.gz").read_bytes()))
    assert [record["eventID"] for record in delivered["Records"]] == numbered(3)


async def test_the_ending_follows_the_format(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), SMALL) as ctui:
        await ctui.press("E")
        await name_it(ctui, "mine.ndjson")
        await ctui.press("shift+tab", "right", "right")
        assert "mine.csv" in ctui.text()
        await ctui.press("right", "right")
        assert "mine.json.gz" in ctui.text()


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_file_is_overwritten_only_by_a_second_key(open_app: Open, folder: Path, size: tuple[int, int]) -> None:
    path = folder / "kept.ndjson"
    path.write_text("of last week")
    os.utime(path, (EPOCH.timestamp(), EPOCH.timestamp()))
    async with open_app(Service(events(3, EPOCH)), size) as ctui:
        await ctui.press("E")
        await name_it(ctui, path.name)
        assert "There already: 12 B, written 12:00." in ctui.text()
        await ctui.press("enter", "enter")
        assert "kept.ndjson exists: 12 B, written 12:00. Overwrite it?" in ctui.text()
        assert "o overwrite   esc back" in ctui.text()
        await ctui.press("escape")
        assert "enter export   tab next   esc cancel" in ctui.text()
        assert path.read_text() == "of last week"
        await ctui.press("enter", "o")
        assert ctui.notices()[-1].startswith("3 events in kept.ndjson: ")
    assert records(path) == numbered(3)


async def test_a_path_is_looked_at_while_it_is_typed(open_app: Open, folder: Path) -> None:
    (folder / "sub").mkdir()
    async with open_app(Service(events(3, EPOCH)), WIDE) as ctui:
        await ctui.press("E")
        await name_it(ctui, "none/x")
        assert f"✗ There is no folder {folder}/none." in ctui.text()
        await ctui.press("enter")
        assert ctui.notices() == []
        await ctui.press("ctrl+u")
        await ctui.write("sub/")
        assert f"{folder}/sub/{NAME}.ndjson" in ctui.text()
        await ctui.press("enter")
    assert records(folder / "sub" / f"{NAME}.ndjson") == numbered(3)


async def test_a_disk_that_is_full_is_said_and_another_place_can_be_typed(
    open_app: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(3, EPOCH)), WIDE) as ctui:
        await ctui.press("E")

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", full)
            await ctui.press("enter")
        assert f"The disk is full: {folder}/{NAME}.ndjson." in ctui.text()
        assert list(folder.iterdir()) == []
        await ctui.press("enter")
        assert ctui.notices()[-1].startswith("3 events in ")


async def test_nothing_recorded_is_in_the_name_or_on_the_screen(open_app: Open, folder: Path) -> None:
    hostile = "../x\x1b]0;y\x07\u202e'; rm -rf ~"
    newest: datetime = EPOCH
    async with open_app(Service([event(0, newest, name=hostile, user=hostile)]), SMALL) as ctui:
        await ctui.press("E", "down", "right", "right", "enter")
        assert "\x1b]0" not in ctui.text()
    rows = table(folder / f"{NAME}.csv")
    assert rows[1][1] == hostile


async def test_the_palette_knows_it_from_any_pane(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), WIDE) as ctui:
        await ctui.press("1", "ctrl+p")
        await ctui.write("export")
        await ctui.wait_until(lambda: "Export events into a file" in ctui.text())
        await ctui.press("down", "enter")
        assert "‹ 3 events in the list ›" in ctui.text()


async def test_a_press_of_esc_closes_the_form(open_app: Open, folder: Path) -> None:
    async with open_app(Service(events(3, EPOCH)), SMALL) as ctui:
        await ctui.press("E", "escape")
        assert ctui.focus() == "events"
        assert ctui.notices() == []
    assert list(folder.iterdir()) == []


async def test_accounts_that_are_not_reached_are_said() -> None:
    service = Service(events(3, EPOCH))
    logins = [OtherLogin("audit", FakeConnector(service))]
    session = Session(service, temporary_store, service.clock, every_region=True, other_logins=logins)
    assert "audit, other Regions not searched." in [plain(line) for line in event_lines(session, Chosen.HERE)]

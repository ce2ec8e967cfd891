"""The box of the columns: which are shown, in which order, and paths of the record; and that they are remembered."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

from ctui.config.remembered import RememberedColumns
from ctui.errors import CtuiError, SettingsError
from ctui.ui.notifier import Notifier

Open = Callable[..., AbstractAsyncContextManager[Driver]]

HOSTILE = "\x1b[31mlogs\u202e"
EVENTS = [
    replace(
        one,
        record=json.dumps(
            {
                "eventName": "RunInstances",
                "sourceIPAddress": "203.0.113.9",
                "userAgent": "aws-cli/2.1",
                "requestParameters": {"bucketName": f"bucket-{number}", "names": ["one", HOSTILE, "three"]},
            }
        ),
    )
    for number, one in enumerate(events(120, EPOCH))
]


def titles(ctui: Driver) -> list[str]:
    """The titles of the columns behind the time."""
    return ctui.pane("events")[0].split()[2:]


async def add(ctui: Driver, path: str) -> None:
    """Add a column in the box that is open."""
    await ctui.press("tab")
    await ctui.write(path)
    await ctui.press("enter")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
async def test_a_path_of_the_record_becomes_a_column(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(EVENTS), size) as ctui:
        await ctui.press("comma")
        await add(ctui, "requestParameters.bucketName")
        await add(ctui, "requestparameters.names")
        await ctui.press("enter")
        await ctui.wait_until(lambda: "bucket-0" in ctui.cursor())
        assert "bucketName" in titles(ctui)
        await ctui.press("G")
        # Rows that come into sight have theirs.
        await ctui.wait_until(lambda: "bucket-49" in ctui.cursor())
        assert "one +2" in ctui.cursor()


async def test_columns_are_hidden_moved_and_put_back(open_app: Open) -> None:
    async with open_app(Service(EVENTS), WIDE) as ctui:
        usual = titles(ctui)
        assert usual[:3] == ["event", "user", "ip"]
        await ctui.press("comma", "j", "j", "K", "K", "j", "space", "enter")
        assert titles(ctui)[:2] == ["ip", "user"]
        assert "event" not in titles(ctui)
        await ctui.press("comma", "u", "enter")
        assert titles(ctui) == usual


async def test_esc_changes_nothing_and_no_column_at_all_is_refused(open_app: Open) -> None:
    async with open_app(Service(EVENTS), WIDE) as ctui:
        before = titles(ctui)
        await ctui.press("comma", "space", "escape")
        assert titles(ctui) == before
        await ctui.press("comma", *["space", "j"] * 8, "enter")
        assert "Show at least one column." in ctui.text()
        await ctui.press("escape")
        assert titles(ctui) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [("nonsense", "neither a field nor a path"), ("a b", "neither a field nor a path"), ("is", "neither a field"),
     ("since", "neither a field")],
)  # fmt: skip
async def test_what_is_no_field_and_no_path_is_refused(open_app: Open, typed: str, told: str) -> None:
    async with open_app(Service(EVENTS), WIDE) as ctui:
        await ctui.press("comma")
        await add(ctui, typed)
        assert told in ctui.text()


async def test_tab_completes_a_path_from_the_records(open_app: Open) -> None:
    async with open_app(Service(EVENTS), WIDE) as ctui:
        await ctui.press("comma", "tab")
        await ctui.write("bucketn")
        await ctui.wait_until(lambda: "requestParameters.bucketName" in ctui.text())
        await ctui.press("tab", "enter", "enter")
        await ctui.wait_until(lambda: "bucketName" in titles(ctui))


async def test_a_value_that_is_hostile_or_missing_is_shown_safely(open_app: Open) -> None:
    record = json.dumps({"requestParameters": {"names": ["\x1b[2J日本"]}})
    bare = replace(EVENTS[0], event_id="bare", record=record)
    async with open_app(Service([bare, replace(EVENTS[1], record="{}")]), WIDE) as ctui:
        await ctui.press("comma")
        await add(ctui, "requestParameters.names")
        await ctui.press("enter")
        await ctui.wait_until(lambda: "␛[2J日本" in ctui.text())
        assert "\x1b" not in ctui.text()


async def test_values_are_read_for_the_rows_in_sight_and_a_screenful_more(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(EVENTS), SMALL) as ctui:
        read: list[int] = []
        values = ctui.session.values

        async def counted(ids: list[int], fields: tuple[str, ...]) -> object:
            read.extend(ids)
            return await values(ids, fields)

        monkeypatch.setattr(ctui.session, "values", counted)
        await ctui.press("comma")
        await add(ctui, "userAgent")
        await ctui.press("enter")
        page = ctui.app.screen.query_one("#events").page  # type: ignore[attr-defined]
        await ctui.wait_until(lambda: "aws-cli" in ctui.cursor())
        assert len(read) == 2 * page
        for key in ("j", "k", "tab", "3"):
            await ctui.press(key)
        assert len(read) == 2 * page, "a cursor that moves among them reads none"


def test_what_was_chosen_is_there_the_next_time(tmp_path: Path) -> None:
    remembered = RememberedColumns(tmp_path / "state" / "screen.toml")
    assert remembered.load() == ()
    for names in (("event", "requestParameters.日本"), ("ip",), ()):
        remembered.save(names)
        assert RememberedColumns(tmp_path / "state" / "screen.toml").load() == names
    assert [each.name for each in (tmp_path / "state").iterdir()] == ["screen.toml"]


@pytest.mark.parametrize("content", ["columns = 3", "columns = [1]", "columns = [", 'columns = "ip"', "\0"])
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: str) -> None:
    file = tmp_path / "screen.toml"
    file.write_text(content)
    with pytest.raises(SettingsError, match="screen"):
        RememberedColumns(file).load()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(SettingsError, match="cannot be written"):
        RememberedColumns(tmp_path / "state" / "screen.toml").save(("ip",))


async def test_the_choice_is_remembered_and_comes_back_and_a_failure_is_told(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "screen.toml"
    async with open_app(Service(EVENTS), WIDE) as ctui:
        handlers = ctui.app.screen._columns  # type: ignore[attr-defined]
        handlers._remembered = RememberedColumns(file)
        await ctui.press("comma", "space", "enter")
        await ctui.wait_until(file.exists)
        names = RememberedColumns(file).load()
        assert names[0] == "user"
        file.write_text('columns = ["ip", "nonsense", "eventname", "ip"]')
        handlers.restore()
        await ctui.settle()
        assert titles(ctui) == ["ip", "event"], "names that mean nothing here are left out"
        told: list[CtuiError] = []
        monkeypatch.setattr(Notifier, "report", lambda _self, problem, _severity: told.append(problem))
        file.write_text("columns = 3")
        handlers.restore()
        assert [problem.title for problem in told] == ["Columns"]
        assert titles(ctui) == ["ip", "event"]

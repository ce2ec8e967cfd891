"""Help, the time picker and the palette, each over an app of its own."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.app import App
from textual.containers import Vertical, VerticalScroll
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from ctui.model.lookup.timespan import ALL_HISTORY, PRESETS, Timespan, chosen_range, parse_timespan
from ctui.render.help.changed_keys import CHANGED_KEYS
from ctui.render.help.sections import changed_lines
from ctui.render.roles import Role
from ctui.render.text.spans import plain, width
from ctui.ui.actions.palette import ActionHost, entries_of
from ctui.ui.actions.registry import ACTIONS, Action, ActionContext
from ctui.ui.app import CtuiApp
from ctui.ui.boxes.palette import Palette
from ctui.ui.boxes.time_range import TimeRangeScreen
from ctui.ui.screens.help import HelpScreen, help_lines

NOTHING_YET = object()
NOW = datetime(2026, 11, 28, 12, 0, 7, tzinfo=UTC)
"""A Saturday."""


class Opened(App[None]):
    """Shows one modal and keeps what it ended with."""

    def __init__(self, modal: Screen[Any]) -> None:
        super().__init__()
        self.modal = modal
        self.ended_with: object = NOTHING_YET

    def on_mount(self) -> None:
        self.push_screen(self.modal, self.keep)

    def keep(self, result: object) -> None:
        self.ended_with = result


async def reason(app: Opened) -> str:
    return str(app.screen.query_one("#reason", Static).content)


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
async def test_help_lists_every_key_and_leaves(key: str) -> None:
    app = Opened(HelpScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        text = str(app.screen.query_one(Static).content)
        assert "" in {each.label for each in ACTIONS}
        for each in ACTIONS:
            pane = rf"In {each.panes[0].name.capitalize()}: " if len(each.panes) == 1 else ""
            line = rf"^{re.escape(each.label or 'in palette')} +{pane}{re.escape(each.help.split()[0])}\b"
            assert re.search(line, text, re.MULTILINE | (re.IGNORECASE if pane else 0)), each.id
        assert "enter        In the filter: search" in text
        assert "tab          In the filter" in text
        await pilot.press(key)
        assert app.ended_with is None


async def test_help_scrolls_where_it_does_not_fit() -> None:
    app = Opened(HelpScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        box = app.screen.query_one(VerticalScroll)
        assert box.max_scroll_y > 0
        assert box.size.width <= 80
        await pilot.press("j")
        assert box.scroll_offset.y == 1
        await pilot.press("G")
        assert box.scroll_offset.y == box.max_scroll_y
        await pilot.press("k")
        assert box.scroll_offset.y == box.max_scroll_y - 1
        await pilot.press("g")
        assert box.scroll_offset.y == 0


def test_help_fits_its_width_and_groups_what_belongs_together() -> None:
    lines = help_lines(ACTIONS, 71)
    assert max(map(width, lines)) <= 71
    headings = [plain(line) for line in lines if line[0][1] is Role.STRONG]
    assert headings == [
        "Ask for events", "Read events and records", "Follow a lead", "Keep, compare, take away",
        "Narrow down what is loaded", "Trails", "Program", "Panes", "Move",
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [40, 71])
def test_help_says_pane_by_pane_what_changed_keys_did_before(cells: int) -> None:
    lines = changed_lines(cells)
    assert max(map(width, lines)) <= cells
    words = " ".join(" ".join(plain(line) for line in lines).split())
    assert [each for each in CHANGED_KEYS if f"{each.keys} {each.before} → {each.now}" not in words] == []
    headings = [plain(line) for line in lines if plain(line) in {each.pane for each in CHANGED_KEYS}]
    assert headings == list(dict.fromkeys(each.pane for each in CHANGED_KEYS))


@pytest.mark.parametrize("position", [0, 3, len(PRESETS) - 1])
async def test_a_preset_is_taken_with_enter(position: int) -> None:
    app = Opened(TimeRangeScreen(PRESETS[position][1], lambda: NOW))
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.screen.query_one(OptionList).highlighted == position
        await pilot.press("enter")
    assert app.ended_with == PRESETS[position][1]


AROUND = ("±15 minutes around StopLogging 14:01:12", parse_timespan("2026-11-21T13:46:12Z..2026-11-21T14:16:12Z"))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param(["down", "down", "up", "enter"], PRESETS[1][1], id="arrows move"),
        pytest.param(["2", "h", "enter"], Timespan("2h", timedelta(hours=2), None), id="a digit begins the line"),
        pytest.param(["m", "o", "n", "enter"], chosen_range("mon").resolved(NOW), id="a letter begins the line"),
        pytest.param(["k", "backspace", "5", "m", "enter"], Timespan("5m", timedelta(minutes=5), None), id="j, k too"),
        pytest.param(["4", "h", "up", "enter"], AROUND[1], id="up leaves the line to the end of the list"),
        pytest.param(["4", "h", "down", "enter"], PRESETS[0][1], id="down leaves it to the beginning"),
        pytest.param(["4", "up", "up", "h", "enter"], Timespan("4h", timedelta(hours=4), None), id="typing goes on"),
        pytest.param(["tab", "3", "d", "enter"], Timespan("3d", timedelta(days=3), None), id="tab goes to the line"),
    ],
)
async def test_what_is_typed_is_in_the_line_and_arrows_are_in_the_list(keys: list[str], expected: Timespan) -> None:
    app = Opened(TimeRangeScreen(PRESETS[0][1], lambda: NOW, [AROUND]))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
    assert app.ended_with == expected


@pytest.mark.parametrize("keys", [[], ["4", "h", "up"]], ids=["in the list", "back in the list, behind what is there"])
async def test_a_paste_is_in_the_line_whatever_has_the_focus(keys: list[str]) -> None:
    app = Opened(TimeRangeScreen(PRESETS[0][1], lambda: NOW, [AROUND]))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        app.post_message(Paste("..\n2h"))
        await pilot.pause()
        assert app.screen.query_one(Input).value == ("4h" if keys else "") + ".. 2h"
        await pilot.press("enter")
    assert isinstance(app.ended_with, Timespan)
    assert app.ended_with.end == timedelta(hours=2)


async def test_enter_in_an_empty_line_says_what_can_be_typed() -> None:
    app = Opened(TimeRangeScreen(PRESETS[0][1], lambda: NOW))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "enter")
        assert app.screen.query_one("#reason").has_class("-refused")
        assert "13:30..14:00" in await reason(app)


@pytest.mark.parametrize("size", [(80, 15), (40, 12)])
async def test_the_line_and_its_reason_are_in_sight_in_a_low_terminal(size: tuple[int, int]) -> None:
    app = Opened(TimeRangeScreen(PRESETS[0][1], lambda: NOW, [AROUND]))
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        for part in (OptionList, Input, "#reason"):
            assert app.screen.query_one(part).region.bottom < size[1], part


async def test_the_time_around_a_hostile_event_is_text() -> None:
    app = Opened(TimeRangeScreen(ALL_HISTORY, lambda: NOW, [("around [red]\x1b[2J", AROUND[1])]))
    async with app.run_test(size=(80, 24)):
        shown = "\n".join(str(option.prompt) for option in app.screen.query_one(OptionList).options)
    assert "around [red]␛[2J" in shown
    assert "\x1b" not in shown


async def test_every_preset_is_seen_at_80_by_24() -> None:
    app = Opened(TimeRangeScreen(ALL_HISTORY, lambda: NOW, [AROUND]))
    async with app.run_test(size=(80, 24)):
        presets, line = app.screen.query_one(OptionList), app.screen.query_one(Input)
        assert presets.size.height == len(PRESETS) + 1
        assert line.region.bottom < 24
        assert app.screen.query_one("#reason").region.bottom < 24


async def typed(pilot: Pilot[None], text: str) -> None:
    await pilot.press("tab", *(("full_stop" if each == "." else each) for each in text))


async def test_a_stretch_is_written_and_judged_at_each_key() -> None:
    app = Opened(TimeRangeScreen(ALL_HISTORY, lambda: NOW))
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "4")
        assert "'4' is not a time" in await reason(app)
        assert not app.screen.query_one("#reason").has_class("-refused")
        await pilot.press("enter")
        assert app.screen.query_one("#reason").has_class("-refused")
        await pilot.press("h")
        assert "no time" not in await reason(app)
        assert not app.screen.query_one("#reason").has_class("-refused")
        await pilot.press("enter")
    assert app.ended_with == Timespan("4h", timedelta(hours=4), None)


@pytest.mark.parametrize("text", ["1d..2d", "[bold]", "99999999999999d", "0001-01-01..", "999999w"])
async def test_what_is_no_stretch_is_never_taken(text: str) -> None:
    app = Opened(TimeRangeScreen(ALL_HISTORY, lambda: NOW))
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one(Input).value = text
        await pilot.press("tab", "enter")
        if app.ended_with is NOTHING_YET:
            assert app.screen.query_one("#reason").has_class("-refused")
            assert await reason(app)
        else:
            assert isinstance(app.ended_with, Timespan)


async def test_a_stretch_that_is_no_preset_stands_in_the_line() -> None:
    app = Opened(TimeRangeScreen(Timespan("2d..1d", timedelta(days=2), timedelta(days=1)), lambda: NOW))
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.screen.query_one(Input).value == "2d..1d"
        assert app.screen.query_one(Input).has_focus
        await pilot.press("escape")
    assert app.ended_with is None


class Host(Screen[None]):
    """A screen that does actions by writing them down."""

    def __init__(self, now: ActionContext) -> None:
        super().__init__()
        self.now = now
        self.done: list[str] = []

    def perform(self, action_id: str) -> None:
        self.done.append(action_id)

    def action_context(self) -> ActionContext:
        return self.now


def found(box: Palette) -> list[str]:
    """The lines of the palette, blanks folded."""
    return [" ".join(str(option.prompt).split()) for option in box.query_one(OptionList).options]


class Finder(CtuiApp):
    """ctui with a screen of ours in the place of the main one."""

    CSS_PATH = None  # type: ignore[assignment]

    def __init__(self, host: Screen[None]) -> None:
        super().__init__(asyncio.Future)
        self.host = host

    def get_default_screen(self) -> Screen[None]:
        return self.host


async def opened_palette(pilot: Pilot[None], typed: str = "") -> Palette:
    """The palette, with so much typed."""
    await pilot.press("ctrl+p")
    palette = pilot.app.screen
    assert isinstance(palette, Palette)
    palette.query_one(Input).value = typed
    await pilot.pause()
    return palette


async def test_the_palette_offers_every_action_that_has_a_place_there_and_what_is_off_comes_last() -> None:
    host = Host(ActionContext(connected=True))
    assert isinstance(host, ActionHost)
    entries = list(Palette(entries_of(host)).matching([]))
    assert sorted(each.sentence for each in entries) == sorted(each.help for each in ACTIONS if each.palette)
    off = [bool(each.off) for each in entries]
    assert off == sorted(off)
    assert {True, False} == set(off)
    assert "no events loaded" in {each.off for each in entries}


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (60, 24)])
async def test_name_group_and_key_stand_in_columns_one_line_each(size: tuple[int, int]) -> None:
    app = Finder(Host(ActionContext(connected=True)))
    async with app.run_test(size=size) as pilot:
        palette = await opened_palette(pilot)
        lines = [str(option.prompt) for option in palette.query_one(OptionList).options]
        assert all("\n" not in line and len(line) <= size[0] - 4 for line in lines)
        by_name = {line[:18].strip(): (line[18:27].strip(), line[27:38].strip()) for line in lines}
        assert by_name["range"] == ("Ask", "t")
        assert by_name["quit"] == ("Program", "q")
        assert by_name["previous notable"] == ("Narrow", "{")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sort", []),
        ("indented", ["copy"]),
        ("copy men", ["copy menu", "copy menu"]),
        ("stop log", ["start/stop"]),
        ("previous", ["previous view", "previous notable"]),
        ("PREVIOUS notab", ["previous notable"]),
        ("q", ["questions", "quit"]),
        ("ctrl+l", ["clear"]),
        ("theme light", ["theme", "theme"]),
    ],
)
async def test_typing_finds_by_the_beginnings_of_words(typed: str, expected: list[str]) -> None:
    app = Finder(Host(ActionContext(connected=True)))
    async with app.run_test(size=(160, 48)) as pilot:
        palette = await opened_palette(pilot, typed)
        names = [str(option.prompt)[:18].strip() for option in palette.query_one(OptionList).options]
        assert names[: len(expected)] == expected or sorted(names) == sorted(expected)
        assert bool(names) == bool(expected)
        assert ("nothing has these words" in str(palette.query_one(Vertical).border_subtitle)) == (not expected)


async def test_what_is_found_in_the_palette_is_done_by_the_screen() -> None:
    host = Host(ActionContext(connected=True))
    app = Finder(host)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened_palette(pilot, "indented")
        await pilot.press("enter")
        await pilot.pause()
        assert host.done == ["copy"]
        assert app.screen is host


async def test_themes_are_chosen_in_the_palette_by_name() -> None:
    app = Finder(Host(ActionContext()))
    async with app.run_test(size=(80, 24)) as pilot:
        palette = await opened_palette(pilot, "theme ctui-light")
        assert found(palette) == ["theme Program ctui-light"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == "ctui-light"


async def test_typing_goes_on_in_the_palette_whatever_was_pressed() -> None:
    app = Finder(Host(ActionContext(connected=True)))
    async with app.run_test(size=(80, 24)) as pilot:
        palette = await opened_palette(pilot)
        await pilot.press("tab", "down", "shift+tab", *"quit")
        assert [line.split()[0] for line in found(palette)] == ["quit"]


async def test_a_screen_without_actions_offers_themes_alone() -> None:
    app = Finder(Screen())
    async with app.run_test(size=(80, 24)) as pilot:
        lines = found(await opened_palette(pilot))
        assert "theme Program ctui-dark, in use" in lines
        assert all(line.startswith("theme Program ") for line in lines)
        await pilot.press("escape", "ctrl+p", "ctrl+p")
        assert isinstance(app.screen, Palette), "one of them is enough"


async def test_help_is_searched_by_words_and_esc_forgets_the_search_before_it_closes() -> None:
    app = Opened(HelpScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"mark event")
        keys, grammar = (str(app.screen.query_one(name, Static).content) for name in ("#help-keys", "#help-filter"))
        assert "Keep, compare, take away" in keys
        assert "Marks of events" in keys, "a heading has words too"
        assert "Load the next page" not in keys
        assert grammar.strip() == ""
        await pilot.press("enter", "j", "escape")
        assert "Load the next page" in str(app.screen.query_one("#help-keys", Static).content)
        assert app.ended_with is NOTHING_YET
        await pilot.press("slash", *"qqq")
        assert "nothing has these words" in str(app.screen.query_one("#help-keys", Static).content)
        await pilot.press("escape", "escape")
    assert app.ended_with is None


def test_help_finds_each_action_by_what_footer_and_palette_call_it() -> None:
    missing = [each.id for each in ACTIONS if not _finds(each, each.title) or not _finds(each, each.help)]
    assert missing == []


def _finds(action: Action, typed: str) -> bool:
    """Whether help has the action's line for these words."""
    lines = help_lines(ACTIONS, 200, typed.casefold().split())
    return any(plain(line).endswith(action.help[1:]) for line in lines)


@pytest.mark.parametrize("size", [(60, 24), (40, 24), (80, 24), (160, 48)])
async def test_help_is_readable_in_narrow_terminals(size: tuple[int, int]) -> None:
    app = Opened(HelpScreen())
    async with app.run_test(size=size) as pilot:
        box = app.screen.query_one(VerticalScroll)
        for name in ("#help-keys", "#help-filter"):
            pane = app.screen.query_one(name, Static)
            assert max(map(len, str(pane.content).splitlines())) <= pane.size.width
        assert box.virtual_size.width <= box.size.width
        await pilot.press("escape")

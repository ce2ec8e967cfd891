"""Help, the time picker and the palette, each over an app of its own."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from textual.app import App
from textual.command import Provider
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from ctui.model.lookup.timespan import ALL_HISTORY, PRESETS, Timespan, chosen_range, parse_timespan
from ctui.render.help.changed_keys import CHANGED_KEYS
from ctui.render.text.spans import plain, width
from ctui.ui.actions.palette import ActionHost, ActionProvider
from ctui.ui.actions.registry import ACTIONS, ActionContext
from ctui.ui.boxes.time_range import TimeRangeScreen
from ctui.ui.screens.help import HelpScreen, changed_lines, help_lines
from ctui.ui.themes import load_themes

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
            line = rf"^{re.escape(each.label or 'in palette')} +{re.escape(each.help.split()[0])}\b"
            assert re.search(line, text, re.MULTILINE), each.id
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
    groups = [plain(line) for line in lines if plain(line) in {each.group for each in ACTIONS}]
    assert len(groups) == len(set(groups)) == len({each.group for each in ACTIONS})


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


class Finder(App[None]):
    """An app with nothing but the palette."""

    COMMANDS: ClassVar[set[type[Provider]]] = {ActionProvider}  # type: ignore[assignment]

    def __init__(self, host: Screen[None]) -> None:
        super().__init__()
        self.host = host

    def on_mount(self) -> None:
        for theme in load_themes()[0]:
            self.register_theme(theme)
        self.push_screen(self.host)


async def hits(provider: ActionProvider, query: str) -> dict[str, str | None]:
    found = provider.search(query) if query else provider.discover()
    return {str(hit.text): hit.help async for hit in found}


async def in_palette(host: Screen[None], check: Callable[[Finder, Pilot[None]], Any]) -> None:
    app = Finder(host)
    async with app.run_test(size=(80, 24)) as pilot:
        await check(app, pilot)


async def test_the_palette_offers_every_action_that_has_a_place_there_and_says_which_is_off() -> None:
    host = Host(ActionContext(connected=True))
    assert isinstance(host, ActionHost)

    async def check(app: Finder, pilot: Pilot[None]) -> None:
        found = await hits(ActionProvider(host), "")
        assert list(found) == [each.help.rstrip(".") for each in ACTIONS if each.palette]
        assert found["Copy the selected event's record as indented JSON"] == "disabled: no events loaded"
        assert found["Quit ctui"] is None

    await in_palette(host, check)


async def test_what_is_found_in_the_palette_is_done_by_the_screen() -> None:
    host = Host(ActionContext(connected=True))

    async def check(app: Finder, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p", *"indented")
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        assert host.done == ["copy"]

    await in_palette(host, check)


async def test_themes_are_chosen_in_the_palette_by_name() -> None:
    async def check(app: Finder, pilot: Pilot[None]) -> None:
        found = await hits(ActionProvider(app.host), "ctui-light")
        assert "Theme: ctui-light" in found
        await pilot.press("ctrl+p", *"ctui", "minus", *"light")
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == "ctui-light"

    await in_palette(Host(ActionContext()), check)


async def test_a_screen_without_actions_offers_themes_alone() -> None:
    async def check(app: Finder, pilot: Pilot[None]) -> None:
        assert await hits(ActionProvider(app.host), "") == {}
        found = await hits(ActionProvider(app.host), "e")
        assert found
        assert all(text.startswith("Theme: ") for text in found)

    await in_palette(Screen(), check)

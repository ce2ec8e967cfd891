"""Stories of keys that cannot do anything now, of help, palette, range, copying and refreshing."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import Driver

from ctui.emulator.testing import CloudTrail
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_keys_that_are_off_say_why(empty: CloudTrail, open_app: Open) -> None:
    async with open_app(empty) as ctui:
        for key, reason in (
            ("enter", "no events loaded"),
            ("4", "no events loaded"),
            ("c", "no events loaded"),
            ("m", "the whole range is loaded"),
            ("M", "the whole range is loaded"),
        ):
            await ctui.press(key)
            assert ctui.notices() == [f"{key}: {reason}"], "it stands in place of the one before"


async def test_an_empty_history_says_so_and_offers_what_helps(empty: CloudTrail, open_app: Open) -> None:
    async with open_app(empty, lookup=Lookup(timespan=parse_timespan("15m"))) as ctui:
        text = " ".join(ctui.pane("events"))
        assert "No event" in text
        assert re.search(r"\bt (longer|change)", text)


async def test_help_lists_every_key_and_leaves_with_esc(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        for key in ("question_mark", "f1"):
            await ctui.press(key)
            assert "Load the next page of events." in ctui.text()
            await ctui.press("escape")
            assert "Search AWS for the next page" not in ctui.text()
        await ctui.press("question_mark")
        ctui.shot("help")


async def test_the_palette_finds_an_action_by_name(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("ctrl+p")
        await ctui.press(*"selected event's record as")
        assert "copy              Keep     c          Copy the selected event's record as indented JSON." in ctui.text()
        ctui.shot("palette")
        await ctui.press("escape")
        assert ctui.focus() == "events"


async def test_the_palette_changes_the_theme(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        dark = ctui.app.theme
        await ctui.press("ctrl+p")
        await ctui.press(*"theme ctui-light", "enter")
        assert ctui.app.theme != dark
        assert ctui.app.theme == "ctui-light"
        await ctui.settle()
        ctui.shot("light")


async def test_a_range_is_chosen_and_asked_for(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("t")
        assert "last 3 hours" in ctui.text()
        ctui.shot("range")
        await ctui.press("home", "down", "down", "enter")
        assert "last 3 hours" in ctui.title("events")
        assert "Thursday" not in ctui.text()
        await ctui.press("t", "escape")
        assert "last 3 hours" in ctui.title("events")


async def test_refresh_asks_everything_anew(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        before = week.calls["LookupEvents"], week.calls["DescribeTrails"], week.calls["GetTrailStatus"]
        await ctui.press("j")
        chosen = ctui.cursor()
        await ctui.press("r")
        after = week.calls["LookupEvents"], week.calls["DescribeTrails"], week.calls["GetTrailStatus"]
        assert after[0] > before[0]
        assert after[1] == before[1] + 1
        assert after[2] > before[2]
        assert ctui.cursor() == chosen
        assert re.search(r"\b2 of >\d+$", ctui.title("events"))


async def test_copying_sends_the_record_as_ascii_json_and_says_which_way(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("j", "c")
        assert re.fullmatch(r"\w+ \d\d:\d\d:\d\d sent to the terminal", ctui.notices()[-1])
        (sent,) = ctui.copied
        assert sent.isascii()
        assert sent.startswith("{\n  ")
        assert json.loads(sent)["eventName"] in ctui.cursor()

"""Stories of browsing: trails, status, events, the record, and the way back."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import SMALL, Driver

from ctui.emulator.testing import CloudTrail
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan

Open = Callable[..., AbstractAsyncContextManager[Driver]]
HALF_A_DAY = Lookup(timespan=parse_timespan("12h"))
TWO_DAYS = Lookup(timespan=parse_timespan("2026-11-18T20:00Z..2026-11-19T04:00Z"))
STOPPED = Lookup(attribute=LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging"))
TIME = re.compile(r"\d\d:\d\d:\d\d")


def rows(lines: list[str]) -> list[str]:
    """The event lines of the pane."""
    return [line for line in lines if TIME.search(line)]


async def test_the_first_screen_shows_trails_status_and_events(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        assert re.match(r"ctui +prod · 111111111111 · us-east-1 · http://127\.0\.0\.1", ctui.line("header"))
        assert any("org-audit" in line for line in ctui.pane("trails"))
        assert "legacy" in ctui.title("status")
        assert any(line.strip().startswith("Logging") for line in ctui.pane("status"))
        assert ctui.focus() == "events"
        assert ctui.title("events").endswith("1 of >50")
        assert len(rows(ctui.pane("events"))) > 30
        assert "50 scanned" in ctui.line("feed-line")
        assert ctui.line("feed-line").endswith("more")
        assert not ctui.seen("detail")
        assert ctui.notices() == []
        ctui.shot("browse")


async def test_times_go_down_and_the_day_stands_where_it_changes(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, lookup=TWO_DAYS) as ctui:
        assert "Thursday 19 November 2026" in ctui.pane("events")[1]
        await ctui.press("M", "G")
        seen: list[str] = []
        while "Wednesday 18 November" not in "".join(ctui.pane("events")):
            seen.append(ctui.cursor())
            await ctui.press("pageup")
            assert ctui.cursor() != seen[-1]
        lines = ctui.pane("events")
        day = next(n for n, line in enumerate(lines) if "Wednesday 18 November" in line)
        before, after = (
            [found[0] for line in part if (found := TIME.search(line))] for part in (lines[1:day], lines[day + 1 :])
        )
        for times in (before, after):
            assert times == sorted(times, reverse=True)
        assert before[-1] < after[0]


async def test_nearing_the_end_asks_for_more_and_the_cursor_stays_on_its_event(
    week: CloudTrail, open_app: Open
) -> None:
    async with open_app(week) as ctui:
        await ctui.press(*["j"] * 45)
        before = ctui.cursor()
        assert ctui.title("events").endswith("46 of >100")
        await ctui.press("m")
        assert ctui.cursor() == before
        assert ctui.title("events").endswith("46 of >150")


async def test_everything_in_range_is_loaded_and_then_said_to_be_all(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, lookup=HALF_A_DAY) as ctui:
        await ctui.press("M")
        total = int(ctui.title("events").split(" of ")[1].replace(",", ""))
        assert total > 100
        assert not ctui.line("feed-line").endswith("more")
        await ctui.press("G")
        assert ctui.title("events").endswith(f"{total:,} of {total:,}")
        await ctui.press("m")
        assert ctui.notices()[-1] == "m: the whole range is loaded"


async def test_enter_opens_the_record_which_follows_the_cursor_and_closes_again(
    week: CloudTrail, open_app: Open
) -> None:
    async with open_app(week) as ctui:
        await ctui.press("j", "j", "enter")
        assert ctui.seen("detail")
        first = ctui.title("detail")
        assert ctui.cursor().split()[1] in first
        assert any("eventVersion" in line for line in ctui.pane("detail"))
        assert any("2026-11-20" in line and "UTC" in line for line in ctui.pane("detail"))
        ctui.shot("detail")
        await ctui.press("j", "j", "j")
        assert ctui.cursor().split()[1] in ctui.title("detail")
        await ctui.press("4")
        assert ctui.focus() == "detail"
        await ctui.press("G")
        assert ctui.pane("detail")[-1].startswith("▌")
        await ctui.press("v", "G")
        assert ctui.pane("detail")[-1].strip("▌ ") == "}"
        await ctui.press("escape")
        assert not ctui.seen("detail")
        assert ctui.focus() == "events"


async def test_the_incident_can_be_found_and_read(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, lookup=STOPPED) as ctui:
        assert ctui.cursor().startswith("✗")
        assert ctui.cursor().endswith("AccessDenied")
        await ctui.press("j", "enter")
        assert ctui.cursor().startswith("!")
        assert "StopLogging" in ctui.title("detail")
        assert "stopped" in ctui.pane("detail")[0]
        ctui.shot("incident")


async def test_another_trail_brings_its_status(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("1")
        assert ctui.focus() == "trails"
        first = ctui.title("status")
        await ctui.press("j")
        assert ctui.title("status") != first
        await ctui.press("2")
        assert ctui.focus() == "status"


async def test_tab_goes_round_the_panes_in_sight(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        seen = []
        for _ in range(4):
            seen.append(ctui.focus())
            await ctui.tap("tab")
        assert seen == ["events", "trails", "status", "events"]
        await ctui.press("3", "enter", "tab")
        assert ctui.focus() == "detail"
        await ctui.press("shift+tab")
        assert ctui.focus() == "events"


MOVES = (
    ("j", 2),
    ("j down down", 4),
    ("j j k", 2),
    ("j j up", 2),
    ("k", 1),
    ("ctrl+d ctrl+u", 1),
    ("pagedown pageup", 1),
    ("G g", 1),
    ("end home", 1),
)


async def test_movement_keys(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        for keys, row in MOVES:
            await ctui.press("g", *keys.split())
            assert ctui.title("events").split(" ── ")[-1].startswith(f"{row} of "), keys


async def test_a_small_terminal_shows_events_and_one_line_of_status(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, SMALL) as ctui:
        assert not ctui.seen("trails")
        assert len(rows(ctui.pane("events"))) >= 12
        assert "legacy" in ctui.line("status-summary")
        header = ctui.pane("events")[0]
        # None of the rows in sight failed, so there is no column of errors.
        columns = ("time UTC", "event", "user", "error")
        assert [word for word in columns if word in header] == ["time UTC", "event", "user"]
        assert ctui.line("keys").endswith("q quit")
        ctui.shot("small")


async def test_on_a_small_terminal_trails_slide_in_and_leave_with_esc(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, SMALL) as ctui:
        await ctui.press("1")
        assert ctui.seen("trails")
        assert ctui.seen("status")
        assert ctui.focus() == "trails"
        await ctui.press("tab")
        assert ctui.focus() == "status"
        await ctui.press("escape")
        assert not ctui.seen("trails")
        assert ctui.focus() == "events"


async def test_on_a_small_terminal_the_record_takes_half_then_all_then_leaves(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, SMALL) as ctui:
        await ctui.press("j", "enter")
        assert ctui.seen("events")
        assert ctui.seen("detail")
        await ctui.press("enter")
        assert not ctui.seen("events")
        assert ctui.focus() == "detail"
        await ctui.press("escape")
        assert ctui.seen("events")
        assert ctui.seen("detail")
        await ctui.press("escape")
        assert not ctui.seen("detail")
        assert ctui.focus() == "events"


async def test_esc_steps_back_one_thing_at_a_time(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("enter", "question_mark")
        await ctui.press("escape")
        assert ctui.focus() == "events"
        assert ctui.seen("detail")
        await ctui.press("escape")
        assert not ctui.seen("detail")
        await ctui.press("escape")
        assert ctui.app.is_running

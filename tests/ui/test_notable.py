"""What is notable on the screen: its mark, the key that shows it alone, the keys that jump to it, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from support.counted import counting
from support.driver import SMALL, WIDE
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event

from ctui.core.explorer import explorer_parts
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.errors import StoreError
from ctui.model.event.event import Event
from ctui.model.event.summary import Summary
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.help.legend import EVENT_MARKS, OTHER_MARKS, TRAIL_MARKS
from ctui.render.help.sections import legend_lines
from ctui.render.panes.event_lines import mark
from ctui.render.panes.row_mark import LATE, MARK
from ctui.render.panes.trail_list import trail_mark
from ctui.render.roles import Role
from ctui.render.text.spans import plain
from ctui.ui.screens.browse import BrowseScreen

from .conftest import Open

FIRST = Summary(EPOCH, "GetUser", "alice", "", "iam.amazonaws.com", "", 0, "us-east-1", "", False, False)


def history(count: int, *, notable: tuple[int, ...] = (), failed: tuple[int, ...] = ()) -> list[Event]:
    """Events, newest first; those of the given numbers create an access key, or fail."""
    return [
        event(
            number,
            EPOCH - number * timedelta(minutes=1),
            name="CreateAccessKey" if number in notable else "GetUser",
            source="iam.amazonaws.com",
            user=f"user-{number}",
            error="AccessDenied" if number in failed else None,
        )
        for number in range(count)
    ]


async def test_the_key_shows_what_is_notable_alone_and_again_everything(open_app: Open) -> None:
    async with open_app(Service(history(40, notable=(3, 9), failed=(9, 20)))) as ctui:
        await ctui.press("exclamation_mark")
        assert ctui.typed() == "is:notable"
        assert [line.split()[0] for line in ctui.pane("events") if "CreateAccessKey" in line] == ["▌!", "✗"]
        assert not any("GetUser" in line for line in ctui.pane("events"))
        await ctui.press("exclamation_mark")
        assert ctui.typed() == ""
        assert ctui.title("events").endswith("of 40")


async def test_the_toggle_asks_nothing_and_makes_no_state_for_a_row(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()
    monkeypatch.setattr(explorer_parts, "ExplorerState", counting(counts, "explorer", ExplorerState))
    service = Service(history(400, notable=tuple(range(0, 400, 3))))
    async with open_app(service) as ctui:
        await ctui.press("M")
        calls = dict(service.calls)
        for _ in range(2):
            counts.clear()
            await ctui.press("exclamation_mark")
            assert 1 <= counts["explorer"] <= 4, "one for the key, the others as two portions of rows are filtered"
        assert service.calls == calls


async def test_keys_jump_to_what_is_notable_or_failed(open_app: Open) -> None:
    async with open_app(Service(history(45, notable=(3, 30), failed=(9,)))) as ctui:
        for key, user in (
            ("right_curly_bracket", "user-3"),
            ("right_curly_bracket", "user-9"),
            ("right_curly_bracket", "user-30"),
            ("right_curly_bracket", "user-30"),
            ("left_curly_bracket", "user-9"),
            ("left_curly_bracket", "user-3"),
            ("left_curly_bracket", "user-3"),
        ):
            await ctui.press(key)
            assert user in ctui.cursor(), key
        assert "nothing notable or failed above" in ctui.notices()[-1]


async def test_keys_that_come_together_each_jump(open_app: Open) -> None:
    async with open_app(Service(history(45, notable=(3, 12, 30), failed=(9,)))) as ctui:
        await ctui.press(*["right_curly_bracket"] * 3)
        assert "user-12" in ctui.cursor()


async def test_a_far_one_is_found_in_portions(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    plainly = BrowseScreen._read

    def counted(screen: BrowseScreen, ids: Sequence[int]) -> Mapping[int, Summary]:
        read.append(len(ids))
        return plainly(screen, ids)

    monkeypatch.setattr(BrowseScreen, "_read", counted)
    async with open_app(Service(history(3_000, notable=(2_700,)))) as ctui:
        await ctui.press("M")
        read.clear()
        await ctui.press("right_curly_bracket")
        assert "user-2700" in ctui.cursor()
        assert max(read) <= 100


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_the_record_says_why(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(history(12, notable=(3, 9), failed=(9,))), size=size) as ctui:
        await ctui.press("right_curly_bracket", "enter")
        assert "Notable  creates an access key (T1098.001 Additional Cloud Credentials)" in "\n".join(
            ctui.pane("detail")
        )
        await ctui.press("right_curly_bracket")
        assert "Notable  tried, and failed: creates an access key" in "\n".join(ctui.pane("detail"))


def test_the_legend_has_each_mark_in_each_color() -> None:
    of_events = {
        mark(replace(FIRST, unreadable=unreadable, error=error, notable=notable))
        for unreadable, error, notable in product(
            (False, True), ("", "AccessDenied", "NoSuchBucket", "Throttled"), (False, True)
        )
    }
    of_events |= {(MARK, Role.ACCENT), (LATE, Role.ACCENT)}
    assert of_events - {mark(FIRST)} == {span for line, _ in EVENT_MARKS for span in line if span[0] != " "}
    now = datetime(2026, 11, 28, tzinfo=UTC)
    trail = Trail(name="audit", arn=None, home_region="us-east-1")
    statuses = [
        None,
        TrailStatus(is_logging=True, latest_delivery_time=now, start_logging_time=now),
        TrailStatus(is_logging=False),
        TrailStatus(is_logging=False, stop_logging_time=now),
        TrailStatus(is_logging=True, latest_delivery_error="NoSuchBucket"),
        TrailStatus(is_logging=True, latest_notification_error="NotFound"),
    ]
    of_trails = {trail_mark(trail, status, None, now) for status in statuses}
    of_trails.add(trail_mark(trail, None, StoreError("a", "b", "c"), now))
    in_legend = {span for line, _ in TRAIL_MARKS for span in line if span[0] != " "}
    assert of_trails <= in_legend
    assert {glyph for glyph, _ in of_trails} == {glyph for glyph, _ in in_legend}


@pytest.mark.parametrize("glyph", "▌▮▯▾▸█▔░●━‹›…—▲·└◂␛⟨")
def test_the_legend_has_each_mark_of_other_places(glyph: str) -> None:
    assert any(glyph in plain(line) for line, _ in OTHER_MARKS)


@pytest.mark.parametrize("width", [30, 75])
def test_the_legend_fits(width: int) -> None:
    lines = [plain(line) for line in legend_lines(width)]
    assert all(len(line) <= width for line in lines)
    assert "!            notable: Detail" in "\n".join(lines)


async def test_help_shows_the_legend(open_app: Open) -> None:
    async with open_app(Service(history(3))) as ctui:
        await ctui.press("question_mark")
        for _ in range(30):
            if "notable: Detail says why" in ctui.text():
                break
            await ctui.press("ctrl+d")
        assert "notable: Detail says why" in ctui.text()

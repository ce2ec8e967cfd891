"""Stories of answers that are not as the API says: what is odd is marked, told of and counted, and costs no other."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.lossy import lossy_line
from support.stage import connector

from ctui.emulator.testing import CloudTrail

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def odd_page(answer: dict[str, Any]) -> dict[str, Any]:
    """The page with an event that is nothing, one in other types, and one without a time that can be read."""
    events = answer["Events"]
    events[1] = None
    events[2] |= {"ReadOnly": False, "Username": 42}
    events[3] |= {"EventTime": events[3]["EventTime"] * 1000, "CloudTrailEvent": 7, "EventName": "Odd\x1b[2J"}
    return answer


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_odd_events_stand_in_the_list_with_a_mark_and_say_why(
    week: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with lossy_line(week.endpoint_url) as line:
        line.bend("LookupEvents", odd_page)
        async with open_app(week, size=size, connect=connector(week, endpoint_url=line.url)) as ctui:
            rows = [row[1:].strip() for row in ctui.pane("events") if "──" not in row]
            marked = {number: row for number, row in enumerate(rows) if row.startswith("?")}
            assert list(marked) == [2, 4]
            assert marked[2].startswith("? ??:??:?? (unreadable)")
            assert marked[4].startswith("? ??:??:?? Odd")
            assert "2 partly unreadable" in ctui.line("feed-line")
            assert ctui.title("events").endswith("1 of >50"), "and no other event is missing"
            await ctui.press("j", "enter")
            detail = "\n".join(ctui.pane("detail"))
            assert "This event could not be read" in detail
            assert "The event should be an object, but is null" in detail
            assert "unreadable" in detail
            await ctui.press("c")
            assert ctui.copied[-1] == "null"
            await ctui.press("escape", "j", "enter")
            detail = " ".join("\n".join(ctui.pane("detail")).split())
            assert "ReadOnly is false, not text" in detail
            assert "Username is 42, not text" in detail
            await ctui.press("escape", "j", "enter")
            detail = " ".join("\n".join(ctui.pane("detail")).split())
            assert "CloudTrailEvent should be a record, but is 7" in detail
            assert "\x1b" not in ctui.text()
            ctui.shot(f"odd-events-{size[0]}")


async def test_a_filter_takes_a_value_that_came_in_another_type(week: CloudTrail, open_app: Open) -> None:
    async with lossy_line(week.endpoint_url) as line:
        line.bend("LookupEvents", odd_page)
        async with open_app(week, connect=connector(week, endpoint_url=line.url)) as ctui:
            await ctui.press("/")
            await ctui.write("user:42 is:write")
            await ctui.press("escape")
            assert ctui.title("events").endswith("1 of 1 in >50")


async def test_an_answer_without_events_is_told_and_m_goes_on_from_there(week: CloudTrail, open_app: Open) -> None:
    async with (
        lossy_line(week.endpoint_url) as line,
        open_app(week, connect=connector(week, endpoint_url=line.url)) as ctui,
    ):
        line.bend("LookupEvents", lambda answer: {})
        await ctui.tap("m")
        await ctui.wait_until(lambda: bool(ctui.notices()))
        assert ctui.title("events").endswith("1 of >50")
        (told,) = ctui.notices()
        assert told.splitlines()[0] == "Incomplete answer"
        assert "Events is missing" in told
        assert "m continues from here" in " ".join(told.split())
        assert not ctui.line("feed-line").endswith("complete")
        assert "Incomplete answer" in ctui.line("feed-line")
        line.mend()
        await ctui.press("r")
        # Our clock went on meanwhile and the service's stands still, which is told, too. How far it went depends on how
        # long answers took: after a minute the title says that the answer is old, as "1 of 100 in >100".
        assert " 1 of " in ctui.title("events")
        assert ctui.title("events").endswith(">100")
        assert told not in ctui.notices()


async def test_one_odd_trail_hides_no_other_and_nothing_can_be_done_to_it(week: CloudTrail, open_app: Open) -> None:
    async with lossy_line(week.endpoint_url) as line:
        line.bend("DescribeTrails", lambda answer: {"trailList": [*answer["trailList"], None, {"S3BucketName": "b"}]})
        line.bend("GetTrailStatus", lambda answer: {**answer, "LatestDeliveryTime": "soon"})
        async with open_app(week, connect=connector(week, endpoint_url=line.url)) as ctui:
            trails = [row for row in ctui.pane("trails") if row.strip()]
            assert any("org-audit" in row for row in trails)
            assert "✗ (unreadable)" in trails[-1]
            await ctui.press("1")
            status = " ".join("\n".join(ctui.pane("status")).split())
            assert "unreadable" in status
            assert 'LatestDeliveryTime should be a time, but is "soon"' in status
            assert "no delivery" not in status
            await ctui.press("G")
            status = " ".join("\n".join(ctui.pane("status")).split())
            assert "A trail should be an object, but is null" in status
            await ctui.press("d")
            assert "this trail could not be read" in ctui.notices()[-1]
            assert week.calls["DeleteTrail"] == 0

"""Following on the screen: rows come above the cursor, which stays on its event; what it costs and how far it is."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, denied
from support.fakes.service import Service, event, events

from ctui.model.region import RegionStatus
from ctui.model.trail.trail import Trail, TrailStatus

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def look(ctui: Driver, seconds: float = 15) -> None:
    """Let so much time pass, and look what is due then, as the screen does by itself every few seconds."""
    clock = ctui.session.clock
    assert isinstance(clock, AutoClock)
    clock.advance(seconds)
    ctui.session.follow.look()
    await ctui.settle()


async def happen(ctui: Driver, service: Service, *numbers: int, ago: int = 0) -> None:
    """Events with these numbers, a second apart, so many seconds ago; then ctui looks."""
    await look(ctui)
    now = ctui.session.clock.now().replace(microsecond=0)
    for place, number in enumerate(numbers):
        service.events.append(event(number, now + timedelta(seconds=place - ago), user=f"user-{number}"))
    await look(ctui)


def users(ctui: Driver) -> list[str]:
    """The callers of the rows in sight, from the top on."""
    return [word for line in ctui.pane("events") for word in line.split() if word.startswith("user-")]


async def test_new_events_come_above_the_cursor_which_stays_on_its_event(open_app: Open) -> None:
    service = Service(events(20, EPOCH))
    async with open_app(service, WIDE) as ctui:
        assert "newest first" in ctui.title("events")
        await ctui.press("F")
        assert "following" in ctui.title("events")
        assert "calls/h" in ctui.line("feed-line")
        await happen(ctui, service, 100)
        assert "user-100" in ctui.pane("events")[2]
        assert "user-0" in ctui.cursor(), "the record that keys act on is the same"
        await ctui.press("g")
        assert "user-100" in ctui.cursor()
        await happen(ctui, service, 101, 102)
        assert "user-100" in ctui.cursor()
        assert "user-102" in ctui.pane("events")[2]
        assert "new ▲" not in ctui.title("events")


async def test_what_came_above_a_cursor_that_was_moved_is_counted_and_g_goes_there(open_app: Open) -> None:
    service = Service(events(60, EPOCH))
    async with open_app(service, SMALL) as ctui:
        await ctui.press("F", "j", "j")
        before = users(ctui)
        await happen(ctui, service, *range(100, 112))
        assert "11 new ▲ · g" in ctui.title("events"), "one of them has the line of the day"
        assert users(ctui)[1:] == before, "nothing moves under the eyes"
        assert "user-2" in ctui.cursor()
        await ctui.press("g")
        assert "new ▲" not in ctui.title("events")
        assert "user-111" in ctui.cursor()


async def test_an_open_record_stays_while_events_come(open_app: Open) -> None:
    service = Service(events(20, EPOCH))
    async with open_app(service, WIDE) as ctui:
        await ctui.press("F", "enter")
        assert "user-0" in "".join(ctui.pane("detail"))
        await happen(ctui, service, 100, 101)
        assert "user-0" in "".join(ctui.pane("detail"))
        assert "user-0" in ctui.cursor()


async def test_a_late_event_has_a_sign_and_the_line_filters_what_comes(open_app: Open) -> None:
    service = Service(events(20, EPOCH))
    async with open_app(service, WIDE) as ctui:
        await ctui.press("F")
        for _ in range(8):
            await look(ctui)
        await happen(ctui, service, 100, 101)
        await happen(ctui, service, 102, ago=240)
        for _ in range(5):
            await look(ctui)
        (late,) = [line for line in ctui.pane("events") if "user-102 " in line]
        assert late[2] == "↓"
        await ctui.press("slash")
        await ctui.write("user:user-200")
        await ctui.press("enter")
        await happen(ctui, service, 200, 201)
        assert "following" in ctui.title("events"), "another question goes on with it"
        assert ["user-200" in line for line in ctui.pane("events") if "user-2" in line] == [True]


async def test_what_keeps_it_from_going_on_is_said_and_f_stops_it(open_app: Open) -> None:
    service = Service(events(20, EPOCH))
    async with open_app(service, SMALL) as ctui:
        await ctui.press("F")
        await look(ctui)
        service.fail["lookup_events"] = denied("LookupEvents")
        await look(ctui, 300)
        assert "behind · Denied, r now" in ctui.line("feed-line")
        del service.fail["lookup_events"]
        await look(ctui, 60)
        assert "Denied" not in ctui.line("feed-line")
        await ctui.press("F")
        assert "following" not in ctui.title("events")
        assert "calls/h" not in ctui.line("feed-line")
        before = service.lookups
        await look(ctui, 600)
        assert service.lookups == before


def trail(name: str, *, home: str = "eu-west-1", all_regions: bool = False) -> Trail:
    return Trail(name, f"arn:aws:cloudtrail:{home}:{ACCOUNT}:trail/{name}", home, is_multi_region_trail=all_regions)


TRAILS = [
    (trail("here"), TrailStatus(True)),
    (trail("there", home="us-west-2"), TrailStatus(True)),
    (trail("whole", home="us-east-1", all_regions=True), TrailStatus(True)),
]


@pytest.mark.parametrize(
    ("name", "followed", "words"),
    [
        ("here", {"eu-west-1"}, "here covers eu-west-1. Following eu-west-1."),
        ("there", {"eu-west-1", "us-west-2"}, "there covers us-west-2. Following eu-west-1, us-west-2."),
        (
            "whole",
            {"eu-west-1", "us-east-1", "sa-east-1"},
            "whole covers every Region. Following those that are enabled.",
        ),
    ],
)
async def test_a_trail_is_followed_in_the_regions_that_it_covers(
    open_app: Open, name: str, followed: set[str], words: str
) -> None:
    service = Service(events(5, EPOCH), TRAILS)
    enabled = {"eu-west-1": True, "us-east-1": True, "sa-east-1": True, "me-south-1": False}
    service.regions = tuple(RegionStatus(region, enabled=is_enabled) for region, is_enabled in enabled.items())
    async with open_app(service, WIDE) as ctui:
        await ctui.press("1", *["j"] * [one.name for one, _ in TRAILS].index(name))
        await ctui.press("F")
        await look(ctui)
        service.asked.clear()
        await look(ctui)
        assert {scan.scope.region for scan, _ in service.asked} == followed
        assert ctui.focus() == "events"
        assert words in " ".join(ctui.notices()).replace("\n", " ")


FAILED = [
    (TrailStatus(True), None),
    (TrailStatus(True, latest_delivery_error="AccessDenied"), None),
    (
        TrailStatus(
            True,
            latest_delivery_error="AccessDenied",
            latest_delivery_time=EPOCH - timedelta(days=1),
            latest_delivery_attempt_time="2026-11-21T11:30:00Z",
        ),
        "11:15 to 11:45",
    ),
    (
        TrailStatus(True, latest_digest_delivery_error="NoSuchBucket", latest_digest_delivery_time=EPOCH),
        "11:45 to 12:15",
    ),
    (TrailStatus(True, latest_delivery_error="AccessDenied", latest_delivery_attempt_time="\x1b[2J"), None),
]


@pytest.mark.parametrize(("status", "words"), FAILED)
async def test_events_around_a_failed_delivery_are_asked_for_where_its_time_is_known(
    open_app: Open, status: TrailStatus, words: str | None
) -> None:
    service = Service(events(20, EPOCH), [(trail("audit"), status)])
    async with open_app(service, WIDE) as ctui:
        await ctui.press("slash")
        await ctui.write("user:user-1")
        await ctui.press("enter", "1")
        before = service.lookups
        await ctui.press("D")
        if words is None:
            assert service.lookups == before
            assert "D: " in " ".join(ctui.notices())
            return
        assert words in ctui.title("events")
        assert ctui.focus() == "events"
        assert len(set(users(ctui))) > 1, "whatever the filter was"
        await ctui.press("escape")
        assert set(users(ctui)) == {"user-1"}

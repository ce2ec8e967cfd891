"""What a screen says while pages are on their way, and how a load is stopped."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import Driver
from support.fakes.clock import EPOCH, FakeClock
from support.fakes.service import Service, events

from ctui.errors import CtuiError

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_the_frame_stands_before_the_first_answer(open_app: Open) -> None:
    service = Service(events(10, EPOCH))
    service.hold()
    async with open_app(service, settle=False) as ctui:
        await ctui.wait_until(lambda: service.lookups == 1)
        await ctui.pilot.pause()
        assert ctui.title("events").endswith("loading …")
        assert "Loading events" in " ".join(ctui.pane("events"))
        assert "enter detail" in ctui.line("keys")
        service.release()
        await ctui.settle()
        assert ctui.title("events").endswith("1 of 10")


async def test_an_answer_that_does_not_come_is_counted_in_seconds(open_app: Open) -> None:
    service = Service(events(200, EPOCH))
    async with open_app(service) as ctui:
        service.hold()
        await ctui.tap("m")
        assert ctui.line("header").endswith("loading")
        clock = ctui.session.clock
        assert isinstance(clock, FakeClock)
        clock.advance(12)
        await ctui.wait_until(lambda: ctui.line("header").endswith("no answer for 12 s"))
        service.release()
        await ctui.settle()
        assert "no answer" not in ctui.line("header")


async def test_everything_is_loaded_with_a_progress_line_and_esc_stops_it(open_app: Open) -> None:
    service = Service(events(1_000, EPOCH))
    async with open_app(service) as ctui:
        service.hold()
        await ctui.tap("M")
        assert "esc" in ctui.line("feed-line")
        await ctui.tap("M")
        assert "already loading the whole range" in ctui.notices()[-1]
        await ctui.tap("enter", "escape")
        service.release()
        await ctui.settle()
        assert "esc" not in ctui.line("feed-line")
        assert ctui.seen("detail")
        assert ">50" in ctui.title("events") or ">100" in ctui.title("events")


async def test_one_page_may_be_on_its_way_at_a_time(open_app: Open) -> None:
    service = Service(events(200, EPOCH))
    async with open_app(service) as ctui:
        service.hold()
        await ctui.tap("m", "m")
        assert ctui.notices()[-1] == "m: already loading the next page"
        service.release()
        await ctui.settle()
        assert ctui.title("events").endswith("1 of >100")


async def test_the_cursor_stays_on_its_event_when_newer_ones_come_above_it(open_app: Open) -> None:
    old = events(60, EPOCH)
    service = Service(old[5:])
    async with open_app(service) as ctui:
        await ctui.press("j", "j", "j")
        chosen, line = ctui.cursor(), [n for n, text in enumerate(ctui.pane("events")) if text.startswith("▌")]
        # A second scope's page brings newer rows.
        store = ctui.session._stored.store
        scope = ctui.session._stored.scope
        assert store is not None
        assert scope is not None
        placed = await store.add_page(scope, old[:5])
        ctui.session.explorer.query._scans.rows.merge((row.row_id, row.second) for row in placed)
        ctui.session.explorer.query._publish()
        await ctui.settle()
        assert ctui.cursor() == chosen
        assert ctui.title("events").split(" ── ")[-1].startswith("9 of ")
        assert [n for n, text in enumerate(ctui.pane("events")) if text.startswith("▌")] == line


async def test_what_failed_and_what_to_do_are_two_sentences(open_app: Open) -> None:
    service = Service(events(3, EPOCH))
    service.fail["lookup_events"] = CtuiError("The service failed", "LookupEvents: HTTP 500", "Press r in a moment.")
    async with open_app(service) as ctui:
        assert ctui.notices() == ["The service failed\nLookupEvents: HTTP 500. Press r in a moment."]


async def test_a_failure_of_two_places_is_told_once_and_goes_when_both_are_well_again(open_app: Open) -> None:
    service = Service(events(3, EPOCH))
    service.fail = dict.fromkeys(("describe_trails", "lookup_events"), CtuiError("Not reachable", "Nobody answers."))
    async with open_app(service) as ctui:
        assert ctui.notices() == ["Not reachable\nNobody answers."]
        service.fail.clear()
        await ctui.press("r")
        assert ctui.notices() == []

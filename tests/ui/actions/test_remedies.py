"""Taking what an empty answer offers: it shows what it promises."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from support.driver import Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def shown(ctui: Driver) -> str:
    """What stands in the pane."""
    return " ".join(" ".join(ctui.pane("events")).split())


async def ask(ctui: Driver, line: str) -> None:
    """Type a line and ask it."""
    await ctui.press("slash", "ctrl+l")
    await ctui.write(line)
    await ctui.press("enter")


async def take(ctui: Driver, offer: str) -> None:
    """Press the key of an offer."""
    found = re.search(rf"(\d) {re.escape(offer)}", shown(ctui))
    assert found is not None, shown(ctui)
    await ctui.press(found[1])


async def test_all_that_is_remembered_is_asked_whatever_range_stood_beside_the_line(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("t", "home", "enter")
        assert "last 15 minutes" in ctui.title("events")
        await ask(ctui, "user:user-9 since:2026-07-01 until:2026-08-01")
        await take(ctui, "search all history")
        assert ctui.typed() == "user:user-9"
        assert "all history" in ctui.title("events")
        assert "user-9" in ctui.cursor()


async def test_the_range_is_widened_to_what_is_here(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ctui.press("slash")
        await ctui.write("since:20m")
        await ctui.press("escape")
        assert "the range hides all 45" in shown(ctui)
        await take(ctui, "widen the range to the loaded events")
        assert ctui.title("events").endswith("of 45")


async def test_terms_that_both_keep_everything_out_are_left_out_together(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ctui.press("slash")
        await ctui.write("name:Nope user:user-* since:20m")
        await ctui.press("escape")
        assert "name:Nope and the range together hide 45 of 45 that nothing else hides" in shown(ctui)
        await take(ctui, "remove name:Nope and widen the range to the loaded events")
        assert ctui.title("events").endswith("1 of 45 in 45")


async def test_what_no_event_can_match_is_told_without_a_call_and_one_of_both_is_offered(open_app: Open) -> None:
    service = Service(events(45, EPOCH - timedelta(hours=1)))
    async with open_app(service) as ctui:
        before = service.lookups
        await ask(ctui, "user:user-3 user:user-4")
        assert "▲ user:user-3 and user:user-4 exclude each other: no event can match" in shown(ctui)
        assert ctui.line("feed-line").startswith("nothing searched · no event can match ")
        await ctui.press("m", "M")
        assert service.lookups == before
        await take(ctui, "use user:user-3,user-4")
        assert ctui.typed() == "user:user-3,user-4"
        assert "user-" in ctui.cursor()


async def test_while_it_is_typed_a_line_that_no_event_can_match_is_no_reason_to_search(open_app: Open) -> None:
    async with open_app(Service(events(400, EPOCH - timedelta(hours=1)))) as ctui:
        await ctui.press("slash")
        await ctui.write("is:read is:write ")
        assert "is:read and is:write exclude each other: no event can match" in shown(ctui)
        assert "only 50 events loaded" not in shown(ctui)


async def test_the_line_below_names_the_branches_and_what_is_filtered_here(open_app: Open) -> None:
    async with open_app(Service(events(400, EPOCH - timedelta(hours=1)))) as ctui:
        await ask(ctui, "(user:user-3 OR resource:nothing) -ip:10.0.0.0/8")
        assert ctui.line("feed-line").startswith("API: Username=user-3 or ResourceName=nothing · filtered here: -ip · ")


async def test_a_value_in_the_wrong_case_is_offered_with_case_ignored(open_app: Open) -> None:
    history = [
        event(number, EPOCH - timedelta(minutes=number), record={"requestParameters": {"bucketName": "logs"}})
        for number in range(5)
    ]
    async with open_app(Service(history)) as ctui:
        await ask(ctui, "requestParameters.bucketName:Lo*")
        await take(ctui, "use requestParameters.bucketName:~Lo*")
        assert ctui.title("events").count("5")


async def test_only_a_value_that_is_recorded_elsewhere_is_named(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH))) as ctui:
        await ask(ctui, "source:s3,iam")
        assert "iam.amazonaws.com is recorded in us-east-1, which was not searched" in shown(ctui)
        assert "s3.amazonaws.com is recorded" not in shown(ctui)


async def test_a_range_in_which_nothing_is_told_can_be_left(open_app: Open) -> None:
    history = [event(1, EPOCH - timedelta(days=3), user="alice", error="AccessDenied")]
    async with open_app(Service(history)) as ctui:
        await ctui.press("slash")
        await ctui.write("user:alice is:error ip:203.0.113.9 since:1d")
        await ctui.press("enter")
        await take(ctui, "search all history")
        assert ctui.typed() == "user:alice is:error ip:203.0.113.9"
        assert "all history" in ctui.title("events")
        assert "alice" in ctui.cursor()


async def test_a_time_of_day_stays_as_it_was_typed(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ask(ctui, "since:11:30 user:user-1 is:error")
        await take(ctui, "remove is:error")
        assert ctui.typed() == "user:user-1 since:11:30"

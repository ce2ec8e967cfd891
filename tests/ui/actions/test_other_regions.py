"""Regions that a line names: what was not asked is told with the rows, and can be asked."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import REGION
from support.fakes.service import Service, event

from ctui.errors import AccessDenied
from ctui.ui.actions.palette import ActionHost
from ctui.ui.actions.registry import action

Open = Callable[..., AbstractAsyncContextManager[Driver]]

OTHER = "af-south-1"


def two_regions() -> Service:
    """Three stops here, two there."""
    here, there = (
        [
            event(number, EPOCH - timedelta(minutes=number), name="StopLogging", record={"awsRegion": region})
            for number in numbers
        ]
        for region, numbers in ((REGION, range(3)), (OTHER, range(10, 12)))
    )
    service = Service(here)
    service.elsewhere[OTHER] = list(there)
    return service


def host(ctui: Driver) -> ActionHost:
    """The screen, as the palette sees it."""
    assert isinstance(ctui.app.screen, ActionHost)
    return ctui.app.screen


async def ask(ctui: Driver, line: str) -> None:
    """Type a line and ask it."""
    await ctui.press("slash")
    await ctui.write(line)
    await ctui.press("enter")


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_rows_of_one_region_are_not_called_all_of_it_and_a_key_asks_the_other(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(two_regions(), size) as ctui:
        await ask(ctui, f"region:{OTHER},{REGION} name:StopLogging")
        assert ctui.title("events").endswith("1 of 3 in 3")
        line = ctui.line("feed-line")
        assert line.endswith(f"{OTHER} not searched, 5 search it")
        assert ("complete" in line) is (size == WIDE)
        assert f"complete in {REGION} · " in line or size == SMALL
        await ctui.press("slash")
        assert ctui.line("feed-line").endswith(f"{OTHER} not searched")
        await ctui.press("escape", "5")
        assert ctui.line("feed-line").endswith("complete")
        assert ctui.title("events").endswith("of 5 in 5")
        assert ctui.session.state.added_regions == (OTHER,)


async def test_the_palette_asks_what_is_named(open_app: Open) -> None:
    async with open_app(two_regions()) as ctui:
        why = action("ask-regions").disabled_reason(host(ctui).action_context())
        assert why == "all Regions in the filter are already searched"
        await ask(ctui, f"region:{OTHER},eu-north-1,Narnia")
        host(ctui).perform("ask-regions")
        await ctui.settle()
        assert ctui.session.state.added_regions == (OTHER, "eu-north-1")
        assert ctui.line("feed-line").endswith("Narnia not searched")


REFUSED = "af-south-1: Access denied"


def one_refuses() -> Service:
    """The other Region takes no lookups."""
    service = two_regions()
    service.refusing[OTHER] = AccessDenied(
        "Access denied",
        "You may not.",
        "Ask.",
        code="UnrecognizedClientException",
        status=400,
        service_message="Bad token",
    )
    return service


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_region_that_refuses_is_named_once_and_can_be_left_out_beside_rows(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(one_refuses(), size) as ctui:
        ctui.session.explorer.search_also(OTHER)
        await ctui.settle()
        assert [notice.split("\n")[0] for notice in ctui.notices()] == [REFUSED]
        ctui.app.clear_notifications()
        await ask(ctui, "name:StopLogging")
        assert ctui.notices() == [], "not with every question"
        assert ctui.line("feed-line").endswith(f"{REFUSED}, 5 leave it out")
        await ctui.press("5")
        assert ctui.session.state.added_regions == ()
        assert ctui.line("feed-line").endswith("complete")
        assert ctui.title("events").endswith("of 3 in 3")
        assert OTHER not in ctui.line("header")
        ctui.session.explorer.search_also(OTHER)
        await ctui.settle()
        assert [notice.split("\n")[0] for notice in ctui.notices()] == [REFUSED], "added anew, it is told anew"


async def test_a_region_that_refuses_is_named_in_an_empty_pane_and_left_out_there(open_app: Open) -> None:
    async with open_app(one_refuses()) as ctui:
        ctui.session.explorer.search_also(OTHER)
        await ask(ctui, "user:nobody")
        text = " ".join(" ".join(ctui.pane("events")).split())
        assert f"{OTHER} refused: Bad token 5 leave {OTHER} out" in text
        await ctui.press("5")
        assert "refused" not in " ".join(ctui.pane("events"))
        assert ctui.session.state.added_regions == ()


async def test_the_palette_goes_back_to_the_region_we_work_in(open_app: Open) -> None:
    async with open_app(two_regions()) as ctui:
        assert action("one-region").disabled_reason(host(ctui).action_context()) == "only this Region is searched"
        ctui.session.explorer.search_also(OTHER)
        await ctui.settle()
        assert ctui.title("events").endswith("of 5")
        host(ctui).perform("one-region")
        await ctui.settle()
        assert ctui.title("events").endswith("of 3")
        assert ctui.session.state.added_regions == ()


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_row_for_an_event_of_two_regions_names_both(open_app: Open, size: tuple[int, int]) -> None:
    service = two_regions()
    service.elsewhere[OTHER].append(service.events[1])
    async with open_app(service, size) as ctui:
        assert not any("+1" in line for line in ctui.pane("events"))
        ctui.session.explorer.search_also(OTHER)
        await ctui.settle()
        assert ctui.title("events").endswith("of 5")
        rows = [line for line in ctui.pane("events") if "StopLogging" in line]
        assert [f"{REGION} +1" in row for row in rows] == [False, True, False, False, False]
        # The other copy may come while the record is read, and after the row was drawn.
        await ctui.press("j", "enter")
        assert f"Found in {REGION}, {OTHER}" in " ".join(ctui.pane("detail")).replace("  ", " ")
        await ctui.press("j")
        assert "Found in" not in "\n".join(ctui.pane("detail"))
        ctui.session.explorer.search_only()
        await ctui.settle()
        assert not any("+1" in line for line in ctui.pane("events"))

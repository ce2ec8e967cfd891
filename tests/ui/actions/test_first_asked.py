"""What the screen says while only the cheap part of `about:X` was asked: what that found, and cannot have found."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import denied
from support.fakes.service import PAGE, Service, event

from ctui.render.panes.first_asked import FirstFacts
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.text.spans import plain, width

Open = Callable[..., AbstractAsyncContextManager[Driver]]
SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
NOW = datetime(2026, 11, 21, 14, 2, tzinfo=EPOCH.tzinfo)


def service(*, listed: int | None = 80, named: int = 120) -> Service:
    """200 events: one lists the trail, one only names it in the request."""
    return Service(
        [
            event(
                n,
                EPOCH - timedelta(minutes=30 + n),
                user=f"user-{n}",
                resource="legacy" if n == listed else None,
                record={"requestParameters": {"name": "legacy"}} if n == named else None,
            )
            for n in range(4 * PAGE)
        ]
    )


@SIZES
async def test_what_was_found_first_is_never_called_complete(open_app: Open, size: tuple[int, int]) -> None:
    api = service()
    async with open_app(api, size=size) as ctui:
        await ctui.press("slash")
        await ctui.write("about:legacy")
        await ctui.press("enter")
        assert "user-80" in ctui.cursor()
        assert "1 of 1 in >" in ctui.title("events")
        assert "by resource name" in ctui.title("events")
        foot = ctui.line("feed-line")
        assert "ResourceName=legacy, 1 found" in foot
        assert "requests" in foot
        assert "M scan the rest" in foot
        assert "complete" not in foot
        calls = len(api.asked)
        await ctui.press("j", "k", "G")
        assert len(api.asked) == calls
        await ctui.press("escape", "slash")
        await ctui.write("about:legacy")
        await ctui.press("escape", "M")
        assert len(ctui.session.explorer.rows.ids) == 2
        assert "complete" in ctui.line("feed-line")
        assert "by resource" not in ctui.title("events")


@SIZES
async def test_an_empty_answer_says_where_it_has_not_looked(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(service(listed=None), size=size) as ctui:
        await ctui.press("slash")
        await ctui.write("about:legacy")
        await ctui.press("enter")
        text = " ".join(" ".join(ctui.pane("events")).split())
        assert "no event lists legacy as a resource; only" in text
        assert "scanned for it in requests" in text
        assert "5 search the rest" in text
        await ctui.press("5")
        assert "user-120" in ctui.cursor()
        assert "complete" in ctui.line("feed-line")


async def test_events_that_another_term_hides_are_not_said_to_be_missing(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("slash")
        await ctui.write("about:legacy")
        await ctui.press("enter", "x")
        text = " ".join(" ".join(ctui.pane("events")).split())
        assert "the one event that lists legacy as a resource does not match; only" in text
        assert "no event lists" not in text


async def test_a_refusal_stands_in_the_foot_and_enter_asks_again(open_app: Open) -> None:
    api = service()
    async with open_app(api) as ctui:
        api.failures.extend([denied("LookupEvents")] * 3)
        await ctui.press("slash")
        await ctui.write("about:legacy")
        await ctui.press("enter")
        assert "Denied, r retry" in ctui.line("feed-line")
        api.failures.clear()
        await ctui.press("r")
        assert "user-80" in ctui.cursor()
        assert "1 found" in ctui.line("feed-line")


async def test_the_values_of_resources_complete_it(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("M", "slash")
        await ctui.write("about:leg")
        await ctui.press("tab")
        assert ctui.typed().strip() == "about:legacy"


FACTS = {
    "timespan": "all", "scanned": 54, "loaded": 57, "more": True, "loading": False, "loading_all": False,
    "oldest": NOW, "pages": 2, "client_filter": ["about"], "now": NOW, "matching": 3, "eta": (40.0, 50.0),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "first", "cells", "expected"),
    [
        (
            {}, {}, 160,
            " API: ResourceName=legacy, 3 found · requests and responses: 54 scanned, back to 14:02 · "
            "M scan the rest, about 45 s",
        ),
        ({}, {}, 80, " API: ResourceName=legacy, 3 found · requests only to 14:02 · M scan the rest"),
        (
            {}, {"loading": True, "complete": False}, 140,
            " API: ResourceName=legacy, >3 found · requests and responses: 54 scanned, back to 14:02 · "
            "loading …, esc stop",
        ),
        (
            {}, {"complete": False}, 140,
            " API: ResourceName=legacy, >3 found · requests and responses: 54 scanned, back to 14:02 · "
            "stopped, / enter continue",
        ),
        (
            {"oldest": None, "scanned": 0}, {}, 120,
            " API: ResourceName=legacy, 3 found · requests and responses not scanned · M scan the rest, about 45 s",
        ),
        (
            {"loading": True, "loading_all": True}, {}, 140,
            " API: ResourceName=legacy, 3 found · requests and responses: 54 scanned, back to 14:02 · "
            "about 45 s for the rest, esc stop",
        ),
    ],
)  # fmt: skip
def test_the_line_below_says_both_parts(
    changed: dict[str, object], first: dict[str, bool], cells: int, expected: str
) -> None:
    how = {"loading": False, "complete": True, **first}
    facts = QueryFacts(**{**FACTS, **changed}, first=FirstFacts([("ResourceName", "legacy")], 3, **how))  # type: ignore[arg-type]
    assert plain(query_line(facts, cells)).rstrip() == expected
    for room in range(20, 200, 7):
        line = query_line(facts, room)
        assert width(line) == room
        assert "complete" not in plain(line)
        words = ("M rest", "M scan", "loading", "stopped", "about 45 s")
        assert room < 62 or any(word in plain(line) for word in words)

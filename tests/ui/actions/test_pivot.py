"""The pivot menu: from a value of the selected event to the events that share it, and back."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from support.counted import counting
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import PAGE, Service, event

from ctui.core.explorer import explorer_parts
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup import query_state
from ctui.core.lookup.query_state import QueryState
from ctui.ui.boxes.pivot import PivotScreen

Open = Callable[..., AbstractAsyncContextManager[Driver]]
USERS = ("alice", "bob", "carol", "bob")


def service(count: int = 2 * PAGE) -> Service:
    """An event each minute, of four users in turn; every fifth fails, and every tenth is about a trail."""
    return Service(
        [
            event(
                n,
                EPOCH - timedelta(minutes=n),
                user=USERS[n % len(USERS)],
                error="AccessDenied" if n % 5 == 0 else None,
                resource="legacy" if n % 10 == 0 else None,
                record={"requestParameters": {"name": "legacy"}} if n % 10 == 5 else None,
            )
            for n in range(count)
        ]
    )


def menu(ctui: Driver) -> list[str]:
    """The lines of the menu, blanks folded."""
    assert isinstance(ctui.app.screen, PivotScreen), "there is no menu"
    box = ctui.app.screen.query_one("Vertical").region
    lines = ctui.screen()[box.y + 1 : box.bottom - 1]
    return [" ".join(line[box.x + 1 : box.right - 1].split()) for line in lines]


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_the_menu_has_each_value_with_the_number_of_loaded_events(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(service(), size=size) as ctui:
        await ctui.press("p")
        assert menu(ctui) == [
            "u user alice 13",
            "b about user alice 0",
            "i ip 203.0.113.9 50",
            "e event DescribeInstances 50",
            "r resource legacy 10",
            "x error AccessDenied 10",
            "a around ±15 min 16",
            "of 50 loaded events, more exist",
        ]
        assert "enter search · + add · - exclude · esc cancel" in ctui.text()
        await ctui.press("escape")
        assert not isinstance(ctui.app.screen, PivotScreen)
        assert ctui.typed() == ""


async def test_a_letter_makes_the_value_the_question_and_the_way_back_is_there(open_app: Open) -> None:
    api = service()
    async with open_app(api) as ctui:
        await ctui.press("j", "j", "p", "u")
        assert ctui.typed() == "user:carol"
        assert api.asked[-1][0].attribute is not None
        assert "carol" in ctui.cursor()
        calls = len(api.asked)
        await ctui.press("[")
        assert (ctui.typed(), len(api.asked)) == ("", calls)
        assert "carol" in ctui.cursor()
        await ctui.press("]")
        assert (ctui.typed(), len(api.asked)) == ("user:carol", calls)
        await ctui.press("escape")
        assert (ctui.typed(), len(api.asked)) == ("", calls)


async def test_enter_takes_the_value_under_the_cursor(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("p", "down", "down", "down", "enter")
        assert ctui.typed() == "name:DescribeInstances"


async def test_plus_adds_and_minus_excludes_without_a_call(open_app: Open) -> None:
    api = service()
    async with open_app(api) as ctui:
        await ctui.press("p", "plus")
        assert "Add to the filter" in ctui.text()
        await ctui.press("u")
        assert ctui.typed() == "user:alice"
        await ctui.press("p", "+", "x")
        assert ctui.typed() == "user:alice error:AccessDenied"
        calls = len(api.asked)
        await ctui.press("p", "-")
        assert "Exclude from the filter" in ctui.text()
        await ctui.press("-", "-", "r")
        assert ctui.typed() == "user:alice error:AccessDenied -about:legacy"
        assert len(api.asked) == calls
        await ctui.press("[", "[")
        assert ctui.typed() == "user:alice"


async def test_a_range_is_not_excluded_and_a_missing_value_is_named(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("p", "minus", "a")
        assert "a time range cannot be excluded" in menu(ctui)[-1]
        await ctui.press("k")
        assert "this event has no key" in menu(ctui)[-1]
        await ctui.press("minus", "a")
        assert ctui.typed().startswith("since:2026")
        assert ctui.title("events").startswith("3 Events")


async def test_around_shows_what_happened_before_and_after_with_the_cursor_on_the_event(open_app: Open) -> None:
    async with open_app(service(5 * PAGE)) as ctui:
        await ctui.press(*["j"] * 20, "p", "a")
        assert len(ctui.session.explorer.rows.ids) == 31
        assert ctui.app.screen.query_one("#events").row == 15  # type: ignore[attr-defined]


async def test_a_new_question_leaves_a_short_range_and_what_is_added_stays_in_it(open_app: Open) -> None:
    async with open_app(service(5 * PAGE)) as ctui:
        await ctui.press(*["j"] * 20, "p", "a", "p", "plus", "u")
        assert ctui.typed().startswith("user:alice since:")
        assert len(ctui.session.explorer.rows.ids) == 7
        await ctui.press("p", "x")
        assert ctui.typed() == "error:AccessDenied"
        assert "all history" in ctui.title("events")
        await ctui.press("[")
        assert ctui.typed().startswith("user:alice since:")


async def test_it_opens_from_detail(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        await ctui.press("j", "enter", "4", "p")
        assert menu(ctui)[0] == "u user bob 25"


async def test_a_value_of_the_record_opens_it(open_app: Open) -> None:
    async with open_app(service()) as ctui:
        ctui.app.screen._late.pivots.open_value("userIdentity.userName", "alice")  # type: ignore[attr-defined]
        await ctui.settle()
        assert menu(ctui)[:4] == [
            "u user alice 13",
            "w who alice 13",
            "p userIdentity.userName alice 13",
            "y anywhere alice 13",
        ]
        await ctui.press("p")
        assert ctui.typed() == "userIdentity.userName:alice"


async def test_the_menu_is_there_before_its_counts_and_leaves_without_them(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(service()) as ctui:
        store, let_go = ctui.session.queries.stored.store, asyncio.Event()
        assert store is not None
        match = store.match

        async def waiting(*given: Any) -> Any:
            await let_go.wait()
            return await match(*given)

        monkeypatch.setattr(store, "match", waiting)
        await ctui.tap("p")
        await ctui.wait_until(lambda: isinstance(ctui.app.screen, PivotScreen))
        await ctui.wait_until(lambda: "u user alice …" in menu(ctui))
        assert menu(ctui)[-2] == "a around ±15 min …"
        assert menu(ctui)[-1] == "of 50 loaded events, more exist, counting …"
        await ctui.tap("down", "up", "escape")
        assert not isinstance(ctui.app.screen, PivotScreen)
        let_go.set()
        await ctui.press("p")
        assert menu(ctui)[0] == "u user alice 13"


async def test_recorded_text_is_no_markup_and_nothing_raw(open_app: Open) -> None:
    hostile = "[red]a\x1b[2J\u202eb"
    async with open_app(Service([event(1, EPOCH, user=hostile)])) as ctui:
        await ctui.press("p")
        assert "[red]a" in menu(ctui)[0]
        assert "\x1b" not in ctui.text()
        assert "\u202e" not in ctui.text()
        await ctui.press("u")
        assert ctui.session.explorer.error is None
        assert len(ctui.session.explorer.rows.ids) == 1


async def test_without_an_event_it_says_so(open_app: Open) -> None:
    async with open_app(Service([])) as ctui:
        await ctui.press("p")
        assert any("p: no events loaded" in notice for notice in ctui.notices())


async def test_the_menu_and_its_counts_cause_no_call_and_no_state(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: Counter[str] = Counter()
    monkeypatch.setattr(query_state, "QueryState", counting(built, "query", QueryState))
    monkeypatch.setattr(explorer_parts, "ExplorerState", counting(built, "explorer", ExplorerState))
    api = service(5 * PAGE)
    async with open_app(api) as ctui:
        await ctui.press("M")
        assert built["query"]
        assert built["explorer"]
        built.clear()
        calls, reads = api.calls.copy(), Counter[str]()
        store = ctui.session.queries.stored.store
        assert store is not None
        monkeypatch.setattr(store, "match", counting(reads, "match", store.match))
        await ctui.press("p")
        assert menu(ctui)[0] == "u user alice 63"
        assert (dict(built), api.calls) == ({}, calls)
        # A range is searched without a read; the rows are one portion of each other value.
        assert 1 <= reads["match"] <= 10
        await ctui.press("down", "down", "+", "-", "escape")
        assert (dict(built), api.calls) == ({}, calls)

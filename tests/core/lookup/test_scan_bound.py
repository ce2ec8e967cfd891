"""Asking what no attribute selects costs a bounded number of calls; what goes on without a bound is asked for."""

from datetime import timedelta

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event, expired, unreachable
from support.sessions import OpenStore

from ctui.core.lookup.event_query import PAGES_WITHOUT_A_ROW, QueryPhase
from ctui.core.lookup.load_goal import SCAN_EVENTS, SCAN_PAGES
from ctui.core.lookup.query_state import Halt

HISTORY = 12_000


@pytest.fixture(scope="module")
def history() -> list[object]:
    """An event a minute, the first half an hour ago; one in a thousand names svc-backup, which no attribute holds."""
    return [
        event(
            f"e{number}",
            EPOCH - timedelta(minutes=number + 30),
            username="bob" if number % 2 else "alice",
            record='{"note":"svc-backup"}' if number % 1000 == 7 else "{}",
        )
        for number in range(HISTORY)
    ]


def calls(service: FakeCloudTrail) -> int:
    return service.calls["LookupEvents"]


@pytest.mark.parametrize("line", ["svc-backup", "-source:s3", "ip:10.*", "/svc-b.ckup/", "is:error"])
async def test_a_line_that_no_attribute_selects_stops_at_five_thousand_events(
    start: StartSession, service: FakeCloudTrail, history: list[object], line: str
) -> None:
    service.events = history  # type: ignore[assignment]
    session = await start()
    explorer = session.explorer
    explorer.type(line)
    explorer.ask()
    assert session.explorer.query.state.scan_to == SCAN_EVENTS
    await session.idle()
    state = session.explorer.query.state
    assert (state.halt, state.scanned, calls(service)) == (Halt.BOUND, SCAN_EVENTS, SCAN_EVENTS // 50)
    assert (state.phase, state.loading_all, state.scan_to) == (QueryPhase.PAUSED, False, None)
    explorer.near_end(filling=True)
    await session.idle()
    assert calls(service) == SCAN_EVENTS // 50, "room on the screen is no reason to go beyond the bound"
    before = session.explorer.query.state.pages
    explorer.near_end()
    await session.idle()
    assert 0 < session.explorer.query.state.pages - before <= PAGES_WITHOUT_A_ROW
    assert session.explorer.query.state.halt is Halt.BOUND, "to look at the rows takes none of the words away"


async def test_everything_goes_on_without_the_bound_and_asking_again_goes_on_by_as_much(
    start: StartSession, service: FakeCloudTrail, history: list[object]
) -> None:
    service.events = history  # type: ignore[assignment]
    session = await start()
    explorer = session.explorer
    explorer.type("svc-backup")
    for asked in (1, 2):
        await session.ask()
        await service.clock.sleep(120)
        state = explorer.state
        assert 0 <= state.query.scanned - asked * SCAN_EVENTS < 50, "no page is asked for once so many are here"
        assert state.shown in (asked * 5, asked * 5 + 1)
    session.explorer.query.everything()
    assert session.explorer.query.state.scan_to is None
    await session.idle()
    assert (session.explorer.query.state.phase, explorer.state.shown) == (QueryPhase.COMPLETE, 12)
    assert calls(service) <= HISTORY // 50 + 2, "what is asked again after two minutes costs the newest page"


async def test_a_line_that_an_attribute_selects_has_no_bound(
    start: StartSession, service: FakeCloudTrail, history: list[object]
) -> None:
    service.events = history  # type: ignore[assignment]
    session = await start()
    explorer = session.explorer
    explorer.type("user:bob svc-backup")
    explorer.ask()
    assert session.explorer.query.state.scan_to is None
    await session.idle()
    assert (session.explorer.query.state.phase, session.explorer.query.state.halt) == (QueryPhase.COMPLETE, None)
    assert session.explorer.query.state.scanned == HISTORY // 2


async def test_small_pages_do_not_make_the_bound_cost_more(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [event(f"e{number}", EPOCH - timedelta(minutes=number + 30)) for number in range(900)]
    service.page_size = 3
    session = await start()
    before = calls(service)
    await session.ask("nowhere")
    assert (session.explorer.query.state.halt, calls(service) - before) == (Halt.BOUND, SCAN_PAGES)


async def test_what_the_store_holds_has_no_bound_and_costs_no_call(
    start: StartSession, service: FakeCloudTrail, history: list[object], lasting: OpenStore
) -> None:
    service.events = history  # type: ignore[assignment]
    session = await start(open_store=lasting)
    await session.load_all()
    explorer = session.explorer
    before = calls(service)
    await session.ask("svc-backup until:2026-11-21T11:40Z")
    assert (calls(service), explorer.state.shown) == (before, 12)
    assert (session.explorer.query.state.phase, session.explorer.query.state.halt) == (QueryPhase.COMPLETE, None)


async def test_the_bound_outlives_a_connection_that_broke(
    start: StartSession, service: FakeCloudTrail, history: list[object]
) -> None:
    service.events = history  # type: ignore[assignment]
    session: CoreDriver = await start(FakeConnector(service, [unreachable()]))
    session.refresh()
    await session.ask("svc-backup")
    assert (session.explorer.query.state.halt, session.explorer.query.state.scanned) == (Halt.BOUND, SCAN_EVENTS)
    session.explorer.query.everything()
    service.failures.extend([None, None, expired()])
    await session.idle()
    assert session.explorer.query.state.phase is QueryPhase.FAILED
    assert session.explorer.query.outstanding.everything
    assert session.explorer.query.outstanding.scan_to is None

"""Two Regions under one question: rows in one order, each Region at its own pace, neither asked twice."""

from datetime import timedelta

import pytest
from support.core_driver import StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import ACCOUNT, REGION, FakeCloudTrail, denied, event, unreachable
from support.stored import event_ids

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

OTHER = "us-east-1"
SETTLED = Lookup(parse_timespan("2026-11-20T12:00Z..2026-11-21T11:40Z"))


def fill(service: FakeCloudTrail, here: int, there: int) -> list[str]:
    """Events every two minutes here and every three there, the first half an hour ago; names in the order of time."""
    begin = EPOCH - timedelta(minutes=30)
    service.events = [event(f"here{number}", begin - timedelta(minutes=2 * number)) for number in range(here)]
    service.elsewhere[OTHER] = [
        event(f"there{number}", begin - timedelta(minutes=3 * number, seconds=1)) for number in range(there)
    ]
    everything = service.events + service.elsewhere[OTHER]
    return [one.event_id for one in sorted(everything, key=lambda one: one.time, reverse=True)]


def account(session: Session) -> str | None:
    return session.state.account


async def test_rows_of_both_stand_in_one_order(start: StartSession, service: FakeCloudTrail) -> None:
    expected = fill(service, 200, 150)
    session = await start(lookup=SETTLED)
    session.explorer.search_also(OTHER)
    await session.load_all()
    assert session.loaded() == expected
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert session.state.added_regions == (OTHER,)


async def test_both_reach_back_evenly_and_the_state_tells_of_the_one_that_lags(
    start: StartSession, service: FakeCloudTrail
) -> None:
    expected = fill(service, 400, 100)
    session = await start(lookup=SETTLED)
    session.explorer.search_also(OTHER)
    await session.idle()
    for _ in range(3):
        await session.load_more()
        reached = session.explorer.query.state.oldest
        assert reached is not None
        lines = session.summaries(session.explorer.query.ids)
        shown = event_ids(session, [line.row_id for line in lines if line.summary.time > reached])
        assert shown == expected[: len(shown)]
    assert len(shown) >= 100


async def test_each_region_has_its_pace(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 500, 500)
    session = await start(lookup=SETTLED)
    session.explorer.search_also(OTHER)
    await session.load_all()
    for region in (REGION, OTHER):
        sends = [at for at, (scan, _) in zip(service.sends, service.asked, strict=True) if scan.scope.region == region]
        gaps = [later - sooner for sooner, later in zip(sends, sends[2:], strict=False)]
        assert min(gaps) >= 1.0, "two in any second"
    assert service.sends[-1] < 0.51 * len(service.sends) * 0.75, "neither waits for the other"


async def test_a_region_that_is_added_costs_its_own_pages_only(start: StartSession, service: FakeCloudTrail) -> None:
    expected = fill(service, 200, 150)
    session = await start(lookup=SETTLED)
    await session.load_all()
    service.asked.clear()
    session.explorer.search_also(OTHER)
    await session.load_all()
    assert {scan.scope.region for scan, _ in service.asked} == {OTHER}
    assert session.loaded() == expected


async def test_both_belong_to_the_account_once_it_is_learned(start: StartSession, service: FakeCloudTrail) -> None:
    expected = fill(service, 60, 60)
    service.identity = denied("GetCallerIdentity")
    session = await start(lookup=SETTLED)
    session.explorer.search_also(OTHER)
    await session.load_all()
    assert account(session) is None
    told = event("told", EPOCH - timedelta(minutes=5), record=f'{{"recipientAccountId":"{ACCOUNT}"}}')
    service.elsewhere[OTHER].append(told)
    session.explorer.ask_lookup(Lookup(parse_timespan("10m")))
    await session.idle()
    assert (session.loaded(), account(session)) == (["told"], ACCOUNT)
    service.asked.clear()
    session.explorer.ask_lookup(SETTLED)
    await session.idle()
    assert session.loaded() == expected
    assert service.asked == []


async def test_an_event_that_both_tell_of_is_shown_once(start: StartSession, service: FakeCloudTrail) -> None:
    expected = fill(service, 120, 150)
    service.elsewhere[OTHER] += service.events[:70]
    service.elsewhere[OTHER].sort(key=lambda one: one.time, reverse=True)
    session = await start(lookup=SETTLED)
    for _ in range(2):
        session.explorer.search_also(OTHER)
        await session.load_all()
        assert session.loaded() == expected
        assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_a_region_that_refuses_does_not_stop_the_other(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 200, 50)
    refused = denied("LookupEvents")
    service.refusing[OTHER] = refused
    session = await start(lookup=SETTLED)
    session.explorer.search_also(OTHER)
    await session.idle()
    assert (session.explorer.query.state.phase, session.explorer.query.state.error) == (QueryPhase.PAUSED, refused)
    shown, calls = len(session.loaded()), service.calls["LookupEvents"]
    session.explorer.query.near_end()
    await session.idle()
    assert len(session.loaded()) == shown + 50
    assert service.calls["LookupEvents"] == calls + 1, "what refused is not asked again with each page"
    await session.load_all()
    assert (len(session.loaded()), session.explorer.query.state.phase) == (200, QueryPhase.FAILED)
    assert session.explorer.query.state.refused == (OTHER,)
    service.refusing.clear()
    session.explorer.query.retry()
    await session.load_all()
    assert (len(session.loaded()), session.explorer.query.state.phase) == (250, QueryPhase.COMPLETE)
    assert session.explorer.query.state.error is None


@pytest.mark.parametrize("error", [denied("LookupEvents"), unreachable()])
async def test_a_region_that_refuses_is_named_each_time(
    start: StartSession, service: FakeCloudTrail, error: CtuiError
) -> None:
    """However often it is asked, and although the other has answered in full."""
    fill(service, 30, 20)
    session = await start(lookup=SETTLED)
    service.refusing[OTHER] = error
    session.explorer.search_also(OTHER)
    for _ in range(3):
        await session.load_all()
        state = session.explorer.query.state
        assert (state.phase, state.refused, state.store_only) == (QueryPhase.FAILED, (OTHER,), False)
        assert state.error is error
        assert len(session.loaded()) == 30
        session.explorer.query.retry()
        await session.idle()


async def test_a_region_can_be_taken_back(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 30, 20)
    session = await start(lookup=SETTLED)
    service.refusing[OTHER] = denied("LookupEvents")
    session.explorer.search_also(OTHER)
    await session.idle()
    service.asked.clear()
    session.explorer.search_only()
    await session.load_all()
    state = session.explorer.query.state
    assert (session.state.added_regions, state.phase, state.refused, state.error) == ((), QueryPhase.COMPLETE, (), None)
    assert len(session.loaded()) == 30
    assert service.asked == [], "what is known of the others is not asked again"


async def test_all_but_one_can_be_kept(start: StartSession, service: FakeCloudTrail) -> None:
    service.elsewhere["eu-north-1"] = []
    expected = fill(service, 30, 20)
    session = await start(lookup=SETTLED)
    session.explorer.search_also("eu-north-1")
    session.explorer.search_also(OTHER)
    session.explorer.search_only(OTHER)
    await session.load_all()
    assert session.state.added_regions == (OTHER,)
    assert session.loaded() == expected

"""How each scope of a query stands, and where its knowledge ends among the rows of the others."""

import asyncio
from datetime import timedelta

from support.core_driver import StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import ACCOUNT, CONNECTION, REGION, FakeCloudTrail, denied

from ctui.core.lookup.scope_state import Horizon, ScopePhase
from ctui.model.connection import Scope
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

from .test_one_timeline import happened

OTHERS = ("us-east-1", "ap-south-1", "sa-east-1")
HERE, REFUSED, HANGING, SHORT = (Scope(CONNECTION.origin, ACCOUNT, region) for region in (REGION, *OTHERS))


async def test_each_scope_says_what_it_does_and_the_ones_behind_where_they_end(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.events = [happened(ACCOUNT, REGION, number, 60 + number) for number in range(80)]
    service.elsewhere[SHORT.region] = [happened(ACCOUNT, SHORT.region, number, 60 + number) for number in range(3)]
    service.refusing[REFUSED.region] = denied("LookupEvents")
    service.hanging[HANGING.region] = asyncio.Event()
    lookup = Lookup(parse_timespan("1d..2026-11-21T11:30Z"))
    session = await start(lookup=lookup, regions=OTHERS, waits=False)
    query = session.explorer.query
    expected = [ScopePhase.PAUSED, ScopePhase.REFUSED, ScopePhase.LOADING, ScopePhase.COMPLETE]
    await session.until(lambda: [one.phase for one in query.state.scopes] == expected)
    assert [one.scope for one in query.state.scopes] == [HERE, REFUSED, HANGING, SHORT]
    assert [one.rows for one in query.state.scopes] == [50, 0, 0, 3]
    error = query.state.scopes[1].error
    reached = int((EPOCH - timedelta(minutes=60 + 49)).timestamp())
    assert error is not None
    assert query.state.horizons == (
        Horizon(None, (REFUSED,), ScopePhase.REFUSED, error),
        Horizon(None, (HANGING,), ScopePhase.LOADING, None),
        Horizon(query.state.scopes[0].reached, (HERE,), ScopePhase.PAUSED, None),
    )
    assert query.state.scopes[0].reached in (reached, reached + 1)
    service.refusing.clear()
    service.hanging[HANGING.region].set()
    await session.load_all()
    assert {one.phase for one in query.state.scopes} == {ScopePhase.COMPLETE}
    assert not query.state.horizons


async def test_one_scope_alone_is_behind_no_other(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [happened(ACCOUNT, REGION, number, 60 + number) for number in range(80)]
    session = await start()
    (only,) = session.explorer.query.state.scopes
    assert (only.scope, only.rows, only.phase) == (HERE, 50, ScopePhase.PAUSED)
    assert not session.explorer.query.state.horizons


async def test_to_leave_one_scope_out_asks_each_of_the_others_for_what_is_new_alone(
    start: StartSession, service: FakeCloudTrail
) -> None:
    regions = [f"eu-test-{number}" for number in range(1, 15)]
    service.events = [happened(ACCOUNT, REGION, number, 60 + number) for number in range(80)]
    for region in regions:
        service.elsewhere[region] = [happened(ACCOUNT, region, number, 60 + number) for number in range(80)]
    session = await start(regions=regions)
    before = session.explorer.query.state.scopes
    assert {one.rows for one in before} == {50}
    asked = len(service.asked)
    session.explorer.search_scopes([one.scope for one in before[:-1]])
    await session.idle()
    after = session.explorer.query.state.scopes
    assert [one.scope for one in after] == [one.scope for one in before[:-1]]
    assert {one.rows for one in after} == {49}, "the second of the last one may hold more"
    assert None not in {one.reached for one in after}
    again = service.asked[asked:]
    assert sorted(scan.scope.region for scan, _ in again) == sorted(one.scope.region for one in after)
    assert all(scan.start is not None for scan, _ in again), "back to what is known"


async def test_a_scope_that_was_left_out_can_be_the_working_one(start: StartSession, service: FakeCloudTrail) -> None:
    service.elsewhere["us-east-1"] = [happened(ACCOUNT, "us-east-1", 1, 60)]
    service.events = [happened(ACCOUNT, REGION, 1, 61)]
    session = await start(regions=["us-east-1"])
    session.explorer.search_scopes([REFUSED])
    await session.idle()
    assert session.loaded() == ["1.us-east-1.1"]
    assert session.scope_grid().searched == {REFUSED}
    session.explorer.search_scopes([])
    await session.idle()
    assert session.scope_grid().searched == {REFUSED}
    session.explorer.search_scopes([HERE, REFUSED])
    await session.load_all()
    assert session.loaded() == ["1.us-east-1.1", f"1.{REGION}.1"]

"""Accounts and Regions that join late, run out and come again: each is asked by its own login, in every view."""

import asyncio

from core.scopes.test_one_timeline import OTHERS, SETTLED, happened, other
from support.core_driver import StartSession
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import ACCOUNT, REGION, FakeCloudTrail, FakeConnector, denied, expired
from support.sessions import OpenStore

from ctui.core.logins import LoginPhase, OtherLogin
from ctui.core.lookup.query_state import QueryPhase
from ctui.errors import BadCredentials
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.region import RegionStatus

EARLIER = parse_timespan("..2026-11-21T11:20Z")
FAR = "me-south-1"


def rows(account: str, number: int, region: str = REGION) -> list[Event]:
    return [happened(account, region, one, 60 + one) for one in range(number)]


async def test_another_login_that_ran_out_is_made_again_and_the_working_one_is_not(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second, renewed = other(clock, OTHERS[0]), other(clock, OTHERS[0])
    service.events, second.events = rows(ACCOUNT, 60), rows(OTHERS[0], 120)
    renewed.events = second.events
    working, dev = FakeConnector(service), FakeConnector(second)
    session = await start(working, lookup=SETTLED, other_logins=[OtherLogin("dev", dev)])
    second.refusing[REGION] = expired()
    await session.load_all()
    assert session.explorer.query.state.refused == (f"{OTHERS[0]} {REGION}",)
    dev.gateway = renewed
    # A watch on the login that was made elsewhere goes on by itself, with the load that was interrupted.
    session.login_made()
    await session.idle()
    assert (working.connected, dev.connected) == (1, 2)
    assert second.closed
    assert len(session.loaded()) == 180
    assert session.explorer.state.complete


async def test_r_makes_another_login_again(start: StartSession, service: FakeCloudTrail, clock: AutoClock) -> None:
    second = other(clock, OTHERS[0])
    second.events = rows(OTHERS[0], 60)
    working, dev = FakeConnector(service), FakeConnector(second)
    session = await start(working, lookup=SETTLED, other_logins=[OtherLogin("dev", dev)])
    second.refusing[REGION] = expired()
    await session.load_all()
    dev.gateway = other(clock, OTHERS[0])
    dev.gateway.events = second.events
    await session.reload()
    await session.load_all()
    assert (working.connected, dev.connected) == (1, 2)
    assert (len(session.loaded()), session.explorer.state.complete) == (60, True)


async def test_a_login_that_stands_in_is_asked_through_its_new_gateway(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second, renewed = other(clock, OTHERS[0]), other(clock, OTHERS[0])
    second.events = renewed.events = rows(OTHERS[0], 60)
    dev = FakeConnector(second)
    failing = FakeConnector(service, [expired()] * 3)
    session = await start(failing, lookup=SETTLED, other_logins=[OtherLogin("dev", dev)], label="prod")
    second.refusing[REGION] = expired()
    await session.load_all()
    dev.gateway = renewed
    await session.reload()
    await session.load_all()
    assert len(session.loaded()) == 60
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_going_back_shows_an_account_that_joined_meanwhile(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second = other(clock, OTHERS[0])
    service.events, second.events = rows(ACCOUNT, 6), rows(OTHERS[0], 7)
    named = second.hanging["identify"] = asyncio.Event()
    logins = [OtherLogin("dev", FakeConnector(second))]
    session = await start(lookup=SETTLED, other_logins=logins, waits=False)
    await session.until(lambda: session.explorer.query.state.phase is QueryPhase.COMPLETE, session.explorer.changed)
    session.explorer.ask_range(EARLIER)
    await session.until(lambda: session.explorer.query.state.phase is QueryPhase.COMPLETE, session.explorer.changed)
    named.set()
    await session.idle()
    assert session.explorer.back()
    await session.idle()
    before = session.explorer.state
    assert not before.complete, "nothing of the other account was loaded for this range"
    await session.load_all()
    assert (len(session.loaded()), session.explorer.state.complete) == (13, True)


async def test_going_back_keeps_regions_that_were_listed_meanwhile(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.events, service.elsewhere[FAR] = rows(ACCOUNT, 6), rows(ACCOUNT, 7, FAR)
    service.regions = (RegionStatus(REGION, enabled=True), RegionStatus(FAR, enabled=True))
    listed = service.hanging["list_regions"] = asyncio.Event()
    session = await start(lookup=SETTLED, every_region=True, waits=False)
    await session.until(lambda: session.explorer.query.state.phase is QueryPhase.COMPLETE, session.explorer.changed)
    session.explorer.ask_range(EARLIER)
    await session.until(lambda: session.explorer.query.state.phase is QueryPhase.COMPLETE, session.explorer.changed)
    listed.set()
    await session.idle()
    assert session.explorer.back()
    await session.load_all()
    assert session.state.added_regions == (FAR,)
    assert len(session.loaded()) == 13


async def test_going_back_to_a_view_from_before_the_connection_keeps_the_regions_of_the_start(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.events, service.elsewhere[FAR] = rows(ACCOUNT, 6), rows(ACCOUNT, 7, FAR)
    service.hold_connection()
    session = await start(service, lookup=SETTLED, regions=[FAR], waits=False)
    session.explorer.ask_range(EARLIER)
    service.release_connection()
    await session.idle()
    assert session.explorer.back()
    await session.load_all()
    assert session.state.added_regions == (FAR,)
    assert len(session.loaded()) == 13


async def test_an_account_is_not_asked_in_a_region_of_another_one_before_its_own_list_is_here(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second = other(clock, OTHERS[0])
    service.events, second.events = rows(ACCOUNT, 6), rows(OTHERS[0], 7)
    service.regions = (RegionStatus(REGION, enabled=True), RegionStatus(FAR, enabled=True))
    second.regions = (RegionStatus(REGION, enabled=True), RegionStatus(FAR, enabled=False))
    second.refusing[FAR] = denied("LookupEvents")
    listed = second.hanging["list_regions"] = asyncio.Event()
    logins = [OtherLogin("dev", FakeConnector(second))]
    session = await start(lookup=SETTLED, every_region=True, other_logins=logins, waits=False)
    await session.until(lambda: FAR in session.state.added_regions, session.changed)
    await session.until(lambda: session.explorer.query.state.phase is QueryPhase.COMPLETE, session.explorer.changed)
    before = session.explorer.state
    assert not before.complete
    listed.set()
    await session.idle()
    await session.load_all()
    assert {scan.scope.region for scan, _ in service.asked} == {REGION, FAR}
    assert {scan.scope.region for scan, _ in second.asked} == {REGION}
    assert session.explorer.state.complete


async def test_of_two_logins_of_one_account_the_working_one_is_asked_and_made_again(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second, renewed = other(clock, ACCOUNT), other(clock, ACCOUNT)
    service.events = second.events = renewed.events = rows(ACCOUNT, 120)
    working, admin = FakeConnector(service), FakeConnector(second)
    session = await start(working, lookup=SETTLED, other_logins=[OtherLogin("admin", admin)])
    assert len(session.explorer.query.state.scopes) == 1
    service.refusing[REGION] = expired()
    await session.load_all()
    working.gateway = renewed
    await session.reload()
    await session.load_all()
    assert (working.connected, admin.connected) == (2, 1)
    assert (len(session.loaded()), session.explorer.state.complete) == (120, True)
    assert not second.asked


async def test_every_region_is_searched_where_the_list_was_read_for_the_panel(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.regions = (RegionStatus(REGION, enabled=True), RegionStatus(FAR, enabled=True))
    session = await start(lookup=SETTLED)
    session.list_regions()
    await session.idle()
    session.search_every_region()
    await session.idle()
    assert session.state.added_regions == (FAR,)
    assert service.calls["ListRegions"] == 1


async def test_an_account_joins_where_no_call_was_answered_and_stored_rows_are_shown(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore
) -> None:
    second = other(clock, OTHERS[0])
    # So long ago that they are not shown before the gap above them is loaded.
    service.events = [happened(ACCOUNT, REGION, number, 200 + number) for number in range(6)]
    second.events = rows(OTHERS[0], 7)
    first = await start(lookup=Lookup(parse_timespan("..2026-11-21T09:00Z")), open_store=lasting)
    await first.load_all()
    await first.close()
    service.fail["lookup_events"] = BadCredentials(
        "Bad key", "Unknown.", code="UnrecognizedClientException", status=400
    )
    named = second.hanging["identify"] = asyncio.Event()
    logins = [OtherLogin("dev", FakeConnector(second))]
    session = await start(
        FakeConnector(service, resolved=None), open_store=lasting, other_logins=logins, lookup=SETTLED, waits=False
    )
    await session.until(lambda: session.explorer.query.state.store_only, session.explorer.changed)
    named.set()
    await session.idle()
    await session.load_all()
    state = session.explorer.query.state
    assert (state.store_only, state.loaded, state.refused) == (False, 13, (f"{ACCOUNT} {REGION}",))
    assert not session.explorer.state.complete


async def test_an_account_joins_while_the_service_does_not_say_whose_the_first_one_is(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore
) -> None:
    second = other(clock, OTHERS[0])
    service.events, second.events = rows(ACCOUNT, 6), rows(OTHERS[0], 7)
    first = await start(lookup=SETTLED, open_store=lasting)
    await first.load_all()
    await first.close()
    service.events = []
    service.fail["identify"] = denied("GetCallerIdentity")
    service.hold()
    named = second.hanging["identify"] = asyncio.Event()
    logins = [OtherLogin("dev", FakeConnector(second))]
    session = await start(open_store=lasting, other_logins=logins, waits=False)
    await session.until(lambda: session.queue.state.in_flight > 0, session.queue.changed)
    before = session.state
    assert before.assumed == ACCOUNT
    named.set()
    await session.until(lambda: session.state.logins[0].phase is LoginPhase.READY, session.changed)
    service.release()
    await session.idle()
    assert session.state.assumed is None
    assert len(session.explorer.query.state.scopes) == 2
    assert len(session.loaded()) == 7

"""Several accounts and Regions in one timeline: what answers is there, in order, and what is missing is said."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from random import Random

import pytest
from support.core_driver import CoreDriver, StartSession
from support.examples import examples
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, CONNECTION, REGION, FakeCloudTrail, FakeConnector, denied, event, expired

from ctui.core.logins import LoginPhase, OtherLogin
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session import SessionPhase
from ctui.errors import ExpiredLogin
from ctui.model.connection import Connection, Identity
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.region import RegionStatus

SETTLED = Lookup(parse_timespan("..2026-11-21T11:30Z"))
OTHERS = ("222222222222", "333333333333")
REGIONS = (REGION, "us-east-1", "ap-south-1", "sa-east-1", "af-south-1", "me-south-1")


def happened(account: str, region: str, number: int, minutes: float) -> Event:
    name = f"{account[0]}.{region}.{number}"
    record = f'{{"eventID":"{name}","awsRegion":"{region}","recipientAccountId":"{account}"}}'
    return event(name, EPOCH - timedelta(seconds=int(minutes * 60)), record=record)


def other(clock: AutoClock, account: str, connection: Connection = CONNECTION) -> FakeCloudTrail:
    """A service that answers for another account."""

    async def identity() -> Identity:
        return Identity(account, f"arn:aws:iam::{account}:user/bob")

    return FakeCloudTrail(clock=clock, identity=identity, connection=connection)


def fill(service: FakeCloudTrail, account: str, counts: Callable[[str], int], random: Random) -> None:
    for region in REGIONS:
        minutes, made = 40.0, []
        for number in range(counts(region)):
            minutes += random.choice((0.0, 0.02, 1.0, 20.0))
            made.append(happened(account, region, number, minutes))
        if region == REGION:
            service.events = made
        else:
            service.elsewhere[region] = made


def truth(*services: FakeCloudTrail) -> list[Event]:
    return sorted(
        chain.from_iterable(chain(one.events, *one.elsewhere.values()) for one in services),
        key=lambda one: one.time,
        reverse=True,
    )


def in_order(session: CoreDriver) -> bool:
    seconds = list(map(session.explorer.query.second_at, range(len(session.explorer.query.ids))))
    return seconds == sorted(seconds, reverse=True)


@pytest.mark.parametrize("seed", range(examples(10)))
async def test_rows_are_the_truth_in_order_and_content(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, seed: int
) -> None:
    """Three accounts in six Regions, some of which refuse, at random speeds; logins come whenever they come."""
    random = Random(seed)
    services = [service, *(other(clock, account) for account in OTHERS)]
    for account, one in zip((ACCOUNT, *OTHERS), services, strict=True):
        fill(one, account, lambda _: random.choice((0, 1, 20, 70)), random)
        one.ways.extend(random.choice((0.0, 0.3, 2.0)) for _ in range(100))
        one.refusing = dict.fromkeys(random.sample(REGIONS, random.choice((0, 0, 1, 2))), denied("LookupEvents"))

    logins = [
        OtherLogin(account, FakeConnector(one, login=partial(clock.sleep, random.choice((0.0, 5.0)))))
        for account, one in zip(OTHERS, services[1:], strict=True)
    ]
    session = await start(lookup=SETTLED, regions=REGIONS[1:], other_logins=logins)
    await session.load_all()
    query = session.explorer.query.state
    accounts = zip((ACCOUNT, *OTHERS), services, strict=True)
    names = {f"{account} {region}" for account, one in accounts for region in one.refusing}
    assert set(query.refused) == names
    expected = [
        one.event_id
        for one in truth(*services)
        if not any(one.event_id.startswith(f"{name[0]}.{name.split()[1]}.") for name in names)
    ]
    assert sorted(session.loaded()) == sorted(expected)
    assert in_order(session)
    assert session.explorer.state.complete is not bool(names)


async def test_each_account_is_asked_through_its_own_login(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second = other(clock, OTHERS[0])
    fill(service, ACCOUNT, lambda _: 3, Random(1))
    fill(second, OTHERS[0], lambda _: 4, Random(2))
    session = await start(lookup=SETTLED, regions=REGIONS[1:3], other_logins=[OtherLogin("dev", FakeConnector(second))])
    await session.load_all()
    for account, one in ((ACCOUNT, service), (OTHERS[0], second)):
        assert {(scan.scope.account, scan.scope.region) for scan, _ in one.asked} == {
            (account, region) for region in REGIONS[:3]
        }
    assert len(session.loaded()) == 3 * 3 + 3 * 4
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_a_login_that_fails_or_hangs_is_missing_and_stops_nothing(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second, third = other(clock, OTHERS[0]), other(clock, OTHERS[1])
    fill(service, ACCOUNT, lambda _: 3, Random(1))
    fill(third, OTHERS[1], lambda _: 3, Random(1))
    asked = asyncio.Event()

    async def after_the_first_page() -> None:
        await asked.wait()

    service.on_page = asked.set
    logins = [
        OtherLogin("dev", FakeConnector(second, [expired()])),
        OtherLogin("audit", FakeConnector(third, login=after_the_first_page)),
    ]
    session = await start(lookup=SETTLED, other_logins=logins)
    await session.load_all()
    assert [(login.label, login.phase) for login in session.state.logins] == [
        ("dev", LoginPhase.FAILED),
        ("audit", LoginPhase.READY),
    ]
    assert isinstance(session.state.logins[0].error, ExpiredLogin)
    assert len(session.loaded()) == 6
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert (session.explorer.state.unreached, session.explorer.state.complete) == (("dev",), False)
    session.logins.connect()
    await session.idle()
    assert (session.explorer.state.unreached, session.explorer.state.complete) == ((), True)


async def test_where_the_working_login_fails_another_one_works(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    second = other(clock, OTHERS[0])
    fill(second, OTHERS[0], lambda _: 3, Random(1))
    fill(service, ACCOUNT, lambda _: 3, Random(1))
    session = await start(
        FakeConnector(service, [expired()]),
        lookup=SETTLED,
        other_logins=[OtherLogin("dev", FakeConnector(second))],
        label="prod",
    )
    await session.load_all()
    assert (session.state.phase, session.state.account) == (SessionPhase.READY, OTHERS[0])
    assert len(session.loaded()) == 3
    assert (session.explorer.state.unreached, session.explorer.state.complete) == (("prod",), False)
    await session.reload()
    await session.load_all()
    assert (len(session.loaded()), session.explorer.state.complete) == (6, True)


async def test_where_all_logins_fail_the_first_one_says_why(start: StartSession, service: FakeCloudTrail) -> None:
    others = [OtherLogin("dev", FakeConnector(service, [denied("GetCallerIdentity")]))]
    session = await start(FakeConnector(service, [expired()]), other_logins=others, label="prod")
    assert session.state.phase is SessionPhase.FAILED
    assert isinstance(session.state.error, ExpiredLogin)


async def test_every_region_that_is_enabled_is_searched(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, ACCOUNT, lambda _: 2, Random(1))
    service.regions = tuple(RegionStatus(name, name != "me-south-1") for name in REGIONS)
    session = await start(lookup=SETTLED, every_region=True)
    await session.load_all()
    assert {scan.scope.region for scan, _ in service.asked} == set(REGIONS) - {"me-south-1"}
    assert len(session.loaded()) == 10
    assert session.explorer.state.complete


async def test_where_the_service_does_not_say_the_partitions_regions_are_tried(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, ACCOUNT, lambda _: 2, Random(1))
    service.fail["list_regions"] = denied("ListRegions")
    service.known_regions = REGIONS
    service.refusing["me-south-1"] = denied("LookupEvents")
    session = await start(lookup=SETTLED, every_region=True)
    await session.load_all()
    assert {scan.scope.region for scan, _ in service.asked} == set(service.known_regions)
    assert session.explorer.query.state.refused == ("me-south-1",)
    assert not session.explorer.state.complete


@pytest.mark.parametrize(
    ("origin", "region", "also"),
    [
        ("aws", "eu-west-1", ("us-east-1",)),
        ("aws", "us-east-1", ()),
        ("aws-cn", "cn-northwest-1", ("cn-north-1",)),
        ("aws-us-gov", "us-gov-east-1", ("us-gov-west-1",)),
        ("http://127.0.0.1:1", "eu-west-1", ()),
    ],
)
async def test_the_region_of_global_services_is_searched_too(
    start: StartSession, service: FakeCloudTrail, origin: str, region: str, also: tuple[str, ...]
) -> None:
    service.connection = replace(CONNECTION, origin=origin, region=region)
    connector = FakeConnector(service, resolved=service.connection)
    session = await start(connector, lookup=SETTLED, global_services=True)
    assert session.state.added_regions == also
    assert session.regions.global_region == (also[0] if also else None)
    session.explorer.search_only()
    await session.idle()
    await session.reload()
    assert session.state.added_regions == ()


async def test_an_event_of_two_accounts_is_one_row_that_knows_both(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    """Its copies come from two accounts and two Regions; those of the Region that is left out are not counted."""
    second = other(clock, OTHERS[0])
    both, here = happened(ACCOUNT, REGION, 1, 40), happened(ACCOUNT, REGION, 2, 41)
    service.events, second.events = [both, here], [both]
    second.elsewhere["us-east-1"] = [both]
    session = await start(
        lookup=SETTLED, regions=["us-east-1"], other_logins=[OtherLogin("dev", FakeConnector(second))]
    )
    await session.load_all()
    assert session.loaded() == [both.event_id, here.event_id]
    rows, found = tuple(session.explorer.query.ids), session.scopes_in_sight
    found.ask(rows)
    await session.idle()
    assert {row: [(one.account, one.region) for one in scopes] for row, scopes in (found.of(rows) or {}).items()} == {
        rows[0]: [(ACCOUNT, REGION), (OTHERS[0], REGION), (OTHERS[0], "us-east-1")]
    }
    for row in rows:
        session.scopes_of_record.ask(row)
        await session.idle()
        assert len(session.scopes_of_record.of(row) or ()) == (3 if row == rows[0] else 0)

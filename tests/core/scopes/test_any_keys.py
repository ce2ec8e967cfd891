"""Whatever is pressed while pages arrive in several scopes, no event is lost or doubled, and every load ends."""

import asyncio
from functools import partial
from random import Random

import pytest
from core.scopes.test_one_timeline import OTHERS, REGIONS, SETTLED, fill, in_order, other, truth
from support.core_driver import CoreDriver, StartSession
from support.examples import examples
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import ACCOUNT, FakeCloudTrail, FakeConnector, expired

from ctui.core.logins import OtherLogin
from ctui.core.lookup.query_state import QueryPhase
from ctui.model.lookup.timespan import parse_timespan

RANGES = ("..2026-11-21T11:30Z", "..2026-11-21T11:20Z")


def press(session: CoreDriver, random: Random) -> None:
    """One of the things that a person does while pages come."""
    explorer, query = session.explorer, session.explorer.query
    random.choice(
        (
            query.near_end,
            query.more,
            query.everything,
            partial(query.everything, scan_to=40),
            query.stop,
            query.retry,
            explorer.back,
            explorer.forward,
            session.refresh,
            session.ask_again,
            session.login_made,
            partial(explorer.search_also, random.choice(REGIONS[1:])),
            partial(explorer.search_only, *REGIONS[1:3]),
            partial(explorer.ask_range, parse_timespan(random.choice(RANGES))),
        )
    )()


@pytest.mark.parametrize("seed", range(examples(15)))
async def test_no_event_is_lost_and_every_load_ends(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, seed: int
) -> None:
    random = Random(seed)
    services = [service, *(other(clock, account) for account in OTHERS)]
    for account, one in zip((ACCOUNT, *OTHERS), services, strict=True):
        fill(one, account, lambda _: random.choice((0, 1, 60, 120)), random)
        one.ways.extend(random.choice((0.0, 0.1, 1.5)) for _ in range(150))
        one.failures.extend(random.choice((None, None, None, None, expired())) for _ in range(12))
    logins = [
        OtherLogin(account, FakeConnector(one, login=partial(clock.sleep, random.choice((0.0, 1.0, 4.0)))))
        for account, one in zip(OTHERS, services[1:], strict=True)
    ]
    session = await start(lookup=SETTLED, regions=REGIONS[1:3], other_logins=logins, waits=False)
    for _ in range(30):
        press(session, random)
        for _ in range(random.choice((0, 1, 5, 40))):
            await asyncio.sleep(0)
        if random.random() < 0.2:
            await session.idle()
    await session.idle()
    for one in services:
        one.failures.clear()
    await session.reload()
    session.explorer.ask_range(SETTLED.timespan)
    session.explorer.search_also(*REGIONS[1:])
    await session.idle()
    before = [one.lookups for one in services]
    await session.idle()
    assert [one.lookups for one in services] == before
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert session.explorer.state.complete
    loaded = session.loaded()
    assert len(set(loaded)) == len(loaded)
    assert sorted(loaded) == sorted(one.event_id for one in truth(*services))
    assert in_order(session)

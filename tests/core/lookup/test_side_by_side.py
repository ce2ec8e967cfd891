"""Scopes are loaded side by side: one that is slow, hangs or fails holds no other up."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from random import Random

import pytest
from support.core_driver import CoreDriver, StartSession
from support.examples import examples
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import REGION, FakeCloudTrail, denied, event

from ctui.core.lookup.query_state import Halt, QueryPhase
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.region import RegionStatus

SETTLED = Lookup(parse_timespan("..2026-11-21T11:30Z"))
OTHERS = [f"xx-test-{number}" for number in range(1, 34)]


def fill(service: FakeCloudTrail, regions: int, events: Callable[[int], int]) -> list[str]:
    """Events in so many Regions, `events` says how many in each; returns the ids of all, newest first."""
    made = {
        region: [
            event(f"{region}.{number}", EPOCH - timedelta(minutes=40 + number * (index + 2), seconds=index))
            for number in range(events(index))
        ]
        for index, region in enumerate([REGION, *OTHERS[: regions - 1]])
    }
    service.events = made.pop(REGION)
    service.elsewhere = made
    everything = sorted(chain(service.events, *made.values()), key=lambda one: one.time, reverse=True)
    return [one.event_id for one in everything]


def calls(service: FakeCloudTrail) -> "Counter[str]":
    return Counter(scan.scope.region for scan, _ in service.asked)


async def more_rows_than(session: CoreDriver, rows: int) -> None:
    await session.until(lambda: len(session.explorer.query.ids) > rows)


async def test_what_hangs_holds_nothing_up(start: StartSession, service: FakeCloudTrail) -> None:
    expected = fill(service, 4, lambda _: 120)
    stuck = OTHERS[1]
    session = await start(lookup=SETTLED)
    service.hanging[stuck] = asyncio.Event()
    session.explorer.search_also(*OTHERS[:3])
    await session.until(lambda: len(session.explorer.query.ids) >= 149)
    query = session.explorer.query
    # The first page of each is here, and the cursor goes on to the end, by a page at a time.
    assert calls(service) == {REGION: 1, OTHERS[0]: 1, stuck: 1, OTHERS[2]: 1}
    for _ in range(2):
        before = calls(service).total()
        assert query.near_end()
        assert not query.near_end(), "one page at a time"
        await more_rows_than(session, len(query.ids))
        assert calls(service).total() == before + 1
    query.everything()
    await session.until(lambda: len(query.ids) == 360)
    assert session.loaded() == [one for one in expected if stuck not in one]
    assert query.state.phase is QueryPhase.LOADING
    assert not session.explorer.state.complete
    service.hanging.pop(stuck).set()
    await session.idle()
    assert (session.loaded(), query.state.phase) == (expected, QueryPhase.COMPLETE)
    assert calls(service)[stuck] == 3


async def test_a_page_that_is_asked_for_comes_from_where_none_is_on_its_way(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 2, lambda _: 120)
    session = await start(lookup=SETTLED)
    service.hanging[OTHERS[0]] = asyncio.Event()
    session.explorer.search_also(OTHERS[0])
    query = session.explorer.query
    await session.until(lambda: len(query.ids) >= 49)
    query.more()
    await session.until(lambda: len(query.ids) > 60)
    assert calls(service) == {REGION: 2, OTHERS[0]: 1}
    assert query.stop()
    await session.idle()
    assert query.state.phase is QueryPhase.PAUSED


async def test_each_of_34_regions_has_a_page_on_its_way(start: StartSession, service: FakeCloudTrail) -> None:
    """So all of them together take as long as the slowest: each has a pace of its own."""
    expected = fill(service, 34, lambda index: 60 + 5 * index)
    session = await start(lookup=SETTLED)
    session.explorer.search_also(*OTHERS)
    await session.idle()
    for _ in range(2):
        before = calls(service)
        service.hold()
        session.explorer.query.everything()
        await session.until(lambda: session.queue.state.in_flight == 34, session.queue.changed)
        assert calls(service) - before == Counter([REGION, *OTHERS])
        session.explorer.query.stop()
        service.release()
        await session.idle()
    await session.load_all()
    assert session.loaded() == expected


@pytest.mark.parametrize("seed", range(examples(12)))
async def test_in_the_end_the_rows_are_those_of_all_that_answer(
    start: StartSession, service: FakeCloudTrail, seed: int
) -> None:
    """Random sizes and delays; some Regions are denied, and one hangs until the others are through."""
    random = Random(seed)
    regions = random.choice((3, 6, 18))
    expected = fill(service, regions, lambda _: random.choice((0, 1, 30, 130)))
    service.ways.extend(random.choice((0.0, 0.1, 2.0)) for _ in range(200))
    named = [REGION, *OTHERS[: regions - 1]]
    refusing = set(random.sample(named, random.choice((0, 0, 1))))
    hanging = random.choice([one for one in named if one not in refusing])
    session = await start(lookup=SETTLED)
    service.refusing = dict.fromkeys(refusing, denied("LookupEvents"))
    session.explorer.search_also(*named[1:])
    await session.idle()
    service.hanging[hanging] = asyncio.Event()
    query = session.explorer.query
    query.everything()
    through = {one for one in expected if one.split(".")[0] not in {*refusing, hanging}}
    await session.until(lambda: set(session.loaded()) >= through)
    service.hanging.pop(hanging).set()
    await session.idle()
    rows = session.loaded()
    missing = set(expected).difference(rows)
    assert {one.split(".")[0] for one in missing} <= refusing
    assert rows == [one for one in expected if one not in missing]
    assert session.explorer.state.complete is not bool(refusing)


@pytest.mark.parametrize("seed", range(examples(4)))
async def test_of_34_regions_one_is_denied_one_is_disabled_and_one_hangs(
    start: StartSession, service: FakeCloudTrail, seed: int
) -> None:
    """All others load whole. The answer is not complete before the one that hangs and the one that is denied are in
    it; the one that is disabled is not asked, and is not missing."""
    random = Random(seed)
    expected = fill(service, 34, lambda _: random.choice((0, 1, 40, 120)))
    refusing, disabled, stuck = random.sample(OTHERS, 3)
    service.regions = tuple(RegionStatus(name, enabled=name != disabled) for name in (REGION, *OTHERS))
    service.refusing[refusing] = denied("LookupEvents")
    service.hanging[stuck] = asyncio.Event()
    listed = service.hanging["list_regions"] = asyncio.Event()

    def of_all_but(*regions: str) -> list[str]:
        return [one for one in expected if one.split(".")[0] not in regions]

    session = await start(lookup=SETTLED, every_region=True, waits=False)
    query, complete = session.explorer.query, list[bool]()
    session.explorer.changed.subscribe(lambda _: complete.append(session.explorer.state.complete))
    query.everything()
    await session.until(lambda: query.state.phase is QueryPhase.COMPLETE)
    assert set(calls(service)) == {REGION}
    assert not any(complete), "it is not known yet what else is to be searched"
    listed.set()
    await session.until(lambda: len(session.state.regions) == 33, session.changed)
    query.everything()
    await session.until(lambda: session.loaded() == of_all_but(refusing, disabled, stuck))
    assert query.state.refused == (refusing,)
    assert not any(complete)
    service.hanging.pop(stuck).set()
    await session.idle()
    assert session.loaded() == of_all_but(refusing, disabled)
    assert not any(complete), "one is denied"
    service.refusing.clear()
    await session.load_all()
    assert session.loaded() == of_all_but(disabled)
    assert session.explorer.state.complete
    assert set(calls(service)) == {REGION, *OTHERS} - {disabled}


async def test_a_bound_holds_for_all_regions_together(start: StartSession, service: FakeCloudTrail) -> None:
    """Pages on their way count too, so that many Regions at once go no further than one would."""
    fill(service, 18, lambda _: 120)
    session = await start(lookup=SETTLED)
    session.explorer.search_also(*OTHERS[:17])
    await session.idle()
    assert service.lookups == 18
    session.explorer.query.everything(scan_to=1_000)
    await session.idle()
    state = session.explorer.query.state
    assert (service.lookups, state.scanned, state.halt) == (21, 1_049, Halt.BOUND), (
        "the page that reaches it is the last one"
    )

"""Rows that are written down as they come: in order, each once, none before it is certain, none lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from random import Random

import pytest
from support.core_driver import CoreDriver
from support.examples import examples
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import REGION, FakeCloudTrail, FakeConnector, denied, event, internal
from support.sessions import OpenStore, temporary_store
from support.stored import event_ids

from ctui.core.rows.certain_rows import CertainRows
from ctui.core.session import SessionPhase
from ctui.model.event.event import Event

Search = Callable[..., Awaitable[CoreDriver]]
OTHER = "us-west-2"
PATIENCE = 120.0
"""Seconds until a wait that would never end counts as a failure."""


def happened(number: int, minutes: float, region: str = REGION) -> Event:
    name = "StopLogging" if number % 3 == 0 else "RunInstances"
    return event(
        f"{region}-{number}",
        EPOCH - timedelta(minutes=minutes),
        name=name,
        record=f'{{"eventID":"{region}-{number}","awsRegion":"{region}","eventName":"{name}"}}',
    )


def traffic(seed: int, region: str, count: int) -> list[Event]:
    """Events in bursts and with pauses, some in the same second."""
    random = Random(seed)
    minutes, events = 60.0, []
    for number in range(count):
        minutes += random.choice((0.0, 0.0, 1 / 60, 1.0, 30.0, 300.0))
        events.append(happened(number, minutes, region))
    return events


@pytest.fixture
async def search(service: FakeCloudTrail, faults: list[Exception]) -> AsyncIterator[Search]:
    """Starts a session that asks a line with its connection, or once there is one; all are closed at the end."""
    running: list[tuple[CoreDriver, asyncio.Task[None]]] = []

    async def start(line: str, *, connected: bool = False, open_store: OpenStore = temporary_store) -> CoreDriver:
        session = CoreDriver(FakeConnector(service), open_store, service.clock, patience=120.0)
        session.bugs.subscribe(faults.append)
        ready = asyncio.Event()
        session.changed.subscribe(lambda state: ready.set() if state.phase is SessionPhase.READY else None)
        assert connected or session.explorer.ask_all(line)
        running.append((session, asyncio.create_task(session.run())))
        await ready.wait()
        assert not connected or session.explorer.ask_all(line)
        return session

    yield start
    for session, task in running:
        await session.close()
        await task


async def written(session: CoreDriver, most: int | None = None) -> tuple[list[str], CertainRows]:
    """The event ids in the order in which they are written, so many at most."""
    rows, ids = CertainRows(session), list[str]()
    async for portion in rows.portions():
        ids += event_ids(session, portion)
        if most is not None and len(ids) >= most:
            break
    return ids, rows


@pytest.mark.parametrize("seed", range(examples(8)))
@pytest.mark.parametrize("line", ["", "name:StopLogging", f"region:{OTHER},{REGION}", "RunInstances", "is:new"])
async def test_rows_are_written_in_order_and_each_once(
    service: FakeCloudTrail, search: Search, seed: int, line: str
) -> None:
    random = Random(seed)
    service.page_size = random.choice((3, 10, 50))
    service.events = traffic(seed, REGION, random.choice((0, 1, 60, 200)))
    service.elsewhere = {OTHER: traffic(seed + 1, OTHER, random.choice((0, 40, 150)))}
    service.repeats = random.random() < 0.3
    session = await search(line, connected=random.random() < 0.3)
    ids, rows = await written(session)
    await session.idle()
    # In the end it is what the list shows, in the same order.
    assert ids == event_ids(session, session.explorer.rows.ids)
    assert rows.late == 0
    assert len(set(ids)) == len(ids)
    asked = [*service.events, *(service.elsewhere[OTHER] if OTHER in line else ())]
    if line != "is:new":
        wanted = [each for each in asked if line != "name:StopLogging" or each.name == "StopLogging"]
        wanted = [each for each in wanted if line != "RunInstances" or each.name == "RunInstances"]
        times = {each.event_id: each.time for each in asked}
        assert sorted(ids) == sorted(each.event_id for each in wanted)
        assert [times[one] for one in ids] == sorted((times[one] for one in ids), reverse=True)


async def test_the_rows_of_a_page_come_with_it_and_wait_for_no_other(service: FakeCloudTrail, search: Search) -> None:
    service.events = [happened(number, 60 + number) for number in range(1000)]
    service.hold(after=1)
    session = await search("user:alice")
    ids, portions = list[str](), 0
    # The next page is answered once rows of the one before are here: if they waited for it, nothing more would come.
    async with asyncio.timeout(PATIENCE):
        async for portion in CertainRows(session).portions():
            if portion:
                ids += event_ids(session, portion)
                portions += 1
                service.hold(after=1)
    assert portions >= 20, "there are twenty pages"
    assert ids == [each.event_id for each in service.events]


async def test_no_row_of_one_region_comes_before_the_other_is_known_to_there(
    service: FakeCloudTrail, search: Search
) -> None:
    service.events = [happened(number, 60 + number) for number in range(300)]
    service.elsewhere = {OTHER: [happened(0, 61.5, OTHER), happened(1, 250.5, OTHER)]}
    session = await search(f"region:{REGION},{OTHER}")
    ids, rows = await written(session)
    assert [ids.index(f"{OTHER}-0"), ids.index(f"{OTHER}-1")] == [2, 192]
    assert rows.late == 0


async def test_a_region_that_refuses_holds_nothing_up(service: FakeCloudTrail, search: Search) -> None:
    service.events = [happened(number, 60 + number) for number in range(120)]
    service.refusing[OTHER] = denied("LookupEvents")
    session = await search(f"region:{REGION},{OTHER}")
    ids, _ = await written(session)
    assert len(ids) == 120
    state = session.explorer.state
    assert (state.query.refused, state.complete) == ((OTHER,), False)
    assert session.explorer.query.load_error is None
    assert [region for region, parts in session.explorer.query.uncovered() if parts] == [OTHER]


async def test_what_was_loaded_before_a_failure_is_written(service: FakeCloudTrail, search: Search) -> None:
    service.events = [happened(number, 60 + number) for number in range(200)]
    service.failures.extend([None, *(internal() for _ in range(20))])
    session = await search("name:StopLogging OR name:RunInstances")
    ids, rows = await written(session)
    assert rows.over
    assert 0 < len(ids) < 200
    assert session.explorer.query.load_error is not None
    ((_, uncovered),) = session.explorer.query.uncovered()
    assert uncovered


async def test_an_event_that_came_late_is_written_behind_the_others_and_counted(
    service: FakeCloudTrail, search: Search, clock: AutoClock, lasting: OpenStore
) -> None:
    service.events = [happened(number, 10 + number) for number in range(30)]
    late = happened(99, 20.5)
    service.available[late.event_id] = clock.now() + timedelta(minutes=30)
    service.events.append(late)
    first = await search("", open_store=lasting)
    assert late.event_id not in (await written(first))[0]
    await first.close()
    clock.advance(3 * 3600)
    again = await search("", open_store=lasting)
    ids, rows = await written(again)
    assert sorted(ids) == sorted(each.event_id for each in service.events)
    assert (ids[-1], rows.late) == (late.event_id, 1)

"""Half of the pace: what follows new events leaves the other half to a person, also where calls are refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import CONNECTION, FakeCloudTrail, throttled

from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.core.server_clock import ServerClock
from ctui.core.tasks import Tasks
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan

SCOPE = Scope("aws", "111111111111", CONNECTION.region)
NOW = int(EPOCH.timestamp())


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    owned = Tasks()
    yield owned
    await owned.close()


async def ask(queue: LookupQueue, number: int, priority: Priority, region: str = SCOPE.region) -> None:
    scan = Scan(replace(SCOPE, region=region), None, NOW - number)
    await queue.page(scan, None, priority, lambda: True, patient=True)


def queue_over(service: FakeCloudTrail, tasks: Tasks) -> LookupQueue:
    queue = LookupQueue(service.clock, ServerClock(service.clock), tasks, 2.0, jitter=lambda: 1.0)
    queue.connect(service, SCOPE)
    return queue


async def test_following_sends_every_second_call_that_the_pace_allows(
    service: FakeCloudTrail, tasks: Tasks, clock: AutoClock
) -> None:
    queue = queue_over(service, tasks)
    await asyncio.gather(*(ask(queue, number, Priority.FOLLOW) for number in range(61)))
    assert clock.monotonic() == pytest.approx(60 * 1.005), "61 calls in a minute, where the pace allows 120"
    assert queue.follow_calls == 61


async def test_refused_calls_count_against_the_half_and_lower_it(
    service: FakeCloudTrail, tasks: Tasks, clock: AutoClock
) -> None:
    queue = queue_over(service, tasks)
    service.failures.extend([throttled()] * 3)
    await ask(queue, 0, Priority.FOLLOW)
    between = [later - sooner for sooner, later in zip(service.sends, service.sends[1:], strict=False)]
    assert between == pytest.approx([2.01 / 2, 2.01 / (2 * 0.8), 2.01 / (2 * 0.64)], abs=0.02)
    assert queue.follow_calls == 4


async def test_a_person_goes_first_and_following_goes_before_backfill(service: FakeCloudTrail, tasks: Tasks) -> None:
    queue = queue_over(service, tasks)
    await asyncio.gather(
        *(ask(queue, number, Priority.BACKFILL) for number in range(3)),
        ask(queue, 10, Priority.FOLLOW),
        ask(queue, 11, Priority.FOLLOW),
        ask(queue, 20, Priority.USER),
    )
    order = [NOW - scan.end for scan, _ in service.asked]
    assert order[:2] == [20, 10]
    assert order.index(11) >= 3, "the other half is for backfill"


async def test_many_regions_take_half_of_what_their_account_allows(
    service: FakeCloudTrail, tasks: Tasks, clock: AutoClock
) -> None:
    queue = queue_over(service, tasks)
    regions = [f"region-{number}" for number in range(80)]
    for region in regions:
        service.elsewhere[region] = []
    await asyncio.gather(*(ask(queue, n, Priority.FOLLOW, region) for region in regions for n in range(3)))
    # The account allows 40 Regions at full pace: 80 calls a second.
    assert clock.monotonic() >= 239 / 40

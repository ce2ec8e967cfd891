"""The lookup queue: who goes first, what is asked once, what is dropped, and what is asked again."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.fakes.clock import EPOCH, AutoClock, FakeClock
from support.fakes.cloudtrail import (
    CONNECTION,
    FakeCloudTrail,
    denied,
    event,
    incomplete,
    internal,
    throttled,
    unreachable,
)

from ctui.core.lookup.pacing.pace import PaceState
from ctui.core.lookup.queue import LookupQueue, Priority, QueueState, Unwanted
from ctui.core.server_clock import ServerClock
from ctui.core.tasks import Tasks
from ctui.errors import AccessDenied, CtuiError, EndpointUnreachable, IncompleteAnswer, ServiceError
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan

SCOPE = Scope("aws", "111111111111", CONNECTION.region)
NOW = int(EPOCH.timestamp())


def always() -> bool:
    return True


def scan(number: int = 0) -> Scan:
    """Scans that differ."""
    return Scan(SCOPE, None, NOW - number)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    owned = Tasks()
    faults: list[Exception] = []
    owned.bugs.subscribe(faults.append)
    yield owned
    await owned.close()
    assert faults == []


def queue_over(service: FakeCloudTrail, tasks: Tasks, rate: float = 2.0) -> LookupQueue:
    queue = LookupQueue(service.clock, ServerClock(service.clock), tasks, rate)
    queue.connect(service, SCOPE)
    return queue


@pytest.fixture
def queue(service: FakeCloudTrail, tasks: Tasks) -> LookupQueue:
    return queue_over(service, tasks)


async def turns(count: int = 20) -> None:
    """Let the loop take a few turns."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "slow",
    [
        pytest.param({}, id="plain"),
        pytest.param({"opening": 0.3}, id="a connection to open"),
        pytest.param({"ways": deque([0.3])}, id="a slow first call"),
        pytest.param({"ways": deque([0.1] * 40), "latency": 0.1}, id="200 ms away"),
        pytest.param({"ways": deque([0.001, 0.012, 0.004, 0.0] * 10)}, id="uneven"),
    ],
)
async def test_forty_pages_are_never_throttled_by_a_server_that_allows_two_in_any_second(
    clock: AutoClock, tasks: Tasks, slow: dict[str, Any]
) -> None:
    service = FakeCloudTrail(clock, window=2, **slow)
    queue = queue_over(service, tasks)
    for number in range(40):
        await queue.page(scan(number), None, Priority.USER, always)
    assert service.refused == 0
    assert service.lookups == 40
    assert queue.state.pace.in_force == 2.0
    assert clock.monotonic() <= 1.03 * 19.0 + 0.3, "two each second, the first two at once, is 19 seconds"


async def test_one_refusal_costs_a_moment(service: FakeCloudTrail, queue: LookupQueue, clock: AutoClock) -> None:
    service.window = 2
    service.failures.extend([None] * 5 + [throttled()])
    for number in range(40):
        await queue.page(scan(number), None, Priority.USER, always)
    assert (queue.state.throttled, service.lookups) == (1, 41)
    assert queue.state.pace.in_force == 2.0
    assert clock.monotonic() <= 1.03 * 19.0 + 1.0


async def test_the_pace_holds_when_calls_fail_and_are_cancelled(service: FakeCloudTrail, queue: LookupQueue) -> None:
    service.window = 2
    service.latency = 0.3
    service.failures.extend([internal(), None, unreachable(), denied("LookupEvents"), None, internal()])
    asking = [asyncio.ensure_future(queue.page(scan(number), None, Priority.USER, always)) for number in range(12)]
    await turns()
    asking[0].cancel()
    asking[7].cancel()
    await asyncio.wait(asking)
    assert service.refused == 0
    gaps = [later - sooner for sooner, later in zip(service.sends, service.sends[1:], strict=False)]
    assert min(gaps) >= 0.25


async def test_what_a_person_waits_for_goes_ahead_of_backfill(service: FakeCloudTrail, queue: LookupQueue) -> None:
    wishes = [Priority.BACKFILL, Priority.BACKFILL, Priority.USER, Priority.USER]
    await asyncio.gather(
        *(queue.page(scan(number), None, priority, always) for number, priority in enumerate(wishes)),
    )
    assert [NOW - asked.end for asked, _ in service.asked] == [2, 3, 0, 1]


async def test_equal_requests_are_asked_once(service: FakeCloudTrail, queue: LookupQueue) -> None:
    service.events = [event("e", EPOCH)]
    pages = await asyncio.gather(*(queue.page(scan(), None, Priority.BACKFILL, always) for _ in range(3)))
    assert [page.events[0].event_id for page in pages] == ["e"] * 3
    assert service.calls["LookupEvents"] == 1
    await queue.page(scan(), None, Priority.USER, always)
    assert service.calls["LookupEvents"] == 2, "a later wish is asked anew"


async def test_a_second_asker_lends_a_request_its_priority(service: FakeCloudTrail, queue: LookupQueue) -> None:
    low = [queue.page(scan(number), None, Priority.BACKFILL, always) for number in (0, 1)]
    await asyncio.gather(*low, queue.page(scan(1), None, Priority.USER, always))
    assert [NOW - asked.end for asked, _ in service.asked] == [1, 0]


async def test_what_nobody_wants_when_its_turn_comes_is_dropped(service: FakeCloudTrail, queue: LookupQueue) -> None:
    wanted = True
    first = asyncio.ensure_future(queue.page(scan(0), None, Priority.USER, always))
    second = asyncio.ensure_future(queue.page(scan(1), None, Priority.USER, lambda: wanted))
    wanted = False
    await first
    with pytest.raises(Unwanted):
        await second
    assert service.calls["LookupEvents"] == 1
    assert queue.state.queued == 0


async def test_a_cancelled_request_leaves_the_queue_and_the_other_asker_gets_the_page(
    fake_clock: FakeClock, tasks: Tasks
) -> None:
    service = FakeCloudTrail(fake_clock)
    queue = queue_over(service, tasks)
    await queue.page(scan(9), None, Priority.USER, always)
    alone = asyncio.ensure_future(queue.page(scan(0), None, Priority.USER, always))
    shared = [asyncio.ensure_future(queue.page(scan(1), None, Priority.USER, always)) for _ in range(2)]
    await turns()
    assert queue.state.queued == 2
    alone.cancel()
    shared[0].cancel()
    await turns()
    assert queue.state.queued == 1
    fake_clock.advance(0.51)
    assert isinstance(await shared[1], Page)
    assert service.calls["LookupEvents"] == 2


async def test_cancelling_a_call_under_way_lets_the_same_page_be_asked_again(
    fake_clock: FakeClock, tasks: Tasks
) -> None:
    service = FakeCloudTrail(fake_clock, latency=10.0)
    queue = queue_over(service, tasks)
    first = asyncio.ensure_future(queue.page(scan(), None, Priority.USER, always))
    await turns()
    assert queue.state.in_flight == 1
    first.cancel()
    again = asyncio.ensure_future(queue.page(scan(), None, Priority.USER, always))
    await turns()
    fake_clock.advance(0.51)
    await turns()
    fake_clock.advance(10.0)
    assert isinstance(await again, Page)
    assert service.calls["LookupEvents"] == 2
    assert queue.state == QueueState(PaceState(2.0), PaceState(2.0), 0, 0, 0)


async def test_a_throttled_page_is_asked_again_at_a_lower_pace(
    service: FakeCloudTrail, queue: LookupQueue, clock: AutoClock
) -> None:
    service.events = [event("e", EPOCH)]
    service.failures.extend([throttled()] * 8)
    page = await queue.page(scan(), None, Priority.USER, always)
    assert [known.event_id for known in page.events] == ["e"]
    state = queue.state
    assert (service.lookups, state.throttled) == (9, 8)
    assert state.pace.in_force == pytest.approx(2.0 * 0.8**8 + (2.0 - 2.0 * 0.8**8) / 512)
    assert state.pace.calls_to_full == 511


async def test_a_pace_too_high_for_the_server_settles_below_its_limit(
    service: FakeCloudTrail, queue: LookupQueue
) -> None:
    service.window = 1
    await asyncio.gather(*(queue.page(scan(number), None, Priority.USER, always) for number in range(60)))
    assert service.calls["LookupEvents"] == 60 + service.refused
    assert service.refused <= 8


@pytest.mark.parametrize(
    ("failure", "attempts", "kind"),
    [
        (internal, 6, ServiceError),
        (incomplete, 6, IncompleteAnswer),
        (unreachable, 4, EndpointUnreachable),
        (lambda: denied("x"), 1, AccessDenied),
    ],
)
async def test_passing_failures_are_tried_again_a_few_times(
    service: FakeCloudTrail,
    queue: LookupQueue,
    failure: Callable[[], CtuiError],
    attempts: int,
    kind: type[CtuiError],
) -> None:
    service.failures.extend(failure() for _ in range(20))
    with pytest.raises(kind):
        await queue.page(scan(), None, Priority.USER, always)
    assert service.calls["LookupEvents"] == attempts
    assert queue.state.queued == queue.state.in_flight == 0


async def test_a_line_that_falls_silent_is_not_tried_again_and_its_silence_is_counted(
    fake_clock: FakeClock, tasks: Tasks
) -> None:
    service = FakeCloudTrail(fake_clock, latency=30.0)
    service.failures.append(unreachable())
    queue = queue_over(service, tasks)
    asked = asyncio.ensure_future(queue.page(scan(), None, Priority.USER, always))
    await turns()
    assert queue.state.silence(fake_clock.monotonic()) == 0
    fake_clock.advance(12.0)
    assert queue.state.silence(fake_clock.monotonic()) == 12.0
    fake_clock.advance(18.0)
    with pytest.raises(EndpointUnreachable):
        await asked
    assert service.calls["LookupEvents"] == 1
    assert queue.state.silence(fake_clock.monotonic()) == 0


async def test_others_go_on_while_a_failed_request_waits(service: FakeCloudTrail, queue: LookupQueue) -> None:
    service.failures.extend([internal(), internal()])
    await asyncio.gather(*(queue.page(scan(number), None, Priority.USER, always) for number in range(6)))
    order = [NOW - asked.end for asked, _ in service.asked]
    assert order == [0, 1, 0, 1, 2, 3, 4, 5], "both wait, each for its own half a second"


async def test_the_pace_of_another_region_that_is_slowed_is_told_while_that_is_asked(
    service: FakeCloudTrail, queue: LookupQueue
) -> None:
    """What is shown was the pace of the Region we work in, whatever the others waited for."""
    service.refusing["us-east-1"] = throttled()
    other = replace(scan(), scope=replace(SCOPE, region="us-east-1"))
    seen: list[QueueState] = []

    def look(state: QueueState) -> None:
        seen.append(state)
        if state.throttled == 2:
            service.refusing.clear()

    queue.changed.subscribe(look)
    await asyncio.gather(
        queue.page(scan(), None, Priority.USER, always), queue.page(other, None, Priority.USER, always)
    )
    told = {(state.region, round(state.lowest.in_force, 2)) for state in seen if state.in_flight}
    assert {("us-east-1", 1.6), ("us-east-1", 1.28)} <= told
    assert (queue.state.region, queue.state.lowest) == ("", PaceState(2.0))


async def test_the_state_is_published_and_comes_to_rest(service: FakeCloudTrail, queue: LookupQueue) -> None:
    seen: list[QueueState] = []
    queue.changed.subscribe(seen.append)
    await asyncio.gather(*(queue.page(scan(number), None, Priority.USER, always) for number in range(3)))
    assert max(state.queued for state in seen) >= 2
    assert max(state.in_flight for state in seen) == 1
    assert (seen[-1].queued, seen[-1].in_flight, service.lookups) == (0, 0, 3)


async def test_the_date_of_each_answer_teaches_the_server_clock(service: FakeCloudTrail, tasks: Tasks) -> None:
    service.skew = timedelta(minutes=-4)
    server_clock = ServerClock(service.clock)
    queue = LookupQueue(service.clock, server_clock, tasks, 2.0)
    queue.connect(service, SCOPE)
    page = await queue.page(scan(), None, Priority.USER, always)
    assert page.received == service.clock.now()
    assert abs(server_clock.now() - (service.clock.now() + service.skew)) <= timedelta(seconds=1)


async def test_a_request_by_either_name_of_an_account_is_the_same_request(
    service: FakeCloudTrail, queue: LookupQueue
) -> None:
    provisional = replace(scan(), scope=replace(SCOPE, account="?x"))
    queue.alias_account(provisional.scope, SCOPE.account)
    pages = await asyncio.gather(
        queue.page(provisional, None, Priority.USER, always), queue.page(scan(), None, Priority.USER, always)
    )
    assert pages[0] == pages[1]
    assert service.calls["LookupEvents"] == 1


async def test_a_refusal_that_comes_after_the_account_was_learned_lowers_the_accounts_pace(
    service: FakeCloudTrail, tasks: Tasks, queue: LookupQueue, clock: AutoClock
) -> None:
    service.latency = 1.0
    service.failures.append(throttled())
    provisional = replace(scan(), scope=replace(SCOPE, account="?x"))
    lowest: list[float] = []
    queue.changed.subscribe(lambda state: lowest.append(state.pace.in_force))
    asking = asyncio.create_task(queue.page(provisional, None, Priority.USER, always))
    await turns(3)
    queue.alias_account(provisional.scope, SCOPE.account)
    await asking
    assert min(lowest) == pytest.approx(1.6)

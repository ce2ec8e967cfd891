"""Pauses between attempts at an endpoint that fails: how long, for whom, and what ends one early."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from support.fakes.clock import EPOCH, AutoClock, FakeClock
from support.fakes.cloudtrail import CONNECTION, FakeCloudTrail, denied, internal, throttled, unreachable

from ctui.core.lookup.outage import Outages, may_pass
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.core.server_clock import ServerClock
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError, IncompleteAnswer, NoEventHistory, NotCloudTrail
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan

SCOPE = Scope(CONNECTION.origin, "111111111111", CONNECTION.region)
NOW = int(EPOCH.timestamp())


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    owned = Tasks()
    yield owned
    await owned.close()


def queue_over(service: FakeCloudTrail, tasks: Tasks, jitter: float = 1.0) -> LookupQueue:
    queue = LookupQueue(service.clock, ServerClock(service.clock), tasks, 1000.0, jitter=lambda: jitter)
    queue.connect(service, SCOPE)
    return queue


async def page(queue: LookupQueue, number: int = 0, *, region: str = SCOPE.region, patient: bool = True) -> Page:
    scan = Scan(replace(SCOPE, region=region), None, NOW - number)
    return await queue.page(scan, None, Priority.USER, lambda: True, patient=patient)


async def turns() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("jitter", "pauses"),
    [
        (1.0, [0.5, 1, 2, 4, 8, 16, 30, 30, 30]),
        (0.0, [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15]),
        (0.5, [0.375, 0.75, 1.5, 3, 6, 12, 22.5, 22.5, 22.5]),
    ],
)
async def test_pauses_double_up_to_half_a_minute_and_jitter_shortens_them(
    service: FakeCloudTrail, tasks: Tasks, jitter: float, pauses: list[float]
) -> None:
    queue = queue_over(service, tasks, jitter)
    await page(queue)
    service.sends.clear()
    service.failures.extend(internal() for _ in pauses)
    await page(queue, 1)
    between = [later - sooner for sooner, later in zip(service.sends, service.sends[1:], strict=False)]
    assert between == pytest.approx(pauses, abs=0.01)


def test_a_pause_is_bounded_after_any_number_of_attempts(fake_clock: FakeClock) -> None:
    assert Outages(fake_clock, lambda: 1.0).failed(SCOPE, unreachable(), 10_000) == 30


async def test_requests_for_an_endpoint_that_fails_share_its_pauses_and_another_endpoint_has_none(
    fake_clock: FakeClock, tasks: Tasks
) -> None:
    service = FakeCloudTrail(fake_clock)
    queue = queue_over(service, tasks)
    await page(queue)
    service.refusing[SCOPE.region] = unreachable()
    service.asked.clear()
    waiting = [asyncio.ensure_future(page(queue, number)) for number in range(1, 9)]
    for _ in range(240):
        fake_clock.advance(0.5)
        await turns()
    first_eight, rest = 8, 8
    assert len(service.asked) <= first_eight + rest, "two minutes: as many calls as one request would make"
    other = asyncio.ensure_future(page(queue, region="us-east-1"))
    fake_clock.advance(0.01)
    await turns()
    assert other.done()
    service.refusing.clear()
    for _ in range(70):
        fake_clock.advance(0.5)
        await turns()
    assert all(one.done() for one in waiting)


async def test_a_single_failure_delays_its_own_request_and_no_other(service: FakeCloudTrail, tasks: Tasks) -> None:
    queue = queue_over(service, tasks)
    await page(queue)
    service.failures.extend([internal(), None, internal(), None, internal()])
    await asyncio.gather(*(page(queue, number) for number in range(1, 5)))
    assert [NOW - asked.end for asked, _ in service.asked] == [0, 1, 2, 3, 4, 1, 3, 1]


async def test_a_key_ends_the_pause_and_the_state_says_since_when_and_when_next(
    fake_clock: FakeClock, tasks: Tasks
) -> None:
    service = FakeCloudTrail(fake_clock)
    queue = queue_over(service, tasks)
    await page(queue)
    assert not queue.try_now(), "nothing waits"
    service.refusing[SCOPE.region] = unreachable()
    since = fake_clock.now()
    waiting = asyncio.ensure_future(page(queue, 1))
    for seconds in (0.0, 0.01, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0):
        fake_clock.advance(seconds)
        await turns()
    outage = queue.state.outage
    assert outage is not None
    assert (outage.error.title, outage.attempts) == ("No answer", 7)
    assert (outage.since - since).total_seconds() < 0.1
    assert outage.next_attempt - fake_clock.monotonic() == pytest.approx(30, abs=0.1)
    calls = service.lookups
    service.refusing.clear()
    assert queue.try_now()
    fake_clock.advance(0.01)
    await turns()
    assert (service.lookups, waiting.done(), queue.state.outage) == (calls + 1, True, None)


@pytest.mark.parametrize("answer", [throttled, lambda: denied("LookupEvents")])
async def test_any_answer_of_the_service_ends_an_outage(
    service: FakeCloudTrail, tasks: Tasks, clock: AutoClock, answer: Callable[[], CtuiError]
) -> None:
    queue = queue_over(service, tasks)
    await page(queue)
    service.failures.extend([*(unreachable() for _ in range(9)), answer(), unreachable()])
    await asyncio.gather(page(queue, 1), page(queue, 2), return_exceptions=True)
    assert queue.state.outage is None
    assert clock.monotonic() < 200


async def test_who_has_no_patience_gets_the_error_after_a_few_attempts(service: FakeCloudTrail, tasks: Tasks) -> None:
    queue = queue_over(service, tasks)
    await page(queue)
    service.refusing[SCOPE.region] = NotCloudTrail("Not a CloudTrail API", "A web page came back.")
    calls = service.lookups
    with pytest.raises(NotCloudTrail):
        await page(queue, 1, patient=False)
    assert service.lookups - calls == 6
    assert queue.state.outage is None


def test_what_has_to_be_corrected_does_not_pass() -> None:
    assert all(map(may_pass, (unreachable(), internal(), IncompleteAnswer("", ""), NotCloudTrail("", ""))))
    assert not any(map(may_pass, (denied("x"), NoEventHistory("", ""), throttled())))

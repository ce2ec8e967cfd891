"""Scans that survive: whatever comes in place of a page, they go on from where they were, and say what they await."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    expired,
    incomplete,
    internal,
    invalid_token,
    throttled,
    unreachable,
    web_page,
)
from support.sessions import OpenStore

from ctui.core.lookup.outage import LONGEST_PAUSE, Outage
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.lookup.queue import QueueState
from ctui.core.session import SessionPhase
from ctui.core.signal import becomes
from ctui.errors import CtuiError, EndpointUnreachable, ExpiredLogin

PAGES = 200
SIZE = 10
OFTEN = [unreachable, incomplete, web_page, internal]
"""A connection that is reset, an answer that is truncated or `null`, HTML, and HTTP 500."""

SEEDS = range(10)


def fill(service: FakeCloudTrail, pages: int = PAGES) -> list[str]:
    """So many pages of history, several events in a second; returns its events, newest first."""
    service.page_size = SIZE
    service.events = [event(f"e{n:05}", EPOCH - timedelta(hours=2, seconds=n // 3)) for n in range(SIZE * pages)]
    return [one.event_id for one in service.events]


def mishaps(dice: random.Random, kinds: list[Callable[[], CtuiError]], share: float) -> list[CtuiError | None]:
    """What many calls meet: so large a share of them fails."""
    return [dice.choice(kinds)() if dice.random() < share else None for _ in range(4 * PAGES)]


def whole(session: CoreDriver, truth: list[str]) -> bool:
    """Everything is here once, in the right order, and the load says so."""
    return session.explorer.query.state.phase is QueryPhase.COMPLETE and session.loaded() == truth


@pytest.mark.parametrize("seed", SEEDS)
async def test_where_a_quarter_of_all_answers_is_no_page_one_load_ends_whole_with_a_call_for_each_page_and_fault(
    start: StartSession, service: FakeCloudTrail, seed: int
) -> None:
    truth = fill(service)
    session = await start()
    planned = mishaps(random.Random(seed), [*OFTEN, throttled], 0.25)
    service.failures.extend(planned)
    await session.load_all()
    faults = sum(one is not None for one in planned[: service.lookups - 1])
    assert whole(session, truth)
    assert faults > 30
    assert service.lookups <= PAGES + faults + 1, "the page that ends the range may be empty"


def called_or_ended(session: CoreDriver, service: FakeCloudTrail, calls: int) -> bool:
    """So many calls were made, or the load has ended."""
    return service.lookups >= calls or session.explorer.query.state.phase is not QueryPhase.LOADING


@pytest.mark.parametrize("seed", SEEDS)
async def test_quitting_and_starting_again_among_faults_loses_nothing_and_asks_for_little_twice(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, clock: AutoClock, seed: int
) -> None:
    truth, dice = fill(service), random.Random(seed)
    faults = mishaps(dice, [*OFTEN, throttled], 0.2)
    starts = expired_tokens = 0

    def look(state: QueueState) -> None:
        nonlocal expired_tokens
        if state.queued and dice.random() < 0.1:
            expired_tokens += 1
            service.expire_tokens()

    session = await start(open_store=lasting)
    while not whole(session, truth):
        starts += 1
        session.queue.changed.subscribe(look)
        service.failures.extend(faults[service.lookups :])
        session.explorer.query.everything()
        enough = service.lookups + dice.randint(20, 80)
        await becomes(
            partial(called_or_ended, session, service, enough), session.queue.changed, session.explorer.changed
        )
        assert session.explorer.query.state.error is None
        if session.explorer.query.state.phase is QueryPhase.LOADING:
            await session.close()
            service.failures.clear()
            clock.advance(dice.choice([10, 4000]))
            session = await start(open_store=lasting)
    met = sum(one is not None for one in faults[: service.lookups])
    assert starts > 2
    assert service.lookups <= 1.5 * PAGES + met + expired_tokens


async def test_an_hour_without_an_answer_costs_few_calls_and_the_state_says_what_is_awaited(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    truth = fill(service, 40)
    session = await start()
    told: list[tuple[float, Outage]] = []

    def look(state: QueueState) -> None:
        if state.outage is not None and state.in_flight == 0:
            told.append((clock.monotonic(), state.outage))
        if clock.monotonic() > 3600:
            service.refusing.clear()

    session.queue.changed.subscribe(look)
    before = clock.now()
    service.refusing["eu-west-1"] = unreachable()
    await session.load_all()
    assert whole(session, truth)
    assert session.queue.state.outage is None
    assert {outage.error.title for _, outage in told} == {"No answer"}
    assert {outage.since for _, outage in told} == {told[0][1].since}
    assert told[0][1].since - before < timedelta(seconds=2)
    pauses = [outage.next_attempt - now for now, outage in told]
    assert max(pauses) <= LONGEST_PAUSE
    attempts = max(outage.attempts for _, outage in told)
    assert 120 <= attempts <= 250, "every 15 to 30 seconds"
    assert service.lookups <= 40 + 1 + attempts + 1


async def test_a_storm_of_throttling_ends_no_load(start: StartSession, service: FakeCloudTrail) -> None:
    truth = fill(service, 40)
    session = await start()
    service.failures.extend([None] * 5 + [throttled()] * 60)
    await session.load_all()
    assert whole(session, truth)
    assert service.lookups <= 41 + 60


async def test_a_login_that_expires_in_the_middle_goes_on_once_another_was_made(
    start: StartSession, service: FakeCloudTrail
) -> None:
    truth = fill(service, 40)
    connector = FakeConnector(service)
    session = await start(connector)
    service.failures.extend([None] * 12 + [expired()])
    await session.load_all()
    assert isinstance(session.explorer.query.state.error, ExpiredLogin)
    assert session.explorer.query.outstanding.everything
    connector.failures.append(expired())
    await session.reload()
    assert session.state.phase is SessionPhase.FAILED, "it has not been mended yet"
    assert session.loaded() == truth[: 13 * SIZE]
    await session.reload()
    assert whole(session, truth)
    assert service.lookups <= 41 + 1 + 2, "what was here is not asked for again, but the second that may have more"


@pytest.mark.parametrize("jump", [timedelta(hours=9), timedelta(days=3), timedelta(minutes=-40)])
async def test_a_computer_that_slept_goes_on_and_claims_nothing_about_its_sleep(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, clock: AutoClock, jump: timedelta
) -> None:
    """The monotonic clock stands still meanwhile. The token may be no longer valid, and the connection is gone."""
    truth = fill(service, 40)
    session = await start(open_store=lasting)
    service.failures.extend([None] * 12)

    def look(state: QueueState) -> None:
        if service.lookups == 13 and state.in_flight == 0 and not service.failures:
            clock.jump(jump)
            service.events.insert(0, event("asleep", EPOCH + timedelta(seconds=5)))
            service.failures.extend([unreachable(), unreachable(), invalid_token()])

    session.queue.changed.subscribe(look)
    await session.load_all()
    assert whole(session, truth)
    assert service.lookups <= 41 + 3 + 2
    await session.close()
    again = await start(open_store=lasting)
    await again.load_all()
    assert again.loaded() == (["asleep"] if jump > timedelta(0) else []) + truth
    assert len(set(again.loaded())) == len(again.loaded())


async def test_a_region_that_is_gone_for_a_while_holds_up_no_other_and_comes_by_itself(
    start: StartSession, service: FakeCloudTrail
) -> None:
    truth = fill(service, 20)
    service.elsewhere["us-east-1"] = [event(f"us{n:04}", one.time) for n, one in enumerate(service.events)]
    session = await start()
    session.explorer.search_also("us-east-1")
    await session.idle()
    here_first = False

    def look(_: object) -> None:
        nonlocal here_first
        if sum(name.startswith("e") for name in session.loaded()) == len(truth):
            # It comes back only once all of the other is here.
            here_first = True
            service.refusing.clear()

    session.queue.changed.subscribe(look)
    service.refusing["us-east-1"] = unreachable()
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert len(session.loaded()) == len(set(session.loaded())) == 2 * len(truth)
    assert here_first


async def test_all_regions_that_are_gone_for_a_while_come_by_themselves(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    truth = fill(service, 20)
    service.elsewhere["us-east-1"] = [event(f"us{n:04}", one.time) for n, one in enumerate(service.events)]
    session = await start()
    session.explorer.search_also("us-east-1", "eu-north-1")
    await session.idle()
    service.failures.extend([None] * 3 + [unreachable()] * 40)
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert len(session.loaded()) == len(set(session.loaded())) == 2 * len(truth)
    assert service.lookups <= 3 * 20 + 40 + 10


@pytest.mark.parametrize("gone", [["us-east-1"], ["us-east-1", "eu-north-1"]])
async def test_regions_that_never_answered_are_refused_in_the_end(
    start: StartSession, service: FakeCloudTrail, gone: list[str]
) -> None:
    fill(service, 2)
    session = await start()
    service.refusing |= {region: unreachable() for region in gone}
    session.explorer.search_also(*gone)
    await session.idle()
    before = service.lookups
    await session.load_all()
    assert session.explorer.query.state.refused == tuple(sorted(gone))
    assert service.lookups - before <= 2 + 10 * len(gone)


async def test_what_is_stopped_waits_for_nothing(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 20)
    session = await start()
    service.refusing["eu-west-1"] = unreachable()
    session.explorer.query.everything()
    await becomes(lambda: session.queue.state.outage is not None, session.queue.changed)
    session.explorer.stop()
    await session.idle()
    assert session.queue.state.outage is None
    assert session.explorer.query.state.phase is QueryPhase.PAUSED


@pytest.mark.parametrize("failure", [*OFTEN, throttled])
async def test_with_bounded_patience_a_load_ends_with_what_failed(
    service: FakeCloudTrail, start: StartSession, failure: Callable[[], CtuiError], clock: AutoClock
) -> None:
    fill(service, 20)
    session = await start(patience=120.0)
    await session.load_more()
    began = clock.monotonic()
    service.refusing["eu-west-1"] = failure()
    await session.load_all()
    assert type(session.explorer.query.state.error) is type(failure())
    assert 120 <= clock.monotonic() - began <= 120 + LONGEST_PAUSE + 10
    service.refusing.clear()
    session.explorer.query.everything()
    await session.idle()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_one_more_page_after_a_load_of_everything_that_was_refused_is_one_page(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 20)
    session = await start()
    service.failures.append(denied("LookupEvents"))
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.FAILED
    await session.load_more()
    assert len(session.loaded()) == 2 * SIZE


async def test_a_wrong_endpoint_is_told_at_once(start: StartSession, service: FakeCloudTrail) -> None:
    service.refusing["eu-west-1"] = web_page()
    session = await start()
    assert session.explorer.query.state.error is not None
    assert service.lookups == 1
    service.refusing["eu-west-1"] = unreachable()
    await session.load_all()
    assert isinstance(session.explorer.query.state.error, EndpointUnreachable)
    assert service.lookups == 1 + 4

"""A working day of following, by a clock that jumps: each event once, however late, and nothing grows but the list."""

import gc
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from support.core_driver import CoreDriver, StartSession
from support.examples import examples
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, event

from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

HOURS = examples(9)
EVERY = 45
"""Seconds between two events."""


def lateness(random: Random) -> float:
    """Seconds until an event can be looked up, as measured (FACTS): minutes as a rule, up to an hour now and then."""
    share = random.random()
    return random.uniform(30, 480) if share < 0.9 else random.uniform(480, 900 if share < 0.97 else 3600)


async def hour(session: CoreDriver, service: FakeCloudTrail, clock: AutoClock, random: Random, first: int) -> None:
    """One hour in which something happens; some looks come late, as on a busy loop."""
    now = clock.now().replace(microsecond=0)
    for number in range(3600 // EVERY):
        one = event(f"e{first + number}", now + timedelta(seconds=number * EVERY + random.randrange(EVERY)))
        service.events.append(one)
        service.available[one.event_id] = one.time + timedelta(seconds=lateness(random))
    end = clock.monotonic() + 3600
    while clock.monotonic() < end:
        clock.advance(random.choice((10.0, 10.6)))
        session.follow.look()
        await session.idle()


def open_handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_a_working_day_shows_each_event_once_with_few_calls_and_flat_memory(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    random = Random(20261121)
    session = await start(lookup=Lookup(parse_timespan("7d")))
    session.follow.start()
    await session.idle()
    late, happened, objects, handles = set[int](), set[str](), list[int](), list[int]()

    def look_at(_: object) -> None:
        late.update(session.follow.state.late)

    session.follow.changed.subscribe(look_at)
    for number in range(HOURS):
        sends = len(service.sends)
        await hour(session, service, clock, random, number * (3600 // EVERY))
        assert len(service.sends) - sends <= 400, "of 3,600 that half of the pace allows"
        # What the double itself keeps.
        service.asked.clear()
        service._chains.clear()
        happened |= {one.event_id for one in service.events}
        service.events = [one for one in service.events if one.time > clock.now() - timedelta(hours=3)]
        if number in (0, HOURS - 1):
            gc.collect()
            objects.append(len(gc.get_objects()))
            handles.append(open_handles())
    clock.jump(timedelta(hours=1))
    for _ in range(70):
        clock.advance(10)
        session.follow.look()
        await session.idle()
    assert Counter(session.loaded()) == Counter(happened)
    assert len(happened) == HOURS * (3600 // EVERY)
    ids = session.explorer.query.ids
    seconds = [session.explorer.query.second_at(index) for index in range(len(ids))]
    assert seconds == sorted(seconds, reverse=True)
    assert late <= set(ids)
    assert len(late) > len(ids) // 20, "those that joined below newer ones carried a mark"
    assert len(session.follow.state.late) < len(late)
    assert handles[-1] <= handles[0]
    assert objects[-1] - objects[0] < 300, "what is made for a page is gone once it is shown"

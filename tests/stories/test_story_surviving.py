"""A load of everything over a line that bends what is answered: the real client, the emulator, and bytes in between."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver, driving_core
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import FakeCloudTrail
from support.fakes.lossy import Line, lossy_line
from support.fakes.waited import waited
from support.stage import NOW, connector

from ctui.core.lookup.query_state import QueryPhase
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock

PAGES = 30
BAD = [Line.LOSES_REQUESTS, Line.LOSES_ANSWERS, Line.CUT, Line.HALF, Line.NULL, Line.WEB_PAGE, Line.FAILED]


@pytest.fixture(scope="module")
def pages() -> Iterator[tuple[CloudTrail, list[str]]]:
    """An account with so many pages of one call, and the ids of those, newest first."""
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False), WorldClock(NOW, ticking=False)) as service:
        happened = (NOW - timedelta(hours=2, seconds=20 * number) for number in range(50 * PAGES))
        yield service, [service.add_event("RunInstances", eventTime=instant) for instant in happened]


@pytest.mark.parametrize("seed", range(3))
async def test_a_quarter_of_all_answers_is_bent_and_one_load_ends_whole(
    pages: tuple[CloudTrail, list[str]], seed: int
) -> None:
    dice, clock = random.Random(seed), AutoClock(NOW)
    lines = [dice.choice(BAD) if dice.random() < 0.25 else Line.GOOD for _ in range(5 * PAGES)]
    service, truth = pages
    before = service.calls["LookupEvents"]
    bugs: list[Exception] = []
    async with (
        lossy_line(service.endpoint_url) as line,
        driving_core(bugs, FakeCloudTrail(clock)) as start,
    ):
        session: CoreDriver = await start(waited(connector(service, endpoint_url=line.url), clock))
        line.lose_in_turn("LookupEvents", lines)
        await session.load_all()
        state, ids = session.explorer.query.state, session.loaded()
    assert (state.phase, state.error) == (QueryPhase.COMPLETE, None)
    assert len(ids) == len(set(ids))
    assert [one for one in ids if one in truth] == truth
    assert bugs == []
    assert service.calls["LookupEvents"] - before <= 1.5 * PAGES

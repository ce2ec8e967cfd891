"""TrailRegions: a trail's status in each Region: where it is asked, at which pace, and what failures leave standing."""

import asyncio
from collections.abc import Callable

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.cloudtrail import REGION, FakeCloudTrail, denied, expired, throttled

from ctui.core.trails.trail_regions import RegionsState
from ctui.errors import CtuiError
from ctui.model.region import RegionStatus
from ctui.model.trail.trail import Trail, TrailStatus

TRAIL = Trail("org", "arn:aws:cloudtrail:us-east-1:111111111111:trail/org", "us-east-1", is_multi_region_trail=True)
OTHER = Trail("two", f"arn:aws:cloudtrail:{REGION}:111111111111:trail/two", REGION, is_multi_region_trail=True)
ON = TrailStatus(is_logging=True)
NAMES = ("ap-south-1", REGION, "eu-west-2", "sa-east-1", "us-east-1")
LISTED = (*(RegionStatus(name, enabled=True) for name in NAMES), RegionStatus("af-south-1", enabled=False))


class Regions:
    """GetTrailStatus in each Region, as the test says."""

    def __init__(self, service: FakeCloudTrail) -> None:
        self.asked: list[tuple[str, str]] = []
        """(Region, name) of each call."""
        self.answers: dict[str, TrailStatus | CtuiError] = {}
        """By Region; ON where nothing stands here."""
        self.hanging: set[str] = set()
        """Regions that do not answer until `released`."""
        self.released = asyncio.Event()
        self._clock = service.clock
        self.sends: list[float] = []

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        self.asked.append((region, name))
        self.sends.append(self._clock.monotonic())
        if region in self.hanging:
            await self.released.wait()
        answer = self.answers.get(region, ON)
        if isinstance(answer, CtuiError):
            raise answer
        return answer


@pytest.fixture
def regions(service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch) -> Regions:
    service.trails = (TRAIL, OTHER)
    service.statuses = {TRAIL.key: ON, OTHER.name: ON}
    service.regions = LISTED
    regions = Regions(service)
    monkeypatch.setattr(service, "get_trail_status", regions.get_trail_status)
    return regions


async def begun(start: StartSession, service: FakeCloudTrail, regions: Regions) -> CoreDriver:
    session = await start()
    service.calls.clear()
    regions.asked.clear()
    regions.sends.clear()
    return session


def state_of(session: CoreDriver, trail: Trail = TRAIL) -> RegionsState:
    state = session.trail_regions.of(trail)
    assert state is not None
    return state


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until this is so; the clock of the tests needs no time."""
    while not condition():  # noqa: ASYNC110 - there is nothing to await
        await asyncio.sleep(0)


async def test_each_enabled_region_is_asked_once_by_arn_and_nothing_without_the_key(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    assert session.trail_regions.of(TRAIL) is None
    session.trail_regions.toggle(TRAIL)
    await session.idle()
    assert service.calls["ListRegions"] == 1
    home, *others = regions.asked
    assert home == ("us-east-1", TRAIL.name)
    assert others == [(name, TRAIL.key) for name in sorted(set(NAMES) - {"us-east-1"})]
    state = state_of(session)
    assert [each.region for each in state.readings] == ["us-east-1", *sorted(set(NAMES) - {"us-east-1"})]
    assert all(each.status == ON for each in state.readings)
    assert (state.not_enabled, state.unlisted, state.error, state.reading) == (("af-south-1",), None, None, False)


async def test_34_regions_are_asked_side_by_side_ten_a_second(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    service.regions = tuple(RegionStatus(f"r-{number}", enabled=True) for number in range(33))
    regions.hanging = {region.name for region in service.regions}
    session.trail_regions.toggle(TRAIL)
    await until(lambda: len(regions.asked) == 34)
    for first, eleventh in zip(regions.sends, regions.sends[10:], strict=False):
        assert eleventh - first >= 1.0
    regions.released.set()
    await session.idle()
    assert len(regions.asked) == 34


async def test_hiding_it_forgets_it_and_the_regions_are_listed_once(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    for trail in (TRAIL, OTHER):
        session.trail_regions.toggle(trail)
        await session.idle()
    session.trail_regions.toggle(TRAIL)
    assert session.trail_regions.of(TRAIL) is None
    assert state_of(session, OTHER).readings, "another trail's stays"
    session.trail_regions.toggle(TRAIL)
    await session.idle()
    assert service.calls["ListRegions"] == 1
    assert len(regions.asked) == 3 * len(NAMES)


async def test_a_region_that_fails_or_hangs_holds_up_no_other(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    regions.answers["eu-west-2"] = denied("GetTrailStatus")
    regions.hanging.add("ap-south-1")
    session.trail_regions.toggle(TRAIL)
    await until(lambda: sum(each.answered for each in state_of(session).readings) == len(NAMES) - 1)
    by_name = {each.region: each for each in state_of(session).readings}
    assert by_name["eu-west-2"].error is regions.answers["eu-west-2"]
    assert not by_name["ap-south-1"].answered
    assert state_of(session).reading
    regions.released.set()
    await session.idle()
    assert not state_of(session).reading
    assert sum(each.status == ON for each in state_of(session).readings) == len(NAMES) - 1


async def test_hiding_it_stops_what_is_under_way(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    regions.hanging.update(NAMES)
    session.trail_regions.toggle(TRAIL)
    await until(lambda: bool(regions.asked))
    session.trail_regions.toggle(TRAIL)
    asked = len(regions.asked)
    await session.idle()
    assert session.trail_regions.of(TRAIL) is None
    assert len(regions.asked) == asked


@pytest.mark.parametrize("error", [denied("DescribeRegions"), throttled()])
async def test_where_it_is_not_known_which_are_enabled_those_that_are_known_are_asked(
    start: StartSession, service: FakeCloudTrail, regions: Regions, error: CtuiError
) -> None:
    session = await begun(start, service, regions)
    service.fail["list_regions"] = error
    service.known_regions = NAMES
    session.trail_regions.toggle(TRAIL)
    await session.idle()
    state = state_of(session)
    assert (state.unlisted, state.not_enabled, state.error) == (error, (), None)
    assert {each.region for each in state.readings} == set(NAMES)


async def test_a_login_that_is_over_is_told_and_no_region_is_asked(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    service.fail["list_regions"] = error = expired()
    session.trail_regions.toggle(TRAIL)
    await session.idle()
    state = state_of(session)
    assert (state.error, state.readings, state.reading) == (error, (), False)
    assert regions.asked == []


async def test_another_login_knows_nothing_of_it(
    start: StartSession, service: FakeCloudTrail, regions: Regions
) -> None:
    session = await begun(start, service, regions)
    session.trail_regions.toggle(TRAIL)
    await session.idle()
    another = FakeCloudTrail(service.clock, connection=service.connection)
    session._gateway = another
    assert session.trail_regions.of(TRAIL) is None
    session.trail_regions.toggle(TRAIL)
    await session.idle()
    assert another.calls["ListRegions"] == 1

"""The trail book: how statuses are asked for, at which pace, and what a failure leaves standing."""

import pytest
from support.core_driver import StartSession
from support.fakes.cloudtrail import (
    CONNECTION,
    REGION,
    FakeCloudTrail,
    denied,
    incomplete,
    internal,
    throttled,
    unreachable,
)

from ctui.core.trails.trail_book import TrailEntry, TrailsPhase, TrailsState
from ctui.errors import AccessDenied, EndpointUnreachable
from ctui.model.trail.trail import Trail, TrailStatus


def arn(name: str, region: str = REGION, account: str = "111111111111") -> str:
    return f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"


HOME = Trail("home", arn("home"), REGION, is_organization_trail=False)
SHADOW = Trail("shadow", arn("shadow", "us-east-1"), "us-east-1", is_organization_trail=False)
ORGANISATION = Trail("org", arn("org", account="999999999999"), REGION, is_organization_trail=True)
OLD = Trail("old")
"""A trail as the 2015 edition tells it: without ARN and home Region."""
ON = TrailStatus(is_logging=True)
OFF = TrailStatus(is_logging=False)


@pytest.mark.parametrize(
    ("trail", "asked_as"), [(HOME, "home"), (SHADOW, SHADOW.arn), (ORGANISATION, ORGANISATION.arn), (OLD, "old")]
)
async def test_shadow_and_organization_trails_are_asked_by_arn(
    start: StartSession, service: FakeCloudTrail, trail: Trail, asked_as: str
) -> None:
    service.trails, service.statuses = (trail,), {asked_as: ON}
    session = await start()
    assert session.trails.state.entries == (TrailEntry(trail, ON, None),)


async def test_entries_are_sorted_by_name_then_home_region(start: StartSession, service: FakeCloudTrail) -> None:
    service.trails = [
        Trail("b", arn("b", "us-east-1"), "us-east-1"),
        Trail("c", arn("c"), REGION),
        Trail("b", arn("b"), REGION),
    ]
    session = await start()
    assert [(entry.trail.name, entry.trail.home_region) for entry in session.trails.state.entries] == [
        ("b", REGION),
        ("b", "us-east-1"),
        ("c", REGION),
    ]


async def test_one_trails_error_stands_beside_the_others_status(start: StartSession, service: FakeCloudTrail) -> None:
    service.trails, service.statuses = (HOME, OLD), {"old": OFF}
    session = await start()
    state = session.trails.state
    assert state.phase is TrailsPhase.READY
    assert isinstance(state.entries[0].error, AccessDenied)
    assert state.entries[1] == TrailEntry(OLD, OFF, None)


async def test_no_trails_is_an_answer(start: StartSession) -> None:
    session = await start()
    assert session.trails.state.phase is TrailsPhase.READY
    assert session.trails.state.entries == ()


async def test_a_failed_list_is_told_and_the_entries_of_before_are_kept(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.trails, service.statuses = (HOME,), {"home": ON}
    session = await start()
    service.describe_error = unreachable()
    session.trails.refresh()
    assert session.trails.state.phase is TrailsPhase.LOADING
    await session.trails.idle()
    state = session.trails.state
    assert state.phase is TrailsPhase.FAILED
    assert isinstance(state.error, EndpointUnreachable)
    assert state.entries == (TrailEntry(HOME, ON, None),)
    service.describe_error = None
    session.trails.refresh()
    await session.trails.idle()
    assert (session.trails.state.phase, session.trails.state.error) == (TrailsPhase.READY, None)


async def test_a_refresh_shows_the_old_status_until_the_new_one_is_there(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.trails, service.statuses = (HOME,), {"home": ON}
    session = await start()
    seen: list[TrailsState] = []
    session.trails.changed.subscribe(seen.append)
    service.statuses["home"] = OFF
    session.trails.refresh()
    await session.idle()
    assert [entry.status for state in seen for entry in state.entries][:2] == [ON, ON]
    assert seen[-1].entries[0].status == OFF


async def test_trails_show_before_their_statuses(start: StartSession, service: FakeCloudTrail) -> None:
    service.trails, service.statuses = (HOME,), {"home": ON}
    session = await start()
    service.trails = (HOME, OLD)
    service.statuses["old"] = OFF
    seen: list[TrailsState] = []
    session.trails.changed.subscribe(seen.append)
    session.trails.refresh()
    await session.idle()
    assert (OLD, None, None) in [(entry.trail, entry.status, entry.error) for state in seen for entry in state.entries]


async def test_statuses_are_read_ten_a_second_at_most(start: StartSession, service: FakeCloudTrail) -> None:
    service.trails = [Trail(f"t{number:02}", arn(f"t{number:02}"), REGION) for number in range(25)]
    service.statuses = {trail.name: ON for trail in service.trails}
    session = await start()
    session.trails.refresh()
    await session.idle()
    gaps = [later - sooner for sooner, later in zip(service.status_sends, service.status_sends[10:], strict=False)]
    assert len(gaps) == 40
    assert min(gaps) >= 1.0


async def test_refreshing_while_it_loads_begins_again_and_ends_once(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.trails = [Trail(f"t{number:02}", arn(f"t{number:02}"), REGION) for number in range(5)]
    service.statuses = {trail.name: ON for trail in service.trails}
    session = await start()
    for _ in range(4):
        session.trails.refresh()
    await session.idle()
    assert session.trails.state.phase is TrailsPhase.READY
    assert [entry.status for entry in session.trails.state.entries] == [ON] * 5


@pytest.mark.parametrize("trouble", [throttled, internal])
async def test_passing_trouble_with_a_status_is_tried_again(
    start: StartSession, service: FakeCloudTrail, trouble: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.trails = (HOME,)
    answers = [trouble(), trouble(), ON]

    async def status(region: str, name: str) -> TrailStatus:
        assert (region, name) == (CONNECTION.region, "home")
        answer = answers.pop(0)
        if isinstance(answer, TrailStatus):
            return answer
        raise answer

    monkeypatch.setattr(service, "get_trail_status", status)
    session = await start()
    assert session.trails.state.entries == (TrailEntry(HOME, ON, None),)


async def test_denied_lists_do_not_keep_events_away(start: StartSession, service: FakeCloudTrail) -> None:
    service.describe_error = denied("DescribeTrails")
    session = await start()
    assert session.trails.state.phase is TrailsPhase.FAILED
    assert service.calls["LookupEvents"] == 1


async def test_a_trail_that_cannot_be_read_stands_last_and_nothing_is_asked_of_it(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.trails, service.statuses = (
        (Trail("", odd=("A trail should be an object, but is null",)), OLD),
        {"old": ON},
    )
    session = await start()
    entries = session.trails.state.entries
    assert entries[0] == TrailEntry(OLD, ON, None)
    assert (entries[1].trail.name, entries[1].status) == ("", None)
    assert entries[1].error is not None
    assert service.calls["GetTrailStatus"] == 1


async def test_a_status_without_an_answer_is_asked_for_again(start: StartSession, service: FakeCloudTrail) -> None:
    service.trails, service.statuses = (OLD,), {"old": incomplete()}
    session = await start()
    assert session.trails.state.entries[0].error == service.statuses["old"]
    assert service.calls["GetTrailStatus"] == 4

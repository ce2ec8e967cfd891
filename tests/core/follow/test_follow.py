"""Following: new events in the order of time, each once, with half of the pace, and nothing lost by any pause."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import ACCOUNT, FakeCloudTrail, FakeConnector, denied, event, expired, unreachable

from ctui.core.follow.arrivals import MARKED_SECONDS
from ctui.core.follow.follow_state import FollowState
from ctui.core.logins import OtherLogin
from ctui.core.signal import becomes
from ctui.errors import ExpiredLogin
from ctui.model.connection import Identity
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

LOOK = 5.0
"""Seconds between two looks, as on the screen."""
HOUR = Lookup(parse_timespan("1h"))


async def look(session: CoreDriver) -> None:
    session.follow.look()
    await session.idle()


async def follow(session: CoreDriver, seconds: float) -> FollowState:
    """Let so much time pass while it is looked what is due, as often as the screen does."""
    end = session.clock.monotonic() + seconds
    while session.clock.monotonic() < end:
        advance(session, LOOK)
        await look(session)
    return session.follow.state


def advance(session: CoreDriver, seconds: float) -> None:
    assert isinstance(session.clock, AutoClock)
    session.clock.advance(seconds)


async def following(start: StartSession, lookup: Lookup = HOUR) -> CoreDriver:
    session = await start(lookup=lookup)
    session.follow.start()
    await session.idle()
    return session


def happen(service: FakeCloudTrail, one: str, ago: float = 0.0, *, late: float = 0.0, **parts: str) -> None:
    """An event so many seconds ago, which can be looked up `late` seconds after it happened."""
    # EventTime has whole seconds.
    time = (service.clock.now() - timedelta(seconds=ago)).replace(microsecond=0)
    service.events.append(event(one, time, **parts))
    service.available[one] = time + timedelta(seconds=late)


async def test_new_events_join_the_list_within_ten_seconds(start: StartSession, service: FakeCloudTrail) -> None:
    happen(service, "old", 300)
    session = await following(start)
    assert session.loaded() == ["old"]
    happen(service, "new")
    await follow(session, 10)
    assert session.loaded() == ["new", "old"]
    assert session.follow.state.behind == 0
    session.follow.stop()
    await session.idle()
    happen(service, "after")
    await follow(session, 60)
    assert session.loaded() == ["new", "old"], "off is off"


async def test_a_quiet_account_costs_six_calls_a_minute(start: StartSession, service: FakeCloudTrail) -> None:
    session = await following(start)
    before = service.lookups
    state = await follow(session, 3600)
    assert service.lookups - before == pytest.approx(360, abs=6)
    assert state.calls_an_hour == pytest.approx(360, abs=10)


async def test_an_event_that_comes_late_joins_below_newer_ones_with_a_mark_for_a_while(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await following(start)
    await follow(session, 60)
    happen(service, "late", late=20 * 60)
    happen(service, "soon", -600)
    await follow(session, 15 * 60)
    assert session.loaded() == ["soon"]
    assert not session.follow.state.late
    for _ in range(240):
        if session.loaded() == ["soon"]:
            await follow(session, LOOK)
    assert session.loaded() == ["soon", "late"]
    assert session.follow.state.late == {session.explorer.query.ids[1]}
    assert (service.clock.now() - service.events[0].time).total_seconds() <= 31 * 60, (
        "the hour is read every ten minutes"
    )
    await follow(session, MARKED_SECONDS)
    assert not session.follow.state.late


async def test_how_late_events_come_is_said_as_what_it_is_at_most(start: StartSession, service: FakeCloudTrail) -> None:
    for number in range(50):
        happen(service, f"before {number}", 600 + number)
    session = await following(start)
    await follow(session, 60)
    assert session.follow.state.lag is None, "what was there before says nothing"
    for number in range(40):
        happen(service, f"e{number}", -number * 30, late=100 if number % 8 else 400)
    lag = (await follow(session, 2400)).lag
    assert lag is not None
    assert 100 <= lag.p50 <= 100 + 60
    assert 400 <= lag.p95 <= 400 + 60
    (scope,) = session.queries.stored.named_scopes(session.queries.stored.asked_scopes())
    assert session.follow.lag_in(scope) == lag
    assert session.follow.lag_in(replace(scope, region="us-east-1")) is None


async def test_own_calls_are_stored_and_neither_marked_nor_counted(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await following(start)
    await follow(session, 60)
    for number in range(30):
        record = (
            f'{{"eventID":"own{number}","userAgent":"ctui/1.0","userIdentity":'
            f'{{"type":"IAMUser","arn":"arn:aws:iam::{ACCOUNT}:user/alice"}}}}'
        )
        one, source = f"own{number}", "cloudtrail.amazonaws.com"
        happen(service, one, 100 + number, name="LookupEvents", source=source, read_only="true", record=record)
    state = await follow(session, 120)
    assert (state.lag, state.late, len(session.explorer.rows.ids)) == (None, frozenset(), 0)
    assert session.explorer.state.own_hidden == 30
    session.explorer.toggle_own_calls()
    await session.idle()
    assert len(session.explorer.rows.ids) == 30


@pytest.mark.parametrize("pause", ["off", "sleep", "outage", "refused"])
async def test_nothing_is_lost_by_a_pause_of_whatever_kind(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, pause: str
) -> None:
    """An event each minute, which can be looked up after three; each tenth after half an hour."""
    session = await following(start)
    for number in range(120):
        happen(service, f"e{number:03}", -60 * number, late=180 if number % 10 else 1800)
    await follow(session, 900)
    if pause == "off":
        session.follow.stop()
        await session.idle()
        before = service.lookups
        await follow(session, 5400)
        assert service.lookups == before
        session.follow.start()
        assert session.follow.state.behind >= 5300
        await session.idle()
    elif pause == "sleep":
        clock.jump(timedelta(minutes=90))
        session.follow.look()
        assert session.follow.state.behind >= 5300
        await session.idle()
    elif pause == "outage":
        service.failures.extend([unreachable()] * 260)
        await follow(session, 60)
    else:
        service.fail["lookup_events"] = denied("LookupEvents")
        advance(session, 5300)
        state = await follow(session, 100)
        assert state.error is not None
        assert state.behind >= 5300
        del service.fail["lookup_events"]
    assert (service.clock.now() - service.events[0].time).total_seconds() > 900 + 3600
    state = await follow(session, 120)
    assert (state.behind, state.error) == (0, None)
    there = {one for one, since in service.available.items() if since < clock.now() - timedelta(minutes=10)}
    assert len(there) > 60
    assert there <= set(session.loaded())
    clock.jump(timedelta(hours=1))
    await follow(session, 660)
    assert session.loaded() == [f"e{number:03}" for number in reversed(range(120))]


async def test_a_pause_is_claimed_as_any_scan_is(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    session = await following(start)
    await follow(session, 600)
    clock.jump(timedelta(hours=5))
    await follow(session, 120)
    service.asked.clear()
    session.explorer.ask_range(parse_timespan("5h"))
    await session.load_all()
    oldest = min(scan.start or 0 for scan, _ in service.asked)
    assert oldest >= clock.now().timestamp() - 5 * 3600 - 1
    asked = [(scan.end - (scan.start or 0)) // 60 for scan, token in service.asked if token is None]
    assert sum(asked) <= 60 + 20, "all but the youngest hour is settled, and of that nothing is unknown but 15 minutes"


async def test_where_it_cannot_keep_up_it_says_so_and_follows_writes_first(
    start: StartSession, service: FakeCloudTrail
) -> None:
    """Eight events a second where half of the pace brings five."""
    service.page_size = 5
    session = await following(start)
    for number in range(8 * 360):
        write = number % 16 == 0
        happen(service, f"{'write' if write else 'read'}{number}", -number / 8, read_only=str(not write).lower())
    begun, changed = service.clock.now(), session.follow.changed
    going_on = asyncio.ensure_future(follow(session, 3600))
    await becomes(lambda: session.follow.state.behind >= 150, changed)
    passed, loaded = (service.clock.now() - begun).total_seconds(), session.loaded()
    newest = max(int(one[5:]) for one in loaded if one.startswith("write"))
    assert newest / 8 >= passed - 30, "writes are followed up to half a minute ago"
    assert sum(one.startswith("write") for one in loaded) >= newest // 16 - 3, "and none of them is missing"
    assert len(loaded) < 8 * passed * 2 / 3, "while a third of the others waits"
    await becomes(lambda: not session.follow.state.behind and len(session.explorer.query.ids) == 8 * 360, changed)
    assert _most_calls_within(service.sends, 60) <= 61
    session.follow.stop()
    going_on.cancel()


def _most_calls_within(sends: list[float], seconds: float) -> int:
    first = most = 0
    for last, at in enumerate(sends):
        while at - sends[first] > seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


async def test_the_line_on_the_screen_filters_what_comes_and_another_question_goes_on_with_it(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await following(start)
    await session.ask("user:bob")
    happen(service, "alice1", username="alice")
    happen(service, "bob1", username="bob")
    await follow(session, 15)
    assert [session.event(row).event_id for row in session.explorer.rows.ids] == ["bob1"]
    await session.ask("user:alice")
    happen(service, "alice2", username="alice")
    await follow(session, 15)
    assert [session.event(row).event_id for row in session.explorer.rows.ids] == ["alice2", "alice1"]
    happen(service, "bob2", username="bob")
    await follow(session, 15)
    session.explorer.back()
    await session.idle()
    await follow(session, 5)
    assert [session.event(row).event_id for row in session.explorer.rows.ids] == ["bob2", "bob1"]


async def test_a_question_that_ends_before_now_takes_no_new_events_and_none_is_lost(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await following(start)
    happen(service, "old", 7200)
    session.explorer.ask_range(parse_timespan("3h..1h"))
    await session.idle()
    happen(service, "new")
    state = await follow(session, 15)
    assert not state.shows
    assert session.loaded() == ["old"]
    session.explorer.back()
    await session.idle()
    state = await follow(session, 5)
    assert state.shows
    assert session.loaded() == ["new"]


async def test_what_happened_between_the_question_and_the_start_is_filled_in(
    start: StartSession, service: FakeCloudTrail
) -> None:
    happen(service, "before", 60)
    session = await start(lookup=HOUR)
    for number in range(100):
        happen(service, f"e{number:02}", -number * 60)
    advance(session, 7200)
    session.follow.start()
    assert session.follow.state.behind >= 7200
    await session.idle()
    await follow(session, 5)
    assert len(session.loaded()) == 101
    assert session.follow.state.behind == 0


async def test_a_region_that_is_refused_holds_no_other_up(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start(lookup=HOUR)
    session.explorer.search_also("us-east-1")
    await session.idle()
    session.follow.start()
    await session.idle()
    service.refusing["us-east-1"] = denied("LookupEvents")
    happen(service, "here")
    service.elsewhere["us-east-1"] = [event("there", service.clock.now())]
    state = await follow(session, 300)
    assert session.loaded() == ["here"]
    assert (state.scopes, state.error_scope, state.behind) == (2, "us-east-1", 0)
    del service.refusing["us-east-1"]
    state = await follow(session, 120)
    assert sorted(session.loaded()) == ["here", "there"]
    assert (state.error, state.behind) == (None, 0)


async def test_a_region_that_is_added_is_followed_and_one_that_is_left_out_rests(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await following(start)
    service.elsewhere["us-east-1"] = []
    session.explorer.search_also("us-east-1")
    await session.idle()
    await follow(session, 60)
    service.elsewhere["us-east-1"].append(event("there", service.clock.now()))
    assert (await follow(session, 15)).scopes == 2
    assert session.loaded() == ["there"]
    session.explorer.search_only()
    await session.idle()
    service.asked.clear()
    assert (await follow(session, 60)).scopes == 1
    assert {scan.scope.region for scan, _ in service.asked} == {session.queries.stored.asked_scopes()[0].region}


async def test_every_account_and_region_is_followed_and_one_that_hangs_holds_no_other_up(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    async def identity() -> Identity:
        return Identity("222222222222", "arn:aws:iam::222222222222:user/bob")

    second = FakeCloudTrail(clock=clock, identity=identity)
    logins = [OtherLogin("dev", FakeConnector(second))]
    session = await start(lookup=HOUR, regions=("us-east-1",), other_logins=logins)
    session.follow.start()
    await session.idle()
    await follow(session, 60)
    assert session.follow.state.scopes == 4
    second.hold()
    for number, one in enumerate((service, second)):
        happen(one, f"{number} here")
        one.elsewhere["us-east-1"] = [event(f"{number} there", clock.now().replace(microsecond=0))]
    clock.advance(15)
    session.follow.look()
    await becomes(lambda: len(session.explorer.query.ids) == 2, session.explorer.changed)
    assert sorted(session.loaded()) == ["0 here", "0 there"]
    clock.advance(300)
    session.follow.look()
    assert session.follow.state.behind >= 300
    assert session.follow.state.behind_scope.startswith("222222222222 ")
    second.release()
    await session.idle()
    await follow(session, 60)
    assert sorted(session.loaded()) == ["0 here", "0 there", "1 here", "1 there"]
    assert session.follow.state.behind == 0


async def test_a_refresh_tries_at_once_what_was_refused_and_a_login_that_ran_out_is_made_again(
    start: StartSession, service: FakeCloudTrail
) -> None:
    connector = FakeConnector(service)
    session = await start(connector, lookup=HOUR)
    session.follow.start()
    await session.idle()
    service.fail["lookup_events"] = denied("LookupEvents")
    assert (await follow(session, 60)).error is not None
    del service.fail["lookup_events"]
    happen(service, "new")
    await session.reload()
    assert session.follow.state.error is None
    assert session.loaded() == ["new"]
    service.fail["lookup_events"] = expired()
    assert isinstance((await follow(session, 60)).error, ExpiredLogin)
    del service.fail["lookup_events"]
    assert connector.connected == 1
    happen(service, "newer")
    await session.reload()
    await follow(session, 15)
    assert connector.connected == 2
    assert (session.follow.state.error, session.loaded()) == (None, ["newer", "new"])


async def test_a_clock_that_is_set_back_loses_nothing_and_makes_no_event_come_early(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    session = await following(start)
    await follow(session, 120)
    back = timedelta(minutes=4)
    clock.jump(-back)
    service.skew = back
    for number in range(40):
        happen(service, f"e{number}", -back.total_seconds() - number * 10, late=60)
    state = await follow(session, 600)
    assert (state.error, state.behind) == (None, 0)
    assert len(session.loaded()) == 40
    assert state.lag is not None
    assert state.lag.p50 >= 60, "our clock alone would say that they came before they happened"

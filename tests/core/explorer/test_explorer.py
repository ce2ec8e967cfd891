"""Asking: a line filters what is here without a call; asked, it fetches the rest; a second time, nothing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import ACCOUNT, REGION, FakeCloudTrail, FakeConnector, denied, event, unreachable
from support.sessions import OpenStore

from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup.event_query import QueryPhase
from ctui.core.rows.value_counts import findings, value_counts
from ctui.core.session import Session
from ctui.errors import ExpiredLogin
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.write import write_term
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan

Start = Callable[..., Awaitable[CoreDriver]]


@pytest.fixture
def week(service: FakeCloudTrail) -> FakeCloudTrail:
    """400 events, one each minute: alice reads, every tenth is bob's and writes; the oldest is carol's."""
    for n in range(400):
        who = (
            {"username": "bob", "read_only": "false", "name": "StopLogging"}
            if n % 10 == 9
            else {
                "username": "alice",
                "read_only": "true",
                "name": "ListUsers",
                "source": "iam.amazonaws.com",
            }
        )
        who |= {"username": "carol"} if n == 399 else {}
        service.events.append(event(f"e{n}", EPOCH - timedelta(minutes=n + 30), **who))
    return service


def users(session: Session, explorer: Explorer) -> list[str]:
    """Who is on each row."""
    return [line.summary.user for line in session.summaries(explorer.rows.ids)]


def stored(session: Session) -> bool:
    """Whether rows come from the store alone."""
    return session.explorer.query.state.store_only


def calls(service: FakeCloudTrail) -> int:
    return service.calls["LookupEvents"]


async def test_what_is_asked_before_there_is_a_connection_is_asked_with_it(week: FakeCloudTrail, start: Start) -> None:
    session = await start(FakeConnector(week, [unreachable(), unreachable()]))
    explorer = session.explorer
    session.refresh()
    explorer.type("is:write user:carol")
    explorer.ask()
    assert session.explorer.query.state.loading_all
    await session.idle()
    assert (calls(week), explorer.state.asked) == (0, True)
    await session.reload()
    assert users(session, explorer) == ["carol"]
    assert (session.explorer.query.state.phase, explorer.state.asked) == (QueryPhase.COMPLETE, True)


async def test_what_waits_for_a_connection_can_be_given_up(week: FakeCloudTrail, start: Start) -> None:
    session = await start(FakeConnector(week, [unreachable()]))
    explorer = session.explorer
    explorer.type("ip:*")
    explorer.ask()
    assert explorer.stop()
    assert not explorer.stop()
    await session.reload()
    assert session.explorer.query.state.pages == 1


async def test_typing_filters_what_is_here_and_makes_no_call(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    before = calls(week)
    for text in ("u", "user:", "user:b", "user:bo", "user:bob", "user:bob -is:read", ""):
        await session.type(text)
        if text.startswith("user:bob"):
            assert users(session, explorer) == ["bob"] * 5
            assert not explorer.state.asked
    assert len(explorer.rows.ids) == 50
    assert calls(week) == before


async def test_a_line_that_cannot_be_read_leaves_the_rows_and_says_where_it_is_wrong(
    week: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    await session.type("user:bob")
    await session.type('user:bob "x')
    assert explorer.error is not None
    assert explorer.error.position == 9
    assert users(session, explorer) == ["bob"] * 5
    explorer.type("user:bob")
    assert explorer.error is None


async def test_asking_sends_one_attribute_and_fetches_all_of_it(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    week.asked.clear()
    await session.ask("user:bob is:write ip:10.*")
    assert {scan.attribute for scan, _ in week.asked} == {LookupAttribute(AttributeKey.USERNAME, "bob")}
    assert explorer.state.asked
    assert explorer.state.query.phase is QueryPhase.COMPLETE
    assert [write_term(term) for term in explorer.state.client_filter] == ["is:write", "ip:10.*"]
    assert not explorer.rows.ids
    assert explorer.state.exclusions.each == {parse_filter("ip:10.*").terms[0]: 39}
    await session.type("user:bob is:write")
    assert users(session, explorer) == ["bob"] * 39


async def test_the_same_question_with_a_settled_end_is_not_asked_again(week: FakeCloudTrail, start: Start) -> None:
    session = await start(lookup=Lookup(parse_timespan("2026-11-20T00:00Z..2026-11-21T11:40Z")))
    explorer = session.explorer
    await session.ask("user:bob")
    rows = list(explorer.rows.ids)
    assert len(rows) == 39
    await session.ask("user:carol")
    before = calls(week)
    await session.ask("user:bob")
    assert list(explorer.rows.ids) == rows
    assert calls(week) == before


async def test_nearing_the_end_loads_until_a_row_passes_and_five_pages_at_most(
    week: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    before = calls(week)
    await session.type("bob-is-nowhere")
    explorer.near_end()
    await session.idle()
    assert calls(week) == before + 5
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    await session.type("-user:alice,bob")
    explorer.near_end()
    await session.idle()
    assert users(session, explorer) == ["carol"]


async def test_a_load_that_was_begun_by_the_line_can_be_stopped(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    await session.type("nowhere")
    before = calls(week)
    explorer.near_end()
    assert explorer.stop()
    await session.idle()
    assert calls(week) <= before + 1
    assert not explorer.stop()


async def test_a_range_in_the_line_goes_before_the_other_and_choosing_one_takes_it_out(
    week: FakeCloudTrail, start: Start
) -> None:
    session = await start(lookup=Lookup(parse_timespan("1d")))
    explorer = session.explorer
    await session.type("since:1h user:alice")
    assert explorer.state.timespan == parse_timespan("1h")
    assert len(explorer.rows.ids) == 28
    await session.ask()
    assert session.explorer.query.lookup.timespan == explorer.state.timespan
    assert len(explorer.rows.ids) == 28
    explorer.ask_range(parse_timespan("3h"))
    await session.idle()
    assert explorer.text == "user:alice"
    assert session.explorer.query.lookup.timespan == parse_timespan("3h")


async def test_toggles_write_themselves_into_the_line(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type("user:bob")
    explorer.toggle(EventKind.WRITE)
    assert explorer.text == "user:bob is:write"
    explorer.toggle(EventKind.ERROR)
    explorer.toggle(EventKind.WRITE)
    assert explorer.text == "user:bob is:error"
    await session.idle()
    assert not explorer.rows.ids


async def test_rows_that_pass_grow_while_everything_is_loaded(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    await session.ask("-user:alice")
    assert users(session, explorer) == ["bob"] * 39 + ["carol"]
    assert explorer.state.query.server_filter == ()


async def test_refreshing_keeps_the_line(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    await session.type("user:bob")
    await session.reload()
    assert set(users(session, explorer)) == {"bob"}
    assert explorer.text == "user:bob"


async def test_values_already_seen_come_most_frequent_first(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    assert await value_counts(session, "user") == [("alice", 45), ("bob", 5)]
    assert await value_counts(session, "eventID") != []
    assert await value_counts(session, "requestParameters.none") == []


async def test_after_a_refusal_asking_again_tries_again(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type("user:bob")
    week.failures.append(denied("LookupEvents"))
    await session.ask()
    assert explorer.state.query.phase is QueryPhase.FAILED
    await session.ask()
    assert users(session, explorer) == ["bob"] * 39


async def test_a_question_from_elsewhere_stands_in_the_line_and_going_back_brings_the_old_one(
    week: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    await session.type("user:bob error:*")
    before = session.explorer.query.lookup
    session.explorer.ask_lookup(Lookup(parse_timespan("1d"), LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging")))
    await session.idle()
    assert explorer.text == "name:StopLogging"
    assert explorer.state.timespan == parse_timespan("1d")
    assert explorer.state.asked
    assert set(users(session, explorer)) == {"bob"}
    assert explorer.back()
    await session.idle()
    assert explorer.text == "user:bob error:*"
    assert explorer.state.timespan == before.timespan


@pytest.mark.parametrize(
    "attribute", [("ReadOnly", "false"), ("Username", "bob"), ("EventSource", "ec2.amazonaws.com")]
)
async def test_the_first_question_stands_in_the_line(
    week: FakeCloudTrail, start: Start, attribute: tuple[str, str]
) -> None:
    key, value = attribute
    session = await start(lookup=Lookup(attribute=LookupAttribute(AttributeKey(key), value)))
    explorer = session.explorer
    assert explorer.text == {"ReadOnly": "is:write", "Username": "user:bob"}.get(key, "source:ec2.amazonaws.com")
    assert explorer.state.asked


async def test_room_for_more_rows_is_not_filled_while_a_line_is_only_typed(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    before = calls(week)
    for text in ("user:bob", "error:*", "user:carol"):
        await session.type(text)
        explorer.near_end(filling=True)
        await session.idle()
    assert calls(week) == before
    await session.ask()
    assert calls(week) > before


async def test_what_has_been_told_in_full_is_not_asked_for_in_part(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    await session.load_all()
    before = calls(week)
    explorer = session.explorer
    await session.type("user:carol")
    assert explorer.state.asked
    await session.ask()
    assert users(session, explorer) == ["carol"]
    assert calls(week) == before


async def test_a_wider_line_goes_back_to_the_rows_of_before_without_a_call(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    wide = list(explorer.rows.ids)
    await session.ask("user:carol")
    assert users(session, explorer) == ["carol"]
    before = calls(week)
    await session.type("")
    assert list(explorer.rows.ids) == wide
    assert explorer.state.asked
    await session.type("name:StopLogging")
    assert users(session, explorer) == ["bob"] * 5
    await session.type("user:carol name:StopLogging")
    assert calls(week) == before
    explorer.type("")
    await session.load_more()
    assert len(explorer.rows.ids) == 100


async def test_rows_of_the_store_alone_are_not_taken_for_an_answer_of_the_service(
    week: FakeCloudTrail, start: Start, lasting: OpenStore
) -> None:
    first = await start(open_store=lasting)
    await first.close()
    session = await start(FakeConnector(week, [ExpiredLogin("Login", "It has run out.")]), open_store=lasting)
    explorer = session.explorer
    assert stored(session)
    await session.ask("user:bob")
    assert set(users(session, explorer)) == {"bob"}
    await session.reload()
    assert not stored(session)
    await session.type("")
    assert not stored(session)


async def test_another_region_is_asked_too_and_stays(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type("name:StopLogging")
    session.explorer.search_also("us-east-1")
    session.explorer.search_also("us-east-1")
    await session.ask()
    assert session.state.added_regions == ("us-east-1",)
    assert {scan.scope.region for scan, _ in week.asked} == {REGION, "us-east-1"}
    assert {scan.scope.account for scan, _ in week.asked} == {ACCOUNT}
    assert explorer.state.query.phase is QueryPhase.COMPLETE
    assert explorer.text == "name:StopLogging"


async def test_where_a_value_stands_instead_is_found_among_the_events_stored(
    service: FakeCloudTrail, start: Start
) -> None:
    record = '{"userIdentity":{"type":"AWSService","invokedBy":"lambda.amazonaws.com"}}'
    service.events = [event("e1", EPOCH, username="", record=record), event("e2", EPOCH, username="bob", record=record)]
    session = await start()
    (found,) = await findings(session, parse_filter("user:lambda"), EPOCH)
    assert found.replacement == parse_filter("who:lambda").terms[0]
    assert found.text == "lambda occurs as who: in 2 stored events"
    for line in ("user:alice", "user:lam*", "-user:lambda", "user:lambda,bob", "user:lambda nowhere", ""):
        assert await findings(session, parse_filter(line), EPOCH) == (), line

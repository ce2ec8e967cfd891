"""`is:insight` asks for Insights events, in a category of their own, of which nothing is claimed."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.core_driver import StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, event
from support.stored import event_ids

from ctui.core.lookup.query_state import QueryPhase
from ctui.model.event.event import Event
from ctui.model.lookup.interval import Stretches
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute

HOUR = timedelta(hours=1)


def insight(event_id: str, age: timedelta, state: str = "Start", name: str = "StopLogging", **more: Any) -> Event:
    """An Insights event as LookupEvents has it."""
    details = {"state": state, "eventName": name, "eventSource": "cloudtrail.amazonaws.com"}
    record = {"eventType": "AwsCloudTrailInsight", "eventID": event_id, "insightDetails": details, **more}
    made = event(event_id, EPOCH - age, name=name, source="cloudtrail.amazonaws.com", record=json.dumps(record))
    return replace(made, username=None)


@pytest.fixture(autouse=True)
def happened(service: FakeCloudTrail) -> None:
    service.events = [
        event("call", EPOCH - 3 * HOUR, name="StopLogging", source="cloudtrail.amazonaws.com"),
        event("other", EPOCH - 4 * HOUR),
    ]
    service.insights = [insight("end", 2 * HOUR, "End"), insight("start", 3 * HOUR), insight("ec2", HOUR, name="Run")]


def categories(service: FakeCloudTrail) -> list[tuple[str, LookupAttribute | None]]:
    return [(scan.category.value, scan.attribute) for scan, _ in service.asked]


async def test_without_the_term_no_call_is_made_for_them(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    await session.load_all()
    for line in ("name:StopLogging", "-is:insight", "is:error OR user:alice"):
        await session.ask(line)
        await session.load_all()
    assert {category for category, _ in categories(service)} == {"management"}


@pytest.mark.parametrize(
    ("line", "found", "selected"),
    [
        ("is:insight", ["ec2", "end", "start"], None),
        ("is:insight name:StopLogging", ["end", "start"], LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging")),
        ("is:insight id:start", ["start"], LookupAttribute(AttributeKey.EVENT_ID, "start")),
        ("is:insight user:alice", [], None),
        ("is:insight is:write", ["ec2", "end", "start"], None),
    ],
)
async def test_they_are_asked_for_by_what_selects_them(
    start: StartSession, service: FakeCloudTrail, line: str, found: list[str], selected: LookupAttribute | None
) -> None:
    session = await start()
    service.asked.clear()
    await session.ask(line)
    await session.load_all()
    assert categories(service) == [("insight", selected)]
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    shown = event_ids(session, session.explorer.rows.ids)
    assert shown == found


async def test_an_or_of_both_asks_for_both(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    service.asked.clear()
    await session.ask("is:insight OR name:StopLogging")
    await session.load_all()
    assert {category for category, _ in categories(service)} <= {"insight", "management"}
    assert ("insight", None) in categories(service)
    shown = event_ids(session, session.explorer.rows.ids)
    assert sorted(shown) == ["call", "ec2", "end", "start"]
    assert session.explorer.query.regions == ("eu-west-1",)


async def test_nothing_is_claimed_so_that_each_question_asks_again(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start()
    store, scope = session.explorer.query._scans.store, session.explorer.query.scope
    assert scope is not None
    await session.load_all()
    now = int(EPOCH.timestamp())
    before = store.coverage(scope, None).known(now)
    await session.ask("is:insight")
    await session.load_all()
    assert store.coverage(scope, None).known(now) == before
    name = LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging")
    service.asked.clear()
    await session.ask("is:insight name:StopLogging")
    await session.load_all()
    assert store.coverage(scope, name).known(now) == Stretches()
    assert [category for category, _ in categories(service)] == ["insight"]
    service.insights.append(insight("later", timedelta(minutes=30)))
    service.asked.clear()
    await session.ask("is:insight source:cloudtrail")
    await session.load_all()
    assert len(categories(service)) == 1
    assert session.loaded()[0] == "later"


async def test_an_insights_event_is_never_taken_for_a_page_of_the_others(
    start: StartSession, service: FakeCloudTrail
) -> None:
    """What was loaded of them saves no call for management events, of the same name either."""
    session = await start()
    await session.ask("is:insight name:StopLogging")
    await session.load_all()
    service.asked.clear()
    await session.ask("name:StopLogging")
    await session.load_all()
    shown = event_ids(session, session.explorer.rows.ids)
    assert "call" in shown


async def test_start_and_end_are_found_by_the_id_that_they_share(start: StartSession, service: FakeCloudTrail) -> None:
    service.insights = [
        insight("end", 2 * HOUR, "End", sharedEventID="a"),
        insight("start", 3 * HOUR, sharedEventID="a"),
        insight("another", 4 * HOUR, sharedEventID="b"),
        insight("elsewhere", 5 * HOUR, "End", name="Run", sharedEventID="b"),
    ]
    session = await start()
    await session.ask("is:insight")
    await session.load_all()
    rows, store = session.explorer.query.ids, session.explorer.query._scans.store
    assert [await store.other_of_insight(row) for row in rows] == [EPOCH - 3 * HOUR, EPOCH - 2 * HOUR, None, None]
    session.insight_pairs.ask(rows[1])
    await session.idle()
    assert session.insight_pairs.of(rows[1]) == EPOCH - 2 * HOUR

"""Coverage against a naive model of a service whose events arrive late: what is claimed is in the store, all of it."""

import asyncio
import json
import random
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    ACCOUNT,
    CONNECTION,
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    has,
    internal,
    invalid_token,
    throttled,
    unreachable,
)
from support.stored import event_ids, found_keys

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.lookup.query_state import Halt
from ctui.core.session import Session
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.event.event import Event, Resource
from ctui.model.lookup.lateness import LAG_SECONDS, LATE_SECONDS
from ctui.model.lookup.lookup import AttributeKey, Clause, Lookup, LookupAttribute
from ctui.model.lookup.timespan import Timespan
from ctui.store.events import EventStore
from ctui.store.search import Search

BOB = LookupAttribute(AttributeKey.USERNAME, "bob")
ALICE = LookupAttribute(AttributeKey.USERNAME, "alice")
STOP = LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging")
RUN = LookupAttribute(AttributeKey.EVENT_NAME, "RunInstances")
LOGS = LookupAttribute(AttributeKey.RESOURCE_NAME, "logs")
QUESTIONS: tuple[tuple[Clause, ...], ...] = (
    (), (), ((BOB,),), ((ALICE,),), ((BOB, ALICE),), ((STOP, RUN),), ((STOP,), (BOB, ALICE)), ((RUN, STOP), (ALICE,)),
    ((BOB, STOP),), ((ALICE, LOGS),), ((LOGS, RUN, BOB),), ((BOB, LOGS), (STOP, RUN)),
    ((BOB, ALICE), (BOB, RUN), (STOP, ALICE), (STOP, RUN)),
)  # fmt: skip
"""What is asked: nothing in particular, one value, one of several, two clauses at once, one of several attributes
(`user:bob OR name:StopLogging`), and one of several pairs: `(user:bob name:StopLogging) OR (user:alice name:Run…)`."""
HOUR = 3600
"""Length of the history that is made up, before the session begins and after. Short, so that much happens in it."""


@dataclass(frozen=True)
class Happened:
    """An event: when, how late it can be looked up, whose, and what."""

    offset: int
    lag: int
    user: str
    name: str
    resource: str = ""
    region: str = CONNECTION.region


@dataclass(frozen=True)
class Asked:
    """One question, some time after the one before, walked for so many pages (None: to its end)."""

    wait: int
    start: int | None
    length: int | None
    clauses: tuple[Clause, ...]
    pages: int | None
    mishaps: tuple[str | None, ...]
    regions: tuple[str, ...] = ()
    """Further Regions that are searched."""
    refusing: str = ""
    """A Region that refuses every call."""


@dataclass(frozen=True)
class Identified:
    """When and how the account becomes known."""

    after: float | None = 0.0
    """Seconds that GetCallerIdentity takes; None if it is refused, so that pages alone may name the account."""
    in_records: bool = False
    """Records name the account, so that the first page does."""


AT_ONCE = Identified()
FURTHER = ("us-east-1", "eu-north-1")


_MISHAPS = {"throttled": throttled, "token": invalid_token, "internal": internal, "reset": unreachable}

# Many events share a second, and late ones are as late as they may be to be found without being asked for again.
LAGS = [0, 300, 700, LAG_SECONDS, 1500, 2700, LATE_SECONDS]
HOPELESS = [*LAGS, 5000, 3 * HOUR]
"""Later than anybody may expect: only asking again as if nothing were known finds these."""
happened = st.builds(
    Happened,
    st.integers(-HOUR // 60, HOUR // 60).map(lambda minute: minute * 60) | st.integers(-1000, 1000),
    st.sampled_from(LAGS),
    st.sampled_from(["alice", "bob"]),
    st.sampled_from(["StopLogging", "RunInstances", "RunInstances", "x"]),
    st.sampled_from(["", "", "logs", "other"]),
)
asked = st.builds(
    Asked,
    st.integers(0, 600) | st.sampled_from([1800, HOUR, 2 * HOUR]),
    st.none() | st.integers(0, 2 * HOUR),
    st.none() | st.integers(0, HOUR),
    st.sampled_from(QUESTIONS),
    st.sampled_from([None, None, 0, 1, 3]),
    st.lists(st.sampled_from([None, None, *_MISHAPS]), max_size=6).map(tuple),
)


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(happened, min_size=20, max_size=60),
    st.lists(asked, min_size=1, max_size=6),
    st.integers(1, 9),
    st.sampled_from([0.0, 5.0, 100.0]),
)
def test_what_is_claimed_is_here_and_a_complete_answer_holds_all_that_was_there(
    history: list[Happened], questions: list[Asked], page_size: int, latency: float
) -> None:
    asyncio.run(check(history, questions, page_size, latency))


@pytest.mark.parametrize("seed", range(examples(40)))
def test_the_same_with_evenly_random_histories(seed: int) -> None:
    """Hypothesis likes small and equal numbers; a Date taken from the wrong page shows with scattered ones."""
    dice = random.Random(seed)
    history = [
        Happened(
            dice.randint(-1000, 1000),
            dice.choice(LAGS),
            dice.choice(["alice", "bob"]),
            dice.choice(["StopLogging", "RunInstances", "x"]),
            dice.choice(["", "", "logs", "other"]),
        )
        for _ in range(dice.randint(20, 60))
    ]
    questions = [
        Asked(
            wait=dice.choice([dice.randint(0, 600), dice.randint(0, 2 * HOUR)]),
            start=dice.choice([None, dice.randint(0, 2 * HOUR)]),
            length=dice.choice([None, dice.randint(0, HOUR)]),
            clauses=dice.choice(QUESTIONS),
            pages=dice.choice([None, None, 0, 1, 3]),
            mishaps=tuple(dice.choice([None, None, None, *_MISHAPS]) for _ in range(dice.randint(0, 5))),
        )
        for _ in range(dice.randint(1, 6))
    ]
    asyncio.run(check(history, questions, dice.randint(1, 9), dice.choice([0.0, 5.0, 100.0])))


@pytest.mark.parametrize("seed", range(examples(20)))
def test_asking_again_finds_events_however_late_they_came(seed: int) -> None:
    dice = random.Random(seed)
    history = [
        Happened(
            dice.randint(-HOUR, HOUR),
            dice.choice(HOPELESS),
            dice.choice(["alice", "bob"]),
            "x",
            dice.choice(["", "logs"]),
        )
        for _ in range(dice.randint(20, 60))
    ]
    questions = [
        Asked(dice.randint(0, 2 * HOUR), dice.choice([None, 2 * HOUR]), None, dice.choice(QUESTIONS), None, ())
        for _ in range(dice.randint(1, 4))
    ]
    asyncio.run(check(history, questions, dice.randint(1, 9), 0.0, again=True))


@pytest.mark.parametrize("seed", range(examples(40)))
def test_the_same_in_several_regions_that_may_refuse_with_an_account_that_may_be_known_late(seed: int) -> None:
    dice = random.Random(1000 + seed)
    regions = dice.choice([(), FURTHER[:1], FURTHER])
    history = [
        Happened(
            dice.randint(-1000, 1000),
            dice.choice(LAGS),
            dice.choice(["alice", "bob"]),
            dice.choice(["StopLogging", "RunInstances", "x"]),
            dice.choice(["", "", "logs", "other"]),
            dice.choice([CONNECTION.region, *regions]),
        )
        for _ in range(dice.randint(20, 60))
    ]
    questions = [
        Asked(
            wait=dice.choice([dice.randint(0, 600), dice.randint(0, 2 * HOUR)]),
            start=dice.choice([None, dice.randint(0, 2 * HOUR)]),
            length=dice.choice([None, dice.randint(0, HOUR)]),
            clauses=dice.choice(QUESTIONS),
            pages=dice.choice([None, None, 0, 1, 3]),
            mishaps=tuple(dice.choice([None, None, None, "throttled", "token"]) for _ in range(dice.randint(0, 3))),
            regions=regions,
            refusing=dice.choice(["", "", *regions, CONNECTION.region]),
        )
        for _ in range(dice.randint(1, 6))
    ]
    identified = Identified(dice.choice([None, 0.0, 3.0, 100.0, 3000.0]), dice.choice([True, False]))
    asyncio.run(check(history, questions, dice.randint(1, 9), dice.choice([0.0, 5.0]), identified=identified))


def test_what_a_recheck_would_find_is_not_promised_where_that_has_failed() -> None:
    """Drawn once: a token is refused while the last hour is rechecked. The query says that it has failed."""
    history = [*[Happened(0, 0, "alice", "x")] * 30, Happened(1860, 3600, "alice", "x")]
    questions = [
        Asked(1800, None, None, (), None, ()),
        Asked(3600, None, None, (), None, ()),
        Asked(3600, None, None, (), 0, (None, "token")),
    ]
    asyncio.run(check(history, questions, 1, 0.0))


async def check(
    history: list[Happened],
    questions: list[Asked],
    page_size: int,
    latency: float,
    *,
    again: bool = False,
    identified: Identified = AT_ONCE,
) -> None:
    """Put the questions, and hold claims and rows against what there is; `again`: each once more as if nothing were
    known, and then every event that can be looked up has to be there."""
    clock = AutoClock()
    service = FakeCloudTrail(clock, page_size=page_size, latency=latency)
    for number, one in enumerate(history):
        time = EPOCH + timedelta(seconds=one.offset)
        there = service.events if one.region == CONNECTION.region else service.elsewhere.setdefault(one.region, [])
        record = {"eventID": f"e{number}", "awsRegion": one.region}
        if identified.in_records:
            record["recipientAccountId"] = ACCOUNT
        parts = {"username": one.user, "name": one.name, "record": json.dumps(record)}
        resources = (Resource("AWS::S3::Bucket", one.resource), Resource(None, None)) if one.resource else ()
        there.append(replace(event(f"e{number}", time, **parts), resources=resources))
        service.available[f"e{number}"] = time + timedelta(seconds=one.lag)

    async def identify() -> Identity:
        await clock.sleep(identified.after or 0.0)
        return Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice")

    service.identity = denied("GetCallerIdentity") if identified.after is None else identify

    store = await EventStore.open(None)

    async def open_store(connection: Connection | None) -> EventStore:
        return store

    session = Session(FakeConnector(service), open_store, clock)
    running = asyncio.create_task(session.run())
    await session.idle()
    for question in questions:
        clock.advance(question.wait)
        await one_question(session, service, question, again=again)
        if not again:
            for scope in session.queries.stored.asked_scopes():
                await claims_hold(store, scope, events_in(service, scope.region), service)
    clock.advance(5 * HOUR)
    last = Asked(0, None, None, (), None, (), regions=questions[0].regions)
    await one_question(session, service, last, again=again)
    assert len(session.explorer.query.ids) == len(history), "an hour after the last of them all have been found"
    await session.close()
    await running


async def one_question(session: Session, service: FakeCloudTrail, question: Asked, *, again: bool) -> None:
    """Ask, walk as far as wished, and hold a complete answer against what there was when it was asked."""
    now = session.clock.now()
    start = None if question.start is None else now - timedelta(seconds=question.start)
    end = None if question.length is None or start is None else start + timedelta(seconds=question.length)
    lookup = Lookup(Timespan("as drawn", start, end), clauses=question.clauses)
    searched = (CONNECTION.region, *question.regions)
    events = [one for region in searched for one in events_in(service, region)]
    there = {one.event_id for one in events if service.available[one.event_id] <= now}
    settling, late = timedelta(seconds=LAG_SECONDS), timedelta(seconds=LATE_SECONDS)
    soon = {one.event_id for one in events if service.available[one.event_id] <= one.time + settling} & there
    # What was proven within the hour is scanned once more when all of its proof is an hour old.
    rechecked = {one.event_id for one in events if one.time < now - 2 * late + settling} & there
    service.failures.clear()
    service.refusing = {question.refusing: denied("LookupEvents")} if question.refusing else {}
    session.queries.search(question.regions)
    service.failures.extend(None if name is None else _MISHAPS[name]() for name in question.mishaps)
    session.explorer.ask_lookup(lookup)
    feed = session.explorer.query
    await session.idle()
    for _ in range(len(question.mishaps) + 1 if question.pages is None else question.pages):
        if feed.state.store_only:
            # Nobody answered, and what the store has was shown instead.
            session.explorer.ask_lookup(lookup)
            feed = session.explorer.query
        (feed.everything if question.pages is None else feed.more)()
        await session.idle()
    while question.pages is None and feed.state.halt is Halt.NO_PROGRESS:
        # More than twenty events of one second that are here already, a page each: M goes on.
        feed.everything()
        await session.idle()
    if again:
        session.ask_again()
        await session.idle()
        feed = session.explorer.query
        feed.everything()
        await session.idle()
    if feed.state.store_only:
        return
    assert question.pages is not None or question.refusing or feed.state.phase is QueryPhase.COMPLETE
    assert question.mishaps or set(feed.state.refused) <= {question.refusing}
    expected = there if again else soon if feed.state.error is not None else soon | rechecked
    # A Region that refuses stops none of the others; if none is left, the query has failed.
    refused = {question.refusing, *feed.state.refused}
    expected -= {one.event_id for region in refused for one in events_in(service, region)}
    lines = session.summaries(feed.ids)
    names = event_ids(session, feed.ids)
    assert len(set(names)) == len(names) == feed.state.loaded
    assert [line.summary.time for line in lines] == sorted((line.summary.time for line in lines), reverse=True)
    scan = feed.state.scan
    assert scan is not None
    in_range = {one for one in events if (scan.start or 0) <= one.time.timestamp() <= scan.end}
    fitting = {
        one.event_id for one in in_range if all(any(has(one, each) for each in clause) for clause in question.clauses)
    }
    # Rows of one clause still have to be judged by the others, and all where everything was scanned.
    assert set(names) <= {one.event_id for one in in_range}
    shown_to = scan.end + 1 if feed.state.oldest is None else feed.state.oldest.timestamp()
    complete = feed.state.phase is QueryPhase.COMPLETE
    newer = {one.event_id for one in events if complete or one.time.timestamp() > shown_to}
    assert fitting & expected & newer <= set(names), "shown without holes"


def events_in(service: FakeCloudTrail, region: str) -> list[Event]:
    """Everything that happened in a Region."""
    return service.events if region == CONNECTION.region else service.elsewhere.get(region, [])


async def claims_hold(store: EventStore, scope: Scope, events: list[Event], service: FakeCloudTrail) -> None:
    """Every event of a settled second is in the store, those too that were still on their way when it was claimed; of a
    provisional one every event that could be looked up when it was proven."""
    for attribute in (None, BOB, ALICE, STOP, RUN, LOGS):
        coverage = store.coverage(scope, attribute)
        settled = [(stretch, None) for stretch in coverage.settled]
        for stretch, proven in (*settled, *((proof.stretch, proof.proven) for proof in coverage.provisional)):
            found = await found_keys(store, Search(scope, stretch, () if attribute is None else (attribute,)))
            assert {store.event(row).event_id for row, _ in found} >= {
                one.event_id
                for one in events
                if int(one.time.timestamp()) in stretch
                and (attribute is None or has(one, attribute))
                and (proven is None or service.available[one.event_id].timestamp() <= proven)
            }

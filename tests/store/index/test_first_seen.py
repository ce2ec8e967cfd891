"""What is new: the first sightings that plain Python finds in what is stored, however it came."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, real_records
from support.stored import insert, matching

from ctui.core.rows.row_filter import RowFilter
from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.sightings import FirstTimes, SeenWith, seen_in
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index import first_seen
from ctui.store.pruning import Retention
from ctui.store.search import Rows, Search

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
START = datetime(2026, 11, 1, tzinfo=UTC)
SCOPES = (
    Scope("aws", "111111111111", "eu-west-1"),
    Scope("aws", "111111111111", "us-east-1"),
    Scope("aws", "222222222222", "eu-west-1"),
)
EVER = Stretch(-(2**40), 2**40)
ALICE: dict[str, object] = {"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/alice", "userName": "alice"}
Stored = tuple[Scope, Event]


@pytest.fixture
async def store() -> AsyncIterator[EventStore]:
    opened = await EventStore.open(None)
    yield opened
    await opened.close()


def session(name: str) -> dict[str, object]:
    return {"type": "AssumedRole", "arn": f"arn:aws:sts::111111111111:assumed-role/Admin/{name}"}


def call(number: int, second: int, who: dict[str, object], *seen_with: str) -> Event:
    """An event with an address, an agent, a Region and a service."""
    ip, agent, region, source = seen_with
    record = {"userIdentity": who, "sourceIPAddress": ip, "userAgent": agent, "awsRegion": region}
    return event_of(record, event_id=f"{number}", time=START + timedelta(seconds=second), source=source)


HOME = ("203.0.113.1", "aws-cli/2.1", "eu-west-1", "ec2.amazonaws.com")


def firsts(stored: Iterable[Stored]) -> set[tuple[Scope, str]]:
    """The events that are the first sighting of something, by plain Python."""
    seen: dict[tuple[object, ...], list[tuple[Scope, Event]]] = {}
    for scope, event in stored:
        who, values = seen_in(RecordView(event, scope.region))
        for what, value in zip(SeenWith, values, strict=True):
            if who and value:
                seen.setdefault((scope.origin, scope.account, who, what, value), []).append((scope, event))
    return {
        (scope, event.event_id)
        for events in seen.values()
        for scope, event in events
        if event.time == min(other.time for _, other in events)
    }


async def rows_of(store: EventStore) -> Rows:
    index = RowIndex()
    for scope in SCOPES:
        index.merge_rows(await store.find(Search(scope, EVER)))
    return index.rows


async def found(store: EventStore, line: str, stored: Sequence[Stored]) -> set[tuple[Scope, str]]:
    """What a line finds in the store, by the scope and the event ID of each row."""
    rows, held = await rows_of(store), set[tuple[Scope, str]]()
    predicate = compile_filter(parse_filter(line), NOW)
    ids = set(await matching(store, SCOPES, rows, predicate))
    for scope in SCOPES:
        found = await store.find(Search(scope, EVER))
        held |= {(scope, store.event(row_id).event_id) for row_id in found.ids if row_id in ids}
    return held


CALLERS: tuple[dict[str, object], ...] = (
    ALICE, {"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/bob", "userName": "bob"}, session("one"),
    session("two"), {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
    {"type": "AWSAccount", "principalId": "AROA0123456789ABCDEF0:x", "accountId": "333333333333"}, {},
)  # fmt: skip
CALLS = st.lists(
    st.tuples(
        st.sampled_from(SCOPES),
        st.integers(0, 40),
        st.sampled_from(CALLERS),
        st.sampled_from(
            ("203.0.113.1", "203.0.113.9", "198.51.100.1", "2001:db8::1", "2001:db8:0:9::1", "ec2.amazonaws.com")
        ),
        st.sampled_from(("aws-cli/1.1", "aws-cli/2.2", "Boto3/1.1", "Custom/1", "")),
        st.sampled_from(("eu-west-1", "us-east-1", "")),
        st.sampled_from(("ec2.amazonaws.com", "iam.amazonaws.com")),
    ),
    max_size=40,
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(calls=CALLS, seed=st.integers(0, 2**16), cut=st.integers(0, 40), at_once=st.integers(1, 9))
async def test_what_is_new_is_what_plain_python_finds_whatever_comes_and_goes(
    calls: list[tuple[Scope, int, dict[str, object], str, str, str, str]], seed: int, cut: int, at_once: int
) -> None:
    stored = [(scope, call(number, second, who, *rest)) for number, (scope, second, who, *rest) in enumerate(calls)]
    store, random = await EventStore.open(None), Random(seed)
    random.shuffle(stored)
    here: list[Stored] = []
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(first_seen, "_AT_ONCE", at_once)
            while stored:
                page, stored = stored[: (size := random.randint(1, 8))], stored[size:]
                for scope in SCOPES:
                    await insert(store, scope, [event for of, event in page if of == scope])
                here += page
                new = firsts(here)
                assert await found(store, "is:new", here) == new
            await store.prune(Retention(max_age=0), int(START.timestamp()) + cut)
            here = [(scope, event) for scope, event in here if event.time >= START + timedelta(seconds=cut)]
            new = firsts(here)
            assert await found(store, "is:new", here) == new
            everything = {(scope, event.event_id) for scope, event in here}
            assert await found(store, "-is:new", here) == everything - new
            # A word is in records only, so these are compared one by one.
            with_word = {(scope, event.event_id) for scope, event in here if "alice" in event.record}
            assert await found(store, "is:new alice", here) == new & with_word
            assert await found(store, "is:new OR alice", here) == new | with_word
    finally:
        await store.close()


async def test_real_records_are_new_where_plain_python_says_so(store: EventStore) -> None:
    events = [
        (
            SCOPES[0],
            event_of(
                json.dumps(record),
                event_id=f"{number}",
                time=datetime.fromisoformat(record["eventTime"]),
                source=record.get("eventSource"),
            ),
        )
        for number, record in enumerate(real_records())
        if record.get("eventTime", "").startswith("20")
    ]
    Random(1).shuffle(events)
    for start in range(0, len(events), 500):
        await insert(store, SCOPES[0], [event for _, event in events[start : start + 500]])
    assert len(new := firsts(events)) > 500
    assert await found(store, "is:new", events) == new


async def test_an_older_event_takes_what_is_new_from_a_newer_one_on_the_screen(store: EventStore) -> None:
    index = RowIndex()

    class Loaded:
        """Rows of one scope, as a query has them."""

        row_scopes = (SCOPES[0],)
        rows = index.rows

        def index_of(self, row_id: int) -> int | None:
            return index.ids.index(row_id) if row_id in index.ids else None

    async def load(*events: Event) -> None:
        added = await store.add_page(SCOPES[0], events)
        index.merge((row.row_id, row.second) for row in added)

    lines = {line: RowFilter(Loaded(), compile_filter(parse_filter(line), NOW), store)
             for line in ("is:new", "-is:new", "is:new alice")}  # fmt: skip

    async def shown(line: str) -> list[str]:
        rows = lines[line]
        while rows.has_unfiltered_rows:
            await rows.filter_next()
        return [store.event(row_id).event_id for row_id in rows.ids]

    await load(call(3, 30, ALICE, *HOME), call(2, 20, ALICE, *HOME))
    assert [await shown(line) for line in lines] == [["2"], ["3"], ["2"]]
    await load(call(1, 10, ALICE, *HOME))
    assert [await shown(line) for line in lines] == [["1"], ["3", "2"], ["1"]]
    await load(call(0, 5, ALICE, "198.51.100.1", *HOME[1:]))
    assert [await shown(line) for line in lines] == [["1", "0"], ["3", "2"], ["1", "0"]]


async def test_an_event_tells_of_what_it_is_the_first_sighting_and_over_how_long(store: EventStore) -> None:
    day = 86_400
    elsewhere = ("198.51.100.7", "Boto3/1.2", "us-east-1", "iam.amazonaws.com")
    rows = await insert(
        store,
        SCOPES[0],
        [
            call(0, 0, session("one"), *HOME),
            call(1, 12 * day, session("two"), "203.0.113.200", *HOME[1:]),
            call(2, 12 * day + 1, session("two"), *elsewhere),
            call(3, 13 * day, ALICE, *HOME),
            call(4, 14 * day, ALICE, *HOME),
        ],
    )
    everything = tuple(zip(SeenWith, ("198.51.100.0/24", "boto3", "us-east-1", "iam.amazonaws.com"), strict=True))
    first, same, other, alice, again = [await store.first_times(row) for row in rows]
    assert first is not None
    assert (first.caller_is_new, first.seconds) == (True, 0)
    assert same is None
    assert other == FirstTimes(everything, caller_is_new=False, seconds=12 * day + 1)
    assert alice is not None
    assert (alice.caller_is_new, alice.seconds) == (True, 13 * day)
    assert again is None
    assert await store.first_times(10**9) is None


async def test_what_excludes_rows_is_counted_with_what_is_new(store: EventStore) -> None:
    rows = await insert(store, SCOPES[0], [call(second, second, ALICE, *HOME) for second in range(3)])
    for line, excluded in (("is:new", 2), ("-is:new", 1), ("is:new OR nowhere", 2)):
        predicate = compile_filter(parse_filter(line), NOW)
        (counted,) = (await store.excluders(predicate, rows)).counts
        assert counted == ((predicate.tests[0][0],), excluded)

"""What goes into the store comes out as it was, once for each identity."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, looked_up, real_records
from support.stored import event_ids, insert

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.event.summarize import summarize
from ctui.store.events import EventStore
from ctui.store.pruning import Retention

SCOPE = Scope("aws", "111111111111", "eu-west-1")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def event(name: str, age: int = 0, record: str = "{}") -> Event:
    return event_of(record, event_id=name, time=NOON - timedelta(seconds=age), name="RunInstances")


async def test_ids_come_in_the_order_given_whether_new_or_known(store: EventStore) -> None:
    first = await insert(store, SCOPE, [event("a"), event("b")])
    second = await insert(store, SCOPE, [event("c"), event("b"), event("c"), event("a")])
    assert second[1::2] == [first[1], first[0]]
    assert second[0] == second[2]
    assert len({*first, *second}) == 3
    assert await insert(store, SCOPE, []) == []


async def test_the_first_telling_of_an_event_stays(store: EventStore) -> None:
    (row,) = await insert(store, SCOPE, [event("a", age=5)])
    placed = await store.add_page(SCOPE, [event("a", age=9, record='{"eventName":"Other"}')])
    assert [(one.row_id, one.second, one.new) for one in placed] == [(row, int(NOON.timestamp()) - 5, False)]
    assert store.event(row) == event("a", age=5)


@pytest.mark.parametrize(
    "other",
    [
        Scope("aws-cn", "111111111111", "eu-west-1"),
        Scope("aws", "222222222222", "eu-west-1"),
        Scope("aws", "111111111111", "us-east-1"),
    ],
)
async def test_identity_is_origin_account_region_and_event_id(store: EventStore, other: Scope) -> None:
    here = await insert(store, SCOPE, [event("a")])
    there = await insert(store, other, [event("a")])
    assert here != there
    assert await insert(store, SCOPE, [event("a")]) == here


async def test_summaries_are_those_of_the_events_in_the_order_asked(store: EventStore) -> None:
    record = '{"awsRegion":"ap-south-1","errorCode":"AccessDenied","userIdentity":{"type":"Root"}}'
    events = [event(str(number), record=record if number % 2 else "{}") for number in range(1200)]
    ids = await insert(store, SCOPE, events)
    backwards = ids[::-1]
    lines = store.summaries(backwards)
    assert [line.row_id for line in lines] == backwards
    assert [line.summary for line in lines] == [summarize(one, SCOPE.region) for one in reversed(events)]


async def test_summaries_of_older_rules_are_made_again_from_the_record(path: Path) -> None:
    store = await EventStore.open(path)
    seen = event("a", record='{"sourceIPAddress": "192.0.2.7", "errorCode": "AccessDenied"}')
    (row,) = await insert(store, SCOPE, [seen])
    await store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE event SET derived = derived - 1, ip = NULL, error = NULL, kinds = 0")
    store = await EventStore.open(path)
    assert [(line.summary.ip, line.summary.error) for line in store.summaries([row])] == [("192.0.2.7", "AccessDenied")]
    await store.close()


async def test_unknown_rows_are_left_out_of_summaries_and_an_error_as_events(store: EventStore) -> None:
    (row,) = await insert(store, SCOPE, [event("a")])
    assert [line.row_id for line in store.summaries([row + 1, row])] == [row]
    assert store.second(row) == int(NOON.timestamp())
    assert store.second(row + 1) is None
    with pytest.raises(StoreError, match="no longer"):
        store.event(row + 1)


texts = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from(
    ["\ud800", "a\x00b", "\udfff🦊", ""]
)


@settings(max_examples=examples(20), deadline=None)
@given(
    record=texts,
    labels=st.lists(st.tuples(st.none() | texts, st.none() | texts), max_size=3),
    parts=st.tuples(*(st.none() | texts,) * 5),
    event_id=texts,
    second=st.integers(0, 4_000_000_000),
)
def test_any_text_survives_half_surrogates_and_nul_included(
    record: str,
    labels: list[tuple[str | None, str | None]],
    parts: tuple[str | None, ...],
    event_id: str,
    second: int,
) -> None:
    name, source, username, read_only, access_key_id = parts
    given_event = Event(
        event_id=event_id,
        time=datetime.fromtimestamp(second, UTC),
        name=name,
        source=source,
        username=username,
        read_only=read_only,
        access_key_id=access_key_id,
        resources=tuple(Resource(kind, label) for kind, label in labels),
        record=record,
    )

    async def run() -> None:
        store = await EventStore.open(None)
        (row,) = await insert(store, SCOPE, [given_event])
        assert store.event(row) == given_event
        (line,) = store.summaries([row])
        assert line.summary == summarize(given_event, SCOPE.region)
        assert await insert(store, SCOPE, [given_event]) == [row]
        await store.close()

    asyncio.run(run())


async def test_real_records_come_back_as_they_were(store: EventStore) -> None:
    events = [event_of(record) for record in real_records()[::7]] + looked_up()
    ids = await insert(store, SCOPE, events)
    by_id = {one.event_id: one for one in reversed(events)}
    assert all(store.event(row) == by_id[one.event_id] for row, one in zip(ids, events, strict=True))


async def test_a_page_is_stored_whole_or_not_at_all(store: EventStore) -> None:
    unstorable = replace(event("x"), time=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        await insert(store, SCOPE, [event("a"), unstorable])
    ids = await insert(store, SCOPE, [event("b")])
    assert [line.row_id for line in store.summaries(range(1, max(ids) + 1))] == ids
    assert event_ids(store, ids) == ["b"]


async def test_what_sqlite_refuses_is_an_error_with_words_and_leaves_nothing(store: EventStore, path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute(
        "CREATE TRIGGER full BEFORE INSERT ON event WHEN new.event_id = 'b' BEGIN SELECT raise(ABORT, 'no room'); END"
    )
    other.close()
    with pytest.raises(StoreError, match="no room"):
        await insert(store, SCOPE, [event("a"), event("b")])
    (row,) = await insert(store, SCOPE, [event("c")])
    assert [line.row_id for line in store.summaries(range(1, row + 1))] == [row]
    assert event_ids(store, [row]) == ["c"]


async def test_readers_do_not_wait_for_a_writer(store: EventStore, path: Path) -> None:
    (row,) = await insert(store, SCOPE, [event("a")])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM event")
    assert [line.row_id for line in store.summaries([row])] == [row]
    assert store.event(row) == event("a")
    other.execute("ROLLBACK")
    other.close()


async def test_two_programs_share_one_file(store: EventStore, path: Path) -> None:
    second = await EventStore.open(path)
    ids = await asyncio.gather(
        *(
            insert(one, SCOPE, [event(f"e{number}") for number in range(start, start + 40)])
            for one in (store, second)
            for start in range(0, 200, 20)
        )
    )
    assert len({row for page in ids for row in page}) == 220
    assert len(second.summaries(ids[0])) == len(store.summaries(ids[-1])) == 40
    await second.close()


async def test_events_outlive_the_program(store: EventStore, path: Path) -> None:
    ids = await insert(store, SCOPE, [event("a")])
    await store.close()
    again = await EventStore.open(path)
    assert again.event(ids[0]) == event("a")
    assert again.notice is None
    await again.close()


async def test_ids_are_never_used_again(store: EventStore, path: Path) -> None:
    (row,) = await insert(store, SCOPE, [event("a")])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("DELETE FROM event")
    other.close()
    assert (await insert(store, SCOPE, [event("b")]))[0] > row


async def test_a_closed_store_says_so(path: Path) -> None:
    store = await EventStore.open(path)
    pending = asyncio.ensure_future(insert(store, SCOPE, [event("a")]))
    await asyncio.sleep(0)
    await asyncio.gather(store.close(), store.close())
    assert await pending, "what was being written is written"
    with pytest.raises(StoreError):
        await insert(store, SCOPE, [event("b")])
    with pytest.raises(StoreError):
        store.summaries([1])


ODD = Oddity(("Username should be text, but is \ud800",), lost=True, timed=False, as_it_came='{"a": "\ud800"}')


async def test_what_was_odd_comes_out_as_it_was_and_goes_with_its_event(store: EventStore, path: Path) -> None:
    well, odd, coerced = event("a"), replace(event("b"), oddity=ODD), replace(event("c"), oddity=Oddity(("x",)))
    ids = await insert(store, SCOPE, [well, odd, coerced])
    assert [store.event(row) for row in ids] == [well, odd, coerced]
    assert [(line.summary.unreadable, line.summary.timed) for line in store.summaries(ids)] == [
        (False, True),
        (True, False),
        (False, True),
    ]
    assert [line.summary for line in store.summaries(ids)] == [
        summarize(one, "eu-west-1") for one in (well, odd, coerced)
    ]
    assert store.unreadable(ids) == {ids[1]}
    assert await insert(store, SCOPE, [replace(well, oddity=ODD)]) == ids[:1]
    assert store.event(ids[0]) == well, "the first telling stays"
    await store.prune(Retention(max_age=1), int(NOON.timestamp()) + 1000)
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM event").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM oddity").fetchone() == (0,)
    other.close()

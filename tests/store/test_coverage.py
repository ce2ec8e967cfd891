"""Claims: joined, cut off at the floor, moved with their scope, and never without their events."""

# ruff: noqa: ASYNC240 - files are what some of these tests are about; nobody else runs on their loop

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.old_store import write_scope
from support.real_records import event_of
from support.stored import found_keys, incompressible, insert, matching

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lateness import LATE_SECONDS
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.store import coverage
from ctui.store.coverage import Claim
from ctui.store.events import EventStore
from ctui.store.opening import schema
from ctui.store.pruning import Retention
from ctui.store.scopes import scope_id
from ctui.store.search import Key, Search

SCOPE = Scope("aws", "111111111111", "eu-west-1")
OTHER = Scope("aws", "111111111111", "us-east-1")
ALICE = LookupAttribute(AttributeKey.USERNAME, "alice")
ODD = LookupAttribute(AttributeKey.USERNAME, "\ud800")


def event(second: int, prefix: str = "e", **parts: object) -> Event:
    return event_of("{}", event_id=f"{prefix}{second}", time=datetime.fromtimestamp(second, UTC), **parts)


def complete(start: int, end: int, attribute: LookupAttribute | None = None) -> Claim:
    """A claim that was proven long after."""
    return Claim(attribute, Stretch(start, end), None, end + LATE_SECONDS)


def of(*pairs: tuple[int, int]) -> Stretches:
    return Stretches.of(*(Stretch(*pair) for pair in pairs))


pairs = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(st.tuples(pairs, st.sampled_from([None, ALICE]), st.integers(-10, 70)), max_size=12),
    st.lists(st.integers(0, 60), max_size=3),
)
def test_claims_add_up_like_sets_of_seconds_and_floors_cut_them_off(
    claims: list[tuple[tuple[int, int], LookupAttribute | None, int]], floors: list[int]
) -> None:
    """Each second is settled by a proof that is an hour younger; else it keeps the latest proof there was."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection)
    scope = scope_id(connection, SCOPE)
    plain: dict[LookupAttribute | None, dict[int, int]] = {None: {}, ALICE: {}}
    floor = 0
    for number, ((start, end), attribute, later) in enumerate(claims):
        if number < len(floors):
            coverage.raise_floor(connection, scope, floors[number])
            floor = max(floor, floors[number])
            plain = {key: {one: at for one, at in proofs.items() if one >= floor} for key, proofs in plain.items()}
        proven = LATE_SECONDS + later
        coverage.write_claim(connection, scope, Claim(attribute, Stretch(start, end), None, proven))
        for second in range(max(start, floor), end):
            plain[attribute][second] = max(proven, plain[attribute].get(second, 0))
    for attribute, proofs in plain.items():
        found = coverage.read_coverage(connection, SCOPE, attribute)
        settled = {second for second, proven in proofs.items() if proven - second >= LATE_SECONDS}
        assert found.complete == Stretches.of(*(Stretch(second, second + 1) for second in settled))
        assert found.asked == Stretches()
        told = [
            (second, one.proven) for one in found.provisional for second in range(one.stretch.start, one.stretch.end)
        ]
        assert len(dict(told)) == len(told), "one proof for each second"
        assert {one: at for one, at in told if one not in settled} == {
            second: proven for second, proven in proofs.items() if second not in settled
        }
    connection.close()


DAY = 86_400


@pytest.mark.parametrize(
    ("stretch", "proven", "within", "now", "known", "due"),
    [
        ((0, 100), 4000, (0, 200), 4000, [(0, 100)], []),  # settled
        ((DAY, DAY + 100), DAY + 1000, (0, 2 * DAY), DAY + 1000, [(DAY, DAY + 100)], []),
        ((DAY, DAY + 100), DAY + 1000, (0, 2 * DAY), DAY + 3699, [(DAY, DAY + 100)], []),
        ((DAY, DAY + 100), DAY + 1000, (0, 2 * DAY), DAY + 3700, [(DAY, DAY + 100)], [(DAY, DAY + 100)]),
        # Of a shorter stretch less has to be an hour old.
        ((DAY, DAY + 100), DAY + 1000, (0, DAY + 50), DAY + 3650, [(DAY, DAY + 100)], [(DAY, DAY + 50)]),
        # A proof reaches to a quarter of an hour before its own time, and that is not in the future.
        ((DAY, DAY + 100), DAY + 7200, (0, 2 * DAY), DAY + 1000, [], []),
        ((DAY, DAY + 101), DAY + 1000, (0, 2 * DAY), DAY + 1000, [], []),
        ((DAY, DAY + 4000), DAY + 8000, (0, 2 * DAY), DAY + 4000, [(DAY, DAY + 401)], []),
    ],
)
async def test_what_a_proof_is_worth_at_a_later_time(  # noqa: PLR0917 - a table's row
    store: EventStore,
    stretch: tuple[int, int],
    proven: int,
    within: tuple[int, int],
    now: int,
    known: list[tuple[int, int]],
    due: list[tuple[int, int]],
) -> None:
    await store.add_page(SCOPE, [], claim=Claim(None, Stretch(*stretch), Stretch(*stretch), proven))
    found = store.coverage(SCOPE, None)
    assert found.known(now) == of(*known)
    assert found.due(Stretch(*within), now, now) == of(*due)


async def test_claims_of_an_older_store_are_known_but_walked_once_more(path: Path) -> None:
    """When they were proven was not written down."""
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(old, 0, 6)
    scope = write_scope(old, SCOPE)
    rows = [("complete", 10, 20), ("complete", 30, 40), ("asked", 10, 15), ("asked", 15, 25), ("asked", 39, 50)]
    old.executemany(
        "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?)",
        [(scope, *key, *row) for key in (("", ""), ("Username", "alice")) for row in rows],
    )
    old.close()
    store = await EventStore.open(path)
    for attribute in (None, ALICE):
        found = store.coverage(SCOPE, attribute)
        assert (found.settled, found.known(5000)) == (of(), of((10, 25), (30, 50)))
        assert found.due(Stretch(0, 1000), 5000, 5000) == of((10, 25), (30, 50))
    await store.add_page(SCOPE, [], claim=complete(0, 100))
    assert store.coverage(SCOPE, None) == coverage.Coverage(of((0, 100)))
    await store.close()


async def test_what_an_older_store_claims_of_the_future_is_cut_off(path: Path) -> None:
    """When that time had come, what happened in it was complete without ever having been asked for."""
    in_2096, in_2100 = 4_000_000_000, 4_102_444_800
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(old, 0, 6)
    scope = write_scope(old, SCOPE)
    for kind, start in (("complete", 10), ("asked", in_2096)):
        old.execute("INSERT INTO claim VALUES (?, '', '', ?, ?, ?)", (scope, kind, start, in_2100))
    old.close()
    store = await EventStore.open(path)
    (known,) = store.coverage(SCOPE, None).known(in_2100 + 2 * LATE_SECONDS)
    assert known.start == 10
    assert known.end < in_2096
    await store.close()


async def test_coverage_is_kept_by_scope_and_attribute(store: EventStore) -> None:
    await store.add_page(SCOPE, [], claim=complete(10, 20))
    await store.add_page(SCOPE, [], claim=complete(30, 40, ALICE))
    await store.add_page(SCOPE, [], claim=complete(50, 60, ODD))
    await store.add_page(OTHER, [], claim=Claim(None, None, Stretch(70, 80), 80 + LATE_SECONDS))
    assert store.coverage(SCOPE, None).complete == of((10, 20))
    assert store.coverage(SCOPE, ALICE).complete == of((30, 40))
    assert store.coverage(SCOPE, ODD).complete == of((50, 60))
    assert store.coverage(OTHER, None).settled == of((70, 80))
    assert store.coverage(Scope("aws", "222222222222", "eu-west-1"), None).settled == of()


async def test_a_page_that_cannot_be_stored_claims_nothing(store: EventStore, path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TRIGGER full BEFORE INSERT ON claim BEGIN SELECT raise(ABORT, 'no room'); END")
    other.close()
    with pytest.raises(StoreError, match="no room"):
        await store.add_page(SCOPE, [event(15)], claim=complete(10, 20))
    assert store.coverage(SCOPE, None).settled == of()
    assert await found_keys(store, Search(SCOPE, Stretch(0, 100))) == []


async def test_claims_count_by_either_name_of_an_account(store: EventStore) -> None:
    provisional = Scope("aws", "?x", "eu-west-1")
    await store.add_page(provisional, [], claim=complete(10, 20))
    await store.add_page(provisional, [], claim=complete(10, 15, ALICE))
    await store.add_page(SCOPE, [], claim=complete(20, 30))
    await store.alias_account(provisional, SCOPE.account)
    for scope in (SCOPE, provisional):
        assert store.coverage(scope, None).complete == of((10, 30))
        assert store.coverage(scope, ALICE).complete == of((10, 15))
    await store.add_page(provisional, [], claim=complete(30, 40))
    assert store.coverage(SCOPE, None).complete == store.coverage(provisional, None).complete == of((10, 40))


@pytest.mark.parametrize(("second", "gone"), [(8_999, 0), (8_998, 1), (5_400, 1), (5_399, 2), (3_658, 4)])
async def test_claims_of_a_future_are_forgotten_whole_and_no_event_with_them(
    store: EventStore, second: int, gone: int
) -> None:
    """A settled claim was proven an hour after its last second at the soonest."""
    await store.add_page(SCOPE, [event(second) for second in range(100)], claim=complete(0, 60))
    await store.add_page(OTHER, [], claim=complete(0, 100, ALICE))
    await store.add_page(SCOPE, [], claim=Claim(ALICE, Stretch(5_000, 5_400), None, 5_400))
    await store.add_page(OTHER, [], claim=complete(0, 5_400))
    assert await store.drop_claims_after(second) == gone
    claims = [store.coverage(OTHER, None), store.coverage(SCOPE, ALICE), store.coverage(OTHER, ALICE)]
    known = [bool(claim.settled or claim.provisional) for claim in (*claims, store.coverage(SCOPE, None))]
    assert known == [False] * gone + [True] * (4 - gone)
    assert len(await found_keys(store, Search(SCOPE, Stretch(0, 100)))) == 100
    assert await store.drop_claims_after(second) == 0


async def test_pruning_by_age_cuts_claims_off_above_what_went(store: EventStore) -> None:
    await store.add_page(SCOPE, [event(second) for second in range(100)], claim=complete(0, 100))
    await store.add_page(OTHER, [event(90)], claim=complete(0, 100))
    assert await store.prune(Retention(max_age=40), now=100) == 60
    assert [key.second for key in await found_keys(store, Search(SCOPE, Stretch(0, 100)))] == list(range(99, 59, -1))
    assert store.coverage(SCOPE, None).complete == of((60, 100))
    assert store.coverage(OTHER, None).complete == of((0, 100)), "nothing of it went"
    await store.add_page(SCOPE, [event(10)], claim=complete(0, 70))
    assert store.coverage(SCOPE, None).complete == of((60, 100)), "a walk that began before holds no more than that"


async def test_pruning_by_size_lets_the_oldest_of_all_scopes_go(store: EventStore, path: Path) -> None:
    for start in range(0, 600, 50):
        for scope in (SCOPE, OTHER):
            page = [
                event_of(
                    {"x": incompressible(3000, second)}, event_id=f"e{second}", time=datetime.fromtimestamp(second, UTC)
                )
                for second in range(start, start + 50)
            ]
            await store.add_page(scope, page, claim=complete(start, start + 50))
    limit = 1_500_000
    gone = await store.prune(Retention(max_bytes=limit), now=1000)
    assert 0 < gone < 1200
    for scope in (SCOPE, OTHER):
        kept = [key.second for key in await found_keys(store, Search(scope, Stretch(0, 600)))]
        assert kept == list(range(599, 599 - len(kept), -1))
        claimed = store.coverage(scope, None).complete
        assert claimed == of((kept[-1], 600))
    assert await store.prune(Retention(max_bytes=limit), now=1000) == 0
    assert path.stat().st_size + path.with_name("events.db-wal").stat().st_size <= limit
    await store.close()
    assert path.stat().st_size <= limit


async def test_all_is_kept_where_nothing_else_is_asked(store: EventStore) -> None:
    await store.add_page(SCOPE, [event(1)], claim=complete(0, 10))
    assert await store.prune(Retention(None, None), now=2_000_000_000) == 0
    assert await store.prune(Retention(max_age=100, max_bytes=0), now=50) == 1
    assert store.coverage(SCOPE, None).settled == of((2, 10))


@pytest.mark.parametrize(
    ("attribute", "names"),
    [
        (None, ["bucket", "user", "plain"]),
        (LookupAttribute(AttributeKey.EVENT_ID, "user7"), ["user"]),
        (LookupAttribute(AttributeKey.USERNAME, "alice"), ["user"]),
        (LookupAttribute(AttributeKey.USERNAME, "Alice"), []),
        (LookupAttribute(AttributeKey.EVENT_NAME, "RunInstances"), ["user", "plain"]),
        (LookupAttribute(AttributeKey.EVENT_SOURCE, "s3.amazonaws.com"), ["bucket"]),
        (LookupAttribute(AttributeKey.READ_ONLY, "false"), ["bucket"]),
        (LookupAttribute(AttributeKey.ACCESS_KEY_ID, "AKIA"), ["user"]),
        (LookupAttribute(AttributeKey.RESOURCE_NAME, 'lo"gs é'), ["bucket"]),
        (LookupAttribute(AttributeKey.RESOURCE_NAME, "AWS::S3::Bucket"), []),
        (LookupAttribute(AttributeKey.RESOURCE_TYPE, "AWS::S3::Bucket"), ["bucket"]),
    ],
)
async def test_the_eight_attributes_are_judged_on_what_the_service_said(
    store: EventStore, attribute: LookupAttribute | None, names: list[str]
) -> None:
    resources = (Resource("AWS::IAM::User", None), Resource("AWS::S3::Bucket", 'lo"gs é'))
    events = [
        event(9, "bucket", source="s3.amazonaws.com", read_only="false", resources=resources),
        event(7, "user", name="RunInstances", username="alice", access_key_id="AKIA"),
        event(7, "plain", name="RunInstances"),
        event(50, "outside", username="alice"),
    ]
    await store.add_page(SCOPE, events)
    await store.add_page(OTHER, events)
    search = Search(SCOPE, Stretch(7, 10), () if attribute is None else (attribute,))
    found = await found_keys(store, search)
    assert [store.event(key.row_id).event_id.rstrip("79") for key in found] == names
    if attribute is not None:
        others = (
            tuple(LookupAttribute(attribute.key, f"x{n}") for n in range(1200)) if attribute.value != "false" else ()
        )
        assert await found_keys(store, Search(SCOPE, Stretch(7, 10), (*others, attribute))) == found


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ({"Username": "alice", "EventSource": "s3.amazonaws.com"}, ["bucket", "user"]),
        ({"Username": "alice", "ResourceName": "logs"}, ["bucket", "user"]),
        ({"ResourceType": "AWS::S3::Bucket", "ResourceName": "alice"}, ["bucket"]),
        ({"ResourceType": "logs", "ResourceName": "AWS::S3::Bucket"}, []),
        ({"ResourceType": "logs", "AccessKeyId": "AKIA"}, ["user"]),
        ({"Username": "nobody", "EventName": "RunInstances", "EventId": "bucket9"}, ["bucket", "user", "plain"]),
        ({"Username": "nobody", "ResourceName": "none"}, []),
    ],
)
@pytest.mark.parametrize("more", [0, 1200])
async def test_attributes_of_several_keys_find_what_has_one_of_them(
    store: EventStore, attributes: dict[str, str], names: list[str], more: int
) -> None:
    resources = (Resource("AWS::IAM::User", None), Resource("AWS::S3::Bucket", "logs"))
    events = [
        event(9, "bucket", source="s3.amazonaws.com", resources=resources),
        event(8, "user", name="RunInstances", username="alice", access_key_id="AKIA"),
        event(7, "plain", name="RunInstances"),
    ]
    await store.add_page(SCOPE, events)
    wanted = [LookupAttribute(AttributeKey(key), value) for key, value in attributes.items()]
    others = [LookupAttribute(key, f"x{n}") for n in range(more) for key in (wanted[0].key, wanted[1].key)]
    found = await found_keys(store, Search(SCOPE, Stretch(7, 10), (*others, *wanted)))
    assert [store.event(key.row_id).event_id.rstrip("789") for key in found] == names


@pytest.mark.parametrize("key", [AttributeKey.USERNAME, AttributeKey.RESOURCE_NAME])
@pytest.mark.parametrize("values", [1, 1200])
async def test_what_could_not_be_read_is_found_by_any_attribute(
    store: EventStore, key: AttributeKey, values: int
) -> None:
    """An answer from the store said nothing of an event that may be part of it."""
    lost, read = Oddity(("Username should be text",), lost=True), Oddity(("ReadOnly is true",))
    await store.add_page(SCOPE, [replace(event(9, "lost"), oddity=lost), replace(event(9, "read"), oddity=read)])
    bobs = tuple(LookupAttribute(key, f"bob{n}") for n in range(values))
    for attributes in (bobs, (*bobs, LookupAttribute(AttributeKey.RESOURCE_TYPE, "AWS::S3::Bucket"))):
        found = await found_keys(store, Search(SCOPE, Stretch(7, 10), attributes))
        assert [store.event(key.row_id).event_id for key in found] == ["lost9"]


async def test_rows_are_found_in_slices_newest_first_each_once(store: EventStore) -> None:
    ids = await insert(store, SCOPE, [event(second // 7, f"n{second}-") for second in range(100)])
    whole = await found_keys(store, Search(SCOPE, Stretch(0, 100)))
    assert whole == sorted(whole, key=lambda key: (-key.second, key.row_id))
    assert sorted(key.row_id for key in whole) == sorted(ids)
    after: Key | None = None
    sliced: list[Key] = []
    while part := await found_keys(store, Search(SCOPE, Stretch(0, 100)), after, 9):
        sliced += part
        after = part[-1]
    assert sliced == whole


async def test_an_older_store_is_migrated_and_keeps_its_events(path: Path) -> None:
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(old, 0, 1)
    scope = write_scope(old, SCOPE)
    old.execute(
        "INSERT INTO event (scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, "
        "cell_resource, cell_more, cell_region, cell_error, cell_write, cell_root, resources, record) "
        "VALUES (?, 'management', 'old', 15, '', '', '', '', '', 0, '', '', 0, 0, '[]', '{}')",
        (scope,),
    )
    old.close()
    store = await EventStore.open(path)
    assert store.notice is None
    (key,) = await found_keys(store, Search(SCOPE, Stretch(0, 100)))
    assert store.event(key.row_id).event_id == "old"
    assert store.coverage(SCOPE, None).settled == of()
    await store.add_page(SCOPE, [], claim=complete(10, 20))
    await store.close()


async def test_an_outcome_that_an_older_ctui_did_not_see_is_shown(path: Path) -> None:
    failure = '{"eventName":"CheckMfa","responseElements":{"CheckMfa":"Failure"}}'
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(old, 0, 6)
    scope = write_scope(old, SCOPE)
    for name, record in (("bad", failure), ("good", failure.replace("Failure", "Success"))):
        old.execute(
            "INSERT INTO event (scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, "
            "cell_resource, cell_more, cell_region, cell_error, cell_write, cell_root, resources, record) "
            "VALUES (?, 'management', ?, 15, 'CheckMfa', '', '', '', '', 0, '', '', 0, 0, '[]', ?)",
            (scope, name, record),
        )
    old.close()
    store = await EventStore.open(path)
    ids = [key.row_id for key in await found_keys(store, Search(SCOPE, Stretch(0, 100)))]
    ids += await insert(store, SCOPE, [replace(store.event(ids[0]), event_id="new")])
    shown = store.summaries(ids)
    assert [line.row_id for line in shown] == ids
    assert [line.summary.error for line in shown] == ["Failure", "", "Failure"]
    assert {line.summary.region for line in shown} == {SCOPE.region}
    await store.close()


async def test_records_of_an_older_store_are_found_by_their_words(path: Path) -> None:
    records = ['{"a":"word"}', '{"a":"w\\u006frd"}', '{"a":"wörd"}', '{"a":"x\0 word"}', '{"a":"other"}']
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(old, 0, 4)
    scope = write_scope(old, SCOPE)
    for record in records:
        old.execute(
            "INSERT INTO event (scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, "
            "cell_resource, cell_more, cell_region, cell_error, cell_write, cell_root, resources, record) "
            "VALUES (?, 'management', ?, 15, '', '', '', '', '', 0, '', '', 0, 0, '[]', ?)",
            (scope, record, record),
        )
    old.close()
    store = await EventStore.open(path)
    ids = [key.row_id for key in await found_keys(store, Search(SCOPE, Stretch(0, 100)))]
    assert [store.event(row).record for row in ids] == records
    for line, places in (("word", [0, 1, 3]), ("wörd", [2]), ("/x. word/", [3]), ("other", [4])):
        predicate = compile_filter(parse_filter(line), datetime.now(UTC))
        rows = await store.find(Search(SCOPE, Stretch(0, 100)))
        assert await matching(store, [SCOPE], rows, predicate) == [ids[place] for place in places], line
    await store.close()


_SCANNER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from support.real_records import event_of
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch
from ctui.store.coverage import Claim
from ctui.store.events import EventStore

async def main():
    store = await EventStore.open(Path(sys.argv[2]))
    name, top = sys.argv[3], 20_000
    print("open", flush=True)
    for end in range(top, 0, -10):
        page = [
            event_of("{}", event_id=f"e{second}-{part}", time=datetime.fromtimestamp(second, UTC))
            for second in range(end - 1, end - 11, -1) for part in range(3)
        ]
        claim = Claim(None, Stretch(end - 10, top), None, top + 3600)
        await store.add_page(Scope("aws", "111111111111", "eu-west-1"), page, claim=claim)
        print(end, flush=True)
    await store.close()

asyncio.run(main())
"""


def scanner(path: Path, name: str) -> "subprocess.Popen[str]":
    """Another program that walks back from second 20,000, ten seconds and thirty events a page."""
    tests = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", _SCANNER, tests, str(path), name]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )


async def claims_hold(store: EventStore) -> int:
    """How many seconds are claimed, each of which has its three events."""
    claimed = store.coverage(SCOPE, None).complete
    for stretch in claimed:
        found = await found_keys(store, Search(SCOPE, stretch), limit=100_000)
        assert [key.second for key in found] == [
            second for second in range(stretch.end - 1, stretch.start - 1, -1) for _ in range(3)
        ]
    return sum(part.seconds for part in claimed.parts)


@pytest.mark.parametrize("pages", [1, 25])
async def test_a_killed_process_may_lose_a_page_but_never_claims_one(path: Path, pages: int) -> None:
    running = scanner(path, "one")
    assert running.stdout is not None
    for _ in range(pages + 1):
        running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.communicate()
    store = await EventStore.open(path)
    assert store.notice is None
    assert await claims_hold(store) >= pages * 10
    await store.close()


async def test_two_processes_and_this_one_share_a_store(path: Path) -> None:
    store = await EventStore.open(path)
    others = [scanner(path, name) for name in ("one", "two")]
    try:
        for other in others:
            assert other.stdout is not None
            for _ in range(20):
                other.stdout.readline()
        for _ in range(10):
            await store.add_page(OTHER, [event(1)], claim=complete(0, 10))
            await claims_hold(store)
    finally:
        for other in others:
            other.kill()
            other.communicate()
    assert await claims_hold(store) >= 190
    assert len(await found_keys(store, Search(OTHER, Stretch(0, 10)))) == 1
    await store.close()


async def test_the_newest_events_tell_how_frequent_an_attribute_is(store: EventStore) -> None:
    bucket = Resource("AWS::S3::Bucket", "logs")
    await store.add_page(SCOPE, [event(second, "a", username="alice", resources=(bucket,)) for second in range(30)])
    await store.add_page(SCOPE, [event(second, "b", username="bob") for second in range(10)])
    await store.add_page(OTHER, [event(1, "c", username="alice")])
    asked = [ALICE, LookupAttribute(AttributeKey.RESOURCE_NAME, "logs"), LookupAttribute(AttributeKey.EVENT_ID, "b3")]
    assert store.counts(SCOPE, asked, Stretch(0, 30)) == (40, dict(zip(asked, (30, 30, 1), strict=True)), 30)
    assert store.counts(SCOPE, asked, Stretch(20, 25)) == (5, dict(zip(asked, (5, 5, 0), strict=True)), 5)
    assert store.counts(Scope("aws", "222222222222", "x"), [ALICE], Stretch(0, 9)) == (0, {ALICE: 0}, 9)


async def test_with_many_attributes_fewer_events_are_counted(store: EventStore) -> None:
    await store.add_page(SCOPE, [event(second, "a", username="alice") for second in range(1500)])
    many = [ALICE, *(LookupAttribute(AttributeKey.USERNAME, f"u{n}") for n in range(99))]
    counted, having, seconds = store.counts(SCOPE, many, Stretch(0, 1500))
    assert (counted, having[ALICE], seconds) == (1000, 1000, 1000)

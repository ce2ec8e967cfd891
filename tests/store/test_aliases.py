"""Two names of one account: provisional, and its own. Rows keep their ids, each event counts once, no claim is lost."""

# ruff: noqa: ASYNC240 - the files are what some of these tests are about

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.examples import examples
from support.real_records import event_of
from support.stored import event_ids, found_keys, insert, matching

from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Oddity
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lateness import LATE_SECONDS
from ctui.store.counting import CountQuery
from ctui.store.coverage import Claim, Floor
from ctui.store.events import EventStore
from ctui.store.opening import schema
from ctui.store.pruning import Retention
from ctui.store.search import Key, Rows, Search

ACCOUNT, OTHER_ACCOUNT = "111111111111", "222222222222"
HERE, THERE = "eu-west-1", "us-east-1"
ACCOUNTS = Scope("aws", ACCOUNT, HERE)
PROVISIONAL = Scope("aws", "?x", HERE)
WHOLE = Stretch(0, 1_000)


def event(name: str, second: int = 100, **parts: object) -> Event:
    return event_of("{}", event_id=name, time=datetime.fromtimestamp(second, UTC), **parts)


async def names(store: EventStore, scope: Scope) -> list[str]:
    keys = await found_keys(store, Search(scope, WHOLE))
    return event_ids(store, [key.row_id for key in keys])


async def ids(store: EventStore, scope: Scope) -> list[int]:
    return [key.row_id for key in await found_keys(store, Search(scope, WHOLE))]


async def test_events_of_either_name_are_found_by_both_and_keep_their_ids(store: EventStore) -> None:
    known = await insert(store, ACCOUNTS, [event("a"), event("b")])
    provisional = await insert(store, PROVISIONAL, [event("c"), event("d")])
    assert await store.alias_account(PROVISIONAL, ACCOUNT) == ACCOUNT
    assert await ids(store, ACCOUNTS) == await ids(store, PROVISIONAL) == known + provisional
    again, new = await insert(store, PROVISIONAL, [event("a"), event("e")])
    assert (again, new > provisional[1]) == (known[0], True)
    assert await insert(store, ACCOUNTS, [event("c")]) == provisional[:1]
    assert store.has_events(PROVISIONAL)
    assert store.named(PROVISIONAL) == ACCOUNTS


@pytest.mark.parametrize("account_is_shown", [False, True])
async def test_an_event_of_both_names_counts_once_and_is_found_by_either_id(
    store: EventStore, path: Path, account_is_shown: bool
) -> None:
    odd = Oddity(("x",), lost=True)
    known = await insert(store, ACCOUNTS, [event("a"), event("b", oddity=odd)])
    provisional = await insert(store, PROVISIONAL, [event("b", oddity=odd), event("c")])
    await store.alias_account(PROVISIONAL, ACCOUNT, account_is_shown=account_is_shown)
    shown, other = (known[1], provisional[0]) if account_is_shown else (provisional[0], known[1])
    assert sorted(await ids(store, ACCOUNTS)) == sorted([known[0], shown, provisional[1]])
    assert await insert(store, ACCOUNTS, [event("b")]) == [shown]
    assert store.event(shown) == store.event(other) == event("b", oddity=odd)
    assert [line.row_id for line in store.summaries([other, shown])] == [other, shown]
    assert store.unreadable([other, shown]) == {other, shown}
    assert store.second(other) == store.second(shown) == 100
    for row_id in (shown, other):
        rows = Rows.of([(row_id, 100)])
        for line, found in (("id:b", [row_id]), (f"region:{HERE} -word", [row_id]), ("id:a", [])):
            predicate = compile_filter(parse_filter(line), datetime.now(UTC))
            assert await matching(store, [ACCOUNTS], rows, predicate) == found, line
    assert store.other_keys(shown) == [Key(other, 100)]
    assert store.other_keys(known[0]) == []
    assert await store.count_values([PROVISIONAL], CountQuery(FieldColumn("event_id"), 100, 10)) == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
    ]
    assert store.counts(ACCOUNTS, [], WHOLE)[0] == 3
    assert count(path) == 3
    # Another process never saw the id that went.
    second = await EventStore.open(path)
    assert await ids(second, PROVISIONAL) == await ids(second, ACCOUNTS) == [*known, provisional[1]]
    await second.close()


def count(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
    finally:
        connection.close()


async def test_slices_go_on_without_a_hole_when_the_account_is_learned_between_them(store: EventStore) -> None:
    """The account's rows of the same second have lower ids than those that were shown."""
    await insert(store, ACCOUNTS, [event(name) for name in "abcdef"])
    shown = await insert(store, PROVISIONAL, [event(name) for name in "fedcba"])
    first = await found_keys(store, Search(PROVISIONAL, WHOLE), limit=2)
    await store.alias_account(PROVISIONAL, ACCOUNT)
    rest = await found_keys(store, Search(PROVISIONAL, WHOLE), first[-1])
    assert [key.row_id for key in (*first, *rest)] == shown


async def test_an_event_that_was_told_with_two_times_stays_where_it_was_shown(store: EventStore) -> None:
    (known,) = await insert(store, ACCOUNTS, [event("a", 100)])
    (shown,) = await insert(store, PROVISIONAL, [event("a", 200)])
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert await found_keys(store, Search(ACCOUNTS, WHOLE)) == [Key(shown, 200)]
    assert (store.second(shown), store.second(known)) == (200, 100)
    assert [placed[:2] for placed in await store.add_page(ACCOUNTS, [event("a", 300)])] == [(shown, 200)]


async def test_a_provisional_account_is_one_in_all_regions(store: EventStore) -> None:
    there = replace(PROVISIONAL, region=THERE)
    rows = [(await insert(store, scope, [event("a")]))[0] for scope in (PROVISIONAL, there)]
    await store.alias_account(PROVISIONAL, ACCOUNT)
    found = [(await ids(store, replace(ACCOUNTS, region=region)))[0] for region in (HERE, THERE)]
    assert found == rows
    assert await store.copies(Rows.of([(rows[0], 0)]), [ACCOUNTS, there]) == {rows[0]: [rows[1]]}
    later = replace(PROVISIONAL, region="ap-south-1")
    (row,) = await insert(store, later, [event("b")])
    assert await ids(store, replace(later, account=ACCOUNT)) == [row]
    assert await names(store, replace(PROVISIONAL, origin="aws-cn")) == []


async def test_twins_are_told_by_every_id_they_have_had(store: EventStore) -> None:
    (known,) = await insert(store, replace(ACCOUNTS, region=THERE), [event("a")])
    (shown,) = await insert(store, replace(PROVISIONAL, region=THERE), [event("a")])
    (here,) = await insert(store, PROVISIONAL, [event("a")])
    await store.alias_account(PROVISIONAL, ACCOUNT)
    both = [ACCOUNTS, replace(ACCOUNTS, region=THERE)]
    assert {
        row: set(others) for row, others in (await store.copies(Rows.of([(here, 0), (shown, 0)]), both)).items()
    } == {
        here: {known, shown},
        shown: {here},
    }


async def test_an_alias_is_learned_once_and_only_of_a_provisional_account(store: EventStore) -> None:
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert await store.alias_account(PROVISIONAL, OTHER_ACCOUNT) == ACCOUNT
    await insert(store, PROVISIONAL, [event("a")])
    assert await names(store, replace(ACCOUNTS, account=OTHER_ACCOUNT)) == []
    for scope, account in ((ACCOUNTS, OTHER_ACCOUNT), (PROVISIONAL, "?y"), (ACCOUNTS, ACCOUNT)):
        with pytest.raises(ValueError, match="another name"):
            await store.alias_account(scope, account)


async def test_an_alias_outlives_the_program_and_is_seen_by_others(store: EventStore, path: Path) -> None:
    second = await EventStore.open(path)
    (row,) = await insert(store, PROVISIONAL, [event("a")])
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert await ids(second, PROVISIONAL) == await ids(second, ACCOUNTS) == [row]
    assert await insert(second, PROVISIONAL, [event("b")]) == [row + 1]
    assert await names(store, ACCOUNTS) == ["a", "b"]
    await second.close()
    await store.close()
    later = await EventStore.open(path)
    assert await names(later, PROVISIONAL) == ["a", "b"]
    assert await later.alias_account(PROVISIONAL, OTHER_ACCOUNT) == ACCOUNT
    await later.close()


async def test_an_alias_that_cannot_be_written_changes_nothing(store: EventStore, path: Path) -> None:
    await insert(store, ACCOUNTS, [event("a")])
    rows = await insert(store, PROVISIONAL, [event("a"), event("b")])
    other = sqlite3.connect(path)
    other.execute("CREATE TRIGGER full BEFORE INSERT ON alias BEGIN SELECT raise(ABORT, 'no room'); END")
    other.close()
    with pytest.raises(StoreError, match="no room"):
        await store.alias_account(PROVISIONAL, ACCOUNT)
    assert await ids(store, PROVISIONAL) == rows
    assert await names(store, ACCOUNTS) == ["a"]
    assert store.named(PROVISIONAL) == PROVISIONAL


async def test_an_older_store_has_no_aliases_and_keeps_its_scopes(path: Path) -> None:
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    schema.apply_steps(old, 0, 9)
    for number, account in enumerate((ACCOUNT, "?x"), start=1):
        old.execute("INSERT INTO scope VALUES (?, 'aws', ?, ?)", (number, account, HERE))
        old.execute(
            "INSERT INTO event (id, scope, category, event_id, time, cell_name, cell_user, cell_role, cell_source, "
            "cell_resource, cell_more, cell_region, cell_error, cell_write, cell_root, resources, record) "
            "VALUES (?, ?, 'management', ?, 15, '', '', '', '', '', 0, '', '', 0, 0, '[]', '{}')",
            (number, number, f"e{number}"),
        )
    old.close()
    store = await EventStore.open(path)
    assert (await ids(store, ACCOUNTS), await ids(store, PROVISIONAL)) == ([1], [2])
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert await ids(store, ACCOUNTS) == [1, 2]
    await store.close()


async def test_a_floor_says_whose_it_is(store: EventStore) -> None:
    """The account's floor says nothing of what went meanwhile from under the provisional name."""
    await insert(store, ACCOUNTS, [event("old", 10)])
    await store.prune(Retention(max_age=50), 100)
    await insert(store, PROVISIONAL, [event("a", 5)])
    assert store.floor(PROVISIONAL) == Floor(0, "?x")
    await store.add_page(PROVISIONAL, [], claim=Claim(None, Stretch(0, 30), None, 30 + LATE_SECONDS))
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert store.floor(PROVISIONAL) == store.floor(ACCOUNTS) == Floor(11, ACCOUNT)
    assert store.coverage(PROVISIONAL, None).complete == Stretches.of(Stretch(11, 30)), "claims end at the higher floor"


async def test_a_temporary_store_does_the_same() -> None:
    store = await EventStore.open(None)
    (known,) = await insert(store, ACCOUNTS, [event("a")])
    (shown,) = await insert(store, PROVISIONAL, [event("a")])
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert await ids(store, ACCOUNTS) == [shown]
    assert store.event(known) == event("a")
    await store.close()


async def test_a_store_that_is_written_again_elsewhere_keeps_either_id(store: EventStore, path: Path) -> None:
    (known,) = await insert(store, ACCOUNTS, [event("a")])
    (shown,) = await insert(store, PROVISIONAL, [event("a")])
    second = await EventStore.open(path)
    path.unlink()
    await store.alias_account(PROVISIONAL, ACCOUNT)
    assert path.exists()
    assert store.event(shown) == store.event(known) == event("a")
    await insert(second, ACCOUNTS, [event("b")])
    assert second.path == path, "what was folded is not missing there"
    assert await names(store, PROVISIONAL) == ["a", "b"]
    await second.close()


_WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from support.real_records import event_of
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch
from ctui.store.coverage import Claim
from ctui.store.events import EventStore

def page(start, end):
    return [
        event_of("{}", event_id=f"e{second}", time=datetime.fromtimestamp(second, UTC))
        for second in range(start, end)
    ]

async def main():
    store = await EventStore.open(Path(sys.argv[2]))
    for number in range(1000):
        account, name = Scope("aws", f"{number:012}", "eu-west-1"), Scope("aws", f"?{number}", "eu-west-1")
        for scope, start, end in ((account, 0, 60), (name, 40, 100)):
            await store.add_page(scope, page(start, end), claim=Claim(None, Stretch(start, end), None, 5000))
        await store.alias_account(name, account.account)
        print(number, flush=True)

asyncio.run(main())
"""


def test_a_kill_leaves_two_names_apart_or_one(path: Path) -> None:
    """Whatever was being written: each event stands once under each account, and all that is claimed is there."""
    command = [sys.executable, "-c", _WRITER, str(Path(__file__).parents[1]), str(path)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for seed in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            for _ in range(2 + seed):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)

    async def look() -> None:
        store = await EventStore.open(path)
        assert store.notice is None
        for number in range(12):
            for account in (f"{number:012}", f"?{number}"):
                scope = Scope("aws", account, HERE)
                found = await names(store, scope)
                assert len(found) == len(set(found))
                covered = store.coverage(scope, None).complete
                assert {f"e{second}" for part in covered for second in range(part.start, part.end)} == set(found)
        assert len(await names(store, Scope("aws", f"{0:012}", HERE))) == 100
        await store.close()

    asyncio.run(look())


@dataclass
class Process:
    """One program that uses the store: its provisional account, and what its screens have shown."""

    store: EventStore
    name: str
    account: str
    learned: bool = False
    shown: dict[tuple[str, str], int] = field(default_factory=dict)
    """By Region and EventId, the id first shown; one for each event."""

    def saw(self, region: str, event_id: str, row_id: int) -> None:
        assert self.shown.setdefault((region, event_id), row_id) == row_id, "a row on the screen keeps its id"


@pytest.mark.parametrize("seed", range(examples(25)))
def test_whatever_comes_between_rows_keep_their_ids_and_each_event_counts_once(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_random_story(random.Random(seed), Path(folder) / "events.db"))


async def _random_story(dice: random.Random, path: Path) -> None:
    """Two programs insert pages of events of one account, or of two, by provisional names and by real ones; each learns
    its account at some time or never, and starts again now and then."""
    pool = [event(f"e{number}", dice.randrange(20)) for number in range(40)]
    accounts = [ACCOUNT, dice.choice([ACCOUNT, OTHER_ACCOUNT])]
    stored: dict[tuple[str, str], set[str]] = defaultdict(set)
    """By account, or provisional one without, and Region: what was inserted."""
    claimed: dict[tuple[str, str], set[int]] = defaultdict(set)
    fresh = iter(range(1_000))

    async def begin(number: int) -> Process:
        return Process(await EventStore.open(path), f"?{number}-{next(fresh)}", accounts[number])

    processes = [await begin(0), await begin(1)]
    for _ in range(dice.randint(10, 40)):
        number = dice.randrange(2)
        process = processes[number]
        region = dice.choice([HERE, THERE])
        # A name that is not learned yet is all that there is.
        name = dice.choice([process.name, process.account]) if process.learned else process.name
        scope, owner = Scope("aws", name, region), process.account if process.learned else process.name
        act = dice.choice(["page", "page", "page", "find", "learn", "restart"])
        if act == "page":
            page = dice.sample(pool, dice.randint(0, 8))
            start, end = sorted(dice.sample(range(21), 2))
            here = {one.event_id for one in pool if start <= int(one.time.timestamp()) < end}
            claim = None
            if here <= stored[owner, region] | {one.event_id for one in page}:
                claim = Claim(None, Stretch(start, end), None, 21 + LATE_SECONDS)
                claimed[owner, region] |= set(range(start, end))
            placed = await process.store.add_page(scope, page, claim=claim)
            stored[owner, region] |= {one.event_id for one in page}
            for one, row in zip(page, placed, strict=True):
                process.saw(region, one.event_id, row.row_id)
        elif act == "learn" and not process.learned:
            await process.store.alias_account(Scope("aws", process.name, HERE), process.account)
            process.learned = True
            for each in (HERE, THERE):
                stored[process.account, each] |= stored.pop((process.name, each), set())
                claimed[process.account, each] |= claimed.pop((process.name, each), set())
        elif act == "restart":
            await process.store.close()
            processes[number] = await begin(number)
        elif act == "find":
            after: Key | None = None
            found: list[Key] = []
            while part := await found_keys(process.store, Search(scope, WHOLE), after, 3):
                found, after = found + part, part[-1]
            lines = process.store.summaries([key.row_id for key in found])
            assert [line.row_id for line in lines] == [key.row_id for key in found]
            told = event_ids(process.store, [line.row_id for line in lines])
            assert len(told) == len(set(told))
            assert set(told) == stored[owner, region]
            for name, line in zip(told, lines, strict=True):
                process.saw(region, name, line.row_id)
        for running in processes:
            for (_, event_id), row_id in running.shown.items():
                assert running.store.event(row_id).event_id == event_id, "what is on a screen can be read"
    assert count(path) == sum(map(len, stored.values()))
    for (owner, region), seconds in claimed.items():
        complete = processes[0].store.coverage(Scope("aws", owner, region), None).complete
        assert {second for part in complete for second in range(part.start, part.end)} == seconds
    for process in processes:
        await process.store.close()

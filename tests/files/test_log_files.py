"""A tree of log files answers what core asks of it, while and after it is indexed."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.log_tree import ACCOUNT, REGION, START, record_of, write_log

from ctui.core.files.log_files import LogFiles
from ctui.errors import FilesError
from ctui.files.log_files import TreeOfFiles
from ctui.model.connection import files_scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.model.log_files.tree_state import TreePhase
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import LookupAttribute
from ctui.store.counting import CountQuery
from ctui.store.search import Rows

HOUR = 3600
ALL = Stretch(START - 10 * HOUR, START + 100 * HOUR)


class Opened:
    """A tree, and how often it said that it has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = TreeOfFiles(str(folder), folder.parent / "cache")
        self._changed = asyncio.Event()

    async def until_ready(self, events: int) -> None:
        """Wait until so many events are indexed."""
        while (state := self.tree.state).phase is not TreePhase.READY or state.events != events:
            assert state.phase is not TreePhase.FAILED, state.error
            await self._changed.wait()
            self._changed.clear()

    async def open(self) -> None:
        """Open it as the second tree."""
        await self.tree.open(2, self._changed.set)

    async def rows(self) -> Rows:
        """All rows."""
        return await self.tree.find(ALL, (), None, 1000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten files of an hour each, with ten events; every tenth of those fails."""
    for file in range(10):
        write_log(
            tmp_path / "tree",
            START + (file + 1) * HOUR,
            (
                record_of(
                    file * 10 + number,
                    START + file * HOUR + number * 60,
                    requestParameters={"instancesSet": {"items": [{"instanceId": f"i-{file}{number}"}]}},
                    **({"errorCode": "Client.UnauthorizedOperation"} if number == 7 else {}),
                )
                for number in range(10)
            ),
        )
    return tmp_path / "tree"


@pytest.fixture
async def opened(folder: Path) -> AsyncIterator[Opened]:
    tree = Opened(folder)
    await tree.open()
    await tree.until_ready(100)
    yield tree
    await tree.tree.close()


def predicate_of(line: str) -> Predicate:
    return compile_filter(parse_filter(line), datetime(2026, 11, 2, tzinfo=UTC))


async def matching(tree: LogFiles, predicate: Predicate, rows: Rows) -> list[int]:
    found, scanned = list[int](), 0
    while scanned < len(rows.ids):
        matched = await tree.match(predicate, rows.slice(scanned, len(rows.ids)), threading.Event())
        found += [rows.ids[scanned + index] for index in matched.indexes]
        scanned += matched.scanned
    return found


async def test_rows_are_found_newest_first_portion_by_portion(opened: Opened) -> None:
    tree, rows = opened.tree, await opened.rows()
    assert tree.scope == files_scope(str(opened.folder))
    assert len(rows.ids) == 100
    assert {row // FIRST_ROW for row in rows.ids} == {2}
    assert list(rows.negated) == sorted(rows.negated)
    first = await tree.find(ALL, (), None, 30)
    rest = await tree.find(ALL, (), first.last, 1000)
    assert [*first.ids, *rest.ids] == list(rows.ids)
    hour = await tree.find(Stretch(START, START + HOUR), (LookupAttribute(AttributeKey.USERNAME, "user1"),), None, 99)
    assert [tree.second(row) for row in hour.ids] == [START + number * 60 for number in (7, 4, 1)]
    newest = await tree.find(
        ALL, (LookupAttribute(AttributeKey.EVENT_ID, next(iter(tree.event_ids(rows.ids[:1]).values()))),), None, 9
    )
    assert list(newest.ids) == [rows.ids[0]]


@pytest.mark.parametrize(
    ("line", "count"), [("is:error", 10), ("user:user1 -is:error", 29), ("i-4", 10), ("i-42", 1), ("i-42 is:error", 0)]
)
async def test_lines_by_columns_and_by_records(opened: Opened, line: str, count: int) -> None:
    tree, rows, predicate = opened.tree, await opened.rows(), predicate_of(line)
    found = await matching(tree, predicate, rows)
    assert found == [row for row in rows.ids if predicate(tree.event(row), REGION)]
    assert len(found) == count


async def test_what_is_new(opened: Opened) -> None:
    tree, rows = opened.tree, await opened.rows()
    new = await matching(tree, predicate_of("is:new"), rows)
    assert [tree.second(row) for row in new] != []
    times = await tree.first_times(new[-1])
    assert times is not None
    assert await tree.first_times(rows.ids[0]) is None


async def test_lines_events_and_places(opened: Opened) -> None:
    tree, rows = opened.tree, await opened.rows()
    lines = tree.summaries(rows.ids[:60])
    assert [line.row_id for line in lines] == list(rows.ids[:60])
    assert {line.summary.name for line in lines} == {"DescribeInstances"}
    event, place = tree.event(rows.ids[0]), tree.file_of(rows.ids[0])
    assert event.event_id == record_of(99, 0)["eventID"]
    assert place is not None
    assert Path(place.path).parent == opened.folder
    assert list(tree.digests(rows.ids[:1])) == [event_digest(event.event_id)]
    assert await tree.rows_with(tree.digests(rows.ids), ALL) == {
        digest: [row] for digest, row in zip(tree.digests(rows.ids), rows.ids, strict=True)
    }
    assert {
        name: [key.row_id for key in keys] for name, keys in (await tree.rows_of([event.event_id, "x"])).items()
    } == {event.event_id: [rows.ids[0]]}
    assert tree.second(FIRST_ROW * 2 + 5) is None
    assert tree.file_of(FIRST_ROW * 2 + 5) is None


async def test_counts(opened: Opened) -> None:
    tree, rows = opened.tree, await opened.rows()
    found = await tree.count_facets((FieldColumn("name"), FieldColumn("region")), rows.ids)
    assert [(*one.values_at([0]), *one.rows) for one in found] == [("DescribeInstances", 100), (REGION, 100)]
    assert len(await tree.failed(rows.ids)) == 10
    values = await tree.count_values(CountQuery(FieldColumn("error"), newest=50, most=5))
    assert values == [("Client.UnauthorizedOperation", 5)]
    excluded = await tree.excluders(predicate_of("user:user0 i-42"), rows.ids)
    assert excluded.scanned == 100
    assert sum(count for _, count in excluded.counts) == 100 - 1
    evaluated = await tree.evaluate(rows.ids, lambda event, region: (event.name, region))
    assert {result for _, result in evaluated.results} == {("DescribeInstances", REGION)}


async def test_what_comes_later_is_found_alone(opened: Opened) -> None:
    tree, before = opened.tree, opened.tree.latest
    write_log(opened.folder, START + 20 * HOUR, [record_of(500, START + 19 * HOUR)])
    await tree.update()
    await opened.until_ready(101)
    new, latest = await tree.find_new(before, ALL, ())
    assert [tree.second(row) for row in new.ids] == [START + 19 * HOUR]
    assert latest == tree.latest > before


async def test_a_file_that_has_changed_is_never_read_as_another_one(opened: Opened) -> None:
    tree, rows = opened.tree, await opened.rows()
    for path in opened.folder.iterdir():
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(FilesError, match="changed"):
        tree.event(rows.ids[0])
    assert len(tree.summaries(rows.ids)) == 100
    await tree.update()
    await opened.until_ready(100)
    again = await opened.rows()
    assert set(again.ids).isdisjoint(rows.ids)
    assert tree.event(again.ids[0]).event_id == record_of(99, 0)["eventID"]


async def test_a_file_that_cannot_be_searched_is_told_until_files_are_looked_for_again(opened: Opened) -> None:
    tree, rows = opened.tree, await opened.rows()
    changed, gone, *_ = sorted(opened.folder.iterdir())
    os.utime(changed, (0, 0))
    gone.unlink()
    assert len(await matching(tree, predicate_of("error:*"), rows)) == 10, "columns tell it"
    assert not tree.state.unread
    for _ in range(2):
        assert len(await matching(tree, predicate_of("/i-[0-9]7/"), rows)) == 8
        assert tree.state.unread == (("a file that was not searched: it has changed or is gone", 2),)
    await tree.update()
    await opened.until_ready(90)
    assert not tree.state.unread


async def test_files_of_which_nothing_is_read_are_counted_as_unread_alone(folder: Path) -> None:
    (folder / "foreign.json").write_text('{"name": "package"}')
    (folder / "empty.json").write_text('{"Records": []}')
    opened = Opened(folder)
    await opened.open()
    await opened.until_ready(100)
    state = opened.tree.state
    assert (state.files, sum(number for _, number in state.unread)) == (11, 1)
    assert sum(one.files for one in state.deliveries) == 11
    await opened.tree.close()


@pytest.mark.parametrize("name", ["missing", "tree/missing.json.gz"])
async def test_a_tree_that_is_not_there(folder: Path, name: str) -> None:
    tree = Opened(folder.parent / name)
    with pytest.raises(FilesError, match="No such file"):
        await tree.open()
    await tree.tree.close()


async def test_one_file_is_a_tree(folder: Path) -> None:
    path = write_log(folder, START, [record_of(900 + number, START - number) for number in range(10)], "b")
    tree = Opened(path)
    await tree.open()
    await tree.until_ready(10)
    place = tree.tree.file_of((await tree.rows()).ids[0])
    assert place is not None
    assert place.path == str(path)
    assert [(one.account, one.region) for one in tree.tree.state.deliveries] == [(ACCOUNT, REGION)]
    await tree.tree.close()


async def test_after_the_end_nothing_is_asked(folder: Path) -> None:
    tree = Opened(folder)
    with pytest.raises(FilesError, match="not open"):
        await tree.rows()
    await tree.open()
    await tree.tree.close()
    with pytest.raises(FilesError, match="not open"):
        await tree.rows()
    await tree.tree.close()


def _is_protocol(tree: TreeOfFiles) -> LogFiles:
    return tree

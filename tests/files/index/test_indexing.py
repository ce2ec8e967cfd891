"""A tree is indexed as a plain loop over its records says, whatever happened to it since it was indexed last."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event

import numpy as np
import pytest
from support import killed_indexing
from support.log_tree import ACCOUNT, REGION, START, PlainDecoder, no_members, record_of, write_log

from ctui.errors import FilesError
from ctui.files.decoding.jobs import Decoded, Decoder, FileFacts, FileJob
from ctui.files.event_of_record import event_of
from ctui.files.index import indexing
from ctui.files.index.container import Container
from ctui.files.index.indexing import CHANGED_WHILE_READ, Indexing, TreeReader
from ctui.files.index.opening_index import open_index
from ctui.files.index.tables import FileState
from ctui.files.index.tree_states import holes_of, tree_state
from ctui.files.segment import Place, Segment, SegmentBuilder
from ctui.files.walking import walk
from ctui.model.event.record_view import RecordView
from ctui.model.log_files.found_file import FoundFiles
from ctui.model.log_files.tree_state import TreePhase, TreeState
from ctui.store.index.index_row import derive

ROOT = Path(__file__).parents[3]
HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "README.txt").write_text("no log file")
    return folder


@pytest.fixture
def _a_file_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_FIRST_ROWS", 0)
    monkeypatch.setattr(indexing, "_ROWS", 0)


def opened(tree: Path) -> Container:
    index = open_index(os.fsencode(tree), tree.parent / "cache", Event())
    assert not index.notices
    return index.container


def run(
    container: Container, tree: Path, decoder: PlainDecoder | None = None, written: Callable[[], None] = lambda: None
) -> list[str]:
    """Index the tree; returns the files that were decoded, in that order."""
    decoder = decoder or PlainDecoder()

    def make(_size: int) -> Decoder:
        return decoder

    Indexing(container, TreeReader(lambda: walk(os.fsencode(tree)), no_members, make), Event(), written).run()
    return [os.path.relpath(path, os.fsencode(tree)).decode() for path in decoder.decoded]


def rows_of(container: Container) -> Iterator[tuple[int, int]]:
    """Second and digest of each row that is alive."""
    for entry in container.segments():
        segment, alive = container.segment(entry.number), container.alive(entry)
        assert len(segment) == entry.rows
        assert (int(segment.seconds[0]), int(segment.seconds[-1])) == (entry.newest, entry.oldest)
        for row in np.flatnonzero(np.ones(entry.rows, np.bool_) if alive is None else alive).tolist():
            file = container.file(segment.place(row).file)
            assert file is not None
            assert file.state != FileState.GONE
            yield int(segment.seconds[row]), int(segment.ids[row])


def events_in(tree: Path) -> set[tuple[int, int]]:
    """Second and digest of each event in the tree."""
    decoder, found = PlainDecoder(), walk(os.fsencode(tree))
    decoder.submit([FileJob(1, os.fsencode(tree / os.fsdecode(file.path)), "", "", "") for file in found.files])
    decoded = decoder.result(0)
    assert decoded is not None
    segments = [Segment(0, parts.__getitem__) for parts in decoded.segments]
    return {pair for segment in segments for pair in zip(segment.seconds.tolist(), segment.ids.tolist(), strict=True)}


def assert_is_of(container: Container, tree: Path) -> None:
    """Each event of the tree is a row, once."""
    rows = list(rows_of(container))
    assert sorted(set(rows)) == sorted(rows)
    assert set(rows) == events_in(tree)
    state = state_of(container)
    assert (state.events, state.waiting, state.files) == (len(rows), 0, len(walk(os.fsencode(tree)).files))


def state_of(container: Container) -> TreeState:
    return tree_state(container, TreeState("tree", TreePhase.READY), holes_of(container))


def fill(tree: Path, files: int = 12, records: int = 5) -> list[Path]:
    """Files of every hour, each with records of the quarter before it."""
    return [
        write_log(
            tree,
            START + file * HOUR,
            (record_of(file * records + one, START + file * HOUR - one * 150) for one in range(records)),
        )
        for file in range(files)
    ]


def copied(paths: list[Path]) -> None:
    """Copy files into a folder beside them."""
    for path in paths:
        (path.parent / "copy").mkdir(exist_ok=True)
        (path.parent / "copy" / path.name).write_bytes(path.read_bytes())


@pytest.mark.usefixtures("_a_file_a_job")
def test_files_are_indexed_newest_first_and_never_again(tree: Path) -> None:
    paths = fill(tree)
    container = opened(tree)
    oldest: list[int] = []
    decoded = run(
        container, tree, written=lambda: oldest.append(min((e.oldest for e in container.segments()), default=0))
    )
    assert decoded == [path.name for path in reversed(paths)]
    assert oldest == [0, *(START + file * HOUR - 600 for file in reversed(range(12)))]
    assert_is_of(container, tree)
    assert run(container, tree) == []
    container.close()
    again = opened(tree)
    assert run(again, tree) == []
    assert_is_of(again, tree)


def test_how_a_tree_stands(tree: Path) -> None:
    fill(tree)
    container = opened(tree)
    run(container, tree)
    state = state_of(container)
    assert (state.files, state.events, state.oldest, state.newest) == (12, 60, START - 600, START + 11 * HOUR)
    assert [(one.account, one.region, one.files, one.events) for one in state.deliveries] == [(ACCOUNT, REGION, 12, 60)]
    assert (state.deliveries[0].first, state.deliveries[0].last) == (START, START + 11 * HOUR)
    assert state.unread == (("not a log file, by its name", 1),)


def test_an_event_that_stands_in_two_files_is_one_row(tree: Path) -> None:
    copied(fill(tree)[3:6])
    # A delivery that overlaps two others.
    write_log(tree, START + 9 * HOUR, [record_of(44, START + 8 * HOUR - 600), record_of(45, START + 9 * HOUR)], "b")
    container = opened(tree)
    run(container, tree)
    assert_is_of(container, tree)


def test_an_event_comes_back_from_a_copy_when_its_file_leaves(tree: Path) -> None:
    paths = fill(tree)
    container = opened(tree)
    run(container, tree)
    copied(paths[3:6])
    assert len(run(container, tree)) == 3
    before = {entry.number for entry in container.segments()}
    for path in paths[2:5]:
        path.unlink()
    assert {str(Path(path).parent) for path in run(container, tree)} == {"copy"}
    assert_is_of(container, tree)
    # Rows may be on the screen: their ids stay until the index is opened again.
    assert before < {entry.number for entry in container.segments()}
    container.close()
    again = opened(tree)
    assert_is_of(again, tree)
    assert all(not entry.gone and entry.number not in before for entry in again.segments())


def test_a_file_that_has_changed_is_read_again(tree: Path) -> None:
    paths = fill(tree)
    container = opened(tree)
    run(container, tree)
    write_log(tree, START + 4 * HOUR, [record_of(20, START + 4 * HOUR), record_of(777, START + 4 * HOUR - 1)])
    os.utime(paths[6], ns=(1, 1))
    assert sorted(run(container, tree)) == [paths[4].name, paths[6].name]
    assert_is_of(container, tree)
    assert sum(entry.gone for entry in container.segments()) == 10


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_to_a_tree(tree: Path, seed: int) -> None:
    random = Random(seed)
    fill(tree, 6)
    container = opened(tree)
    for step in range(8):
        for path in random.sample(present := sorted(tree.rglob("*.gz")), min(len(present), 2)):
            match random.randrange(3):
                case 0:
                    path.unlink()
                case 1:
                    copied([path])
                case 2:
                    first = random.randrange(30)
                    write_log(tree, START + step * HOUR, [record_of(n, START + n) for n in range(first, first + 5)])
        run(container, tree)
        assert_is_of(container, tree)
        if random.random() < 0.4:
            container.close()
            container = opened(tree)
            assert_is_of(container, tree)


class _Meddling(PlainDecoder):
    """Meanwhile a file is changed, so many times."""

    def __init__(self, path: Path, times: int) -> None:
        super().__init__()
        self._path, self._times = path, times

    def result(self, _seconds: float) -> Decoded | None:
        decoded = super().result(0)
        if decoded is None or not self._times or os.fsencode(self._path) not in self.decoded[-len(decoded.files) :]:
            return decoded
        self._times -= 1
        write_log(self._path.parent, START + 4 * HOUR, [record_of(900 + self._times, START + 4 * HOUR)])
        os.utime(self._path, ns=(self._times, self._times))
        at = self.decoded[-len(decoded.files) :].index(os.fsencode(self._path))
        files = [replace(facts, changed=number == at) for number, facts in enumerate(decoded.files)]
        return Decoded(tuple(files), decoded.segments)


@pytest.mark.parametrize(("times", "reads", "reasons"), [(1, 2, {}), (2, 3, {}), (9, 3, {CHANGED_WHILE_READ: 1})])
def test_a_file_that_changes_while_it_is_read(tree: Path, times: int, reads: int, reasons: dict[str, int]) -> None:
    path = fill(tree)[4]
    container = opened(tree)
    assert run(container, tree, _Meddling(path, times)).count(path.name) == reads
    state = state_of(container)
    assert dict(state.unread) == {"not a log file, by its name": 1, **reasons}
    assert (state.waiting, state.events) == (0, 56)
    if not reasons:
        assert_is_of(container, tree)
    # One that never stood still is read again with the next look.
    assert run(container, tree) == ([path.name] if reasons else [])
    assert_is_of(container, tree)


def test_a_file_that_vanishes_before_it_is_read(tree: Path) -> None:
    paths = fill(tree)
    container = opened(tree)

    def remove() -> None:
        paths[4].unlink(missing_ok=True)

    run(container, tree, written=remove)
    assert ("a file that cannot be read", 1) in state_of(container).unread
    assert run(container, tree) == []
    assert_is_of(container, tree)


@pytest.mark.usefixtures("_a_file_a_job")
def test_a_run_that_was_stopped_goes_on(tree: Path) -> None:
    fill(tree)
    container, stopped = opened(tree), Event()

    def written() -> None:
        if sum(entry.rows for entry in container.segments()) >= 15:
            stopped.set()

    Indexing(container, TreeReader(lambda: walk(os.fsencode(tree)), no_members, PlainDecoder), stopped, written).run()
    state = state_of(container)
    assert (state.events, state.waiting, state.files) == (15, 9, 3)
    container.close()
    container = opened(tree)
    assert len(run(container, tree)) == 9
    assert_is_of(container, tree)


def test_a_tree_that_cannot_be_looked_at_leaves_the_index_as_it_is(tree: Path) -> None:
    fill(tree)
    container = opened(tree)
    run(container, tree)

    def look() -> FoundFiles:
        raise FilesError("Log files", "The folder cannot be read.")

    with pytest.raises(FilesError, match="cannot be read"):
        Indexing(container, TreeReader(look, no_members, PlainDecoder), Event(), lambda: None).run()
    assert_is_of(container, tree)


def test_what_may_explain_a_hole(tree: Path) -> None:
    calls = {
        100: ("StopLogging", START + DAY - 2400, ACCOUNT),
        101: ("StartLogging", START + 2 * DAY - 60, ACCOUNT),
        102: ("DeleteTrail", START + DAY - 2300, "999988887777"),
        103: ("PutEventSelectors", START + DAY // 2, ACCOUNT),
    }
    for delivery in (*range(START, START + DAY, 1800), *range(START + 2 * DAY, START + 3 * DAY, 1800)):
        records = [record_of(delivery % 1_000_000 + 1000, delivery - 30)]
        for number, (name, second, account) in calls.items():
            if 0 <= delivery - second < 1800:
                records.append(record_of(number, second, eventName=name, recipientAccountId=account))
        write_log(tree, delivery, records)
    container = opened(tree)
    run(container, tree)
    (hole,) = state_of(container).holes
    assert (hole.account, hole.region, hole.start, hole.end) == (ACCOUNT, REGION, START + DAY - 1800, START + 2 * DAY)
    assert hole.explained_by == ("StopLogging", "StartLogging")


@pytest.mark.story
def test_an_index_survives_its_process_wherever_it_is_killed(tree: Path) -> None:
    copied(fill(tree, 60, 3)[40:44])
    result = subprocess.run(
        [sys.executable, killed_indexing.__file__, tree, tree.parent / "cache", "20"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))},
        check=True,
        stdout=subprocess.PIPE,
    )
    # Files that were in the index stayed there.
    assert 0 < int(result.stdout) < 64
    container = opened(tree)
    assert run(container, tree) == []
    assert_is_of(container, tree)


def test_an_archive_is_its_members(tree: Path) -> None:
    (tree / "logs.zip").write_bytes(b"an archive")
    (tree / "empty.zip").write_bytes(b"another one")
    listed = 0

    def members(path: bytes) -> tuple[tuple[str, ...], dict[str, int]]:
        nonlocal listed
        listed += 1
        if path.endswith(b"empty.zip"):
            return (), {"a damaged archive": 1}
        return (f"{ACCOUNT}_CloudTrail_{REGION}_20261101T0005Z_a.json", "b.json"), {"a digest file": 2}

    decoder = _OneEach()
    container = opened(tree)
    reader = TreeReader(lambda: walk(os.fsencode(tree)), members, lambda _: decoder)
    for _ in range(2):
        Indexing(container, reader, Event(), lambda: None).run()
        state = state_of(container)
        assert (state.files, state.events, state.waiting, listed) == (2, 2, 0, 2)
        assert [(one.account, one.first, one.files) for one in state.deliveries] == [
            ("", None, 1),
            (ACCOUNT, START + 300, 1),
        ]
        assert dict(state.unread) == {"a damaged archive": 1, "not a log file, by its name": 1}
        assert state.digests == 2


class _OneEach(PlainDecoder):
    """Finds one record in each member."""

    def result(self, _seconds: float) -> Decoded | None:
        if not self._jobs:
            return None
        files, builder = self._jobs.popleft(), SegmentBuilder()
        for file in files:
            event = event_of(json.dumps(record_of(file.file, START + file.file)))
            texts, kinds = derive(RecordView(event, ""))
            builder.add(START + file.file, file.file, Place(file.file, 0, 0), kinds, texts)
        about = Path(os.fsdecode(files[0].path)).stat()
        return Decoded(
            tuple(FileFacts(file.file, 1, size=about.st_size, mtime_ns=about.st_mtime_ns) for file in files),
            (builder.parts(),),
        )

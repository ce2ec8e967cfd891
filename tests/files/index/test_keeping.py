"""An index is kept up to date in the background, by one process at a time, and how it stands is told."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest
from support.log_tree import START, PlainDecoder, no_members, record_of, write_log

from ctui.errors import FilesError
from ctui.files.decoding.jobs import Decoded
from ctui.files.index import indexing, keeping
from ctui.files.index.container import TEMPORARY_NAME, connect
from ctui.files.index.indexing import TreeReader
from ctui.files.index.keeping import IndexKeeper
from ctui.files.index.opening_index import open_index
from ctui.files.walking import walk
from ctui.model.log_files.tree_state import TreePhase, TreeState

PATIENCE = 60.0
"""Seconds after which a state that does not come is an error: nothing waits for it otherwise."""


class Kept:
    """A keeper, and the states that it publishes."""

    def __init__(self, tree: Path, decoder: Callable[[int], PlainDecoder] = PlainDecoder) -> None:
        self.states: SimpleQueue[TreeState] = SimpleQueue()
        self.container = open_index(os.fsencode(tree), tree.parent / "cache", Event()).container
        reader = TreeReader(lambda: walk(os.fsencode(tree)), no_members, decoder)
        self.keeper = IndexKeeper(self.container, reader, TreeState(str(tree), TreePhase.INDEXING), self.states.put)
        self.keeper.begin()

    def until(self, is_wanted: Callable[[TreeState], bool]) -> TreeState:
        """The next state that is wanted."""
        while not is_wanted(state := self.states.get(timeout=PATIENCE)):
            pass
        return state

    def end(self) -> None:
        """End it."""
        self.keeper.end()
        self.container.close()


def is_ready(state: TreeState) -> bool:
    return state.phase is TreePhase.READY


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for file in range(4):
        write_log(tmp_path / "tree", START + file * 3600, [record_of(file, START + file * 3600)])
    return tmp_path / "tree"


def test_how_a_tree_stands_is_told_until_it_is_ready(tree: Path) -> None:
    kept = Kept(tree)
    first = kept.states.get(timeout=PATIENCE)
    assert (first.phase, first.events, first.path) == (TreePhase.INDEXING, 0, str(tree))
    ready = kept.until(is_ready)
    assert (ready.events, ready.files, ready.waiting) == (4, 4, 0)
    write_log(tree, START + 9 * 3600, [record_of(9, START + 9 * 3600)])
    kept.keeper.update()
    assert kept.until(lambda state: is_ready(state) and state.events == 5).newest == START + 9 * 3600
    kept.end()
    again = Kept(tree)
    assert again.states.get(timeout=PATIENCE).events == 5
    again.end()


class _Waiting(PlainDecoder):
    """Has no result before it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on, self.asked = Event(), Event()

    def result(self, _seconds: float) -> Decoded | None:
        self.asked.set()
        return super().result(0) if self.may_go_on.wait(0.01) else None


def test_one_indexes_and_the_other_takes_over(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_OTHER_SECONDS", 0.01)
    waiting, decoders = _Waiting(), list[PlainDecoder]()

    def decoder(_size: int) -> PlainDecoder:
        decoders.append(PlainDecoder())
        return decoders[-1]

    first = Kept(tree, lambda _: waiting)
    assert waiting.asked.wait(PATIENCE)
    second = Kept(tree, decoder)
    # It sees what the other one writes, and that the other has not ended.
    assert second.until(lambda state: state.waiting == 4).phase is TreePhase.INDEXING
    assert decoders == []
    first.end()
    assert second.until(is_ready).events == 4
    assert len(decoders) == 1
    second.end()


def test_both_have_what_one_has_indexed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_OTHER_SECONDS", 0.01)
    waiting, decoders = _Waiting(), list[int]()

    def decoder(size: int) -> PlainDecoder:
        decoders.append(size)
        return PlainDecoder()

    first = Kept(tree, lambda _: waiting)
    assert waiting.asked.wait(PATIENCE)
    second = Kept(tree, decoder)
    waiting.may_go_on.set()
    assert first.until(is_ready).events == second.until(is_ready).events == 4
    assert decoders == []
    second.end()
    first.end()


class _Long(PlainDecoder):
    """Has a result when it is closed, and not before."""

    def __init__(self) -> None:
        super().__init__()
        self.closed, self.asked = Event(), Event()

    def result(self, _seconds: float) -> Decoded | None:
        self.asked.set()
        assert self.closed.wait(PATIENCE)
        return None

    def close(self) -> None:
        self.closed.set()


def test_a_decoder_that_takes_long_ends_at_once(tree: Path) -> None:
    long = _Long()
    kept = Kept(tree, lambda _: long)
    assert long.asked.wait(PATIENCE)
    kept.end()
    assert kept.keeper.ended


def test_a_run_ends_at_once(tree: Path) -> None:
    waiting = _Waiting()
    kept = Kept(tree, lambda _: waiting)
    assert waiting.asked.wait(PATIENCE)
    kept.end()
    assert kept.keeper.ended


@pytest.mark.parametrize("error", [FilesError("Log files", "It cannot be read."), OSError(5, "I/O error"), KeyError(1)])
def test_what_fails_is_said(tree: Path, error: Exception) -> None:
    errors = list[Exception]()

    def decoder(_size: int) -> PlainDecoder:
        if errors:
            raise errors[0]
        return PlainDecoder()

    kept = Kept(tree, decoder)
    kept.until(is_ready)
    errors.append(error)
    write_log(tree, START + 9 * 3600, [record_of(9, START + 9 * 3600)])
    kept.keeper.update()
    state = kept.until(lambda state: state.phase is TreePhase.FAILED)
    # What was indexed is there.
    assert (state.error != "", state.events, state.waiting) == (True, 4, 1)
    errors.clear()
    kept.keeper.update()
    assert kept.until(is_ready).events == 5
    kept.end()


def test_a_tree_that_is_gone(tree: Path) -> None:
    kept = Kept(tree)
    kept.until(is_ready)
    shutil.rmtree(tree)
    kept.keeper.update()
    state = kept.until(lambda state: state.phase is TreePhase.FAILED)
    assert state.events == 4
    assert str(tree) in state.error
    kept.end()


def test_an_index_moves_when_its_disk_is_full(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_FIRST_ROWS", 0)
    monkeypatch.setattr(indexing, "_ROWS", 0)

    def limited(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        if path.name != TEMPORARY_NAME:
            connection.execute("PRAGMA max_page_count = 1")
        return connection

    for file in range(4, 12):
        write_log(tree, START + file * 3600, [record_of(file, START + file * 3600)])
    monkeypatch.setattr("ctui.files.index.container.connect", limited)
    kept = Kept(tree)
    state = kept.until(lambda state: state.phase is not TreePhase.INDEXING)
    assert (state.phase, state.events, state.waiting) == (TreePhase.READY, 12, 0)
    assert [notice for notice in state.notices if "full" in notice and "temporary" in notice]
    assert sum(len(kept.container.segment(entry.number)) for entry in kept.container.segments()) == 12
    temporary = kept.container.path
    kept.end()
    assert not temporary.exists()

"""Matching: the rows that match a line are those of a plain loop over the same records, whatever file they are in."""

import gzip
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from random import Random

import numpy as np
import pytest
from support.examples import examples
from support.filter_trees import random_line
from support.memory_index import MemoryIndex, index_of, log_file
from support.wrapped_records import NOW, wrapped_index

from ctui.files.asking import matching, matching_files
from ctui.files.asking.finding import Wanted, find_rows
from ctui.files.asking.masks import Masks, RowsOfKinds
from ctui.files.asking.matching import Matching
from ctui.files.reading import records_text
from ctui.files.reading.records import Records
from ctui.model.event.event import Event
from ctui.model.event.kind import EventKind
from ctui.model.filter.matching.word_list import WordList
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Filter, ListTerm
from ctui.model.lookup.interval import Stretch
from ctui.unpacking.gzip_stream import one_stream

EVER = Stretch(0, 2**40)


@pytest.fixture(scope="module")
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(matching_files.THREADS) as made:
        yield made


class Asked:
    """An index, with what is asked of it."""

    def __init__(self, index: MemoryIndex, threads: ThreadPoolExecutor) -> None:
        self.index = index
        self.records = Records(index)
        self.matching = Matching(index, Masks(), self.records, threads)
        self.rows = find_rows(Wanted(index, 1, EVER, lambda _: True), None, 1 << 20)

    def found(self, predicate: Predicate, kinds: RowsOfKinds | None = None, handed: int = 1 << 20) -> list[int]:
        """The ids that match, asked for in portions."""
        ids: list[int] = []
        at = 0
        while at < len(self.rows.ids):
            rows = self.rows.slice(at, at + handed)
            matched = self.matching.match(predicate, rows, kinds or {}, threading.Event())
            assert matched.scanned > 0, "each portion goes on"
            ids += (rows.ids[index] for index in matched.indexes)
            at += matched.scanned
        return ids

    @cached_property
    def events(self) -> list[tuple[Event, str]]:
        """The events of all rows with their Regions, in their order."""
        events: list[tuple[Event, str]] = []
        while len(events) < len(self.rows.ids):
            evaluated = self.records.evaluate(self.rows.ids[len(events) :], lambda event, region: (event, region))
            assert len(evaluated.results) == evaluated.scanned
            events += (result for _, result in evaluated.results)
        return events

    def plainly(self, predicate: Predicate) -> list[int]:
        """The same by a loop over events."""
        return [row_id for row_id, event in zip(self.rows.ids, self.events, strict=True) if predicate(*event)]


@pytest.fixture(scope="module")
def asked(threads: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(wrapped_index(tmp_path_factory.mktemp("files")), threads)


WORDS = (
    "Get", "denied", "-denied", "-get,put -denied", "-/G.t/", "-/e.*d/", "-around", "-kelvin", '-"say \\"hi\\""',
    "-requestParameters.x.y:*", "-requestParameters.x>1", "-about:r", "-(Get OR denied)", "-Straße is:error",
    "Straße", "STRASSE", "kelvin", '"say \\"hi\\""', '"\\"eventName\\": \\"Get\\""', "a/b",
    "/G.t/", "/^Get$/", "/e.*d/", "/D.{1,2}nied/i", "/[0-9]{4}/", "/\\x{df}/", "get,put", "ec2 amazonaws", "con*e",
    "requestParameters.x:a", "requestParameters.x.y:*", "requestParameters.x.1:2", "-requestParameters.x:1", "about:r",
    "eventName:G*", "-eventName:G*", "userIdentity.userName:* Get", "eventSource:~EC2*",
    "nothing-has-this", "around", "Get OR user:a", "(denied OR is:error) -user:b", "id:e3", "-id:e3", "id:e1,e2,e200",
    "id:e1*",
    "user:a OR id:e5", "apiVersion:Straße", "apiVersion:~STRASSE", "since:2026-11-21T23:59:30Z Get", "*", "\x00",
)  # fmt: skip


LISTS = (["Get", "straße"], ["10.0.0.0/8", "console"], ["nowhere", "denie"], [f"w{n}" for n in range(500)])


def test_rows_are_those_of_a_plain_loop(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(asked.rows.ids) > 330
    lists = [ListTerm("f", negated, WordList(words)) for words in LISTS for negated in (False, True)]
    lines = (
        [parse_filter(line) for line in WORDS]
        + [Filter((one,)) for one in lists]
        + [random_line(Random(seed)) for seed in range(examples(30))]
    )
    choose = Random(1)
    for line in lines:
        predicate = compile_filter(line, NOW)
        monkeypatch.setattr(matching, "_FEWEST", choose.choice((5, 1000)))
        monkeypatch.setattr(matching, "_SEGMENTS", choose.choice((1, 24)))
        monkeypatch.setattr(records_text, "LARGE", choose.choice((0, 1 << 20, 1 << 20)))
        monkeypatch.setattr(matching_files, "LARGE", records_text.LARGE)
        found = asked.found(predicate, handed=choose.choice((40, 1 << 20)))
        assert found == asked.plainly(predicate), line
    assert not asked.matching.unreadable


def test_marked_and_new_rows_are_those_of_the_caller(asked: Asked) -> None:
    marked = sorted(asked.rows.ids[::7])
    kinds = {EventKind.MARKED: np.array(marked, np.int64)}
    ids = set(asked.records.event_ids(marked).values())
    for line in ("is:marked", "is:marked denied", "is:marked OR nothing-has-this", "-is:marked get"):
        predicate = compile_filter(parse_filter(line), NOW, ids)
        plain = compile_filter(parse_filter(line.replace("is:marked", "eventID:" + ",".join(sorted(ids)))), NOW)
        # An event that stands in two files is marked in both, for the predicate alone.
        both = [row for row in asked.plainly(plain) if row in marked or line.startswith("-")]
        assert [row for row in asked.found(predicate, kinds) if row in both] == both, line


def test_a_file_that_changed_or_is_gone_matches_nothing_that_records_tell(
    threads: ThreadPoolExecutor, tmp_path: Path
) -> None:
    def records(name: str) -> bytes:
        return log_file(
            {"eventID": f"{name}{n}", "eventTime": "2026-11-21T00:00:00Z", "eventName": "Get"} for n in range(3)
        )

    index = index_of(tmp_path, {name: records(name) for name in ("kept", "gone", "grown", "touched", "other")})
    asked, word = Asked(index, threads), compile_filter(parse_filter("Get"), NOW)
    assert len(asked.found(word)) == 15
    (tmp_path / "gone").unlink()
    (tmp_path / "grown").write_bytes(records("grown") + b"\n")
    os.utime(tmp_path / "touched", (1, 1))
    # Of the same size and time, but with other events.
    seen = (tmp_path / "other").stat()
    (tmp_path / "other").write_bytes(records("OTHER"))
    os.utime(tmp_path / "other", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    asked.matching.forget()
    assert len(asked.found(compile_filter(parse_filter("name:Get"), NOW))) == 15, "columns say what was indexed"
    path = compile_filter(parse_filter("eventName:Get"), NOW)
    assert set(asked.records.event_ids(asked.found(path)).values()) == {"kept0", "kept1", "kept2"}
    assert asked.matching.unreadable == {2, 3, 4, 5}
    assert len(asked.found(word)) == 3


def test_a_search_that_is_stopped_is_searched_again(threads: ThreadPoolExecutor, tmp_path: Path) -> None:
    texts = [
        {"eventID": f"e{n}", "eventTime": "2026-11-21T00:00:00Z", "eventName": "Get", "apiVersion": str(n)}
        for n in range(50)
    ]
    asked = Asked(index_of(tmp_path, {"a": log_file(texts), "b": log_file(texts[:1])}), threads)
    predicate, stopped = compile_filter(parse_filter("apiVersion:4*"), NOW), threading.Event()
    stopped.set()
    asked.matching.match(predicate, asked.rows, {}, stopped)
    assert len(asked.found(predicate)) == 11


def test_a_file_is_inflated_once_for_a_line(
    threads: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [{"eventID": f"e{n}", "eventTime": "2026-11-21T00:00:00Z", "eventName": "Get"} for n in range(50)]
    asked = Asked(index_of(tmp_path, {"a": gzip.compress(log_file(texts))}), threads)
    inflated: list[int] = []

    def whole(data: bytes, most: int) -> bytes | None:
        inflated.append(len(data))
        return one_stream(data, most)

    monkeypatch.setattr(records_text, "one_stream", whole)
    monkeypatch.setattr(matching, "_FEWEST", 5)
    assert len(asked.found(compile_filter(parse_filter("eventName:Get"), NOW), handed=5)) == 50
    assert len(inflated) == 1

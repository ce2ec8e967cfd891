"""Matching: the rows that match a line are those of a plain loop over the same records, whatever file they are in."""

import gzip
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from support.examples import examples
from support.filter_trees import EVENTS, random_line
from support.memory_index import MemoryIndex, index_of, log_file

from ctui.files.asking import matching, matching_files, records_text
from ctui.files.asking.finding import Wanted, find_rows
from ctui.files.asking.masks import Masks, RowsOfKinds
from ctui.files.asking.matching import Matching
from ctui.files.asking.records import Records
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.unpacking.gzip_stream import one_stream

NOW = datetime(2026, 11, 22, tzinfo=UTC)
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

    def plainly(self, predicate: Predicate) -> list[int]:
        """The same by a loop over events."""
        read = self.records.evaluate
        passing, at = list[bool](), 0
        while at < len(self.rows.ids):
            evaluated = read(self.rows.ids[at:], predicate)
            passing += (result for _, result in evaluated.results)
            at += evaluated.scanned
        return [row_id for row_id, passes in zip(self.rows.ids, passing, strict=True) if passes]


def record(number: int) -> dict[str, Any]:
    """A record of which any part may be odd."""
    event = EVENTS[number]
    try:
        parsed = json.loads(event.record)
    except ValueError:
        parsed = {}
    parts = parsed if isinstance(parsed, dict) else {}
    identity = parts.get("userIdentity")
    named = {**identity, "userName": event.username, "type": "IAMUser"} if isinstance(identity, dict) else identity
    return {
        **parts,
        "eventID": f"e{number}",
        "eventTime": (NOW - timedelta(seconds=number // 3)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventName": event.name,
        "eventSource": event.source,
        "userIdentity": named,
        "readOnly": {"true": True, "false": False}.get(event.read_only or ""),
    }


def some(first: int) -> list[str]:
    """Records of one file, some of them in other spellings."""
    texts = []
    for number in range(first, first + 30):
        text = json.dumps(
            {**record(number), "apiVersion": ("Straße", 'say "hi"', "\u212aelvin", "a/b\\c", "\x00")[number % 5]}
        )
        texts.append(text if number % 4 else json.dumps(json.loads(text), ensure_ascii=False))
    return texts


def entry(text: str) -> str:
    parsed = json.loads(text)
    return json.dumps(
        {"EventId": parsed["eventID"], "EventName": parsed["eventName"], "Username": "around", "CloudTrailEvent": text}
    )


def by_number(text: str) -> str:
    """The same record with letters written by their numbers."""
    return text.replace("Get", "\\u0047et").replace("console", "cons\\u006fle").replace("Denied", "D\\u0065nied")


WRAPPED: Mapping[str, Callable[[list[str]], bytes]] = {
    "delivered.json.gz": lambda texts: gzip.compress(log_file(texts)),
    "two.json.gz": lambda texts: gzip.compress(log_file(texts[:9])) + gzip.compress(log_file(texts[9:])),
    "lines.json": lambda texts: "\n".join(texts).encode(),
    "objects.json": lambda texts: "".join(texts).encode(),
    "numbers.json": lambda texts: log_file(map(by_number, texts)),
    "lookup.json": lambda texts: f'{{"Events":[{",".join(map(entry, texts))}]}}'.encode(),
    "group.json.gz": lambda texts: gzip.compress(
        json.dumps(
            {"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": one} for one in texts]}
        ).encode()
    ),
    "wide.json": lambda texts: log_file(texts).decode().encode("utf-16"),
    "broken.json": lambda texts: log_file(texts)[:-200],
    "odd.json": lambda texts: log_file(texts).replace(b"Other", b"O\xfft\xed\xa0\x80er"),
}


@pytest.fixture(scope="module")
def asked(threads: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    folder = tmp_path_factory.mktemp("files")
    files = {name: wrap(some(30 * number % 270)) for number, (name, wrap) in enumerate(WRAPPED.items())}
    index = index_of(folder, files, rows=130)
    with zipfile.ZipFile(folder / "some.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", log_file(some(10)))
        archive.writestr("b.json.gz", gzip.compress(log_file(some(200))))
    index.add([*index.read(folder / "some.zip", "b.json.gz"), *index.read(folder / "some.zip", "a.json")])
    return Asked(index, threads)


WORDS = (
    "Get", "denied", "-denied", "Straße", "STRASSE", "kelvin", '"say \\"hi\\""', '"\\"eventName\\": \\"Get\\""', "a/b",
    "/G.t/", "/^Get$/", "/e.*d/", "/D.{1,2}nied/i", "/[0-9]{4}/", "/\\x{df}/", "get,put", "ec2 amazonaws", "con*e",
    "requestParameters.x:a", "requestParameters.x.y:*", "requestParameters.x.1:2", "-requestParameters.x:1", "about:r",
    "nothing-has-this", "around", "Get OR user:a", "(denied OR is:error) -user:b", "id:e3", "-id:e3", "id:e1,e2,e200",
    "id:e1*",
    "user:a OR id:e5", "apiVersion:Straße", "apiVersion:~STRASSE", "since:2026-11-21T23:59:30Z Get", "*", "\x00",
)  # fmt: skip


def test_rows_are_those_of_a_plain_loop(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(asked.rows.ids) > 330
    lines = [parse_filter(line) for line in WORDS] + [random_line(Random(seed)) for seed in range(examples(40))]
    choose = Random(1)
    for line in lines:
        predicate = compile_filter(line, NOW)
        monkeypatch.setattr(matching, "_FEWEST", choose.choice((1, 7, 1000)))
        monkeypatch.setattr(matching, "_SEGMENTS", choose.choice((1, 24)))
        monkeypatch.setattr(records_text, "LARGE", choose.choice((0, 1 << 20)))
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

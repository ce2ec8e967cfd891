"""Records of large log files are read without all that stands before them, in any order."""

import gzip
import itertools
import json
import os
import zlib
from collections.abc import Callable, Sequence
from io import BufferedReader
from pathlib import Path
from threading import Event
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.memory_index import MemoryIndex, index_of, log_file

from ctui.errors import FilesError, RecordFar
from ctui.files import tree_answers
from ctui.files.reading import records_text
from ctui.files.reading.far_texts import FarTexts, TooFar
from ctui.files.tree_answers import TreeAnswers
from ctui.model.event.event import Event as EventRecord
from ctui.model.lookup.interval import Stretch
from ctui.unpacking.gzip_stream import DamagedGzip

TEXT = b"".join(b'{"n": %d, "x": "%x"}\n' % (number, number**9) for number in range(100_000))
"""4 MB, no part of it twice."""
EVER = Stretch(0, 2**40)


def in_members(text: bytes) -> bytes:
    """Several gzip streams after each other, an empty one among them, and zeros at the end."""
    ends = (0, 1, 70_000, 1 << 20, 1 << 20, len(text))
    parts = (text[start:end] for start, end in itertools.pairwise(ends))
    return b"".join(gzip.compress(part, 1) for part in parts) + bytes(99)


WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda text: gzip.compress(text, 1),
    "members": in_members,
    "mark": lambda text: gzip.compress(b"\xef\xbb\xbf" + text, 1),
    "plain": lambda text: text,
    "plain with a mark": lambda text: b"\xef\xbb\xbf" + text,
}


class Opened:
    """A large file on the disk."""

    def __init__(self, path: Path, far: FarTexts) -> None:
        self.path, self.far = path, far

    def read(self, start: int, end: int, most: int | None = None) -> bytes | None:
        with self.path.open("rb") as opened:
            assert isinstance(opened, BufferedReader)
            return self.far.read((1, 2, 3), opened, start, end, most)


@pytest.fixture(scope="module", params=WRITTEN)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "file"
    path.write_bytes(WRITTEN[request.param](TEXT))
    return path


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 200_000)), min_size=1, max_size=5),
    step=st.sampled_from([50_000, 1 << 20]),
    most=st.sampled_from([0, 1, 4, 100]),
    before=st.sampled_from([0, 1000, 1 << 20]),
)
def test_parts_are_read_in_any_order_as_they_stand_there(
    parts: list[tuple[int, int]], step: int, most: int, before: int, written: Path
) -> None:
    far = FarTexts(lambda: False, step, most, before)
    file = Opened(written, far)
    for start, length in parts:
        assert file.read(start, start + length) == TEXT[start : start + length]
    assert sum(len(one.checkpoints) for one in far._files.values()) <= most


def test_what_was_passed_once_is_not_inflated_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(TEXT, 1))
    far = FarTexts(lambda: False, step=200_000, before=50_000)
    file = Opened(tmp_path / "file", far)

    def inflated(start: int, most: int | None = None) -> int:
        before = far.inflated
        assert file.read(start, start + 40, most) == TEXT[start : start + 40]
        return far.inflated - before

    at_end = len(TEXT) - 1000
    with pytest.raises(TooFar):
        file.read(at_end, at_end + 40, 1 << 20)
    assert far.inflated == 0
    portion = 400_000
    assert at_end < inflated(at_end) <= len(TEXT)
    assert [inflated(at_end - 900 * step, 0) for step in range(50)] == [0] * 50
    # Elsewhere it is at most from one checkpoint to the next, and the portion that ends behind the record.
    assert all(inflated(start, portion) <= 200_000 + portion for start in (3_000_000, 0, 1_999_999, 2_500_000))
    assert [inflated(2_500_000 + 10_000 * step) for step in range(1, 5)].count(0) >= 2
    far.forget()
    with pytest.raises(TooFar):
        file.read(at_end, at_end + 40, 1 << 20)


def test_checkpoints_of_many_files_are_bounded_and_those_of_one_lie_evenly(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(TEXT, 1))
    far = FarTexts(lambda: False, step=50_000, most=10)
    for number in range(3):
        with (tmp_path / "file").open("rb") as opened:
            far.read((number, 0, 0), opened, len(TEXT) - 10, len(TEXT), None)
    (large,) = far._files.values()
    offsets = [0, *(one.offset for one in large.checkpoints), len(TEXT)]
    assert 5 <= len(large.checkpoints) <= 10
    assert max(end - start for start, end in itertools.pairwise(offsets)) <= 2 * large.step


def test_what_stands_before_damage_is_read_from_checkpoints_too(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(TEXT, 1))
    at = len(data) * 4 // 5
    data[at : at + 64] = bytes(64)
    (tmp_path / "file").write_bytes(data)
    with gzip.open(tmp_path / "file") as stream, pytest.raises((OSError, zlib.error)):
        stream.read()
    file = Opened(tmp_path / "file", FarTexts(lambda: False, step=200_000, before=0))
    with pytest.raises(DamagedGzip):
        file.read(len(TEXT) - 40, len(TEXT))
    for start in (3_000_000, 2_900_000, 100, 3_000_000):
        assert file.read(start, start + 40) == TEXT[start : start + 40]
    with pytest.raises(DamagedGzip):
        file.read(len(TEXT) - 40, len(TEXT))


# Records of rows.


def record(number: int) -> dict[str, Any]:
    """Only the record says what an event without a name is."""
    return {
        "eventID": f"e{number}",
        "eventTime": f"2026-11-21T00:00:{number:02}Z",
        "eventName": "Get" if number % 3 else "",
        "eventSource": "s3.amazonaws.com",
        "awsRegion": "eu-west-1",
        "userIdentity": {"type": "IAMUser", "userName": f"user{number}", "accountId": "1"},
    }


RECORDS = [record(number) for number in range(50)]
MESSAGES = {"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": json.dumps(one)} for one in RECORDS]}
LARGE: dict[str, bytes] = {
    "delivered.gz": gzip.compress(log_file(RECORDS)),
    "members.gz": in_members(log_file(RECORDS)),
    "plain": log_file(RECORDS),
    "wide": log_file(RECORDS).decode().encode("utf-16"),
    "messages.gz": gzip.compress(json.dumps(MESSAGES).encode()),
}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any file is a large one, and a record that is not at its beginning is far away."""
    monkeypatch.setattr(records_text, "LARGE", 0)
    monkeypatch.setattr(tree_answers, "_INFLATED_AT_ONCE", 500)


def asked(index: MemoryIndex) -> tuple[TreeAnswers, list[int]]:
    answers = TreeAnswers(index, 1, Event())
    return answers, list(answers.find(EVER, (), None, 99).ids)


@pytest.mark.parametrize("name", [*LARGE, "zip"])
def test_a_record_from_afar_is_read_first_and_then_it_is_there(name: str, tmp_path: Path, large: None) -> None:
    if name == "zip":
        index = MemoryIndex()
        with ZipFile(tmp_path / name, "w", ZIP_DEFLATED) as archive:
            archive.writestr("log.json", log_file(RECORDS))
        index.add(index.read(tmp_path / name, "log.json"))
    else:
        index = index_of(tmp_path, {name: LARGE[name]})
    answers, ids = asked(index)
    expected = dict(zip(ids, sorted_events(answers, ids), strict=True))
    answers, _ = asked(index)
    lines = answers.summaries(ids)
    # What columns say is shown until the record is there.
    assert [(line.summary.user, line.far and name != "plain") for line in lines] == [
        (f"user{number}", number % 3 == 0 and name != "plain") for number in range(49, -1, -1)
    ]
    for row in (ids[0], ids[20], ids[21], ids[0]):
        if name == "plain":
            assert answers.event(row) == expected[row]
            continue
        answers.forget()
        with pytest.raises(RecordFar, match="Reading the record"):
            answers.event(row)
        answers.read_far([row])
        assert answers.event(row) == expected[row]
    unnamed = [row for row, event in expected.items() if not event.name]
    answers.read_far(unnamed)
    assert not any(line.far for line in answers.summaries(ids))


def sorted_events(answers: TreeAnswers, ids: Sequence[int]) -> list[EventRecord]:
    return [event for _, event in answers.evaluate(ids, lambda event, _: event).results]


@pytest.mark.parametrize("name", LARGE)
def test_why_a_record_from_afar_cannot_be_read_is_said(name: str, tmp_path: Path, large: None) -> None:
    """A file that ends early, although size and time are as they were."""
    index = index_of(tmp_path, {name: LARGE[name]})
    seen = (tmp_path / name).stat()
    (tmp_path / name).write_bytes(LARGE[name][: seen.st_size // 2].ljust(seen.st_size, b" "))
    os.utime(tmp_path / name, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    answers, ids = asked(index)
    answers.read_far(ids[:1])
    with pytest.raises(FilesError, match="has changed since it was indexed"):
        answers.event(ids[0])


def test_reading_from_afar_ends_once_the_tree_is_closed(tmp_path: Path, large: None) -> None:
    ending = Event()
    answers = TreeAnswers(index_of(tmp_path, {"a": LARGE["delivered.gz"]}), 1, ending)
    (row,) = answers.find(EVER, (), None, 1).ids
    ending.set()
    answers.read_far([row])
    with pytest.raises(FilesError, match="no longer open"):
        answers.event(row)

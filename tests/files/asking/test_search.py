"""What is asked of the rows of a tree: events, table lines, rows by attributes and by event IDs."""

import os
from pathlib import Path
from threading import Event

import pytest
from support.memory_index import MemoryIndex, index_of, log_file
from support.wrapped_records import NOW, wrapped_index

from ctui.errors import FilesError
from ctui.files.asking.portions import segment_and_place
from ctui.files.event_of_record import event_of
from ctui.files.reading import records_text
from ctui.files.record_texts import LogFileReader, decoded
from ctui.files.segment import Place
from ctui.files.tree_answers import TreeAnswers
from ctui.model.event.summarize import summarize
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute

EVER = Stretch(0, 2**40)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> MemoryIndex:
    return wrapped_index(tmp_path_factory.mktemp("files"))


def texts_of(index: MemoryIndex) -> dict[Place, str]:
    """The text of each record of an index by its place, read from first to last."""
    found: dict[Place, str] = {}
    for number, file in index.files.items():
        with Path(os.fsdecode(file.path)).open("rb") as opened:
            for one in LogFileReader(opened, file.member).records():
                found[Place(number, one.start, one.length)] = decoded(one.text)
    return found


@pytest.mark.parametrize("large", [0, 1 << 20])
def test_the_record_of_a_row_is_read_at_its_place(
    index: MemoryIndex, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`large`: of how many bytes a text is not kept."""
    monkeypatch.setattr(records_text, "LARGE", large)
    search, texts = TreeAnswers(index, 1, Event()), texts_of(index)
    rows = search.find(EVER, (), None, 1 << 20)
    step = 1 if large else 9
    for row_id in rows.ids[::step]:
        number, row = segment_and_place(row_id)
        segment = index.segment(number)
        expected = event_of(texts[segment.place(row)], int(segment.seconds[row]))
        assert search.event(row_id) == expected
        assert search.second(row_id) == int(expected.time.timestamp())
    assert search.second(rows.ids[-1] + 1000) is None


def test_table_lines_are_what_records_say(index: MemoryIndex) -> None:
    search = TreeAnswers(index, 1, Event())
    ids = search.find(EVER, (), None, 1 << 20).ids
    evaluated, done = [], 0
    while done < len(ids):
        portion = search.evaluate(ids[done:], summarize)
        evaluated += [line for _, line in portion.results]
        done += portion.scanned
    lines = search.summaries(ids)
    assert [line.row_id for line in lines] == list(ids)
    for line, expected in zip(lines, evaluated, strict=True):
        assert line.summary == expected


def record(number: int, name: str = "Get") -> dict[str, object]:
    return {
        "eventID": f"e{number}",
        "eventTime": f"2026-11-21T00:00:{number:02}Z",
        "eventName": name,
        "eventSource": "s3.amazonaws.com",
        "awsRegion": "eu-west-1",
        "userIdentity": {"type": "IAMUser", "userName": f"user{number % 3}", "accountId": "1"},
    }


def change_content(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def keep_size_and_time(path: Path) -> None:
    seen = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"e1"', b'"f1"'))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Path.unlink, "is no longer there"),
        (change_content, "has changed since it was indexed"),
        (lambda path: os.utime(path, (1, 1)), "has changed since it was indexed"),
        (to_folder, "has changed since it was indexed"),
        (keep_size_and_time, "has changed since it was indexed"),
    ],
)
def test_a_file_that_changed_is_said_and_no_other_record_shown(change: object, said: str, tmp_path: Path) -> None:
    index = index_of(tmp_path, {"a": log_file([record(1, name="")]), "b": log_file([record(2)])})
    search = TreeAnswers(index, 1, Event())
    newer, older = search.find(EVER, (), None, 9).ids
    assert callable(change)
    change(tmp_path / "a")
    with pytest.raises(FilesError, match=said) as raised:
        search.event(older)
    assert str(tmp_path / "a") in raised.value.message
    assert "press r" in raised.value.remedy.lower()
    assert search.event_ids([older, newer]) == {newer: "e2"}
    assert search.evaluate([older, newer], lambda event, region: (event.event_id, region)) == (
        2, [(1, ("e2", "eu-west-1"))],
    )  # fmt: skip
    lines = search.summaries([newer, older])
    # What columns say is shown. Only the record says what an event without a name is.
    assert [(line.row_id, line.summary.unreadable, line.summary.user) for line in lines] == [
        (newer, False, "user2"), (older, True, "user1"),
    ]  # fmt: skip


def test_rows_are_found_by_attributes_and_narrowed_by_a_line(tmp_path: Path) -> None:
    index = index_of(tmp_path, {"a": log_file(record(n, "Put" if n % 2 else "Get") for n in range(9))}, rows=4)
    search = TreeAnswers(index, 1, Event())

    def found(*clause: LookupAttribute, line: str = "") -> list[int]:
        rows = search.find(EVER, clause, None, 99, compile_filter(parse_filter(line), NOW))
        return [int(event_id[1:]) for event_id in search.event_ids(rows.ids).values()]

    name, user = LookupAttribute(AttributeKey.EVENT_NAME, "Put"), LookupAttribute(AttributeKey.USERNAME, "user0")
    one = LookupAttribute(AttributeKey.EVENT_ID, "e4")
    none = LookupAttribute(AttributeKey.EVENT_ID, "e99")
    assert sorted(found(name)) == [1, 3, 5, 7]
    assert sorted(found(name, user)) == [0, 1, 3, 5, 6, 7]
    assert (found(one), found(none), sorted(found(one, user))) == ([4], [], [0, 3, 4, 6])
    assert sorted(found(name, line="user:user0")) == [3]
    # Segments have four rows: those from the second one on.
    rows, last = search.find_new(1, EVER, (name,))
    assert (sorted(search.event_ids(rows.ids).values()), last) == (["e5", "e7"], 3)


def test_rows_are_found_by_the_ids_of_events(tmp_path: Path) -> None:
    index = index_of(tmp_path, {"a": log_file(map(record, range(9))), "b": log_file([record(3)])}, rows=5)
    search = TreeAnswers(index, 1, Event())
    rows = search.find(EVER, (), None, 99)
    ids = search.event_ids(rows.ids)
    found = search.rows_of({"e3", "e5", "e99"})
    assert {event_id: {key.row_id for key in keys} for event_id, keys in found.items()} == {
        wanted: {row_id for row_id, event_id in ids.items() if event_id == wanted} for wanted in ("e3", "e5")
    }
    assert [len(found[wanted]) for wanted in ("e3", "e5")] == [2, 1]
    number, row = segment_and_place(found["e5"][0].row_id)
    alive = index.segment(number).seconds >= 0
    alive[row] = False
    index.gone[number] = alive
    assert search.rows_of({"e5"}) == {}

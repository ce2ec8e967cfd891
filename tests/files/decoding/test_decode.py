"""Log files to rows: the quick way and the thorough way say the same, and each place has its record."""

import gzip
import json
import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from support.log_records import record

from ctui.files.decoding import decode as decoding
from ctui.files.decoding.decode import decode
from ctui.files.decoding.jobs import Decoded, FileJob
from ctui.files.decoding.rows_of_records import RowMaker, whole_row
from ctui.files.decoding.usual_file import read_usual
from ctui.files.segment import Row, Segment
from ctui.store.index.index_row import INDEX_COLUMNS

RECORDS = [record(number) for number in range(7)]
USUAL = '{"Records":[' + ",".join(RECORDS) + "]}"

Seen = list[Row]


def job(path: Path, file: int = 5) -> FileJob:
    return FileJob(file, os.fsencode(path), "", "", "eu-west-1", 12)


def decoded(*paths: Path) -> Decoded:
    return decode([job(path, number) for number, path in enumerate(paths)], RowMaker())


def segments(found: Decoded) -> list[Segment]:
    return [Segment(number, parts.__getitem__) for number, parts in enumerate(found.segments)]


def rows(segment: Segment) -> Seen:
    columns = [segment.texts(column.name).all() for column in INDEX_COLUMNS]
    numbers = [segment.numbers(column.name) for column in INDEX_COLUMNS]
    return [
        (
            int(segment.seconds[row]),
            int(segment.ids[row]),
            int(segment.kinds[row]),
            tuple(texts[of[row]] for texts, of in zip(columns, numbers, strict=True)),
        )
        for row in range(len(segment))
    ]


def expected(records: Sequence[str]) -> Seen:
    return sorted((whole_row(each, "eu-west-1", 12) for each in records), key=lambda row: -row[0])


@pytest.mark.parametrize(
    "text",
    [
        USUAL,
        USUAL + "\n",
        json.dumps({"Records": [json.loads(each) for each in RECORDS]}, indent=1),
        json.dumps({"Records": [json.loads(each) for each in RECORDS]}),
        ' { "Records" : [ ' + " ,\n".join(RECORDS) + " ] } ",
    ],
)
@pytest.mark.parametrize("packed", [gzip.compress, bytes])
def test_each_place_of_a_usual_file_has_its_record(tmp_path: Path, text: str, packed: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(packed(text.encode()))
    found = decoded(path)
    (segment,) = segments(found)
    standing = json.loads(text)["Records"]
    assert rows(segment) == expected([json.dumps(each) for each in standing])
    for row in range(len(segment)):
        place = segment.place(row)
        stood = text.encode()[place.start : place.start + place.length]
        assert whole_row(stood.decode(), "eu-west-1")[1] == segment.ids[row]
    (facts,) = found.files
    assert (facts.records, facts.plain, facts.inflated, facts.reasons) == (7, True, len(text.encode()), ())
    assert facts.sha256 == sha256(text.encode()).digest()
    about = path.stat()
    assert (facts.size, facts.mtime_ns, facts.changed) == (about.st_size, about.st_mtime_ns, False)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(RECORDS),
        "[" + ",".join(RECORDS) + "]",
        '{"Records":[' + RECORDS[0] + '],"Records":[' + ",".join(RECORDS[1:]) + "]}",
        USUAL.removesuffix("]}") + "]}" + "\ufeff",
        USUAL.removesuffix("]}") + ',{"eventID":"cut',
        '{"Records":[' + ",".join(f'{{"detail-type":"X via CloudTrail","detail":{each}}}' for each in RECORDS) + "]}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_other_files_have_the_same_rows(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "log.json"
    path.write_bytes(text.encode(encoding))
    (segment,) = segments(decoded(path))
    assert rows(segment) == expected(RECORDS)


def test_a_record_that_is_not_usual_is_read_too(tmp_path: Path) -> None:
    odd = '{"eventName":"GetObject","eventTime":"never"}'
    text = '{"Records":[' + ",".join([*RECORDS, odd]) + "]}"
    path = tmp_path / "log.json"
    path.write_text(text)
    (segment,) = segments(decoded(path))
    assert rows(segment) == expected([*RECORDS, odd])
    assert segment.seconds[-1] == 12


def test_a_file_without_events_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(gzip.compress(b'{"Records":[]}'))
    found = decoded(path)
    assert (found.segments, found.files[0].records, found.files[0].reasons) == ((), 0, ())


@pytest.mark.parametrize(
    "make",
    [
        lambda path: None,
        lambda path: path.mkdir(),
        os.mkfifo,
        lambda path: path.write_text("no JSON"),
        lambda path: path.write_bytes(b"\x1f\x8b no gzip"),
    ],
)
def test_what_cannot_be_read_has_a_reason_and_the_rest_is_read(tmp_path: Path, make: Callable[[Path], object]) -> None:
    bad, good = tmp_path / "bad.json", tmp_path / "good.json"
    make(bad)
    good.write_text(USUAL)
    found = decoded(bad, good)
    assert [facts.records for facts in found.files] == [0, 7]
    assert found.files[0].reasons
    assert len(segments(found)[0]) == 7


def test_what_can_be_read_of_a_broken_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(gzip.compress(USUAL.encode())[:-20])
    found = decoded(path)
    assert found.files[0].reasons
    assert 0 < len(segments(found)[0]) <= 7


def test_an_event_that_was_delivered_twice_is_one_row(tmp_path: Path) -> None:
    paths = [tmp_path / "1.json", tmp_path / "2.json"]
    for path in paths:
        path.write_text(USUAL)
    found = decoded(*paths)
    (segment,) = segments(found)
    assert rows(segment) == expected(RECORDS)
    assert set(segment.files.tolist()) == {0}
    assert [facts.records for facts in found.files] == [7, 7]


def test_many_rows_are_several_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "ROWS", 5)
    paths = [tmp_path / "1.json", tmp_path / "2.json", tmp_path / "3.json"]
    for path, some in zip(
        paths, (RECORDS[:3], RECORDS[3:5], RECORDS[5:] + [record(n) for n in range(7, 20)]), strict=True
    ):
        path.write_text("\n".join(some))
    found = segments(decoded(*paths))
    assert max(map(len, found)) <= 5
    assert sorted(row for segment in found for row in rows(segment)) == sorted(
        expected([record(number) for number in range(20)])
    )


def test_a_file_that_grows_meanwhile_is_said_to_have_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.json"
    path.write_text(USUAL)
    read = read_usual

    def growing(*given: object) -> object:
        with path.open("a") as file:
            file.write("\n")
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(decoding, "read_usual", growing)
    (facts,) = decoded(path).files
    assert facts.changed


def test_data_events_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(
        "\n".join([*RECORDS, record(8, eventCategory="Data"), record(9, managementEvent=False, eventCategory=None)])
    )
    assert decoded(path).files[0].data_events == 2


def test_a_decoder_that_is_stopped_leaves_files_out(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(USUAL)
    assert decode([job(path)], RowMaker(), lambda: True) == Decoded((), ())

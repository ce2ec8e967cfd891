"""Log files to rows: the quick way and the thorough way say the same, and each place has its record."""

import gzip
import json
import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from support.log_records import record
from support.real_records import DATA, real_records

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


ODD = [
    record(20, message="{}"),
    record(20, detail={"eventID": "x"}),
    record(20, Records=[json.loads(record(21))]),
    record(20, events=[json.loads(record(21))]),
    record(20, eventSource="aws:s3"),
    record(20, digestS3Object="x", digestStartTime="x", digestPublicKeyFingerprint="x"),
    record(20, eventTime=None),
    record(20, eventID=None),
    record(20, CloudTrailEvent=record(21)),
    record(20, eventName="\u00e9\ud800"),
    "7",
    "null",
    '{"detail":{}}',
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("gap", ["", "\n "])
def test_the_quick_way_says_what_the_thorough_one_says(
    tmp_path: Path, odd: str, gap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.json"
    path.write_text('{"Records":[' + f",{gap}".join([*RECORDS, odd, record(30)]) + "]}")
    quick = decoded(path)
    monkeypatch.setattr(decoding, "read_usual", lambda *_: None)
    assert decoded(path) == quick


@pytest.mark.story
def test_the_quick_way_says_of_real_files_what_the_thorough_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (paths := sorted(DATA.glob("*.json.gz"))):
        pytest.skip("the shared records are not here")
    quick = decoded(*paths)
    assert sum(facts.records for facts in quick.files) == len(real_records())
    monkeypatch.setattr(decoding, "read_usual", lambda *_: None)
    assert decoded(*paths) == quick


def test_members_of_an_archive_are_read_in_place(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.json", USUAL)
        archive.writestr("b/c.json.gz", gzip.compress(b'{"Records":[' + record(8).encode() + b"]}"))
        archive.writestr("d.json", "\n".join([record(9), record(10)]))
    names = ["a.json", "b/c.json.gz", "d.json", "gone.json"]
    jobs = [FileJob(number, os.fsencode(path), name, "", "eu-west-1") for number, name in enumerate(names)]
    found = decode(jobs, RowMaker())
    assert [facts.records for facts in found.files] == [7, 1, 2, 0]
    assert [bool(facts.reasons) for facts in found.files] == [False, False, False, True]
    (segment,) = segments(found)
    assert sorted(rows(segment)) == sorted(expected([*RECORDS, *(record(number) for number in (8, 9, 10))]))


def test_an_archive_that_is_damaged_has_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    path.write_bytes(b"PK\x03\x04 no archive")
    (facts,) = decode([FileJob(1, os.fsencode(path), "a.json", "", "")], RowMaker()).files
    assert facts.reasons


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

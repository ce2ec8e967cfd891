"""Records come out of a log file, whatever is around them, each with a place where it is found again."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import DATA, looked_up, real_records

from ctui.files.event_of_record import event_of
from ctui.files.record_texts import (
    NO_MEMBER,
    ZIP_BY_ANOTHER_NAME,
    FoundRecord,
    LogFileReader,
    decoded,
    placed_records,
)
from ctui.unpacking.archives import members_of
from ctui.unpacking.unread import DIGEST, LOG_MESSAGE, NOT_JSON, OTHER_EVENT, OTHER_JSON, TOO_LARGE, Unread

A = '{"eventVersion" : "1.11",\t"eventName":"A","eventTime":"2026-11-01T00:00:00Z","b":[{"Records":[]},{"x":"}, {"}]}'
B = '{ "eventTime":"2026-11-01T00:00:01Z" ,"eventID":"b\\u00e9\\ud83d\\ude00","t":"é\\/ 😀","n":1e2}'
C = '{"eventID":"c","eventTime":"2026-11-01T00:00:02Z","requestParameters":{"message":"x"}}'


def message(text: str, **more: Any) -> str:
    return json.dumps({"id": "1", "timestamp": 1, **more, "message": text}, ensure_ascii=False)


def event(detail: str, detail_type: str = "AWS API Call via CloudTrail") -> str:
    return f'{{"version":"0","source":"é","detail-type":"{detail_type}","resources":[],"detail": {detail} }}'


def entry(record: str) -> str:
    return json.dumps({"EventId": "e", "EventName": "N", "Resources": [], "CloudTrailEvent": record})


Read = tuple[list[FoundRecord], LogFileReader]


def read(data: bytes, member: str = "", **limits: int) -> Read:
    reader = LogFileReader(io.BufferedReader(io.BytesIO(data)), member, **limits)
    return list(reader.records()), reader


def texts(data: bytes, member: str = "", **limits: int) -> list[str]:
    return [decoded(one.text) for one in read(data, member, **limits)[0]]


PLAIN = {
    "log file": f'{{"Records":[{A},{B},{C}]}}',
    "log file with lines": f'\n{{ "Records" : [\n{A},\n  {B},\n\n {C}\n]\n}}\n',
    "log file with more": f'{{"Records":[{A},{B},{C}],"é":[{{}}]}}',
    "log files after each other": f'{{"Records":[{A}]}}{{"Records":[{B},{C}]}}\n',
    "array": f"[{A},{B},{C}]",
    "array of log files": f'[{{"Records":[{A},{B}]}},{{"Records":[{C}]}}]',
    "lines": f"{A}\n{B}\r\n{C}\n",
    "objects": f"{A}{B} {C}",
    "pretty": "\n".join(json.dumps(json.loads(one), indent=2) for one in (A, B, C)),
    "EventBridge": f"{event(A)}\n{event(B, 'AWS Console Sign In via CloudTrail')}\n{event(C)}",
    "EventBridge array": f"[{event(A)},{event(B)},{event(C)}]",
    "events": f'{{"NextToken":"t","Events":[{entry(A)},{entry(B)},{entry(C)}]}}',
    "exported from CloudWatch Logs": f"2026-11-01T00:00:00.000Z {A}\n2026-11-01T00:00:01.000Z {B}\n\n"
    f"2026-11-01T00:00:02.123Z {C}",
    "shown by the AWS CLI": "".join(f"2026-11-01T00:00:00.000000+00:00 a/b_c {one}\n" for one in (A, B, C)),
    "byte order mark": f'\ufeff{{"Records":[{A},{B},{C}]}}',
}
ESCAPED = {
    "CloudWatch Logs": f'{{"messageType":"DATA_MESSAGE","logEvents":[{message(A)},{message(B)},{message(C)}]}}',
    "found in CloudWatch Logs": f'{{"events":[{message(A, logStreamName="s")},{message(B)},{message(C)}],"x":[]}}',
    "both": f'{{"logEvents":[{message(event(A))},{message(event(B))},{message(event(C))}]}}',
    "mixed": f"{message(A)}\n{B}\n{message(C)}",
}


def wanted(name: str) -> list[str]:
    if name == "pretty":
        return [json.dumps(json.loads(one), indent=2) for one in (A, B, C)]
    return [entry(A), entry(B), entry(C)] if name == "events" else [A, B, C]


ENCODED: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "two gzip streams": lambda text: gzip.compress(text.encode()[:50]) + gzip.compress(text.encode()[50:]) + b"\0\0",
    "utf-16": lambda text: text.removeprefix("\ufeff").encode("utf-16"),
    "utf-16-be": lambda text: text.removeprefix("\ufeff").encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("name", [*PLAIN, *ESCAPED])
def test_every_wrapping_gives_the_records_with_places(name: str, encoding: str) -> None:
    text = {**PLAIN, **ESCAPED}[name]
    data = ENCODED[encoding](text)
    found, reader = read(data)
    assert [decoded(one.text) for one in found] == wanted(name)
    assert not reader.reasons
    assert reader.plain is (name in PLAIN)
    assert reader.count == 3
    inflated = gzip.decompress(data) if "gzip" in encoding else data
    assert (reader.inflated, reader.sha256) == (len(inflated), sha256(inflated).digest())
    whole = text.removeprefix("\ufeff").encode()
    for number, one in enumerate(found):
        if one.length:
            assert whole[one.start : one.start + one.length] == one.text
        else:
            assert one.start == number


@settings(max_examples=examples(60), deadline=None)
@given(
    st.sampled_from([*PLAIN, *ESCAPED]),
    st.lists(st.sampled_from(["", "gap", "many"]), min_size=1, max_size=3),
    st.integers(1, 400),
    st.integers(1, 3000),
)
def test_a_text_gives_the_same_however_it_is_cut(name: str, parts: list[str], size: int, at_once: int) -> None:
    text = {**PLAIN, **ESCAPED}[name].removeprefix("\ufeff")
    data = "\n".join(
        text + ("\n \n" if part else "") for part in parts for _ in range(20 if part == "many" else 1)
    ).encode()
    portions = (data[at : at + size] for at in range(0, len(data), size))
    found = list(placed_records(portions, at_once))
    assert [decoded(one.text) for one in found if isinstance(one, FoundRecord)] == wanted(name) * (
        sum(20 if part == "many" else 1 for part in parts)
    )
    for one in found:
        if isinstance(one, FoundRecord) and one.length:
            assert data[one.start : one.start + one.length] == one.text


@pytest.mark.parametrize(
    ("data", "reasons", "count"),
    [
        (b"", {}, 0),
        (b"nothing", {NOT_JSON.reason: 1}, 0),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), {NOT_JSON.reason: 1}, 0),
        (b"7", {OTHER_JSON.reason: 1}, 0),
        (b'{"a":1}\n{"b":[]}', {OTHER_JSON.reason: 2}, 0),
        (f'{{"Records":[{A},{{"a":1}},5,null,{B}]}}'.encode(), {OTHER_JSON.reason: 3}, 2),
        (b'{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-11-01T00:00:00Z",'
         b'"eventName":"ObjectCreated:Put","s3":{}}]}', {OTHER_JSON.reason: 1}, 0),
        (b'{"digestStartTime":"","digestS3Object":"","digestPublicKeyFingerprint":"","logFiles":[]}',
         {DIGEST.reason: 1}, 0),
        (message("START RequestId").encode(), {LOG_MESSAGE.reason: 1}, 0),
        (event("{}", "Scheduled Event").encode(), {OTHER_EVENT.reason: 1}, 0),
        (f'{{"Records":[{A},{B},{{"eventName":"cut'.encode(), {NOT_JSON.reason: 1}, 2),
        (f"{A}\n{{broken}}\n{B}".encode(), {NOT_JSON.reason: 1}, 2),
        (gzip.compress(f"{A}\n{B}\n".encode() + b" " * 100_000)[:-20], {"a gzip file that ends too early": 1}, 2),
        (gzip.compress(A.encode()) + b"junk", {"bytes behind the end of a gzip file": 1}, 1),
        (b"\x1f\x8bnonsense", {"a gzip file that is damaged or incomplete": 1}, 0),
        (b"PK\x03\x04", {ZIP_BY_ANOTHER_NAME: 1}, 0),
        (b"PAR1", {"a Parquet file, which is not read: unpack it first": 1}, 0),
        (b"\xff\xfe\x00", {"text that is not UTF-16-LE, as its first bytes say": 1}, 0),
    ],
)  # fmt: skip
def test_what_is_not_read_is_counted_and_the_rest_is_read(data: bytes, reasons: dict[str, int], count: int) -> None:
    found, reader = read(data)
    assert (dict(reader.reasons), len(found)) == (reasons, count)


def test_damaged_bytes_have_no_hash() -> None:
    assert read(gzip.compress(A.encode())[:-4])[1].sha256 == b""
    assert read(f'{{"Records":[{A},{{"eventName":"cut'.encode())[1].sha256, "its bytes are whole"


def test_bytes_that_are_no_text_stay_in_their_record() -> None:
    data = b'{"Records":[' + A.encode().replace(b'"A"', b'"\xff"') + b"," + B.encode() + b"]}"
    found, reader = read(data)
    assert (len(found), reader.plain, dict(reader.reasons)) == (2, True, {})
    assert found[0].text == A.encode().replace(b'"A"', b'"\xff"')
    assert event_of(decoded(found[0].text)).name == "\ufffd"


def packed(compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("../a.json", f'{{"Records":[{A}]}}')
        archive.writestr("logs/b.json.gz", gzip.compress(f"{B}\n{C}".encode()))
        archive.writestr("logs/", "")
        archive.writestr("readme.txt", "no")
        archive.writestr("CloudTrail-Digest/x.json", "{}")
        archive.writestr("in.json", b"PK\x03\x04")
    return file.getvalue()


def test_members_of_an_archive_are_log_files_in_place() -> None:
    data = packed()
    names, reasons = members_of(io.BufferedReader(io.BytesIO(data)))
    assert names == ("../a.json", "logs/b.json.gz", "in.json")
    assert reasons == {"not a log file, by its name": 1, "a digest file": 1}
    assert texts(data, "../a.json") == [A]
    found, reader = read(data, "logs/b.json.gz")
    assert [decoded(one.text) for one in found] == [B, C]
    assert reader.sha256 == sha256(f"{B}\n{C}".encode()).digest()
    assert dict(read(data, "in.json")[1].reasons) == {"an archive in an archive, which is not read: unpack it first": 1}
    assert dict(read(data, "gone.json")[1].reasons) == {NO_MEMBER: 1}
    assert dict(read(data[:-10], "../a.json")[1].reasons) == {"a zip archive that is damaged or incomplete": 1}


def test_an_archive_is_one_by_its_content() -> None:
    assert members_of(io.BufferedReader(io.BytesIO(A.encode()))) == (("",), {})
    broken = io.BufferedReader(io.BytesIO(packed()[:-10]))
    assert members_of(broken) == ((), {"a zip archive that is damaged or incomplete": 1})


@pytest.mark.parametrize("mode", ["w:", "w:gz"])
def test_a_tar_archive_is_refused_in_words(mode: str) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("a.json")
        member.size = len(A)
        archive.addfile(member, io.BytesIO(A.encode()))
    assert dict(read(file.getvalue())[1].reasons) == {"a tar archive, which is not read: unpack it first": 1}


def test_sizes_are_limited() -> None:
    lines = f"{A}\n{B}\n{C}\n".encode()
    found, reader = read(gzip.compress(lines * 20_000), most=1 << 20)
    assert len(found) > 5_000
    assert dict(reader.reasons) == {"a file larger than 1 MiB uncompressed": 1, NOT_JSON.reason: 1}
    assert reader.sha256 == b""
    large = json.dumps({"eventID": "x", "eventTime": "2026-11-01T00:00:00Z", "q": '"}],{[' * 5000})
    for text in (f'{{"x":1,"Records":[{A},{large},{B}]}}', f"{A}\n{large}\n{B}", f"[{A},{large},{B}]"):
        for size in (100, 1000, 1 << 20):
            data = text.encode()
            portions = (data[at : at + size] for at in range(0, len(data), size))
            placed = list(placed_records(portions, 500, 5000))
            assert [decoded(one.text) for one in placed if isinstance(one, FoundRecord)] == [A, B]
            assert [one for one in placed if isinstance(one, Unread)] == [TOO_LARGE]


@pytest.mark.story
def test_real_records_come_out_of_every_wrapping() -> None:
    records = [json.dumps(record, ensure_ascii=False) for record in real_records()[::11]]
    joined, messages = ",".join(records), ",".join(map(message, records))
    for text, plain in (
        (f'{{"Records":[{joined}]}}', True),
        (f'{{"Records":[{joined}],"x":1}}', True),
        ("\n".join(records), True),
        ("".join(records), True),
        ("\n".join(map(event, records)), True),
        (f'{{"messageType":"M","logEvents":[{messages}]}}', False),
        (f'{{"events":[{",".join(message(event(one)) for one in records)}]}}', False),
    ):
        for data in (text.encode(), gzip.compress(text.encode()), text.encode("utf-16")):
            found, reader = read(data, at_once=100_000)
            assert [decoded(one.text) for one in found] == records
            assert (dict(reader.reasons), reader.plain) == ({}, plain)
            whole = text.encode()
            assert all(whole[start : start + length] == one for one, start, length in found if length)
    entries = [decoded(one.text) for one in read(f'{{"Events":[{",".join(map(entry, records))}]}}'.encode())[0]]
    assert [event_of(one).record for one in entries] == records


@pytest.mark.story
def test_real_files_give_their_records() -> None:
    records = iter(real_records())
    for path in sorted(DATA.glob("*.json.gz")):
        with path.open("rb") as file:
            reader = LogFileReader(file)
            for found in reader.records():
                assert json.loads(found.text) == next(records)
            assert (dict(reader.reasons), reader.plain) == ({}, True)
    assert next(records, None) is None
    answers = looked_up()
    lines = [line for file in sorted((DATA / "lookup").glob("*json*")) for line in file.read_text("utf-8").splitlines()]
    assert [event_of(text) for text in texts("\n".join(lines).encode())] == answers


@pytest.mark.skipif(not (DATA.parent / "cases").exists(), reason="the shared cases are not here")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("cloudwatch-logs", 1),
        ("filter-log-events", 1),
        ("eventbridge", 1),
        ("powershell-utf16", 1),
        ("identity-center-failure", 2),
    ],
)
def test_wrappings_that_people_have_are_read(name: str, count: int) -> None:
    found, reader = read((DATA.parent / "cases" / f"{name}.json").read_bytes())
    assert (len(found), dict(reader.reasons)) == (count, {})
    assert all(event_of(decoded(one.text)).timed for one in found)

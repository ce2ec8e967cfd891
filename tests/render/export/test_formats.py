"""Events as files: what each format says of an event, read back by the readers that other people use."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.real_records import event_of, looked_up, real_records

from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.load import load
from ctui.model.event.event import Event, Oddity, Resource
from ctui.render.export.formats import CSV_COLUMNS, FORMATS, Format

NOON = datetime(2026, 11, 21, 12, 30, 5, tzinfo=UTC)
COLUMNS = ("event", "user", "ip", "source", "resource", "region", "error")
HOSTILE = "a\x1b]0;x\x07\nrm -rf ~\u202e\u2028b"


def written(form: Format, *portions: Sequence[Event], region: str = "") -> bytes:
    return form.head() + b"".join(form.rows(events, region) for events in portions) + form.tail()


def exported(name: str, *events: Event, columns: Sequence[str] = COLUMNS, region: str = "") -> bytes:
    """A file of these events, each written by itself."""
    return written(FORMATS[name].make(columns), *[(event,) for event in events], region=region)


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def json_values(name: str, data: bytes) -> list[object]:
    """The records of a file in one of the three forms of JSON."""
    if name == "ndjson":
        return [json.loads(line) for line in data.split(b"\n")[:-1]]
    if name == "log":
        return list(json.loads(gzip.decompress(data))["Records"])
    return list(json.loads(data))


JSON_FORMATS = ("ndjson", "json", "log")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("at_once", [1, 3, 10])
def test_portions_make_the_same_file(name: str, at_once: int) -> None:
    events = [event_of({"eventID": str(number)}, event_id=str(number)) for number in range(10)]
    make = FORMATS[name].make
    portions = [events[start : start + at_once] for start in range(0, 10, at_once)]
    whole, parts = written(make(COLUMNS), events), written(make(COLUMNS), *portions)
    assert parts == whole
    assert len(whole.splitlines()) >= 10 or name == "log"


@pytest.mark.parametrize(
    ("name", "empty"), [("ndjson", b""), ("json", b"[\n]\n"), ("csv", b"time,event\r\n"), ("ids", b"")]
)
def test_a_file_of_no_events_is_whole(name: str, empty: bytes) -> None:
    assert exported(name, columns=["event"]) == empty


def test_a_log_file_of_no_events_is_whole() -> None:
    assert json.loads(gzip.decompress(exported("log"))) == {"Records": []}


@pytest.mark.parametrize(
    "record",
    [
        '{"n":12345678901234567890.1000, "n" : 1e400,"t":"\\u00e9é\\/"}',
        '{"spaced" :  [ 1, 2 ]}',
        '{"half":"\\ud800"}',
    ],
)
@pytest.mark.parametrize("name", JSON_FORMATS)
def test_a_record_in_one_line_keeps_its_own_text(name: str, record: str) -> None:
    data = exported(name, event_of(record))
    assert (
        record.encode() in (gzip.decompress(data) if name == "log" else data).split(b"\n")[1 if name != "ndjson" else 0]
    )


ODD_RECORDS = [
    pytest.param('{\r\n "a": [1,\n 2],\n "b": "\\n"\n}\n', {"a": [1, 2], "b": "\n"}, id="several lines"),
    pytest.param('{"half":"\ud800"}', {"half": "\ud800"}, id="half a surrogate pair"),
    pytest.param('{"nul":"\\u0000"}', {"nul": "\0"}, id="NUL in a value"),
    pytest.param(
        '{"next\u2028line\x85":"\u202e"}', {"next\u2028line\x85": "\u202e"}, id="what looks like a line break"
    ),
]
NO_OBJECTS = [
    "",
    "no JSON",
    "[1]",
    '"text"',
    "{",
    '{"a":"line\nbreak"}',
    '{"nul":"\0"}',
    "\ud800",
    "{}x",
    "[" * 100_000,
]


@pytest.mark.parametrize(("record", "value"), ODD_RECORDS)
@pytest.mark.parametrize("name", JSON_FORMATS)
def test_each_event_is_one_value_in_one_line(name: str, record: str, value: object) -> None:
    assert json_values(name, exported(name, event_of(record), event_of("{}"))) == [value, {}]


@pytest.mark.parametrize("record", NO_OBJECTS)
@pytest.mark.parametrize("name", JSON_FORMATS)
def test_an_event_whose_record_is_no_object_has_its_lookup_form(name: str, record: str) -> None:
    first, second = json_values(name, exported(name, event_of(record, event_id="e1"), event_of("{}")))
    assert isinstance(first, dict)
    assert (first["EventId"], first["CloudTrailEvent"], second) == ("e1", record, {})


@given(st.lists(st.text() | st.text().map(lambda text: json.dumps({text: text}, ensure_ascii=False)), max_size=5))
def test_every_record_is_one_line(records: list[str]) -> None:
    events = [event_of(record, event_id="e") for record in records]
    assert len(json_values("ndjson", exported("ndjson", *events))) == len(records)
    assert len(table(exported("csv", *events))) == len(records) + 1


def test_csv_says_in_full_what_the_list_shortens() -> None:
    record = {
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::1:assumed-role/Admin/dave",
            "sessionContext": {"sessionIssuer": {"userName": "Admin"}},
        },
        "sourceIPAddress": "autoscaling.amazonaws.com",
        "errorCode": "Client.UnauthorizedOperationException",
        "requestParameters": {"names": ["x", {"deep": True}, 3], "none": None},
    }
    one = event_of(
        record, event_id="e1", time=NOON, name="StopLogging", source="cloudtrail.amazonaws.com",
        resources=(Resource("T", "arn:aws:s3:::one"), Resource(None, "two"), Resource("U", None)),
    )  # fmt: skip
    columns = (*COLUMNS, "role", "id", "requestParameters.names", "requestParameters.none")
    assert table(exported("csv", one, columns=columns, region="eu-west-1")) == [
        ["time", *columns],
        [
            "2026-11-21T12:30:05Z", "StopLogging", "dave", "autoscaling.amazonaws.com", "cloudtrail.amazonaws.com",
            "arn:aws:s3:::one; two", "eu-west-1", "Client.UnauthorizedOperationException", "Admin", "e1",
            "x; true; 3", "",
        ],
    ]  # fmt: skip


def test_csv_gives_no_time_to_an_event_without_one() -> None:
    one = replace(event_of("{}", time=NOON), oddity=Oddity(("EventTime",), lost=True, timed=False))
    assert table(exported("csv", one, columns=["event"])) == [["time", "event"], ["", ""]]


@pytest.mark.parametrize(
    "begin",
    [
        "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫",
        " =", "  +", "\u00a0=", "\u3000-", "\v@", "\f=", "\x85=", "\u2028=", "\u200b=", "\ufeff=", "\u2060 =",
    ],
)  # fmt: skip
def test_no_cell_of_csv_begins_a_formula(begin: str) -> None:
    text = f'{begin}HYPERLINK("http://x","y")'
    one = event_of({"userAgent": text, begin: begin}, name=text, username=text, event_id=text)
    [titles, cells] = table(exported("csv", one, columns=["event", "user", "agent", "id", begin]))
    assert titles[-1] == f"'{begin}"
    assert cells[1:] == [f"'{text}"] * 4 + [f"'{begin}"]


@pytest.mark.parametrize(
    ("recorded", "cell"),
    [
        ("x;=1+1;", "x;'=1+1;"),
        ("x; -1; +2", "x;' -1;' +2"),
        (";@SUM(A1)", ";'@SUM(A1)"),
        ("x\t=1", "x\t'=1"),
        ("x\n=1\r\n+1", "x\n'=1\r\n'+1"),
        ("=1;=2", "'=1;'=2"),
        ("\t=1", "'\t'=1"),
        (" \t =1", "' \t' =1"),
    ],
)
def test_no_cell_begins_a_formula_where_others_than_commas_separate_cells(recorded: str, cell: str) -> None:
    assert table(exported("csv", event_of("{}", name=recorded), columns=["event"]))[1][1] == cell


@pytest.mark.parametrize("many", [" ", ";", "\n", "; ", "\t ", " \r\n"])
def test_a_cell_of_many_blanks_takes_no_longer_than_another(many: str) -> None:
    # Looked at again from each of them, a million would take hours.
    assert (
        exported("csv", event_of("{}", name=many * 500_000 + "x"), columns=["event"]).count(many[:1].encode())
        >= 500_000
    )


def test_the_values_of_a_cell_begin_no_formula() -> None:
    one = event_of({"requestParameters": {"names": ["x", "=1", "a=1"]}})
    assert table(exported("csv", one, columns=["requestParameters.names"]))[1][1] == "x;' =1; a=1"


@pytest.mark.parametrize(
    ("recorded", "cell"),
    [
        ('say "hi", twice', 'say "hi", twice'),
        ("two\r\nlines", "two\r\nlines"),
        (HOSTILE, HOSTILE),
        ("a\0b", "a␀b"),
        ("\0=1+1", "␀=1+1"),
        ("a\ud800b", "a⟨U+D800⟩b"),
        ("a=1", "a=1"),
    ],
)
def test_csv_has_other_texts_as_they_were_recorded(recorded: str, cell: str) -> None:
    data = exported("csv", event_of("{}", name=recorded), event_of("{}", name="next"), columns=["event", "region"])
    assert [row[1:] for row in table(data)[1:]] == [[cell, ""], ["next", ""]]


def test_ids_are_lines() -> None:
    ids = ["3038ebd2-c98a-4c65-9b6e-e22506292313", "two\nlines\x1b", "\ud800"]
    data = exported("ids", *[event_of("{}", event_id=each) for each in ids])
    assert data.decode().split("\n") == [ids[0], "two␊lines␛", "⟨U+D800⟩", ""]


def test_a_log_file_loads_again(tmp_path: Path) -> None:
    record = {"eventTime": "2026-11-01T12:00:00Z", "awsRegion": "eu-west-1", "eventName": "N", "odd": "é\u2028\\"}
    texts = [json.dumps({"eventID": f"e{number}", **record}, ensure_ascii=number % 2 == 0) for number in range(300)]
    path = tmp_path / "answer.json.gz"
    path.write_bytes(exported("log", *map(event_of, texts)))
    history = EventHistory(tmp_path / "state.db")
    try:
        report = load([path], "1", history)
        query = Query("1", "eu-west-1", 0, 2**53, 2.0**53, history.top())
        events, _ = history.page(query, None, 5000)
    finally:
        history.close()
    assert (report.loaded, report.reasons) == (300, {})
    assert sorted(event.record for event in events) == sorted(texts)


def test_real_records_leave_and_come_back() -> None:
    events = [*looked_up(), *[event_of(record) for record in real_records()[:1000]]]
    for name in JSON_FORMATS:
        assert json_values(name, exported(name, *events)) == [json.loads(event.record) for event in events]
    rows = table(exported("csv", *events, columns=CSV_COLUMNS))
    assert len(rows) == len(events) + 1
    assert {len(row) for row in rows} == {len(CSV_COLUMNS) + 1}

"""`--load`: real files of any shape, every record loaded untouched or counted with its reason."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.load import ANOTHER_RECORD, KNOWN, load
from ctui.emulator.records.log_file import NO_FILE, log_files
from ctui.emulator.records.recorded import Origin
from ctui.errors import SettingsError
from ctui.unpacking.names import DIGEST_FILE, OTHER
from ctui.unpacking.unread import NOT_JSON

SHARED = Path(__file__).parents[3].parent / "shared"
DATA = SHARED / "data"
ACCOUNT = "222222222222"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[EventHistory]:
    opened = EventHistory(tmp_path / "state.db")
    yield opened
    opened.close()


def record(event_id: str, **more: Any) -> str:
    return json.dumps(
        {"eventID": event_id, "eventTime": "2026-11-01T12:00:00Z", "awsRegion": "eu-west-1", "eventName": "N", **more}
    )


def texts(history: EventHistory, region: str = "eu-west-1") -> list[str]:
    query = Query(ACCOUNT, region, 0, 2**53, 2.0**53, history.top())
    return sorted(event.record for event in history.page(query, None, 5000)[0])


@pytest.mark.skipif(not DATA.exists(), reason="the shared records are not here")
def test_every_shared_record_loads_or_is_counted(history: EventHistory) -> None:
    report = load([DATA], ACCOUNT, history)
    counts = {file.path.name.split(".")[0]: (file.loaded, file.reasons.total()) for file in report.files if file.loaded}
    assert counts == {
        "boogy": (1685, 0),
        "c7n": (21, 3),
        "console_demo": (1000, 0),
        "fivexl": (7, 2),
        "fullstop": (13, 23),
        "grycap": (142, 0),
        "opensearch": (841, 50),
        "otrf": (94, 9),
        "splunk_sc": (46, 2),
        "stratus": (310, 0),
        "streamalert": (7, 55),
        "trailscraper": (3, 4),
        "umccr": (198, 8),
        "awscli": (1, 0),
        "eks_immersion": (2, 0),
        "plaso_aws_cloudtrail": (6, 0),
    }
    reasons = report.reasons
    del reasons[OTHER]
    assert dict(reasons) == {
        ANOTHER_RECORD: 101,
        KNOWN: 13,
        "an eventTime that cannot be read": 16,
        "a data event, which LookupEvents does not return": 17,
        "no awsRegion": 4,
        "an awsRegion that is not a Region": 4,
        "no eventTime": 1,
    }
    again = load([DATA], ACCOUNT, history)
    assert (again.loaded, again.reasons[KNOWN]) == (0, 4376 + 13)


@pytest.mark.skipif(not DATA.exists(), reason="the shared records are not here")
def test_shared_records_are_stored_character_for_character(history: EventHistory) -> None:
    load([DATA / "grycap.json.gz"], ACCOUNT, history)
    whole = gzip.decompress((DATA / "grycap.json.gz").read_bytes()).decode()
    found = texts(history, "us-east-1")
    assert len(found) == 142
    assert all(text in whole for text in found)


def test_a_record_is_kept_as_it_was_written(history: EventHistory, tmp_path: Path) -> None:
    odd = '{ "eventTime":"2026-11-01T12:00:00Z" ,\t"awsRegion":"eu-west-1", "n": 1.500, "t":"\\u00e9é\\/", "n": 2}'
    (tmp_path / "log.json").write_text(f'{{"Records":[{odd}]}}', "utf-8")
    assert load([tmp_path / "log.json"], ACCOUNT, history).loaded == 1
    assert texts(history) == [odd]


def test_events_lie_in_the_region_of_their_record_as_loaded(history: EventHistory, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("\n".join([record("1"), record("2", awsRegion="apiso-east-3r")]))
    load([tmp_path], ACCOUNT, history)
    query = Query(ACCOUNT, "apiso-east-3r", 0, 2**53, 2.0**53, history.top(), stretches=())
    [event] = history.page(query, None, 50)[0]
    assert (event.event_id, event.origin, event.account) == ("2", Origin.LOADED, ACCOUNT)


def test_folders_are_searched_and_digests_and_other_files_left_out(history: EventHistory, tmp_path: Path) -> None:
    logs = tmp_path / "AWSLogs" / ACCOUNT / "CloudTrail" / "eu-west-1"
    digests = tmp_path / "AWSLogs" / ACCOUNT / "CloudTrail-Digest" / "eu-west-1"
    logs.mkdir(parents=True)
    digests.mkdir(parents=True)
    (logs / "one.json.gz").write_bytes(gzip.compress(f'{{"Records":[{record("1")}]}}'.encode()))
    (logs / "plain.json").write_text(record("2"), "utf-8-sig")
    (logs / "notes.txt").write_text("hello")
    (logs / "gone.json").symlink_to(tmp_path / "nowhere")
    (digests / "d.json.gz").write_bytes(gzip.compress(b"{}"))
    loose = {"digestStartTime": "", "digestS3Object": "", "digestPublicKeyFingerprint": ""}
    (tmp_path / "stray.json").write_text(json.dumps(loose))
    report = load([tmp_path / "AWSLogs", tmp_path / "stray.json"], ACCOUNT, history)
    assert report.loaded == 2
    assert dict(report.reasons) == {DIGEST_FILE: 2, OTHER: 1, NO_FILE: 1}
    assert report.lines() == [
        "loaded 2 events from 2 files",
        "  skipped: 2 × a digest file",
        "  skipped: 1 × not a log file, by its name",
        "  skipped: 1 × a broken link, a pipe or a device",
    ]


@pytest.mark.parametrize(
    ("content", "loaded", "reason"),
    [
        (b"", 0, None),
        (b"\xff\xfe\x00", 0, "text that is not UTF-16-LE, as its first bytes say"),
        (b"not json", 0, NOT_JSON.reason),
        (b"7", 0, "not an event record: not a JSON object"),
        (record("1").encode() + b"\n{broken", 1, NOT_JSON.reason),
        (
            gzip.compress(record("1").encode() + b"\n" + b" " * 100_000)[:-20],
            1,
            "a gzip file that ends too early",
        ),
        (b"\x1f\x8bnonsense", 0, "a gzip file that is damaged or incomplete"),
        (b'{"CloudTrailEvent":"nope"}', 0, "a CloudTrailEvent that is not a JSON object"),
    ],
)
def test_damaged_files_are_counted_and_what_can_be_read_is_loaded(
    content: bytes, loaded: int, reason: str | None, history: EventHistory, tmp_path: Path
) -> None:
    (tmp_path / "log").write_bytes(content)
    report = load([tmp_path / "log"], ACCOUNT, history)
    assert (report.loaded, dict(report.reasons)) == (loaded, {reason: 1} if reason else {})


def test_a_path_that_does_not_exist_is_said_before_anything_is_read(history: EventHistory, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(record("1"))
    with pytest.raises(SettingsError, match="does not exist"):
        load([tmp_path / "log.json", tmp_path / "nowhere"], ACCOUNT, history)
    assert history.top() == 0


def test_no_file_name_makes_a_line_of_a_report(history: EventHistory, tmp_path: Path) -> None:
    (tmp_path / "a\nb.json").write_text("nonsense")
    lines = load([tmp_path], ACCOUNT, history).lines()
    assert lines[0] == "loaded 0 events from 0 files"
    assert any("a␊b.json: 1 × text that is not JSON" in line for line in lines)
    assert not any("\n" in line for line in lines)


def test_no_members_name_fills_a_report(history: EventHistory, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("\x1b[2J" + "y" * 60_000 + ".json", "nonsense")
    (_, line) = load([tmp_path / "a.zip"], ACCOUNT, history).lines()
    assert line == f"  {tmp_path}/a.zip: �[2J{'y' * 196}…: 1 × text that is not JSON"


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text("{}")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [path.name for path, _ in log_files(tmp_path)] == ["log.json"]


def test_records_come_out_of_archives_encodings_and_wrappers(history: EventHistory, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    log = f'{{"Records":[{record("1")},{record("2")}]}}'
    with zipfile.ZipFile(logs / "logs.zip", "w") as archive:
        archive.writestr("../a.json", log)
        archive.writestr("b.json.gz", gzip.compress(record("3").encode()))
        archive.writestr("c.json", "nonsense")
        archive.writestr("in.gz", (b"PK\x03\x04"))
    with tarfile.open(logs / "logs.tar.gz", "w:gz") as packed:
        member = tarfile.TarInfo("d.json")
        member.size = len(record("4"))
        packed.addfile(member, io.BytesIO(record("4").encode()))
    (logs / "powershell.json").write_text(record("5"), "utf-16")
    wrapped = json.dumps({"logEvents": [{"id": "x", "message": record("6")}, {"id": "y", "message": "START"}]})
    (logs / "subscription.json").write_text(wrapped)
    (logs / "found.json").write_text(json.dumps({"events": [{"message": record("7")}], "searchedLogStreams": []}))
    rule = f'{{"detail-type":"AWS API Call via CloudTrail","detail":{record("8")}}}'
    (logs / "eventbridge.json").write_text(f'{rule}\n{{"detail-type":"Scheduled Event","detail":{{}}}}')
    report = load([logs], ACCOUNT, history)
    assert texts(history) == sorted(record(str(number)) for number in range(1, 9))
    assert report.lines() == [
        "loaded 8 events from 7 files",
        f"  {logs}/eventbridge.json: 1 × an EventBridge event that is not from CloudTrail",
        f"  {logs}/logs.zip: c.json: 1 × text that is not JSON",
        f"  {logs}/logs.zip: in.gz: 1 × an archive in an archive, which is not read: unpack it first",
        f"  {logs}/subscription.json: 1 × a log message that is not JSON",
    ]


@pytest.mark.skipif(not (SHARED / "cases").exists(), reason="the shared cases are not here")
@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("cloudwatch-logs", 1),
        ("filter-log-events", 1),
        ("eventbridge", 1),
        ("powershell-utf16", 1),
        ("identity-center-failure", 2),
    ],
)
def test_wrappings_that_people_have_are_read(name: str, events: int, history: EventHistory) -> None:
    report = load([SHARED / "cases" / f"{name}.json"], ACCOUNT, history)
    assert (report.loaded, dict(report.reasons)) == (events, {})


def test_files_share_a_batch_and_each_is_told_what_became_of_it(history: EventHistory, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for name, ids in (("a", "123"), ("b", "345"), ("c", "5")):
        (logs / f"{name}.json").write_text("\n".join(record(each) for each in ids))
    (logs / "d.json").write_text(record("1", eventName="Another"))
    report = load([logs], ACCOUNT, history)
    told = [(file.path.stem, file.loaded, dict(file.reasons)) for file in report.files]
    assert told == [("a", 3, {}), ("b", 2, {KNOWN: 1}), ("c", 0, {KNOWN: 1}), ("d", 0, {ANOTHER_RECORD: 1})]
    assert texts(history) == [record(each) for each in "12345"]

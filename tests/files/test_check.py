"""What of a tree is read, and each reason why something is not."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from ctui.errors import FilesError
from ctui.files.check import NO_RECORDS, CheckProgress, check
from ctui.model.log_files.found_file import NotRead
from ctui.unpacking.names import OTHER
from ctui.unpacking.unread import LOG_MESSAGE, NOT_JSON, OTHER_JSON


def records(*ids: str, **members: object) -> str:
    return json.dumps(
        {
            "Records": [
                {"eventID": one, "eventTime": "2026-11-01T00:00:00Z", "eventName": "A", "awsRegion": "eu-west-1"}
                | members
                for one in ids
            ]
        }
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(records("1", "2").encode()))
    (tmp_path / "in/b.json").write_text(records("3", eventCategory="Data"))
    (tmp_path / "in/broken.json").write_text(records("4", "5")[:-30])
    (tmp_path / "in/empty.json").write_text("")
    (tmp_path / "in/none.json").write_text('{"Records":[]}')
    (tmp_path / "in/other.json").write_text('{"a":1}\n{"b":2}\n{"c":3}')
    (tmp_path / "in/log.json").write_text(json.dumps({"logEvents": [{"message": "START"}, {"message": "END"}]}))
    (tmp_path / "readme.txt").write_text("no")
    (tmp_path / "CloudTrail-Digest").mkdir()
    (tmp_path / "CloudTrail-Digest/d.json.gz").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("x/c.json", records("6", "7"))
        archive.writestr("x/bad.json", "no")
        archive.writestr("x/readme", "no")
    return tmp_path


def test_a_tree_is_read_once_and_reported(tree: Path) -> None:
    told: list[CheckProgress] = []
    report = check(str(tree), told.append)
    assert (report.path, report.files, report.records, report.data_events) == (str(tree), 4, 6, 1)
    assert (report.digests, report.all_read) == (1, False)
    assert set(report.unread) == {
        NotRead(OTHER_JSON.reason, 3, ("in/other.json",)),
        NotRead(NOT_JSON.reason, 2, ("in/broken.json", "z.zip: x/bad.json")),
        NotRead(LOG_MESSAGE.reason, 2, ("in/log.json",)),
        NotRead(NO_RECORDS, 2, ("in/empty.json", "in/none.json")),
        NotRead(OTHER, 2, ("readme.txt", "z.zip")),
    }
    assert report.unread[0].reason == OTHER_JSON.reason, "the most frequent one first"
    assert told[-1] == CheckProgress(9, 8, 6)
    assert report.size == sum(path.stat().st_size for path in tree.rglob("*") if path.is_file()) - 2
    assert report.inflated > 500


def test_a_tree_may_be_one_file_or_archive(tree: Path) -> None:
    report = check(str(tree / "a.json.gz"))
    assert (report.files, report.records, report.all_read) == (1, 2, True)
    report = check(str(tree / "z.zip"))
    assert (report.files, report.records) == (1, 2)
    assert NotRead(NOT_JSON.reason, 1, ("z.zip: x/bad.json",)) in report.unread


def test_a_check_can_be_stopped(tree: Path) -> None:
    assert check(str(tree), stopped=lambda: True).records == 0


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FilesError, match="No such file"):
        check(str(tmp_path / "nothing"))

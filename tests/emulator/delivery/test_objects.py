"""Files of deliveries: nothing leaves its bucket, and nothing is ever there by half."""

import gzip
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.emulator.delivery.objects import (
    DeliveryFailure,
    Objects,
    append_at,
    inode_of,
    log_file_key,
    safe_part,
    size_of,
)

ATTACKS = [
    "..",
    "../../../etc",
    "/absolute/path",
    "a/../../b",
    "//",
    ".",
    "",
    "x\x00y",
    "~/home",
    "C:\\windows\\..\\x",
    "%2e%2e/%2F",
    "\u202e\x1b[31m\n",
    "\ud800",
    "p" * 5000,
    "é" * 200,
    "a/" * 100,
]


def test_namesakes_have_files_of_their_own(tmp_path: Path) -> None:
    topics = [f"arn:aws:sns:{region}:{account}:told" for region in ("us-east-1", "eu-west-1") for account in ("1", "2")]
    groups = [f"arn:aws:logs:us-east-1:{account}:log-group:told:*" for account in ("1", "2")]
    alone = "arn:aws:sns:us-east-1:1:alone"
    objects = Objects(tmp_path)
    objects.add([*topics, *groups, alone])
    files = {*map(objects.topic_file, topics), *map(objects.group_file, groups)}
    assert len(files) == 6
    assert objects.topic_file(alone) == tmp_path / "sns" / "alone"


def test_only_their_owner_may_read_what_is_written(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    objects.make_bucket("logs")
    objects.put("logs", log_file_key("111111111111", "us-east-1", "p", 0.0, "unique"), "{}")
    append_at(objects.topic_file("arn:aws:sns:us-east-1:111111111111:told"), 0, ["{}"], "InternalError")
    written = list(tmp_path.rglob("*"))
    assert any(path.suffix == ".gz" for path in written)
    assert [path for path in written if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["prefix", "bucket", "region"])
def test_no_name_leads_out_of_its_bucket(attack: str, where: str, tmp_path: Path) -> None:
    given = {"prefix": "p", "bucket": "b", "region": "us-east-1", where: attack}
    objects = Objects(tmp_path / "data")
    objects.make_bucket(given["bucket"])
    key = log_file_key("111111111111", given["region"], given["prefix"], 0.0, "unique")
    objects.put(given["bucket"], key, '{"a":1}')
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [path for path in (tmp_path / "data" / "s3").rglob("*") if path.is_file()]
    [file] = files
    bucket = tmp_path / "data" / "s3" / safe_part(given["bucket"])
    assert file.resolve().is_relative_to(bucket.resolve())
    assert json.loads(gzip.decompress(file.read_bytes())) == {"a": 1}
    assert objects.has(given["bucket"], key)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_topic_or_group_leads_out_of_its_folder(attack: str, tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    topic = objects.topic_file(f"arn:aws:sns:us-east-1:1:{attack}")
    group = objects.group_file(f"arn:aws:logs:us-east-1:1:log-group:{attack}:*")
    for path, folder in ((topic, "sns"), (group, "logs")):
        append_at(path, 0, ["line"], "Failed")
        assert path.parent == tmp_path / folder
    assert len(list(tmp_path.rglob("*"))) == 4


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_a_part_is_one_harmless_name_and_stands_for_one_text(text: str, other: str) -> None:
    part = safe_part(text)
    assert part.isascii()
    assert part.isprintable()
    assert 0 < len(part) <= 200
    assert "/" not in part
    assert not part.startswith(".")
    assert (safe_part(other) == part) == (other == text)


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    objects.make_bucket("b")
    objects.put("b", ("k",), "1")
    assert [path.name for path in (tmp_path / "s3" / "b").iterdir()] == ["k"]
    (tmp_path / "s3" / "b" / ".other.part").write_text("half")
    assert not objects.has("b", ("other",))
    objects.drop_part("b", ("other",))
    objects.drop_part("gone", ("other",))
    assert [path.name for path in (tmp_path / "s3" / "b").iterdir()] == ["k"]


def test_a_missing_bucket_is_not_made_by_writing(tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailure, match="NoSuchBucket"):
        Objects(tmp_path).put("gone", ("a", "b"), "1")
    assert list(tmp_path.rglob("*")) == []


def test_what_stands_in_the_way_is_an_error_of_the_service(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    objects.make_bucket("b")
    (tmp_path / "s3" / "b" / "AWSLogs").write_text("a file where a folder should be")
    with pytest.raises(DeliveryFailure, match="InternalError"):
        objects.put("b", ("AWSLogs", "x"), "1")
    (tmp_path / "sns").write_text("")
    with pytest.raises(DeliveryFailure, match="Failed"):
        append_at(objects.topic_file("arn:aws:sns:us-east-1:111111111111:topic"), 0, ["line"], "Failed")


def test_appending_twice_is_appending_once(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "group"
    append_at(path, 0, ["one"], "Failed")
    offset = size_of(path)
    with path.open("a") as file:
        file.write("half a li")
    append_at(path, offset, ["two", "three"], "Failed")
    append_at(path, offset, ["two", "three"], "Failed")
    assert path.read_text() == "one\ntwo\nthree\n"
    path.unlink()
    append_at(path, offset, ["anew"], "Failed")
    assert path.read_text() == "anew\n"


def test_of_a_file_that_has_taken_the_place_of_one_nothing_is_dropped(tmp_path: Path) -> None:
    """A batch is taken up again after a kill, and meanwhile somebody has moved the file away and put another there."""
    path = tmp_path / "logs" / "group"
    append_at(path, 0, ["one"], "Failed")
    offset, inode = size_of(path), inode_of(path)
    path.rename(path.with_name("kept"))
    path.write_text("dear to somebody\n")
    append_at(path, offset, [], "Failed", inode)
    append_at(path, offset, ["two"], "Failed", inode)
    assert path.read_text() == "dear to somebody\ntwo\n"
    assert path.with_name("kept").read_text() == "one\n"


KEY = log_file_key("111111111111", "us-east-1", "p", 0.0, "unique")
TOPIC = "arn:aws:sns:us-east-1:111111111111:told"


@pytest.mark.parametrize(
    "link", ["s3", "s3/logs", "s3/logs/p", "s3/logs/p/AWSLogs", f"s3/logs/{'/'.join(KEY[:-1])}/.{KEY[-1]}.part"]
)
@pytest.mark.parametrize("there", [True, False], ids=["to something", "dangling"])
def test_no_link_leads_out_of_a_bucket(
    link: str, there: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outside, data = tmp_path / "outside", tmp_path / "data"
    objects = Objects(data)
    (data / link).parent.mkdir(parents=True, exist_ok=True)
    (data / link).symlink_to(outside)
    if there:
        outside.mkdir()
    with caplog.at_level(logging.WARNING), pytest.raises(DeliveryFailure, match="AccessDenied"):
        objects.put("logs", KEY, "{}")
    assert [record.getMessage() for record in caplog.records] == [
        f"{data / link} is a symbolic link, which is not followed"
    ]
    assert not objects.has("logs", KEY)
    assert not there or list(outside.iterdir()) == []


def test_a_file_behind_a_link_was_not_delivered(tmp_path: Path) -> None:
    there, objects = Objects(tmp_path / "elsewhere"), Objects(tmp_path / "data")
    there.make_bucket("logs")
    there.put("logs", KEY, "{}")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "s3").symlink_to(tmp_path / "elsewhere" / "s3")
    assert there.has("logs", KEY)
    assert not objects.has("logs", KEY)


@pytest.mark.parametrize("link", ["sns", "sns/told"])
def test_no_link_leads_out_of_a_topic(link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine") if link == "sns/told" else outside.mkdir()
    path = Objects(tmp_path / "data").topic_file(TOPIC)
    (tmp_path / "data" / link).parent.mkdir(parents=True)
    (tmp_path / "data" / link).symlink_to(outside)
    with pytest.raises(DeliveryFailure, match="InternalError"):
        append_at(path, 0, ["{}"], "InternalError")
    assert (size_of(path), inode_of(path)) == (0, None)
    assert outside.read_text() == "mine" if link == "sns/told" else list(outside.iterdir()) == []

"""The files of a tree, newest first, and what is left out."""

import os
from pathlib import Path

import pytest

from ctui.errors import FilesError
from ctui.files.walking import BROKEN_LINK, NO_FILE, OUTSIDE, UNREADABLE, absolute, walk
from ctui.model.log_files.found_file import LogKind
from ctui.unpacking.names import DIGEST_FILE, OTHER

FOLDER = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/03"


def put(root: Path, *paths: str, text: str = "x") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def log_file(time: str, day: str = "03") -> str:
    return f"{FOLDER[:-2]}{day}/111122223333_CloudTrail_eu-west-1_202611{day}T{time}Z_Mu0KsOhtH1ar15ZZ.json.gz"


def paths(root: Path) -> list[str]:
    return [os.fsdecode(file.path) for file in walk(bytes(root)).files]


def reasons(root: Path) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {one.reason: (one.count, one.names) for one in walk(str(root)).left_out}


def test_the_newest_delivery_comes_first(tmp_path: Path) -> None:
    names = [log_file("0005"), log_file("2355"), log_file("0010", "04"), f"{FOLDER}/part.json", "other.json"]
    put(tmp_path, *names)
    os.utime(tmp_path / "other.json", (5, 5))
    assert paths(tmp_path) == [names[2], names[1], names[0], names[3], names[4]]
    file = walk(str(tmp_path)).files[0]
    assert (file.size, file.layout.kind, file.archive) == (1, LogKind.EVENTS, False)
    assert absolute(bytes(tmp_path), file.path) == bytes(tmp_path / names[2])


def test_what_is_no_log_file_is_counted_by_the_reason(tmp_path: Path) -> None:
    digest = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/03/a.json.gz"
    put(tmp_path, "a.json", "b.ndjson", "c.gz", "d.zip", "E.JSON", "f.tar", digest, "g.txt", "h.parquet")
    put(tmp_path, *(f"x{number}" for number in range(9)))
    os.mkfifo(tmp_path / "pipe.json")
    assert sorted(paths(tmp_path)) == ["E.JSON", "a.json", "b.ndjson", "c.gz", "d.zip", "f.tar"]
    assert [file.path for file in walk(str(tmp_path)).files if file.archive] == [b"d.zip"]
    found = reasons(tmp_path)
    assert found[DIGEST_FILE] == (1, (digest,))
    assert found[NO_FILE] == (1, ("pipe.json",))
    assert found[OTHER][0] == 11
    assert len(found[OTHER][1]) == 5
    assert next(iter(found)) == OTHER, "the most frequent one first"


def test_what_firehose_delivers_of_a_log_group_has_no_ending(tmp_path: Path) -> None:
    name = "to-s3-12-2026-11-23-00-05-04-5a2c1f6e-8f8b-4f0e-9b7d-0123456789ab"
    for each in (name, name[:-1], name.replace("-2026", ""), f"{name}.parquet"):
        (tmp_path / each).touch()
    found = walk(str(tmp_path))
    assert [file.path.decode() for file in found.files] == [name]
    assert [(one.reason, one.count) for one in found.left_out] == [(OTHER, 3)]


def test_links_lead_to_files_of_the_tree_alone(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    put(root, "in/a.json", "in/plain")
    put(tmp_path, "out.json")
    (root / "same.json").symlink_to(root / "in/a.json")
    (root / "named.json").symlink_to("in/plain")
    (root / "loop").symlink_to(root)
    (root / "in/up").symlink_to("..")
    (root / "self.json").symlink_to("self.json")
    (root / "gone.json").symlink_to("nothing")
    (root / "out.json").symlink_to(tmp_path / "out.json")
    (root / "outside").symlink_to(tmp_path)
    assert sorted(paths(root)) == ["in/a.json", "named.json"], "each file once"
    found = reasons(root)
    assert found[OUTSIDE] == (2, found[OUTSIDE][1])
    assert found[BROKEN_LINK][0] == 2
    link = tmp_path / "link"
    link.symlink_to(root)
    assert sorted(paths(link)) == ["in/a.json", "named.json"]


def test_a_tree_may_be_one_file(tmp_path: Path) -> None:
    path = tmp_path / log_file("0005")
    put(tmp_path, log_file("0005"))
    (file,) = walk(bytes(path)).files
    assert (file.path, file.layout.account, absolute(bytes(path), file.path)) == (b"", "111122223333", bytes(path))
    put(tmp_path, "whatever.zip")
    assert walk(str(tmp_path / "whatever.zip")).files[0].archive


def test_a_tree_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(FilesError, match="No such file"):
        walk(str(tmp_path / "nothing"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FilesError, match="a pipe"):
        walk(str(tmp_path / "pipe"))


def test_a_folder_that_cannot_be_read_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a/a.json", "b/b.json")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("/b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert paths(tmp_path) == ["a/a.json"]
    assert reasons(tmp_path) == {UNREADABLE: (1, ("b",))}


def test_names_may_be_no_text(tmp_path: Path) -> None:
    name = b"[red]\xff\x1b.json"
    with open(os.path.join(bytes(tmp_path), name), "w"):  # noqa: PTH118, PTH123 - the name is bytes
        pass
    assert [file.path for file in walk(str(tmp_path)).files] == [name]


def test_folders_may_be_deep(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(150):
        deep /= "d" * 20
        deep.mkdir()
    (deep / "a.json").touch()
    assert len(paths(tmp_path)) == 1

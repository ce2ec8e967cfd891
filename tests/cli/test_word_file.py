"""Files of words: read once as long as they do not change, and refused in words."""

import os
from pathlib import Path

import pytest

from ctui.config.word_file import WordFiles


def test_lines_without_blanks_and_remarks(tmp_path: Path) -> None:
    file = tmp_path / "iocs.txt"
    file.write_bytes("\ufeff# bad addresses\r\n203[.]0[.]113[.]9\r\n\r\n  AKIAX  \n".encode() + b"\xff\n")
    assert WordFiles().read(str(file)).words == {"203.0.113.9", "akiax", "\ufffd"}


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    file, files = tmp_path / "iocs.txt", WordFiles()
    file.write_text("a\n", encoding="utf-8")
    first = files.read(str(file))
    assert files.read(str(file)) is first
    file.write_text("a\nb\n", encoding="utf-8")
    assert files.read(str(file)).words == {"a", "b"}
    for number in range(10):
        other = tmp_path / str(number)
        other.write_text("x", encoding="utf-8")
        files.read(str(other))
    assert len(files._read) == 4


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing", "there is no such file"),
        (".", "Is a directory"),
        ("pipe", "it is not a file"),
        ("empty", "the file has no lines"),
        ("large", "more than 8 MiB"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, why: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", 9 * 1024**2)
    with pytest.raises(ValueError, match=why):
        WordFiles().read(str(tmp_path / name))


def test_a_path_that_no_system_takes_is_told() -> None:
    with pytest.raises(ValueError, match=r"cannot be read|null"):
        WordFiles().read("a\0b")

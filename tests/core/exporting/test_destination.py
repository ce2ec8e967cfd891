"""Where an export goes: what a typed path means, and each reason why no file can be written there."""

import os
from pathlib import Path

import pytest

from ctui.core.exporting.destination import destination_of
from ctui.errors import ExportError
from ctui.model.destination import Destination

USUAL = "ctui.ndjson"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: two folders, a file, links to all of them and to nothing, and a pipe."""
    home = tmp_path / "home"
    for each in (home, tmp_path / "sub"):
        each.mkdir()
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "to-file").symlink_to("file")
    (tmp_path / "to-sub").symlink_to("sub")
    (tmp_path / "to-nothing").symlink_to("nothing")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(home))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("new.csv", "new.csv"),
        ("  new.csv ", "new.csv"),
        ("sub/new.csv", "sub/new.csv"),
        ("./new.csv", "new.csv"),
        ("../{folder}/new.csv", "../{folder}/new.csv"),
        ("sub", f"sub/{USUAL}"),
        ("sub/", f"sub/{USUAL}"),
        (".", USUAL),
        ("sub/..", f"sub/../{USUAL}"),
        ("to-sub/", f"to-sub/{USUAL}"),
        ("to-sub/new.csv", "to-sub/new.csv"),
        ("~/new.csv", "home/new.csv"),
        ("~", f"home/{USUAL}"),
        ("./~", "~"),
        ("a b$HOME", "a b$HOME"),
    ],
)
def test_a_path_means_a_file_in_a_folder(folder: Path, typed: str, path: str) -> None:
    found = destination_of(typed.format(folder=folder.name), USUAL)
    assert found == Destination(folder / path.format(folder=folder.name), None)
    assert found.path.is_absolute()


def test_an_absolute_path_is_itself(folder: Path) -> None:
    assert destination_of(f"{folder}/sub/x", USUAL).path == folder / "sub/x"


@pytest.mark.parametrize(("typed", "size", "link"), [("file", 5, False), ("to-file", 4, True), ("to-nothing", 7, True)])
def test_what_is_there_is_named_before_it_is_replaced(typed: str, size: int, link: bool) -> None:
    existing = destination_of(typed, USUAL).existing
    assert existing is not None
    assert (existing.size, existing.link) == (size, link)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type the name of a file."),
        ("   ", "Type the name of a file."),
        ("none/new.csv", "There is no folder {folder}/none."),
        ("none/", "There is no folder {folder}/none."),
        ("to-nothing/new.csv", "There is no folder {folder}/to-nothing."),
        ("file/new.csv", "{folder}/file is not a folder."),
        ("file/", "{folder}/file is not a folder."),
        ("pipe", "{folder}/pipe is a device, a pipe or a socket, not a file."),
        ("/dev/null", "/dev/null is a device, a pipe or a socket, not a file."),
        ("~nobody-of-this-name/x", "There is no home folder ~nobody-of-this-name."),
        ("x" * 300, f"The name is too long: {'x' * 300}."),
        ("a\0b", "This path is not valid."),
    ],
)
def test_each_reason_is_said(folder: Path, typed: str, why: str) -> None:
    with pytest.raises(ExportError) as refused:
        destination_of(typed, USUAL)
    assert refused.value.message == why.format(folder=folder)


def test_a_folder_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != folder / "sub")
    assert destination_of("new.csv", USUAL)
    with pytest.raises(ExportError, match=r"No permission to write here: .*/sub"):
        destination_of("sub/new.csv", USUAL)


def test_a_current_folder_that_is_gone_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "sub")
    (folder / "sub").rmdir()
    with pytest.raises(ExportError, match=r"The folder is gone: new\.csv"):
        destination_of("new.csv", USUAL)
    assert destination_of(str(folder / "new.csv"), USUAL)

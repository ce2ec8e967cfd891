"""A file takes its name once it is whole: before that nothing of it is under that name, however the program ends."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctui.core.exporting.destination import destination_of
from ctui.core.exporting.new_file import ENDING, PREFIX, NewFile
from ctui.errors import ExportError

REFUSED = [
    (errno.ENOSPC, "The disk is full"),
    (errno.EDQUOT, "Your quota on this disk is used up"),
    (errno.EROFS, "This disk is read-only"),
    (errno.EACCES, "No permission to write here"),
    (errno.ENOENT, "The folder is gone"),
    (errno.EIO, os.strerror(errno.EIO)),
]
STEPS: dict[str, Callable[[NewFile], None]] = {
    "open": lambda file: file.open(),
    "write": lambda file: file.write(b"new"),
    "fsync": lambda file: file.sync(),
}


def new_file(path: Path) -> NewFile:
    return NewFile(destination_of(str(path), "unused"))


def write(path: Path, data: bytes = b"new", *, replace: bool = False) -> None:
    file = new_file(path)
    file.open()
    file.write(data)
    file.sync()
    file.take_name(replace=replace)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answer.csv"


@pytest.fixture(params=[True, False], ids=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without hard links, which not every file system has."""
    if not request.param:
        monkeypatch.setattr(os, "link", failing(errno.EPERM))


def failing(code: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_it_is_whole_and_for_its_owner_alone(path: Path, links: None) -> None:
    write(path, b"x" * 10_000_000)
    assert (path.stat().st_size, stat.S_IMODE(path.stat().st_mode), path.stat().st_nlink) == (10_000_000, 0o600, 1)
    assert list(path.parent.iterdir()) == [path]


def test_until_then_it_has_another_name(path: Path) -> None:
    file = new_file(path)
    for step in STEPS.values():
        step(file)
        (beside,) = path.parent.iterdir()
        assert beside == file.temporary
        assert beside.name.startswith(PREFIX)
        assert beside.name.endswith(ENDING)
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    file.discard()
    assert list(path.parent.iterdir()) == []


def test_a_name_that_was_taken_meanwhile_is_not_taken_again(path: Path, links: None) -> None:
    file = new_file(path)
    file.open()
    path.write_text("somebody else's")
    with pytest.raises(ExportError):
        file.take_name(replace=False)
    file.discard()
    assert (path.read_text(), list(path.parent.iterdir())) == ("somebody else's", [path])


def test_a_file_is_replaced_where_that_was_agreed(path: Path) -> None:
    path.write_text("older and longer")
    path.chmod(0o644)
    write(path, replace=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_a_link_is_replaced_and_not_followed(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("kept")
    path.symlink_to(other)
    write(path, replace=True)
    assert (path.is_symlink(), path.read_bytes(), other.read_text()) == (False, b"new", "kept")


@pytest.mark.parametrize(("code", "words"), REFUSED)
@pytest.mark.parametrize("step", STEPS)
def test_what_the_disk_refuses_has_words(
    path: Path, step: str, code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = new_file(path)
    for each in list(STEPS)[: list(STEPS).index(step)]:
        STEPS[each](file)
    with monkeypatch.context() as broken:
        broken.setattr(os, step, failing(code))
        with pytest.raises(ExportError) as refused:
            STEPS[step](file)
    assert refused.value.message == f"{words}: {path}."
    file.discard()
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_goes_away_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    file = new_file(folder / "answer.csv")
    file.open()
    file.temporary.unlink()
    folder.rmdir()
    file.write(b"new")
    with pytest.raises(ExportError, match="The folder is gone"):
        file.take_name(replace=False)
    file.discard()


def test_nothing_is_written_once_it_was_discarded(path: Path) -> None:
    file = new_file(path)
    file.discard()
    for step in STEPS.values():
        with pytest.raises(ExportError):
            step(file)
    assert list(path.parent.iterdir()) == []


def test_what_cannot_be_removed_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = new_file(path)
    file.open()
    monkeypatch.setattr(os, "unlink", failing(errno.EROFS))
    with pytest.raises(ExportError, match=r"This disk is read-only: .*part"):
        file.discard()


PROGRAM = """
import sys
from pathlib import Path
from ctui.core.exporting.destination import destination_of
from ctui.core.exporting.new_file import NewFile
file = NewFile(destination_of(sys.argv[1], "unused"))
for step in (file.open, *[lambda: file.write(b"x" * 1_000_000)] * 3, file.sync, lambda: file.take_name(replace=True)):
    step()
    print(flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("before", [None, "an older file"])
@pytest.mark.parametrize("steps", range(1, 7))
def test_a_process_that_is_killed_leaves_no_half_file(path: Path, steps: int, before: str | None) -> None:
    if before is not None:
        path.write_text(before)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(steps - 1):
            assert process.stdout.readline()
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.stdout.readline()
        process.kill()
    if steps == 6:
        assert path.stat().st_size == 3_000_000
    else:
        assert (path.read_text() if path.exists() else None) == before

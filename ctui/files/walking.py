"""The files of a tree: what is below a folder, a stat for each, and what its path says. Nothing is opened."""

# Names are bytes, and a hundred thousand of them are looked at in a second.
# ruff: noqa: PTH116, PTH118

import os
import stat
import sys
from collections import defaultdict
from pathlib import PurePath
from typing import Final

from ctui.errors import FilesError
from ctui.files.layout import layout_of
from ctui.model.log_files.found_file import FoundFile, FoundFiles, Layout, LogKind, NotRead
from ctui.unpacking.names import DIGEST_FILE, left_out

OUTSIDE: Final = "a link that leads out of the folder"
BROKEN_LINK: Final = "a broken link"
NO_FILE: Final = "a pipe, a socket or a device"
UNREADABLE: Final = "a folder that cannot be read"
VANISHED: Final = "a file that was gone before it was read"
_NAMES: Final = (sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())
"""As `os.fsencode` has them."""
_NAMED: Final = 5
"""Files that a reason names."""


def walk(tree: str | bytes) -> FoundFiles:
    """The files below a folder, or the one file that a tree is. It is looked at whatever its name.

    Links are followed to files and folders of the tree, each folder once. Raises FilesError if the tree itself cannot
    be read.
    """
    root = os.fsdecode(os.path.realpath(tree))
    try:
        found = os.stat(root)
        if not stat.S_ISDIR(found.st_mode):
            return _one_file(root, found)
        with os.scandir(root):
            pass
    except OSError as error:
        raise _not_read(root, error) from error
    walking = _Walking(root)
    walking.walk()
    return walking.found()


def absolute(tree: bytes, path: bytes) -> bytes:
    """Where a file of a tree lies (`FoundFile.path`)."""
    return os.path.join(tree, path) if path else tree


def _one_file(path: str, found: os.stat_result) -> FoundFiles:
    if not stat.S_ISREG(found.st_mode):
        raise FilesError("Not a log file", f"{path} is {NO_FILE}.", "Name a file or a folder.")
    return FoundFiles((FoundFile(b"", found.st_size, found.st_mtime_ns, layout_of(path), _is_archive(path)),))


def _not_read(path: str, error: OSError) -> FilesError:
    return FilesError("Cannot read log files", f"{path}: {error.strerror or error}.", "Check the path.")


class _Walking:
    """One walk. Folders wait in a list: a tree may be deeper than Python can call functions."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._below = len(root.rstrip("/")) + 1
        """Where the part of a path below the root begins."""
        self._files: list[FoundFile] = []
        self._left_out: dict[str, list[str]] = defaultdict(list)
        self._counts: dict[str, int] = defaultdict(int)
        self._seen: set[tuple[int, int]] = set()
        """Folders, by device and number."""
        self._waiting = [root]

    def walk(self) -> None:
        while self._waiting:
            folder = self._waiting.pop()
            try:
                if self._is_new(os.stat(folder)):
                    with os.scandir(folder) as entries:
                        for entry in entries:
                            self._look_at(entry)
            except OSError:
                self._leave_out(folder, UNREADABLE)

    def found(self) -> FoundFiles:
        reasons = sorted(self._counts.items(), key=lambda one: -one[1])
        left_out = tuple(NotRead(reason, count, tuple(self._left_out[reason])) for reason, count in reasons)
        return FoundFiles(tuple(sorted(self._files, key=_newest_first)), left_out)

    def _look_at(self, entry: os.DirEntry[str]) -> None:
        try:
            if entry.is_dir(follow_symlinks=False):
                self._waiting.append(entry.path)
            elif entry.is_file(follow_symlinks=False):
                self._add(entry.path, entry.name, entry.stat(follow_symlinks=False))
            elif entry.is_symlink():
                self._follow(entry)
            else:
                self._leave_out(entry.path, NO_FILE)
        except OSError:
            self._leave_out(entry.path, VANISHED)

    def _follow(self, entry: os.DirEntry[str]) -> None:
        """A link is what it leads to, under its own name, where that is in the tree."""
        target = os.path.realpath(entry.path)
        try:
            found = os.stat(target)
        except OSError:
            self._leave_out(entry.path, BROKEN_LINK)
            return
        if target != self._root and not target.startswith(self._root.rstrip("/") + "/"):
            self._leave_out(entry.path, OUTSIDE)
        elif stat.S_ISDIR(found.st_mode):
            # It is walked where it lies.
            return
        elif not stat.S_ISREG(found.st_mode):
            self._leave_out(entry.path, NO_FILE)
        # A file of the tree is found where it lies, too, unless its own name says that it is no log file.
        elif left_out(PurePath(target)) is not None:
            self._add(entry.path, entry.name, found)

    def _add(self, path: str, name: str, found: os.stat_result) -> None:
        layout = layout_of(path)
        why = DIGEST_FILE if layout.kind is LogKind.DIGEST else _by_name(path, name, layout)
        if why is None:
            below = path[self._below :].encode(*_NAMES)
            self._files.append(FoundFile(below, found.st_size, found.st_mtime_ns, layout, _is_archive(name)))
        else:
            self._leave_out(path, why)

    def _leave_out(self, path: str, why: str) -> None:
        self._counts[why] += 1
        if len(names := self._left_out[why]) < _NAMED:
            names.append(path[self._below :] or path)

    def _is_new(self, folder: os.stat_result) -> bool:
        key = (folder.st_dev, folder.st_ino)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _by_name(path: str, name: str, layout: Layout) -> str | None:
    if name.endswith((".json.gz", ".json")) and layout.kind:
        return None
    return left_out(PurePath(path))


def _is_archive(name: str) -> bool:
    return name[-4:].lower() == ".zip"


def _newest_first(file: FoundFile) -> tuple[int, bytes]:
    about = file.layout.about
    return -(file.mtime_ns // 1_000_000_000 if about is None else about), file.path

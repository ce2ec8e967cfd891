"""Where an export goes: what a path means that a person typed, and whether a file can be written there.

`~` is a home folder, and a relative path starts in the current folder. A folder, or a path that ends in a slash, means
the usual name in there. Folders may be links. A link in the place of the file is never followed: it counts as a file
that is there, and what replaces it is a file.
"""

import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from ctui.errors import ExportError
from ctui.model.destination import Destination, Existing

_WORDS = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "Your quota on this disk is used up",
    errno.EROFS: "This disk is read-only",
    errno.EACCES: "No permission to write here",
    errno.EPERM: "No permission to write here",
    errno.ENOENT: "The folder is gone",
    errno.ENOTDIR: "The folder is gone",
    errno.ENAMETOOLONG: "The name is too long",
    errno.EFBIG: "The file is larger than this disk allows",
}


def destination_of(typed: str, usual_name: str) -> Destination:
    """What a typed path means. It may block, so call it off the loop. Raises ExportError with the reason if no file can
    be written there."""
    try:
        return _destination(typed.strip(), usual_name)
    except OSError as error:
        raise refused(error, typed.strip()) from error
    except ValueError as error:
        raise ExportError("Export", "This path is not valid.") from error


def refused(error: OSError, path: str | Path) -> ExportError:
    """The error for what the system answered about a path."""
    why = _WORDS.get(error.errno or 0) or error.strerror or "It cannot be written"
    return ExportError("Export", f"{why}: {path}.", "Choose another path.")


def _destination(typed: str, usual_name: str) -> Destination:
    if not typed:
        raise ExportError("Export", "Type the name of a file.")
    expanded = os.path.expanduser(typed)  # noqa: PTH111 - pathlib raises where there is no such user
    if expanded.startswith("~"):
        raise ExportError("Export", f"There is no home folder {expanded.partition('/')[0]}.")
    path = Path(expanded) if expanded.startswith("/") else Path.cwd() / expanded
    if expanded.endswith(("/", "/.", "/..")) or path.is_dir():
        path = path / usual_name
    folder = path.parent
    if not folder.exists():
        raise ExportError("Export", f"There is no folder {folder}.")
    if not folder.is_dir():
        raise ExportError("Export", f"{folder} is not a folder.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ExportError("Export", f"{_WORDS[errno.EACCES]}: {folder}.")
    return Destination(path, _existing(path))


def _existing(path: Path) -> Existing | None:
    try:
        about = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(about.st_mode):
        raise ExportError("Export", f"{path} is a folder.")
    link = stat.S_ISLNK(about.st_mode)
    if not (link or stat.S_ISREG(about.st_mode)):
        raise ExportError("Export", f"{path} is a device, a pipe or a socket, not a file.")
    return Existing(about.st_size, datetime.fromtimestamp(about.st_mtime, UTC), link)

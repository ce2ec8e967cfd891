"""Which files `--load` reads."""

from collections.abc import Iterator
from pathlib import Path

from ctui.unpacking.names import left_out

NO_FILE = "a broken link, a pipe or a device"


def log_files(path: Path) -> Iterator[tuple[Path, str | None]]:
    """(file, None) for each file to read under `path`, (file, reason) for each that is skipped, sorted by name.

    A single file is read whatever its name. In a folder the name decides. Links to folders are not followed.
    """
    if not path.is_dir():
        # A pipe cannot seek, and opening one without a writer blocks forever, even on signals.
        yield path, NO_FILE if path.is_fifo() else None
        return
    for found in sorted(path.rglob("*")):
        if not found.is_dir():
            yield found, left_out(found) if found.is_file() else NO_FILE

"""Paths of files, safe to draw and in the room that there is: their ends say most."""

from collections.abc import Sequence
from pathlib import PurePath

from ctui.render.text.spans import cells, clean_text

_MORE = "…"


def path_in(path: str, room: int) -> str:
    """A path in at most `room` cells; without room its beginning is left out."""
    safe = clean_text(path)
    if cells(safe) <= room:
        return safe
    # A cell is at least half a character, so this cuts no more than it must by much.
    tail = safe[-max(0, room) :] if room > 0 else ""
    while tail and cells(tail) > room - 1:
        tail = tail[1:]
    return f"{_MORE}{tail}" if room > 0 else ""


def path_name(path: str) -> str:
    """The last part of a path, safe to draw; all of it where it has none."""
    return clean_text(PurePath(path).name or path)


def paths_said(paths: Sequence[str], most: int = 2) -> str:
    """Paths by their last parts, many by their number: "logs + more-logs", "12 trees of log files"."""
    if len(paths) > most:
        return f"{len(paths)} trees of log files"
    return " + ".join(map(path_name, paths))

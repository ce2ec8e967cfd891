"""What can be said of the log files behind an answer: from when to when there are any, and where some may be missing.

It is never that they are complete: their names give the time of delivery, and quiet Regions deliver nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ctui.model.log_files.tree_state import Hole, TreePhase, TreeState
from ctui.model.values import dataclass

_LAG: Final = 900
"""Seconds from an event to the delivery of its file, as a rule at most (user guide, "How CloudTrail works")."""
_ALIKE: Final = 3600
"""Holes of several accounts and Regions are one stretch if their ends are no farther apart than this."""


@dataclass(frozen=True, slots=True)
class MissingFiles:
    """A stretch in which files may be missing, of one account and Region or of several."""

    second: int
    """The list has its line before the first row that is older than this epoch second."""
    start: int
    """Epoch second of the last delivery before it."""
    end: int
    """Epoch second of the first delivery after it."""
    of: tuple[tuple[str, str], ...]
    """The accounts and Regions, sorted; "" for what names do not say."""
    explained_by: tuple[str, ...] = ()
    """Names of calls that may explain it, such as StopLogging."""


@dataclass(frozen=True, slots=True)
class FilesInRange:
    """The log files behind an answer."""

    alone: bool
    """True if nothing else was searched."""
    trees: int
    """How many trees could be read."""
    oldest: int | None
    """Epoch second of the oldest event in files, in the range or not; None if there is none."""
    newest: int | None
    indexing: bool
    """True while files are read whose rows are not here yet."""
    waiting: int
    """Files that are to be read."""
    unread: int
    """Files, and records in files, that cannot be read."""
    in_range: bool
    """False if the range lies before or after all events of the files."""
    missing: tuple[MissingFiles, ...] = ()
    """Where files of the range may be missing, newest first."""
    data_events: bool = False
    """True if the files have data events."""
    failed: tuple[str, ...] = ()
    """The paths of trees that cannot be read."""


def files_in_range(
    trees: Sequence[TreeState], first: int | None, last: int, *, alone: bool = False
) -> FilesInRange | None:
    """What can be said of these trees for a range of epoch seconds, both inclusive; None if there is no tree."""
    if not trees:
        return None
    readable = [tree for tree in trees if tree.phase is not TreePhase.FAILED]
    oldest = min((tree.oldest for tree in readable if tree.oldest is not None), default=None)
    newest = max((tree.newest for tree in readable if tree.newest is not None), default=None)
    start = first or 0
    return FilesInRange(
        alone=alone,
        trees=len(readable),
        oldest=oldest,
        newest=newest,
        indexing=any(tree.phase is TreePhase.INDEXING for tree in readable),
        waiting=sum(tree.waiting for tree in readable),
        unread=sum(number for tree in readable for _, number in tree.unread),
        in_range=oldest is not None and newest is not None and start <= newest and oldest <= last,
        missing=tuple(_missing(hole for tree in readable for hole in tree.holes if _is_in(hole, start, last))),
        data_events=any(tree.has_data_events for tree in readable),
        failed=tuple(tree.path for tree in trees if tree.phase is TreePhase.FAILED),
    )


def _is_in(hole: Hole, first: int, last: int) -> bool:
    return hole.start <= last and hole.end >= first


def _missing(holes: Iterable[Hole]) -> Iterator[MissingFiles]:
    """Holes that are one stretch together, newest first."""
    alike: list[Hole] = []
    for hole in sorted(set(holes), key=lambda hole: (-hole.end, -hole.start, hole.account, hole.region)):
        if alike and (alike[0].end - hole.end > _ALIKE or abs(alike[0].start - hole.start) > _ALIKE):
            yield _joined(alike)
            alike = []
        alike.append(hole)
    if alike:
        yield _joined(alike)


def _joined(holes: Sequence[Hole]) -> MissingFiles:
    start, end = min(hole.start for hole in holes), max(hole.end for hole in holes)
    return MissingFiles(
        # Below what the first files after it hold, of whichever account and Region they are.
        second=max(start, min(hole.end for hole in holes) - _LAG),
        start=start,
        end=end,
        of=tuple(sorted({(hole.account, hole.region) for hole in holes})),
        explained_by=tuple(dict.fromkeys(name for hole in holes for name in hole.explained_by)),
    )

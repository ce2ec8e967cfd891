"""What an answer from log files rests on: which files were searched, which were not, and where some may be missing.

It is never complete: `complete` is null while nothing is known to be missing, and false where something is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ctui.model.log_files.tree_state import Hole, TreePhase, TreeState
from ctui.model.values import dataclass
from ctui.render.panes.files_line import FilesFacts, files_facts
from ctui.render.text.spans import clean_text, count
from ctui.render.text.times import length, to_the_minute

_SAID_HOLES = 5
_SAID_REASONS = 5


@dataclass(frozen=True, slots=True)
class FilesReport:
    """The trees of log files that were searched."""

    trees: tuple[TreeState, ...]
    holes: tuple[Hole, ...]
    """Where files of the range may be missing, newest first."""
    alone: bool
    """True if nothing else was searched."""

    @property
    def facts(self) -> FilesFacts:
        """All trees together."""
        return files_facts(self.trees)

    @property
    def all_searched(self) -> bool:
        """True if every file was searched that is there; others may be missing all the same."""
        return all(_all_searched(tree) for tree in self.trees)

    def as_json(self) -> list[dict[str, Any]]:
        """For programs, an object a tree."""
        return [_as_json(tree, [hole for hole in self.holes if hole in tree.holes]) for tree in self.trees]

    def sentence(self) -> str:
        """For people, what was searched."""
        facts = self.facts
        files = f"{count(facts.files)} log file{'s' * (facts.files != 1)}"
        if facts.start is None or facts.end is None:
            return f"{files}, completeness unknown"
        span = f"from {to_the_minute(facts.start)} to {to_the_minute(facts.end)} UTC"
        return f"{count(facts.events)} events in {files} {span}, completeness unknown"

    def warnings(self) -> Iterator[str]:
        """For people, what was not searched, and where files may be missing, a line each."""
        for tree in self.trees:
            path = clean_text(tree.path)
            if tree.phase is TreePhase.FAILED:
                yield f"{path} not searched: {clean_text(tree.error)}"
            elif tree.phase is TreePhase.INDEXING:
                yield f"{path} not searched to the end: {count(tree.waiting)} files are not read yet."
            if tree.unread:
                reasons = "; ".join(f"{count(number)} {clean_text(why)}" for why, number in tree.unread[:_SAID_REASONS])
                more = ", …" if len(tree.unread) > _SAID_REASONS else ""
                yield f"Not read in {path}: {reasons}{more}. `ctui files check` names the files."
        for hole in self.holes[:_SAID_HOLES]:
            yield f"Possible hole, no file{_of(hole)} {_stretch(hole)}{_explained(hole)}."
        if (more_holes := len(self.holes) - _SAID_HOLES) > 0:
            yield f"Possible holes besides: {count(more_holes)}; --coverage names them."


def _all_searched(tree: TreeState) -> bool:
    return tree.phase is TreePhase.READY and not tree.unread


def _as_json(tree: TreeState, holes: Sequence[Hole]) -> dict[str, Any]:
    facts = files_facts([tree])
    return {
        "path": tree.path,
        "from": _written(facts.start),
        "to": _written(facts.end),
        "log_files": tree.files,
        "events": tree.events,
        "files_to_be_read": tree.waiting,
        "not_read": dict(tree.unread),
        "digest_files": tree.digests,
        "possible_holes": [_hole(hole) for hole in holes],
        "error": tree.error or None,
        "complete": None if _all_searched(tree) else False,
    }


def _hole(hole: Hole) -> Mapping[str, Any]:
    return {
        "account": hole.account or None,
        "region": hole.region or None,
        "from": _written(_instant(hole.start)),
        "to": _written(_instant(hole.end)),
        "may_be_explained_by": list(hole.explained_by),
    }


def _of(hole: Hole) -> str:
    named = " ".join(filter(None, (hole.account, hole.region)))
    return f" of {clean_text(named)}" if named else ""


def _stretch(hole: Hole) -> str:
    start, end = to_the_minute(_instant(hole.start)), to_the_minute(_instant(hole.end))
    return f"from {start} to {end} UTC ({length(hole.end - hole.start)})"


def _explained(hole: Hole) -> str:
    return f"; {' or '.join(map(clean_text, hole.explained_by))} may explain it" if hole.explained_by else ""


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _written(then: datetime | None) -> str | None:
    return None if then is None else f"{then:%Y-%m-%dT%H:%M:%SZ}"

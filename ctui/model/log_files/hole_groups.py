"""HoleGroup: possible holes of several accounts and Regions over the same time, told as one."""

from collections.abc import Iterable

from ctui.model.log_files.tree_state import Hole
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class HoleGroup:
    """Holes that lie one over the other."""

    start: int
    """The latest of their first seconds: from then on files of all of them may be missing."""
    end: int
    """The earliest of their last seconds."""
    holes: tuple[Hole, ...]

    @property
    def explained_by(self) -> tuple[str, ...]:
        """Names of calls that may explain one of them."""
        return tuple(dict.fromkeys(name for hole in self.holes for name in hole.explained_by))

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """The accounts and Regions."""
        return tuple(dict.fromkeys((hole.account, hole.region) for hole in self.holes))


def hole_groups(holes: Iterable[Hole]) -> tuple[HoleGroup, ...]:
    """The holes in groups, the newest first. A hole joins a group if they share half of the longer of the two."""
    ended: list[HoleGroup] = []
    groups: list[HoleGroup] = []
    for hole in sorted(holes, key=lambda one: (-one.end, -one.start, one.account, one.region)):
        # No hole that follows reaches into a group that begins behind this one's end.
        ended += [group for group in groups if group.start >= hole.end]
        groups = [group for group in groups if group.start < hole.end]
        for place, group in enumerate(groups):
            start, end = max(group.start, hole.start), min(group.end, hole.end)
            if 2 * (end - start) >= max(group.end - group.start, hole.end - hole.start, 1):
                groups[place] = HoleGroup(start, end, (*group.holes, hole))
                break
        else:
            groups.append(HoleGroup(hole.start, hole.end, (hole,)))
    return tuple(sorted((*ended, *groups), key=lambda group: (-group.end, -group.start)))

"""Row ids that stay valid in this process after two rows of one event were folded into one.

An event can be stored both under a provisional account and under the account that this turns out to be. Once the
account is known, the file keeps one of the two rows: the account's. Both ids may be on the screen of this process, so
both stay valid, and one of them is returned for the event from then on. Other processes have never seen the id that was
deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ctui.store.index.table_line import StoredSummary
from ctui.store.search import Key


class Folded(NamedTuple):
    """Two rows of one event, of which the file keeps one."""

    dropped: Key
    kept: Key


class ShownIds:
    """Translates between the ids that this process uses and those in the file. They are nearly always the same.

    The writer's thread adds to it while other threads read it.
    """

    def __init__(self) -> None:
        self._folded: dict[int, Folded] = {}
        """By the id that was deleted from the file."""
        self._keys: dict[int, tuple[Key, ...]] = {}
        """Id in the file -> every key that its event has had in this process."""
        self.given: Mapping[int, Key] = {}
        """Id in the file -> the other key that is returned for it. Replaced as a whole, never changed."""

    def fold(self, pairs: Iterable[Folded], *, give_kept: bool) -> None:
        """Add folded rows. `give_kept`: return the ids in the file for them; else those that were deleted."""
        given = dict(self.given)
        for pair in pairs:
            dropped, kept = pair
            self._folded[dropped.row_id] = pair
            self._keys[kept.row_id] = (*self._keys.get(kept.row_id, (kept,)), dropped)
            if not give_kept:
                given.setdefault(kept.row_id, dropped)
        self.given = given

    @property
    def any_folded(self) -> bool:
        """True if two rows were folded."""
        return bool(self._folded)

    def stored(self, row_id: int) -> int:
        """The id in the file of the event with this id."""
        folded = self._folded.get(row_id)
        return row_id if folded is None else folded.kept.row_id

    def second(self, row_id: int, stored: int) -> int:
        """The second at which the event with this id is listed. `stored`: the second of its row in the file."""
        folded = self._folded.get(row_id)
        return stored if folded is None else folded.dropped.second

    def all_stored(self, ids: Sequence[int]) -> Sequence[int]:
        """The ids in the file of the events with these ids, in their order."""
        return [self.stored(row_id) for row_id in ids] if self._folded else ids

    def key(self, row_id: int, second: int) -> Key:
        """The key to return for a row of the file."""
        return self.given.get(row_id) or Key(row_id, second)

    def others(self, row_id: int) -> list[Key]:
        """The other keys that the event with this id has had in this process."""
        return [key for key in self._keys.get(self.stored(row_id), ()) if key.row_id != row_id]

    def all_given(self, ids: Sequence[int]) -> Sequence[int]:
        """Every id that this process has returned for these rows of the file."""
        if not self._folded:
            return ids
        return [one for row_id in ids for one in (row_id, *(key.row_id for key in self.others(row_id)))]

    def restore(self, ids: Sequence[int], lines: list[StoredSummary]) -> list[StoredSummary]:
        """The lines that were read by `all_stored(ids)`, with the requested ids, in their order."""
        if not self._folded:
            return lines
        by_id = {line.row_id: line for line in lines}
        pairs = ((row_id, by_id.get(self.stored(row_id))) for row_id in ids)
        return [replace(line, row_id=row_id) for row_id, line in pairs if line is not None]

"""Row ids that stay valid in this process after the store has folded two rows of one event into one.

An event can be stored under a provisional account and under the account that this turns out to be. Once that is known,
the file keeps one of the two rows, the account's. Both ids may be on screens of this process, so both go on leading to
the event; one of them is given out for it from then on. No other process has seen the id that the file no longer holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ctui.store.columns import StoredSummary
from ctui.store.search import Key


class Folded(NamedTuple):
    """Two rows of one event, of which the file keeps one."""

    dropped: Key
    kept: Key


class ShownIds:
    """Translates between the ids that this process gives out and those in the file. Nearly always they are the same.

    The writer's thread adds to it; other threads read it meanwhile.
    """

    def __init__(self) -> None:
        self._folded: dict[int, Folded] = {}
        """By the id that the file no longer holds."""
        self._keys: dict[int, tuple[Key, ...]] = {}
        """Id in the file -> every key that the event has had in this process."""
        self.given: Mapping[int, Key] = {}
        """Id in the file -> the key given out for it, if that is another. Replaced as a whole, never changed."""

    def fold(self, pairs: Iterable[Folded], *, give_kept: bool) -> None:
        """Take up rows that are folded. `give_kept`: the ids in the file are those on the screen."""
        given = dict(self.given)
        for pair in pairs:
            dropped, kept = pair
            self._folded[dropped.row_id] = pair
            self._keys[kept.row_id] = (*self._keys.get(kept.row_id, (kept,)), dropped)
            if not give_kept:
                given.setdefault(kept.row_id, dropped)
        self.given = given

    def stored(self, row_id: int) -> int:
        """The id in the file of the event that this id stands for."""
        folded = self._folded.get(row_id)
        return row_id if folded is None else folded.kept.row_id

    def second(self, row_id: int, stored: int) -> int:
        """The second under which an id is listed; `stored`: that of its row in the file."""
        folded = self._folded.get(row_id)
        return stored if folded is None else folded.dropped.second

    def all_stored(self, ids: Sequence[int]) -> Sequence[int]:
        """The same of several ids, in their order."""
        return [self.stored(row_id) for row_id in ids] if self._folded else ids

    def key(self, row_id: int, second: int) -> Key:
        """The key to give out for a row of the file."""
        return self.given.get(row_id) or Key(row_id, second)

    def others(self, row_id: int) -> list[Key]:
        """The other keys that the event of this id has had in this process."""
        return [key for key in self._keys.get(self.stored(row_id), ()) if key.row_id != row_id]

    def restore(self, ids: Sequence[int], lines: list[StoredSummary]) -> list[StoredSummary]:
        """The lines read by `all_stored(ids)` under the ids asked for, in their order."""
        if not self._folded:
            return lines
        by_id = {line.row_id: line for line in lines}
        found = ((row_id, by_id.get(self.stored(row_id))) for row_id in ids)
        return [replace(line, row_id=row_id) for row_id, line in found if line is not None]

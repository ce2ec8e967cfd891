"""LogFiles: what core needs of a tree of log files: the same answers as the event store gives about its own rows."""

from array import array
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from threading import Event as Stopped
from typing import Protocol, TypeVar

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.sightings import FirstTimes
from ctui.model.log_files.tree_state import FilePlace, TreeState
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Clause
from ctui.store.counting import CountQuery
from ctui.store.index.excluding import Excluded
from ctui.store.index.found_values import FoundValues
from ctui.store.index.matching import Matched
from ctui.store.index.table_line import StoredSummary
from ctui.store.reading import Evaluated
from ctui.store.search import Key, Rows

T = TypeVar("T")


class LogFiles(Protocol):
    """One tree of log files. Methods raise our errors only. Those that are not async may be called on the loop and take
    a few milliseconds for the rows of a screen; the others work in threads of their own."""

    @property
    def scope(self) -> Scope:
        """The scope of its rows: the origin is "files:" and the absolute path, account and Region are "*"."""

    @property
    def state(self) -> TreeState:
        """How it stands."""

    @property
    def latest(self) -> int:
        """The number of the newest segment, 0 before there is one: what comes later is what `find_new` finds."""

    async def open(self, number: int, changed: Callable[[], None]) -> None:
        """Open the index; what is new in the tree is indexed in the background. `number`: of the tree, from 1 on.

        `changed` is called on the loop when `state` is another one: twice a second at most while files are indexed.
        Raises FilesError if the tree cannot be read at all.
        """

    async def update(self) -> None:
        """Look for new and changed files again."""

    async def close(self) -> None:
        """End what runs, and close the index."""

    async def find(
        self, stretch: Stretch, clause: Clause, after: Key | None, limit: int, predicate: Predicate | None = None
    ) -> Rows:
        """Rows of a stretch that have one of the attributes (all, if there are none), newest first, after a row; fewer
        than `limit` only at the end. Rows that surely do not match `predicate`, by the index, are left out."""

    async def find_new(
        self, since: int, stretch: Stretch, clause: Clause, predicate: Predicate | None = None
    ) -> tuple[Rows, int]:
        """Rows of segments after number `since`, and the number of the last segment: what came while it was indexed."""

    async def match(self, predicate: Predicate, rows: Rows, stopped: Stopped) -> Matched:
        """Which of the next of these rows match; a portion of them, as large as takes some hundredths of a second."""

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """Call `evaluation` with events and their Region, for a portion of the rows, in order."""

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """Count what excludes the next of these rows."""

    async def count_facets(self, columns: Sequence[FieldColumn], ids: Sequence[int]) -> list[FoundValues]:
        """For each column how many of these rows, some ten thousand, have which value."""

    async def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        """Values of the newest events with their counts, most frequent first."""

    async def failed(self, ids: Sequence[int]) -> Sequence[int]:
        """The indexes of the rows among these whose calls failed."""

    async def rows_of(self, event_ids: Collection[str]) -> dict[str, list[Key]]:
        """The rows of events with these IDs."""

    def digests(self, ids: Sequence[int]) -> "array[int]":
        """`event_digest` of the event ID of each of these rows, 0 for a row that is not here, as unsigned numbers of
        eight bytes (type code Q): for the rows of a screen at once, for 50,000 in a few milliseconds."""

    async def rows_with(self, digests: Sequence[int], stretch: Stretch) -> dict[int, list[int]]:
        """By digest, the rows of a stretch whose events' IDs have it; without digests that no row has."""

    def event_ids(self, ids: Sequence[int]) -> dict[int, str]:
        """The event ID of each of these rows. Reads records."""

    async def first_times(self, row_id: int) -> FirstTimes | None:
        """Of what a row's event is the first sighting in this tree; None if of nothing."""

    async def other_of_insight(self, row_id: int) -> datetime | None:
        """The time of the other event of the pair, for a row with an Insights event; None if it is not here."""

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`."""

    def event(self, row_id: int) -> Event:
        """The whole event of a row, its record from the file's own bytes. Raises FilesError if the file is gone or has
        changed, and RecordFar if it takes long to read it: then `read_far` does."""

    async def read_far(self, ids: Sequence[int]) -> None:
        """Read records for which `event` raised RecordFar, or that lines are `far` without: `event` and `summaries`
        have them then."""

    def file_of(self, row_id: int) -> FilePlace | None:
        """In which file the record of a row stands; None if the index has no such row."""

    def second(self, row_id: int) -> int | None:
        """The epoch second of a row's event."""

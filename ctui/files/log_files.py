"""TreeOfFiles: one tree of log files as core asks it (`core.files.log_files.LogFiles`): its index is opened and kept up
to date, and its rows are asked in threads."""

import asyncio
import contextlib
import os
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event as Stopped
from typing import Final, NamedTuple, TypeVar

from ctui.errors import FilesError
from ctui.files.decoding.pool import decoder_for
from ctui.files.freed_memory import give_back_large_blocks
from ctui.files.index.container import Container
from ctui.files.index.indexing import TreeReader
from ctui.files.index.keeping import IndexKeeper
from ctui.files.index.opening_index import open_index
from ctui.files.tree_answers import TreeAnswers
from ctui.files.walking import walk
from ctui.model.connection import Scope, files_scope
from ctui.model.event.event import Event
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.sightings import FirstTimes
from ctui.model.log_files.tree_state import FilePlace, TreePhase, TreeState
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Clause
from ctui.store.counting import CountQuery
from ctui.store.index.excluding import Excluded
from ctui.store.index.found_values import FoundValues
from ctui.store.index.matching import Matched
from ctui.store.index.table_line import StoredSummary
from ctui.store.reading import Evaluated
from ctui.store.search import Key, Rows
from ctui.unpacking.archives import members_of

T = TypeVar("T")
_NOT_SEARCHED: Final = "a file that was not searched: it has changed or is gone"


class TreeOfFiles:
    """One tree of log files. It is used on the loop; see the Protocol for what the methods do."""

    def __init__(self, path: str, indexes: Path) -> None:
        """`path`: the file or folder, as a person gave it. `indexes`: the folder in which indexes are kept."""
        self._root = os.path.realpath(Path(path).expanduser())
        self._indexes = indexes
        self._state = TreeState(path, TreePhase.INDEXING)
        self._kept = self._state
        """The state of its index."""
        self._changed: Callable[[], None] = lambda: None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ctui-files-ask")
        self._far_thread = ThreadPoolExecutor(1, thread_name_prefix="ctui-files-far")
        """Reads records from afar, which no search waits for."""
        self._ending = Stopped()
        self._opened: _Opened | None = None

    @property
    def scope(self) -> Scope:
        """As `LogFiles`."""
        return files_scope(self._root)

    @property
    def state(self) -> TreeState:
        """As `LogFiles`."""
        return self._state

    @property
    def latest(self) -> int:
        """As `LogFiles`."""
        return self._open().container.latest

    async def open(self, number: int, changed: Callable[[], None]) -> None:
        """As `LogFiles`."""
        self._changed = changed
        loop = asyncio.get_running_loop()

        def publish(state: TreeState) -> None:
            # If the loop is closed, the program has ended.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._publish, state)

        opening = asyncio.ensure_future(self._in_thread(lambda: self._open_index(number, publish)))
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._ending.set()
            raise

    async def update(self) -> None:
        """As `LogFiles`."""
        opened = self._open()
        opened.answers.forget()
        self._publish(replace(self._kept, phase=TreePhase.INDEXING, error=""))
        opened.keeper.update()

    async def close(self) -> None:
        """As `LogFiles`."""
        self._ending.set()
        opened, self._opened = self._opened, None
        if opened is not None:
            await self._in_thread(opened.end)
        for thread in (self._thread, self._far_thread):
            thread.shutdown(wait=False, cancel_futures=True)

    async def find(
        self, stretch: Stretch, clause: Clause, after: Key | None, limit: int, predicate: Predicate | None = None
    ) -> Rows:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.find(stretch, clause, after, limit, predicate))

    async def find_new(
        self, since: int, stretch: Stretch, clause: Clause, predicate: Predicate | None = None
    ) -> tuple[Rows, int]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.find_new(since, stretch, clause, predicate))

    async def match(self, predicate: Predicate, rows: Rows, stopped: Stopped) -> Matched:
        """As `LogFiles`."""
        opened, before = self._open(), self._not_searched()
        matched = await self._ask(lambda answers: answers.match(predicate, rows, stopped))
        if opened is self._opened and self._not_searched() != before:
            self._publish(self._kept)
        return matched

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.evaluate(ids, evaluation))

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.excluders(predicate, ids))

    async def count_facets(self, columns: Sequence[FieldColumn], ids: Sequence[int]) -> list[FoundValues]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.count_facets(columns, ids))

    async def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.count_values(query))

    async def failed(self, ids: Sequence[int]) -> Sequence[int]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.failed(ids))

    async def rows_of(self, event_ids: Collection[str]) -> dict[str, list[Key]]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.rows_of(event_ids))

    async def rows_with(self, digests: Sequence[int], stretch: Stretch) -> dict[int, list[int]]:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.rows_with(digests, stretch))

    async def first_times(self, row_id: int) -> FirstTimes | None:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.first_times(row_id))

    async def other_of_insight(self, row_id: int) -> datetime | None:
        """As `LogFiles`."""
        return await self._ask(lambda answers: answers.other_of_insight(row_id))

    def digests(self, ids: Sequence[int]) -> "array[int]":
        """As `LogFiles`."""
        return self._open().answers.digests(ids)

    def event_ids(self, ids: Sequence[int]) -> dict[int, str]:
        """As `LogFiles`."""
        return self._open().answers.event_ids(ids)

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """As `LogFiles`."""
        return self._open().answers.summaries(ids)

    def event(self, row_id: int) -> Event:
        """As `LogFiles`."""
        return self._open().answers.event(row_id)

    async def read_far(self, ids: Sequence[int]) -> None:
        """As `LogFiles`."""
        answers = self._open().answers
        await asyncio.get_running_loop().run_in_executor(self._far_thread, answers.read_far, ids)

    def file_of(self, row_id: int) -> FilePlace | None:
        """As `LogFiles`."""
        opened = self._open()
        number = opened.answers.file_number(row_id)
        file = None if number is None else opened.container.file(number)
        return file and FilePlace(os.fsdecode(opened.container.absolute(file.path)), file.member)

    def second(self, row_id: int) -> int | None:
        """As `LogFiles`."""
        return self._open().answers.second(row_id)

    def _open(self) -> "_Opened":
        if self._opened is None:
            raise FilesError("Log files", f"{self._state.path} is not open.")
        return self._opened

    async def _ask(self, question: Callable[[TreeAnswers], T]) -> T:
        answers = self._open().answers
        return await self._in_thread(lambda: question(answers))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open_index(self, number: int, publish: Callable[[TreeState], None]) -> None:
        """In the thread: open the index, and begin to keep it up to date."""
        give_back_large_blocks()
        root = os.fsencode(self._root)
        _check(self._state.path, root)
        container, notices = open_index(root, self._indexes, self._ending)
        state = replace(self._state, notices=tuple(f"{notice.message} {notice.remedy}".strip() for notice in notices))
        keeper = IndexKeeper(container, TreeReader(lambda: walk(root), _members, decoder_for), state, publish)
        self._opened = _Opened(container, keeper, TreeAnswers(container, number, self._ending))
        if self._ending.is_set():
            self._opened.end()
        else:
            keeper.begin()

    def _not_searched(self) -> int:
        """How many files a search could not read: they have changed since they were indexed, or are gone."""
        return 0 if self._opened is None else self._opened.answers.not_searched

    def _publish(self, state: TreeState) -> None:
        self._kept = self._state = state
        if number := self._not_searched():
            unread = sorted([*state.unread, (_NOT_SEARCHED, number)], key=lambda reason: -reason[1])
            self._state = replace(state, unread=tuple(unread))
        if not self._ending.is_set():
            self._changed()


class _Opened(NamedTuple):
    container: Container
    keeper: IndexKeeper
    answers: TreeAnswers

    def end(self) -> None:
        """End what runs. Blocks for some tenths of a second at most."""
        self.keeper.end()
        self.answers.close()
        self.container.close()


def _check(path: str, root: bytes) -> None:
    """Raise FilesError if a tree cannot be read at all."""
    try:
        if os.path.isdir(root):  # noqa: PTH112 - names are bytes
            os.scandir(root).close()
        else:
            os.close(os.open(root, os.O_RDONLY | os.O_NONBLOCK))
    except OSError as error:
        raise FilesError("Cannot read log files", f"{path}: {error.strerror or error}.", "Check the path.") from error


def _members(path: bytes) -> tuple[Sequence[str], Mapping[str, int]]:
    """The names of the log files in the archive at a path, and why how many of its members are left out."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - names are bytes
            return members_of(file)
    except OSError as error:
        return (), {f"an archive that cannot be read: {error.strerror or error}": 1}

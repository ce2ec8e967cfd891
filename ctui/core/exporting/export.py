"""Export: events into a file, in portions, while everything else goes on. Perhaps the rest is loaded first."""

import asyncio
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

from ctui.core.explorer.explorer import Explorer
from ctui.core.exporting.new_file import NewFile
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.marks import Marks
from ctui.core.session_state import SessionPhase, SessionStatus
from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal, becomes
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.destination import Destination
from ctui.model.event.format import Format, rows_by_region
from ctui.model.values import dataclass
from ctui.store.reading import EVALUATED_AT_ONCE
from ctui.threads import off_loop

T = TypeVar("T")

_REMOVING_SECONDS = 2.0
"""How long the end of an export waits until what it wrote is removed: a folder on a network may hang."""


class ExportPhase(StrEnum):
    """What an export is doing."""

    LOADING = "loading"
    """The rest of the range is loaded."""
    HALTED = "halted"
    """That has ended before everything was here; nothing was written."""
    WRITING = "writing"
    NAMING = "naming"
    """The file is whole and gets its name, which nothing stops."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is exported, and where to."""

    destination: Destination
    form: Format
    """A new one: it makes one file."""
    replace: bool = False
    """True if a file that is there may be replaced."""
    load_all: bool = False
    """True to load the rest of the range first."""
    marked: bool = False
    """True for the marked events, whether they match or not; else those that match the line."""


@dataclass(frozen=True, slots=True)
class ExportState:
    """An export at a glance."""

    phase: ExportPhase
    path: Path
    rows: int = 0
    """Events to write."""
    written: int = 0
    """Events written."""
    gone: int = 0
    """Events that the store no longer has, since it was pruned meanwhile."""
    size: int = 0
    """Bytes written."""
    error: CtuiError | None = None
    """Why it has failed."""
    left: Path | None = None
    """What was written before it ended, and could not be removed; None if nothing is left."""


class Export:
    """One export. It starts at once; `cancel` leaves no file."""

    def __init__(
        self,
        plan: ExportPlan,
        *,
        explorer: Explorer,
        marks: Marks,
        stored: SessionStore,
        tasks: Tasks,
        status: SessionStatus,
    ) -> None:
        self.changed: Signal[None] = Signal()
        """The state is another one."""
        self.state = ExportState(ExportPhase.LOADING if plan.load_all else ExportPhase.WRITING, plan.destination.path)
        """How things stand now."""
        self.plan = plan
        self._explorer = explorer
        self._marks = marks
        self._stored = stored
        self._status = status
        self._signals = (explorer.changed, explorer.replaced, status.changed)
        self._file = NewFile(plan.destination)
        self._load_is_ours = False
        self._task = tasks.start(self._run(tasks), "export")

    def cancel(self) -> None:
        """End it without a file, and with it the load that it has started. Nothing once the file gets its name."""
        if self.state.phase is ExportPhase.HALTED:
            # What was to be loaded would come with the next connection.
            self._stop_load()
        elif self.state.phase is not ExportPhase.NAMING:
            self._task.cancel()

    async def _run(self, tasks: Tasks) -> None:
        try:
            await tasks.guard(self._export())
        except CtuiError as error:
            self._change(phase=ExportPhase.FAILED, error=error)
        except asyncio.CancelledError:
            self._stop_load()
            self._change(phase=ExportPhase.CANCELLED)
            raise

    async def _export(self) -> None:
        if self.plan.load_all and not await self._load_all():
            self._change(phase=ExportPhase.HALTED)
            return
        if self.plan.marked:
            ids: Sequence[int] = await self._marks.ids()
        else:
            await becomes(self._is_filtered, *self._signals)
            if (error := self._explorer.read_error) is not None:
                raise error
            # Rows come while it is written.
            ids = array("q", self._explorer.rows.ids)
        self._change(phase=ExportPhase.WRITING, rows=len(ids))
        try:
            await self._write(ids)
        finally:
            await self._clear_up()

    # Load.

    async def _load_all(self) -> bool:
        """True once every event of the range is here; False if the load has ended before."""
        state = self._explorer.state.query
        if state.phase is not QueryPhase.COMPLETE or state.store_only:
            self._load_is_ours = not state.loading_all
            self._explorer.everything()
        await becomes(lambda: not self._is_loading(), *self._signals)
        query, session = self._explorer.state.query, self._status.state
        whole = query.phase is QueryPhase.COMPLETE and query.error is None and not query.store_only
        whole = whole and session.phase is not SessionPhase.FAILED
        self._load_is_ours = self._load_is_ours and not whole
        return whole

    def _stop_load(self) -> None:
        if self._load_is_ours:
            self._explorer.stop()

    def _is_loading(self) -> bool:
        query, session = self._explorer.state.query, self._status.state
        if session.phase is SessionPhase.FAILED or query.phase is QueryPhase.FAILED:
            return False
        if query.store_only or session.assumed is not None:
            # Rows of the store, until the service can be asked.
            return self._explorer.state.outstanding.everything
        return query.phase in (QueryPhase.LOADING, QueryPhase.WAITING)

    def _is_filtered(self) -> bool:
        return not self._explorer.state.filtering or self._explorer.read_error is not None

    # Write.

    async def _write(self, ids: Sequence[int]) -> None:
        form, file = self.plan.form, self._file
        await self._off_loop(file.open)
        await self._put(form.head)
        for start in range(0, len(ids), EVALUATED_AT_ONCE):
            portion = ids[start : start + EVALUATED_AT_ONCE]
            events = await self._stored.read_events(portion)
            await self._put(partial(rows_by_region, form, events))
            self._change(written=self.state.written + len(events), gone=self.state.gone + len(portion) - len(events))
        await self._put(form.tail)
        await self._off_loop(file.sync)
        self._change(phase=ExportPhase.NAMING)
        await self._off_loop(partial(file.take_name, replace=self.plan.replace))
        self._change(phase=ExportPhase.DONE)

    async def _clear_up(self) -> None:
        """Remove what has no name yet."""
        removing = asyncio.ensure_future(self._off_loop(self._file.discard))
        await asyncio.wait([removing], timeout=_REMOVING_SECONDS)
        if not removing.done() or removing.exception() is not None:
            self._change(left=self._file.temporary)
            removing.cancel()

    async def _put(self, made: Callable[[], bytes]) -> None:
        """Make bytes and write them, both off the loop."""

        def put() -> int:
            data = made()
            self._file.write(data)
            return len(data)

        size = await self._off_loop(put)
        self._change(size=self.state.size + size)

    @staticmethod
    async def _off_loop(work: Callable[[], T]) -> T:
        return await off_loop(work, "ctui-export")

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self.changed.publish(None)

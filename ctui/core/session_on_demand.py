"""SessionOnDemand: the parts of a session that are made when they are first needed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ctui.core.asked_of_store import AskedOfStore
from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup.queue import LookupQueue
from ctui.core.marks import Marks
from ctui.core.session_reads import SessionReads
from ctui.core.session_state import SessionStatus
from ctui.errors import RecordFar
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.events import EventStore

if TYPE_CHECKING:
    from ctui.core.exporting.export import Export, ExportPlan
    from ctui.core.follow.follow import Follow
    from ctui.core.follow.follow_state import FollowState
    from ctui.core.rows.shape import Shape
    from ctui.core.trace.trace import Trace
    from ctui.model.filter.sightings import FirstTimes


class SessionOnDemand(SessionReads):
    """Makes each of them once, and imports it only then: the first frame needs none."""

    clock: Clock
    queue: LookupQueue
    explorer: Explorer
    marks: Marks
    following: "FollowState | None"
    _status: SessionStatus

    @cached_property
    def sightings(self) -> "AskedOfStore[int, FirstTimes]":
        """Of what the event is the first sighting of its user or role."""
        return AskedOfStore(self._tasks, self._stored, _first_times)

    @cached_property
    def insight_pairs(self) -> "AskedOfStore[int, datetime]":
        """When the stretch of an Insights event ended, or began: the time of the other event of its pair."""
        return AskedOfStore(self._tasks, self._stored, _other_of_insight)

    @cached_property
    def scopes_in_sight(self) -> "AskedOfStore[tuple[int, ...], Mapping[int, tuple[Scope, ...]]]":
        """Where one row is for an event of several scopes: those of the rows in sight."""
        return AskedOfStore(self._tasks, self._stored, lambda _, ids: self._stored.scopes_holding(ids))

    @cached_property
    def scopes_of_record(self) -> "AskedOfStore[int, Sequence[Scope]]":
        """The scopes of the event whose record is read, if it is in several."""

        async def read(_store: EventStore, row_id: int) -> Sequence[Scope] | None:
            return (await self._stored.scopes_holding((row_id,)) or {}).get(row_id)

        return AskedOfStore(self._tasks, self._stored, read)

    @cached_property
    def far_record(self) -> "AskedOfStore[int, object]":
        """Reads the record of an event that is far inside a large log file (`RecordFar`); it is there once this has
        changed."""

        async def read(_store: EventStore, row_id: int) -> object:
            await self._stored.read_far([row_id])
            # It is new each time: meanwhile others may have been read in its place.
            return object()

        return AskedOfStore(self._tasks, self._stored, read)

    @cached_property
    def far_lines(self) -> "AskedOfStore[tuple[int, ...], bool]":
        """The same for rows whose lines only their records have."""

        async def read(_store: EventStore, ids: tuple[int, ...]) -> bool:
            await self._stored.read_far(ids)
            return True

        return AskedOfStore(self._tasks, self._stored, read)

    def event(self, row_id: int) -> Event:
        """As SessionReads; a record that is far away is read in the background from then on."""
        try:
            return super().event(row_id)
        except RecordFar:
            self.far_record.ask(row_id)
            raise

    @cached_property
    def follow(self) -> "Follow":
        """Shows new events as they become available, once it is started."""
        from ctui.core.follow.follow import Follow  # noqa: PLC0415 - the first frame follows nothing

        follow = Follow(
            self.clock,
            self._server_clock,
            self._tasks,
            queue=self.queue,
            queries=self.queries,
            stored=self._stored,
            scopes=self._stored.asked_scopes,
            own_calls=self.explorer.own_calls_hidden,
        )
        follow.changed.subscribe(self._following)
        return follow

    def _following(self, state: "FollowState") -> None:
        self.following = state if state.on else None

    def trace(self, row_id: int) -> "Trace":
        """Start to trace the session of an event: from the store, and by calls for what is not there."""
        from ctui.core.trace.trace import Trace  # noqa: PLC0415 - the first frame needs no trace

        return Trace(row_id, self.queries, self, self._tasks, self._server_clock)

    def export(self, plan: "ExportPlan") -> "Export":
        """Start to write events into a file; `cancel` ends it without one."""
        from ctui.core.exporting.export import Export  # noqa: PLC0415 - the first frame needs no export

        return Export(
            plan,
            explorer=self.explorer,
            marks=self.marks,
            stored=self._stored,
            tasks=self._tasks,
            status=self._status,
        )

    def shape(self) -> "Shape":
        """Start to count what the events on the screen have, and when they happened; `close` ends it."""
        from ctui.core.rows.shape import Shape  # noqa: PLC0415 - the first frame needs no counts

        return Shape(self.explorer, self, self._tasks)


async def _first_times(store: EventStore, row_id: int) -> "FirstTimes | None":
    return await store.first_times(row_id)


async def _other_of_insight(store: EventStore, row_id: int) -> datetime | None:
    return await store.other_of_insight(row_id)

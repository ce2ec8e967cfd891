"""What a feed tells of itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ctui.core.lookup.estimate import Remaining
from ctui.errors import CtuiError
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.scan import Scan


class QueryPhase(StrEnum):
    """What a feed is doing."""

    WAITING = "waiting"
    """For a connection."""
    LOADING = "loading"
    PAUSED = "paused"
    """More may follow when it is asked for."""
    COMPLETE = "complete"
    """The last page of the range is in."""
    FAILED = "failed"
    """What has arrived is kept; `retry` goes on."""


class Halt(StrEnum):
    """Why a load has ended before its goal, and waits for a person."""

    BOUND = "bound"
    """As many events were scanned as asking may cost."""
    NO_PROGRESS = "no progress"
    """The service went on giving pages without a new event."""


@dataclass(frozen=True, slots=True)
class QueryState:
    """A feed at a glance: replaced whenever something happens, so that reading it computes nothing."""

    phase: QueryPhase
    loaded: int
    """Rows visible: the length of the feed's `ids`."""
    scanned: int
    """Events received from the service, those told twice counted once."""
    more: bool
    """True where the service has more pages, or may have."""
    pages: int
    """Pages received."""
    draining: bool
    """True while everything in range is being loaded, or all up to `scan_to`."""
    oldest: datetime | None
    """How far back pages have reached, UTC."""
    newest: datetime | None
    """The newest event shown, UTC."""
    error: CtuiError | None
    """Why the feed failed; why rows come from the store alone; or why one of its scopes is not gone on with."""
    lookup: Lookup
    scan: Scan | None
    """The question as it was pinned; None until it has begun."""
    asked_at: datetime | None = None
    """When that was, by the server's clock."""
    api: tuple[LookupAttribute, ...] = ()
    """What the service selects by, one scan for each value; () where everything is scanned, or nothing is asked."""
    asking: bool = True
    """False where all was known from the start, so that the service is not asked."""
    remaining: Remaining | None = None
    """What is left to load of the range, or up to `scan_to`; None while nothing tells it."""
    refused: tuple[str, ...] = ()
    """Regions that are not gone on with, for the error told, while others are."""
    rechecking: bool = False
    """True while what is shown is asked for once more, behind the rows."""
    rechecked_to: datetime | None = None
    """How far back that has come, UTC; None before its first page."""
    late: int = 0
    """Events that it has found and that were not here before."""
    unreadable: int = 0
    """Events among the rows that could not be read, or not in full."""
    unasked: int = 0
    """Rows of the store that lie further back than pages have reached: between them there may be events not here."""
    scan_to: int | None = None
    """While draining: how many events are scanned before it stops; None where it goes on to the end."""
    halt: Halt | None = None
    """Why nothing goes on by itself before the end; None where something does, or more has been wished since."""
    pages_without_progress: int = 0
    """How many pages in a row brought nothing, where that is why; else 0."""
    stored: bool = False
    """True where rows come from the store alone, since there is no connection."""


def instant(second: int) -> datetime:
    """An epoch second as an instant, UTC."""
    return datetime.fromtimestamp(second, UTC)

"""ExplorerState: the question on the screen and its answer at a glance."""

from datetime import datetime
from typing import TYPE_CHECKING

from ctui.core.explorer.first_asked import FirstAskedState
from ctui.core.lookup.load_goal import Outstanding
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.filter.terms import Filter, Term
from ctui.model.lookup.timespan import Timespan
from ctui.model.values import dataclass

if TYPE_CHECKING:
    from ctui.model.log_files.files_in_range import FilesInRange

NOTHING_OUTSTANDING = Outstanding(everything=False, scan_to=None, pages=0)


@dataclass(frozen=True, slots=True)
class ExplorerState:
    """A snapshot of an explorer: made once for each change, read by everything that is drawn."""

    query: QueryState
    """The query that loads the rows."""
    line: Filter
    """What filters now: the last line that could be read."""
    timespan: Timespan
    """The time range that is shown: the one in the line, or the one next to it. It names no time of day and no day."""
    pinned: tuple[int | None, int]
    """The range's first and last second, epoch, of what filters now; None for the start of history."""
    shown: int
    """Rows that match."""
    filtering: bool
    """True while rows are here that were not compared with the line yet."""
    unmatched: bool
    """True if no row matches the term that is being typed, and those of the line before it are shown."""
    exclusions: Exclusions
    """While no row matches: which terms hide how many rows."""
    client_filter: tuple[Term, ...]
    """The terms that are filtered here, because the service was not asked for them."""
    answered: bool
    """True if the query asks exactly this, or is the complete answer to a wider question, or nothing can match."""
    covered: bool
    """True if the query, once complete, holds every event that matches the line."""
    stale: bool
    """True if the service may know more by now: see `is_stale`."""
    impossible: bool = False
    """True if no event can match the line, so that nothing is asked."""
    own_hidden: int = 0
    """Reads that ctui made by itself, which match and are hidden (see `own_calls`)."""
    own_shown: bool = False
    """True if they are shown because a person has asked for that."""
    read_error: str = ""
    """Why rows could not be read to filter them; "" if they could."""
    passive: bool = False
    """True if the query was started without a call, and nothing has been asked for since."""
    outstanding: Outstanding = NOTHING_OUTSTANDING
    """What was to be loaded and is not loaded yet."""
    newest_row: datetime | None = None
    """When the newest loaded event happened, UTC; None if there is none."""
    oldest_row: datetime | None = None
    """When the oldest loaded event happened, UTC; None if there is none."""
    first: FirstAskedState | None = None
    """The cheap part of the question, if that was asked before the rest."""
    behind: int = 0
    """How many views `back` can return to."""
    ahead: int = 0
    """How many views `forward` can return to."""
    unreached: tuple[str, ...] = ()
    """The logins whose accounts are to be searched too, and are not reached yet."""
    listing_regions: bool = False
    """True while it is not known yet which Regions are all that are to be searched."""

    files: "FilesInRange | None" = None
    """What can be said of the log files that are searched too; None if there are none."""

    @property
    def complete(self) -> bool:
        """True if every event that matches is among the rows, by what the service has said. Log files never say so."""
        missing = self.read_error or self.unreached or self.listing_regions or self.files
        return self.impossible or (self.covered and self.query.phase is QueryPhase.COMPLETE and not missing)

    @property
    def subject(self) -> tuple[object, ...]:
        """What an explanation is about: values that were read from the store for another one explain nothing here."""
        return (self.line, self.timespan, self.query.lookup, self.query.scanned, self.shown > 0)

    @property
    def asked(self) -> bool:
        """True where nothing would be asked of the service for this again."""
        return self.answered and not self.stale and not self.read_error

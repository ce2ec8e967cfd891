"""What an inquiry tells of itself."""

from dataclasses import dataclass
from datetime import datetime

from ctui.core.lookup.load_goal import Outstanding
from ctui.core.lookup.query_state import QueryState
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.filter.terms import Filter, Term
from ctui.model.lookup.timespan import Timespan

NOTHING_OUTSTANDING = Outstanding(everything=False, scan_to=None, pages=0)


@dataclass(frozen=True, slots=True)
class ExplorerState:
    """An inquiry at a glance."""

    feed: QueryState
    line: Filter
    """What filters now: the last line that could be read."""
    timespan: Timespan
    """The stretch of time that is shown."""
    shown: int
    """Rows in sight."""
    judging: bool
    """True while rows are here that were not held against the line yet."""
    removed: Exclusions
    """While nothing passes: what keeps out how many rows."""
    here: tuple[Term, ...]
    """The terms that are judged here, because the service was not asked for them."""
    answered: bool
    """True where the feed asks just this, or has told all of it; False where the line only filters."""
    covered: bool
    """True where the feed, once it is complete, holds all that answers the line: it asks just this, or more."""
    old: bool
    """True where to ask again may tell more: the range has moved, or had not settled, or nobody answered."""
    trouble: str = ""
    """Why rows could not be read to filter them; "" if they could."""
    passive: bool = False
    """True if the query was started without a call, and nothing has been asked for since."""
    outstanding: Outstanding = NOTHING_OUTSTANDING
    """What was to be loaded and is not loaded yet."""
    newest_row: datetime | None = None
    """When the newest loaded event happened, UTC; None if there is none."""
    oldest_row: datetime | None = None
    """When the oldest loaded event happened, UTC; None if there is none."""
    behind: int = 0
    """How many views `back` can return to."""
    ahead: int = 0
    """How many views `forward` can return to."""

    @property
    def asked(self) -> bool:
        """True where nothing would be asked of the service for this again."""
        return self.answered and not self.old and not self.trouble

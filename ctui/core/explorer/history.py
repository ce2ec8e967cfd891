"""History: the views a person has looked at, to go back and forward between them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ctui.core.explorer.first_asked import FirstAsked
from ctui.core.explorer.typed_line import TypedLine
from ctui.core.lookup.event_query import EventQuery
from ctui.model.values import dataclass

MOST_VIEWS = 20
"""Views that are kept; each may hold the rows of a query of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is: on which event, and how far below the top of the list."""

    row_id: int | None
    """The event; None while the cursor stays on the newest one, whichever that is."""
    line: int = 0
    """Lines between the first line of the list on the screen and the cursor."""


@dataclass(frozen=True, slots=True)
class View:
    """A question as it looked on the screen."""

    typed: TypedLine
    regions: tuple[str, ...]
    """Regions that were searched besides the working one."""
    query: EventQuery
    """The query whose rows were shown."""
    place: Place | None = None
    """Where the cursor was; None if it was not on the screen yet."""
    first: FirstAsked | None = None
    """The cheap part of the question, if that was asked before the rest."""


class History:
    """A bounded list of views with a current one. A new view drops those ahead of it, as in a browser."""

    def __init__(self, first: View) -> None:
        self._views = [first]
        self._at = 0

    @property
    def current(self) -> View:
        """The current view as it was when it was last updated."""
        return self._views[self._at]

    @property
    def behind(self) -> int:
        """How many views `back` can reach."""
        return self._at

    @property
    def ahead(self) -> int:
        """How many views `forward` can reach."""
        return len(self._views) - self._at - 1

    def update(self, view: View) -> None:
        """The current view looks like this now."""
        self._views[self._at] = view

    def push(self, view: View) -> None:
        """A new view follows the current one; the oldest view goes if there are too many."""
        self._views = [*self._views[: self._at + 1], view][-MOST_VIEWS:]
        self._at = len(self._views) - 1

    def add_regions(self, regions: Sequence[str]) -> None:
        """These Regions are searched in every view: they were to be from the start, and are known only now."""
        self._views = [replace(view, regions=tuple(dict.fromkeys((*view.regions, *regions)))) for view in self._views]

    def step(self, by: int, left: View) -> View | None:
        """Make the previous view (-1) or the next one (1) current and return it; None, and no change, if there is none.

        `left` is the current view as it looks now.
        """
        if not 0 <= self._at + by < len(self._views):
            return None
        self.update(left)
        self._at += by
        return self.current

    def others(self) -> Iterator[View]:
        """All views but the current one."""
        return (view for at, view in enumerate(self._views) if at != self._at)

    def queries(self) -> Iterator[EventQuery]:
        """The queries of all views, the latest view's first."""
        return (view.query for view in reversed(self._views))

"""TrailList: the trails, one line each, or the accounts and Regions that have log files. The cursor stays on its line
when the list is fetched again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from textual.message import Message

from ctui.core.trails.trail_book import TrailEntry
from ctui.model.log_files.tree_state import Deliveries
from ctui.render.panes.trail_list import trail_row
from ctui.render.roles import Line
from ctui.ui.widgets.pane_view import PaneView


class TrailList(PaneView):
    """Name, whether it logs, home Region, and a mark for its health."""

    class Selected(Message):
        """Another trail is under the cursor, or none."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._entries: Sequence[TrailEntry] = ()
        self._region = ""
        self._now = datetime.min.replace(tzinfo=UTC)
        self._empty: Callable[[int], tuple[Line, ...]] = _nothing
        self._chosen: str | None = None
        self._deliveries: Sequence[Deliveries] = ()
        self._names: Mapping[str, str] = {}

    def show(self, entries: Sequence[TrailEntry], region: str, now: datetime) -> None:
        """Draw these trails as seen from a Region, as healthy as they are at `now`, an aware instant."""
        self._entries, self._region, self._now = entries, region, now
        keys = [entry.trail.key for entry in entries]
        self.recount()
        self.refresh()
        if not keys:
            self.cursor = None
        else:
            self.cursor = keys.index(self._chosen) if self._chosen in keys else min(self.cursor or 0, len(keys) - 1)
            self._chosen = keys[self.cursor]
        self.post_message(self.Selected())

    def show_deliveries(self, deliveries: Sequence[Deliveries], names: Mapping[str, str], now: datetime) -> None:
        """Draw the accounts and Regions that have log files; `names`: what accounts are called."""
        before = self.delivery
        self._deliveries, self._names, self._now = deliveries, names, now
        places = [(one.account, one.region) for one in deliveries]
        self.recount()
        self.refresh()
        if not places:
            self.cursor = None
        elif before is not None and (before.account, before.region) in places:
            self.cursor = places.index((before.account, before.region))
        else:
            self.cursor = min(self.cursor or 0, len(places) - 1)
        self.post_message(self.Selected())

    @property
    def delivery(self) -> Deliveries | None:
        """The account and Region under the cursor, if those are shown."""
        return None if self.cursor is None or self.cursor >= len(self._deliveries) else self._deliveries[self.cursor]

    def choose(self, key: str) -> None:
        """Put the cursor on the trail of this key, at once or when it is listed."""
        self._chosen = key
        keys = [entry.trail.key for entry in self._entries]
        if key in keys:
            self.cursor = keys.index(key)

    def explain(self, build: Callable[[int], tuple[Line, ...]]) -> None:
        """Set the lines of the pane while there are no trails."""
        self._empty = build
        self.placeholder_changed()

    @property
    def chosen(self) -> TrailEntry | None:
        """The trail under the cursor."""
        return None if self.cursor is None or self.cursor >= len(self._entries) else self._entries[self.cursor]

    def count(self) -> int:
        """How many trails, or accounts and Regions."""
        return len(self._deliveries or self._entries)

    def top(self) -> tuple[Line, ...]:
        """The titles of columns, where there is room for those."""
        if not self._deliveries:
            return ()
        from ctui.render.panes.tree_list import delivery_titles  # noqa: PLC0415 - most sessions have no log files

        titles = delivery_titles(self.line_width)
        return (titles,) if titles else ()

    def line(self, number: int) -> Line:
        """One trail, or one account and Region."""
        if self._deliveries:
            from ctui.render.panes.tree_list import delivery_row  # noqa: PLC0415 - most sessions have no log files

            return delivery_row(self._deliveries[number], self._names, self._now, self.line_width)
        entry = self._entries[number]
        return trail_row(
            entry.trail, entry.status, entry.error, now=self._now, region=self._region, width=self.line_width
        )

    def placeholder(self) -> tuple[Line, ...]:
        """Why there are no trails."""
        return self._empty(self.line_width)

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        """Remember the trail."""
        super().watch_cursor(old, new)
        if (entry := self.chosen) is not None:
            self._chosen = entry.trail.key
        self.post_message(self.Selected())


def _nothing(_width: int) -> tuple[Line, ...]:
    return ()

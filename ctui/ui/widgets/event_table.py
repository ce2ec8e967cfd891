"""EventTable: the events of a query, drawn by id. It holds no rows; the cursor stays on its event as pages come."""

from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence, Sized
from datetime import date

from textual import work
from textual.events import Click, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from ctui.core.explorer.history import Place
from ctui.render.panes.event_lines import day_line, event_row, titles
from ctui.render.panes.horizon_line import HorizonWords, horizon_line
from ctui.render.panes.row_mark import LATE, with_mark
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.ui.widgets.headings import DatedRows, Headings, HoleAt, HorizonAt
from ctui.ui.widgets.newest_seen import NewestSeen
from ctui.ui.widgets.pane_view import FIRST, PaneView, Step
from ctui.ui.widgets.rows_at_hand import ReadSummaries, ReadValues, RowsAtHand

NEAR_END = 20
"""So many rows before the last one more are asked for."""
_LINES_LEFT = 4
"""The same for the mouse wheel, which moves no cursor: lines below those in sight."""
_GONE = "  this event is no longer in the store"


class EventTable(PaneView):
    """The rows of one query, newest first, with a line before each day, and one where knowledge of a scope ends."""

    class NearEnd(Message):
        """The cursor or what is in sight came close to the last row."""

        def __init__(self, *, filling: bool = False) -> None:
            """`filling`: no movement, only room for more rows."""
            super().__init__()
            self.filling = filling

    class TitlesClicked(Message):
        """The titles of the columns were clicked."""

    def __init__(self, summaries: ReadSummaries, values: ReadValues | None = None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._at_hand = RowsAtHand(summaries)
        self.marked: Callable[[], Container[int]] = frozenset
        """Returns the rows that are marked; `marks_changed` is to be called when they are others."""
        self.late: Container[int] = frozenset()
        """The rows that carry the sign of what came late."""
        self.scopes_of: Callable[[tuple[int, ...]], Mapping[int, Sized]] = _nowhere
        """Called with the rows in sight, and again when more may be known of them. Returns in which scopes their events
        were found, of those found in several, as far as that is known; `add_scopes` is called when more is."""
        self._follows = False
        self._newest_seen = NewestSeen()
        self._values = values
        self._reading: list[int] = []
        self._ids: Sequence[int] = ()
        self._headings = Headings(0)
        self._horizons: tuple[HorizonAt, ...] = ()
        self._holes: tuple[HoleAt, ...] = ()
        self._rows: DatedRows | None = None
        self._fitted: DatedRows | None = None
        self._laid_out_for = 0
        """The width that the columns were made for."""
        self._chosen: int | None = None
        self._wanted: int | None = None
        self._returning: Place | None = None
        self._empty: Callable[[int], tuple[Line, ...]] = _nothing
        self._user_moved = False
        self._seen: tuple[Hashable, ...] = ()
        self._filled_with = 0
        self._quiet = False
        self._own_scroll = False

    # What it shows.

    def show_missing(self, horizons: tuple[HorizonAt, ...], holes: tuple[HoleAt, ...]) -> None:
        """From now on these scopes end between the rows, and there files may be missing."""
        if (horizons, holes) != (self._horizons, self._holes):
            self._horizons, self._holes = horizons, holes
            if self._rows is not None:
                self._put(self._rows, typing=self._rows is not self._fitted)

    def show(self, rows: DatedRows, *, reset: bool = False, typing: bool = False) -> None:
        """Draw these rows, newest first. `reset`: they belong to another query than those before. `typing`: to a line
        that is being typed, so that columns keep still.

        Until the cursor was moved it stays on the newest row; afterwards on its event, on the same line of the screen.
        While new events are followed it stays on its event in any case, and if it was not moved, newer rows come into
        sight above it for as long as there is room.
        """
        if reset:
            self._forget_rows()
            self._returning = None
        self._put(rows, typing=typing)

    def return_to(self, rows: DatedRows, place: Place) -> None:
        """Draw the rows of a view that was left at this place. If its event is not among them yet, wait for it."""
        self._forget_rows()
        self._wanted, self._returning = None, place
        self._put(rows)

    def _forget_rows(self) -> None:
        """Forget the rows on the screen, and which of them the cursor was on."""
        self._chosen, self._user_moved, self._quiet, self._led_away = None, False, False, False
        self._at_hand.forget()
        self._seen = ()
        self._newest_seen.forget()
        self._filled_with = 0

    def _put(self, rows: DatedRows, *, typing: bool = False) -> None:
        if rows is not self._fitted and not typing:
            self._fitted = rows
            self._at_hand.fit()
        shift = 0 if self.cursor is None else self.cursor - self.first_in_sight
        read = self._row_being_read()
        ids = rows.ids
        self._rows, self._ids, self._headings = rows, ids, Headings.of(rows, self._horizons, self._holes)
        row = self._row_of_chosen(rows)
        self.recount()
        self._read_ahead()
        if row is None:
            self.cursor = None
            self.set_foot(())
            self.refresh()
            return
        self._chosen = ids[row]
        line = self._headings.line_of(row)
        if self._returning is not None and self._returning.row_id in (None, self._chosen):
            # Rows below may still be missing: until the cursor is moved, this is done each time.
            self._user_moved = self._returning.row_id is not None
            self.cursor = line
            self._scroll_line(max(0, line - self._returning.line))
        elif line != self.cursor:
            self.cursor = line
            if self._user_moved:
                self._scroll_line(max(0, line - shift))
        elif read is not None and (place := rows.index_of(read[0])) is not None:
            self._scroll_line(max(0, self._headings.line_of(place) - read[1]))
        elif read is not None or not self._led_away:
            self.reveal()
        self._fill(len(rows.ids))
        self._date_the_foot()
        self._newest_seen.look(rows, at_top=self.first_in_sight == 0)
        seen = self.keys_in_sight()
        if seen != self._seen:
            self._seen = seen
            self.refresh()

    def _row_being_read(self) -> tuple[int, int] | None:
        """The first row in sight and its place there, if the mouse has led away from a cursor that was not moved."""
        if self._user_moved or not self._led_away:
            return None
        row = self._first_row_in_sight()
        return None if row is None else (self._ids[row], self._headings.line_of(row) - self.first_in_sight)

    def _first_row_in_sight(self) -> int | None:
        """The first row in sight, below headings if those are first; None if there are no rows that low."""
        return self._headings.row_from(self.first_in_sight) if self.first_in_sight < self.count() else None

    def follow(self, late: Container[int], *, on: bool) -> None:
        """New events are followed, or no longer; these rows carry the sign of what came late."""
        self._follows = on
        if late != self.late:
            self.late = late
            self.redraw_lines()

    @property
    def new_above(self) -> int:
        """Rows above those in sight that have come since the list was at its top; 0 while nothing is followed."""
        if not self._follows or self._rows is None:
            return 0
        return self._newest_seen.above(self._rows, self._first_row_in_sight() or 0)

    def explain(self, build: Callable[[int], tuple[Line, ...]]) -> None:
        """Set the lines of the pane while there are no rows."""
        self._empty = build
        self.explain_again()

    def explain_again(self) -> None:
        """What `explain` was given says something else now."""
        self.placeholder_changed()

    def marks_changed(self) -> None:
        """Other rows are marked."""
        self.redraw_lines()

    def read_again(self) -> None:
        """Lines say something else now."""
        self._at_hand.reread()
        self._read_ahead()
        self.redraw_lines()

    def add_scopes(self, scopes: Mapping[int, Sized]) -> None:
        """In which scopes the events of these rows were found, of those found in several."""
        if self._at_hand.add_scopes(scopes):
            self._lay_out()
            self.redraw_lines()

    @property
    def chosen(self) -> int | None:
        """Row id of the event under the cursor, or None if there are no rows."""
        return self._chosen if self._ids else None

    @property
    def row(self) -> int | None:
        """The cursor's row, from 0."""
        return None if self.cursor is None else self._headings.row_at(self.cursor)

    def place_in(self, rows: DatedRows) -> Place | None:
        """Where the cursor is in these rows, or is to be once they are here; None if others are shown."""
        if rows is not self._rows:
            return None
        if self._returning is not None:
            return self._returning
        return Place(self._chosen if self._user_moved else None, (self.cursor or 0) - self.first_in_sight)

    def choose(self, row_id: int) -> None:
        """Put the cursor on this event, at once or as soon as it is among the rows, unless it is moved before."""
        row = None if self._rows is None else self._rows.index_of(row_id)
        self._returning = None
        if row is None:
            self._wanted = row_id
        else:
            self._user_moved = True
            self.cursor = self._headings.line_of(row)

    def keep_cursor(self) -> None:
        """The same question is asked again: go back to the event under the cursor, if it was led there."""
        if self._user_moved and self._chosen is not None:
            self._wanted = self._chosen

    def pin_cursor(self) -> None:
        """From now on the cursor stays on its event, although it was never moved."""
        self._user_moved = True
        if self.chosen is not None:
            self._returning = None

    def stop_filling(self) -> None:
        """The person has stopped a load: room for more rows is no reason to go on, only a movement is."""
        self._quiet = True

    def _fill(self, rows: int) -> None:
        """Ask for more if new rows leave room below the last; a larger pane alone is no reason."""
        if rows == self._filled_with or not self.scrollable_content_region:
            return
        self._filled_with = rows
        if self.count() < self.page and not self._quiet:
            self.post_message(self.NearEnd(filling=True))

    def _date_the_foot(self) -> None:
        """The day of the first row in sight, if its heading is scrolled away."""
        first = self.first_in_sight
        gone = 0 < first < self.count() and not isinstance(self._headings.heading_at(first), date)
        self.set_foot(((times.day(self._headings.date_at(first)), Role.DIM),) if gone else ())

    def _row_of_chosen(self, rows: DatedRows) -> int | None:
        count = len(rows.ids)
        if not count:
            return None
        if self._wanted is not None and (row := rows.index_of(self._wanted)) is not None:
            self._wanted, self._user_moved = None, True
            return row
        if self._returning is not None and self._returning.row_id is not None:
            row = rows.index_of(self._returning.row_id)
            return 0 if row is None else row
        if self._chosen is None or not (self._user_moved or self._follows):
            return 0
        row = rows.index_of(self._chosen)
        return min(self.row or 0, count - 1) if row is None else row

    def on_resize(self, _event: Resize) -> None:
        """Other columns fit, and more rows are in sight; Textual calls the handlers of the base classes as well."""
        self._read_ahead()

    def on_show(self) -> None:
        """Rows may have come while it was hidden."""
        if self._rows is not None:
            self._fill(len(self._rows.ids))

    # Its columns. They change where rows are read, so that drawing finds them as they are.

    @property
    def one_region(self) -> str:
        """The Region of all rows, unless a column says it; "" if they differ."""
        return self._at_hand.one_region

    @property
    def chosen_columns(self) -> tuple[str, ...]:
        """The columns that are shown if there is room and they are not empty."""
        return self._at_hand.chosen

    def choose_columns(self, names: Sequence[str]) -> None:
        """Show these columns, in this order."""
        self._at_hand.choose(names)
        self._read_ahead()
        self.redraw_lines()

    def search(self, regions: Iterable[str], names: Mapping[str, str]) -> None:
        """Rows are of one of these Regions, whatever was read of them; `names` are those of accounts."""
        if self._at_hand.search(regions, names):
            self.redraw_lines()
        self._lay_out()

    def _read_ahead(self) -> None:
        """Read the rows in sight and a screenful more if one in sight was not read yet, and fit the columns to them."""
        row = self._first_row_in_sight()
        if row is not None and not self._at_hand.is_measured(self._ids[row : row + self.page]):
            self._at_hand.read(self._ids[row : row + 2 * self.page])
        if row is not None and self._values is not None:
            unread = self._at_hand.without_values(self._ids[row : row + 2 * self.page])
            if unread and unread != self._reading:
                self._reading = unread
                self._read_values(self._values, unread, self._at_hand.paths)
        if row is not None:
            self.add_scopes(self.scopes_of(tuple(self._ids[row : row + self.page])))
        self._lay_out()

    @work(group="values", exclusive=True)
    async def _read_values(self, read: ReadValues, ids: list[int], paths: tuple[str, ...]) -> None:
        """Records may be large: they are read while keys go on, and their cells are blank until then."""
        values = await read(ids, paths)
        self._reading = []
        if paths == self._at_hand.paths:
            self._at_hand.add_values(values)
            self._lay_out()
            self.redraw_lines()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the pane. The first drawing comes before the message that tells the size."""
        if self.line_width != self._laid_out_for:
            self._read_ahead()
        return super().render_lines(crop)

    def _lay_out(self) -> None:
        self._laid_out_for = self.line_width
        if self._at_hand.lay_out(self.line_width):
            self.redraw_lines()

    # What PaneView asks.

    def count(self) -> int:
        """Rows and headings."""
        return self._headings.lines

    def choosable(self, number: int) -> bool:
        """The cursor skips headings."""
        return self._headings.row_at(number) is not None

    def top(self) -> tuple[Line, ...]:
        """Column titles."""
        return (titles(self._at_hand.columns),)

    def placeholder(self) -> tuple[Line, ...]:
        """Why there are no rows."""
        return self._empty(self.line_width)

    def line_key(self, number: int) -> Hashable:
        """An event's row id, what a heading says."""
        row = self._headings.row_at(number)
        return self._headings.heading_at(number) if row is None else self._ids[row]

    def lasting(self, number: int) -> bool:
        """Not a row that could not be read: the store may have it the next time."""
        row = self._headings.row_at(number)
        return row is None or self._ids[row] in self._at_hand

    def line(self, number: int) -> Line:
        """One event, one day, or where knowledge ends."""
        row = self._headings.row_at(number)
        if row is None:
            heading = self._headings.heading_at(number)
            if isinstance(heading, HorizonWords):
                return horizon_line(heading, self.line_width)
            if isinstance(heading, date) or heading is None:
                return day_line(self._headings.date_at(number), self.line_width)
            from ctui.render.panes.hole_line import hole_line  # noqa: PLC0415 - most sessions have no log files

            return hole_line(heading, self.line_width)
        row_id = self._ids[row]
        if row_id not in self._at_hand:
            # The store could not be read before.
            self._at_hand.read(self._ids[row : row + self.page])
        summary = self._at_hand.summary(row_id)
        if summary is None:
            return ((_GONE, Role.DIM),)
        line = event_row(summary, self._at_hand.columns, self._at_hand.cells(row_id))
        if row_id in self.marked():
            return with_mark(line)
        return with_mark(line, LATE) if row_id in self.late else line

    # What the person does.

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        """Remember the event, and ask for more near the end."""
        super().watch_cursor(old, new)
        row = self.row
        if row is not None and row < len(self._ids):
            self._chosen = self._ids[row]

    def move(self, *steps: Step) -> None:
        """Move, and keep to the event from now on; from the newest row only until newer ones arrive."""
        if not steps:
            # A key that moves nothing.
            return
        self._user_moved, self._wanted, self._returning = steps[-1:] != (FIRST,), None, None
        super().move(*steps)
        if any(step != FIRST for step in steps):
            self._watch_end()

    def on_click(self, event: Click) -> None:
        """The cursor goes where the person points; Textual calls the handler of the base class as well."""
        self._returning = None
        offset = event.get_content_offset(self)
        if offset is not None and self.count():
            if offset.y >= len(self.top()):
                self._user_moved, self._wanted = True, None
            elif event.chain == 1:
                self.post_message(self.TitlesClicked())

    def on_mouse_scroll_down(self) -> None:
        """The person scrolls."""
        self._returning = None

    def on_mouse_scroll_up(self) -> None:
        """The person scrolls."""
        self._returning = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling by mouse comes near the end, too; a pane that keeps its cursor in sight does not."""
        super().watch_scroll_y(old_value, new_value)
        self._read_ahead()
        self._date_the_foot()
        if self._rows is not None:
            self._newest_seen.look(self._rows, at_top=self.first_in_sight == 0)
        if new_value > old_value and not self._own_scroll:
            self._watch_end()

    def _scroll_line(self, first: int) -> None:
        self._own_scroll = True
        try:
            super()._scroll_line(first)
        finally:
            self._own_scroll = False

    def _watch_end(self) -> None:
        self._quiet = False
        end = self.count()
        near = self.cursor is not None and self.cursor >= end - NEAR_END
        if end and (near or self.first_in_sight + self.page >= end - _LINES_LEFT):
            self.post_message(self.NearEnd())


def _nowhere(_rows: tuple[int, ...]) -> Mapping[int, Sized]:
    return {}


def _nothing(_width: int) -> tuple[Line, ...]:
    return ()

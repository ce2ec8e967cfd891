"""PaneView: a pane that draws only the lines in sight, with a cursor line or without one."""

from collections.abc import Hashable
from typing import ClassVar

from textual.events import Blur, Click, Focus, Leave, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.ui.widgets.frame import Frame
from ctui.ui.widgets.framed_lines import FramedLines
from ctui.ui.widgets.selected_cells import highlighted, selected_lines, selected_text

CURSOR_MARK = "▌"
_STRIPS = 1_000
"""SpanWidget lines kept; a screenful is at most a tenth of that."""


@dataclass(frozen=True, slots=True)
class Step:
    """One movement: by lines or screenfuls, down where positive; or all the way in that direction."""

    lines: int = 0
    pages: float = 0
    to_end: bool = False


FIRST, LAST = Step(-1, to_end=True), Step(1, to_end=True)


class PaneView(Frame, ScrollView, can_focus=True, inherit_bindings=False):
    """Draws `line(n)` for the lines in sight, so a million lines cost what a screenful costs.

    A subclass says how many lines there are (`count`), what each holds (`line`), and which can be chosen (`choosable`).
    `cursor` is the chosen line, or None in a view that only scrolls. Lines that stay on top (`top`) do not scroll.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--cursor"}

    cursor: reactive[int | None] = reactive(None, repaint=False)

    class Moved(Message):
        """The cursor reached another line, or what can be seen changed."""

        def __init__(self, view: "PaneView") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "PaneView":
            """The view it happened in."""
            return self.view

        def can_replace(self, message: Message) -> bool:
            """Only the last place counts."""
            return isinstance(message, PaneView.Moved) and message.view is self.view

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, view: "PaneView", clicks: int) -> None:
            """`clicks`: 2 for a double click, which follows the message of its first click."""
            super().__init__()
            self.view = view
            self.clicks = clicks

        @property
        def control(self) -> "PaneView":
            """The view it happened in."""
            return self.view

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._styles_cache = FramedLines()
        self._strips: dict[tuple[Hashable, bool, int], Strip] = {}
        self._frame: tuple[int, int, tuple[Line, ...], int] | None = None
        self._selection: Selection | None = None
        self._clicks = 0
        """Clicks at one place, one behind the other, that came here."""
        self._led_away = False
        """Whether the mouse has scrolled the cursor out of sight: then the view is what is being read."""
        self._instead: tuple[Line, ...] = ()
        self._instead_width = -1

    # What a subclass says. Textual's widgets have a metaclass of their own, so that no abstract class can demand it.

    has_cursor = True
    made_for_width = False
    """Whether its lines are wrapped, so that there are none, or others, before it is laid out."""

    def count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def line(self, number: int) -> Line:
        """The spans of one line."""
        raise NotImplementedError

    def top(self) -> tuple[Line, ...]:
        """Lines that stay in place above the scrolling ones."""
        return ()

    def line_key(self, number: int) -> Hashable:
        """What the drawn line depends on besides width, cursor and theme, or None if it may differ each time."""
        return None

    def lasting(self, number: int) -> bool:
        """Whether a drawn line may be kept for its key; False if the line could not be read."""
        return True

    def choosable(self, number: int) -> bool:
        """Whether the cursor may rest on a line."""
        return True

    def placeholder(self) -> tuple[Line, ...]:
        """The lines of an empty pane: why it is empty, and the key that helps."""
        return ()

    # Geometry.

    @property
    def line_width(self) -> int:
        """Cells a line may take: all but the gutter at the left."""
        return max(0, self.scrollable_content_region.width - 1)

    @property
    def page(self) -> int:
        """Scrolling lines in sight."""
        return max(1, self.scrollable_content_region.height - len(self.top()))

    @property
    def first_in_sight(self) -> int:
        """Number of the first scrolling line in sight."""
        return self.scroll_offset.y

    def recount(self) -> None:
        """To be called when the number of lines may have changed; the caller refreshes those in sight."""
        count = self.count()
        lines = count + len(self.top()) if count else len(self._placeholder_lines())
        self._set_virtual_size(Size(self.scrollable_content_region.width, lines))
        if self.has_cursor and self.cursor is not None and self.cursor >= count:
            self.cursor = self._nearest(count - 1, -1) if count else None

    def _set_virtual_size(self, size: Size) -> None:
        """Set it, and lay out the screen only if the scroll bar comes or goes, or lines go from above the last one."""
        before = self.virtual_size
        if before.width == size.width and self.container_size.height < before.height <= size.height:
            self.set_reactive(PaneView.virtual_size, size)
            self._scroll_update(size)
        else:
            self.virtual_size = size

    def placeholder_changed(self) -> None:
        """To be called when `placeholder` would say something else: it is asked once, and again for another width."""
        self._instead_width = -1
        if not self.count():
            self.recount()
            self.refresh()

    def _placeholder_lines(self) -> tuple[Line, ...]:
        if self._instead_width != self.line_width:
            self._instead_width = self.line_width
            self._instead = self.placeholder()
        return self._instead

    def keys_in_sight(self) -> tuple[Hashable, ...]:
        """The keys of the lines in sight: equal ones look alike."""
        first = self.first_in_sight
        return tuple(self.line_key(number) for number in range(first, min(first + self.page, self.count())))

    def on_resize(self, _event: Resize) -> None:
        """Lines are as wide as the pane."""
        self._strips.clear()
        self.recount()
        self.refresh()
        if not self._led_away:
            self.reveal()

    def on_focus(self, _event: Focus) -> None:
        """The cursor line looks different with the focus."""
        self.redraw_lines()

    def on_blur(self, _event: Blur) -> None:
        """The cursor line looks different without the focus."""
        self.redraw_lines()

    def redraw_lines(self) -> None:
        """To be called when the lines in sight are made another way than before."""
        self._strips.clear()
        self.refresh()

    # Drawing.

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the pane with its border. What is the same for all of them is found out once."""
        self._frame = None
        self._frame = self._measured()
        try:
            return super().render_lines(crop)
        finally:
            self._frame = None

    def _measured(self) -> tuple[int, int, tuple[Line, ...], int]:
        """(Cells of a line, number of lines, lines on top, the first line in sight)."""
        return self.scrollable_content_region.width, self.count(), self.top(), self.first_in_sight

    def render_line(self, y: int) -> Strip:
        """One line of the viewport."""
        width, count, top, first = self._frame or self._measured()
        if not count:
            lines = self._placeholder_lines()
            y += first
            return self.draw(((" ", Role.PLAIN), *lines[y]) if y < len(lines) else (), width)
        if y < len(top):
            return self.draw(self._gutter(False) + top[y], width)
        number = first + y - len(top)
        if number >= count:
            return self.draw((), width)
        strip = self._line_strip(number, width)
        return strip if self._selection is None else highlighted(strip, self._selection, number)

    # Selecting with the mouse.

    def place_at(self, x: int, y: int) -> Offset:
        """The cell and the number of the line at a place of the screen, or the nearest to it."""
        region, top = self.content_region, len(self.top())
        line = max(top, min(y - region.y, region.height - 1)) - top + self.first_in_sight
        return Offset(max(0, min(x - region.x, region.width)), max(0, min(line, self.count() - 1)))

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text and what follows it; None if there are no lines."""
        width, numbers = self.scrollable_content_region.width, selected_lines(selection, self.count())
        if not numbers:
            return None
        return "\n".join(selected_text(self._line_strip(one, width), selection, one) for one in numbers), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Other cells are selected, or none."""
        self._selection = selection
        self.refresh()

    def _line_strip(self, number: int, width: int) -> Strip:
        chosen = self.has_cursor and number == self.cursor
        line_key = self.line_key(number)
        key = (line_key, chosen, width)
        if line_key is not None and (known := self._strips.get(key)) is not None:
            return known
        line = self._gutter(chosen) + self.line(number)
        if not chosen:
            strip = self.draw(line, width)
        elif not self.few_colors:
            strip = self.draw(line, width, self.get_visual_style("line--cursor"))
        elif self.has_focus:
            strip = self.draw_reversed(line, width, bold=True)
        else:
            strip = self.draw(line, width)
        if line_key is not None and self.lasting(number):
            if len(self._strips) >= _STRIPS:
                self._strips.clear()
            self._strips[key] = strip
        return strip

    def notify_style_update(self) -> None:
        """Other colors: draw every line again."""
        super().notify_style_update()
        self._strips.clear()

    def _gutter(self, chosen: bool) -> Line:
        if not chosen:
            return ((" ", Role.PLAIN),)
        return ((CURSOR_MARK, Role.ACCENT if self.has_focus else Role.DIM),)

    # Moving.

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        """Redraw the two lines and tell who listens."""
        for number in (old, new):
            if number is not None:
                self.refresh_line(number + len(self.top()))
        if new is not None:
            self.reveal()
        self._led_away = False
        self.post_message(self.Moved(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What is in sight changed."""
        super().watch_scroll_y(old_value, new_value)
        first = self.first_in_sight
        self._led_away = self.cursor is not None and not first <= self.cursor < first + self.page
        self.post_message(self.Moved(self))

    def reveal(self) -> None:
        """Scroll so far that the cursor's line is in sight; while the view is hidden, once it comes back."""
        if self.cursor is None or not self.count() or not self.scrollable_content_region:
            return
        first = self._revealing(self.cursor, self.first_in_sight)
        if first != self.first_in_sight:
            self._scroll_line(first)

    def _revealing(self, cursor: int, first: int) -> int:
        """The first line in sight, once the view has scrolled from `first` as far as the cursor needs."""
        # The line above the first choosable one (a day, say) belongs to it.
        upper = 0 if self._nearest(0, 1) == cursor else cursor
        if upper < first:
            return upper
        return cursor - self.page + 1 if cursor >= first + self.page else first

    def _scroll_line(self, first: int) -> None:
        self.scroll_to(y=first, animate=False, immediate=True, force=True)

    def move(self, *steps: Step) -> None:
        """Make these movements one after another; only the last position is drawn and posted.

        The cursor moves, or the view scrolls if it has no cursor; either stops at both ends.
        """
        count = self.count()
        if not count or not steps:
            return
        cursor, first, lowest = self.cursor, self.first_in_sight, max(0, count - self.page)
        for step in steps:
            lines = step.lines or int(step.pages * self.page) or (1 if step.pages > 0 else -1)
            if not self.has_cursor:
                first = max(0, min(first + (count if step.to_end else 1) * lines, lowest))
                continue
            cursor = self._chosen_after(step, lines, cursor, count)
            if step.to_end:
                first = 0 if lines < 0 else lowest
            elif cursor is not None:
                first = self._revealing(cursor, first)
        if cursor is not None:
            self.cursor = cursor
        # Before its first layout it has no room that says how far: on_resize reveals the cursor.
        if first != self.first_in_sight and self.scrollable_content_region:
            self._scroll_line(first)

    def _chosen_after(self, step: Step, lines: int, cursor: int | None, count: int) -> int | None:
        """The line under the cursor after a step from there."""
        start = -1 if cursor is None else cursor
        target = (0 if lines < 0 else count - 1) if step.to_end else max(0, min(start + lines, count - 1))
        direction = 1 if (lines > 0) != step.to_end else -1
        chosen = self._nearest(target, direction)
        if chosen is None:
            chosen = self._nearest(target, -direction)
        return cursor if chosen is None else chosen

    def _nearest(self, number: int, direction: int) -> int | None:
        count = self.count()
        while 0 <= number < count:
            if self.choosable(number):
                return number
            number += direction
        return None

    def on_leave(self, _event: Leave) -> None:
        """The mouse goes elsewhere, or another screen opens under it."""
        self._clicks = 0

    def on_click(self, event: Click) -> None:
        """A click chooses the line under it."""
        self._clicks = self._clicks + 1 if event.chain > 1 else 1
        if event.chain != self._clicks:
            # The first click of a double click chose in a box that stood here.
            return
        offset = event.get_content_offset(self)
        if offset is None or not self.has_cursor or self._selection is not None:
            return
        number = self.first_in_sight + offset.y - len(self.top())
        if offset.y >= len(self.top()) and number < self.count() and self.choosable(number):
            self.cursor = number
            self.post_message(self.Chosen(self, event.chain))

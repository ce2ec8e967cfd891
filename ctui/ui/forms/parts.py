"""Pieces that forms are made of: lines of spans, inputs that show what is typed as it is, switches for the keyboard."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from ctui.render.roles import Line, Role, Span
from ctui.render.text.spans import cells, clean_text, width
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.themes import ROLE_STYLES


def content(lines: Iterable[Line]) -> Content:
    """Lines of spans for a Static; no text in them is ever parsed."""
    return Content("\n").join(Content.assemble(*((text, ROLE_STYLES[role]) for text, role in line)) for line in lines)


def line(text: str, role: Role = Role.PLAIN) -> Line:
    """One span, cleaned of what must not reach a terminal."""
    return ((clean_text(text), role),)


def key_line(*offers: str) -> Line:
    """Keys and what they do: "enter sends", "esc leaves". The first word of each is the key."""
    spans: list[Span] = []
    for offer in offers:
        key, _, does = offer.partition(" ")
        spans += [("   " if spans else "", Role.DIM), (key, Role.ACCENT), (f" {does}", Role.DIM)]
    return tuple(spans)


class Lines(FaultTolerant, Static):
    """Text that wraps to its width."""

    DEFAULT_CSS = "Lines { width: 1fr; height: auto; }"

    def __init__(self, *lines: Line, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(content(lines), id=id, classes=classes, markup=False)
        self._shown = lines

    def show(self, *lines: Line) -> None:
        """Put these lines in place of the old."""
        if lines != self._shown:
            self._shown = lines
            self.update(content(lines))


_KEYS = {"esc": "escape"}
"""Keys that people write otherwise than Textual."""


class Box(FaultTolerant, Vertical):
    """A body that scrolls and a foot that always stays in sight, together no higher than the screen."""

    DEFAULT_CSS = """
    Box {
        max-width: 100%;
        height: auto;
        max-height: 100%;
        border: round $accent;
        background: $surface;
        padding: 0 1;
    }
    Box > VerticalScroll { height: auto; scrollbar-size-vertical: 1; }
    """

    def fit(self) -> None:
        """Leave the body what the foot and the border do not need."""
        foot = self.query_one(FormFooter)
        room = self.screen.size.height - 2 - foot.outer_size.height
        self.query_one(VerticalScroll).styles.max_height = max(3, room)


class FormFooter(Lines):
    """The last lines of a box: news and keys. A click on a key does what the key does."""

    def on_resize(self) -> None:
        """Another height of the foot is another height for the body."""
        if isinstance(self.parent, Box):
            self.parent.fit()

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer, if the keys fit into one line."""
        offset = event.get_content_offset(self)
        keys = self._shown[-1] if self._shown else ()
        if offset is None or offset.y != self.content_size.height - 1 or width(keys) > self.content_size.width:
            return
        at, pressed = 0, ""
        for text, role in keys:
            if at <= offset.x:
                pressed = text if role is Role.ACCENT else pressed if text.strip() else ""
            at += cells(text)
        if pressed and offset.x < at:
            self.app.simulate_key(_KEYS.get(pressed, pressed))


class Toggle(FaultTolerant, Static, can_focus=True):
    """On or off, by space; enter is left to the form."""

    DEFAULT_CSS = """
    Toggle { width: 1fr; height: 1; padding: 0 1; }
    Toggle:focus { background: $foreground 14%; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,left,right", "turn", "turn", show=False)]

    class Turned(Message):
        """It was switched on or off."""

    def __init__(self, on: bool, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(_switch(on), id=id, markup=False)
        self.on = on

    def turn(self, on: bool) -> None:
        """Set it, without a message."""
        self.on = on
        self.update(_switch(on))

    def action_turn(self) -> None:
        """Space was pressed."""
        self.turn(not self.on)
        self.post_message(self.Turned())

    def on_click(self) -> None:
        """A click turns it too."""
        self.action_turn()


def _switch(on: bool) -> Content:
    """Mark and word: color is never the only sign of the state."""
    return content(
        [(("[", Role.DIM), ("x" if on else " ", Role.GOOD), ("] ", Role.DIM), ("on" if on else "off", Role.PLAIN))]
    )

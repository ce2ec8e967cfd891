"""Pieces that forms are made of: lines of spans, inputs that show what is typed as it is, switches for the keyboard."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Key, Paste
from textual.message import Message
from textual.widgets import Input, Static

from ctui.model.filter.parse import LONGEST
from ctui.render.roles import Line, Role, Span
from ctui.render.text.spans import cells, clean_text, width
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.keys.runs import edited, one_line
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
        """Press the key under the pointer, where the keys fit into one line."""
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


class TextInput(FaultTolerant, Input):
    """A line to type in. Control, bidirectional and invisible characters that are pasted are made visible.

    Keys that stand one behind the other are one edit, and so is a paste, cut at `LONGEST` characters.
    """

    DEFAULT_CSS = """
    TextInput, TextInput.-textual-compact {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0 1;
        background: $panel;
        &:focus { background: $foreground 14%; border: none; }
        &:disabled { background: transparent; opacity: 1; color: $foreground; }
        & > .input--placeholder { color: $foreground 35%; }
    }
    """

    class Cut(Message):
        """So many characters had no room."""

        def __init__(self, characters: int) -> None:
            super().__init__()
            self.characters = characters

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        id: str | None = None,  # noqa: A002
        secret: bool = False,
    ) -> None:
        """`secret`: dots stand for what is typed."""
        super().__init__(
            value, placeholder, id=id, password=secret, compact=True, select_on_focus=False, validate_on=()
        )

    def take_run(self, keys: Sequence[Key | Paste]) -> int:
        """Apply the first keys that edit the line, as one edit; how many those were."""
        if not self.selection.is_empty:
            return 0
        edit = edited(self.value, self.cursor_position, keys, LONGEST)
        if edit.taken:
            # Textual scrolls to the cursor from the second value on; here the first may be longer than the line.
            self._initial_value = False
            self._restart_blink()
            self.value = edit.text
            self.cursor_position = edit.cursor
            self._tell_cut(edit.cut)
        return edit.taken

    def _on_paste(self, event: Paste) -> None:
        """A paste in the place of what is selected."""
        event.prevent_default()
        event.stop()
        text, cut = one_line(event.text, LONGEST)
        if text:
            self.replace(text, *sorted(self.selection))
        self._tell_cut(cut)

    def replace(self, text: str, start: int, end: int) -> None:
        """What goes in is made visible first: a terminal must not be told things by a pasted text."""
        visible, room = clean_text(text), max(0, LONGEST - len(self.value) + abs(end - start))
        super().replace(visible[:room], start, end)
        self._tell_cut(len(visible) - room)

    def _tell_cut(self, characters: int) -> None:
        if characters > 0:
            self.post_message(self.Cut(characters))


class Toggle(FaultTolerant, Static, can_focus=True):
    """On or off, by space; enter is left to the form."""

    DEFAULT_CSS = """
    Toggle { width: 1fr; height: 1; padding: 0 1; }
    Toggle:focus { background: $foreground 14%; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,left,right", "turn", "turn", show=False)]

    class Turned(Message):
        """It is on where it was off, or the other way round."""

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
    """Mark and word: the state is never told by colour alone."""
    return content(
        [(("[", Role.DIM), ("x" if on else " ", Role.GOOD), ("] ", Role.DIM), ("on" if on else "off", Role.PLAIN))]
    )

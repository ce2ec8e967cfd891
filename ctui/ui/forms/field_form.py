"""FieldForm: the base of forms with labels at the left, fields and their notes at the right, and keys at the foot."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ScreenResultType
from textual.widget import Widget

from ctui.render.roles import Role
from ctui.ui.forms.parts import Lines, line
from ctui.ui.modal import Modal


class FieldForm(Modal[ScreenResultType]):
    """A box in the middle of the screen. Enter is `action_submit`; up and down go through the fields."""

    DEFAULT_CSS = """
    FieldForm {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 100%; height: auto; max-height: 100%;
            border: round $accent; background: $surface; padding: 0 1;
        }
        & Horizontal { height: auto; }
        & .label { width: 12; }
        & .field { width: 1fr; height: auto; }
        & .note { padding: 0 1; }
        & #foot { border-top: solid $border-blurred; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "send", show=False),
        Binding("down", "app.focus_next", "next field", show=False),
        Binding("up", "app.focus_previous", "previous field", show=False),
    ]


def labeled(label: str, *fields: Widget, id: str | None = None) -> Horizontal:  # noqa: A002
    """A label, and right of it a field with what stands below it."""
    return Horizontal(Lines(line(label, Role.LABEL), classes="label"), Vertical(*fields, classes="field"), id=id)

"""Hands and eyes for forms: types into a field as a person would paste, and reads what stands under it."""

from support.driver import Driver
from textual.events import Paste
from textual.widgets import Static

from ctui.model.rules.validate import Field
from ctui.ui.forms.field_row import FieldRow
from ctui.ui.forms.parts import Toggle
from ctui.ui.widgets.text_input import TextInput


def row(ctui: Driver, field: Field) -> FieldRow:
    """The field's row in the form on top."""
    return ctui.app.screen.query_one(f"#row-{field}", FieldRow)


def note(ctui: Driver, field: Field) -> str:
    """What stands under a field, lines joined by a blank; also where it is scrolled out of sight."""
    return _text(row(ctui, field).query_one(".note", Static))


def counter(ctui: Driver, field: Field) -> str:
    """The field's length counter."""
    return _text(row(ctui, field).query_one(".counter", Static))


def foot(ctui: Driver) -> str:
    """News and keys at the foot of the box on top."""
    return _text(ctui.app.screen.query_one("#foot", Static))


def box(ctui: Driver) -> str:
    """Everything in the body of the box on top."""
    return "\n".join(_text(each) for each in ctui.app.screen.query("#body Static").results(Static))


def typed(ctui: Driver, field: Field) -> str:
    """What stands in a field."""
    return row(ctui, field).query_one(TextInput).value


async def go_to(ctui: Driver, field: Field) -> None:
    """Press tab until the field has the focus."""
    wanted = f"in-{field}"
    for _ in range(30):
        if ctui.focus() == wanted:
            return
        await ctui.tap("tab")
    raise AssertionError(f"tab never came to {field}")


async def write(ctui: Driver, field: Field, text: str) -> None:
    """Go to a field, and put a text in place of what stands there, as by a paste."""
    place = row(ctui, field)
    place.enter()
    entry = place.query_one(TextInput)
    entry.action_select_all()
    if text:
        entry.post_message(Paste(text))
    else:
        entry.action_delete_left()
    await ctui.pilot.pause()


async def turn(ctui: Driver, field: Field, on: bool) -> None:
    """Go to a switch, and turn it where it is not so yet."""
    row(ctui, field).enter()
    if row(ctui, field).query_one(Toggle).on is not on:
        await ctui.tap("space")


def _text(widget: Static) -> str:
    return " ".join(str(widget.content).split("\n"))

"""FieldRow: one field of a form: its label, what is typed, a counter, and under it what it is for or what is wrong."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.message import Message
from textual.widgets import Input

from ctui.model.rules.validate import MAX_LENGTHS, MAX_TAGS, REQUIRED, Field, Finding, Validity, Value
from ctui.model.trail.tag_text import parse_tags
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean_text
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.forms.error_text import FormError
from ctui.ui.forms.parts import Lines, Toggle, line
from ctui.ui.forms.specs import FieldSpec
from ctui.ui.widgets.text_input import TextInput


class FieldRow(FaultTolerant, Horizontal):
    """Keeps what a person typed and whether they left the field. The form validates and hands over the finding."""

    DEFAULT_CSS: ClassVar[str] = """
    FieldRow {
        height: auto;
        width: 1fr;
        & > .label { width: 18; padding: 0 1 0 0; }
        & > Vertical { width: 1fr; height: auto; }
        & > Vertical > Horizontal { height: 1; width: 1fr; }
        & .counter { width: 9; text-align: right; }
        & .note { padding: 0 0 0 1; }
    }
    """

    class Changed(Message):
        """Something was typed or turned."""

        def __init__(self, row: "FieldRow") -> None:
            super().__init__()
            self.row = row

    class Left(Message):
        """The person has gone on to another field."""

        def __init__(self, row: "FieldRow") -> None:
            super().__init__()
            self.row = row

    def __init__(self, spec: FieldSpec, value: Value, *, fixed: bool = False) -> None:
        """`fixed`: the field is shown and cannot be changed."""
        super().__init__(id=f"row-{spec.field}")
        self.spec = spec
        self.left = False
        """True from leaving the field until it is typed in again: then what is unfinished is wrong."""
        self.form_error: FormError | None = None
        """What the service said of this value; it stands until the value changes."""
        self._held = value
        self._text = "" if isinstance(value, bool) else clean_text(value or "")
        self._input: TextInput | Toggle
        if isinstance(value, bool):
            self._input = Toggle(value, id=f"in-{spec.field}")
        else:
            self._input = TextInput(self._text, spec.example, id=f"in-{spec.field}")
        self._input.disabled = fixed
        self._counter = Lines(classes="counter")
        self._note = Lines(line(spec.help, Role.DIM), classes="note")

    def compose(self) -> ComposeResult:
        """Label at the left; field, counter and note at the right."""
        yield Lines(line(self.spec.label, Role.LABEL), classes="label")
        with Vertical():
            with Horizontal():
                yield self._input
                yield self._counter
            yield self._note

    @property
    def value(self) -> Value:
        """What the field holds. A text that came from the service and was not touched is given back as it came."""
        if isinstance(self._input, Toggle):
            return self._input.on
        return self._held if self._input.value == self._text else self._input.value

    def take(self, value: Value) -> None:
        """Put a value in, without a message."""
        self._held = value
        if isinstance(self._input, Toggle):
            self._input.turn(value is True)
        else:
            self._text = clean_text(str(value or ""))
            with self.prevent(Input.Changed):
                self._input.value = self._text

    def enter(self) -> None:
        """Give it the focus; a text's cursor stands at its end."""
        self._input.focus()
        if isinstance(self._input, TextInput):
            self._input.action_end()

    def show_finding(self, finding: Finding | None) -> None:
        """Say under the field what is wrong, what is missing, what is worth a thought, or what the field is for."""
        self._counter.show(self._count())
        self._note.show(*self._notes(finding))

    def _notes(self, finding: Finding | None) -> list[Line]:
        if self.form_error is not None:
            return error_lines(self.form_error)
        if finding is not None and not finding.ok:
            if finding.validity is Validity.INVALID or self.left:
                return [((f"✗ {clean_text(finding.reason)}", Role.ERROR),)]
            if not self.value and self.spec.field in REQUIRED:
                return [(*line(self.spec.help, Role.DIM), (" Required.", Role.PLAIN))]
            return [((f"… {clean_text(finding.reason)}", Role.PLAIN),)]
        if finding is not None and finding.warning:
            return [((f"▲ {clean_text(finding.warning)}", Role.WARNING),)]
        return [line(self.spec.help, Role.DIM)]

    def _count(self) -> Line:
        if self.spec.field is Field.TAGS:
            used, most = len(parse_tags(str(self.value or ""))), MAX_TAGS
        elif self.spec.field in MAX_LENGTHS:
            used, most = len(str(self.value or "")), MAX_LENGTHS[self.spec.field]
        else:
            return ()
        return ((f"{used}/{most}", Role.ERROR if used > most else Role.DIM),)

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._touched()

    @on(Toggle.Turned)
    def _turned(self, message: Toggle.Turned) -> None:
        message.stop()
        self._touched()

    def _touched(self) -> None:
        self.left = False
        self.form_error = None
        self.post_message(self.Changed(self))

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        """What is unfinished now is wrong."""
        self.left = True
        self.post_message(self.Left(self))


def error_lines(form_error: FormError, *, titled: bool = False) -> list[Line]:
    """What the service said, what to do next, and the key for a policy that helps."""
    head = f"{form_error.title}: {form_error.message}" if titled else form_error.message
    lines = [line(f"✗ {head}", Role.ERROR), line(form_error.remedy, Role.WARNING)]
    if form_error.policies:
        lines.append((("ctrl+y", Role.ACCENT), (f" copy the {form_error.policies[0]}", Role.PLAIN)))
    return lines

"""SearchForm: the search as the API has it: one attribute, its value, from and to, validated at each key."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantBlur
from textual.widgets import Input

from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.editing.attribute_query import AttributeQuery
from ctui.model.filter.terms import Filter
from ctui.model.filter.write import write_filter
from ctui.model.lookup.timespan import Timespan
from ctui.render.roles import Line, Role
from ctui.render.text.ranges import range_in_full
from ctui.render.text.spans import clean_text
from ctui.ui.forms.field_form import FieldForm, labeled
from ctui.ui.forms.parts import Lines, key_line, line
from ctui.ui.forms.picker import Picker
from ctui.ui.widgets.text_input import TextInput

_KEYS: tuple[AttributeKey | None, ...] = (
    None,
    AttributeKey.EVENT_NAME,
    AttributeKey.USERNAME,
    AttributeKey.RESOURCE_NAME,
    AttributeKey.RESOURCE_TYPE,
    AttributeKey.EVENT_SOURCE,
    AttributeKey.ACCESS_KEY_ID,
    AttributeKey.EVENT_ID,
    AttributeKey.READ_ONLY,
)
_HELP: dict[AttributeKey | None, str] = {
    None: "every event",
    AttributeKey.EVENT_NAME: "such as ConsoleLogin",
    AttributeKey.USERNAME: "user or session name",
    AttributeKey.RESOURCE_NAME: "a bucket, an instance, a role …",
    AttributeKey.RESOURCE_TYPE: "such as AWS::S3::Bucket",
    AttributeKey.EVENT_SOURCE: "such as ec2, for ec2.amazonaws.com",
    AttributeKey.ACCESS_KEY_ID: "such as AKIAIOSFODNN7EXAMPLE",
    AttributeKey.EVENT_ID: "the event ID",
    AttributeKey.READ_ONLY: "true or false",
}
_TIME_HELP = "2h, 13:30, mon or 2026-11-01T12:00Z, in UTC"
_LONGEST_KEPT = 200
"""The most characters of what the form does not show: about three lines."""


class SearchForm(FieldForm[tuple[Filter, Timespan] | None]):
    """Ends with the filter and the range to search, or None if the person went back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "leave", show=False)]

    def __init__(self, question: AttributeQuery, now: Callable[[], datetime]) -> None:
        """Opens with what is asked now. `now` returns the time that ranges start from."""
        super().__init__()
        self._now = now
        self._question = question
        self._picker = Picker(_KEYS, _name, question.key, id="attribute", first_number=0)
        self._inputs = {
            "value": TextInput(clean_text(question.value), id="value"),
            "since": TextInput(clean_text(question.since), "start of history", id="since"),
            "until": TextInput(clean_text(question.until), "now", id="until"),
        }
        self._notes = {name: Lines(classes="note") for name in self._inputs}
        self._left: set[str] = set()
        self._foot = Lines(id="foot")

    def compose(self) -> ComposeResult:
        """Labels at the left, fields and their reasons at the right, keys at the foot."""
        with Vertical() as box:
            box.border_title = Content("Search AWS")
            yield labeled("Attribute", self._picker)
            for name, label in (("value", "Value"), ("since", "From"), ("until", "To")):
                yield labeled(label, self._inputs[name], self._notes[name])
            yield self._foot

    def on_mount(self) -> None:
        """The value is typed first where an attribute is chosen."""
        (self._picker if self._question.key is None else self._inputs["value"]).focus()
        self._validate()

    @on(Picker.Turned)
    @on(Input.Changed)
    def _changed(self, message: Picker.Turned | Input.Changed) -> None:
        # Another attribute is another value; else what is being typed is not finished.
        self._left.discard("value" if isinstance(message, Picker.Turned) else message.input.id or "")
        asked = self._question
        self._question = replace(
            asked,
            key=self._picker.chosen,
            value=self._held("value", asked.value),
            since=self._held("since", asked.since),
            until=self._held("until", asked.until),
        )
        self._validate()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """What is unfinished now is wrong."""
        if event.widget.id in self._inputs:
            self._left.add(event.widget.id)
            self._validate()

    def _held(self, name: str, value: str) -> str:
        """What the field holds; a value that was shown cleaned and not touched is given back as it came."""
        text = self._inputs[name].value
        return value if text == clean_text(value) else text.strip()

    def _validate(self) -> None:
        key = self._picker.chosen
        self._inputs["value"].disabled = key is None
        troubles = self._question.errors()
        helps = {"value": _HELP[key], "since": _TIME_HELP, "until": self._range(troubles) or _TIME_HELP}
        for name, note in self._notes.items():
            if name not in troubles:
                note.show(line(helps[name], Role.DIM))
            elif name in self._left:
                note.show(line(f"✗ {troubles[name]}", Role.ERROR))
            else:
                note.show(line(f"… {troubles[name]}", Role.WARNING))
        self._foot.show(*_kept_lines(self._question), key_line("enter search", "tab next", "esc cancel"))

    def _range(self, troubles: Mapping[str, str]) -> str:
        """The range that both times together mean, in words; "" if there is none."""
        if not (self._question.since or self._question.until) or troubles.keys() & {"since", "until"}:
            return ""
        span = self._question.range
        return range_in_full(span, span.pin(self._now()))

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_submit()

    def action_submit(self) -> None:
        """Ask, or go to the first field that is wrong."""
        troubles = self._question.errors()
        if not troubles:
            self.dismiss(self._question.parsed())
            return
        self._left.update(troubles)
        self._validate()
        self._inputs[next(name for name in self._inputs if name in troubles)].focus()


def _name(key: AttributeKey | None) -> str:
    return "any" if key is None else key.value


def _kept_lines(question: AttributeQuery) -> Iterator[Line]:
    """What the line asks besides, which the form does not show and leaves as it is."""
    for words, kept in (
        ("The form cannot show all of the line; this stays as it is: ", question.beyond_form),
        ("also filtered here: ", question.filtered_here),
    ):
        if text := clean_text(write_filter(kept)):
            yield line(words + (text if len(text) <= _LONGEST_KEPT else f"{text[: _LONGEST_KEPT - 1]}…"), Role.DIM)

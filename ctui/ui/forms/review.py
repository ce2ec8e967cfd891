"""ReviewScreen: a new trail with every value, or what an update changes, before it is sent."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from ctui.core.trails.changes import ChangeResult, TrailChanges
from ctui.core.trails.verification import TrailChange, Verb
from ctui.errors import CtuiError
from ctui.model.connection import Connection
from ctui.model.rules.validate import Field, Finding, Value
from ctui.model.trail.aws_command import aws_command
from ctui.model.trail.remote_changes import RemoteChange
from ctui.model.trail.tag_text import format_tags
from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text.spans import cells, clean
from ctui.ui.forms.change_screen import ChangeScreen
from ctui.ui.forms.parts import Lines, key_line, line
from ctui.ui.forms.specs import SPECS, spec_of, value_words
from ctui.ui.terminal.clipboard import Clipboard

_LABEL = 18


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to review."""

    request: TrailChange
    drifts: Sequence[RemoteChange] = ()
    """What has changed at the service since the form opened."""
    warnings: Sequence[Finding] = ()


class ReviewScreen(ChangeScreen):
    """Enter sends, c copies the equal command, esc goes back to the form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "copy the command", show=False),
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
    ]

    def __init__(self, changes: TrailChanges, clipboard: Clipboard, review: Review, connection: Connection) -> None:
        request = review.request
        new = request.verb is Verb.CREATE
        super().__init__(changes, f"Review: {'new trail' if new else 'changes to'} {request.name}")
        self._clipboard = clipboard
        self._review = review
        self.command = aws_command(
            request.verb,
            request.parameters,
            request.region,
            profile=None if connection.endpoint else connection.profile,
            endpoint=connection.endpoint,
        )

    def body(self) -> ComposeResult:
        """What changed underneath, what is sent, and the command that does the same."""
        yield Lines(*review_lines(self._review))
        yield Lines((), line("AWS CLI command:", Role.LABEL), line(self.command, Role.DIM))

    def wanted(self) -> TrailChange:
        """As reviewed."""
        return self._review.request

    def keys(self) -> Line:
        """Enter sends."""
        verb = self._review.request.verb
        return key_line(f"enter send {verb}", "c copy command", "esc back to the form")

    def refused(self, result: ChangeResult) -> None:
        """The form shows it at its field."""
        self.dismiss(result)

    def action_scroll(self, lines: int) -> None:
        """A long review scrolls."""
        self.query_one("#body").scroll_relative(y=lines, animate=False)

    @work(group="copy", exclusive=True)
    async def action_copy(self) -> None:
        """Copy the command."""
        try:
            news = line(f"{await self._clipboard.copy(self.command, 'Command')}.", Role.GOOD)
        except CtuiError as error:
            news = line(f"✗ {error.title}: {error.message}", Role.ERROR)
        self.add_news(news)


def review_lines(review: Review) -> list[Line]:
    """The review, line by line."""
    request = review.request
    draft = request.draft
    assert draft is not None
    lines: list[Line] = []
    if review.drifts:
        lines.append(line("▲ This trail changed since you opened the form:", Role.WARNING))
        lines += [_drift_line(drift) for drift in review.drifts]
        lines.append(())
    lines.append((*clean(str(request.verb), Role.STRONG), (" in ", Role.DIM), *clean(request.region, Role.STRONG)))
    if request.verb is Verb.CREATE:
        values: dict[Field, Value] = {**draft.values, Field.TAGS: format_tags(draft.tags)}
        lines += [_value_line(spec.field, values[spec.field]) for spec in SPECS]
        lines += [(), line("A new trail is not logging: the next step starts it.", Role.DIM)]
    else:
        lines += [_change_line(change.field, change.old, change.new) for change in draft.changes()]
        coupled = [field for field in request.parameters if field not in {"Name", *(c.field for c in draft.changes())}]
        if coupled:
            names = ", ".join(spec_of(Field(field)).label for field in coupled)
            lines += [(), line(f"Also sent, unchanged: {names}.", Role.DIM)]
    lines += [
        (("▲ ", Role.WARNING), *line(f"{spec_of(each.field).label}: {each.warning}", Role.WARNING))
        for each in review.warnings
    ]
    return lines


def _label(field: Field) -> tuple[str, Role]:
    label = spec_of(field).label
    return (label + " " * max(1, _LABEL - cells(label)), Role.LABEL)


def _value_line(field: Field, value: Value) -> Line:
    plain = Role.PLAIN if value not in ("", None, False) else Role.DIM
    return (_label(field), *clean(value_words(value), plain))


def _change_line(field: Field, old: Value, new: Value) -> Line:
    cleared = new == "" and bool(old)
    words = clean("cleared", Role.WARNING) if cleared else clean(value_words(new), Role.STRONG)
    return (_label(field), *clean(value_words(old), Role.DIM), (" → ", Role.ACCENT), *words)


def _drift_line(drift: RemoteChange) -> Line:
    ours = ((" your change overwrites this", Role.WARNING),) if drift.ours else ()
    return (
        _label(drift.field),
        *clean(value_words(drift.before), Role.DIM),
        (" → ", Role.ACCENT),
        *clean(value_words(drift.now), Role.STRONG),
        *ours,
    )

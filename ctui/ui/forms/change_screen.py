"""ChangeScreen: a box that describes a change, sends it, and stays open until the result is known."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from ctui.core.trails.changes import ChangeOutcome, ChangeResult, ChangeRun, Stage, TrailChanges
from ctui.core.trails.verification import TrailChange, Verification
from ctui.errors import CtuiError, OutcomeUnknown
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean_text
from ctui.ui.forms.error_text import describe_error
from ctui.ui.forms.field_row import error_lines
from ctui.ui.forms.parts import Box, FormFooter, key_line, line
from ctui.ui.modal import Modal


class _Phase(StrEnum):
    READY = "ready"
    UNDER_WAY = "under way"
    UNSURE = "unsure"


class ChangeScreen(Modal[ChangeResult | None]):
    """Ends with the result of the change, or None if the person went back and no change is known.

    A subclass says what the box holds, what is sent, and what enter waits for.
    """

    DEFAULT_CSS = """
    ChangeScreen {
        align: center middle;
        & > Box { width: 92; }
        &.-dangerous > Box { border: round $warning; }
        & #body { padding: 0 1; }
        & #foot { padding: 1 1 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "go", show=False),
        Binding("escape", "back", "back", show=False),
        Binding("r", "look", "look again", show=False),
    ]

    def __init__(self, changes: TrailChanges, title: str, *, dangerous: bool = False) -> None:
        super().__init__(classes="-dangerous" if dangerous else "")
        self._changes = changes
        self._heading = title
        self._phase = _Phase.READY
        self._change: ChangeRun | None = None
        self._on_its_way: TrailChange | None = None
        self._result: ChangeResult | None = None
        self._foot = FormFooter(id="foot")

    # What a subclass says. Textual's screens have a metaclass of their own, so that no abstract class can demand it.

    def body(self) -> ComposeResult:
        """What the box holds above its keys."""
        raise NotImplementedError

    def wanted(self) -> TrailChange:
        """What enter sends."""
        raise NotImplementedError

    def why_not(self) -> str:
        """Why enter does nothing yet, or "" if it sends."""
        return ""

    def keys(self) -> Line:
        """The keys while nothing is under way."""
        raise NotImplementedError

    def refused(self, result: ChangeResult) -> None:
        """The service said no, or was not reached: shown here, and enter tries again."""
        assert result.error is not None
        self.ready(*error_lines(describe_error(result.error), titled=True))

    # The box.

    def compose(self) -> ComposeResult:
        """Body above, keys and news below."""
        with Box() as box:
            box.border_title = Content(clean_text(self._heading))
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            yield self._foot

    def opened(self) -> None:
        """The box stands; the focus may go somewhere."""
        self.ready()

    def on_mount(self) -> None:
        """Offer the keys; before something that cannot be undone, no older notification covers what is said."""
        if self.has_class("-dangerous"):
            self.app.clear_notifications()
        self.opened()

    def ready(self, *news: Line) -> None:
        """Wait for enter; `news` are lines above the keys."""
        self._phase = _Phase.READY
        self._foot.show(*news, self.keys())

    def add_news(self, news: Line) -> None:
        """Show a line above the keys, unless a call is in progress."""
        if self._phase is _Phase.READY:
            self.ready(news)

    def on_resize(self) -> None:
        """The body keeps to what the foot leaves."""
        self.query_one(Box).fit()

    # Keys.

    def action_go(self) -> None:
        """Send; or, after a check, continue with its result."""
        if self._phase is _Phase.READY:
            if why := self.why_not():
                self.ready(line(why, Role.WARNING))
            else:
                self._send()
        elif self._phase is _Phase.UNSURE and self._result is not None:
            happened = self._result.verification.happened if self._result.verification is not None else None
            if happened:
                self.dismiss(self._result)
            elif happened is False:
                self._send()

    def action_back(self) -> None:
        """Give up what is under way, else leave; what is known to have happened by then is not forgotten."""
        if self._phase is _Phase.UNDER_WAY:
            if self._change is not None:
                self._change.cancel()
        else:
            known = self._phase is _Phase.UNSURE and self._result is not None and self._result.happened
            self.dismiss(self._result if known else None)

    def action_look(self) -> None:
        """Ask the service once more what has become of it."""
        if self._phase is _Phase.UNSURE:
            self._verify_again()

    # What happens.

    @work(group="change", exclusive=True)
    async def _send(self) -> None:
        try:
            change = self._change = self._changes.begin(self.wanted())
        except CtuiError as error:
            self.ready(*error_lines(describe_error(error), titled=True))
            return
        self._phase, self._on_its_way, self._result = _Phase.UNDER_WAY, change.trail_change, None
        self._tell_stage(change.stage)
        leave = change.stage_changed.subscribe(self._tell_stage)
        try:
            result = await change.result()
        finally:
            leave()
            self._change = None
        self._ended(result)

    def work_broke(self, group: str) -> None:
        """A bug interrupted sending or checking: enter sends, or the box says that the result is unknown."""
        if group != "change":
            return
        known = self._result
        if self._phase is _Phase.UNSURE and known is not None:
            self.unsure(known)
        elif self._phase is _Phase.UNDER_WAY and self._on_its_way is not None:
            error = OutcomeUnknown(
                "It may or may not have happened",
                f"An internal error interrupted {self._on_its_way.verb} of {self._on_its_way.name}.",
                "Check the trail before you try again.",
            )
            self.unsure(
                ChangeResult(
                    self._on_its_way, ChangeOutcome.UNKNOWN, error, known.verification if known is not None else None
                )
            )
        else:
            self.ready()

    def _tell_stage(self, stage: Stage) -> None:
        if self._change is None or stage is Stage.OVER:
            return
        request = self._change.trail_change
        words = {
            Stage.WAITING: ("Waiting for other requests …", "esc", " cancel, nothing is sent"),
            Stage.SENT: (f"{request.verb} sent to {request.region} …", "esc", " stop waiting"),
            Stage.LOOKING: ("Checking the result …", "esc", " stop waiting"),
        }[stage]
        self._foot.show(line(words[0], Role.ACCENT), ((words[1], Role.ACCENT), (words[2], Role.DIM)))

    def _ended(self, result: ChangeResult) -> None:
        self._result = result
        if result.outcome is ChangeOutcome.DONE:
            self.dismiss(result)
        elif result.outcome is ChangeOutcome.CANCELLED:
            self.ready(line("Canceled. Nothing was sent.", Role.WARNING))
        elif result.outcome is ChangeOutcome.REFUSED:
            self.refused(result)
        else:
            self.unsure(result)

    def unsure(self, result: ChangeResult) -> None:
        """Say that it may or may not have happened, what the service shows, and what can be done."""
        self._phase = _Phase.UNSURE
        self._result = result
        self._foot.show(*_unsure_lines(result))

    @work(group="change", exclusive=True)
    async def _verify_again(self) -> None:
        result = self._result
        assert result is not None
        self._foot.show(line("Checking the trail …", Role.ACCENT))
        self.unsure(await self._changes.verify_again(result))


def _unsure_lines(result: ChangeResult) -> Sequence[Line]:
    error = result.error
    assert error is not None
    head = [line(f"▲ {error.title}", Role.WARNING), line(error.message)]
    look = result.verification
    if look is None:
        why = result.verification_error
        said = f"{why.title}: {why.message}" if why else "not read"
        return (*head, line(f"The trail could not be checked: {said}", Role.WARNING), _offer("r check again"))
    if look.happened:
        return (
            *head,
            line(f"Checked: done. {_shown(result.change, look)}", Role.GOOD),
            _offer("enter continue"),
        )
    if look.happened is False:
        result_line = line(f"Checked: not done so far. {_shown(result.change, look)}", Role.STRONG)
        return (*head, result_line, _offer("enter send again", "r check again"))
    result_line = line(f"Checked: still unknown. {_shown(result.change, look)}", Role.WARNING)
    return (*head, result_line, _offer("r check again"))


def _shown(request: TrailChange, look: Verification) -> str:
    if look.trail is None:
        return f"{request.region} has no trail {request.name}."
    differs = ", but it differs from the request: someone else may have changed it" if look.happened is None else ""
    return f"{request.region} has trail {request.name}{differs}."


def _offer(*offers: str) -> Line:
    return key_line(*offers, "esc close")

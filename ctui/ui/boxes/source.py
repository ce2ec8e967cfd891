"""SourceScreen: the dialog that opens another source: a profile, Regions, an endpoint, log files."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from ctui.render.text.spans import clean_text
from ctui.threads import off_loop
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.widgets.text_input import TextInput

Fields = tuple[str, str, str, str]
"""The texts of profile, Region, endpoint and log files; an empty one leaves it to AWS's settings, or means none."""
_NAMES = ("profile", "region", "endpoint", "files")
_SAID = {"profile": "Profile", "region": "Region", "endpoint": "Endpoint", "files": "Log files"}
_USUAL = {"files": "none: a file or folder"}


class SourceScreen(ListBox[Fields]):
    """Ends with what is in the four lines, or None. The list completes the line with the focus."""

    MOST_CELLS = 64
    MOST_LINES = 8
    OTHER_LINES = 8
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    SourceScreen {
        & Horizontal { height: 1; }
        & Horizontal > Static { width: 10; color: $foreground-muted; }
        & #reason { height: auto; min-height: 2; color: $foreground-muted; padding: 0 1; }
        & #reason.-refused { color: $text-warning; }
        & OptionList:focus, & OptionList { border-top: solid $panel; }
    }
    """

    def __init__(
        self,
        current: Fields,
        choices: Mapping[str, Sequence[str]],
        problem: Callable[[Fields], str | None],
        paths: Callable[[str], Sequence[str]],
    ) -> None:
        """`current` are the texts at first. `choices`: for "profile" and "region" what AWS's files and the store name.
        `problem` says what is wrong with texts; None if nothing is. `paths` returns paths that begin with a text. Where
        log files are named, both look at folders, which may take long: they are called in a thread."""
        super().__init__("Open a source", "enter open · tab next · ↓ complete · esc cancel")
        self._current = current
        self._choices = choices
        self._problem = problem
        self._paths = paths
        self._listed: list[str] = []

    def body(self) -> ComposeResult:
        """A line each, what is wrong, and what completes the line with the focus."""
        for name, text in zip(_NAMES, self._current, strict=True):
            with Horizontal():
                yield Static(Content(_SAID[name]))
                yield TextInput(clean_text(text), placeholder=_USUAL.get(name, "as in AWS's settings"), id=name)
        yield Static(_HINT, id="reason", markup=False)
        yield OptionList()

    def opened(self) -> None:
        """The profile has the focus, and is replaced by what is typed."""
        self.options.can_focus = False
        self._line("profile").focus()
        self._line("profile").action_select_all()

    @property
    def _fields(self) -> Fields:
        # What is shown of a name that is not safe to draw stands for that name.
        profile, region, endpoint, files = (
            text if self._line(name).value == clean_text(text) else self._line(name).value.strip()
            for name, text in zip(_NAMES, self._current, strict=True)
        )
        return profile, region, endpoint, files

    def _line(self, name: str) -> TextInput:
        return self.query_one(f"#{name}", TextInput)

    def on_descendant_focus(self) -> None:
        """Another line has the focus: list what completes that."""
        self._complete()

    @on(Input.Changed)
    def _typed(self) -> None:
        fields = self._fields
        if fields[-1]:
            self.run_worker(self._look(fields), group="look", exclusive=True)
        else:
            self._explain(self._problem(fields))
        self._complete()

    async def _look(self, fields: Fields, *, opens: bool = False) -> None:
        """Say what is wrong with these texts, or open them."""
        why = await off_loop(lambda: self._problem(fields), "ctui-sources")
        if opens and why is None:
            self.dismiss(fields)
        elif fields == self._fields:
            self._explain(why, refused=opens)

    @on(Input.Submitted)
    def _sent(self, message: Input.Submitted) -> None:
        at, fields = self.options.highlighted, self._fields
        if at is not None:
            before, comma = ("", "") if message.input.id == "files" else message.input.value.rpartition(",")[:2]
            message.input.value = f"{before}{comma}{self._listed[at]}"
            message.input.cursor_position = len(message.input.value)
            self.options.highlighted = None
        elif fields[-1]:
            self.run_worker(self._look(fields, opens=True), group="look", exclusive=True)
        elif (why := self._problem(fields)) is not None:
            self._explain(why, refused=True)
        else:
            self.dismiss(fields)

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.options.highlighted = message.option_index
        if isinstance(line := self.focused, TextInput):
            line.post_message(Input.Submitted(line, line.value))

    def _complete(self) -> None:
        line = self.focused
        if not isinstance(line, TextInput) or not self.is_mounted:
            return
        if line.id == "files":
            self.run_worker(self._complete_path(line), group="paths", exclusive=True)
            return
        typed = line.value.rpartition(",")[2].strip().lower()
        named = self._choices.get(line.id or "", ())
        self._list([one for one in named if one.lower().startswith(typed) and one.lower() != typed])

    async def _complete_path(self, line: TextInput) -> None:
        typed = line.value
        found = await off_loop(lambda: self._paths(typed), "ctui-sources") if typed else ()
        if self.focused is line and line.value == typed:
            self._list(found)

    def _list(self, found: Sequence[str]) -> None:
        self._listed = list(found)
        self.options.clear_options()
        self.options.add_options([Content(clean_text(one)) for one in found])
        self.options.highlighted = None

    def _explain(self, why: str | None, *, refused: bool = False) -> None:
        line = self.query_one("#reason", Static)
        line.set_class(refused, "-refused")
        line.update(Content(clean_text(why or _HINT)))


_HINT = (
    "Several after commas are one timeline; all is every Region. Log files alone ask nothing of AWS. "
    "The same question is asked there."
)

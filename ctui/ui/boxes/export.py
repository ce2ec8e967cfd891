"""The export form: which events, in which format, into which file; then how far it is."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from ctui.core.exporting.destination import destination_of
from ctui.core.exporting.export import Export, ExportPhase, ExportPlan, ExportState
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.destination import Destination
from ctui.model.values import dataclass
from ctui.render.export.formats import FORMATS, FormatRow
from ctui.render.panes import export as words
from ctui.render.roles import Line, Role
from ctui.threads import off_loop
from ctui.ui.boxes.columns import ColumnsScreen, Paths
from ctui.ui.boxes.export_words import (
    Chosen,
    error_text,
    event_lines,
    events_name,
    has_more,
    progress_lines,
    usual_name,
)
from ctui.ui.forms.columns_field import ColumnsField
from ctui.ui.forms.field_form import FieldForm, labeled
from ctui.ui.forms.parts import Lines, key_line, line
from ctui.ui.forms.picker import Picker
from ctui.ui.messages import ExplorerChanged, ExportChanged
from ctui.ui.widgets.text_input import TextInput


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written."""

    state: ExportState
    form: FormatRow
    partial: bool
    """True if not all of the range was loaded."""


class ExportScreen(FieldForm[Exported | None]):
    """Ends with the file that was written, or None if none was. While it stands, keys go on to work."""

    DEFAULT_CSS = """
    ExportScreen > Vertical { width: 84; }
    ExportScreen #fields { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", show=False),
        Binding("o", "overwrite", "overwrite", show=False),
        Binding("r", "retry", "retry", show=False),
    ]

    def __init__(self, session: Session, columns: tuple[str, ...], paths: Paths) -> None:
        """`columns` are those of the list; `paths` offers others."""
        super().__init__()
        self._session = session
        self._explorer = session.explorer
        self._paths = paths
        self._marked: int | None = None
        self._usual = ""
        self._checked: Destination | CtuiError | None = None
        self._asked: Destination | None = None
        """Where a file is that may be overwritten, once that was asked."""
        self._failure: CtuiError | None = None
        self._export: Export | None = None
        self._partial = False
        self._leave: list[Callable[[], None]] = []
        offered = [Chosen.HERE]
        offered += [Chosen.ALL] if has_more(self._explorer.state) else []
        offered += [Chosen.MARKED] if session.marks.rows else []
        forms = list(FORMATS.values())
        self._events = Picker(offered, self._name_of, Chosen.HERE, id="events")
        self._format = Picker(forms, lambda row: row.title, forms[0], id="format")
        self._columns = ColumnsField(columns)
        self._path = TextInput(id="path")
        self._event_note, self._format_note, self._path_note = (Lines(classes="note") for _ in range(3))
        self._foot = Lines(id="foot")
        self._progress = Lines(classes="note")

    def compose(self) -> ComposeResult:
        """The fields, or how far the export is; the keys at the foot."""
        with Vertical() as box:
            box.border_title = Content("Export")
            with Vertical(id="fields"):
                yield labeled("Events", self._events, self._event_note)
                yield labeled("Format", self._format, self._format_note)
                yield labeled("Columns", self._columns, id="columns-row")
                yield labeled("File", self._path, self._path_note)
            yield self._progress
            yield self._foot

    def on_mount(self) -> None:
        """What is loaded may grow while the form is open."""
        self._leave.append(self._explorer.changed.subscribe(lambda _: self._post(ExplorerChanged())))
        self._events.focus()
        self._suggest()
        self._show()
        if self._session.marks.rows:
            self._count_marked()

    def on_unmount(self) -> None:
        """However it was closed, nothing goes on."""
        for leave in self._leave:
            leave()
        if self._export is not None:
            self._export.cancel()

    def _post(self, fact: Message) -> None:
        self.post_message(fact)

    @work(group="counts")
    async def _count_marked(self) -> None:
        try:
            self._marked = len(await self._session.marks.ids())
        except CtuiError as problem:
            self._failure = problem
        self._show()

    # Show.

    def _name_of(self, chosen: Chosen) -> str:
        return events_name(self._explorer.state, chosen, self._marked)

    def _suggest(self) -> None:
        """The usual name for what is chosen, unless a person has written another one; the ending follows."""
        usual = usual_name(self._session, self._events.chosen, self._format.chosen.ending)
        written, before, self._usual = self._path.value, self._usual, usual
        if written in ("", before):
            self._path.value = usual
        elif ending := next((row.ending for row in FORMATS.values() if written.endswith(row.ending)), ""):
            self._path.value = written.removesuffix(ending) + self._format.chosen.ending
        self._path.action_end()

    def _show(self) -> None:
        fields = self.query_one("#fields")
        fields.display, fields.disabled = self._export is None, self._asked is not None
        self._progress.display = self._export is not None
        if self._export is not None:
            self._show_progress(self._export)
            return
        self._events.show_chosen()
        self._event_note.show(*event_lines(self._session, self._events.chosen))
        self._format_note.show(line(self._format.chosen.means, Role.DIM))
        self.query_one("#columns-row").display = self._format.chosen.has_columns
        self._path_note.show(*self._place())
        failure = () if self._failure is None else (line(error_text(self._failure), Role.ERROR),)
        if self._asked is not None:
            self._foot.show(
                words.overwrite_line(self._asked, self._session.server_now()), key_line("o overwrite", "esc back")
            )
        else:
            self._foot.show(*failure, key_line("enter export", "tab next", "esc cancel"))

    def _place(self) -> tuple[Line, ...]:
        if self._checked is None:
            return (line("…", Role.DIM),)
        if isinstance(self._checked, CtuiError):
            return (line(f"✗ {error_text(self._checked)}", Role.ERROR),)
        lines = words.place_lines(self._checked, self._session.server_now())
        return lines if self._asked is None else lines[:1]

    def _show_progress(self, export: Export) -> None:
        state, explored = export.state, self._explorer.state
        self._progress.show(*progress_lines(self._session, state))
        here = f"enter export the {words.events_text(explored.shown)} here"
        keys = ("r retry", here, "esc cancel") if state.phase is ExportPhase.HALTED else ("esc cancel",)
        self._foot.show(key_line(*keys))

    # What the person does.

    @on(Picker.Turned)
    def _turned(self) -> None:
        self._suggest()
        self._show()
        self._check()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._failure = self._checked = None
        self._show()
        self._check()

    @on(ColumnsField.Wanted)
    @work(group="columns", exclusive=True)
    async def _choose_columns(self) -> None:
        chosen = await self.app.push_screen_wait(ColumnsScreen(self._columns.columns, self._paths))
        if chosen is not None:
            self._columns.choose(chosen)

    @work(group="path", exclusive=True)
    async def _check(self) -> None:
        await self._look()

    async def _look(self) -> Destination | None:
        """Where the file would be written; None if it cannot be."""
        typed, usual = self._path.value, self._usual
        try:
            # A folder on a network may hang, and keys must go on.
            self._checked = await off_loop(lambda: destination_of(typed, usual), "ctui-export")
        except CtuiError as refusal:
            self._checked = refusal
        self._show()
        return self._checked if isinstance(self._checked, Destination) else None

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_submit()

    def action_submit(self) -> None:
        """Export, ask whether a file may be overwritten, or write what is here of a load that ended early."""
        if self._export is None and self._asked is None:
            self._begin()
        elif self._export is not None and self._export.state.phase is ExportPhase.HALTED:
            # What is here has another name than all.
            self._export.cancel()
            self._export = None
            self._events.choose(Chosen.HERE)
            self._suggest()
            self._begin()

    @work(group="begin", exclusive=True)
    async def _begin(self) -> None:
        destination = await self._look()
        if destination is None:
            self._path.focus()
        elif self._events.chosen is Chosen.MARKED and self._marked == 0:
            self._failure = CtuiError("Export", "No event of these Regions is marked.")
            self._show()
        elif destination.existing is not None:
            self._asked = destination
            self.set_focus(None)
            self._show()
        else:
            self._start(destination, replace=False)

    def action_overwrite(self) -> None:
        """The second key: what is there may go."""
        if self._asked is not None:
            self._start(self._asked, replace=True)

    def _start(self, destination: Destination, *, replace: bool) -> None:
        marked, load_all = self._events.chosen is Chosen.MARKED, self._events.chosen is Chosen.ALL
        form = self._format.chosen.make(self._columns.columns)
        self._failure = self._asked = None
        self._partial = has_more(self._explorer.state) and not (marked or load_all)
        plan = ExportPlan(destination, form, replace=replace, load_all=load_all, marked=marked)
        self.set_focus(None)
        self._export = self._session.export(plan)
        self._leave.append(self._export.changed.subscribe(lambda _: self._post(ExportChanged())))
        self._show()

    def action_retry(self) -> None:
        """Go on with a load that ended early, with a new connection if it has none."""
        if self._export is not None and self._export.state.phase is ExportPhase.HALTED:
            self._session.reconnect()
            self._start(self._export.plan.destination, replace=self._export.plan.replace)

    @on(ExplorerChanged)
    @on(ExportChanged)
    def _changed(self) -> None:
        state = None if self._export is None else self._export.state
        if state is not None and state.phase in (ExportPhase.DONE, ExportPhase.CANCELLED):
            self._end(Exported(state, self._format.chosen, self._partial))
            return
        if state is not None and state.phase is ExportPhase.FAILED:
            self._failure, self._export = state.error, None
            self._show()
            self._path.focus()
            self._check()
            return
        self._show()

    def action_back(self) -> None:
        """One step back: from the question to the fields, from an export to where it was opened."""
        if self._asked is not None:
            self._asked = None
            self._show()
            self._path.focus()
        elif self._export is None or self._export.state.phase is ExportPhase.HALTED:
            self._end(None)
        else:
            self._export.cancel()

    def _end(self, exported: Exported | None) -> None:
        if self.is_current:
            self.dismiss(exported)

"""LogFilesScreen: accounts and Regions of trees of log files, and where files of each may be missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from ctui.core.session import Session
from ctui.model.log_files.tree_state import Deliveries
from ctui.render.panes.tree_list import chosen_lines, deliveries_title, delivery_row, delivery_titles
from ctui.render.roles import Line, Role
from ctui.ui.modal import Modal
from ctui.ui.screens.comparison import MOVES
from ctui.ui.session_facts import account_names
from ctui.ui.tree_facts import deliveries_of
from ctui.ui.widgets.pane_area import STEPS
from ctui.ui.widgets.pane_view import PaneView
from ctui.ui.widgets.text_pane import TextPane

_CHOSEN_LINES = 10
"""Lines of the pane that shows the chosen account and Region in full, its border among them."""
_KEYS = "r look for new files · esc close"
_NO_DATE = datetime.min.replace(tzinfo=UTC)


class DeliveryTable(PaneView):
    """A line for each account and Region."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: Sequence[Deliveries] = ()
        self._names: Mapping[str, str] = {}
        self._now = _NO_DATE

    def show(self, rows: Sequence[Deliveries], names: Mapping[str, str], now: datetime) -> None:
        """Draw these; the cursor stays on its account and Region."""
        before = self.chosen
        self._rows, self._names, self._now = rows, names, now
        self.recount()
        places = [(one.account, one.region) for one in rows]
        if before is not None and (before.account, before.region) in places:
            self.cursor = places.index((before.account, before.region))
        elif rows:
            self.cursor = min(self.cursor or 0, len(rows) - 1)
        self.redraw_lines()

    @property
    def chosen(self) -> Deliveries | None:
        """The account and Region under the cursor."""
        return None if self.cursor is None or self.cursor >= len(self._rows) else self._rows[self.cursor]

    def top(self) -> tuple[Line, ...]:
        """The titles of the columns, where there is room for those."""
        titles = delivery_titles(self.line_width)
        return (titles,) if titles else ()

    def count(self) -> int:
        """How many accounts and Regions."""
        return len(self._rows)

    def line(self, number: int) -> Line:
        """One account and Region."""
        return delivery_row(self._rows[number], self._names, self._now, self.line_width)


class LogFilesScreen(Modal[None]):
    """Over the whole screen. What it shows is kept up to date while files are indexed."""

    class Changed(Message):
        """Something may look different."""

        def can_replace(self, message: Message) -> bool:
            """Only the last state counts."""
            return isinstance(message, LogFilesScreen.Changed)

    DEFAULT_CSS = """
    LogFilesScreen {
        & > DeliveryTable { width: 1fr; height: 1fr; background: $surface; }
        & > TextPane { width: 1fr; background: $surface; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,A", "dismiss", "close", show=False),
        Binding("r", "look", "look for new files", show=False),
        *(Binding(keys, f"move({step!r})", step, show=False) for keys, step in MOVES.items()),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._table = DeliveryTable(id="deliveries")
        self._pane = TextPane(id="delivery")
        self._leave: Callable[[], None] = _nothing

    def compose(self) -> ComposeResult:
        """The list, and the chosen account and Region in full."""
        self._pane.styles.height = _CHOSEN_LINES
        yield self._table
        yield self._pane

    def on_mount(self) -> None:
        """Follow what changes."""
        self._leave = self._session.changed.subscribe(self._changed)
        self._table.focus()
        self._show()

    def on_unmount(self) -> None:
        """Unsubscribe."""
        self._leave()

    def _changed(self, _state: object) -> None:
        self.post_message(self.Changed())

    @on(Changed)
    def _show(self) -> None:
        session = self._session
        trees = session.state.trees
        self._table.show(deliveries_of(trees), account_names(session), session.server_now())
        self._table.set_title(deliveries_title(trees))
        self._table.set_foot(((_KEYS, Role.DIM),))
        self._show_chosen()

    @on(PaneView.Moved, "#deliveries")
    def _show_chosen(self) -> None:
        chosen, names, now = self._table.chosen, account_names(self._session), self._session.server_now()
        about = "" if chosen is None else f"{chosen.account} {chosen.region}"
        self._pane.show(lambda width: () if chosen is None else chosen_lines(chosen, names, now, width), about=about)

    def action_move(self, step: str) -> None:
        """Go to another line, by the name of a movement."""
        self._table.move(STEPS[step])

    def action_look(self) -> None:
        """Look for new and changed files."""
        self._session.refresh()


def _nothing() -> None:
    return

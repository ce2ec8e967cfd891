"""Scopes: accounts by Regions, which of them are searched, how each stands, and what was not looked at."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from ctui.core.lookup.query_state import instant
from ctui.core.lookup.scope_state import ScopePhase
from ctui.core.scope_grid import ScopeCell, ScopeGrid
from ctui.core.session import Session
from ctui.model.connection import Scope
from ctui.render.panes.scope_grid import CellFacts, ChosenFacts, chosen_lines, grid_row, grid_titles, scopes_title
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.ui.modal import Modal
from ctui.ui.scope_facts import login_words, outages_of, words_of
from ctui.ui.screens.comparison import MOVES
from ctui.ui.session_facts import account_names
from ctui.ui.widgets.pane_area import STEPS
from ctui.ui.widgets.pane_view import PaneView
from ctui.ui.widgets.text_pane import TextPane

_CHOSEN_LINES = 6
"""Lines of the pane that shows the chosen cell in full, its border among them."""
_KEYS = "space on or off · enter alone · r try again · esc close"


class ScopeTable(PaneView):
    """A line for each Region; one of its cells is chosen."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.account = 0
        """The number of the account whose column is chosen."""
        self._accounts: Sequence[str] = ()
        self._rows: Sequence[tuple[str, Sequence[CellFacts]]] = ()

    def show(self, accounts: Sequence[str], rows: Sequence[tuple[str, Sequence[CellFacts]]]) -> None:
        """Draw these accounts, and a line for each Region."""
        self._accounts, self._rows = accounts, rows
        self.account = max(0, min(self.account, len(accounts) - 1))
        self.recount()
        if rows and self.cursor is None:
            self.cursor = 0
        self.redraw_lines()

    def top(self) -> tuple[Line, ...]:
        """The accounts."""
        return (grid_titles(self._accounts, self.account, self.line_width),)

    def count(self) -> int:
        """How many Regions."""
        return len(self._rows)

    @property
    def row_at_cursor(self) -> tuple[str, Sequence[CellFacts]]:
        """The Region under the cursor, and its cells."""
        return self._rows[self.cursor or 0]

    def line(self, number: int) -> Line:
        """One Region."""
        region, cells = self._rows[number]
        return grid_row(region, cells, self.account, self.line_width, under_cursor=number == self.cursor)


class ScopesScreen(Modal[None]):
    """Over the whole screen. What it shows is kept up to date while scopes load."""

    class Changed(Message):
        """Something may look different."""

        def can_replace(self, message: Message) -> bool:
            """Only the last state counts."""
            return isinstance(message, ScopesScreen.Changed)

    DEFAULT_CSS = """
    ScopesScreen {
        & > ScopeTable { width: 1fr; height: 1fr; background: $surface; }
        & > TextPane { width: 1fr; background: $surface; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,A", "dismiss", "close", show=False),
        Binding("space", "switch", "on or off", show=False),
        Binding("enter", "alone", "alone, or all again", show=False),
        Binding("left,h", "step(-1)", "account at the left", show=False),
        Binding("right,l", "step(1)", "account at the right", show=False),
        Binding("r", "retry", "try again", show=False),
        Binding("f", "log_files", "log files", show=False),
        *(Binding(keys, f"move({step!r})", step, show=False) for keys, step in MOVES.items()),
    ]

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        """`say` notifies."""
        super().__init__()
        self._session = session
        self._say = say
        self._table = ScopeTable(id="scopes")
        self._pane = TextPane(id="scope")
        self._grid = ScopeGrid((), (), {})
        self._before: frozenset[Scope] = frozenset()
        """What was searched before one scope was shown alone."""
        self._listening: list[Callable[[], None]] = []

    def compose(self) -> ComposeResult:
        """The grid, and the chosen cell in full."""
        self._pane.styles.height = _CHOSEN_LINES
        yield self._table
        yield self._pane

    def on_mount(self) -> None:
        """Ask which Regions there are, unless that is known, and follow what changes."""
        session = self._session
        self._listening = [
            session.changed.subscribe(self._changed),
            session.explorer.changed.subscribe(self._changed),
            session.explorer.replaced.subscribe(self._changed),
            session.queue.changed.subscribe(self._changed),
            session.regions.listed.subscribe(self._changed),
        ]
        session.list_regions()
        self._table.focus()
        self._show()

    def on_unmount(self) -> None:
        """Unsubscribe."""
        for leave in self._listening:
            leave()

    def _changed(self, _state: object) -> None:
        self.post_message(self.Changed())

    @on(Changed)
    def _show(self) -> None:
        session = self._session
        self._grid = grid = session.scope_grid()
        names, outages, now = account_names(session), outages_of(session), session.server_now()

        def facts(cell: ScopeCell, region: str) -> CellFacts:
            if not cell.searched:
                return CellFacts("not looked at" if cell.enabled else "not enabled")
            if cell.state is None:
                return CellFacts("waiting", searched=True)
            words, trouble = words_of(cell.state, outages.get(region))
            reached = cell.state.reached
            return CellFacts(words, trouble, True, "" if reached is None else times.near(instant(reached), now))

        rows = [
            (region, [facts(grid.cells[account, region], region) for account in grid.accounts])
            for region in grid.regions
        ]
        self._table.show([names.get(account, account) for account in grid.accounts], rows)
        complete = [cell.state is not None and cell.state.phase is ScopePhase.COMPLETE for cell in grid.cells.values()]
        unreached = session.explorer.state.unreached
        self._table.set_title(scopes_title(len(grid.searched), sum(complete), grid.not_looked_at, unreached))
        files = "f log files · " if session.state.trees else ""
        self._table.set_foot(((f"{files}{_KEYS}", Role.DIM),))
        self._show_chosen()

    @on(PaneView.Moved, "#scopes")
    def _show_chosen(self) -> None:
        if (chosen := self._chosen()) is None or self._table.cursor is None:
            return
        cell = self._grid.cells[chosen.account, chosen.region]
        _, shown = self._table.row_at_cursor
        error = None if cell.state is None else cell.state.error
        unlisted = (self._grid.unlisted or {}).get(chosen.account)
        if error is None and not cell.searched:
            error = unlisted
        facts = ChosenFacts(
            account_names(self._session).get(chosen.account, chosen.account),
            chosen.region,
            shown[self._table.account],
            None if cell.state is None else cell.state.rows,
            self._session.queue.pace_of(chosen),
            None if self._session.following is None else self._session.follow.lag_in(chosen),
            "" if error is None else error.message,
            "" if error is None else error.remedy,
            [
                (login.label, login_words(login)[0], "" if login.error is None else login.error.remedy)
                for login in self._session.state.unreached
            ],
        )
        self._pane.show(lambda width: chosen_lines(facts, width))

    def _chosen(self) -> Scope | None:
        grid, row = self._grid, self._table.cursor
        if row is None or row >= len(grid.regions) or not grid.accounts:
            return None
        return Scope(grid.origin, grid.accounts[self._table.account], grid.regions[row])

    def action_move(self, step: str) -> None:
        """Go to another Region, by the name of a movement."""
        self._table.move(STEPS[step])

    def action_step(self, by: int) -> None:
        """Go to another account."""
        self._table.account = max(0, min(self._table.account + by, len(self._grid.accounts) - 1))
        self._show()

    def action_retry(self) -> None:
        """Try again what failed, and connect logins that are not."""
        self._session.refresh()

    def action_log_files(self) -> None:
        """Show the accounts and Regions of the trees of log files."""
        if not self._session.state.trees:
            self._say("no log files are searched")
            return
        from ctui.ui.screens.log_files import LogFilesScreen  # noqa: PLC0415 - few have both

        self.app.push_screen(LogFilesScreen(self._session))

    def action_switch(self) -> None:
        """Search the chosen account and Region, or no longer."""
        if (chosen := self._chosen()) is None:
            return
        cell, searched = self._grid.cells[chosen.account, chosen.region], self._grid.searched
        if not cell.enabled and not cell.searched:
            self._say(f"{chosen.region} is not enabled in this account")
        elif searched == {chosen}:
            self._say("nothing else is searched: switch another on before")
        else:
            self._search(searched ^ {chosen})

    def action_alone(self) -> None:
        """Search the chosen account and Region alone, or all that were searched before."""
        if (chosen := self._chosen()) is None:
            return
        searched = self._grid.searched
        if searched == {chosen} and self._before:
            self._search(self._before)
        elif self._grid.cells[chosen.account, chosen.region].searched:
            self._before = searched
            self._search(frozenset({chosen}))
        else:
            self._say("not searched: space search it")

    def _search(self, wanted: frozenset[Scope]) -> None:
        order = [
            Scope(self._grid.origin, account, region)
            for region in self._grid.regions
            for account in self._grid.accounts
        ]
        self._session.explorer.search_scopes([scope for scope in order if scope in wanted])
        self._show()

"""Explaining: why no row matches, and what helps; made for each state of the explorer, and again as time passes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.screen import Screen

from ctui.core.explorer.explorer import Explorer
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session import Session, SessionPhase
from ctui.model.empty_result.evidence import Cause, Reason
from ctui.model.empty_result.finding_search import searched_leaves
from ctui.model.empty_result.narrowing import bare_words
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.filter.matching.case_variants import patterns_by_field
from ctui.model.lookup.timespan import ALL_HISTORY
from ctui.model.values import dataclass
from ctui.render.panes.empty_result import no_mark_lines, offers_of, reasons_lines
from ctui.render.roles import Line
from ctui.render.text.ranges import range_words
from ctui.ui.actions.registry import REMEDY_KEYS
from ctui.ui.session_facts import is_confirmed

if TYPE_CHECKING:
    from ctui.core.rows.empty_answer import StoredValues

_MADE_AGAIN = timedelta(seconds=15)
"""Reasons speak of times that are near, or today's, or too young to be complete: made again after so long."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a state shows what it shows."""

    state: ExplorerState
    text: str
    """The line as it was typed."""
    reasons: tuple[Reason, ...]
    complete: bool
    made_at: datetime
    """By the service's clock."""


class Explaining:
    """Explains one state. To draw it again, or to use one of its suggestions, makes nothing again."""

    def __init__(
        self, screen: Screen[None], session: Session, explorer: Explorer, values_came: Callable[[], object]
    ) -> None:
        """`values_came` is called once values were read that may explain more."""
        self._screen = screen
        self._session = session
        self._explorer = explorer
        self._values_came = values_came
        self._values: StoredValues | None = None
        self._reading: tuple[object, ...] = ()
        self._made: Explanation | None = None

    @property
    def explanation(self) -> Explanation:
        """The explanation of the current state, made when it is first read."""
        if self._made is None or self._made.state is not self._explorer.state:
            self._made = self._explain(self._explorer.state)
        return self._made

    @property
    def state(self) -> ExplorerState:
        """The state that is explained: everything that is drawn with the explanation reads this one."""
        return self.explanation.state

    def look_again(self) -> bool:
        """Take into account that time makes answers stale. True if the explanation is different."""
        before = self._made
        self._explorer.update_age(self._session.time())
        if before is not None and abs(self._session.server_now() - before.made_at) >= _MADE_AGAIN:
            self._made = None
        made = self.explanation
        return before is None or (before.reasons, before.complete) != (made.reasons, made.complete)

    @property
    def offers(self) -> tuple[Reason, ...]:
        """The reasons that come with a suggestion, in the order of their keys."""
        return offers_of(self.explanation.reasons)

    def lines(self, width: int, *, typing: bool) -> tuple[Line, ...]:
        """The lines of the empty pane. While the line is typed in, a digit is text, and enter asks."""
        made = self.explanation
        query = made.state.query
        if query.lookup.marked and query.phase is QueryPhase.COMPLETE and not query.loaded:
            whole = made.state.timespan == ALL_HISTORY
            return no_mark_lines("" if whole else range_words(made.state.timespan, made.state.pinned), width)
        reasons, keys = made.reasons, tuple[str, ...](REMEDY_KEYS)
        if typing:
            reasons = tuple(one if one.cause is Cause.SCANNING else replace(one, action_label="") for one in reasons)
            keys = ("enter",)
        files = made.state.files
        in_files = files is not None and files.alone
        return reasons_lines(
            reasons,
            keys,
            line=made.text,
            timespan="" if made.state.line.timespan else range_words(made.state.timespan, made.state.pinned),
            scanned=made.state.query.scanned,
            complete=made.complete or (in_files and _is_all_searched(made.state)),
            filtering=made.state.filtering,
            width=width,
            in_files=in_files,
            searched=not made.state.read_error,
        )

    def look_for_values(self) -> None:
        """Read values from the store that may explain more: what bare words are; for an empty answer, values that
        differ in case, and where else the line's values occur; with rows, what a term fails to hide."""
        state = self.explanation.state
        patterns = {} if state.shown else patterns_by_field(state.line)
        explained = patterns or bare_words(state.line) or searched_leaves(state.line, with_rows=state.shown > 0)
        busy = state.filtering or state.query.phase is QueryPhase.LOADING
        if busy or not explained or state.subject == self._reading:
            return
        self._reading = state.subject
        self._screen.run_worker(self._read_values(state), group="seen", exclusive=True)

    async def _read_values(self, state: ExplorerState) -> None:
        from ctui.core.rows.empty_answer import read_values  # noqa: PLC0415 - the first frame explains nothing

        self._values = await read_values(self._session, state)
        self._made = None
        self._values_came()

    def _explain(self, state: ExplorerState) -> Explanation:
        reasons, now = self._reasons(state), self._session.server_now()
        return Explanation(state, self._explorer.text, reasons, state.complete, now)

    def _reasons(self, state: ExplorerState) -> tuple[Reason, ...]:
        """Why no row matches, or what the rows lack; () while that is not known or the line cannot be read."""
        waiting = state.filtering or state.query.phase is QueryPhase.WAITING
        ready = self._session.state.phase is SessionPhase.READY or state.query.store_only
        if waiting or not ready or self._explorer.error is not None:
            return ()
        from ctui.core.rows.empty_answer import empty_result  # noqa: PLC0415 - as above

        evidence = empty_result(self._session, state, self._values)
        if state.shown:
            return reasons_with_rows(evidence)
        found = reasons_of(evidence)
        if state.query.store_only and not state.impossible:
            confirmed = is_confirmed(self._session)
            why, again = ("no connection", " · r retry") if confirmed else ("connecting", "")
            alone = f"{why}: only stored events were searched{again}"
            return (Reason(Cause.SCANNING, alone), *(one for one in found if one.cause is not Cause.SCANNING))
        loading = state.query.phase is QueryPhase.LOADING or (state.first is not None and state.first.loading)
        if not loading or state.passive:
            return found
        # What is loading already is no suggestion, and events that are not here yet may still match.
        asking = "searching · esc stop"
        return tuple(
            replace(one, text=asking, action_label="") if one.cause is Cause.SCANNING else one
            for one in found
            if one.cause in (Cause.SCANNING, Cause.OTHER_REGION, Cause.DATA_EVENT, Cause.KNOWN_VALUE, Cause.IMPOSSIBLE)
        )


def _is_all_searched(state: ExplorerState) -> bool:
    """True if all that log files have was compared with the line."""
    return state.files is not None and not state.files.indexing and state.query.phase is QueryPhase.COMPLETE

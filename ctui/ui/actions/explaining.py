"""Explaining: why no row is in sight, and what helps, made once for each state that core tells of."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.screen import Screen

from ctui.core.explorer import Explorer
from ctui.core.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.rows.value_counts import other_fields, value_counts, values_of_words
from ctui.core.session import Session, SessionPhase
from ctui.errors import CtuiError, ServiceError
from ctui.model.empty_result.evidence import AWS_HISTORY, Cause, EmptyResult, Reason
from ctui.model.empty_result.narrowing import bare_words
from ctui.model.empty_result.other_fields import OtherField, whole_value_terms
from ctui.model.empty_result.range_edit import with_range
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.filter.case_variants import case_variants, ignoring_case, patterns_by_field
from ctui.model.lookup.timespan import title_of
from ctui.render.panes.empty_result import offers_of, reasons_lines
from ctui.render.roles import Line
from ctui.ui.actions.registry import REMEDY_KEYS
from ctui.ui.session_facts import is_confirmed, regions_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is said of one state, and what it was made of."""

    state: ExplorerState
    text: str
    """The line as it was typed."""
    reasons: tuple[Reason, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Values:
    """What was read for one line over so many events."""

    about: tuple[object, ...] = ()
    seen: dict[str, tuple[str, ...]] | None = None
    """Values by field or path that differ from those of the line in upper and lower case alone."""
    standing: tuple[OtherField, ...] = ()
    known: dict[str, tuple[str, ...]] | None = None
    """Values of fields that bare words of the line are."""


class Explaining:
    """Reads one state and explains it; to draw it again, or to take an offer of it, makes nothing anew."""

    def __init__(
        self, screen: Screen[None], session: Session, explorer: Explorer, values_came: Callable[[], object]
    ) -> None:
        """`values_came` is called once values were read that may explain more."""
        self._screen = screen
        self._session = session
        self._explorer = explorer
        self._values_came = values_came
        self._values = _Values()
        self._reading: tuple[object, ...] = ()
        self._made: Explanation | None = None

    @property
    def explanation(self) -> Explanation:
        """That of the state as it is: made once for each state, as it is first read."""
        if self._made is None or self._made.state is not self._explorer.state:
            self._made = self._explain(self._explorer.state)
        return self._made

    @property
    def state(self) -> ExplorerState:
        """The state that is explained: all that is shown beside it is to be of the same."""
        return self.explanation.state

    def look_again(self) -> bool:
        """Explain the state as it is now, which may be older without a change; True where other things are said."""
        before = self._made
        self._explorer.look_at_clock(self._session.time())
        made = self.explanation
        return before is None or (before.reasons, before.complete) != (made.reasons, made.complete)

    @property
    def offers(self) -> tuple[Reason, ...]:
        """The reasons that come with an offer, in the order of their keys."""
        return offers_of(self.explanation.reasons)

    def lines(self, width: int, *, typing: bool) -> tuple[Line, ...]:
        """The lines of the empty pane. While the line is typed in a digit is a digit, and enter asks."""
        made = self.explanation
        reasons, keys = made.reasons, tuple[str, ...](REMEDY_KEYS)
        if typing:
            reasons = tuple(one if one.cause is Cause.SCANNING else replace(one, action_label="") for one in reasons)
            keys = ("enter",)
        return reasons_lines(
            reasons,
            keys,
            line=made.text,
            timespan="" if made.state.line.timespan else title_of(made.state.timespan),
            scanned=made.state.feed.scanned,
            complete=made.complete,
            judging=made.state.judging,
            width=width,
            searched=not made.state.trouble,
        )

    def look_for_values(self) -> None:
        """Read which values were seen: those that bare words are; where the answer is empty, those that differ in
        their letters' case, and where the line's stand instead; else where those stand that a term hides in vain."""
        state = self.explanation.state
        about = _about(state)
        patterns = whole_value_terms(state.line, negated=True) if state.shown else patterns_by_field(state.line)
        busy = state.judging or state.feed.phase is QueryPhase.LOADING
        if busy or not (patterns or bare_words(state.line)) or about == self._reading:
            return
        self._reading = about
        self._screen.run_worker(self._read_values(state), group="seen", exclusive=True)

    async def _read_values(self, state: ExplorerState) -> None:
        found: dict[str, tuple[str, ...]] = {}
        for name, patterns in () if state.shown else patterns_by_field(state.line).items():
            values = [value for value, _ in await value_counts(self._session, name, ignoring_case(patterns))]
            found[name] = tuple(twin for pattern in patterns for twin in case_variants(pattern, values))
        line = with_range(state.line, state.timespan)
        standing = await other_fields(self._session, line, self._session.server_now(), negated=state.shown > 0)
        known = await values_of_words(self._session, bare_words(state.line))
        self._values = _Values(_about(state), found, standing, known)
        self._made = None
        self._values_came()

    def _explain(self, state: ExplorerState) -> Explanation:
        complete = state.covered and state.feed.phase is QueryPhase.COMPLETE and not state.trouble
        return Explanation(state, self._explorer.text, self._reasons(state, complete), complete)

    def _reasons(self, state: ExplorerState, complete: bool) -> tuple[Reason, ...]:
        """Why no row is in sight, or what is not among the rows; empty while nobody knows or the line is not read."""
        waiting = state.judging or state.feed.phase is QueryPhase.WAITING
        ready = self._session.state.phase is SessionPhase.READY or state.feed.store_only
        if waiting or not ready or self._explorer.error is not None:
            return ()
        if state.shown:
            return reasons_with_rows(self._emptiness(state, complete))
        found = reasons_of(self._emptiness(state, complete))
        if state.feed.store_only:
            confirmed = is_confirmed(self._session)
            why, again = ("no connection", " · r retry") if confirmed else ("connecting", "")
            alone = f"{why}: only stored events were searched{again}"
            return (Reason(Cause.SCANNING, alone), *(one for one in found if one.cause is not Cause.SCANNING))
        if state.feed.phase is not QueryPhase.LOADING or state.passive:
            return found
        # What is being asked for cannot be offered, and what is not here yet may still pass.
        asking = "searching · esc stop"
        return tuple(
            replace(one, text=asking, action_label="") if one.cause is Cause.SCANNING else one
            for one in found
            if one.cause in (Cause.SCANNING, Cause.OTHER_REGION, Cause.DATA_EVENT, Cause.KNOWN_VALUE)
        )

    def _emptiness(self, state: ExplorerState, complete: bool) -> EmptyResult:
        connection = self._session.state.connection
        origin = connection.origin if connection is not None else "aws"
        error = state.feed.error
        values = self._values if self._values.about == _about(state) else _Values()
        return EmptyResult(
            line=with_range(state.line, state.timespan),
            now=self._session.server_now(),
            regions=regions_of(self._session),
            complete=complete,
            scanned=state.feed.scanned,
            pages_without_progress=state.feed.pages_without_progress,
            started=not state.passive,
            error_text=_words(error) if state.feed.refused or isinstance(error, ServiceError) else "",
            refusing_regions=state.feed.refused,
            added_regions=self._session.state.also,
            server_filter=state.feed.server_filter,
            store_only=state.feed.store_only,
            can_load_more=state.feed.phase in (QueryPhase.PAUSED, QueryPhase.LOADING),
            history=AWS_HISTORY if "/" not in origin else None,
            partition=origin if "/" not in origin else "aws",
            exclusions=state.removed,
            oldest=state.oldest_row,
            newest=state.newest_row,
            seen_values=values.seen or {},
            other_fields=values.standing,
            known_values={} if state.feed.phase is QueryPhase.COMPLETE else values.known or {},
            loaded_at=state.feed.pinned_at if state.old else None,
            read_error=state.trouble,
        )


def _about(state: ExplorerState) -> tuple[object, ...]:
    """What values are read for: others explain nothing of it."""
    return (state.line, state.timespan, state.feed.lookup, state.feed.scanned, state.shown > 0)


def _words(error: CtuiError | None) -> str:
    """The service's own words where it has any."""
    if error is None:
        return ""
    return (error.service_message if isinstance(error, ServiceError) else "") or error.message

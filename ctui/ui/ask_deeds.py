"""AskDeeds: what the keys for asking do on the main screen, and what an empty answer says and offers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from textual.screen import Screen

from ctui.actions import REMEDY_KEYS, Situation
from ctui.core.feed import FeedPhase
from ctui.core.inquiry import Inquiry
from ctui.core.inquirystate import InquiryState
from ctui.core.seen import known_as, shown_only, values_seen
from ctui.core.session import Session, SessionPhase
from ctui.errors import CtuiError, ServiceError
from ctui.model.elsewhere import is_region, unasked
from ctui.model.lettercase import resembling, twins, wanted
from ctui.model.narrowing import bare_words
from ctui.model.question import Question
from ctui.model.remedy import AWS_HISTORY, Cause, Emptiness, Reason, reasons_beside_rows, reasons_of
from ctui.model.taking import ranged, taken
from ctui.model.terms import Kind, Name, Pattern, users_named
from ctui.model.timespan import title_of
from ctui.render.emptiness import offers_of, reasons_lines
from ctui.render.roles import Line
from ctui.ui.forms.question import QuestionForm
from ctui.ui.show import is_confirmed, regions_of
from ctui.ui.widgets.filter_line import FilterLine
from ctui.ui.widgets.pane_area import PaneArea


class AskDeeds:
    """The filter line, its form, its toggles, and the remedies for an empty answer."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        inquiry: Inquiry,
        panes: PaneArea,
        line: FilterLine,
        *,
        values_read: Callable[[], None],
    ) -> None:
        """`values_read` hears when what was seen before offers something more."""
        self._screen = screen
        self._session = session
        self._inquiry = inquiry
        self._panes = panes
        self._line = line
        self._values_read = values_read
        self._seen: dict[str, tuple[str, ...]] = {}
        self._shown: list[str] = []
        self._known: dict[Name, tuple[str, ...]] = {}
        self._seen_for: tuple[object, ...] = ()

    def all(self) -> dict[str, Callable[[], object]]:
        """Deeds by action id."""
        remedies = {f"remedy-{place + 1}": partial(self._take, place) for place in range(len(REMEDY_KEYS))}
        return {
            "filter": self.open_line,
            "ask": self._ask,
            "clear-filter": self._clear,
            "complete": self._line.complete,
            "recall": self._line.recall,
            "writes-only": lambda: self._toggle(Kind.WRITE),
            "errors-only": lambda: self._toggle(Kind.ERROR),
            "question": lambda: self._screen.run_worker(self._question(), group="question", exclusive=True),
            "ask-regions": self._ask_regions,
            "one-region": lambda: self._look_at([]),
            **remedies,
        }

    def situate(self, situation: Situation) -> Situation:
        """The situation with what the actions for asking look at."""
        return replace(
            situation,
            rows=len(self._inquiry.rows.ids),
            filter_broken=self._inquiry.error is not None,
            filter_empty=not self._inquiry.text,
            stored=self._inquiry.state.feed.stored,
            remedies=len(offers_of(self.reasons())),
            unasked=len(self._unasked()),
            added=len(self._session.state.also),
        )

    # The line.

    def open_line(self) -> None:
        """Show the line and type in it."""
        self._panes.make_room_for_line()
        self._line.open()

    def leave_line(self) -> bool:
        """Leave the line with its text; False where nobody is in it."""
        if not self._line.is_open:
            return False
        self._line.remember(self._inquiry.text)
        self._panes.events.focus()
        return True

    def heed_line(self) -> None:
        """What stands in the line and core has not heard of goes first: keys never wait, and nothing typed is lost."""
        if (text := self._line.untold()) is not None:
            self._inquiry.type(text)

    def show_line(self) -> None:
        """The line holds what the inquiry holds."""
        self.heed_line()
        self._line.show(self._inquiry.text, self._inquiry.error)

    def follow_line(self) -> None:
        """Core has told: the question may be another one. What is being typed is ahead of core and stays."""
        if not self._line.is_open:
            self.show_line()

    def _ask(self) -> None:
        self._line.remember(self._inquiry.text)
        self._inquiry.ask()
        self.leave_line()

    def _clear(self) -> None:
        self._line.remember(self._inquiry.text)
        self._inquiry.type("")
        self.show_line()

    def _toggle(self, kind: Kind) -> None:
        self._inquiry.toggle(kind)
        self.show_line()

    async def _question(self) -> None:
        state = self._inquiry.state
        asked = await self._screen.app.push_screen_wait(QuestionForm(Question.of(state.line, state.timespan)))
        if asked is None:
            return
        line, timespan = asked
        self._inquiry.write(line, timespan)
        self._line.remember(self._inquiry.text)
        self.show_line()
        self._inquiry.ask()

    def _ask_regions(self) -> None:
        for region in self._unasked():
            self._session.look_also(region)
        self._inquiry.ask()

    def _leave_out(self, region: str) -> None:
        self._look_at([one for one in self._session.state.also if one != region])

    def _look_at(self, also: Sequence[str]) -> None:
        """Ask these Regions and no others beside ours: a question that was put is put again, and no other."""
        asked = self._inquiry.state.asked
        self._session.look_only(*also)
        if asked:
            self._inquiry.ask()

    def _unasked(self) -> tuple[str, ...]:
        """Regions that the line names, and that can be asked as well."""
        return tuple(filter(is_region, unasked(self._inquiry.state.line, regions_of(self._session))))

    # An empty answer, or one that is not whole.

    def reasons(self) -> tuple[Reason, ...]:
        """Why no row is in sight, or what is not among the rows; empty while nobody knows or the line is not read."""
        state = self._inquiry.state
        waiting = state.judging or state.feed.phase is FeedPhase.WAITING
        ready = self._session.state.phase is SessionPhase.READY or state.feed.stored
        if waiting or not ready or self._inquiry.error is not None:
            return ()
        if state.shown:
            return () if state.feed.stored else reasons_beside_rows(self._emptiness(state))
        found = reasons_of(self._emptiness(state))
        if state.feed.stored:
            why = "there is no connection" if is_confirmed(self._session) else "the service has not answered yet"
            again = "; r connects again" if is_confirmed(self._session) else ""
            alone = f"{why}: only what the store holds was looked at{again}"
            return (Reason(Cause.SCANNING, alone), *(one for one in found if one.cause is not Cause.SCANNING))
        if state.feed.phase is not FeedPhase.LOADING or self._session.feed.quiet:
            return found
        # What is being asked for cannot be offered, and what is not here yet may still pass.
        asking = "the service is being asked; esc stops it"
        return tuple(
            replace(one, says=asking, offer="") if one.cause is Cause.SCANNING else one
            for one in found
            if one.cause in (Cause.SCANNING, Cause.ELSEWHERE, Cause.DATA_EVENT, Cause.KNOWN)
        )

    def offered(self) -> tuple[tuple[str, Reason], ...]:
        """What the keys for remedies would do now, each with its key; nothing while the line is typed in."""
        return () if self._line.is_open else tuple(zip(REMEDY_KEYS, offers_of(self.reasons()), strict=False))

    def explain(self, width: int) -> tuple[Line, ...]:
        """The lines of the empty pane."""
        state = self._inquiry.state
        reasons = self.reasons()
        keys: tuple[str, ...] = REMEDY_KEYS
        if self._line.is_open:
            # There a digit is a digit, and enter asks.
            reasons = tuple(one if one.cause is Cause.SCANNING else replace(one, offer="") for one in reasons)
            keys = ("enter",)
        return reasons_lines(
            reasons,
            keys,
            line=self._inquiry.text,
            timespan="" if state.line.timespan else title_of(state.timespan),
            scanned=state.feed.scanned,
            complete=self._complete(state),
            judging=state.judging,
            width=width,
        )

    def look_for_values(self) -> None:
        """Read which values were seen: those that bare words are, and where the answer is empty, those that differ in
        their letters' case."""
        state = self._inquiry.state
        patterns, words = {} if state.shown else wanted(state.line), bare_words(state.line)
        about = (state.line, state.feed.scanned)
        busy = state.judging or state.feed.phase is FeedPhase.LOADING
        if busy or not (patterns or words) or about == self._seen_for:
            return
        self._seen_for = about
        self._screen.run_worker(self._read_values(patterns, words), group="seen", exclusive=True)

    async def _read_values(self, wanted_by: dict[str, tuple[Pattern, ...]], words: Sequence[str]) -> None:
        found: dict[str, tuple[str, ...]] = {}
        for name, patterns in wanted_by.items():
            values = [value for value, _ in await values_seen(self._session, name, resembling(patterns))]
            found[name] = tuple(twin for pattern in patterns for twin in twins(pattern, values))
        self._seen, self._shown = found, await shown_only(self._session, users_named(self._inquiry.state.line))
        self._known = await known_as(self._session, words)
        self._panes.events.refresh()
        self._values_read()

    def _emptiness(self, state: InquiryState) -> Emptiness:
        connection = self._session.state.connection
        origin = connection.origin if connection is not None else "aws"
        error = state.feed.error
        return Emptiness(
            line=ranged(state.line, state.timespan),
            now=self._session.server_now(),
            regions=regions_of(self._session),
            complete=self._complete(state),
            scanned=state.feed.scanned,
            begun=not self._session.feed.quiet,
            refused=_words(error) if state.feed.refused or isinstance(error, ServiceError) else "",
            refusing=state.feed.refused,
            added=self._session.state.also,
            selected=state.feed.api,
            stored=state.feed.stored,
            open=state.feed.phase in (FeedPhase.PAUSED, FeedPhase.LOADING),
            history=AWS_HISTORY if "/" not in origin else None,
            partition=origin if "/" not in origin else "aws",
            removed=state.removed,
            oldest=self._time_of(-1),
            newest=self._time_of(0),
            seen=self._seen,
            shown=self._shown,
            known={} if state.feed.phase is FeedPhase.COMPLETE else self._known,
        )

    def _time_of(self, place: int) -> datetime | None:
        """When the first or the last of the events at hand was, None where there is none."""
        feed = self._session.feed
        rows = len(feed.ids)
        return datetime.fromtimestamp(feed.second_at(place % rows), UTC) if rows else None

    def _complete(self, state: InquiryState) -> bool:
        return state.asked and state.feed.phase is FeedPhase.COMPLETE

    def _take(self, place: int) -> None:
        reason = offers_of(self.reasons())[place]
        # Beyond what is here, all the rest is offered; of a question that was never asked, what enter asks.
        rest = reason.cause is Cause.SCANNING and not self._session.feed.quiet
        if reason.leave:
            self._leave_out(reason.leave)
            return
        if reason.line is not None:
            state = self._inquiry.state
            self._inquiry.write(*taken(reason.line, state.line, state.timespan))
        self.show_line()
        if reason.region:
            self._session.look_also(reason.region)
        self._inquiry.ask()
        if rest:
            self._session.feed.everything()


def _words(error: CtuiError | None) -> str:
    """The service's own words where it has any."""
    if error is None:
        return ""
    return (error.service_message if isinstance(error, ServiceError) else "") or error.message

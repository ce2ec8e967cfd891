"""AskHandlers: what the keys for asking do on the main screen, and what an empty answer says and offers."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from ctui.core.explorer.explorer import Explorer
from ctui.core.session import Session
from ctui.model.empty_result.evidence import Cause, Reason
from ctui.model.empty_result.range_edit import apply_suggestion
from ctui.model.empty_result.regions import is_region, unsearched_regions
from ctui.model.event.kind import EventKind
from ctui.model.filter.editing.attribute_query import AttributeQuery
from ctui.model.filter.own_calls import asks_for_own_calls
from ctui.model.filter.parse import parse_filter
from ctui.render.roles import Line
from ctui.render.text.ranges import range_in_full
from ctui.ui.actions.explaining import Explaining
from ctui.ui.actions.registry import REMEDY_KEYS, ActionContext
from ctui.ui.widgets.filter_line import FilterLine
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    from ctui.model.filter.questions import Question


class AskHandlers:
    """The filter line, its form and toggles, going back and forward, and the suggestions for an empty answer."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        explorer: Explorer,
        panes: PaneArea,
        line: FilterLine,
        *,
        values_read: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """`values_read` is called when values that were read explain or offer more; `say` notifies."""
        self._screen = screen
        self._session = session
        self._explorer = explorer
        self._panes = panes
        self._line = line
        self._say = say
        self.explaining = Explaining(screen, session, explorer, values_read)
        """Why no row is in sight, and what helps."""
        self.own_questions: tuple[Question, ...] = ()
        """The person's own."""

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        remedies = {f"remedy-{place + 1}": partial(self._take, place) for place in range(len(REMEDY_KEYS))}
        return {
            "filter": self.open_line,
            "ask": self._ask,
            "clear-filter": self._clear,
            "complete": self._line.complete,
            "recall": self._line.recall,
            "writes-only": lambda: self._toggle(EventKind.WRITE),
            "errors-only": lambda: self._toggle(EventKind.ERROR),
            "own-calls": self._explorer.toggle_own_calls,
            "notable-only": lambda: self._toggle(EventKind.NOTABLE),
            "question": lambda: self._screen.run_worker(self._question(), group="question", exclusive=True),
            "questions": lambda: self._screen.run_worker(self._choose_question(), group="questions", exclusive=True),
            "previous-view": self.previous_view,
            "next-view": partial(self._go, self._explorer.forward),
            "ask-regions": self._ask_regions,
            "one-region": self._explorer.search_only,
            "global-services": self._toggle_global_services,
            **remedies,
        }

    def extend_context(self, context: ActionContext) -> ActionContext:
        """The context, completed by what the actions for asking look at."""
        return replace(
            context,
            rows=len(self._explorer.rows.ids),
            loaded=context.rows,
            searching=self.explaining.state.filtering,
            filter_broken=self._explorer.error is not None,
            filter_empty=not self._explorer.text,
            stored=self.explaining.state.query.store_only,
            remedies=len(self.explaining.offers),
            regions_not_searched=len(self._regions_not_searched()),
            principal_known=self._session.state.identity is not None,
            own_in_line=asks_for_own_calls(self.explaining.state.line),
            added=len(self._session.state.added_regions),
            global_region=self._session.regions.global_region is not None,
            views_behind=self.explaining.state.behind,
            views_ahead=self.explaining.state.ahead,
        )

    # Views.

    def previous_view(self) -> None:
        """To the previous view, if there is one."""
        self._go(self._explorer.back)

    def step_back(self) -> None:
        """To the previous view; if there is none, clear the line."""
        if self._go(self._explorer.back):
            return
        if self._explorer.text:
            self._clear()
        else:
            self._say("esc: nothing is left to step back from")

    def _go(self, step: Callable[[], bool]) -> bool:
        # What was typed stays in reach: in the next view, and in the line's history.
        self._line.remember(self._explorer.text)
        gone = step()
        self.show_line()
        return gone

    # The line.

    def open_line(self) -> None:
        """Show the line and type in it."""
        self._panes.make_room_for_line()
        self._line.open()

    def leave_line(self) -> bool:
        """Leave the line and keep its text; False if it is not being typed in."""
        if not self._line.is_open:
            return False
        self._line.remember(self._explorer.text)
        self._explorer.finish_typing()
        self._panes.events.focus()
        return True

    def flush_typed(self) -> None:
        """Send what was typed and not sent yet before a key acts: keys never wait, and nothing typed is lost."""
        if (text := self._line.pop_unsent()) is not None:
            self._explorer.type(text, typing=self._line.goes_on)

    def show_line(self) -> None:
        """Show the explorer's line."""
        self.flush_typed()
        state = self._explorer.state
        named = "" if state.line.timespan is None else range_in_full(state.timespan, state.pinned)
        self._line.show(self._explorer.text, self._explorer.error, timespan=named)

    def follow_line(self) -> None:
        """The question may have changed. While the line is being typed in, it is ahead of the explorer and stays."""
        if not self._line.is_open:
            self.show_line()

    @property
    def questions(self) -> "tuple[Question, ...]":
        """What can be asked by name; the person's own come first."""
        from ctui.model.filter.questions import QUESTIONS  # noqa: PLC0415 - the first frame needs no questions

        return (*self.own_questions, *QUESTIONS)

    def ask_question(self, question: "Question", *, edit: bool = False) -> None:
        """Ask a question; one with blanks, or one to `edit`, is written into the line, which says what it asks."""
        text, at = question.to_fill
        if not edit and not question.blanks:
            self._explorer.ask_line(parse_filter(text))
            self.show_asked()
            return
        self._line.remember(self._explorer.text)
        self.open_line()
        self._line.write(text, at)

    async def _choose_question(self) -> None:
        from ctui.ui.boxes.questions import QuestionScreen  # noqa: PLC0415 - the first frame needs no questions

        asked = await self._screen.app.push_screen_wait(QuestionScreen(self.questions))
        if asked is not None:
            self.ask_question(asked.question, edit=asked.edit)

    def show_asked(self) -> None:
        """Another line was asked for by other means than typing: show it, and remember it as a typed one."""
        self._line.remember(self._explorer.text)
        self.show_line()

    def _ask(self) -> None:
        self._line.remember(self._explorer.text)
        self._explorer.ask()
        self.leave_line()

    def _clear(self) -> None:
        self._line.remember(self._explorer.text)
        self._explorer.type("")
        self.show_line()

    def _toggle(self, kind: EventKind) -> None:
        self._explorer.toggle(kind)
        self.show_line()

    async def _question(self) -> None:
        from ctui.ui.forms.search_form import SearchForm  # noqa: PLC0415 - the first frame needs no form

        state = self._explorer.state
        shown = AttributeQuery.of(state.line, state.timespan)
        asked = await self._screen.app.push_screen_wait(SearchForm(shown, lambda: self._session.time().earliest))
        if asked is None:
            return
        line, timespan = asked
        # A range that the line names goes before the one next to it, which stays.
        self._explorer.ask_line(line, None if line.timespan else timespan)
        self._line.remember(self._explorer.text)
        self.show_line()

    def _ask_regions(self) -> None:
        self._explorer.search_also(*self._regions_not_searched())
        self._explorer.ask()

    def _leave_out(self, region: str) -> None:
        self._explorer.search_only(*(one for one in self._session.state.added_regions if one != region))

    def _toggle_global_services(self) -> None:
        region = self._session.regions.global_region
        assert region is not None, "the action is off while there is none"
        if region in self._session.state.added_regions:
            self._leave_out(region)
            self._say(
                f"{region} (global services) left out: calls of IAM and most sign-ins are there. u: search it again"
            )
        else:
            self._explorer.search_also(region)
            self._say(f"{region} (global services) is searched too. u: leave it out")

    def _regions_not_searched(self) -> tuple[str, ...]:
        """Regions that the line names and that are not searched yet."""
        return tuple(filter(is_region, unsearched_regions(self._explorer.state.line, self._session.state.regions)))

    # An empty or incomplete answer.

    def offered(self) -> tuple[tuple[str, Reason], ...]:
        """The suggestions, each with its key; none while the line is typed in."""
        return () if self._line.is_open else tuple(zip(REMEDY_KEYS, self.explaining.offers, strict=False))

    def explain(self, width: int) -> tuple[Line, ...]:
        """The lines of the empty pane."""
        return self.explaining.lines(width, typing=self._line.is_open)

    def _take(self, place: int) -> None:
        reason, complete = self.explaining.offers[place], self.explaining.explanation.complete
        # The suggestion is to load all the rest; for a question that was never asked, it is what enter does.
        state = self.explaining.state
        rest = reason.cause is Cause.SCANNING and not (complete or state.passive or state.read_error)
        if reason.remove_region:
            self._leave_out(reason.remove_region)
            return
        if reason.line is not None:
            line, timespan = apply_suggestion(reason.line, state.line, state.timespan)
            if reason.hides_nothing or reason.hides_services:
                # Another term filters what is here; the service has nothing to add.
                self._explorer.show_line(line, timespan)
            else:
                self._explorer.ask_line(line, timespan, region=reason.add_region)
        elif reason.add_region:
            self._explorer.search_also(reason.add_region)
            self._explorer.ask()
        else:
            self._explorer.ask()
        self.show_line()
        if rest:
            self._explorer.everything()

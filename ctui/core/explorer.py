"""Explorer: what a person is asking. It joins the filter line, the feed that answers it, and the rows that pass.

A line that is typed filters what is here and never causes a call. It is asked when the person says so: then what the
service can answer of it becomes the feed's question, and the whole line is judged on every row that comes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ctui.core.earlier import EarlierFeeds, alike, covers, is_old, left_to_judge
from ctui.core.explorer_state import ExplorerState
from ctui.core.lookup.event_query import PAGES_WITHOUT_A_ROW, EventQuery, QueryPhase, QueryState
from ctui.core.lookup.load_goal import next_bound
from ctui.core.rows.row_filter import RowFilter
from ctui.core.session import Session
from ctui.core.signal import Signal
from ctui.errors import CtuiError
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.filter.kinds import EventKind
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.terms import Filter, attributes_of, term_of
from ctui.model.filter.toggle import toggle_term
from ctui.model.filter.write import write_filter
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import Timespan

DEBOUNCE = 0.025
"""Seconds without another key before rows are judged."""


class _Left(NamedTuple):
    """A question that somebody else put another one before."""

    lookup: Lookup
    text: str
    line: Filter
    error: FilterError | None
    timespan: Timespan


class Explorer:
    """The question, its answer as rows, newest first, and what can be done with both. Nothing here blocks."""

    def __init__(self, session: Session, *, more_follows: Callable[[], bool] = lambda: False) -> None:
        """`more_follows`: whether more of what the person says is on its way; rows are judged once none is."""
        self.changed: Signal[None] = Signal()
        """Rows, state or question are others than before."""
        self.replaced: Signal[None] = Signal()
        """Another question is asked: rows are those of a new feed."""
        self._session = session
        self._more_follows = more_follows
        self._text = ""
        self._line = Filter()
        self._error: FilterError | None = None
        self._row_filter: RowFilter | None = None
        self._retired: RowFilter | None = None
        self._judging: asyncio.Task[None] | None = None
        self._seeking: asyncio.Task[None] | None = None
        self._trouble: CtuiError | None = None
        self._timespan = session.feed.lookup.timespan
        self._asking = session.feed.lookup
        self._asked_line = Filter()
        self._earlier = EarlierFeeds()
        self._current = session.feed
        self._left: _Left | None = None
        self._follow(session.feed.lookup)
        self._left = None
        self._leave_feed = session.feed.changed.subscribe(self._feed_changed)
        self._leave_session = session.asked.subscribe(self._feed_replaced)

    def close(self) -> None:
        """Listen no more."""
        self._leave_feed()
        self._leave_session()

    # What can be seen.

    @property
    def text(self) -> str:
        """The line as it was typed."""
        return self._text

    @property
    def error(self) -> FilterError | None:
        """Why the typed line cannot be read; the one before goes on filtering meanwhile."""
        return self._error

    @property
    def trouble(self) -> CtuiError | None:
        """Why rows could not be read for judging."""
        return self._trouble

    @property
    def rows(self) -> EventQuery | RowFilter:
        """The rows to show: ids, times and places of them."""
        # Until a new sieve has let something through, what passed the one before stays: rows do not blink.
        if self._retired is not None:
            return self._retired
        return self._feed if self._row_filter is None else self._row_filter

    @property
    def state(self) -> ExplorerState:
        """How things stand at this moment."""
        feed = self._feed.state
        return ExplorerState(
            feed=feed,
            line=self._line,
            timespan=self._span,
            shown=len(self.rows.ids),
            judging=self._trouble is None
            and self._row_filter is not None
            and (self._row_filter.behind or self._row_filter.uncounted),
            removed=Exclusions() if self._row_filter is None else self._row_filter.removed,
            here=tuple(term for term in self._line.terms if not feed.api or attributes_of(term) != feed.api),
            answered=self._answered_by(self._feed),
            covered=covers(feed.lookup, self._question()),
            old=is_old(self._feed, self._session),
            trouble="" if self._trouble is None else self._trouble.message,
        )

    @property
    def _feed(self) -> EventQuery:
        return self._session.feed

    @property
    def _span(self) -> Timespan:
        """The line's range, else the one beside it."""
        return self._line.timespan or self._timespan

    # What the person says.

    def type(self, text: str) -> None:
        """The line is now this: filter what is here by it, if it can be read. Causes no call."""
        self._text = text
        try:
            line = parse_filter(text)
        except FilterError as error:
            self._error = error
        else:
            self._error = None
            self._filter_by(line)
        self.changed.publish(None)

    def write(self, line: Filter, timespan: Timespan | None = None) -> None:
        """Put this line in place of what was typed, and a range beside it unless that stays. Causes no call."""
        self._text, self._error = write_filter(line), None
        self._timespan = timespan or self._timespan
        self._filter_by(line)
        self.changed.publish(None)

    def toggle(self, kind: EventKind) -> None:
        """Put `is:KIND` into the line, or take it out; not where it cannot be read. Causes no call."""
        if self._error is None:
            self.type(toggle_term(self._text, kind))

    def ask(self) -> None:
        """Ask the service for all that answers the line, as far as it is not here; `stop` ends it."""
        self._asked_line = self._line
        # A question that is put again goes on from where it stopped.
        scanned = self._feed.state.scanned if alike(self._question(), self._feed.lookup) else 0
        if self._trouble is not None:
            self._sift()
        if not self._answered_by(self._feed) or self._feed.quiet or is_old(self._feed, self._session):
            self._session.ask(self._question())
        elif self._feed.state.phase is QueryPhase.FAILED:
            self._feed.retry()
        if self._line.terms:
            self._feed.everything(scan_to=next_bound(scanned))

    def look_at(self, timespan: Timespan) -> None:
        """Ask for this stretch; where the line named one, it names none any more."""
        self._timespan = timespan
        if self._line.since is not None or self._line.until is not None:
            self.write(replace(self._line, since=None, until=None))
        self._asked_line = self._line
        self._session.ask(self._question())

    def near_end(self, *, filling: bool = False) -> None:
        """The cursor nears the end: load until a row passes, five pages at most. Nothing while loading.

        `filling`: nobody has moved, there is only room for more rows. A line that was typed and not asked brings none.
        """
        if filling and (self._line != self._asked_line or self._feed.state.halt is not None):
            return
        if self._row_filter is None:
            self._feed.near_end()
        elif self._feed.state.phase is QueryPhase.PAUSED and not _running(self._seeking):
            self._seeking = self._session.start(self._seek(self._feed, self._row_filter), "seek")

    def stop(self) -> bool:
        """End a running load; True if there was one."""
        seeking = _cancelled(self._seeking)
        return self._feed.stop() or seeking

    # How it is done.

    def _question(self) -> Lookup:
        terms = tuple(dict.fromkeys(filter(None, map(attributes_of, self._line.terms))))
        return Lookup(self._span, None, self._feed.lookup.category, terms)

    def _answered_by(self, feed: EventQuery) -> bool:
        """True where the feed asks just our question, or a wider one that has been answered in full."""
        question = self._question()
        if alike(question, feed.lookup):
            return True
        whole = feed.state.phase is QueryPhase.COMPLETE and feed.lookup.timespan == question.timespan
        return whole and covers(feed.lookup, question)

    def _follow(self, lookup: Lookup) -> None:
        """Somebody else has put a question, or gone back to ours: the line says what is asked."""
        left, self._left = self._left, _Left(self._asking, self._text, self._line, self._error, self._timespan)
        if left is not None and alike(left.lookup, lookup):
            self._text, self._line, self._error, self._timespan = left.text, left.line, left.error, left.timespan
            self._left = None
        else:
            self._timespan = lookup.timespan
            self._line, self._error = Filter(tuple(map(term_of, lookup.conditions))), None
            self._text = write_filter(self._line)
        self._asked_line = self._line

    def _filter_by(self, line: Filter) -> None:
        if line == self._line and self._trouble is None:
            return
        self._line = line
        if not self._widen():
            self._sift()

    def _widen(self) -> bool:
        """A line that asks for more than the feed holds: go to a feed that holds it, or what the store knows of it.

        So too for one that the store can answer in full. Causes no call; False where the feed stays.
        """
        question = self._question()
        here = covers(self._feed.lookup, question)
        if here and (alike(self._feed.lookup, question) or self._feed.state.phase is QueryPhase.COMPLETE):
            return False
        known = self._session.knows(question)
        if here and not known:
            return False
        within, stored = self._line.timespan is not None, self._feed.state.stored
        feed = self._earlier.covering(question, self._feed.regions, stored=stored, within=within)
        if feed is not None and known and feed.state.phase is not QueryPhase.COMPLETE:
            feed = None
        if feed is None and self._feed.state.phase is QueryPhase.WAITING:
            return False
        self._asking = question if feed is None else feed.lookup
        if feed is None:
            self._session.ask(question, quiet=True)
        else:
            self._session.resume(feed)
        return True

    def _sift(self, *, anew: bool = False) -> None:
        """Judge what is here by the line as it is now. `anew`: the rows of before answer another question."""
        shown, self._trouble = self.rows, None
        _cancelled(self._judging)
        predicate = left_to_judge(self._line, self._span, self._feed, self._session.time())
        if predicate is None:
            self._row_filter = self._retired = None
            return
        self._row_filter = RowFilter(self._feed, predicate, self._session.judge)
        self._retired = shown if isinstance(shown, RowFilter) and not anew else None
        self._judging = self._session.start(self._judge(self._row_filter, 0 if anew else DEBOUNCE), "filter")

    async def _judge(self, row_filter: RowFilter, delay: float) -> None:
        while delay:
            await self._session.clock.sleep(delay)
            if not self._more_follows():
                break
        try:
            while row_filter is self._row_filter and (row_filter.behind or row_filter.uncounted):
                if row_filter.behind:
                    await row_filter.look()
                    if row_filter is self._row_filter and (len(row_filter) or not row_filter.behind):
                        self._retired = None
                    self.changed.publish(None)
                else:
                    await row_filter.count()
        except CtuiError as error:
            self._trouble = error if row_filter is self._row_filter else self._trouble
        if row_filter is self._row_filter:
            self._retired = None
        self.changed.publish(None)

    async def _seek(self, feed: EventQuery, row_filter: RowFilter) -> None:
        rows, pages = len(row_filter), feed.state.pages
        while len(row_filter) == rows and (left := PAGES_WITHOUT_A_ROW - feed.state.pages + pages) > 0:
            if not feed.near_end(left):
                return
            await feed.idle()
            if self._judging is not None:
                await asyncio.wait([self._judging])
            if (
                feed is not self._feed
                or row_filter is not self._row_filter
                or feed.state.phase is not QueryPhase.PAUSED
            ):
                return

    def _feed_changed(self, _state: QueryState) -> None:
        if self._row_filter is not None and self._row_filter.behind and not _running(self._judging):
            self._judging = self._session.start(self._judge(self._row_filter, 0), "filter")
        self.changed.publish(None)

    def _feed_replaced(self, feed: EventQuery) -> None:
        self._leave_feed()
        self._leave_feed = feed.changed.subscribe(self._feed_changed)
        if not self._current.quiet:
            self._earlier.keep(self._current, self._session.state.account)
        self._current = feed
        if not alike(feed.lookup, self._asking) and not alike(feed.lookup, self._question()):
            self._follow(feed.lookup)
        self._asking = feed.lookup
        self._sift(anew=True)
        self.replaced.publish(None)


def _running(task: "asyncio.Task[None] | None") -> bool:
    return task is not None and not task.done()


def _cancelled(task: "asyncio.Task[None] | None") -> bool:
    return task is not None and task.cancel()

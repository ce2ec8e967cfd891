"""ScopeScan: one query in one scope: what the store has of it, the gaps to fill, and how far back it is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from types import MappingProxyType

from ctui.core.lookup.gap_scan import HISTORY_SECONDS, GapScan
from ctui.core.lookup.knowledge import NOTHING_KNOWN, Knowledge, counts_in, knowledge_in
from ctui.core.lookup.planner import Counts, ScopeQuery, known, plan_gaps, plan_rechecks, server_filter_for
from ctui.core.server_clock import ServiceTime
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Filter, Term
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import Category, Clause, LookupAttribute
from ctui.store.coverage import Floor
from ctui.store.events import EventStore
from ctui.store.search import Key, Rows, Search

_SHORT_GAP = 3600
"""Seconds; a query that ends now has a gap of a quarter of an hour, plus the time since it was last sent."""


class ScopeScan:
    """Rows are shown without holes: from the query's end back to the `horizon`, stored rows no further than that.

    Coverage is read from the store once, when the scan is planned, and advanced with each page of its gaps.
    """

    def __init__(
        self,
        query: ScopeQuery,
        knowledge: Knowledge = NOTHING_KNOWN,
        counts: Counts | None = None,
        *,
        offline: bool = False,
        server_filter: Clause | None = None,
    ) -> None:
        """`offline`: fill no gap, and show all the store has. `server_filter`: what the service selects by, if that is
        not the cheapest clause."""
        self.query = query
        fixed = Stretches.of(query.stretch)
        scans_nothing = offline or query.impossible or query.marked
        self.has_all = query.impossible or query.marked
        """True if nothing that comes later belongs to the answer: no event can match, or marked ones are asked for."""
        self._stored = {one: fixed if scans_nothing else knowledge.known(one) for one in _attributes(query)}
        """Seconds known when the scan was planned, by attribute."""
        known_before = self._stored.__getitem__
        self.server_filter = (
            server_filter_for(query, known_before, counts or Counts()) if server_filter is None else server_filter
        )
        """What the service selects by; () if everything is scanned."""
        self._answered = known(query.clauses, known_before)
        """Seconds of which every matching event was stored when the scan was planned."""
        # More may be known of one attribute than of the others, which are scanned without it.
        self._showable = reduce(Stretches.union, map(known_before, self.server_filter), self._answered)
        if query.impossible:
            self._showable = Stretches()
        scans = () if scans_nothing else plan_gaps(query, known_before, self.server_filter)
        self.gaps = tuple(map(GapScan, scans))
        """What is to be loaded, newest first."""
        again = () if scans_nothing else plan_rechecks(query, known_before, knowledge.certain, self.server_filter)
        self.rechecks = tuple(map(GapScan, again))
        """What is known already and is scanned once more, after the gaps."""
        self.pages = 0
        """Pages of its gaps that are stored."""
        self.in_files = query.scope.in_files
        """True for a tree of log files, which has no gaps."""
        self.predicate: Predicate | None = None
        """What the rows of a tree are narrowed by; None for all."""
        self.since = 0
        """The number of the newest segment of a tree whose rows the slices have, or may have."""
        self.pruned_before: int | None = None
        """The second before which the store has pruned events of this query since the scan was planned."""
        self._floor: Floor | None = None
        self._preview: Stretch | None = None
        self._preview_last: Key | None = None
        self._shown_to = query.end + 1
        self._shown_last: Key | None = None
        self._continued = False
        self._advance()

    def _advance(self) -> None:
        """Known coverage has changed: a page of a gap has arrived, or the store has pruned events."""
        parts = (part for part in known(self.query.clauses, self._known_now) if self.query.end in part)
        start = min((part.start for part in parts), default=self.query.end + 1)
        self.horizon = max(self.query.start or 0, start)
        """The second back to which, from the end, everything is known; one past the end while nothing is."""
        self._next_slice()

    def _next_slice(self) -> None:
        shown, last = self._shown_to, self._shown_last
        if self._preview is not None and not self.preview_has_gap and not self._continued:
            shown, last = self._preview.start if self._preview_last is None else shown, self._preview_last
        stretch = Stretch.between(self.horizon, shown)
        waiting = self._showable.clip(stretch).parts if stretch is not None else ()
        self.stored_slice = (self.search(waiting[-1]), last) if waiting else None
        """What of the store can be shown next: a search, and the row to continue after; None if nothing waits."""
        if self.stored_slice is None:
            reached = self.horizon
        else:
            end = self.stored_slice[0].stretch.end
            reached = end if last is None else min(end, last.second)
        self.reached = reached
        """The second back to which, from the end, rows are shown; one past the end while none is."""

    @property
    def unknown_seconds(self) -> int:
        """Seconds to be scanned, as far as the service's history may reach."""
        return sum(gap.position + 1 - max(gap.scan.start or 0, gap.scan.end - HISTORY_SECONDS) for gap in self.gaps)

    @property
    def uncovered(self) -> Stretches:
        """The seconds of the query of which it is not known whether every event is here; all of them in log files."""
        if self.in_files:
            return Stretches.of(self.query.stretch)
        return Stretches.of(self.query.stretch).subtract(known(self.query.clauses, self._known_now))

    @property
    def done(self) -> bool:
        """True when all of the query is loaded and shown."""
        return self.stored_slice is None and all(gap.done for gap in self.gaps)

    @property
    def blank(self) -> bool:
        """True while none of it is shown, and nothing is known of it either."""
        return self._preview is None and self.reached > self.query.end

    @property
    def preview_has_gap(self) -> bool:
        """True while events may lie between the rows of a preview that have not been loaded."""
        return self._preview is not None and self.horizon > self._preview.start

    @property
    def stuck(self) -> bool:
        """True if the next gap brought nothing for too many pages, and the store can show no more."""
        gap = self.next_gap()
        return gap is not None and gap.stuck and self.stored_slice is None

    def next_gap(self) -> GapScan | None:
        """The open gap that has come back the least, so that several are filled evenly; None at the end."""
        return max((gap for gap in self.gaps if not gap.done), key=_position, default=None)

    def next_recheck(self, *, in_sight: bool = True) -> GapScan | None:
        """The open recheck that has come back the least. `in_sight`: only where rows are shown, and if its pages bring
        something."""
        left = (
            gap
            for gap in self.rechecks
            if not gap.done and (not in_sight or (gap.position >= self.reached and not gap.stuck))
        )
        return max(left, key=_position, default=None)

    def page_arrived(self, gap: GapScan) -> None:
        """A page of this gap is stored. A recheck adds nothing to what is known."""
        if gap in self.gaps:
            self.pages += 1
            self._advance()

    def preview(self) -> tuple[Search, int] | None:
        """What the store has before a short newest gap: a search, and the gap in seconds.

        None if there is no gap, or a long one: rows before it would look as if nothing lay between.
        """
        whole = self.query.stretch
        stored = () if whole is None else self._answered.clip(whole).parts
        if whole is None or not stored or not 0 < whole.end - stored[-1].end <= _SHORT_GAP:
            return None
        return self.search(Stretch(stored[-1].start, whole.end)), whole.end - stored[-1].end

    def preview_shown(self, search: Search, last: Key | None) -> None:
        """Rows of the preview are shown: up to `last`, or all of them if it is None."""
        self._preview, self._preview_last = search.stretch, last
        self._next_slice()

    def slice_shown(self, search: Search, last: Key | None) -> None:
        """Rows of a stored slice are shown: up to `last` if more of them follow, all of them if it is None."""
        self._preview, self._shown_last = None, last
        self._shown_to = search.stretch.start if last is None else search.stretch.end
        self._next_slice()

    def narrow(self, now: datetime) -> None:
        """Leave out rows of a tree that surely do not meet the terms of the query; ages count back from `now`."""
        if self.query.narrowed_by:
            terms = (term for term in self.query.narrowed_by if isinstance(term, Term))
            self.predicate = compile_filter(Filter().with_terms(terms), now)
            self._next_slice()

    def shown_before(self, rows: Rows) -> int:
        """How many of these rows, which are newer than what the slices have, are not left to a later slice."""
        if self.stored_slice is None:
            return len(rows.ids)
        search, last = self.stored_slice
        return rows.insertion_index(*(last or Key(0, search.stretch.end - 1)))

    def reopen(self, last: Key) -> None:
        """Not all is shown after all: only as far as this row."""
        self._shown_to, self._shown_last = self.query.end + 1, last
        self._next_slice()

    def continue_from(self, earlier: "ScopeScan") -> None:
        """Rows that an earlier scan has shown stay: show only what the store has after them."""
        self._continued, self._shown_last = True, earlier._shown_last
        self.since, self.predicate = earlier.since, earlier.predicate
        if earlier._shown_to <= earlier.query.end:
            self._shown_to = earlier._shown_to
        self._next_slice()

    def prune(self, floor: Floor) -> None:
        """The store keeps nothing for certain before this floor. If it has risen, events of the query are gone.

        A provisional account that gets the floor of its account has lost nothing: that pruned other events, before.
        """
        planned_with, self._floor = self._floor, floor
        if planned_with is None or planned_with.account != floor.account or floor.second <= planned_with.second:
            return
        pruned = Stretch.between(self.query.start or 0, floor.second)
        here = known(self.query.clauses, self._known_now).union(self._showable)
        # A marked event is never pruned.
        if pruned is None or not here.clip(pruned) or self.query.impossible or self.query.marked:
            return
        self.pruned_before = floor.second
        before = Stretches.of(Stretch.between(0, floor.second))
        self._stored = {attribute: seconds.subtract(before) for attribute, seconds in self._stored.items()}
        self._answered, self._showable = self._answered.subtract(before), self._showable.subtract(before)
        self._advance()

    def could_skip(self, knowledge: Knowledge) -> bool:
        """True if more is known of what is still to be loaded than when the scan was planned."""
        left = Stretch.between(self.query.start or 0, self.horizon)
        if left is None:
            return False
        return bool(known(self.query.clauses, knowledge.known).subtract(self._answered).clip(left))

    def search(self, stretch: Stretch) -> Search:
        """What is found of the query in a stretch; the other clauses filter the rows."""
        clauses = self.query.clauses
        clause = clauses[0] if clauses else ()
        return Search(self.query.scope, stretch, clause, self.query.marked, self.predicate)

    def _known_now(self, attribute: LookupAttribute | None) -> Stretches:
        filled = (gap.reached for gap in self.gaps if gap.scan.attribute == attribute)
        return self._stored[attribute].union(Stretches.of(*filled))


def plan_scans(
    store: EventStore,
    queries: Sequence[ScopeQuery],
    time: ServiceTime,
    *,
    offline: bool = False,
    again: bool = False,
    selected: Mapping[Category, Clause] = MappingProxyType({}),
) -> tuple[ScopeScan, ...]:
    """A scan for each query. All of a category select by the same clause, the one in `selected`, or that of the longest
    scan. Raises StoreError."""

    def scan(query: ScopeQuery, server_filter: Clause | None = None) -> ScopeScan:
        knowledge = knowledge_in(store, query, time, again=again)
        counts = counts_in(store, query, knowledge)
        return ScopeScan(query, knowledge, counts, offline=offline, server_filter=server_filter)

    scans = [scan(query) for query in queries]
    longest: dict[Category, ScopeScan] = {}
    for one in sorted(scans, key=lambda one: -one.unknown_seconds):
        longest.setdefault(one.query.category, one)
    clauses = {category: one.server_filter for category, one in longest.items()} | dict(selected)
    return tuple(
        one if one.server_filter == (clause := clauses[one.query.category]) else scan(one.query, clause)
        for one in scans
    )


def _position(gap: GapScan) -> int:
    return gap.position


def _attributes(query: ScopeQuery) -> set[LookupAttribute | None]:
    return {None, *(attribute for clause in query.clauses for attribute in clause)}

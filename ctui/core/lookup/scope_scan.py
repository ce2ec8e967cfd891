"""ScopeScan: the way back through one question in one scope: gaps are walked, the rest comes from the store."""

from functools import reduce

from ctui.core.lookup.gap_scan import HISTORY_SECONDS, GapScan
from ctui.core.lookup.knowledge import NOTHING_KNOWN, Knowledge
from ctui.core.lookup.planner import Counts, ScopeQuery, Term, choice, known, plan, plan_again
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import Category, LookupAttribute
from ctui.store.coverage import Floor
from ctui.store.search import Key, Search

_SHORT_GAP = 3600
"""Seconds; a question that ends now has a gap of a quarter of an hour and of the time since it was last asked."""


class ScopeScan:
    """Rows are shown without holes: from the question's end back to the `horizon`, and the store's own rows no further.

    Coverage is read once, when the route is planned.
    """

    def __init__(
        self,
        question: ScopeQuery,
        knowledge: Knowledge = NOTHING_KNOWN,
        counts: Counts | None = None,
        *,
        offline: bool = False,
        api: Term | None = None,
    ) -> None:
        """`offline`: walk nothing, and show all the store has. `api`: the term to select by, if not the cheapest."""
        self.question = question
        # Of Insights events nothing is ever known.
        fixed = Stretches.of(question.stretch) if offline else Stretches()
        use_fixed = offline or question.category is not Category.MANAGEMENT
        self._settled = {one: fixed if use_fixed else knowledge.known(one) for one in _attributes(question)}
        self.api = choice(question, self._known_before, counts or Counts()) if api is None else api
        """What the service selects by; () where everything is scanned."""
        self._before = known(question.terms, self._known_before)
        # Of one value more may be known than of the others, which are walked without it.
        self._held = reduce(Stretches.union, map(self._known_before, self.api), self._before)
        scans = () if offline else plan(question, self._known_before, self.api)
        self.walks = [GapScan(scan) for scan in scans]
        once_more = () if use_fixed else plan_again(question, self._known_before, knowledge.sure, self.api)
        self.rechecks = [GapScan(scan) for scan in once_more]
        """Walks over what is known already, to be gone behind the rows."""
        self.gone: int | None = None
        """The second before which the store has let go of events that the question covers."""
        self._floor: Floor | None = None
        self._ahead: Stretch | None = None
        self._ahead_last: Key | None = None
        self._shown = question.end + 1
        self._after: Key | None = None
        self._went_on = False
        self.horizon = self._known_back_to()
        """The second back to which, from the end, everything is known; one past the end while nothing is. It changes
        when a page of a walk arrives (`advance`) or the store prunes events (`let_go`)."""

    @property
    def unknown(self) -> int:
        """Seconds that are to be walked, as far as the service's memory may reach."""
        return sum(
            position(walk) + 1 - max(walk.scan.start or 0, walk.scan.end - HISTORY_SECONDS) for walk in self.walks
        )

    @property
    def done(self) -> bool:
        """True when all of the question has been walked and shown."""
        return all(walk.done for walk in self.walks) and self.held() is None

    def advance(self) -> None:
        """A page of one of the walks has arrived: what is known may reach further back."""
        self.horizon = self._known_back_to()

    def _known_back_to(self) -> int:
        reached = known(self.question.terms, self._known_now)
        parts = (part for part in reached if self.question.end in part)
        return max(self.question.start or 0, min((part.start for part in parts), default=self.question.end + 1))

    @property
    def reached(self) -> int:
        """The second back to which, from the end, rows are shown; behind the end while nothing is."""
        if (held := self.held()) is None:
            return self.horizon
        search, after = held
        return search.stretch.end if after is None else min(search.stretch.end, after.second)

    def preview(self) -> tuple[Search, int] | None:
        """What the store has back from the end, where its newest gap is short: a search, and the gap in seconds.

        None where no gap is there, or a long one: rows behind it would look as if nothing lay between.
        """
        whole = self.question.stretch
        behind = () if whole is None else self._before.clip(whole).parts
        if whole is None or not behind or not 0 < whole.end - behind[-1].end <= _SHORT_GAP:
            return None
        return self._search(Stretch(behind[-1].start, whole.end)), whole.end - behind[-1].end

    def previewed(self, search: Search, last: Key | None) -> None:
        """Rows of the preview are shown: up to `last`, or all of them where it is None."""
        self._ahead, self._ahead_last = search.stretch, last

    @property
    def blank(self) -> bool:
        """True while none of it is shown, and nothing is known of it either."""
        return self._ahead is None and self.reached > self.question.end

    @property
    def gap_is_open(self) -> bool:
        """True while there may be events between those of a preview that have not been asked for."""
        return self._ahead is not None and self.horizon > self._ahead.start

    def next_walk(self) -> GapScan | None:
        """The open walk that has come back the least, so that walks beside each other go evenly; None at the end."""
        return max((walk for walk in self.walks if not walk.done), key=position, default=None)

    def next_recheck(self, *, in_sight: bool = True) -> GapScan | None:
        """The open walk over known seconds that has come back the least; `in_sight`: where rows are shown already, and
        its pages bring something."""
        left = (
            walk
            for walk in self.rechecks
            if not walk.done and (not in_sight or (position(walk) >= self.reached and not walk.stuck))
        )
        return max(left, key=position, default=None)

    @property
    def stuck(self) -> bool:
        """True where the walk that comes next brought nothing for too long, and the store can show no more."""
        walk = self.next_walk()
        return walk is not None and walk.stuck and self.held() is None

    def held(self) -> tuple[Search, Key | None] | None:
        """What of the store can be shown now: a search and the row to go on behind. None where nothing waits."""
        shown, after = self._shown, self._after
        if self._ahead is not None and not self.gap_is_open and not self._went_on:
            shown, after = self._ahead.start if self._ahead_last is None else shown, self._ahead_last
        stretch = Stretch.between(self.horizon, shown)
        waiting = self._held.clip(stretch).parts if stretch is not None else ()
        if not waiting:
            return None
        return self._search(waiting[-1]), after

    def shown(self, search: Search, last: Key | None) -> None:
        """Rows of that search are shown: up to `last` where more of them follow, all of them where it is None."""
        self._ahead, self._after = None, last
        self._shown = search.stretch.start if last is None else search.stretch.end

    def go_on_from(self, earlier: "ScopeScan") -> None:
        """The rows that this one has shown stand already: show what the store has behind them."""
        self._went_on, self._after = True, earlier._after
        if earlier._shown <= earlier.question.end:
            self._shown = earlier._shown

    def let_go(self, floor: Floor) -> None:
        """The store holds nothing for certain of what was before this second. When that moves on, something is gone.

        Not so when a provisional account gets the floor of its account: that has lost other events, before.
        """
        planned_with, self._floor = self._floor, floor
        if planned_with is None or planned_with.account != floor.account or floor.second <= planned_with.second:
            return
        before = Stretch.between(self.question.start or 0, floor.second)
        here = known(self.question.terms, self._known_now).union(self._held)
        if before is None or not here.clip(before):
            return
        self.gone = floor.second
        before_it = Stretches.of(Stretch.between(0, floor.second))
        self._settled = {attribute: had.subtract(before_it) for attribute, had in self._settled.items()}
        self._before, self._held = self._before.subtract(before_it), self._held.subtract(before_it)
        self.horizon = self._known_back_to()

    def has_news(self, knowledge: Knowledge) -> bool:
        """True where more is known of what is still to be walked than when the route was planned."""
        left = Stretch.between(self.question.start or 0, self.horizon)
        if left is None or self.question.category is not Category.MANAGEMENT:
            return False
        return bool(known(self.question.terms, knowledge.known).subtract(self._before).clip(left))

    def _search(self, stretch: Stretch) -> Search:
        terms = self.question.terms
        return Search(self.question.scope, stretch, terms[0] if terms else (), self.question.category)

    def _known_before(self, attribute: LookupAttribute | None) -> Stretches:
        return self._settled[attribute]

    def _known_now(self, attribute: LookupAttribute | None) -> Stretches:
        walked = (walk.reached for walk in self.walks if walk.scan.attribute == attribute)
        return self._settled[attribute].union(Stretches.of(*walked))


def position(walk: GapScan) -> int:
    """How far back a walk has come: the second it stands at."""
    return walk.scan.end if walk.oldest is None else walk.oldest


def _attributes(question: ScopeQuery) -> set[LookupAttribute | None]:
    return {None, *(attribute for term in question.terms for attribute in term)}

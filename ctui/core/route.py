"""Route: the way back through one question in one scope: gaps are walked, what lies between comes from the store."""

from collections.abc import Callable
from dataclasses import replace

from ctui.core.planner import Counts, Question, choose, known, plan
from ctui.core.walk import Walk
from ctui.model.connection import Scope
from ctui.model.interval import Stretch, Stretches
from ctui.model.lookup import LookupAttribute
from ctui.store.finding import Key, Search

Settled = Callable[[LookupAttribute | None], Stretches]


class Route:
    """Rows are shown without holes: from the question's end back to the `horizon`, and the store's own rows no further.

    Coverage is read once, when the route is planned.
    """

    def __init__(
        self, question: Question, settled: Settled, counts: Counts | None = None, *, offline: bool = False
    ) -> None:
        """`offline`: walk nothing, and show all the store has."""
        self.question = question
        self.api = choose(question.terms, counts or Counts())
        """What the service selects by; () where everything is scanned."""
        self._settled = {attribute: settled(attribute) for attribute in _attributes(question)}
        self._before = known(question.terms, self._known_before)
        scans = () if offline else plan(question, self._known_before, counts or Counts())
        self.walks = [Walk(scan) for scan in scans]
        self._shown = question.end + 1
        self._after: Key | None = None

    @property
    def done(self) -> bool:
        """True when all of the question has been walked and shown."""
        return all(walk.done for walk in self.walks) and self.held() is None

    @property
    def horizon(self) -> int:
        """The second back to which, from the end, everything is known; behind the end while nothing is."""
        reached = known(self.question.terms, self._known_now)
        parts = (part for part in reached if self.question.end in part)
        return max(self.question.start or 0, min((part.start for part in parts), default=self.question.end + 1))

    @property
    def reached(self) -> int:
        """The second back to which, from the end, rows are shown; behind the end while nothing is."""
        if (held := self.held()) is None:
            return self.horizon
        search, after = held
        return search.stretch.end if after is None else after.second

    def next_walk(self) -> Walk | None:
        """The open walk that has come back the least, so that walks beside each other go evenly; None at the end."""
        return max((walk for walk in self.walks if not walk.done), key=position, default=None)

    def held(self) -> tuple[Search, Key | None] | None:
        """What of the store can be shown now: a search and the row to go on behind. None where nothing waits."""
        stretch = Stretch.between(self.horizon, self._shown)
        waiting = self._before.clip(stretch).parts if stretch is not None else ()
        if not waiting:
            return None
        terms = self.question.terms
        search = Search(self.question.scope, waiting[-1], terms[0] if terms else (), self.question.category)
        return search, self._after

    def shown(self, search: Search, last: Key | None) -> None:
        """Rows of that search are shown: up to `last` where more of them follow, all of them where it is None."""
        self._after = last
        if last is None:
            self._shown = search.stretch.start

    def settle(self, provisional: Scope, settled: Scope) -> None:
        """The account is known now: go on under its name."""
        if self.question.scope == provisional:
            self.question = replace(self.question, scope=settled)
        for walk in self.walks:
            walk.settle(provisional, settled)

    def _known_before(self, attribute: LookupAttribute | None) -> Stretches:
        return self._settled[attribute]

    def _known_now(self, attribute: LookupAttribute | None) -> Stretches:
        walked = (walk.reached for walk in self.walks if walk.scan.attribute == attribute)
        return self._settled[attribute].union(Stretches.of(*walked))


def position(walk: Walk) -> int:
    """How far back a walk has come: the second it stands at."""
    return walk.scan.end if walk.oldest is None else walk.oldest


def _attributes(question: Question) -> set[LookupAttribute | None]:
    return {None, *(attribute for term in question.terms for attribute in term)}

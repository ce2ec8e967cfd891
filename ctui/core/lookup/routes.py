"""Routes: the ways back through one question in all its scopes, and which of them is to be taken next."""

from collections.abc import Iterator, Sequence

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.knowledge import counts_in, knowledge_in
from ctui.core.lookup.planner import ScopeQuery, Term
from ctui.core.lookup.scope_scan import ScopeScan, position
from ctui.core.server_clock import ServiceTime
from ctui.errors import CtuiError, StoreError
from ctui.model.lookup.lookup import LookupAttribute
from ctui.store.columns import instant_of
from ctui.store.events import EventStore


class Routes:
    """One route for each scope. A scope that refuses to answer stops its own route and no other."""

    def __init__(self, routes: Sequence[ScopeScan] = ()) -> None:
        self._all = list(routes)
        self._refused: dict[int, CtuiError] = {}

    @classmethod
    def planned(
        cls,
        store: EventStore,
        questions: Sequence[ScopeQuery],
        time: ServiceTime,
        *,
        offline: bool = False,
        again: bool = False,
    ) -> "Routes":
        """The routes by what the store knows at this time. All of them select by the same attribute, that of the
        longest. `again`: all that is known is walked once more.

        Raises StoreError where the store cannot be read.
        """

        def route(question: ScopeQuery, api: Term | None = None) -> ScopeScan:
            knowledge = knowledge_in(store, question, time, again=again)
            return ScopeScan(question, knowledge, counts_in(store, question, knowledge), offline=offline, api=api)

        routes = [route(question) for question in questions]
        api = max(routes, key=lambda one: one.unknown).api
        return cls([one if one.api == api else route(one.question, api) for one in routes])

    @classmethod
    def unknown(cls, questions: Sequence[ScopeQuery]) -> "Routes":
        """The routes for a store that cannot tell what it knows: everything is asked."""
        return cls([ScopeScan(one) for one in questions])

    def __iter__(self) -> Iterator[ScopeScan]:
        return iter(self._all)

    def __bool__(self) -> bool:
        return bool(self._all)

    @property
    def questions(self) -> list[ScopeQuery]:
        """What is asked in each scope."""
        return [route.question for route in self._all]

    @property
    def done(self) -> bool:
        """True when every scope has been walked and shown."""
        return all(route.done for route in self._all)

    @property
    def whole(self) -> bool:
        """True when, besides, nothing of it was let go meanwhile."""
        return self.done and self.gone is None

    @property
    def open(self) -> list[ScopeScan]:
        """Those that can be gone on with."""
        return [route for route in self._answering if not (route.done or route.stuck)]

    @property
    def reached(self) -> int:
        """The second back to which rows are shown in every scope that can be gone on with; 0 where there is none."""
        return max((route.reached for route in self._answering), default=0)

    @property
    def stuck(self) -> bool:
        """True where a scope is not gone on with because its pages brought nothing."""
        return any(route.stuck for route in self._all)

    @property
    def lagging(self) -> ScopeScan | None:
        """The open one that has come back the least; None where none is open."""
        return max(self.open, key=lambda route: route.reached, default=None)

    def advance(self, walk: GapScan) -> None:
        """A page of this walk has arrived; one that rechecks what is known adds nothing to it."""
        for route in self._all:
            if walk in route.walks:
                route.advance()

    def next_recheck(self, *, in_sight: bool = True) -> tuple[ScopeScan, GapScan] | None:
        """The walk over known seconds that has come back the least, of all scopes that can be gone on with."""
        found = (
            (route, walk) for route in self._answering if (walk := route.next_recheck(in_sight=in_sight)) is not None
        )
        return max(found, key=lambda one: position(one[1]), default=None)

    @property
    def blank(self) -> bool:
        """True while there is a scope, of those that can be gone on with, of which nothing is shown."""
        return any(route.blank for route in self.open)

    @property
    def asking(self) -> bool:
        """True where the service is asked at all, False where all was known from the start."""
        return any(route.walks or route.rechecks for route in self._all)

    @property
    def api(self) -> tuple[LookupAttribute, ...]:
        """What the service selects by; () where everything is scanned."""
        return next((route.api for route in self._all if route.walks or route.rechecks), ())

    @property
    def refused(self) -> tuple[str, ...]:
        """The Regions whose routes are not gone on with."""
        return tuple(self._all[place].question.scope.region for place in self._refused)

    @property
    def gone(self) -> int | None:
        """The second before which the store has let go of what the question covers; None where it has all of it."""
        return max((route.gone for route in self._all if route.gone is not None), default=None)

    @property
    def trouble(self) -> CtuiError | None:
        """Why a scope's route is not gone on with, or cannot be whole; None where all is well."""
        refusal = next(iter(self._refused.values()), None)
        if refusal is not None or (gone := self.gone) is None:
            return refusal
        return StoreError(
            "Event store",
            f"Events before {instant_of(gone):%Y-%m-%d %H:%M} were let go: they are beyond what is kept.",
            "Keep more with --keep-size or --keep-days, or ask for less time.",
        )

    @property
    def _answering(self) -> list[ScopeScan]:
        return [route for place, route in enumerate(self._all) if place not in self._refused]

    def refuse(self, route: ScopeScan, error: CtuiError) -> bool:
        """Stop this route for its error; False where there is no other, so that the error is that of all."""
        if len(self._refused) == len(self._all) - 1:
            return False
        self._refused[self._all.index(route)] = error
        return True

    @property
    def without_progress(self) -> int:
        """How many pages in a row brought nothing where a walk is not gone on with for that; 0 where none is."""
        walks = (walk for route in self._all for walk in (*route.walks, *route.rechecks))
        return max((walk.without_progress for walk in walks if walk.stuck), default=0)

    def go_on(self, pages: int) -> None:
        """A person wants more: go on with those that are stuck, by so many pages that may bring nothing."""
        for route in self._all:
            for walk in (*route.walks, *route.rechecks):
                walk.go_on(pages)

    def forgive(self) -> None:
        """Try those again that were refused."""
        self._refused.clear()

"""SessionStore: the store of a session, under whose name its events stand, and how much of the past it keeps."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from ctui.core.account import new_provisional_account
from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.knowledge import knowledge_in
from ctui.core.lookup.planner import ScopeQuery, known, scope_queries
from ctui.core.server_clock import TOLERANCE, ServiceTime
from ctui.errors import StoreError
from ctui.model.connection import Connection, Scope
from ctui.model.event.event import Event
from ctui.model.filter.prefilter import Clause
from ctui.model.lookup.lookup import Category, Lookup
from ctui.model.lookup.scan import Page, Scan
from ctui.store.columns import StoredSummary
from ctui.store.counting import CountQuery
from ctui.store.events import EventStore
from ctui.store.pruning import Retention
from ctui.store.row_scan import Evaluated

T = TypeVar("T")

PRUNED_AFTER = 5_000
"""Events that may arrive before it is seen again whether the store has grown too large: some 8 MB."""


class SessionStore:
    """What is stored of the Regions that are looked at. Without a store, or before it is open, there is nothing."""

    def __init__(
        self,
        open_store: Callable[[Connection | None], Awaitable[EventStore]],
        retention: Retention | None,
        told: Callable[[StoreError], None],
    ) -> None:
        """`open_store` is called once, with the connection; `retention` says how much of the past is kept; `told`
        hears what becomes of the store while it is open."""
        self.store: EventStore | None = None
        self.scope: Scope | None = None
        """Where we work: the account, or what stands in for it, and the Region."""
        self.assumed: str | None = None
        """The account whose stored rows are looked at until the service has said whose the login is."""
        self.also: tuple[str, ...] = ()
        """Further Regions that are looked at."""
        self._open_store = open_store
        self._opening = asyncio.Lock()
        self._retention = retention or Retention()
        self._told = told
        self._arrived = 0

    async def open(self, connection: Connection) -> StoreError | None:
        """Open the store if it is not yet; what is to be told about it, once. Raises StoreError."""
        async with self._opening:
            if self.store is not None:
                return None
            self.store = await self._open_store(connection)
            self.store.on_notice = self._told
            return self.store.notice

    def recall(self, connection: Connection, *, failed: bool = False) -> str | None:
        """The account that this login leads to for certain; `failed`: the login has failed. Raises StoreError."""
        return None if self.store is None else self.store.recall(connection, failed=failed)

    def leads_elsewhere(self, connection: Connection) -> bool:
        """True where this login leads for certain to another place than that where we work. Raises StoreError."""
        account = self.recall(connection)
        there = Scope(connection.origin, account or "", connection.region)
        return account is not None and self.scope is not None and self.scope != there

    def assume(self, connection: Connection) -> str | None:
        """Look at what is stored of the account that this login leads to, and return it; None where there is nothing.

        Raises StoreError.
        """
        account = self.recall(connection)
        scope = Scope(connection.origin, account or "", connection.region)
        self.assumed = account if self.store is not None and account and self.store.has_events(scope) else None
        self.scope = replace(scope, account=new_provisional_account())
        return self.assumed

    async def remember(self, connection: Connection | None, account: str) -> None:
        """Write down where a login leads to, for times when it cannot be asked. Raises StoreError."""
        if self.store is not None and connection is not None:
            await self.store.remember(connection, account)

    def begin(
        self,
        feed: EventQuery,
        time: ServiceTime,
        *,
        store_only: bool = False,
        passive: bool = False,
        again_to: int | None = None,
    ) -> None:
        """Let a feed answer its question in all scopes, pinned to this instant at the service; see EventQuery.begin.

        `store_only`: in those that are looked at; else in those that are asked.
        """
        assert self.store is not None, "there is a connection, so the store is open"
        scans = pinned(feed.lookup, self.scopes() if store_only else self.asked_scopes(), time)
        feed.begin(self.store, scans, time, store_only=store_only, passive=passive, again_to=again_to)

    async def close(self) -> None:
        """Close the store."""
        if self.store is not None:
            await self.store.close()

    async def prune(self, checked: ServiceTime | None) -> None:
        """Let go of what is beyond the bounds. Raises StoreError.

        `checked`: the instant by the service's clock and ours, of which the one counts that keeps more. None while ours
        is all there is: nothing is let go for its age by that alone, for it may be years ahead.
        """
        self._arrived = 0
        if self.store is not None:
            now = None if checked is None else int(checked.earliest.timestamp())
            await self.store.prune(self._retention, now)

    async def distrust(self, checked: ServiceTime) -> bool:
        """Forget what was claimed in the future of both clocks: those that proved it were wrong together, and it would
        be believed when its time has come. True where there was any. Raises StoreError."""
        if self.store is None:
            return False
        return await self.store.drop_claims_after(int((checked.latest + TOLERANCE).timestamp())) > 0

    async def check_file(self) -> None:
        """See that the store stands under its name. Raises StoreError."""
        if self.store is not None:
            await self.store.check_file()

    def arrived(self, page: Page) -> bool:
        """A page has been stored; True where it is time to prune."""
        self._arrived += len(page.events)
        return self._arrived >= PRUNED_AFTER

    def asked_scopes(self) -> list[Scope]:
        """Every account and Region that is asked; empty before the first connection."""
        if self.scope is None:
            return []
        return [self.scope, *(replace(self.scope, region=region) for region in self.also)]

    def scopes(self) -> list[Scope]:
        """Every account and Region that is looked at: as they are asked, but of the account that is assumed."""
        return [replace(scope, account=self.assumed or scope.account) for scope in self.asked_scopes()]

    def knows(self, lookup: Lookup, time: ServiceTime) -> bool:
        """True where all of the answer is stored, so that it takes no call."""
        if self.store is None or self.scope is None or lookup.timespan.open_ended:
            return False
        try:
            return all(self._is_known(one, time) for one in scope_queries(lookup, pinned(lookup, self.scopes(), time)))
        except StoreError:
            # Whoever asks for the rows themselves will be told.
            return False

    async def alias_account(self, account: str, *, account_is_shown: bool) -> str:
        """Make the provisional account another name of `account`; returns the account it now stands for.

        `account_is_shown`: rows of the account are on the screen, and keep their ids. Raises StoreError.
        """
        if self.store is None or self.scope is None:
            return account
        return await self.store.alias_account(self.scope, account, account_is_shown=account_is_shown)

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`; those the store no longer holds are left out."""
        return [] if self.store is None else self.store.summaries(ids)

    def event(self, row_id: int) -> Event:
        """The whole event of a row; raises StoreError where the store does not hold it."""
        assert self.store is not None, "a row id comes from the store"
        return self.store.event(row_id)

    async def evaluate(
        self, ids: Sequence[int], evaluation: Callable[[Event, str], T], needs: Sequence[Clause]
    ) -> Evaluated[T]:
        """What `evaluation` makes of a portion of the rows, off the loop."""
        return Evaluated(len(ids), []) if self.store is None else await self.store.evaluate(ids, evaluation, needs)

    async def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        """Values of the newest events of all scopes, most frequent first. Raises StoreError."""
        return [] if self.store is None or self.scope is None else await self.store.count_values(self.scopes(), query)

    def _is_known(self, question: ScopeQuery, time: ServiceTime) -> bool:
        assert self.store is not None, "looked at before"
        if question.stretch is None or question.category is not Category.MANAGEMENT:
            return False
        certain = knowledge_in(self.store, question, time).certain
        return known(question.terms, certain).covers(question.stretch)


def pinned(lookup: Lookup, scopes: Iterable[Scope], time: ServiceTime) -> list[Scan]:
    """The lookup in each scope, pinned to this instant at the service."""
    return [Scan.pin(lookup, scope, time.earliest, time.latest) for scope in scopes]

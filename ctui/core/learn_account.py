"""LearnAccount: which account a login is in, when the service names it later than its first answer."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from ctui.core.account import account_in_events, account_in_trails
from ctui.core.assumed_account import another_account
from ctui.core.explorer.queries import Queries
from ctui.core.lookup.queue import LookupQueue
from ctui.core.session_state import SessionPhase, SessionStatus
from ctui.core.session_store import SessionStore
from ctui.core.tasks import Tasks
from ctui.core.trails.trail_book import TrailsState
from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan


class LearnAccount:
    """Until the account is known, events are stored under a provisional one; then that becomes another name of it."""

    def __init__(
        self,
        status: SessionStatus,
        stored: SessionStore,
        queue: LookupQueue,
        tasks: Tasks,
        *,
        queries: Callable[[], Queries],
        cleaned_up: Callable[[], Awaitable[None]],
    ) -> None:
        """`queries` returns the session's queries; `cleaned_up` returns once the store removes nothing more by age."""
        self._status = status
        self._stored = stored
        self._queue = queue
        self._tasks = tasks
        self._queries = queries
        self._cleaned_up = cleaned_up
        self._writing = False
        """True while the store records which account the provisional one is."""
        self._rows_were_shown: bool | None = None
        """Whether stored rows were shown when the account was learned; None once that was used."""

    @property
    def _is_to_be_learned(self) -> bool:
        """False too while another connection is made: then the account is not known, and the scope is of the last."""
        scope = self._stored.scope
        return self._status.state.account is None and scope is not None and scope.provisional

    async def page_arriving(self, scan: Scan, page: Page) -> None:
        """Learn the account from a page before it is stored, so that it is stored under the account at once."""
        ours = self._stored.scope is not None and scan.scope.account == self._stored.scope.account
        if ours and self._is_to_be_learned and (account := account_in_events(page.events)):
            await self._learn(account)

    def trails_changed(self, state: TrailsState) -> None:
        """The ARN of a trail names the account as well."""
        trails = (entry.trail for entry in state.entries)
        if self._is_to_be_learned and (account := account_in_trails(trails)):
            self.named(account)

    def named(self, account: str) -> None:
        """The service has named the account in something other than a page."""
        if self._status.state.phase is SessionPhase.READY:
            self._tasks.start(self._learn_between_pages(account), "learn account")
        elif self._is_to_be_learned and self._stored.scope is not None:
            # Nothing has been asked or stored under the provisional account yet.
            self._set(account, replace(self._stored.scope, account=account))

    def use_stored(self) -> None:
        """Once after the account was learned: use what the store has of it."""
        shown, self._rows_were_shown = self._rows_were_shown, None
        if shown is not None and self._status.state.phase is SessionPhase.READY:
            use = self._status.report(lambda: self._use_stored(rows_were_shown=shown))
            self._tasks.start(use, "use what is stored")

    async def _learn_between_pages(self, account: str) -> None:
        await self._learn(account)
        self.use_stored()

    async def _learn(self, account: str) -> None:
        """Make the provisional account another name of this one. A page that arrives meanwhile waits for that.

        If the store cannot record it, that is reported, and both names stay apart: the session goes on under the
        provisional one.
        """
        provisional = self._stored.scope
        if not self._is_to_be_learned or self._writing or provisional is None:
            return
        self._writing = True
        assumed, self._stored.assumed = self._stored.assumed, None
        working = provisional
        try:
            account = await self._stored.alias_account(account, account_is_shown=assumed is not None)
            working = replace(provisional, account=account)
        except StoreError as error:
            self._status.change(notice=error)
        finally:
            self._writing = False
        # Another connection may have been made meanwhile.
        if self._stored.scope is provisional:
            self._stored.assumed = assumed
            self._set(account, working)

    def _set(self, account: str, working: Scope) -> None:
        """The account is known now: `working` and the other Regions of its account are asked from here on."""
        assumed, self._stored.assumed = self._stored.assumed, None
        assert self._stored.scope is not None, "there is a provisional account"
        self._queue.alias_account(self._stored.scope, account)
        self._stored.scope = working
        self._rows_were_shown = assumed is not None
        self._status.change(account=account, assumed=None)
        if assumed not in (None, account):
            self._status.change(notice=another_account(account, assumed))
        connection = self._status.state.connection
        self._tasks.start(self._status.report(lambda: self._stored.remember(connection, account)), "remember")

    async def _use_stored(self, *, rows_were_shown: bool) -> None:
        skipping = self._queries().skipping()
        await self._cleaned_up()
        self._queries().account_stored(skipping, confirmed=rows_were_shown)

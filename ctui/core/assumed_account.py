"""AssumedAccount: stored events of the account a login is assumed to be in, shown before the service has answered."""

import asyncio
from collections.abc import Awaitable, Callable

from ctui.core.explorer.queries import Queries
from ctui.core.session_state import SessionPhase, SessionStatus
from ctui.core.session_store import SessionStore
from ctui.core.tasks import Tasks, ended
from ctui.errors import CtuiError, StoreError
from ctui.model.connection import Connection, Scope


class AssumedAccount:
    """Opens the store as soon as settings say enough about the login, and shows what it has of the account."""

    def __init__(
        self,
        status: SessionStatus,
        stored: SessionStore,
        tasks: Tasks,
        *,
        queries: Callable[[], Queries],
        search_from: Callable[[Connection], None],
        prune: Callable[[], Awaitable[None]],
        cleaned_up: Callable[[], Awaitable[None]],
    ) -> None:
        """`queries` returns the session's queries; `search_from` adds the Regions of the start; `prune` removes what is
        beyond the store's bounds; `cleaned_up` returns once nothing more is removed by age."""
        self._status = status
        self._stored = stored
        self._tasks = tasks
        self._queries = queries
        self._search_from = search_from
        self._prune = prune
        self._cleaned_up = cleaned_up
        self._connection: Connection | None = None
        self._showing: asyncio.Task[None] | None = None
        self._error: StoreError | None = None

    def forget(self) -> None:
        """Another connection is being made."""
        self._connection = self._error = None

    def resolved(self, connection: Connection) -> "asyncio.Task[None]":
        """The connector has resolved this much of the connection (Connector.connect). Returns the showing of it."""
        self._connection = connection
        self._showing = self._tasks.start(self._after(self._showing, connection), "stored")
        return self._showing

    async def shown(self) -> None:
        """Return when what is stored is on the screen. Raises StoreError if it could not be read."""
        await ended(self._showing)
        if self._error is not None:
            raise self._error

    async def show_without_connection(self) -> None:
        """Show what the store has of the account that this login led to before. Raises StoreError."""
        connection = self._connection
        if connection is None:
            return
        await self.shown()
        await self._open(connection)
        await self._cleaned_up()
        account = self._stored.recall(connection, failed=True)
        self._stored.assumed = None
        self._status.change(connection=connection, account=account, assumed=None)
        if account is not None:
            self._stored.scope = Scope(connection.origin, account, connection.region)
            self._search_from(connection)
            self._queries().show_stored()

    async def _after(self, before: "asyncio.Task[None] | None", connection: Connection) -> None:
        await ended(before)
        if connection is self._connection and self._error is None:
            try:
                await self._show(connection)
            except StoreError as error:
                # It is reported once there is a connection, or once there is none.
                self._error = error

    async def _show(self, connection: Connection) -> None:
        """Show what the store has of the account this login leads to. Raises StoreError."""
        query = self._queries().current
        if self._status.state.phase is not SessionPhase.CONNECTING:
            return
        # The rows of a login that ran out stay, unless this one is known to lead to another account or Region.
        if query.ids and not query.state.store_only and not self._stored.leads_elsewhere(connection):
            return
        await self._open(connection)
        # Old events must be removed before a query reads what the store knows.
        await self._prune()
        assumed = self._stored.assume(connection)
        self._status.change(connection=connection, account=None, assumed=assumed)
        self._search_from(connection)
        self._queries().show_assumed(assumed)
        # However soon the service answers, it finds them on the screen.
        await self._queries().current.idle()

    async def _open(self, connection: Connection) -> None:
        if notice := await self._stored.open(connection):
            self._status.change(notice=notice)


def another_account(account: str, assumed: str) -> CtuiError:
    """The notice for rows that were shown and are removed again."""
    return CtuiError(
        "Another account",
        f"This login leads to {account}, not to {assumed}, whose stored events were shown until now.",
        "They stay in the store, and are shown with a login of that account.",
    )


def account_not_said(assumed: str) -> CtuiError:
    """The notice if the service answers, but no answer names the account."""
    return CtuiError(
        "Account not known",
        f"The service does not say whose account this is, so the stored events of {assumed} are not shown.",
        "With leave to call sts:GetCallerIdentity, or with an event in range, it is known.",
    )

"""What is known of a login before the service has said whose it is, and looking into the store by it at once."""

import asyncio
from collections.abc import Awaitable, Callable

from ctui.core.tasks import Tasks
from ctui.errors import CtuiError, StoreError
from ctui.model.connection import Connection


class Assumption:
    """Hears from the connector what has been resolved so far, and has the store looked into each time."""

    def __init__(self, tasks: Tasks, look: Callable[[Connection], Awaitable[None]]) -> None:
        """`look` shows what is stored of the account that this connection's login leads to; it may raise StoreError."""
        self.connection: Connection | None = None
        """What has been resolved of the connection that is being made, or was made last."""
        self._tasks = tasks
        self._look = look
        self._looking: asyncio.Task[None] | None = None
        self._trouble: StoreError | None = None

    def forget(self) -> None:
        """Another connection is being made."""
        self.connection = self._trouble = None

    def resolved(self, connection: Connection) -> None:
        """So much is known now (Connector.connect)."""
        self.connection = connection
        self._looking = self._tasks.start(self._after(self._looking, connection), "stored")

    async def looked(self) -> None:
        """Return when the store has been looked into by what is known so far; raises StoreError where it could not."""
        if self._looking is not None:
            await asyncio.wait([self._looking])
        if self._trouble is not None:
            raise self._trouble

    async def _after(self, before: "asyncio.Task[None] | None", connection: Connection) -> None:
        if before is not None:
            await asyncio.wait([before])
        if connection is self.connection and self._trouble is None:
            try:
                await self._look(connection)
            except StoreError as error:
                # It is told once there is a connection, or none.
                self._trouble = error


def another_account(account: str, assumed: str) -> CtuiError:
    """What is said where rows go away that were shown before."""
    return CtuiError(
        "Another account",
        f"This login leads to {account}, not to {assumed}, whose stored events were shown until now.",
        "They stay in the store, and are shown with a login of that account.",
    )


def account_not_said(assumed: str) -> CtuiError:
    """What is said where the service answers, but nothing in its answers says whose they are."""
    return CtuiError(
        "Account not known",
        f"The service does not say whose account this is, so the stored events of {assumed} are not shown.",
        "With leave to call sts:GetCallerIdentity, or with an event in range, it is known.",
    )

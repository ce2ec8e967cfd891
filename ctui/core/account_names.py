"""AccountNames: what accounts are called: by the settings, else by AWS Organizations where a login may list them."""

import asyncio
from collections.abc import Mapping

from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError


class AccountNames:
    """Knows names, and asks for those that are missing. Each login is asked once at most, and not before two accounts
    are looked at: one alone needs no name."""

    def __init__(self, named: Mapping[str, str], tasks: Tasks) -> None:
        """`named`: account -> its name in the settings, which counts more than that in the organization."""
        self.names: Mapping[str, str] = dict(named)
        """Account -> name, as far as they are known."""
        self.error: CtuiError | None = None
        """Why the last login that was asked did not say; None if it did."""
        self.changed: Signal[None] = Signal()
        """Publishes that names were learned."""
        self._named = named
        self._tasks = tasks
        self._unasked: dict[str, Gateway] = {}
        """By account, the login to it, until it is asked."""
        self._accounts: set[str] = set()
        self._asking: asyncio.Task[None] | None = None

    def joined(self, gateway: Gateway, account: str) -> None:
        """An account is looked at, with this login to it."""
        self._unasked[account] = gateway
        self._accounts.add(account)
        if self._wanted() and (self._asking is None or self._asking.done()):
            self._asking = self._tasks.start(self._ask(), "account names")

    def _wanted(self) -> bool:
        return len(self._accounts) > 1 and not self._accounts <= self.names.keys()

    async def _ask(self) -> None:
        """Ask one after the other, until all have a name: as a rule the management account's login knows them all."""
        while self._unasked and self._wanted():
            gateway = self._unasked.pop(next(iter(self._unasked)))
            try:
                listed = await self._tasks.guard(gateway.account_names())
            except CtuiError as error:
                self.error = error
                continue
            self.error = None
            self.names = {**listed, **self.names, **self._named}
            self.changed.publish(None)

"""The connector: opens a gateway from the connect options, with a login that other connectors can share."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_process import CredentialPrograms
from ctui.aws.login.login_memory import LoginMemory
from ctui.errors import NotConnected
from ctui.model.connection import Connection
from ctui.model.waiting import Waiting
from ctui.threads import off_loop

if TYPE_CHECKING:
    from ctui.aws.client import AwsGateway
    from ctui.aws.login.login import Login

Resolved = Callable[[Connection], Awaitable[object] | None]
"""Hears what is known of a connection; what it returns ends when what is stored of that is shown."""


class SharedLogin:
    """The login of a profile. Who comes while one is under way waits for that one."""

    def __init__(self, log_in: Callable[[Resolved], Awaitable["Login"]]) -> None:
        """`log_in` makes a login; it raises our errors."""
        self._log_in = log_in
        self.current: Login | None = None
        """The last login that succeeded; None before the first."""
        self._opened: Login | None = None
        self._under_way: asyncio.Task[Login] | None = None
        self._said: Connection | None = None
        """What the login that is under way has said of its connection."""
        self._listeners: list[Resolved] = []

    async def get(self, resolved: Resolved, *, instead_of: "Login | None" = None) -> "Login":
        """The login that there is, the one that is under way, or a new one; never `instead_of`, which is over.

        `resolved` hears of its connection. Raises what the login raises, to all who wait for it.
        """
        if self._under_way is None:
            if self.current is not None and self.current is not instead_of:
                resolved(self.current.connection)
                return self.current
            self._said = None
            self._under_way = asyncio.ensure_future(self._log_in(self._tell))
            self._under_way.add_done_callback(self._ended)
        elif self._said is not None:
            resolved(self._said)
        under_way = self._under_way
        self._listeners.append(resolved)
        try:
            return await asyncio.shield(under_way)
        finally:
            self._listeners.remove(resolved)
            if not self._listeners:
                under_way.cancel()

    async def open(self, resolved: Resolved) -> "AwsGateway":
        """A gateway, with its first client made. Each but the first is of another login: who comes again has lost it.

        Raises what the login raises.
        """
        login = self._opened = await self.get(resolved, instead_of=self._opened)
        return await off_loop(login.prepared, "ctui-client")

    def _tell(self, connection: Connection) -> Awaitable[object] | None:
        self._said = connection
        showing = [shown for listener in self._listeners if (shown := listener(connection)) is not None]
        return asyncio.gather(*showing) if showing else None

    def _ended(self, login: "asyncio.Task[Login]") -> None:
        self._under_way = None
        if not login.cancelled() and login.exception() is None:
            self.current = login.result()


class AwsConnector:
    """Resolves profile, Region, endpoint and credentials, and opens a gateway with them (core's Connector)."""

    def __init__(self, options: ConnectOptions, memory: LoginMemory | None = None) -> None:
        """`memory` knows where the same settings led before; None remembers nothing."""
        self._options = options
        self._memory = memory
        self._programs = CredentialPrograms(lambda _: None)
        self.login = SharedLogin(self._log_in)
        """The login, for connectors that assume roles with it."""

    async def connect(self, resolved: Resolved = lambda connection: None) -> "AwsGateway":
        """A gateway whose login has succeeded. Raises ConnectionProblem or ServiceError, with what to do.

        `resolved` is called on the loop. If the same settings led somewhere before, that is reported at once, and what
        is stored is shown before the imports compete with it.
        """
        gateway = await self.login.open(resolved)
        if self._memory is not None:
            gateway.identified = partial(self._memory.remember, self._options, gateway.connection, gateway.login.method)
        return gateway

    async def _log_in(self, resolved: Resolved) -> "Login":
        """Log in. All of it runs in a thread: imports, files, credential processes, calls to STS and SSO."""
        loop = asyncio.get_running_loop()
        options = self._options
        known = None if self._memory is None else self._memory.recall(options)
        if known is not None and (showing := resolved(known)) is not None:
            await asyncio.wait([asyncio.ensure_future(showing)])
        if options.drawn is not None:
            await options.drawn()

        def waits(waiting: Waiting | None) -> None:
            """Report what the login waits for. Called on the login's thread, which may outlive the loop."""
            if options.waits is not None:
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(options.waits, waiting)

        asking: Future[str] | None = None

        def ask(prompt: str) -> str:
            """Ask the person for a code. Called on the login's thread."""
            nonlocal asking
            asking = asyncio.run_coroutine_threadsafe(_answer(options, prompt), loop)
            return asking.result()

        def report_resolved(connection: Connection) -> None:
            login = connection.login
            if connection == known and login.account is None and login.key_id is None:
                return  # This says less than what was known.
            # If the loop is closed, the program has ended.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(resolved, connection)

        def log_in_in_thread() -> "Login":
            # aiobotocore takes a quarter of a second to import; the first frame must not wait for it.
            from ctui.aws.login.lean import without_certificates  # noqa: PLC0415 - as what follows

            with without_certificates():
                from ctui.aws.login.resolve import log_in  # noqa: PLC0415

            return log_in(options, ask if options.mfa else None, programs, report_resolved)

        self.close()
        programs = self._programs = CredentialPrograms(waits, options.program_limit)
        try:
            return await off_loop(log_in_in_thread, "ctui-login")
        except asyncio.CancelledError:
            programs.end()
            if asking is not None:
                asking.cancel()
            raise

    def close(self) -> None:
        """Stop the programs that a login still runs: none of them outlives ctui."""
        self._programs.end()


class RememberedConnector:
    """Finds out where the same settings led before, and stops there: it makes no call (core's Connector)."""

    def __init__(self, options: ConnectOptions, memory: LoginMemory | None) -> None:
        self._options = options
        self._memory = memory

    async def connect(self, resolved: Resolved) -> "AwsGateway":
        """Report the connection of before, if there was one. Raises NotConnected."""
        known = None if self._memory is None else self._memory.recall(self._options)
        if known is not None and (showing := resolved(known)) is not None:
            await asyncio.wait([asyncio.ensure_future(showing)])
        raise NotConnected("Not connected", "Nothing is asked of the service.")


async def _answer(options: ConnectOptions, prompt: str) -> str:
    assert options.mfa is not None
    return await options.mfa(prompt)

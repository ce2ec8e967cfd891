"""The connector: opens a gateway from the connect options."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
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


class AwsConnector:
    """Resolves profile, Region, endpoint and credentials, and opens a gateway with them (core's Connector)."""

    def __init__(self, options: ConnectOptions, memory: LoginMemory | None = None) -> None:
        """`memory` knows where the same settings led before; None remembers nothing."""
        self._options = options
        self._memory = memory
        self._programs = CredentialPrograms(lambda _: None)

    async def connect(
        self, resolved: Callable[[Connection], Awaitable[object] | None] = lambda connection: None
    ) -> "AwsGateway":
        """A gateway whose login has succeeded. Raises ConnectionProblem or ServiceError, with what to do.

        All of it runs in a thread: imports, files, credential processes, calls to STS and SSO. `resolved` is called on
        the loop. If the same settings led somewhere before, that is reported at once, and what is stored is shown
        before the imports compete with it.
        """
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

        def ask(prompt: str) -> str:
            """Ask the person for a code. Called on the login's thread."""
            return asyncio.run_coroutine_threadsafe(_answer(options, prompt), loop).result()

        def report_resolved(connection: Connection) -> None:
            login = connection.login
            if connection == known and login.account is None and login.key_id is None:
                return  # This says less than what was known.
            # If the loop is closed, the program has ended.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(resolved, connection)

        def open_in_thread() -> "AwsGateway":
            # aiobotocore takes a quarter of a second to import; the first frame must not wait for it.
            from ctui.aws.login.lean import without_certificates  # noqa: PLC0415 - as what follows

            with without_certificates():
                from ctui.aws.login.resolve import open_gateway  # noqa: PLC0415

            return open_gateway(options, ask if options.mfa else None, programs, report_resolved)

        self.close()
        programs = self._programs = CredentialPrograms(waits, options.program_limit)
        try:
            gateway = await off_loop(open_in_thread, "ctui-login")
        except asyncio.CancelledError:
            programs.end()
            raise
        if self._memory is not None:
            gateway.identified = partial(self._memory.remember, options, gateway.connection, gateway.login.method)
        return gateway

    def close(self) -> None:
        """Stop the programs that a login still runs: none of them outlives ctui."""
        self._programs.end()


class RememberedConnector:
    """Finds out where the same settings led before, and stops there: it makes no call (core's Connector)."""

    def __init__(self, options: ConnectOptions, memory: LoginMemory | None) -> None:
        self._options = options
        self._memory = memory

    async def connect(self, resolved: Callable[[Connection], Awaitable[object] | None]) -> "AwsGateway":
        """Report the connection of before, if there was one. Raises NotConnected."""
        known = None if self._memory is None else self._memory.recall(self._options)
        if known is not None and (showing := resolved(known)) is not None:
            await asyncio.wait([asyncio.ensure_future(showing)])
        raise NotConnected("Not connected", "Nothing is asked of the service.")


async def _answer(options: ConnectOptions, prompt: str) -> str:
    assert options.mfa is not None
    return await options.mfa(prompt)

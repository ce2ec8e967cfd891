"""The connector, which opens a gateway from what a person asks for."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_process import CredentialPrograms
from ctui.aws.threads import off_loop
from ctui.model.connection import Connection
from ctui.model.waiting import Waiting

if TYPE_CHECKING:
    from ctui.aws.client import AwsGateway


class AwsConnector:
    """Resolves profile, Region, endpoint and credentials, and opens a gateway with them (core's Connector)."""

    def __init__(self, options: ConnectOptions) -> None:
        self._options = options
        self._programs = CredentialPrograms(lambda _: None)

    async def connect(self, resolved: Callable[[Connection], None] = lambda connection: None) -> "AwsGateway":
        """A gateway whose login has succeeded. Raises ConnectionProblem or ServiceError, with what to do.

        All of it runs in a thread: imports, files, credential processes, calls to STS and SSO. What `resolved` is told
        on the loop comes from there.
        """
        loop = asyncio.get_running_loop()
        options = self._options

        def waits(waiting: Waiting | None) -> None:
            """Hand on what is waited for; called on the login's thread, which may outlive the loop."""
            if options.waits is not None:
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(options.waits, waiting)

        def ask(prompt: str) -> str:
            """Put a login's question to a person; called on the login's thread."""
            return asyncio.run_coroutine_threadsafe(_answer(options, prompt), loop).result()

        def told(connection: Connection) -> None:
            # A closed loop means that the program has ended meanwhile.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(resolved, connection)

        def open_it() -> "AwsGateway":
            # boto3 and aiobotocore take a quarter of a second to import; the first frame must not wait for them.
            from ctui.aws.login.resolve import open_gateway  # noqa: PLC0415

            return open_gateway(options, ask if options.mfa else None, programs, told)

        self.close()
        programs = self._programs = CredentialPrograms(waits, options.program_limit)
        try:
            return await off_loop(open_it, "ctui-login")
        except asyncio.CancelledError:
            programs.end()
            raise

    def close(self) -> None:
        """End the programs that a login still runs: none of them outlives ctui."""
        self._programs.end()


async def _answer(options: ConnectOptions, prompt: str) -> str:
    assert options.mfa is not None
    return await options.mfa(prompt)

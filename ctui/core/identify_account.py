"""IdentifyAccount: asks the service who we are as a connection starts, and checks that something answers."""

import asyncio
from collections.abc import Callable

from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks
from ctui.core.trails.trail_book import TrailBook
from ctui.errors import AccessDenied, BadCredentials, ConnectionProblem, CtuiError, Throttled
from ctui.model.clock import Clock
from ctui.model.connection import Identity
from ctui.model.trail.trail import Trail

IDENTITY_PATIENCE = 3.0
"""Seconds to wait for sts:GetCallerIdentity before the first page is asked for without knowing the account: STS may
be out of reach where CloudTrail is not."""


class IdentifyAccount:
    """Learns the account if the service names it soon. A refusal does not end the connection, unless the trails
    cannot be read for the same kind of reason."""

    def __init__(
        self, clock: Clock, tasks: Tasks, identified: Callable[[Identity], None], failed: Callable[[CtuiError], None]
    ) -> None:
        """`identified` is called with who we are, at once or later; `failed` with why the service does not say."""
        self._clock = clock
        self._tasks = tasks
        self._identified = identified
        self._failed = failed

    async def run(self, gateway: Gateway, trails: TrailBook) -> tuple[Trail, ...] | None:
        """Ask, and wait a little. Returns the trails if they were read on the way, or None.

        Throttling is not reported: it proves that a service is there, and events name the account as well.

        Raises ConnectionProblem or BadCredentials if nothing answers as it should.
        """
        asking = self._tasks.start(self._identify(gateway), "identify")
        patience = self._tasks.start(self._clock.sleep(IDENTITY_PATIENCE), "patience")
        await asyncio.wait([asking, patience], return_when=asyncio.FIRST_COMPLETED)
        patience.cancel()
        if not asking.done():
            self._tasks.start(self._report_late(asking), "late identity")
            return None
        error = asking.result()
        if error is None or isinstance(error, Throttled):
            return None
        listed = None if isinstance(error, AccessDenied) else await self._read_trails(trails)
        self._failed(error)
        return listed

    async def _read_trails(self, trails: TrailBook) -> tuple[Trail, ...] | None:
        try:
            return await trails.describe()
        except (ConnectionProblem, BadCredentials):
            raise
        except CtuiError:
            # The trail book meets the same error and reports it; it says nothing about the connection.
            return None

    async def _identify(self, gateway: Gateway) -> CtuiError | None:
        try:
            self._identified(await self._tasks.guard(gateway.identify()))
        except CtuiError as error:
            return error
        return None

    async def _report_late(self, asking: "asyncio.Task[CtuiError | None]") -> None:
        error = await asking
        if error is not None and not isinstance(error, Throttled):
            self._failed(error)

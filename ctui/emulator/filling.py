"""The sample traffic of the week before the first start: added newest first, while the emulator answers already."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TypeVar

from ctui.emulator import traffic
from ctui.emulator.account.accounts import Account
from ctui.emulator.account.trails import TrailStore
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.recorded import Recorded
from ctui.errors import StoreError

T = TypeVar("T")

_BATCH = 250
"""Events of a transaction: calls, which are recorded, wait about 10 ms for it."""
_LOG = logging.getLogger(__name__)


class Filling:
    """Adds the past of accounts. A call that needs a part of it that is not there yet waits for `more`."""

    def __init__(self, history: EventHistory, store: TrailStore, options: EmulatorOptions, first_start: int) -> None:
        """`first_start` is the epoch second at which the past ends."""
        self._history = history
        self._store = store
        self._options = options
        self._first_start = first_start
        self.accounts: list[Account] = []
        """Those whose past was not there at the start, or only a part of it."""
        self._failure: StoreError | None = None
        self._added = asyncio.Event()

    def prepare(self, accounts: Iterable[Account]) -> None:
        """Choose the accounts whose past is to be added. From now on, pages that need it wait for it."""
        wanted = [each for each in accounts if each.traffic] if self._options.traffic else []
        self.accounts = [each for each in wanted if self._store.meta(_mark(each)) is None]
        for account in self.accounts:
            self._history.expect_past(account.id, self._first_start)

    async def run(self) -> None:
        """Add what is missing. An interrupted start continues where it was: the same seed gives the same events."""
        seed, lag = self._options.seed, self._options.lag
        try:
            for account in self.accounts:
                # The service has Insights events of accounts with a trail that asks for them.
                insights = self._options.trails and any(trail.insights for trail in account.trails)
                past = traffic.past(seed, account.id, self._first_start, lag, insights=insights)
                await self._fill(account, past)
        except StoreError as error:
            _LOG.exception("the sample traffic cannot be stored")
            self._failure = error
            self._added.set()

    async def more(self) -> None:
        """Return when more events have been added. Raises StoreError if they cannot be stored."""
        if self._failure is None:
            await self._added.wait()
        if self._failure is not None:
            raise self._failure

    async def _fill(self, account: Account, past: Iterator[Recorded]) -> None:
        ordinal = 0
        while added := await until_it_ends(partial(self._add, account, past, ordinal), self._history.interrupt):
            ordinal += added
            self._tell()
        self._store.remember(_mark(account), str(self._first_start))
        self._history.past_is_complete(account.id)
        self._tell()

    def _add(self, account: Account, past: Iterator[Recorded], ordinal: int) -> int:
        batch = list(islice(past, _BATCH))
        self._history.add_past(account.id, batch, ordinal)
        return len(batch)

    def _tell(self) -> None:
        added, self._added = self._added, asyncio.Event()
        added.set()


async def until_it_ends(work: Callable[[], T], stop: Callable[[], None] = lambda: None) -> T:
    """Run work in a thread. If that is canceled, call `stop`, and wait until the thread has ended.

    A thread cannot be canceled, only asked to stop, and its files may be closed only after it has ended.
    """
    running = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop()
        while not running.done():
            # Canceled again, it waits for the thread all the same.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        if not running.cancelled():
            running.exception()
        raise


def _mark(account: Account) -> str:
    """Under this key the store keeps that the account's past is complete."""
    return f"past:{account.id}"

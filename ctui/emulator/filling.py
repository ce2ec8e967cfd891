"""The sample traffic of the week before the first start: added newest first, while the emulator answers already."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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

    def __init__(
        self,
        history: EventHistory,
        store: TrailStore,
        options: EmulatorOptions,
        first_start: int,
        organization: traffic.Organization = (),
    ) -> None:
        """`first_start` is the epoch second at which the past ends. `organization` has the accounts of the incident."""
        self._history = history
        self._store = store
        self._options = options
        self._first_start = first_start
        self._organization = organization
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
        """Add what is missing, to all accounts by turns.

        An interrupted start continues where it was: the same seed gives the same events.
        """
        pasts = {account.id: _Past(account, self._past_of(account)) for account in self.accounts}
        try:
            while pasts:
                for past in list(pasts.values()):
                    if not await self._fill(past):
                        del pasts[past.account.id]
        except StoreError as error:
            _LOG.exception("the sample traffic cannot be stored")
            self._failure = error
            self._added.set()

    def _past_of(self, account: Account) -> Iterator[Recorded]:
        # The service has Insights events of accounts with a trail that asks for them.
        insights = self._options.trails and any(trail.insights for trail in account.trails)
        return traffic.past(
            self._options.seed,
            account.id,
            self._first_start,
            self._options.lag,
            insights=insights,
            regions=account.traffic_regions,
            organization=self._organization,
        )

    async def more(self) -> None:
        """Return when more events have been added. Raises StoreError if they cannot be stored."""
        if self._failure is None:
            await self._added.wait()
        if self._failure is not None:
            raise self._failure

    async def _fill(self, past: "_Past") -> bool:
        """Add a batch to one account. False if there is none any more."""
        added = await until_it_ends(partial(self._add, past), self._history.interrupt)
        if not added:
            self._store.remember(_mark(past.account), str(self._first_start))
            self._history.past_is_complete(past.account.id)
        past.ordinal += added
        self._tell()
        return bool(added)

    def _add(self, past: "_Past") -> int:
        batch = list(islice(past.events, _BATCH))
        self._history.add_past(past.account.id, batch, past.ordinal)
        return len(batch)

    def _tell(self) -> None:
        added, self._added = self._added, asyncio.Event()
        added.set()


@dataclass(slots=True)
class _Past:
    """The past of one account while it is added."""

    account: Account
    events: Iterator[Recorded]
    ordinal: int = 0
    """How many events have been added."""


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

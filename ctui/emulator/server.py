"""The emulator as an HTTP server: open it, call its `url`, close it."""

import asyncio
import contextlib
import logging
import secrets
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType

from aiohttp import web
from msgspec.structs import replace

from ctui.emulator import traffic
from ctui.emulator.account.account_file import check_resource, check_world, read_world, without_known_keys
from ctui.emulator.account.accounts import Resource, World
from ctui.emulator.account.lock import sole_owner, sweep
from ctui.emulator.account.private_file import refuse_link
from ctui.emulator.account.temporary import Keyring
from ctui.emulator.account.trails import TrailStore
from ctui.emulator.api import Api
from ctui.emulator.aws_settings import write_settings
from ctui.emulator.delivery.delivery import Delivery
from ctui.emulator.errors.edition import rules_of
from ctui.emulator.errors.injected import InjectedFaults
from ctui.emulator.filling import Filling, until_it_ends
from ctui.emulator.front import LOOPBACK, Front, Limits
from ctui.emulator.operations.call import ServiceState
from ctui.emulator.options import EmulatorOptions, InjectedFault
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.load import load
from ctui.emulator.records.tokens import Tokens
from ctui.emulator.seed import seed_statuses, seed_trails
from ctui.emulator.wire.pacing import LookupPacing
from ctui.errors import SettingsError, StoreError
from ctui.model.clock import Clock, SystemClock

STATE = "state.db"
_FIRST_START = "begun"
"""Under this key the store keeps the epoch second of the first start."""
PRIVATE = "ctui-emulator-"
"""The prefix of temporary data folders."""
_LOG = logging.getLogger(__name__)


class Emulator:
    """An async context manager. Inside it, the API answers at `url`. Instances share nothing.

    Entering raises SettingsError for an account file or a path that cannot be read, OSError for a port that is in use.
    """

    def __init__(self, options: EmulatorOptions, clock: Clock | None = None, limits: Limits | None = None) -> None:
        self.options = options
        self.clock: Clock = clock or SystemClock()
        self._limits = limits or Limits()
        self.url = ""
        self.notes: list[str] = []
        """Lines about the start for the person: what was loaded, and what was not."""
        self.folder = Path()
        """The data folder when open: `state.db`, and deliveries under `s3`, `sns` and `logs`."""
        self.settings_file: Path | None = None
        """When open, the config file of AWS with profiles of the accounts; None for accounts without a portal."""
        self._rules = rules_of(options)
        self._live_since = 0
        self._closing = contextlib.AsyncExitStack()

    @property
    def account(self) -> str:
        """The first account of the account file. Loaded events go there by default."""
        return self.world.accounts[0].id

    @property
    def calls(self) -> Counter[str]:
        """Action -> number of calls, including refused ones."""
        return self._api.calls

    def set_faults(self, faults: tuple[InjectedFault, ...]) -> None:
        """Inject these faults from now on, drawn from the start of the seed."""
        self._api.faults = InjectedFaults(faults, self.options.seed)

    async def deliver(self) -> None:
        """Deliver now what trails have to deliver, before the next regular delivery."""
        await self._delivery.tick()

    async def add(self, resource: Resource) -> None:
        """Add a resource to the first account, or replace the one of its name. Raises SettingsError for a bad one."""
        check_resource(resource)
        first, *others = self.world.accounts
        accounts = (first.having(resource), *others)
        check_world(replace(self.world, accounts=accounts))
        self.world.accounts = accounts
        self._delivery.prepare()

    async def __aenter__(self) -> "Emulator":
        try:
            await self._open()
        except BaseException:
            await self._closing.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    async def _open(self) -> None:
        self.world: World = await asyncio.to_thread(
            read_world, self.options.account, organization=self.options.organization
        )
        if self.options.allow_remote is not None:
            self.world = without_known_keys(self.world)
        self.folder = await asyncio.to_thread(self._folder)
        self.store = TrailStore(self.folder / STATE)
        self._closing.callback(self.store.close)
        with _kept_state(self.folder):
            self._keep_edition()
            self.store.check()
        self.history = await asyncio.to_thread(EventHistory, self.folder / STATE, lasts=self.options.data is not None)
        self._closing.callback(self.history.close)
        await until_it_ends(self._begin, self.history.interrupt)
        with _kept_state(self.folder):
            secret = self._secret()
        # Tokens stay valid after a restart with the same state and rules.
        tokens = Tokens(secret, str(self._rules.history_days))
        self.keyring = Keyring(self.world, secret)
        state = ServiceState(self._rules, self.store, self.history, tokens)
        pacing = LookupPacing(self._rules, self.clock)
        faults = InjectedFaults(self.options.faults, self.options.seed)
        self._api = Api(
            state,
            self.world,
            self.keyring,
            self.clock,
            pacing=pacing,
            faults=faults,
            lag=self.options.lag,
            more=self._filling.more,
        )
        if self.options.traffic:
            self._run_in_background(self._filling.run(), "sample traffic")
            self._run_in_background(self._live(), "live traffic")
        self._delivery = Delivery(
            self.folder, self.world, self.store, self.history, self.clock, today=self._rules.today
        )
        with _kept_state(self.folder):
            await until_it_ends(self._delivery.open)
        self._run_in_background(self._delivery.run(self.options.delivery), "delivery")
        await self._listen()

    def _folder(self) -> Path:
        data = self.options.data
        if data is not None:
            try:
                data.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._closing.enter_context(sole_owner(data))
                for path in data.glob(f"{STATE}*"):
                    # SQLite would follow it.
                    refuse_link(path)
            except OSError as failure:
                raise SettingsError(
                    "Data folder",
                    f"{failure.filename or data}: {failure.strerror or failure}.",
                    "Choose another --data folder.",
                ) from failure
            return data
        folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix=PRIVATE)))
        self._closing.enter_context(sole_owner(folder))
        sweep(folder.parent, PRIVATE, STATE)
        return folder

    def _keep_edition(self) -> None:
        """Check that the data folder is of the same edition: the other cannot express its state."""
        kept = self.store.meta("edition")
        if kept is None:
            self.store.remember("edition", self.options.edition)
        elif kept != self.options.edition:
            raise SettingsError(
                "Data folder",
                f"{self.folder} contains the state of --edition {kept}.",
                f"Start with --edition {kept}, or choose another --data folder.",
            )

    def _secret(self) -> bytes:
        """The secret of tokens and of temporary credentials. It is kept with the state."""
        secret = self.store.meta("secret")
        if secret is None:
            secret = secrets.token_hex(32)
            self.store.remember("secret", secret)
        return bytes.fromhex(secret)

    def _begin(self) -> None:
        """Make the seeded trails, and add the loaded files. The seeded past is added in the background."""
        options = self.options
        with _kept_state(self.folder):
            if self.store.meta(_FIRST_START) is None:
                self.store.remember(_FIRST_START, str(int(self.clock.now().timestamp())))
            first_start = int(self.store.meta(_FIRST_START) or 0)
        self._filling = Filling(self.history, self.store, options, first_start, self.world.organization)
        self._filling.prepare(self.world.accounts)
        self._live_since = first_start if self._filling.accounts else int(self.clock.now().timestamp())
        incident = traffic.incident_stop(options.seed, first_start)
        for account in self.world.accounts:
            if options.trails:
                seed_trails(self.store, account, first_start, incident, today=self._rules.today)
        for account in self._filling.accounts:
            seed_statuses(self.store, account, account.traffic_regions, first_start)
        if options.load:
            report = load(options.load, self._load_account(), self.history)
            self.notes += report.lines()

    def _load_account(self) -> str:
        wanted = self.options.load_account or self.account
        if wanted not in {account.id for account in self.world.accounts}:
            raise SettingsError(
                "Unknown account for --load",
                f"{wanted} is not in the account file.",
                "Add it with a key, or choose another --load-account.",
            )
        return wanted

    def _run_in_background(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run work in the background until the emulator closes."""
        task = asyncio.create_task(work, name=name)

        async def stop() -> None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        self._closing.push_async_callback(stop)

    async def _live(self) -> None:
        """Add live traffic second by second: from the end of the past, or from now for a kept history."""
        since = self._live_since
        while True:
            await self.clock.sleep(1.0)
            until = int(self.clock.now().timestamp())
            if until <= since:
                continue
            try:
                await until_it_ends(partial(self._add_live, since, until))
            except StoreError:
                # Events that were already added are recognized by their IDs at the next try.
                _LOG.exception("live traffic was interrupted and will be tried again")
                continue
            since = until

    def _add_live(self, since: int, until: int) -> None:
        seed, lag, organization = self.options.seed, self.options.lag, self.world.organization
        for account in self.world.accounts:
            if account.traffic:
                regions = account.traffic_regions
                self.history.add(
                    traffic.live(seed, account.id, since, until, lag, regions=regions, organization=organization)
                )

    async def _listen(self) -> None:
        remote = self.options.allow_remote
        self._front = front = Front(self._api, self.clock, self._limits, any_host=remote is not None)
        runner = web.ServerRunner(front, shutdown_timeout=1.0)
        self._closing.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, remote or LOOPBACK, self.options.port).start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if self.world.portal is not None:
            self.settings_file = self.folder.absolute() / "aws" / "config"
            write_settings(self.settings_file, self.world, self.url)


@contextlib.contextmanager
def _kept_state(folder: Path) -> Iterator[None]:
    """Within this context, kept state is read. Raises SettingsError if it is damaged or not an emulator's."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise SettingsError(
            "Data folder",
            f"{folder} contains state that cannot be read: the file is damaged, or not from an emulator.",
            "Choose another --data folder.",
        ) from error

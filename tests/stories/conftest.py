"""What stories are told over: the emulator on loopback, through the real client, in a terminal without a screen."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from support.copied import keeping
from support.driver import WIDE, Driver, driving
from support.fakes.clock import AutoClock
from support.fakes.lossy import LossyLine, lossy_line
from support.fakes.waited import waited
from support.sessions import temporary_store
from support.stage import NOW, connector, quiet_account

from ctui.aws.connector import AwsConnector
from ctui.core.session import Session
from ctui.emulator.options import EmulatorOptions, Lag
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock
from ctui.model.clock import Clock
from ctui.model.lookup.lookup import Lookup
from ctui.ui.app import CtuiApp
from ctui.ui.terminal.clipboard import Clipboard

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(scope="session")
def week() -> Iterator[CloudTrail]:
    """The sample account with its week of traffic. Calls take as long as really to show, so here they never do."""
    options = EmulatorOptions(lookup_rate=PLENTY, lag=Lag.REAL)
    with running(options, WorldClock(NOW, ticking=False)) as emulator:
        yield emulator


@pytest.fixture
def empty() -> Iterator[CloudTrail]:
    """The sample account without a past, for one story; calls take as long as really to show."""
    options = EmulatorOptions(lookup_rate=PLENTY, lag=Lag.REAL, traffic=False)
    with running(options, WorldClock(NOW, ticking=False)) as emulator:
        yield emulator


@pytest.fixture
def account() -> Iterator[CloudTrail]:
    """The sample account without traffic, in which calls show in the history at once."""
    with quiet_account() as emulator:
        yield emulator


@pytest.fixture
async def line(account: CloudTrail) -> AsyncIterator[LossyLine]:
    """A line to the account that can lose things."""
    async with lossy_line(account.endpoint_url) as opened:
        yield opened


@pytest.fixture
def open_app(pictures: Path | None) -> Open:
    """Open ctui over an emulator: `async with open_app(week, size=SMALL) as ctui`. `scopes`: as Session takes them."""

    @asynccontextmanager
    async def open_it(
        service: CloudTrail,
        size: tuple[int, int] = WIDE,
        *,
        theme: str | None = None,
        lookup: Lookup | None = None,
        connect: AwsConnector | None = None,
        clock: Clock | None = None,
        read_only: bool = False,
        **scopes: Any,
    ) -> AsyncIterator[Driver]:
        clock = clock or AutoClock(NOW)
        calls = waited(connect or connector(service), clock)
        session = Session(calls, temporary_store, clock, lookup=lookup, read_only=read_only, **scopes)
        copied: list[str] = []
        # As over SSH: what is copied goes to the terminal, and never to the clipboard of who runs the tests.
        clipboard = Clipboard(keeping(copied), {"SSH_TTY": "/dev/pts/0"})
        app = CtuiApp(session, theme=theme, zone=UTC, clipboard=clipboard)
        async with driving(app, session, size, pictures) as driver:
            driver.copied = copied
            await driver.settle()
            yield driver

    return open_it

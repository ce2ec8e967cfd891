"""Screens over a service in memory, which can be made to wait, to fail and to say anything."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC

import pytest
from support.copied import keeping
from support.driver import WIDE, Driver, driving
from support.fakes.clock import AutoClock
from support.fakes.service import Service
from support.sessions import temporary_store

from ctui.core.session import Session
from ctui.ui.app import CtuiApp
from ctui.ui.terminal.clipboard import Clipboard

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture
def open_app() -> Open:
    """Open ctui over a service: `async with open_app(service) as ctui`; `settle=False` does not wait for rest."""

    @asynccontextmanager
    async def open_it(
        service: Service, size: tuple[int, int] = WIDE, *, theme: str | None = None, settle: bool = True
    ) -> AsyncIterator[Driver]:
        copied: list[str] = []
        session = Session(service, temporary_store, AutoClock())
        clipboard = Clipboard(keeping(copied), {"SSH_TTY": "/dev/pts/0"})
        app = CtuiApp(session, theme=theme, zone=UTC, clipboard=clipboard)
        async with driving(app, session, size) as driver:
            driver.copied = copied
            if settle:
                await driver.settle()
            yield driver

    return open_it

"""The composition root: settings become a connector, a session and its screen."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.login_memory import LoginMemory
from ctui.cli.ending import Ending, terminal_lives
from ctui.cli.store_location import default_store_path, retention, store_path
from ctui.config.load_settings import settings_file
from ctui.config.remembered import RememberedColumns, remembered_file
from ctui.config.settings import Settings
from ctui.core.session import Session
from ctui.core.sources import Connector
from ctui.model.clock import SystemClock
from ctui.model.connection import Connection
from ctui.model.lookup.lookup import Lookup
from ctui.model.waiting import Waiting
from ctui.store.events import EventStore
from ctui.ui.app import CtuiApp

_CLOSE_SECONDS = 5.0


async def show(settings: Settings, demo: Connector | None = None) -> int:
    """Run the explorer with these settings until the person leaves; returns the exit code.

    `demo` connects in place of the AWS chain. The caller closes it.
    """

    async def open_store(connection: Connection | None) -> EventStore:
        path = store_path(settings, connection, demo=demo is not None)
        return await EventStore.open(path, own=path == default_store_path())

    async def ask(prompt: str) -> str:
        return await app.ask_secret(prompt)

    def waits(waiting: Waiting | None) -> None:
        session.login_waits(waiting)

    with contextlib.ExitStack() as ending:
        connector = demo or _aws_connector(settings, ask, waits, ending)
        session = Session(
            connector,
            open_store,
            SystemClock(),
            lookup_rate=settings.lookup_rate,
            lookup=Lookup(timespan=settings.since),
            read_only=settings.read_only,
            retention=retention(settings),
        )
        app = CtuiApp(
            session,
            theme=settings.theme,
            theme_origin=settings.origins.get("theme", ""),
            problems=settings.problems,
            theme_folders=[settings_file().parent / "themes"],
            columns=RememberedColumns(remembered_file()),
        )
        with Ending(app, asyncio.get_running_loop()).watching():
            try:
                await app.run_async()
            finally:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(session.close(), _CLOSE_SECONDS)
                    if session.state.notice is not None and terminal_lives():
                        click.echo(session.state.notice, err=True)
        return app.return_code or 0


def _aws_connector(
    settings: Settings,
    ask: Callable[[str], Awaitable[str]],
    waits: Callable[[Waiting | None], None],
    ending: contextlib.ExitStack,
) -> AwsConnector:
    connector = AwsConnector(
        ConnectOptions(
            profile=settings.profile,
            region=settings.region,
            endpoint_url=settings.endpoint_url,
            mfa=ask,
            waits=waits,
        ),
        _login_memory(settings),
    )
    ending.callback(connector.close)
    return connector


def _login_memory(settings: Settings) -> LoginMemory | None:
    """Where logins led is kept next to the events, for connections whose events are kept."""
    if settings.no_store:
        return None
    store = settings.store or default_store_path()
    return LoginMemory(
        Path(f"{store}-logins"), lambda connection: store_path(settings, connection, demo=False) is not None
    )

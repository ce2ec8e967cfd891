"""The composition root: settings become a connector, a session and its screen."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from ctui.config.load_settings import settings_file

if TYPE_CHECKING:
    from ctui.config.settings import Settings
    from ctui.core.sources import Connector
    from ctui.model.waiting import Waiting

_CLOSE_SECONDS = 5.0


async def show(settings: "Settings", *, demo: bool, demo_region: str | None) -> int:
    """Run the explorer with these settings until the person leaves; returns the exit code."""
    # Textual is imported here, boto3 and aiobotocore only by the connection, after the first frame.
    from ctui.cli.ending import Ending, terminal_lives  # noqa: PLC0415
    from ctui.cli.store_location import default_store_path, retention, store_path  # noqa: PLC0415
    from ctui.core.session import Session  # noqa: PLC0415
    from ctui.model.clock import SystemClock  # noqa: PLC0415
    from ctui.model.connection import Connection  # noqa: PLC0415
    from ctui.model.lookup.lookup import Lookup  # noqa: PLC0415
    from ctui.store.events import EventStore  # noqa: PLC0415
    from ctui.ui.app import CtuiApp  # noqa: PLC0415

    async def open_store(connection: Connection | None) -> EventStore:
        path = store_path(settings, connection, demo=demo)
        return await EventStore.open(path, own=path == default_store_path())

    async def ask(prompt: str) -> str:
        return await app.ask_secret(prompt)

    def waits(waiting: "Waiting | None") -> None:
        session.login_waits(waiting)

    async with contextlib.AsyncExitStack() as ending:
        connector = _connector(settings, demo, demo_region, ask=ask, waits=waits, ending=ending)
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


def _connector(
    settings: "Settings",
    demo: bool,
    demo_region: str | None,
    *,
    ask: Callable[[str], Awaitable[str]],
    waits: "Callable[[Waiting | None], None]",
    ending: contextlib.AsyncExitStack,
) -> "Connector":
    if demo:
        from ctui.cli.demo import Demo  # noqa: PLC0415 - of no use elsewhere

        emulated = Demo(demo_region)
        ending.push_async_callback(emulated.close)
        return emulated
    from ctui.aws.connector import AwsConnector  # noqa: PLC0415 - as above
    from ctui.aws.login.connect_options import ConnectOptions  # noqa: PLC0415 - of no use to the demo's first frame

    connector = AwsConnector(
        ConnectOptions(
            profile=settings.profile,
            region=settings.region,
            endpoint_url=settings.endpoint_url,
            mfa=ask,
            waits=waits,
        )
    )
    ending.callback(connector.close)
    return connector

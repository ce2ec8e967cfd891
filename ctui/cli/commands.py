"""The command line: flags become settings, settings become a session, and the session gets its screen."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ctui import __version__
from ctui.errors import SettingsError

if TYPE_CHECKING:
    from ctui.config.settings import Settings
    from ctui.core.sources import Connector
    from ctui.emulator.options import InjectedFault
    from ctui.model.waiting import Waiting

_CLOSE_SECONDS = 5.0
_NOT_WITH_DEMO = ("profile", "endpoint_url", "store")


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profile", metavar="NAME", help="AWS profile; by default as the AWS CLI chooses it.")
@click.option("--region", metavar="REGION", help="Working Region, such as eu-west-1.")
@click.option("--endpoint-url", metavar="URL", help="Talk to this CloudTrail API in place of AWS.")
@click.option("--since", metavar="RANGE", help="First range: 15m, 3h, 7d, 2026-11-01T12:00Z, FROM..TO, all (default).")
@click.option("--store", metavar="PATH", help="Keep events in this file.")
@click.option("--no-store", is_flag=True, default=None, help="Forget events when ctui ends.")
@click.option("--keep-days", type=int, metavar="N", help="Let go of events older than this; by default of none.")
@click.option("--keep-size", metavar="SIZE", help="Let go of the oldest events beyond: 2GiB (default), 500MB, all.")
@click.option("--read-only", is_flag=True, default=None, help="Look only: trails cannot be changed.")
@click.option("--theme", metavar="NAME", help="Colors; the palette (ctrl+p) lists the themes.")
@click.option("--lookup-rate", type=float, metavar="N", help="Lookups a second, 2 by default: what AWS allows.")
@click.option("--demo", is_flag=True, help="Explore a made-up account; needs no AWS and leaves nothing behind.")
@click.version_option(__version__, prog_name="ctui")
@click.pass_context
def cli(context: click.Context, /, demo: bool, **flags: Any) -> None:
    """Explore AWS CloudTrail: trails, whether they deliver, and the events of the last 90 days.

    Each option can be set as CTUI_OPTION in the environment, or as `option = …` in config.toml.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    if context.invoked_subcommand is not None:
        if given or demo:
            raise click.UsageError(f"options of ctui itself do not go with `{context.invoked_subcommand}`.")
        return
    context.exit(_explore(given, demo=demo))


class _NamedPath(click.Path):
    """A path that is named: the empty one would be the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("it is empty: name a path, or leave the option out.", param, ctx)
        return super().convert(value, param, ctx)


_PATH = _NamedPath(path_type=Path)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="TCP port; 0 takes a free one (default).")
@click.option("--edition", type=click.Choice(["today", "2015"]), default="today", show_default=True)
@click.option("--lookup-rate", type=click.FloatRange(0, min_open=True), metavar="N", help="Lookups a second.")
@click.option("--history-days", type=click.IntRange(1), metavar="N", help="How far back LookupEvents reaches.")
@click.option("--lag", type=click.Choice(["none", "real"]), default="none", show_default=True, help="Late events.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the made-up traffic and of faults.")
@click.option("--traffic/--no-traffic", default=True, help="Whether people and machines are made up.")
@click.option(
    "--load",
    type=_PATH,
    multiple=True,
    metavar="PATH",
    help="CloudTrail files or folders to show.",
)
@click.option("--load-account", metavar="ID", help="The account they go to.")
@click.option(
    "--fault", "faults", callback=lambda _c, _p, texts: _faults(texts), multiple=True, metavar="NAME=PROBABILITY",
    help="Go wrong at random: internal, throttle, delay, …",
)  # fmt: skip
@click.option("--data", type=_PATH, metavar="DIR", help="Keep state and delivered files here.")
@click.option(
    "--account",
    type=_PATH,
    metavar="FILE",
    help="Accounts, keys, buckets, … in place of those built in.",
)
@click.option("--print-account", is_flag=True, help="Print the built-in account file, to write one's own from.")
@click.option(
    "--delivery",
    callback=lambda _c, _p, text: _seconds(text),
    default="5m",
    show_default=True,
    metavar="AGE",
    help="How often a trail that logs delivers.",
)
@click.option(
    "--allow-remote", metavar="ADDRESS", help="Listen on this address, not on loopback; well-known keys are refused."
)
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@click.pass_context
def emulator(context: click.Context, /, print_account: bool, **flags: Any) -> None:
    """Run a CloudTrail API on this machine, for any AWS SDK or the AWS CLI."""
    # The emulator's server and signer are of no use to the explorer, which should not wait for their import.
    from ctui.emulator.account import account_file  # noqa: PLC0415
    from ctui.emulator.options import Edition, EmulatorOptions, Lag  # noqa: PLC0415
    from ctui.emulator.serve import run  # noqa: PLC0415

    if print_account:
        click.echo(account_file.print_account(), nl=False)
        return
    flags |= {"edition": Edition(flags["edition"]), "lag": Lag(flags["lag"])}
    context.exit(run(EmulatorOptions(**flags)))


def _faults(texts: tuple[str, ...]) -> "tuple[InjectedFault, ...]":
    from ctui.emulator.options import parse_fault  # noqa: PLC0415 - as above

    try:
        return tuple(parse_fault(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _seconds(age: str) -> float:
    from ctui.model.lookup.timespan import parse_timespan  # noqa: PLC0415 - as above

    try:
        start = parse_timespan(age).start
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if not isinstance(start, timedelta):
        raise click.BadParameter(f"{age!r} is no length of time, such as 30s or 5m")
    return start.total_seconds()


def _explore(flags: dict[str, Any], *, demo: bool) -> int:
    """Run the explorer until its person leaves; returns the exit code."""
    from ctui.config.settings import load_settings, settings_file  # noqa: PLC0415 - `ctui emulator` needs none of it

    if demo and (named := [name for name in _NOT_WITH_DEMO if name in flags]):
        raise click.UsageError(f"--demo brings its own: leave out --{named[0].replace('_', '-')}.")
    try:
        settings = load_settings(flags, os.environ, settings_file())
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    # The screen is drawn on the standard error that the process was started with.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.__stderr__)):
        raise click.UsageError("ctui needs a terminal: neither its input nor its error output may be redirected.")
    return asyncio.run(_show(settings, demo_region=flags.get("region"), demo=demo))


async def _show(settings: "Settings", *, demo: bool, demo_region: str | None) -> int:
    # Textual is imported here, boto3 and aiobotocore only by the connection, after the first frame.
    from ctui.cli.ending import Ending, terminal_lives  # noqa: PLC0415
    from ctui.cli.store_location import own_place, retention, store_place  # noqa: PLC0415
    from ctui.config.settings import settings_file  # noqa: PLC0415
    from ctui.core.session import Session  # noqa: PLC0415
    from ctui.model.clock import SystemClock  # noqa: PLC0415
    from ctui.model.connection import Connection  # noqa: PLC0415
    from ctui.model.lookup.lookup import Lookup  # noqa: PLC0415
    from ctui.store.events import EventStore  # noqa: PLC0415
    from ctui.ui.app import CtuiApp  # noqa: PLC0415

    async def open_store(connection: Connection | None) -> EventStore:
        place = store_place(settings, connection, demo=demo)
        return await EventStore.open(place, own=place == own_place())

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
    from ctui.aws.login.connect_options import ConnectOptions  # noqa: PLC0415 - of no use to the demo's first frame
    from ctui.aws.session import AwsConnector  # noqa: PLC0415 - as above

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

"""`ctui` without a command: the explorer. Reads the settings, and then imports what shows them."""

import asyncio
import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ctui.config.load_settings import load_settings, settings_file
from ctui.errors import SettingsError

if TYPE_CHECKING:
    from ctui.config.settings import Settings


def explore(flags: dict[str, Any], *, demo: bool) -> int:
    """Run the explorer until the person leaves; returns the exit code. Raises click.UsageError."""
    try:
        settings = load_settings(flags, os.environ, settings_file())
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    # The screen is drawn on the standard error that the process was started with.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.__stderr__)):
        raise click.UsageError("ctui needs a terminal: do not redirect its input or its error output.")
    return asyncio.run(_show_demo(settings, flags.get("region")) if demo else _show(settings))


async def _show(settings: "Settings") -> int:
    from ctui.cli.composition import show  # noqa: PLC0415 - Textual, which a mistake in a flag does not need

    return await show(settings)


async def _show_demo(settings: "Settings", region: str | None) -> int:
    from ctui.cli.demo import Demo  # noqa: PLC0415 - of no use elsewhere

    emulated = Demo(region)
    try:
        # It starts while this process imports what draws. If it cannot, the connection tries again, and says why.
        with contextlib.suppress(OSError):
            await emulated.launch()
        from ctui.cli.composition import show  # noqa: PLC0415 - after the launch

        return await show(settings, emulated)
    finally:
        await emulated.close()

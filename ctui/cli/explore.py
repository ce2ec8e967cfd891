"""`ctui` without a command: the explorer. Reads the settings, and then imports what shows them."""

import asyncio
import contextlib
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.store_location import login_memory_file
from ctui.config.load_settings import load_settings, settings_file
from ctui.errors import SettingsError

if TYPE_CHECKING:
    from ctui.config.settings import Settings
    from ctui.core.first_rows import FirstRows

_CANNOT_PLACE = ("dumb", "unknown")
"""Values of TERM for which terminfo knows no movement of the cursor."""


class NoTerminal(click.ClickException):
    """There is nothing to draw on: one sentence, without the usage, which cannot help."""

    exit_code = 2


def explore(flags: dict[str, Any], *, demo: bool, files_alone: bool = False) -> int:
    """Run the explorer until the person leaves; returns the exit code. Raises NoTerminal and click.UsageError.

    `files_alone`: over the log files of the settings, without AWS.
    """
    try:
        settings = load_settings(flags, os.environ, settings_file())
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    if files_alone:
        settings = settings.without_service
    # The screen is drawn on the standard error that the process was started with; who redirects the output wants text.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.__stdout__, sys.__stderr__)):
        raise NoTerminal("ctui needs a terminal: do not redirect its input, output or error output.")
    if (terminal := os.environ.get("TERM")) in _CANNOT_PLACE:
        raise NoTerminal(f"ctui needs a terminal that can place text on its screen, and TERM is {terminal}.")
    return asyncio.run(_show_demo(settings) if demo else _show(settings))


async def _show(settings: "Settings") -> int:
    first_rows = None
    if not settings.files_alone and login_memory_file(settings).exists():
        from ctui.threads import off_loop  # noqa: PLC0415 - where nothing is stored, nothing is read

        reading = off_loop(partial(_read_first_rows, settings), "ctui-first-rows")
        first_rows = asyncio.create_task(reading, name="first rows")
        # The thread begins now, and reads while the next line imports.
        await asyncio.sleep(0)
    from ctui.cli.composition import show  # noqa: PLC0415 - Textual, which a mistake in a flag does not need

    return await show(settings, first_rows=first_rows)


def _read_first_rows(settings: "Settings") -> "FirstRows | None":
    from ctui.cli.first_rows import first_rows  # noqa: PLC0415 - see above

    assert sys.__stderr__ is not None, "it is a terminal"
    # Columns are as wide as two screenfuls need.
    return first_rows(settings, 2 * os.get_terminal_size(sys.__stderr__.fileno()).lines)


async def _show_demo(settings: "Settings") -> int:
    from ctui.cli.demo import Demo  # noqa: PLC0415 - of no use elsewhere

    emulated = Demo(settings.working_region)
    try:
        # It starts while this process imports what draws. If it cannot, the connection tries again, and says why.
        with contextlib.suppress(OSError):
            await emulated.launch()
        from ctui.cli.composition import show  # noqa: PLC0415 - after the launch

        return await show(settings, emulated)
    finally:
        await emulated.close()

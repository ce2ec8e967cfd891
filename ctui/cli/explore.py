"""`ctui` without a command: the explorer."""

import asyncio
import os
import sys
from typing import Any

import click

from ctui.cli.composition import show
from ctui.config.load_settings import load_settings, settings_file
from ctui.errors import SettingsError

_NOT_WITH_DEMO = ("profile", "endpoint_url", "store")


def explore(flags: dict[str, Any], *, demo: bool) -> int:
    """Run the explorer until the person leaves; returns the exit code. Raises click.UsageError."""
    if demo and (named := [name for name in _NOT_WITH_DEMO if name in flags]):
        raise click.UsageError(f"--demo cannot be combined with --{named[0].replace('_', '-')}.")
    try:
        settings = load_settings(flags, os.environ, settings_file())
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    # The screen is drawn on the standard error that the process was started with.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.__stderr__)):
        raise click.UsageError("ctui needs a terminal: do not redirect its input or its error output.")
    return asyncio.run(show(settings, demo_region=flags.get("region"), demo=demo))

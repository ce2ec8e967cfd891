"""Options of the command line: those that are settings, and types that commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ctui.config.settings import SETTINGS, Setting

Command = TypeVar("Command", bound=Callable[..., Any])


def setting_options(command: Command) -> Command:
    """Give a command a flag for each setting. One that is left out is None."""
    for setting in reversed(tuple(SETTINGS.values())):
        command = _option(setting)(command)
    return command


def _option(setting: Setting) -> Callable[[Command], Command]:
    if not setting.metavar:
        return click.option(setting.flag, is_flag=True, default=None, help=setting.help)
    return click.option(setting.flag, type=setting.written_as, metavar=setting.metavar, help=setting.help)


class NamedPath(click.Path):
    """A path that is not empty: an empty one would mean the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or a usage error if it is empty."""
        if value == "":
            self.fail("it is empty: name a path, or leave the option out.", param, ctx)
        return super().convert(value, param, ctx)


def seconds(age: str) -> float:
    """The seconds of a length of time such as 5m; raises click.BadParameter."""
    from ctui.model.lookup.moment import duration_of  # noqa: PLC0415 - `--help` needs no times

    if not (duration := duration_of(age)):
        raise click.BadParameter(f"{age!r} is not a duration such as 30s or 5m")
    return duration.total_seconds()

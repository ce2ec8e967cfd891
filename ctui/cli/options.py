"""Options of the command line: those that are settings, and types that commands share."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ctui.config.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])


def setting_options(*without: str) -> Callable[[Command], Command]:
    """Gives a command a flag for each setting but these. One that is left out is None."""

    def give(command: Command) -> Command:
        for setting in reversed(tuple(SETTINGS.values())):
            if setting.name not in without:
                command = _option(setting)(command)
        return command

    return give


def headless_options(*without: str) -> Callable[[Command], Command]:
    """Gives a command that has no screen and changes nothing its flags: the settings but these, --demo, --quiet.

    `given_settings` reads the settings.
    """

    def give(command: Command) -> Command:
        quiet = click.option("--quiet", "-q", is_flag=True, help="Say only why something failed or is incomplete.")
        demo = click.option(
            "--demo", is_flag=True, help="Use a sample account. Needs no AWS account and keeps nothing."
        )
        return setting_options("read_only", "theme", *without)(demo(quiet(command)))

    return give


def event_format_options(default: str) -> Callable[[Command], Command]:
    """Gives a command that writes events its flags for how: the format, and the columns (`given_columns`)."""

    def give(command: Command) -> Command:
        formats = click.option(
            "--format", "-o", "--output", "format_", default=default, show_default=True,
            type=click.Choice(("table", "ndjson", "json", "csv", "ids", "log")),
            help="Records as the service sent them: one a line, an array, a log file (gzip). Or CSV, or event IDs.",
        )  # fmt: skip
        columns = click.option(
            "--columns", metavar="A,B,…", shell_complete=complete_value,
            help="Columns of table and CSV: fields, or paths of the record.",
        )  # fmt: skip
        return formats(columns(command))

    return give


def given_columns(chosen: str | None, format_name: str) -> Sequence[str]:
    """The columns of a table or of CSV. Raises click.UsageError for one that there is not."""
    from ctui.cli.headless.writers import columns_of  # noqa: PLC0415 - `--help` needs no columns
    from ctui.errors import SettingsError  # noqa: PLC0415 - as above

    try:
        return columns_of(chosen, format_name)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


def trail_options(command: Command) -> Command:
    """Give a command that reads trails its flags."""
    formats = click.option(
        "--format", "-o", "--output", "format_", type=click.Choice(("table", "ndjson", "json", "csv")), default="table",
        show_default=True, help="As on the screen; or as data.",
    )  # fmt: skip
    exit_code = click.option(
        "--exit-code", "not_well_is_1", is_flag=True, help="Exit with 1 unless all that is written logs and delivers."
    )
    return formats(exit_code(command))


def given_settings(flags: Mapping[str, Any], *, demo: bool) -> dict[str, Any]:
    """The settings that were given as flags. Raises click.UsageError for one that cannot be combined with --demo."""
    given = {name: value for name, value in flags.items() if value not in (None, ())}
    if demo and (named := [name for name in _NOT_WITH_DEMO if name in given]):
        raise click.UsageError(f"--demo cannot be combined with --{named[0].replace('_', '-')}.")
    return given


def are_files_alone(given: Mapping[str, Any], *, demo: bool) -> bool:
    """True if flags name log files, and nothing else to search."""
    return "files" in given and not (demo or given.keys() & _OF_THE_SERVICE)


_OF_THE_SERVICE = frozenset(("profile", "region", "assume", "endpoint_url"))
"""Flags that say what to ask of AWS, also where log files are named."""
_NOT_WITH_DEMO = ("profile", "assume", "endpoint_url", "store")


def _option(setting: Setting) -> Callable[[Command], Command]:
    if not setting.metavar:
        return click.option(setting.flag, is_flag=True, default=None, help=setting.help)
    return click.option(
        setting.flag,
        type=setting.written_as,
        multiple=setting.repeats,
        metavar=setting.metavar,
        help=setting.help,
        shell_complete=complete_value,
    )


def complete_value(context: click.Context, parameter: click.Parameter, typed: str) -> "list[CompletionItem]":
    """What a value of this option or argument can be, for a shell: click's `shell_complete`."""
    from ctui.cli.completing.values import VALUES  # noqa: PLC0415 - a shell asks for it

    complete = VALUES.get(parameter.name or "")
    return complete(context, parameter, typed) if complete else []


class NamedPath(click.Path):
    """A path that is not empty: an empty one would mean the current folder."""

    def __init__(self) -> None:
        from pathlib import Path  # noqa: PLC0415 - ctui's own `--help` needs no paths

        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or a usage error if it is empty."""
        if value == "":
            self.fail("it is empty: name a path, or leave the option out.", param, ctx)
        return super().convert(value, param, ctx)


def readable(text: str) -> str:
    """The text as the shell passes it on. Raises click.BadParameter for bytes that are no text: they match nothing."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("some bytes of it are no text in the encoding of this locale.") from error
    return text


def seconds(age: str) -> float:
    """The seconds of a length of time such as 5m; raises click.BadParameter."""
    from ctui.model.lookup.moment import duration_of  # noqa: PLC0415 - `--help` needs no times

    if not (duration := duration_of(age)):
        raise click.BadParameter(f"{age!r} is not a duration such as 30s or 5m")
    return duration.total_seconds()

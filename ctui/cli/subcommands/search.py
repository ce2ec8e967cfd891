"""`ctui search`: the events that match a filter line, for scripts and pipes."""

import re
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.headless.exit_codes import ExitCode, exit_codes_help
from ctui.cli.options import (
    NamedPath,
    are_files_alone,
    complete_value,
    event_format_options,
    given_columns,
    given_settings,
    headless_options,
    readable,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ctui.cli.headless.event_file import EventFile

_EXCLUDES = re.compile(r"-[^-].*?[\s:\"(]", re.DOTALL)
"""What begins with a minus and is no option: no value that is written behind a letter has such a character."""


class _LineCommand(click.Command):
    """Takes a term that excludes, such as `-source:s3`, for the line and not for options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put such an argument behind `--`."""
        options = args[: args.index("--")] if "--" in args else args
        if lines := [word for word in options if _EXCLUDES.match(word)]:
            args = [*(word for word in options if word not in lines), "--", *lines, *args[len(options) + 1 :]]
        return super().parse_args(ctx, args)


@click.command(cls=_LineCommand, epilog=exit_codes_help())
@click.argument(
    "line", metavar="LINE", callback=lambda _context, _parameter, line: readable(line), shell_complete=complete_value
)
@headless_options()
@event_format_options("table")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after the newest N events that match.")
@click.option(
    "--scan-limit", type=click.IntRange(1), metavar="N",
    help="Where AWS can select by nothing of LINE: stop after N events were scanned; the exit code is 4.",
)  # fmt: skip
@click.option(
    "--append", type=NamedPath(), metavar="FILE", shell_complete=complete_value,
    help="Append what is not in FILE yet, as ndjson and oldest first.",
)  # fmt: skip
@click.option("--own-calls", is_flag=True, help="Show the reads that ctui makes by itself, too.")
@click.option("--exit-code", "none_is_1", is_flag=True, help="Exit with 1 if no event matches.")
@click.option("--explain", is_flag=True, help="Say what would be asked, and how long that takes. Asks nothing.")
@click.option("--coverage", is_flag=True, help="End with a JSON object on standard error: what was searched.")
def search(
    *,
    line: str,
    demo: bool,
    quiet: bool,
    format_: str,
    columns: str | None,
    limit: int | None,
    scan_limit: int | None,
    append: "Path | None",
    none_is_1: bool,
    own_calls: bool,
    coverage: bool,
    explain: bool,
    **flags: Any,
) -> None:
    """Write the events that match a filter line to standard output, newest first.

    LINE is what / takes on the screen, such as 'user:alice is:write -source:s3'; '' matches every event. All of the
    range is searched, and pages of it that are kept are not asked for again. Events go to standard output, words and
    progress to standard error. Reads that ctui makes by itself are left out unless LINE asks for them.

    With --files the log files there are searched, and nothing is asked of AWS, unless --profile, --region, --assume,
    --endpoint-url or --demo says what else to search. Files never prove that they are all: they have an answer from
    their first event to their last, and --coverage says what is not read.
    """
    from ctui.cli.headless.explaining import explain as explain_and_write  # noqa: PLC0415 - `--help` needs no session
    from ctui.cli.headless.run import run_headless  # noqa: PLC0415 - as above
    from ctui.cli.headless.searching import SearchOptions  # noqa: PLC0415 - as above
    from ctui.cli.headless.searching import search as search_and_write  # noqa: PLC0415 - as above

    given = given_settings(flags, demo=demo)
    if append is not None and (limit is not None or format_ not in ("table", "ndjson")):
        raise click.UsageError("--append writes ndjson, of all that is new: leave --limit and --format out.")
    options = SearchOptions(
        line=line,
        format=format_,
        columns=given_columns(columns, format_),
        limit=limit,
        scan_limit=scan_limit,
        append=None if append is None or explain else _opened(append),
        none_is_1=none_is_1,
        own_calls=own_calls,
        coverage=coverage,
    )
    work = explain_and_write if explain else search_and_write
    code = run_headless(
        given,
        lambda run: work(run, options),
        demo=demo,
        quiet=quiet,
        logs_in=not explain,
        files_alone=are_files_alone(given, demo=demo),
    )
    click.get_current_context().exit(code)


def _opened(path: "Path") -> "EventFile":
    """The file to append to, before anything is asked. Raises click.UsageError, or Exit once the reason is said."""
    from ctui.cli.headless.event_file import EventFile  # noqa: PLC0415 - few searches append
    from ctui.errors import ExportError, SettingsError  # noqa: PLC0415 - as above

    try:
        return EventFile(path)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    except ExportError as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(ExitCode.FAILED) from error

"""`ctui events`: records by event ID."""

import sys
from collections.abc import Iterable
from typing import Any

import click

from ctui.cli.headless.exit_codes import exit_codes_help
from ctui.cli.options import (
    are_files_alone,
    event_format_options,
    given_columns,
    given_settings,
    headless_options,
    readable,
)


@click.command(epilog=exit_codes_help(none="--exit-code: an event was not found"))
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@headless_options("since")
@event_format_options("ndjson")
@click.option("--exit-code", "missing_is_1", is_flag=True, help="Exit with 1 if one of the events is not found.")
def events(
    *,
    ids: tuple[str, ...],
    demo: bool,
    quiet: bool,
    format_: str,
    columns: str | None,
    missing_is_1: bool,
    **flags: Any,
) -> None:
    """Write the events with these IDs to standard output, newest first.

    - stands for the IDs on standard input, one a line, as `ctui search -o ids` writes them. What is stored is not asked
    for; the others take one lookup each, in the working Region. With --files they are looked for in log files, and
    nothing is asked of AWS, unless --profile, --region, --assume, --endpoint-url or --demo says what else to ask.
    """
    from ctui.cli.headless.event_records import write_records  # noqa: PLC0415 - `--help` needs no session
    from ctui.cli.headless.run import run_headless  # noqa: PLC0415 - as above
    from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute  # noqa: PLC0415 - as above

    given = {**given_settings(flags, demo=demo), "since": "all"}
    chosen = given_columns(columns, format_)
    wanted = list(dict.fromkeys(_expanded(ids)))
    try:
        for event_id in wanted:
            # Another value would be looked for in every event.
            LookupAttribute(AttributeKey.EVENT_ID, readable(event_id))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    code = run_headless(
        given,
        lambda run: write_records(run, wanted, format_, chosen, missing_is_1=missing_is_1),
        demo=demo,
        quiet=quiet,
        lookup=Lookup(impossible=True),
        files_alone=are_files_alone(given, demo=demo),
    )
    click.get_current_context().exit(code)


def _expanded(ids: Iterable[str]) -> Iterable[str]:
    """The IDs, with those on standard input in place of each dash."""
    for event_id in ids:
        yield from filter(None, map(str.strip, sys.stdin)) if event_id == "-" else (event_id,)

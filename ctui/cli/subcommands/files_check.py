"""`ctui files check`: what of log files is read, and what is not and why."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.headless.exit_codes import ExitCode, exit_codes_help
from ctui.cli.options import NamedPath

if TYPE_CHECKING:
    from pathlib import Path

    from ctui.model.log_files.check_report import CheckReport

_NUMBER = 12
"""Cells for a number."""


@click.command(epilog=exit_codes_help(none="--exit-code: something is not read"))
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=NamedPath())
@click.option(
    "--format", "-o", "--output", "format_", type=click.Choice(("table", "json")), default="table", show_default=True,
    help="For people, or as data.",
)  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@click.option("--exit-code", "unread_is_1", is_flag=True, help="Exit with 1 if something is not read.")
def check(paths: "tuple[Path, ...]", *, format_: str, quiet: bool, unread_is_1: bool) -> None:
    """Write which files are read and which are not, and why.

    Reads all of PATH once, as the explorer does, and keeps nothing. Digests and other files of a trail's bucket that
    are no log files count as not read.
    """
    from ctui.errors import FilesError  # noqa: PLC0415 - `--help` needs no files
    from ctui.files.check import check as check_tree  # noqa: PLC0415 - as above

    reports: list[CheckReport] = []
    code, show_progress = ExitCode.COMPLETE, _progress(quiet=quiet)
    try:
        for path in paths:
            reports.append(
                check_tree(
                    str(path),
                    lambda now: show_progress(f"{now.files:,} of {now.all_files:,} files, {now.records:,} records"),
                )
            )
    except FilesError as error:
        click.echo(str(error), err=True)
        code = ExitCode.FAILED
    show_progress("")
    with contextlib.suppress(BrokenPipeError):
        if format_ == "json":
            click.echo(json.dumps([_as_json(report) for report in reports], indent=2))
        else:
            click.echo("\n\n".join("\n".join(_lines(report)) for report in reports), nl=bool(reports))
    if code is ExitCode.COMPLETE and unread_is_1 and not all(report.all_read for report in reports):
        code = ExitCode.NONE
    click.get_current_context().exit(code)


def _progress(*, quiet: bool) -> Callable[[str], None]:
    """What shows how far a check is, on a terminal."""
    if quiet or sys.__stderr__ is None or not sys.__stderr__.isatty():
        return lambda _: None
    from ctui.cli.headless.streams import Streams  # noqa: PLC0415 - see above

    return Streams().show_progress


def _lines(report: "CheckReport") -> Iterator[str]:
    from ctui.model.byte_size import size_text  # noqa: PLC0415 - see above
    from ctui.render.text.spans import clean_text  # noqa: PLC0415 - see above

    def line(number: int, words: str) -> str:
        return f"{number:>{_NUMBER},}  {words}"

    yield clean_text(report.path)
    yield line(report.files, f"log files read, {size_text(report.size)}, {size_text(report.inflated)} inflated")
    yield line(report.records, "records in them")
    if report.data_events:
        yield line(report.data_events, "of these are data events")
    if report.digests:
        yield line(report.digests, "digest files, which have no events")
    for one in report.unread:
        yield line(one.count, f"not read: {one.reason}")
        yield from (f"{'':{_NUMBER}}    {clean_text(name)}" for name in one.names)
        if one.names and len(one.names) < one.count:
            yield f"{'':{_NUMBER}}    …"
    if report.all_read:
        yield f"{'':{_NUMBER}}  everything is read"


def _as_json(report: "CheckReport") -> dict[str, Any]:
    return {
        "path": report.path,
        "files": report.files,
        "records": report.records,
        "data_events": report.data_events,
        "bytes": report.size,
        "inflated_bytes": report.inflated,
        "digest_files": report.digests,
        "not_read": [{"why": one.reason, "count": one.count, "files": list(one.names)} for one in report.unread],
    }

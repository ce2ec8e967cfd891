"""`ctui files forget`: the indexes of log files that are kept, and removing them."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.options import NamedPath

if TYPE_CHECKING:
    from pathlib import Path

    from ctui.files.index.listing import StoredIndex


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, type=NamedPath())
@click.option("--all", "all_", is_flag=True, help="Delete all of them.")
@click.option("--gone", is_flag=True, help="Delete those of files that are no longer there, and those of no use.")
@click.option("--list", "list_", is_flag=True, help="List them, and delete none.")
def forget(paths: "tuple[Path, ...]", *, all_: bool, gone: bool, list_: bool) -> None:
    """Delete the indexes of log files, which lie in the cache folder; the files stay.

    PATH is what was opened: `ctui files PATH` makes its index again.
    """
    if bool(paths) + all_ + gone + list_ != 1:
        raise click.UsageError("Name paths, or one of --all, --gone and --list.")
    from ctui.errors import FilesError  # noqa: PLC0415 - `--help` needs nothing of it

    try:
        done = _list() if list_ else _forget(paths) if paths else _forget_some(gone=gone)
    except FilesError as error:
        click.echo(str(error), err=True)
        done = ExitCode.FAILED
    click.get_current_context().exit(done)


def _list() -> ExitCode:
    from ctui.cli.store_location import index_folder  # noqa: PLC0415 - see above
    from ctui.files.index.listing import indexes  # noqa: PLC0415
    from ctui.model.byte_size import size_text  # noqa: PLC0415
    from ctui.render.text.times import to_the_minute  # noqa: PLC0415

    found = indexes(index_folder())
    for one in found:
        used = to_the_minute(datetime.fromtimestamp(one.used, UTC))
        events = f"{one.events:,} event{'s' * (one.events != 1)}"
        click.echo(f"{size_text(one.size):>7}  {events:>18}  {used} UTC  {_tree_of(one)}")
    _say_total(found, "kept")
    return ExitCode.COMPLETE


def _forget(paths: "Iterable[Path]") -> ExitCode:
    from ctui.cli.store_location import index_folder  # noqa: PLC0415 - see above
    from ctui.files.index.listing import forget as forget_index  # noqa: PLC0415
    from ctui.render.text.spans import clean_text  # noqa: PLC0415

    removed, code = [], ExitCode.COMPLETE
    for path in paths:
        if (one := forget_index(os.fsencode(path), index_folder())) is None:
            click.echo(f"There is no index of {clean_text(str(path))}.", err=True)
            code = ExitCode.NONE
        else:
            removed.append(one)
    _say_total(removed, "deleted")
    return code


def _forget_some(*, gone: bool) -> ExitCode:
    from ctui.cli.store_location import index_folder  # noqa: PLC0415 - see above
    from ctui.files.index.listing import forget_all, indexes  # noqa: PLC0415

    _say_total(forget_all(one for one in indexes(index_folder()) if one.is_of_nothing or not gone), "deleted")
    return ExitCode.COMPLETE


def _say_total(some: "list[StoredIndex]", done: str) -> None:
    from ctui.model.byte_size import size_text  # noqa: PLC0415 - see above

    number = f"{len(some):,} index{'es' * (len(some) != 1)}"
    click.echo(f"{number} {done}, {size_text(sum(one.size for one in some))}.", err=True)


def _tree_of(index: "StoredIndex") -> str:
    from ctui.render.text.spans import clean_text  # noqa: PLC0415 - see above

    if index.tree is None:
        return f"{index.path} (cannot be read)"
    return f"{clean_text(os.fsdecode(index.tree))}{' (no longer there)' if index.is_of_nothing else ''}"

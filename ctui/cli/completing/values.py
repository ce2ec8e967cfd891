"""What stands behind an option or as an argument: profiles, Regions, times, and the filter line."""

import configparser
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from ctui.aws.login.login_memory import settings_files
from ctui.model.filter.editing.column_names import EVENT_COLUMN, FIELD_COLUMNS
from ctui.model.filter.editing.completion import Completion, completions_at, field_to_complete, insert_completion
from ctui.model.filter.editing.cursor import Slot, context_at
from ctui.model.filter.fields import FIELDS, SINCE


def complete_line(context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Filter lines that go on from this one, as in the filter line of the screen."""
    place = context_at(typed, len(typed))
    if place.slot is Slot.FIELD and not place.typed:
        offers = tuple(Completion(f"{name}:", f"{name}:") for name in FIELDS)
    else:
        field = field_to_complete(place)
        offers = completions_at(place, _values(field, context.params) if field else ())
    return [
        CompletionItem(
            insert_completion(typed, place, offer)[0],
            help=f"{offer.count:,} event{'s' if offer.count > 1 else ''}" if offer.count else None,
            shown=offer.text,
            open=True,
        )
        for offer in offers
    ]


def complete_time(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Time ranges, as in a filter line: one of two ends stands there by itself."""
    behind = "" if ".." in typed else f"{SINCE.name}:"
    lines = complete_line(context, parameter, f"{behind}{typed}")
    return [CompletionItem(line.value.removeprefix(behind)) for line in lines]


def complete_profile(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The profiles in AWS's files."""
    return _starting(named_profiles(), typed)


def named_profiles() -> set[str]:
    """The profiles in AWS's files."""
    return {name for name, _ in _sections()}


def complete_region(context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The Regions that AWS's files name, and those of which something is stored. No file lists all there are."""
    return _starting(named_regions(context.params), typed)


def named_regions(flags: Mapping[str, Any]) -> set[str]:
    """The Regions that AWS's files name, and those of which something is stored with these flags."""
    from ctui.cli.completing.stored_values import stored_regions  # noqa: PLC0415 - as in `_values`

    return {section["region"] for _, section in _sections() if section.get("region")} | stored_regions(flags)


def complete_path(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Files, which the shell finds."""
    return [CompletionItem(typed, type="file")]


def complete_columns(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Columns, behind those that are named already."""
    before, comma, last = typed.rpartition(",")
    names = (EVENT_COLUMN, *dict(FIELD_COLUMNS))
    return [CompletionItem(f"{before}{comma}{name}", shown=name, open=True) for name in names if name.startswith(last)]


VALUES: Mapping[str, Callable[[click.Context, click.Parameter, str], list[CompletionItem]]] = {
    "columns": complete_columns,
    "line": complete_line,
    "profile": complete_profile,
    "region": complete_region,
    "since": complete_time,
    "append": complete_path,
    "store": complete_path,
    "files": complete_path,
}
"""Option or argument -> what completes it."""


def _values(field: str, flags: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    from ctui.cli.completing.stored_values import stored_values  # noqa: PLC0415 - the grammar needs no store

    return stored_values(field, flags)


def _starting(names: set[str], typed: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(typed)]


def _sections() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each profile of AWS's files with what is set in it. A file that cannot be read has none."""
    for file in settings_files():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, OSError, ValueError):
            continue
        for title in parser.sections():
            kind, _, name = title.rpartition(" ")
            if kind in ("", "profile"):
                yield name.strip(), parser[title]

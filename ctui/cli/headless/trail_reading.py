"""`ctui trails` and `ctui status`: the facts of the list of trails and of Status, in the same words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.remedies import without_keys, words_of
from ctui.cli.headless.run import Run
from ctui.cli.headless.writers import TABLE
from ctui.core.trails.trail_book import TrailEntry
from ctui.model.trail.health import Level, health_of
from ctui.model.trail.trail import Trail
from ctui.render.export.trail_facts import FORMATS, as_object, facts_of
from ctui.render.panes.trail_list import trail_mark
from ctui.render.panes.trail_status import status_lines
from ctui.render.panes.trail_table import trail_table
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, count, fit, plain

_WIDE = 160
"""Cells for the words of a status that go to a file or a pipe."""


@dataclass(frozen=True, slots=True)
class TrailOptions:
    """How trails are written."""

    format: str
    """`table`, or one of FORMATS."""
    not_well_is_1: bool = False
    """The exit code is 1 unless every trail logs and delivers."""


async def list_trails(run: Run, options: TrailOptions) -> ExitCode:
    """Write the trails of the working Region, and return how it has ended. Raises CtuiError, ReaderLeft.

    The run reads the trails as it connects.
    """
    await run.connect()
    book, streams, now = run.session.trails, run.streams, run.session.server_now()
    await book.idle()
    if book.state.error is not None:
        raise book.state.error
    entries = book.state.entries
    if options.format == TABLE:
        lines = trail_table([(entry.trail, entry.status, entry.error) for entry in entries], now) if entries else ()
        cut = streams.columns if streams.on_terminal else None
        await streams.write(_text(fit(line, cut) if cut else line for line in lines))
    else:
        facts = [facts_of(entry.trail, entry.status, entry.error, now, without_keys) for entry in entries]
        await streams.write(FORMATS[options.format](facts))
    streams.remark(f"{count(len(entries))} trail{'s' * (len(entries) != 1)} in {_region(run)}.")
    for entry in entries:
        if entry.error is not None:
            streams.say(f"{entry.trail.name or '(unreadable)'}: {words_of(entry.error)}")
    if any(entry.error is not None for entry in entries):
        return ExitCode.INCOMPLETE
    return _code(entries, now, options)


async def show_status(run: Run, name: str, options: TrailOptions) -> ExitCode:
    """Write the status of the trail with this name or ARN, and return how it has ended. Raises CtuiError,
    ReaderLeft."""
    await run.connect()
    book, streams, region = run.session.trails, run.streams, _region(run)
    listed = await book.describe()
    called = [trail for trail in listed if name in (trail.name, trail.arn)]
    if len(called) != 1:
        streams.say(_not_one(name, called, listed, region))
        return ExitCode.UNREADABLE
    trail = called[0]
    status = await book.status(trail, region)
    now = run.session.server_now()
    if options.format == TABLE:
        width = streams.columns if streams.on_terminal else _WIDE
        title = (trail_mark(trail, status, None, now), (" ", Role.PLAIN), *clean(trail.name))
        lines = status_lines(trail, status, None, now=now, region=region, width=width, to_do=without_keys)
        await streams.write(_text((title, *lines)))
    else:
        facts = facts_of(trail, status, None, now, without_keys)
        await streams.write(as_object(facts) if options.format == "json" else FORMATS[options.format]([facts]))
    return _code([TrailEntry(trail, status, None)], now, options)


def _region(run: Run) -> str:
    connection = run.session.state.connection
    assert connection is not None, "it is connected"
    return connection.region


def _not_one(name: str, called: list[Trail], listed: Iterable[Trail], region: str) -> str:
    if called:
        return f"Several trails are called {name}: name one by its ARN, {', '.join(trail.key for trail in called)}."
    names = ", ".join(sorted(trail.name for trail in listed if trail.name)) or "none"
    return f"No trail is called {name} in {region}. There are: {names}."


def _code(entries: Iterable[TrailEntry], now: datetime, options: TrailOptions) -> ExitCode:
    states = [_is_well(entry, now) for entry in entries]
    return ExitCode.NONE if options.not_well_is_1 and not (states and all(states)) else ExitCode.COMPLETE


def _is_well(entry: TrailEntry, now: datetime) -> bool:
    status = entry.status
    return (
        status is not None and bool(status.is_logging) and health_of(entry.trail, status, now).worst.level < Level.OFF
    )


def _text(lines: Iterable[Line]) -> bytes:
    return "".join(f"{plain(line).rstrip()}\n" for line in lines).encode(errors="backslashreplace")

"""`ctui search`: asks a line as the screen does, and writes what matches, newest first, while the scan goes on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ctui.cli.headless.appending import AppendingWriter
from ctui.cli.headless.coverage import Coverage
from ctui.cli.headless.event_file import EventFile
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.remedies import words_of
from ctui.cli.headless.run import Run
from ctui.cli.headless.writers import LOG, Writer, writer_for
from ctui.core.rows.certain_rows import CertainRows
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.filter.own_calls import asks_for_own_calls
from ctui.model.filter.parse import FilterError
from ctui.render.panes.filter_notes import error_hint
from ctui.render.text import times
from ctui.render.text.spans import cells, clean_text, count, plain

_WIDE = 1_000
"""Cells for the reason why a line cannot be read: a terminal breaks it, and a log keeps it whole."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What a search was asked to do."""

    line: str
    format: str
    """Its name: `table`, or one of FORMATS."""
    columns: Sequence[str]
    """Of a table and of CSV."""
    limit: int | None = None
    """Rows after which it ends; None for all."""
    scan_limit: int | None = None
    """Events after which it ends where the service selects by nothing; None for all."""
    none_is_1: bool = False
    """The exit code is 1 if nothing matches."""
    own_calls: bool = False
    """The reads that ctui makes by itself are not hidden."""
    append: EventFile | None = None
    """The file that gets what is not in it yet, in place of standard output."""
    coverage: bool = False
    """What was searched is said as JSON, not in words."""


async def search(run: Run, options: SearchOptions) -> ExitCode:
    """Ask, write what matches, say what was searched, and return how it has ended. Raises CtuiError, ReaderLeft."""
    session, streams = run.session, run.streams
    if options.format == LOG and streams.on_terminal:
        streams.say("A log file is compressed: send it to a file or a pipe.")
        return ExitCode.UNREADABLE
    if not asked(run, options):
        return ExitCode.UNREADABLE
    try:
        await run.connect()
    except CtuiError as error:
        if options.coverage:
            streams.say(words_of(error))
            streams.say(json.dumps((await Coverage.of(session, 0, error=error)).as_json()))
            return ExitCode.FAILED
        raise
    shown = options.own_calls or asks_for_own_calls(session.explorer.state.line)
    if session.state.identity is None and not shown:
        # Who we are may be said later, and what was written cannot be taken back.
        session.explorer.toggle_own_calls()
        streams.remark("The service does not say who you are: reads of ctui itself are not hidden.")
    coverage = await (_write(run, options) if options.append is None else _append(run, options, options.append))
    if options.coverage:
        streams.say(json.dumps(coverage.as_json()))
    elif streams.quiet:
        for words in coverage.warnings():
            streams.say(words)
    else:
        streams.say("\n".join(coverage.sentences()))
    return _exit_code(coverage, options)


def _exit_code(coverage: Coverage, options: SearchOptions) -> ExitCode:
    if coverage.failed:
        return ExitCode.FAILED
    if not (coverage.complete or coverage.limited):
        return ExitCode.INCOMPLETE
    return ExitCode.NONE if options.none_is_1 and not coverage.matched else ExitCode.COMPLETE


async def _write(run: Run, options: SearchOptions) -> Coverage:
    """Write the rows as they become certain, until all are written or the limit is reached."""
    session, streams = run.session, run.streams
    writer = writer_for(options.format, session, options.columns, streams.columns if streams.on_terminal else None)
    rows, written, limited = await _write_rows(run, options, writer)
    return await Coverage.of(session, written - writer.gone, limited=limited, late=rows.late, gone=writer.gone)


async def _append(run: Run, options: SearchOptions, file: EventFile) -> Coverage:
    """Append to the file what is not in it, once all that matches is here, and say how much that is."""
    appending = AppendingWriter(run.session, file)
    rows, written, _ = await _write_rows(run, options, appending)
    run.streams.remark(await appending.append())
    return await Coverage.of(run.session, written - appending.gone, late=rows.late, gone=appending.gone)


async def _write_rows(run: Run, options: SearchOptions, writer: Writer) -> tuple[CertainRows, int, bool]:
    """Write the rows; returns where they come from, how many there were, and whether the limit has ended it."""
    session, streams = run.session, run.streams
    rows, written, limited = CertainRows(session), 0, False
    await streams.write(writer.head())
    async for ids in rows.portions():
        streams.check_reader()
        left = len(ids) if options.limit is None else options.limit - written
        if options.limit is not None and (len(ids) > left or (len(ids) == left and not rows.over)):
            limited = True
            session.explorer.stop()
        await streams.write(await writer.rows(ids[:left]))
        written += min(left, len(ids))
        streams.show_progress(_progress(session, written))
        if limited:
            break
    await streams.write(writer.tail())
    return rows, written, limited


def _progress(session: Session, written: int) -> str:
    query = session.explorer.state.query
    back = "" if query.oldest is None else f", back to {times.moment(query.oldest)} UTC"
    takes = ""
    if query.remaining is not None:
        eta = query.remaining.eta(session.queue.state.pace.in_force)
        takes = f" · {times.between(eta.low, eta.high)}"
    return f"{count(written)} match · {count(query.scanned)} scanned{back}{takes}"


def asked(run: Run, options: SearchOptions) -> bool:
    """Ask the line, which starts with the connection; False if it cannot be read, and the reason is said."""
    explorer = run.session.explorer
    if explorer.ask_all(options.line, own_calls=options.own_calls, scan_to=options.scan_limit):
        return True
    assert explorer.error is not None, "a line that cannot be read has an error"
    run.streams.say(_marked_line(options.line, explorer.error))
    return False


def _marked_line(line: str, error: FilterError) -> str:
    """The line with a mark below the character that is wrong, and why."""
    hint = error_hint(str(error), cells(clean_text(line[: error.position])), error.position + 1, _WIDE)
    return "\n".join((clean_text(line), *(plain(each).rstrip() for each in hint)))

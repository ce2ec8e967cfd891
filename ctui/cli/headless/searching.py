"""`ctui search`: asks a line as the screen does, and writes what matches, newest first, while the scan goes on."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctui.cli.headless.answer import Answer
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.remedies import words_of
from ctui.cli.headless.run import Run
from ctui.cli.headless.writers import LOG, writer_for
from ctui.core.rows.empty_answer import read_values
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.filter.own_calls import asks_for_own_calls
from ctui.model.filter.parse import FilterError
from ctui.render.panes.filter_notes import error_hint
from ctui.render.text.spans import cells, clean_text, plain

if TYPE_CHECKING:
    from ctui.cli.headless.appending import AppendingWriter
    from ctui.cli.headless.event_file import EventFile

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
    append: "EventFile | None" = None
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
    width = streams.columns if streams.on_terminal else None
    appending = None if options.append is None else _appending(session, options.append)
    writer = appending or writer_for(options.format, session, options.columns, width)
    answer, values, failure = Answer(run, writer, options.limit), None, None
    try:
        await run.connect()
        _settle_own_calls(run, options)
        await streams.write(writer.head())
        await answer.write()
        await streams.write(writer.tail())
        if appending is not None:
            streams.remark(await appending.append())
        values = await read_values(session, session.explorer.state)
    except (CtuiError, asyncio.CancelledError) as error:
        if not options.coverage:
            raise
        if isinstance(error, asyncio.CancelledError):
            run.end_with(json.dumps(answer.report().as_json()))
            raise
        failure = error
        streams.say(words_of(error))
    report = answer.report(values, error=failure)
    if options.coverage:
        run.end_with(json.dumps(report.as_json()))
    else:
        for words in report.warnings() if streams.quiet else report.sentences():
            streams.say(words)
    nothing = options.none_is_1 and not report.matched and report.exit_code is ExitCode.COMPLETE
    return ExitCode.NONE if nothing else report.exit_code


def _appending(session: Session, file: "EventFile") -> "AppendingWriter":
    from ctui.cli.headless.appending import AppendingWriter  # noqa: PLC0415 - few searches append

    return AppendingWriter(session, file)


def _settle_own_calls(run: Run, options: SearchOptions) -> None:
    """Hide own calls or not for good: who we are may be said later, and what was written cannot be taken back."""
    session = run.session
    shown = options.own_calls or asks_for_own_calls(session.explorer.state.line)
    if session.state.identity is None and not shown:
        session.explorer.toggle_own_calls()
        if session.state.files_alone:
            return
        run.streams.remark("The service does not say who you are: reads of ctui itself are not hidden.")


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

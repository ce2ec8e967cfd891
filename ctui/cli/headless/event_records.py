"""`ctui events`: the records of events by ID, from the store, else by a lookup each."""

from collections.abc import Sequence

from ctui.cli.headless.answer import Answer
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.run import Run
from ctui.cli.headless.writers import Writer, writer_for
from ctui.model.filter.fields import ID
from ctui.model.filter.write import write_value
from ctui.render.text.spans import count

_AT_ONCE = 200
"""IDs of one question: a line has room for some 270, as the service writes them."""


async def write_records(
    run: Run, event_ids: Sequence[str], format_name: str, columns: Sequence[str], *, missing_is_1: bool
) -> ExitCode:
    """Write the events with these IDs, newest first of each portion, say which were not found, and return how it has
    ended. Raises CtuiError, ReaderLeft.

    The run asks for nothing as it connects. `missing_is_1`: the code is 1 unless all were found.
    """
    streams, session = run.streams, run.session
    writer = writer_for(format_name, session, columns, streams.columns if streams.on_terminal else None)
    code, done = ExitCode.COMPLETE, 0
    found: set[str] = set()
    if event_ids:
        await run.connect()
    await streams.write(writer.head())
    while done < len(event_ids) and code is ExitCode.COMPLETE:
        code = await _write_portion(run, event_ids[done : done + _AT_ONCE], writer)
        found.update(event.event_id for _, event in await session.read_events(session.explorer.rows.ids))
        done += _AT_ONCE
    await streams.write(writer.tail())
    missing = [event_id for event_id in event_ids[:done] if event_id not in found]
    streams.remark(f"{count(len(event_ids) - len(missing))} of {count(len(event_ids))} found.")
    if missing:
        streams.say(f"Not found: {', '.join(missing)}.")
    return ExitCode.NONE if missing and missing_is_1 and code is ExitCode.COMPLETE else code


async def _write_portion(run: Run, event_ids: Sequence[str], writer: Writer) -> ExitCode:
    streams, session = run.streams, run.session
    line = f"{ID.name}:{','.join(write_value(event_id, ID.name) for event_id in event_ids)}"
    if not session.explorer.ask_all(line, own_calls=True):
        streams.say(str(session.explorer.error))
        return ExitCode.UNREADABLE
    answer = Answer(run, writer)
    await answer.write()
    report = answer.report()
    for words in report.warnings():
        streams.say(words)
    return report.exit_code

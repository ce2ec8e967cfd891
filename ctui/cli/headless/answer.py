"""Writes the rows of an answer as they become certain, and reports what they rest on."""

from ctui.cli.headless.answer_report import AnswerReport
from ctui.cli.headless.run import Run
from ctui.cli.headless.writers import Writer
from ctui.core.rows.certain_rows import CertainRows
from ctui.core.rows.empty_answer import StoredValues
from ctui.errors import CtuiError
from ctui.render.text import times
from ctui.render.text.spans import count


class Answer:
    """The answer to what the explorer was asked, up to a limit if there is one."""

    def __init__(self, run: Run, writer: Writer, limit: int | None = None) -> None:
        self._session = run.session
        self._streams = run.streams
        self._writer = writer
        self._left = limit
        self._rows = CertainRows(run.session)
        self._matched = 0
        self._limited = False

    async def write(self) -> None:
        """Write rows until all are written, or the limit is reached. Raises CtuiError, ReaderLeft."""
        async for ids in self._rows.portions():
            self._streams.check_reader()
            part = ids if self._left is None else ids[: self._left]
            if self._left is not None:
                self._left -= len(part)
                # The last one that is wanted may be the last that there is.
                self._limited = len(part) < len(ids) or (not self._left and not self._rows.over)
            if self._limited:
                self._session.explorer.stop()
            # Before they are written: who interrupts a slow reader has some of them.
            self._matched += len(part)
            await self._streams.write(await self._writer.rows(part))
            self._streams.show_progress(self._progress())
            if self._limited:
                return

    def report(self, values: StoredValues | None = None, *, error: CtuiError | None = None) -> AnswerReport:
        """How it stands now. `values` were read to explain it; `error` is what has ended it, if that was none of the
        explorer's."""
        gone = self._writer.gone
        return AnswerReport.of(
            self._session,
            self._matched - gone,
            limited=self._limited,
            late=self._rows.late,
            gone=gone,
            values=values,
            error=error,
        )

    def _progress(self) -> str:
        if (files := self._session.explorer.state.files) is not None and files.indexing:
            done, waiting = sum(tree.files for tree in self._session.state.trees), files.waiting
            return f"indexing {count(done)} of {count(done + waiting)} files"
        query = self._session.explorer.state.query
        back = "" if query.oldest is None else f", back to {times.moment(query.oldest)} UTC"
        takes = ""
        if query.remaining is not None:
            eta = query.remaining.eta(self._session.queue.state.pace.in_force)
            takes = f" · {times.between(eta.low, eta.high)}"
        return f"{count(self._matched)} match · {count(query.scanned)} scanned{back}{takes}"

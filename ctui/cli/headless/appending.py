"""`ctui search --append FILE`: what matches goes into a file that has each event once, oldest first."""

from array import array
from collections.abc import Sequence
from functools import partial

from ctui.cli.headless.event_file import EventFile
from ctui.core.session import Session
from ctui.render.export.json_formats import json_line
from ctui.render.text.spans import count
from ctui.threads import off_loop

_AT_ONCE = 500
"""Rows that are read and written at once."""


class AppendingWriter:
    """A writer that keeps the rows until all are there: the file takes them oldest first."""

    def __init__(self, session: Session, file: EventFile) -> None:
        self.gone = 0
        """Rows that the store has lost meanwhile."""
        self._session = session
        self._file = file
        self._ids = array("q")

    def head(self) -> bytes:
        """Nothing."""
        return b""

    async def rows(self, ids: Sequence[int]) -> bytes:
        """Nothing; the rows are kept."""
        self._ids.extend(ids)
        return b""

    def tail(self) -> bytes:
        """Nothing."""
        return b""

    async def append(self) -> str:
        """Append what is not in the file, and return in words how much that is. Raises ExportError, StoreError."""
        added = 0
        oldest_first = self._ids[::-1]
        for start in range(0, len(oldest_first), _AT_ONCE):
            lines = await self._lines(oldest_first[start : start + _AT_ONCE])
            added += await off_loop(partial(self._file.append, lines), "ctui-append")
        return f"{count(added)} appended to {self._file.path}, which has {count(len(self._file))}."

    async def _lines(self, ids: Sequence[int]) -> list[bytes]:
        events = await self._session.read_events(ids)
        self.gone += len(ids) - len(events)
        return [json_line(event) for _, event in events]

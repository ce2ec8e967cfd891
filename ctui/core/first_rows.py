"""FirstRows: stored rows for the first frame, read before a session is made or imported."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ctui.model.connection import Connection
from ctui.model.event.summary import Summary
from ctui.model.values import dataclass
from ctui.store.newest import newest_lines


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The newest stored rows of a login, which the service has not confirmed yet."""

    connection: Connection
    """Where the same settings led before."""
    summaries: Sequence[Summary]
    """Newest first; there is one at least."""
    columns: tuple[str, ...] = ()
    """The columns to show; () for the usual ones."""


def read_first_rows(
    file: Path, connection: Connection, now: datetime, most: int, columns: tuple[str, ...] = ()
) -> FirstRows | None:
    """What a store's file has of the account that this login leads to; None if that is nothing, or not certain.
    Events after `now` are left out, as a query leaves them out.

    Blocks, and never raises.
    """
    lines = newest_lines(file, connection, int(now.timestamp()), most)
    return FirstRows(connection, [line.summary for line in lines], columns) if lines else None

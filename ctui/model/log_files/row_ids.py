"""Row ids of trees of log files, which never meet those of the event store."""

from typing import Final

FIRST_ROW: Final = 1 << 44
"""The lowest row id of the first tree; ids of the event store are below it. The number of a tree, from 1 on, times this
is where its own ids begin: a segment's number times 2**16, and the row's place in it."""


def tree_of(row_id: int) -> int:
    """The number of the tree that a row is of; 0 for a row of the event store."""
    return row_id // FIRST_ROW

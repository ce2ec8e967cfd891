"""Connections that keep what they have read: texts of the dictionary, and the last block."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from ctui.store.blocks.block import RecordReader
from ctui.store.index.dictionary import Reading, Writing
from ctui.store.index.first_seen import FirstSeen
from ctui.store.index.word_sets import WordSets

T = TypeVar("T")


class Keeping(sqlite3.Connection):
    """A connection to a store. Each is used by one thread at a time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kept: dict[object, Any] = {}
        """What was made for this connection, by what made it."""


def _kept(connection: sqlite3.Connection, make: Callable[[sqlite3.Connection], T]) -> T:
    """What `make` makes of a connection, once; of one that keeps nothing, each time."""
    if not isinstance(connection, Keeping):
        return make(connection)
    if make not in connection.kept:
        connection.kept[make] = make(connection)
    kept: T = connection.kept[make]
    return kept


def reading_of(connection: sqlite3.Connection) -> Reading:
    """What this connection has read of the dictionary."""
    return _kept(connection, Reading)


def writing_of(connection: sqlite3.Connection) -> Writing:
    """What this connection has written to the dictionary."""
    return _kept(connection, Writing)


def records_of(connection: sqlite3.Connection) -> RecordReader:
    """Reads records through this connection."""
    return _kept(connection, RecordReader)


def word_sets_of(connection: sqlite3.Connection) -> WordSets:
    """The sets of words that this connection has tested."""
    return _kept(connection, WordSets)


def first_seen_of(connection: sqlite3.Connection) -> FirstSeen:
    """What this connection knows of first sightings; call its `update`."""
    return _kept(connection, FirstSeen)

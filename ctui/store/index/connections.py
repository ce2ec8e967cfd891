"""Connections that keep what they have read: texts of the dictionary, and the last block."""

import sqlite3

from ctui.store.blocks.block import RecordReader
from ctui.store.index.dictionary import Reading, Writing
from ctui.store.index.first_seen import FirstSeen
from ctui.store.index.word_sets import WordSets


class Keeping(sqlite3.Connection):
    """A connection to a store. Each is used by one thread at a time."""

    reading: Reading | None = None
    writing: Writing | None = None
    records: RecordReader | None = None
    word_sets: WordSets | None = None
    first_seen: FirstSeen | None = None


def reading_of(connection: sqlite3.Connection) -> Reading:
    """What this connection has read of the dictionary."""
    if not isinstance(connection, Keeping):
        return Reading(connection)
    if connection.reading is None:
        connection.reading = Reading(connection)
    return connection.reading


def writing_of(connection: sqlite3.Connection) -> Writing:
    """What this connection has written to the dictionary."""
    if not isinstance(connection, Keeping):
        return Writing(connection)
    if connection.writing is None:
        connection.writing = Writing(connection)
    return connection.writing


def records_of(connection: sqlite3.Connection) -> RecordReader:
    """Reads records through this connection."""
    if not isinstance(connection, Keeping):
        return RecordReader(connection)
    if connection.records is None:
        connection.records = RecordReader(connection)
    return connection.records


def word_sets_of(connection: sqlite3.Connection) -> WordSets:
    """The sets of words that this connection has tested."""
    if not isinstance(connection, Keeping):
        return WordSets(connection)
    if connection.word_sets is None:
        connection.word_sets = WordSets(connection)
    return connection.word_sets


def first_seen_of(connection: sqlite3.Connection) -> FirstSeen:
    """What this connection knows of first sightings; call its `update`."""
    if not isinstance(connection, Keeping):
        return FirstSeen(connection)
    if connection.first_seen is None:
        connection.first_seen = FirstSeen(connection)
    return connection.first_seen

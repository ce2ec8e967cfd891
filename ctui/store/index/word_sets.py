"""Sets of words that pass a test, each word tested once: the dictionary only grows while a line is asked."""

import sqlite3
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from ctui.store.columns import Column
from ctui.store.index.index_row import IndexColumn
from ctui.store.index.snapshot import snapshot

Words = list[int] | str
"""The ids of words, or the SQL query that returns them if they are many."""
MANY = 1000
"""So many ids at most stand in a statement."""
_SETS = 100
"""Sets that a connection keeps between two requests, and the words that they have together: about 20 MB."""
_WORDS = 500_000


@dataclass(slots=True)
class WordSet:
    """The words of one column that pass a test."""

    number: int
    seen: int = 0
    """The highest id that was tested."""
    words: list[int] = field(default_factory=list)
    written: int = 0
    """How many of the words are in the temporary table."""


class WordSets:
    """The sets of one connection. Large ones are in a temporary table, so that no statement becomes too long."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._sets: dict[Hashable, WordSet] = {}
        self._numbers = 0

    def trim(self) -> None:
        """Forget the sets used longest ago, if there are many. Not while a plan is used: its SQL may name them."""
        left = sum(len(kept.words) for kept in self._sets.values())
        while len(self._sets) > _SETS or (left > _WORDS and self._sets):
            left -= self._drop(next(iter(self._sets)))

    def words(self, key: Hashable, test: Callable[[Column], bool], column: IndexColumn) -> Words:
        """The words of a column that pass the test which `key` stands for."""
        kept = self._sets.pop(key, None)
        if kept is None:
            self._numbers += 1
            kept = WordSet(self._numbers)
        # The one used longest ago comes first.
        self._sets[key] = kept
        # A condition on the id alone would read the words of all columns.
        source = "WHERE field = ?" if not kept.seen else "NOT INDEXED WHERE field = ? AND id > ?"
        values = (column.number,) if not kept.seen else (column.number, kept.seen)
        (highest,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM word").fetchone()
        if highest > kept.seen:
            rows = self._connection.execute(f"SELECT id, text FROM word {source}", values)
            kept.words += (word for word, text in rows if word > kept.seen and test(text))
            kept.seen = highest
        return self._query(kept) if len(kept.words) > MANY else kept.words

    def _query(self, kept: WordSet) -> str:
        with snapshot(self._connection):
            self._write(kept)
        return f"SELECT word FROM temp.word_set WHERE number = {kept.number}"

    def _write(self, kept: WordSet) -> None:
        self._connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS word_set "
            "(number INTEGER, word INTEGER, PRIMARY KEY (number, word)) WITHOUT ROWID"
        )
        fresh = kept.words[kept.written :]
        self._connection.executemany(
            "INSERT OR IGNORE INTO temp.word_set VALUES (?, ?)", ((kept.number, word) for word in fresh)
        )
        kept.written = len(kept.words)

    def _drop(self, key: Hashable) -> int:
        """Forget a set; returns how many words it had."""
        dropped = self._sets.pop(key)
        if dropped.written:
            self._connection.execute("DELETE FROM temp.word_set WHERE number = ?", (dropped.number,))
        return len(dropped.words)

"""The dictionary: every text that a column of the index has had, once, under an id that is never used again."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from ipaddress import IPv6Address
from typing import Final

from ctui.model.filter.matching.addresses import Address, address_of
from ctui.store.columns import Column, packed
from ctui.store.index.index_row import COLUMNS, INDEX_COLUMNS, Form, IndexColumn, values_in

TYPES: Final = 17
"""The number under which the members of `resources` have their types; their names have the column's own."""
_MOST_WRITTEN = 50_000
"""Ids of texts kept in memory by the connection that writes: about 10 MB."""
_MOST_READ = 16_000
"""Texts kept in memory by one connection that reads: about 2 MB."""
_IDS_AT_ONCE = 500


def member_number(column: IndexColumn, part: int | None) -> int:
    """The number under which `member` has the values of a column, or of one part of its pairs."""
    return TYPES if column.form is Form.PAIRS and part == 0 else column.number


class Writing:
    """Ids for texts that are written. It belongs to one connection; call `forget` after a rollback."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._seen_version = -1
        self.forget()

    def begin(self) -> None:
        """Call it at the start of a transaction: another process may have deleted unused texts."""
        version = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        if version != self._seen_version or sum(map(len, self._ids)) > _MOST_WRITTEN:
            self.forget()
            self._seen_version = version

    def forget(self) -> None:
        """Forget all ids: the transaction that wrote some of them was rolled back, or texts were deleted."""
        self._ids: list[dict[Column, int | None]] = [{None: None} for _ in INDEX_COLUMNS]

    def ids(self, rows: Sequence[Sequence[str | bytes | None]]) -> Iterable[tuple[int | None, ...]]:
        """The ids of the texts of rows, each row in the order of `INDEX_COLUMNS`; new texts are written."""
        columns = list(zip(*rows, strict=True))
        fresh: list[tuple[int, str | bytes]] = []
        for at, texts in enumerate(columns):
            known = self._ids[at]
            if missing := [text for text in dict.fromkeys(texts) if text is not None and text not in known]:
                known.update(self._stored(INDEX_COLUMNS[at], missing))
                fresh += ((at, text) for text in missing if text not in known)
        self._write(fresh)
        # In C: a row has sixteen of them.
        return zip(
            *(map(known.__getitem__, texts) for known, texts in zip(self._ids, columns, strict=False)), strict=True
        )

    def _stored(self, column: IndexColumn, texts: Sequence[str | bytes]) -> Iterable[tuple[Column, int]]:
        rows = self.connection.execute(
            "SELECT text, word.id FROM json_each(?) AS wanted CROSS JOIN word ON field = ? AND digest = wanted.value",
            (json.dumps(list(map(digest_of, texts))), column.number),
        ).fetchall()
        wanted = set(texts)
        return [row for row in rows if row[0] in wanted]

    def _write(self, texts: Sequence[tuple[int, str | bytes]]) -> None:
        """Write new texts of columns, given by their place among them."""
        if not texts:
            return
        highest = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'word'").fetchone()
        words, members = list[tuple[int, int, int, str | bytes]](), list[tuple[int, Column, int]]()
        for word, (at, text) in enumerate(texts, 1 if highest is None else highest[0] + 1):
            column = INDEX_COLUMNS[at]
            words.append((word, column.number, digest_of(text), text))
            members += ((number, key, word) for number, key in _members(column, text))
            self._ids[at][text] = word
        # In the order of the table: neighbors are on one page of it.
        members.sort(key=lambda member: (member[0], isinstance(member[1], bytes), member[1]))
        self.connection.executemany("INSERT INTO word (id, field, digest, text) VALUES (?, ?, ?, ?)", words)
        self.connection.executemany("INSERT INTO member VALUES (?, ?, ?) ON CONFLICT DO NOTHING", members)


class Reading:
    """The texts of ids, for one connection that reads. No id is used again, so what was read stays true."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._texts: dict[int, Column] = {}

    def texts(self, ids: Iterable[int | None]) -> dict[int | None, Column]:
        """The text of each id; None for None and for an id that is not in the dictionary."""
        wanted = set(ids)
        missing = [word for word in wanted if isinstance(word, int) and word not in self._texts]
        if len(self._texts) + len(missing) > _MOST_READ:
            self._texts.clear()
            missing = [word for word in wanted if isinstance(word, int)]
        for start in range(0, len(missing), _IDS_AT_ONCE):
            some = missing[start : start + _IDS_AT_ONCE]
            marks = ",".join("?" * len(some))
            self._texts.update(self.connection.execute(f"SELECT id, text FROM word WHERE id IN ({marks})", some))
        return {word: None if word is None else self._texts.get(word) for word in wanted}


def digest_of(text: str | bytes) -> int:
    """The number under which a text is looked up: texts are long, and an index would hold each a second time.

    Two texts may share it, also because someone made them so; the text itself decides.
    """
    data = text.encode() if isinstance(text, str) else text
    return int.from_bytes(blake2b(data, digest_size=8).digest(), signed=True)


def address_key(address: Address) -> bytes:
    """An address as the 16 bytes by which `member` orders them: IPv4 stands inside IPv6."""
    return (address if isinstance(address, IPv6Address) else IPv6Address(f"::ffff:{address}")).packed


def words_with(
    connection: sqlite3.Connection, column: IndexColumn, part: int | None, values: Sequence[str]
) -> list[int]:
    """The ids of the texts of a column that are, or contain, exactly one of these values."""
    wanted = set(values)
    digests = [digest_of(packed(value) or "") for value in wanted]
    if column.form is Form.TEXT:
        query, number = "SELECT id, text FROM word WHERE field = ? AND digest IN", column.number
    else:
        query = "SELECT id, text FROM member JOIN word ON word.id = word WHERE member.field = ? AND key IN"
        number = member_number(column, part)
    found: dict[int, None] = {}
    for start in range(0, len(digests), _IDS_AT_ONCE):
        some = digests[start : start + _IDS_AT_ONCE]
        for word, text in connection.execute(f"{query} ({','.join('?' * len(some))})", (number, *some)):
            if not wanted.isdisjoint(values_in(column, text, part)):
                found[word] = None
    return list(found)


def words_between(connection: sqlite3.Connection, first: Address, last: Address) -> list[int]:
    """The ids of the texts of `ip` that are addresses from the first to the last."""
    rows = connection.execute(
        "SELECT word FROM member WHERE field = ? AND key BETWEEN ? AND ?",
        (COLUMNS["ip"].number, address_key(first), address_key(last)),
    )
    return [word for (word,) in rows]


def words_of(connection: sqlite3.Connection, rows: str, values: Sequence[Column]) -> dict[IndexColumn, list[int]]:
    """The words of some rows, by the columns that have an index. `rows`: SQL from FROM on, with its values."""
    return {
        column: [word for (word,) in connection.execute(f"SELECT DISTINCT {column.name} {rows}", values) if word]
        for column in INDEX_COLUMNS
        if column.ordered
    }


def delete_unused(connection: sqlite3.Connection, words: dict[IndexColumn, list[int]]) -> None:
    """Delete those of these words that no event has any more. Call it inside a transaction.

    A word of another column, which only a damaged row has, stays.
    """
    for column, ids in words.items():
        used = (
            f"EXISTS (SELECT 1 FROM scope CROSS JOIN event INDEXED BY event_by_{column.name} "
            f"WHERE event.scope = scope.id AND event.{column.name} = word.id)"
        )
        unused = connection.execute(
            f"SELECT id, text FROM word WHERE +field = ? AND id IN (SELECT value FROM json_each(?)) AND NOT {used}",
            (column.number, json.dumps(ids)),
        ).fetchall()
        connection.executemany(
            "DELETE FROM member WHERE field = ? AND key = ? AND word = ?",
            ((number, key, word) for word, text in unused for number, key in _members(column, text)),
        )
        connection.executemany("DELETE FROM word WHERE id = ?", ((word,) for word, _ in unused))


def _members(column: IndexColumn, text: str | bytes) -> Iterable[tuple[int, Column]]:
    if column.name == "ip":
        address = address_of(text) if isinstance(text, str) else None
        return () if address is None else ((column.number, address_key(address)),)
    if column.form is Form.TEXT or column.name == "caller":
        return ()
    parts = (0, 1) if column.form is Form.PAIRS else (None,)
    return (
        (member_number(column, part), digest_of(packed(value) or ""))
        for part in parts
        for value in values_in(column, text, part)
    )

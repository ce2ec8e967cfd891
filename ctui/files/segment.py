"""A segment: some ten thousand rows of an index, column by column, newest first; made once, and never changed.

It stands alone: each column has its own list of the different texts in it, and a number into that list for each row. So
decoders make segments without asking each other, a term is tested once for each different text, and which rows match is
a matter of looking their numbers up (numpy, in C, without Python's lock).
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, Final, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from ctui.store.blocks.block import SEPARATOR
from ctui.store.columns import packed
from ctui.store.index.index_row import INDEX_COLUMNS

ROWS: Final = 1 << 16
"""Rows of a segment at most: their places fit into sixteen bits."""
NO_VALUE: Final = 0
"""The number of a row that has no value in a column."""
_LEVEL: Final = 3
_DIGITS: Final = 10
_HEADER: Final = 8
"""Bytes before an array's values, which are read in place and so are aligned."""
_SMALLEST: Final = ((1 << 8, np.uint8), (1 << 16, np.uint16), (1 << 32, np.uint32))

ReadPart = Callable[[str], bytes]
"""Reads a part of a segment by its name, as `SegmentBuilder.parts` made it."""


class Place(NamedTuple):
    """Where a record stands."""

    file: int
    """The id of its log file in the index."""
    start: int
    """The first byte in the file's text, or the number of the record in a file whose records do not stand there as they
    are (`length` 0)."""
    length: int


Row = tuple[int, int, int, Sequence[str | bytes | None]]
"""Of a row the second, the digest of its event's ID, and kinds and texts as `index_row.derive` returns them."""


class SegmentBuilder:
    """Collects rows, in any order."""

    def __init__(self) -> None:
        self._seconds = array("q")
        self._ids = array("Q")
        self._places = (array("I"), array("Q"), array("I"))
        self._kinds = _Numbers()
        self._columns = [_Numbers(None) for _ in INDEX_COLUMNS]

    def __len__(self) -> int:
        return len(self._seconds)

    def add(self, second: int, event_id: int, place: Place, kinds: int, texts: Sequence[str | bytes | None]) -> None:
        """Add a row. `event_id`: a digest of its event's ID; `kinds` and `texts` as `index_row.derive` returns them."""
        self.add_file(place.file, [place.start], [place.length], [(second, event_id, kinds, texts)])

    def add_file(self, file: int, starts: Sequence[int], lengths: Sequence[int], rows: Sequence[Row]) -> None:
        """Add rows of one file, with the places of their records. There must be one."""
        seconds, ids, kinds, texts = zip(*rows, strict=True)
        self._seconds.extend(seconds)
        self._ids.extend(ids)
        for values, more in zip(self._places, (repeat(file, len(rows)), starts, lengths), strict=True):
            values.extend(more)
        self._kinds.add(kinds)
        for column, values_of_rows in zip(self._columns, zip(*texts, strict=True), strict=True):
            column.add(values_of_rows)

    def parts(self, *, each_event_once: bool = False) -> dict[str, bytes]:
        """The segment as named parts, to be stored each by itself. There must be a row, and no more than `ROWS`.

        `each_event_once`: of rows with the same digest and second, only the first one that was added stays.
        """
        seconds, ids = np.frombuffer(self._seconds, np.int64), np.frombuffer(self._ids, np.uint64)
        order = np.argsort(-seconds, kind="stable")
        if each_event_once:
            order = order[_first_of_each(seconds, ids)[order]]
        parts = {"seconds": stored_array(np.diff(seconds[order], prepend=0)), "ids": stored_array(ids[order])}
        for name, values, kind in zip(Place._fields, self._places, (np.uint32, np.uint64, np.uint32), strict=True):
            parts[name] = stored_array(np.frombuffer(values, kind)[order])
        parts["kinds"] = stored_array(fitting(self._kinds.numbers, len(self._kinds.values))[order])
        parts["kinds_values"] = stored_array(np.array(list(self._kinds.values), np.int64))
        for column, collected in zip(INDEX_COLUMNS, self._columns, strict=True):
            parts[column.name] = stored_array(fitting(collected.numbers, len(collected.values))[order])
            parts[f"{column.name}_texts"] = zstandard.compress(joined_texts(list(collected.values)), _LEVEL)
        return parts


class Segment:
    """A segment that was stored. A part is read when it is first needed, and kept."""

    def __init__(self, number: int, read: ReadPart, read_once: ReadPart | None = None) -> None:
        """`read` may be called from any thread; `read_once` too, for what is not kept."""
        self.number = number
        self._read = read
        self._read_once = read_once or read
        self._numbers: dict[str, NDArray[Any]] = {}
        self._texts: dict[str, Texts] = {}

    def __len__(self) -> int:
        return len(self.seconds)

    @cached_property
    def seconds(self) -> NDArray[np.int64]:
        """The epoch second of each row, newest first."""
        return np.cumsum(self._array("seconds"))

    @cached_property
    def ids(self) -> NDArray[np.uint64]:
        """The digest of the ID of each row's event."""
        return self._array("ids")

    @property
    def files(self) -> NDArray[np.uint32]:
        """The id of each row's log file."""
        return self.numbers("file")

    def place(self, row: int) -> Place:
        """Where the record of a row stands."""
        return Place(*(int(self.numbers(name)[row]) for name in Place._fields))

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """The bits of each row's kinds (`table_line.KIND_BITS`)."""
        kinds: NDArray[np.int64] = self._array("kinds_values")[self.numbers("kinds")]
        return kinds

    def has_kinds(self, bits: int) -> NDArray[np.bool_]:
        """Which rows have one of these bits in `kinds`."""
        has = self._array("kinds_values") & bits != 0
        rows: NDArray[np.bool_] = has[self.numbers("kinds")]
        return rows

    def numbers(self, column: str) -> NDArray[Any]:
        """For each row the number of its value among `texts`; NO_VALUE for none."""
        if column not in self._numbers:
            self._numbers[column] = self._array(column)
        return self._numbers[column]

    def numbers_once(self, column: str) -> NDArray[Any]:
        """`numbers` for who reads all columns of all segments, each once: they are not kept for that."""
        kept = self._numbers.get(column)
        return _unpacked_array(self._read_once(column)) if kept is None else kept

    def texts(self, column: str) -> "Texts":
        """The different texts of a column."""
        if column not in self._texts:
            self._texts[column] = Texts(zstandard.decompress(self._read(f"{column}_texts")))
        return self._texts[column]

    def texts_once(self, column: str) -> "Texts":
        """As `numbers_once`."""
        return self._texts.get(column) or Texts(zstandard.decompress(self._read_once(f"{column}_texts")))

    def _array(self, part: str) -> NDArray[Any]:
        return _unpacked_array(self._read(part))


class Texts:
    """The different texts of a column, by their numbers; that of NO_VALUE is None."""

    def __init__(self, joined: bytes) -> None:
        self.joined = joined
        """All texts as UTF-8, each behind a byte that UTF-8 never has."""

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each text begins in `joined`, from number 1 on."""
        return np.flatnonzero(np.frombuffer(self.joined, np.uint8) == SEPARATOR[0]) + 1

    @cached_property
    def numbered(self) -> NDArray[np.int64]:
        """Where, in a column of lists, a text may be written as the numbers of its characters (`columns.packed_item`);
        few other places are among them."""
        codes = np.frombuffer(self.joined, np.uint8)
        brackets = np.flatnonzero(codes[:-1] == ord("["))
        return brackets[codes[brackets + 1] - ord("0") < _DIGITS]

    def __len__(self) -> int:
        return len(self.starts) + 1

    def text(self, number: int) -> str | bytes | None:
        """The text of a number, as `index_row.derive` returned it."""
        if number == NO_VALUE:
            return None
        start = int(self.starts[number - 1])
        end = self.joined.find(SEPARATOR, start)
        return packed(self.joined[start : len(self.joined) if end < 0 else end].decode("utf-8", "surrogatepass"))

    def all(self) -> list[str | bytes | None]:
        """All of them, in the order of their numbers."""
        if self.joined.translate(None, SEPARATOR).isascii():
            # Most are, and are then decoded at once.
            return [None, *self.joined.decode("latin-1").split(SEPARATOR.decode("latin-1"))[1:]]
        some = self.joined.split(SEPARATOR)[1:]
        return [None, *(packed(text.decode("utf-8", "surrogatepass")) for text in some)]


class _Numbers:
    """Gives each different value a number."""

    def __init__(self, *values: Any) -> None:
        """`values`: those that have the first numbers, also where no row has them."""
        self.values = _NumberedValues((value, number) for number, value in enumerate(values))
        self.numbers = array("I")

    def add(self, values: Iterable[Any]) -> None:
        """Add the numbers of these. All of it happens in C, but for values that are new."""
        self.numbers.extend(map(self.values.__getitem__, values))


class _NumberedValues(dict[Any, int]):
    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self)
        return number


def _first_of_each(seconds: NDArray[np.int64], ids: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which rows are the first ones of their event."""
    order = np.lexsort((ids, seconds))
    again = np.zeros(len(order), np.bool_)
    again[order[1:]] = (np.diff(seconds[order]) == 0) & (np.diff(ids[order]) == 0)
    return ~again


def fitting(numbers: "array[int] | NDArray[np.uint32]", different: int) -> NDArray[Any]:
    """Numbers below `different` in as few bytes as they need."""
    kind = next(kind for most, kind in _SMALLEST if different <= most)
    return np.frombuffer(numbers, np.uint32).astype(kind)


def stored_array(values: NDArray[Any]) -> bytes:
    """The part for an array: it stands behind the two letters of its type."""
    return zstandard.compress(values.dtype.str[1:].encode().ljust(_HEADER) + values.tobytes(), _LEVEL)


def _unpacked_array(part: bytes) -> NDArray[Any]:
    data = zstandard.decompress(part)
    return np.frombuffer(data, np.dtype(data[:2].decode("ascii")), offset=_HEADER)


def joined_texts(texts: Sequence[str | bytes | None]) -> bytes:
    """Different texts as `Texts` reads them."""
    encoded = (text if isinstance(text, bytes) else text.encode() for text in texts if text is not None)
    return b"".join(SEPARATOR + text for text in encoded)

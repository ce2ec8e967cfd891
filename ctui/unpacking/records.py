"""The records in a text, exactly as they were: quickly where it is as CloudTrail writes it, thoroughly elsewhere.

Memory is that of a portion, and of the largest record, whatever the size of the text.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

import msgspec

from ctui.model.values import dataclass
from ctui.unpacking.large_text import Cut, Inside, LargeText
from ctui.unpacking.pieces import WRAPPERS, Piece, pieces
from ctui.unpacking.unread import Unread
from ctui.unpacking.wrappers import unwrapped

T = TypeVar("T")
Quick = Callable[[msgspec.Raw], T | None]
"""Reads the text of a record as most records are, or returns None, which has it looked at thoroughly."""

MOST_AT_ONCE = 16 << 20
"""Bytes of the largest text that is looked at as a whole; a larger one is cut at its brackets."""
MOST_OF_RECORD = 100_000_000
"""Bytes of the largest record."""

_HEAD = re.compile(rb"\s*(?:\{\s*\"(?:%s)\"\s*:\s*)?\[\s*(?=\{\s*(\"[^\"\\]+\"))" % "|".join(WRAPPERS).encode())
"""The start of an array of records, up to its first element, and that one's first key."""
_BEFORE_KEY = re.compile(rb"\}\s*(,)\s*\{\s*\Z")
_LONGEST_GAP = 200
"""Bytes between two elements of an array, which may be on lines of their own."""
_BETWEEN = b", \t\r\n"
_STAMP = rb"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9:.Z+-]+[ \t]+(?:[^\s{]+[ \t]+)?(?=\{)"
_STAMPS = re.compile(_STAMP, re.MULTILINE)
"""What CloudWatch Logs has before each message where it exports them, and the AWS CLI where it shows them: the time,
and perhaps the name of the stream (CloudWatch Logs user guide, "Exporting log data"; `aws logs tail`)."""
_SPACE = re.compile(rb"[, \t\r\n]*(?:%s)?" % _STAMP, re.MULTILINE)
_MOST_GUESSES = 16
_Cut = tuple[list[msgspec.Raw], bytes]
"""Values, and the text that follows them."""
_FAILURES = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Values(NamedTuple):
    """Values that stand one after another, with nothing but space, commas and stamps between them."""

    values: list[msgspec.Raw]
    text: bytes
    """What they stand in, from the first one on."""
    start: int
    """Where that begins in the whole text, in bytes."""

    def starts(self) -> Iterator[int]:
        """Where each of them begins in the whole text; -1 for one that does not stand there."""
        at = 0
        for value in self.values:
            found = _SPACE.match(self.text, at)
            at = at if found is None else found.end()
            if self.text.startswith(bytes(value), at):
                yield self.start + at
                at += len(memoryview(value))
            else:
                yield -1


class Thorough(NamedTuple):
    """A text that is no list of values, or no usual one."""

    text: bytes
    start: int
    """Where it begins in the whole text, in bytes."""


class _LogFile(msgspec.Struct, forbid_unknown_fields=True):
    """A delivered log file, and nothing else in it."""

    Records: list[msgspec.Raw]


_FILE = msgspec.json.Decoder(_LogFile)
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_VALUES = msgspec.json.Decoder(msgspec.Raw)


def records_in(portions: Iterable[bytes], quick: Quick[T], at_once: int = MOST_AT_ONCE) -> Iterator[T | Piece | Unread]:
    """What `quick` makes of each record, the record itself where that is None, or why something is not read.

    `portions` are a text in UTF-8, cut anywhere. An entry of a LookupEvents answer is a record here: what it says
    around its CloudTrailEvent belongs to it. `at_once`: in place of the limit. Never raises.
    """
    for part in parts_of(portions, at_once):
        if isinstance(part, Unread):
            yield part
        elif isinstance(part, Thorough):
            yield from _thoroughly(part.text, quick)
        else:
            for value in part.values:
                if (record := quick(value)) is not None:
                    yield record
                else:
                    yield from _thoroughly(bytes(value), quick)


def _thoroughly(data: bytes, quick: Quick[T]) -> Iterator[T | Piece | Unread]:
    # What is not UTF-8 becomes what no record can contain, so that a reader can say which record it is in.
    text = data.decode("utf-8", "surrogateescape")
    for piece in pieces(text):
        for inner in [piece] if isinstance(piece, Unread) else unwrapped(piece):
            record = None
            if isinstance(inner, Piece) and len(inner.text) < len(text):
                # All of the text was tried already, or is one record only.
                record = _quickly(inner, quick)
            yield inner if record is None else record


def _quickly(piece: Piece, quick: Quick[T]) -> T | None:
    try:
        return quick(msgspec.Raw(piece.text.encode()))
    except UnicodeEncodeError:
        return None


def parts_of(
    portions: Iterable[bytes], at_once: int = MOST_AT_ONCE, most: int = MOST_OF_RECORD
) -> Iterator[Values | Thorough | Unread]:
    """All of a text in turn: lists of values, texts that have to be read thoroughly, and why something is not read.

    `portions` are a text in UTF-8, cut anywhere. `at_once`, `most`: in place of the limits above.
    """
    waiting = iter(portions)
    text = next(waiting, b"")
    # Whether there are stamps is seen once the first one is here as a whole.
    while text[:1].isdigit() and b"{" not in text and len(text) < _LONGEST_GAP and (more := next(waiting, b"")):
        text += more
    array = _Array.at_start_of(text)
    start = len(array.begin)
    text = text[start:]
    stamped = _STAMPS.match(text) is not None
    cut = array.cut if array.begin else _cut_stamped_lines if stamped else _cut_lines
    wanted = 0
    for portion in waiting:
        if len(text) >= wanted:
            size = len(text)
            while (values := cut(text)) is not None:
                yield Values(values[0], text, start)
                start += len(text) - len(values[1])
                text = values[1]
            if len(text) == size > at_once:
                end = array.likely_end(text) if array.begin else _end_of_lines(text)
                if not end:
                    inside = Inside.TEXT if not array.begin else Inside(array.begin.count(b"{") + 1)
                    rest = _after(portion, waiting)
                    yield from _cut_at_brackets(LargeText(Cut(text, start), rest, inside, most), at_once)
                    return
                chunk = b"[" + text[:end] + b"]" if array.begin else text[:end]
                yield Thorough(chunk, start - 1 if array.begin else start)
                left = text[end:].lstrip(_BETWEEN)
                start += len(text) - len(left)
                text = left
            # Each try reads all of it again.
            wanted = 2 * len(text)
        text += portion
    if stamped and (lines := _cut_stamped_lines(text + b"\n")) is not None:
        yield Values(lines[0], text, start)
    else:
        yield _values_of(array.begin + text, start - len(array.begin))


def _after(first: bytes, portions: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from portions


def _cut_at_brackets(large: LargeText, at_once: int) -> Iterator[Values | Thorough | Unread]:
    for cut in large.cuts():
        if isinstance(cut, Unread):
            yield cut
            continue
        try:
            yield Values([_VALUES.decode(cut.text)], cut.text, cut.start)
        except _FAILURES:
            # The end of a text that is cut off may be large, and is no more than one record.
            yield Thorough(cut.text[:at_once], cut.start)


def _values_of(text: bytes, start: int) -> Values | Thorough:
    """The values of a text that ends here, or the text if it is more than a log file or values after each other."""
    if text.count(b'"Records"') == 1:
        # Of two arrays of that name it would keep the second one alone.
        with contextlib.suppress(*_FAILURES):
            values = _FILE.decode(text).Records
            at = text.index(b"[") + 1
            return Values(values, text[at:], start + at)
    try:
        return Values(_VALUES.decode_lines(text), text, start)
    except _FAILURES:
        return Thorough(text, start)


def _cut_lines(text: bytes) -> _Cut | None:
    """The values on all whole lines, and the rest, or None if the lines are no values."""
    end = text.rfind(b"\n") + 1
    try:
        return (_VALUES.decode_lines(text[:end]), text[end:]) if end else None
    except _FAILURES:
        return None


def _cut_stamped_lines(text: bytes) -> _Cut | None:
    end = text.rfind(b"\n") + 1
    lines = _cut_lines(_STAMPS.sub(b"", text[:end]))
    return lines and (lines[0], text[end:])


def _end_of_lines(text: bytes) -> int:
    """Where the last whole line ends, if lines are values and some are broken; 0 if they are none."""
    first = text.lstrip().partition(b"\n")[0]
    with contextlib.suppress(*_FAILURES):
        _VALUES.decode(first)
        return text.rfind(b"\n") + 1
    return 0


@dataclass(frozen=True, slots=True)
class _Array:
    """An array of records, of which a part is at hand: the texts below continue it."""

    begin: bytes
    """How the array and what contains it begin, or nothing if the text begins with something else."""
    key: bytes
    """The first key of its first element. Elements mostly begin with the same one."""

    @staticmethod
    def at_start_of(text: bytes) -> "_Array":
        head = _HEAD.match(text)
        return _Array(head[0], head[1]) if head else _Array(b"", b"")

    def cut(self, text: bytes) -> _Cut | None:
        """Elements of the array, and the rest of it, or None if no element ends in the text.

        What is before a wrong guess is no list of whole values: only a right one can be decoded.
        """
        # Several log files after each other go on as one.
        again = re.search(rb"(\])\s*(?:\}\s*)?" + re.escape(self.begin.strip()), text)
        ends = [(again.start(1), again.end())] if again else []
        ends += [(comma, comma + 1) for comma in islice(self._commas(text), _MOST_GUESSES)]
        for end, further in ends:
            try:
                return _ELEMENTS.decode(b"[" + text[:end] + b"]"), text[further:]
            except _FAILURES:
                continue
        return None

    def likely_end(self, text: bytes) -> int:
        """Where an element may end in a text in which none could be read; 0 if none seems to."""
        return next(self._commas(text), 0)

    def _commas(self, text: bytes) -> Iterator[int]:
        """Where commas between elements may be, the last one first."""
        at = text.rfind(self.key)
        while at >= 0:
            if between := _BEFORE_KEY.search(text, max(0, at - _LONGEST_GAP), at):
                yield between.start(1)
            at = text.rfind(self.key, 0, at)

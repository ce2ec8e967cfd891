"""The thorough way through a text: values cut out of anything that looks like JSON, whatever is broken in it."""

import json
import re
from collections.abc import Iterator

from ctui.model.values import dataclass
from ctui.unpacking.unread import DIGEST, NOT_JSON, Unread

WRAPPERS = ("Records", "Events", "logEvents", "events")
"""Names of the array with the records: in a delivered log file, in an answer of LookupEvents, in what CloudWatch Logs
sends to a subscription, and in an answer of its FilterLogEvents and GetLogEvents."""

DIGEST_NAMES = frozenset({"digestStartTime", "digestS3Object", "digestPublicKeyFingerprint"})
"""Names that only digest files have (CloudTrail log file integrity validation)."""

_SPACE = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n,\ufeff]*")
"""Also byte order marks: each of several files after each other may begin with one."""
_AFTER_BREAK = re.compile(r"[ \t\r\n,\ufeff\]}]*")
"""After something unreadable: also the end of the array and object that contain it."""
_NEXT_LINE = re.compile(r"\n[ \t\ufeff]*(?=[{\[])")
_NEXT_ELEMENT = re.compile(r"\n[ \t]*(?=[{\[])|\}[ \t\r\n]*,[ \t\r\n]*(?=\{)")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Piece:
    """One record: its text as it was, and its decoded value."""

    text: str
    value: object
    start: int = -1
    """The character of the text that it was cut out of at which it begins; -1 if it does not stand there as it is."""


def pieces(text: str) -> Iterator[Piece | Unread]:
    """All records in a text: `{"Records": […]}`, arrays, one record per line, consecutive objects, or a mixture.

    After something unreadable it continues at the next line that starts an object or an array, and in an array of
    records also at the next element, since a log file is one line. What it finds there may not be a record. Never
    raises.
    """
    reader = _Reader(text)
    broken = False
    while not reader.at_end():
        try:
            # A truncated file still gives its first records, so each is yielded as it is read.
            for piece in reader.value():
                if broken:
                    yield NOT_JSON
                    broken = False
                yield piece
        except (ValueError, RecursionError):
            reader.resume()
            broken = True
    if broken:
        yield NOT_JSON


class _Text(str):
    """A text in which a mistake costs the same wherever it is.

    json counts the lines before it for its error, which is not read here. With many, that took hours.
    """

    __slots__ = ()

    def count(self, *_: object) -> int:
        """Zero, at once."""
        return 0

    def rfind(self, *_: object) -> int:
        """Nothing found, at once."""
        return -1


class _Reader:
    """Reads values one after another. `at` is after the last complete one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._between = _BETWEEN
        self._next = _NEXT_LINE
        self.at = 0

    def at_end(self) -> bool:
        """True if only white space and commas are left, which it skips."""
        self._skip(self._between)
        return self.at >= len(self._text)

    def resume(self) -> None:
        """Continue at the next line or element that starts a value."""
        if not isinstance(self._text, _Text):
            self._text = _Text(self._text)
        found = self._next.search(self._text, self.at)
        self.at = found.end() if found else len(self._text)
        self._between = _AFTER_BREAK

    def value(self) -> Iterator[Piece | Unread]:
        """The records of one top-level value. Raises ValueError or RecursionError if the text is not JSON."""
        if self._text[self.at] == "[":
            yield from self._elements()
        elif self._text[self.at] == "{":
            yield from self._object()
        else:
            yield self._piece()

    def _object(self) -> Iterator[Piece | Unread]:
        begin = self.at
        members: dict[str, object] = {}
        wrapped = False
        self.at += 1
        try:
            while self._char() != "}":
                name = self._decoded()
                if not isinstance(name, str) or self._char() != ":":
                    raise ValueError("a name and a colon expected")
                self.at += 1
                if name in WRAPPERS and self._char() == "[":
                    wrapped = True
                    yield from self._elements()
                else:
                    self._skip(_SPACE)
                    members[name] = self._decoded()
                self._comma("}")
        except ValueError:
            # The members read so far are not records: the broken part starts with the object.
            self.at = self.at if wrapped else begin
            raise
        self.at += 1
        if not wrapped:
            yield DIGEST if _is_digest(members) else Piece(self._text[begin : self.at], members, begin)

    def _elements(self) -> Iterator[Piece | Unread]:
        self.at += 1
        outer, self._next = self._next, _NEXT_ELEMENT
        while self._char() != "]":
            begin = self.at
            piece = self._piece()
            if outer is _NEXT_LINE and isinstance(piece.value, dict) and _is_file(piece.value):
                # An array of log files, as `jq -s` writes it.
                self.at = begin
                yield from self._object()
            else:
                yield piece
            self._comma("]")
        self.at += 1
        self._next = outer

    def _piece(self) -> Piece:
        begin = self.at
        value = self._decoded()
        return Piece(self._text[begin : self.at], value, begin)

    def _decoded(self) -> object:
        value, self.at = _DECODER.raw_decode(self._text, self.at)
        return value

    def _comma(self, closing: str) -> None:
        char = self._char()
        if char == ",":
            self.at += 1
            self._skip(_SPACE)
        elif char != closing:
            raise ValueError("a comma expected")

    def _char(self) -> str:
        self._skip(_SPACE)
        if self.at >= len(self._text):
            raise ValueError("the text ends too early")
        return self._text[self.at]

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self._text, self.at)
        if found:
            self.at = found.end()


def _is_digest(members: dict[str, object]) -> bool:
    return members.keys() >= DIGEST_NAMES


def _is_file(members: dict[str, object]) -> bool:
    return _is_digest(members) or any(isinstance(members.get(name), list) for name in WRAPPERS)

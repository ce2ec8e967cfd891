"""A large text cut at its brackets: for one that is too large to look at as a whole, and is written in no usual way.

Brackets and strings are all that is looked at, in one pass, so that a text of any size is cut into its records, at tens
of MB a second. What a part says, and whether it is JSON at all, is for others to see.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from ctui.unpacking.pieces import WRAPPERS
from ctui.unpacking.unread import NOT_JSON, TOO_LARGE, Unread

_NEXT: Final = re.compile(rb'[^]["{}]*+(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"[^]["{}]*+)*+([]["{}])')
"""Up to the next bracket that is not in a string, or to a string without an end. What matched once is not tried in
another way: that would take the end of a string for its beginning."""
_WRAPPER: Final = re.compile(rb'"(?:%s)"[ \t\r\n]*:[ \t\r\n]*\Z' % "|".join(WRAPPERS).encode())
_LONGEST_KEY: Final = 64
"""Bytes before an array that can hold the name of a wrapper."""
_NEXT_LINE: Final = re.compile(rb"\n[ \t]*(?=[{\[])")
_BETWEEN: Final = b", \t\r\n\xef\xbb\xbf"
_LONGEST_GAP: Final = 1 << 20
"""Bytes between records that are collected before they are handed on."""
_ESCAPES: Final = re.compile(rb"\\*\Z")


class Cut(NamedTuple):
    """A part of a text."""

    text: bytes
    start: int
    """Where it begins in the whole text, in bytes."""


class Inside(IntEnum):
    """What records stand in: the value is how many brackets are open around one."""

    TEXT = 0
    ARRAY = 1
    WRAPPER = 2
    """The array of a wrapper, such as `Records`."""
    MEMBERS = 1 << 30
    """No records: the other members of a wrapper. No text is so deep."""


class LargeText:
    """Cuts one text, which comes in portions."""

    def __init__(self, first: Cut, portions: Iterator[bytes], inside: Inside, most: int) -> None:
        """`first` is text at hand, which begins `inside` something. `most`: bytes of the largest record."""
        self._text, self._start = first
        self._portions = portions
        self._inside = inside
        self._most = most
        self._depth: int = inside
        self._at = 0
        """How far the text at hand was looked through."""
        self._open = -1
        """Where the record begins that is open; -1 for none."""
        self._rest = 0
        """Where what stands behind the last record begins."""
        self._dropping = False
        """True within a record that is too large."""
        self._lost = False
        """True until the next line that begins with a bracket."""

    def cuts(self) -> Iterator[Cut | Unread]:
        """The records and what stands between them, in turn; what is left of a text that is cut off comes last."""
        while True:
            yield from self._look()
            yield from self._forget()
            if not (portion := next(self._portions, b"")):
                break
            self._text += portion
        if self._open >= 0:
            yield Cut(self._text[self._open :], self._start + self._open)
        elif not self._dropping:
            yield from self._between(len(self._text))

    def _look(self) -> Iterator[Cut | Unread]:
        if self._lost:
            self._find_line()
        while not self._lost and (found := _NEXT.match(self._text, self._at)) is not None:
            sign = found[1]
            self._at = found.end()
            if sign == b'"':
                self._at -= 1
                # It goes on in the next portion, unless its line ends before: no string of JSON has two.
                if self._text.find(b"\n", self._at) < 0:
                    return
                yield NOT_JSON
                self._find_line()
            elif sign in b"{[":
                if self._depth > max(self._inside, 1):
                    self._depth += 1
                else:
                    yield from self._opened(sign, self._at - 1)
            elif self._depth > self._inside + 1:
                self._depth -= 1
            else:
                yield from self._closed(self._at)
        if not self._lost:
            self._at = len(self._text)

    def _opened(self, sign: bytes, at: int) -> Iterator[Cut]:
        if self._depth == self._inside:
            yield from self._between(at)
            if self._inside is Inside.TEXT and sign == b"[":
                self._enter(Inside.ARRAY, at + 1)
            else:
                self._open = at
        elif self._depth == 1 and sign == b"[" and self._inside in (Inside.TEXT, Inside.MEMBERS) and self._wraps(at):
            self._enter(Inside.WRAPPER, at + 1)
        self._depth += 1

    def _closed(self, end: int) -> Iterator[Cut | Unread]:
        self._depth -= 1
        if self._inside is Inside.MEMBERS:
            if self._depth == 0:
                self._enter(Inside.TEXT, end)
        elif self._depth == self._inside:
            if self._open >= 0:
                size = end - self._open
                yield TOO_LARGE if size > self._most else Cut(self._text[self._open : end], self._start + self._open)
            self._enter(self._inside, end)
        elif self._depth < self._inside:
            yield from self._between(end - 1)
            self._enter(Inside.MEMBERS if self._inside is Inside.WRAPPER else Inside.TEXT, end)
            self._depth = max(0, self._depth)

    def _enter(self, inside: Inside, at: int) -> None:
        self._inside, self._rest, self._open, self._dropping = inside, at, -1, False

    def _wraps(self, at: int) -> bool:
        return _WRAPPER.search(self._text, max(self._open, at - _LONGEST_KEY, 0), at) is not None

    def _between(self, end: int) -> Iterator[Cut]:
        """What stands between records, if it is more than commas."""
        left = self._text[self._rest : end]
        if (text := left.strip(_BETWEEN)) and self._inside is not Inside.MEMBERS:
            yield Cut(text, self._start + self._rest + left.index(text))
        self._rest = end

    def _find_line(self) -> None:
        """Go on at the next line that begins with a bracket, as if a record ended before it."""
        found = _NEXT_LINE.search(self._text, self._at)
        self._lost = found is None
        if found is not None:
            self._at = found.end()
        else:
            last = self._text.rfind(b"\n", self._at)
            is_blank = last >= 0 and not self._text[last:].strip()
            self._at = last if is_blank else len(self._text)
        inside = Inside.TEXT if self._inside is Inside.MEMBERS else self._inside
        self._enter(inside, self._at)
        self._depth = inside

    def _forget(self) -> Iterator[Cut | Unread]:
        """Keep of the text at hand what is not done yet."""
        if self._open >= 0:
            if len(self._text) - self._open <= self._most:
                self._drop(self._open)
                return
            yield TOO_LARGE
            self._open, self._dropping = -1, True
        if self._dropping:
            if self._text[self._at : self._at + 1] == b'"':
                # All that counts of a string without an end is whether its next byte is escaped.
                escapes = _ESCAPES.search(self._text)
                kept = b'"' + b"\\" * (len(escapes[0]) % 2 if escapes else 0)
                self._start += len(self._text) - len(kept)
                self._text, self._at, self._rest = kept, 0, 0
            else:
                self._drop(self._at)
        elif self._inside is Inside.MEMBERS:
            self._drop(max(0, self._at - _LONGEST_KEY))
        else:
            if len(self._text) - self._rest > _LONGEST_GAP and self._at == len(self._text):
                yield from self._between(self._at)
            self._drop(self._rest)

    def _drop(self, end: int) -> None:
        self._text = self._text[end:]
        self._start += end
        self._at = max(0, self._at - end)
        self._rest = max(0, self._rest - end)
        self._open = -1 if self._open < 0 else self._open - end

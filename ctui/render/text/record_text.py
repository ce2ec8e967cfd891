"""The event record as text: indented for the screen, indented and ASCII for the clipboard.

Neither decodes and encodes again: the record's own words for numbers and strings are kept, so that long integers,
floats, repeated keys and escapes come out as they came in.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from ctui.render.roles import Line, Role, Span
from ctui.render.text.safe import spell
from ctui.render.text.spans import AT_ONCE, clean, wrapped

_TOKEN = re.compile(
    r'(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")(?P<colon>\s*:)?|(?P<mark>[{}\[\],:])|(?P<word>[^\s{}\[\],:"]+)'
)
_WORDS = frozenset(("true", "false", "null", "NaN", "Infinity", "-Infinity"))
_INDENT = 2
_DEEPEST = 40
"""Levels that are indented: a record of nothing but brackets must not grow with the square of its depth."""


def copy_text(record: str) -> str:
    """Indented JSON in ASCII, so that no control or bidi character travels; it decodes to the same values.

    A record that is no JSON comes as one JSON string, which decodes to the record.
    """
    if not is_json(record):
        return _ascii(json.dumps(record))
    return _indented(record, _ascii)


def compact_text(record: str) -> str:
    """The same in one line: no blank and no line break between the parts of the JSON."""
    if not is_json(record):
        return _ascii(json.dumps(record))
    return "".join(
        _ascii(found["text"] or found["mark"] or found["word"]) + (":" if found["colon"] else "")
        for found in _TOKEN.finditer(record)
    )


def is_json(record: str) -> bool:
    """True if the whole text is one JSON value (NaN and Infinity included) that is not too deep to decode."""
    try:
        # Numbers stay text: an integer of thousands of digits is slow to decode, or refused.
        json.loads(record, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=2)
def decoded(record: str) -> dict[str, Any]:
    """The record's members, numbers as text; {} if it is no JSON object. The last of repeated keys counts.

    Not to be changed: it is kept for the next call. Sentence and facts are both made of it, and 1 MB takes 7 ms.
    """
    try:
        value = json.loads(record, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def record_lines(record: str, width: int) -> Iterator[Line]:
    """The record as indented JSON, colored and broken into lines of `width` cells, each made when it is asked for.

    Hidden and active characters are JSON escapes, other text is as it reads. A longer line goes on under its own
    indent. A record that is no JSON comes as it is, made visible line by line. The first lines come at once, however
    long the record is.
    """
    if not is_json(record):
        for line in record.split("\n"):
            yield from wrapped(clean(line), width)
        return
    pieces = _pieces(record, _readable)
    indent: int | None = 0

    def spans() -> Iterator[Span]:
        nonlocal indent
        indent = None
        for piece in pieces:
            if isinstance(piece, int):
                indent = piece
                return
            yield piece

    while indent is not None:
        blanks = ((" " * indent, Role.PLAIN),) if indent else ()
        yield from wrapped(chain(blanks, spans()), width, indent + _INDENT)


def _indented(record: str, spelled: Callable[[str], str]) -> str:
    pieces = _pieces(record, spelled)
    return "".join("\n" + " " * piece if isinstance(piece, int) else piece[0] for piece in pieces)


def _pieces(record: str, spelled: Callable[[str], str]) -> Iterator[Span | int]:
    """The spans of a JSON text, and for each line break the blanks that follow it."""
    depth = 0
    before = ""
    for found in _TOKEN.finditer(record):
        token = found["text"] or found["mark"] or found["word"]
        if token in ("}", "]"):
            depth -= 1
            if before not in ("{", "["):
                yield _blanks(depth)
        elif before in ("{", "["):
            yield _blanks(depth)
        if found["mark"]:
            depth += token in ("{", "[")
            yield token, Role.DIM
            if token == ",":
                yield _blanks(depth)
        elif found["word"]:
            yield spelled(token), Role.JSON_WORD if token in _WORDS else Role.JSON_NUMBER
        else:
            role = Role.JSON_KEY if found["colon"] else Role.JSON_TEXT
            for start in range(0, len(token), AT_ONCE):
                yield spelled(token[start : start + AT_ONCE]), role
            if found["colon"]:
                yield ": ", Role.DIM
        before = token


def _blanks(depth: int) -> int:
    return _INDENT * min(depth, _DEEPEST)


def _readable(token: str) -> str:
    if token.isascii() and token.isprintable():
        return token
    return "".join(shown for shown, _ in spell(token, _escape))


def _ascii(token: str) -> str:
    if token.isascii() and token.isprintable():
        return token
    return "".join(each if " " <= each <= "~" else _escape(each) for each in token)


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"

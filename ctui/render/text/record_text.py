"""The event record as text: indented for the screen, indented and ASCII for the clipboard.

Neither decodes and encodes again: the record's own words for numbers and strings are kept, so that long integers,
floats, repeated keys and escapes come out as they came in.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ctui.render.text.safe import spell
from ctui.render.text.spans import clean_text

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_INDENT = 2
_DEEPEST = 40
"""Levels that are indented: a record of nothing but brackets must not grow with the square of its depth."""


def pretty(record: str) -> str:
    """Indented JSON for the screen; hidden and active characters as JSON escapes, other text as it reads.

    A record that is no JSON comes as it is, made visible line by line. The only control character is the line feed.
    """
    if not is_json(record):
        return "\n".join(clean_text(line) for line in record.split("\n"))
    return _indented(record, _readable)


def copy_text(record: str) -> str:
    """Indented JSON in ASCII, so that no control or bidi character travels; it decodes to the same values.

    A record that is no JSON comes as one JSON string, which decodes to the record.
    """
    if not is_json(record):
        return _ascii(json.dumps(record))
    return _indented(record, _ascii)


def is_json(record: str) -> bool:
    """True if the whole text is one JSON value (NaN and Infinity included) that is not too deep to decode."""
    try:
        # Numbers stay text: an integer of thousands of digits is slow to decode, or refused.
        json.loads(record, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def decoded(record: str) -> dict[str, Any]:
    """The record's members, numbers as text; {} if it is no JSON object. The last of repeated keys counts."""
    try:
        value = json.loads(record, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _indented(record: str, spelled: Callable[[str], str]) -> str:
    return "".join(_pieces((found.group() for found in _TOKEN.finditer(record)), spelled))


def _pieces(tokens: Iterator[str], spelled: Callable[[str], str]) -> Iterator[str]:
    depth = 0
    before = ""
    for token in tokens:
        if token in ("}", "]"):
            depth -= 1
            if before not in ("{", "["):
                yield _line_start(depth)
        elif before in ("{", "["):
            yield _line_start(depth)
        if token in ("{", "["):
            depth += 1
            yield token
        elif token == ",":
            yield token + _line_start(depth)
        elif token == ":":
            yield ": "
        else:
            yield spelled(token)
        before = token


def _line_start(depth: int) -> str:
    return "\n" + " " * (_INDENT * min(depth, _DEEPEST))


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

"""JSON cut into parts, each kept as text, so that an odd part does not affect the others.

Nothing is decoded before it is needed and nothing recurses, so deep nesting, long numbers and invalid words affect only
the part that contains them.
"""

import json
import re
from collections.abc import Iterator
from enum import StrEnum

_TOKEN = re.compile(r'[ \t\r\n]*("[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+)', re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CLOSING = {"}": "{", "]": "["}


class Shape(StrEnum):
    """What a part is, as messages say it."""

    TEXT = "text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    NULL = "null"
    OBJECT = "an object"
    LIST = "a list"
    NONSENSE = "no JSON"


def text_of_body(body: bytes) -> str:
    """A body as text. A byte that is not UTF-8 becomes half a surrogate pair, which `string_of` replaces."""
    return body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def shape_of(part: str) -> Shape:
    """What a part is, by how it is written."""
    if part[:1] == "{":
        return Shape.OBJECT
    if part[:1] == "[":
        return Shape.LIST
    if part[:1] == '"':
        return Shape.NONSENSE if _decoded(part) is None else Shape.TEXT
    if part in ("true", "false"):
        return Shape.BOOLEAN
    if part == "null":
        return Shape.NULL
    return Shape.NUMBER if _NUMBER.fullmatch(part) else Shape.NONSENSE


def string_of(part: str) -> tuple[str, bool]:
    """The text of a part of the shape TEXT, and True if all of it could be read.

    U+FFFD replaces half a surrogate pair, and each byte that is not UTF-8.
    """
    return whole_text(_decoded(part) or "")


def whole_text(text: str) -> tuple[str, bool]:
    """The text with U+FFFD in place of each half of a surrogate pair, and True if there was none."""
    clean = _SURROGATE.sub("\ufffd", text)
    return clean, clean == text


def members(part: str) -> dict[str, str] | None:
    """The members of an object, each value as written, or None if it is not an object. Of a repeated name, the last."""
    pieces = _pieces(part, "{")
    if pieces is None:
        return None
    values: dict[str, str] = {}
    for piece in pieces:
        name, colon, value = piece[0], piece[1:2], piece[2:]
        if colon != [":"] or len(value) != 1 or (key := _decoded(name)) is None:
            return None
        values[whole_text(key)[0]] = value[0]
    return values


def elements(part: str) -> list[str] | None:
    """The elements of a list, each as written, or None if the part is not a list."""
    pieces = _pieces(part, "[")
    if pieces is None or any(len(piece) != 1 for piece in pieces):
        return None
    return [piece[0] for piece in pieces]


def _decoded(part: str) -> str | None:
    """A string's text, or None if it has an escape that JSON does not know."""
    try:
        value = json.loads(part, strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _pieces(part: str, opening: str) -> list[list[str]] | None:
    """The tokens between the commas of an object or a list: names, colons and values as written.

    None if the part is something else, or its brackets do not close.
    """
    pieces: list[list[str]] = [[]]
    open_brackets: list[str] = []
    start = -1
    for token, begin, end in _tokens(part):
        if not token:
            return None
        if not open_brackets:
            if token != opening or start >= 0:
                return None
            open_brackets.append(token)
            start = 0
            continue
        depth = len(open_brackets)
        if token in ("{", "["):
            if depth == 1:
                start = begin
            open_brackets.append(token)
        elif token in ("}", "]"):
            if open_brackets.pop() != _CLOSING[token]:
                return None
            if depth == 2:
                pieces[-1].append(part[start:end])
        elif depth == 1 and token == ",":
            pieces.append([])
        elif depth == 1:
            pieces[-1].append(token)
    if open_brackets or start < 0:
        return None
    return [] if pieces == [[]] else pieces


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Brackets, commas, colons, strings and words, each with its start and end; "" for a string that does not end."""
    at, end = 0, len(text.rstrip(" \t\r\n"))
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            yield "", at, end
            return
        yield found[1], found.start(1), found.end(1)
        at = found.end()

"""What is being typed at the cursor of a filter line: a field, or a value of one.

The line is cut into pieces as the parser cuts it, but it need not be valid.
"""

import re
from collections.abc import Iterator
from enum import Enum, StrEnum, auto

from ctui.model.filter.fields import FIELDS, value_field
from ctui.model.filter.parse import OPERATOR
from ctui.model.filter.syntax.leaves import ORDER, without_ago
from ctui.model.filter.syntax.names import COMPARED, FIELD, canonical, compared_name
from ctui.model.lookup.moment import is_plain_moment
from ctui.model.lookup.timespan import ends_of
from ctui.model.values import dataclass


class Slot(StrEnum):
    """What can be completed at the cursor."""

    FIELD = "field"
    """A field's name, an operator, or a word to search the whole record for."""
    VALUE = "value"
    """A value of `CursorContext.field`."""
    NOTHING = "nothing"
    """Nothing: the cursor is inside a regular expression, a quoted text, or what a path is compared with."""


@dataclass(frozen=True, slots=True)
class CursorContext:
    """The text at the cursor: a completion replaces the characters from `start` up to `end`."""

    slot: Slot
    field: str
    """The field whose value is being typed, as the table or records write it; "" if it is not a value."""
    typed: str
    """The part of the field or value before the cursor, without quotes."""
    start: int
    end: int
    operators: tuple[str, ...] = ()
    """Operators that can stand here."""
    range_start: str = ""
    """The start of the time range whose end is being typed, as typed."""
    begins: int | None = None
    """The index at which the range, or what a path is compared with, begins if it does so before `start`."""


class _Kind(Enum):
    """What a piece of the line is."""

    OPERATOR = auto()
    MARK = auto()
    """A dash or a parenthesis."""
    REGEX = auto()
    WORD = auto()
    NAMED = auto()
    COMPARED = auto()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the line without the blanks around it."""

    kind: _Kind
    start: int
    end: int
    in_group: bool = False
    name: str = ""
    """What stands before the colon, as the table or records write it."""
    values_at: int = 0
    """The index after the colon."""
    values: tuple[tuple[int, int], ...] = ()
    """Start and end of each value."""
    open: bool = False
    """True if a quote or a regular expression is not closed; it takes the rest of the line."""


EVERY_EVENT = "id:*"
"""A term that every event matches: each one has an ID."""
_PLAIN = re.compile(r'[^\s,"()]+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*(")?', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_REGEX = re.compile(r"/(?:[^/\\]|\\.)*(?:(/)i?)?", re.DOTALL)


def context_at(line: str, cursor: int) -> CursorContext:
    """The context at a cursor position from 0 to the line's length. The line need not be valid."""
    operators: tuple[str, ...] = ("NOT",)
    for piece in (pieces := _pieces(line)):
        if piece.start >= cursor:
            break
        if piece.kind is not _Kind.MARK and (
            cursor < piece.end or piece.open or (cursor == piece.end and piece.kind is not _Kind.REGEX)
        ):
            return _inside(line, cursor, piece, operators, pieces)
        operators = _operators_after(piece, line)
    return CursorContext(Slot.FIELD, "", "", cursor, cursor, operators)


def is_half_typed(line: str) -> bool:
    """True if the line ends in a term that may go on: not in a blank, and not in what closes a text or a group."""
    return line[-1:].strip() not in ("", ")", '"')


def with_open_end(line: str) -> str:
    """The line with the value that it ends in as the start of one: `user:ali` is `user:ali*`.

    The same line if it ends otherwise, or if the term excludes what it matches.
    """
    last, negated = None, False
    for piece in _pieces(line):
        excludes = last is not None and line[last.start : last.end] in ("-", "NOT")
        last, negated = piece, excludes
    if last is None or last.kind is not _Kind.NAMED or last.end < len(line) or negated:
        return line
    start, end = last.values[-1]
    whole = start < end and line[end - 1] != "*" and line[start] != "@" and '"' not in line[start:end]
    takes_patterns = value_field(last.name) is not None or last.name not in FIELDS
    return f"{line}*" if whole and takes_patterns else line


def rest_of(line: str, cursor: int) -> str:
    """The line with a term that every event matches in place of the one at the cursor; the line if there is none.

    What excludes the term is left out with it.
    """
    begins, end = _term_at(line, cursor)
    return line if begins == end else f"{line[:begins]}{EVERY_EVENT}{line[end:]}"


def before_last_term(line: str) -> str:
    """What stands before the term that the line ends in, without blanks at its end."""
    return line[: _term_at(line, len(line))[0]].rstrip()


def _term_at(line: str, cursor: int) -> tuple[int, int]:
    """Start and end of the term at the cursor, with what excludes it; both are the cursor's if there is none."""
    start: int | None = None
    for piece in _pieces(line):
        excludes = line[piece.start : piece.end] in ("-", "NOT")
        if excludes or piece.kind is _Kind.MARK or piece.kind is _Kind.OPERATOR:
            start = piece.start if excludes and start is None else start if excludes else None
            continue
        if piece.start < cursor <= piece.end:
            return piece.start if start is None else start, piece.end
        start = None
    return cursor, cursor


def _operators_after(piece: _Piece, line: str) -> tuple[str, ...]:
    if piece.kind is _Kind.OPERATOR or line[piece.start] == "(":
        return ("NOT",)
    return () if line[piece.start : piece.end] == "-" else ("OR", "AND", "NOT")


def _inside(
    line: str, cursor: int, piece: _Piece, operators: tuple[str, ...], following: Iterator[_Piece]
) -> CursorContext:
    """The context in a piece."""
    text = line[piece.start : cursor]
    if piece.kind is _Kind.OPERATOR:
        return CursorContext(Slot.FIELD, "", text, piece.start, piece.end, operators)
    if piece.kind is _Kind.WORD:
        return _in_word(line, cursor, piece, operators)
    if piece.kind is _Kind.NAMED and cursor < piece.values_at:
        return CursorContext(Slot.FIELD, "", text, piece.start, piece.values_at, operators)
    for start, end in piece.values if piece.kind is _Kind.NAMED else ():
        if start <= cursor <= end:
            typed, in_quotes = _unquoted(line[start:cursor])
            # A quote that takes an end meant for another one has none of its own.
            unclosed = in_quotes and (piece.open or any(one.open for one in following))
            last = _blank_after(line, cursor, in_group=piece.in_group) if unclosed else end
            return CursorContext(Slot.VALUE, piece.name, typed, start, last)
    begins = piece.values_at if piece.kind is _Kind.COMPARED else None
    return CursorContext(Slot.NOTHING, "", "", cursor, cursor, begins=begins)


def _in_word(line: str, cursor: int, piece: _Piece, operators: tuple[str, ...]) -> CursorContext:
    """The context in what has no name: a word, or a range of time."""
    text = line[piece.start : cursor]
    ends = ends_of(text)
    if ends is not None and (not ends[0] or is_plain_moment(ends[0])):
        start = piece.start + text.index("..") + 2
        return CursorContext(Slot.VALUE, "until", line[start:cursor], start, piece.end, (), ends[0], piece.start)
    if len(piece.values) > 1 or '"' in line[piece.start : piece.end] or " " in text:
        return CursorContext(Slot.NOTHING, "", "", cursor, cursor)
    return CursorContext(Slot.FIELD, "", text, piece.start, piece.end, operators)


def _unquoted(text: str) -> tuple[str, bool]:
    """The start of a value without its quotes, and True if it ends inside quotes."""
    parts, at, is_open = [], 0, False
    for found in _QUOTED.finditer(text):
        is_open = found[1] is None
        inner = text[found.start() + 1 : found.end() - (not is_open)]
        parts += [text[at : found.start()], _ESCAPED.sub(r"\1", inner)]
        at = found.end()
    return "".join((*parts, text[at:])), is_open


def _blank_after(line: str, at: int, *, in_group: bool) -> int:
    """The end of the value at a place, without quotes."""
    while at < len(line) and not (line[at].isspace() or line[at] == "," or (in_group and line[at] == ")")):
        at += 1
    return at


def _pieces(line: str) -> Iterator[_Piece]:
    """The line's pieces from left to right."""
    at = depth = 0
    dashed = False
    while True:
        while at < len(line) and line[at].isspace():
            at, dashed = at + 1, False
        if at == len(line):
            return
        piece = _piece(line, at, dashed=dashed, in_group=depth > 0)
        dashed = line[at : piece.end] == "-"
        if piece.kind is _Kind.MARK:
            depth = max(0, depth + (line[at] == "(") - (line[at] == ")"))
        at = piece.end
        yield piece


def _piece(line: str, at: int, *, dashed: bool, in_group: bool) -> _Piece:
    """The piece that starts here; `dashed`: right behind a dash, so that another one belongs to a word."""
    if (operator := OPERATOR.match(line, at)) is not None:
        return _Piece(_Kind.OPERATOR, at, operator.end())
    if line[at] in "()" or (line[at] == "-" and not dashed):
        return _Piece(_Kind.MARK, at, at + 1)
    if line[at] == "/" and (regex := _REGEX.match(line, at)) is not None:
        return _Piece(_Kind.REGEX, at, regex.end(), open=regex[1] is None)
    if (found := COMPARED.match(line, at)) is not None and (name := compared_name(found[1], found[2])):
        kind = _Kind.NAMED if found[2] == "=" else _Kind.COMPARED
        return _with_values(_Piece(kind, at, at, in_group, name, found.end()), line)
    if (found := FIELD.match(line, at)) is not None:
        name = canonical(found[1]) or found[1]
        is_order = name not in FIELDS and ORDER.match(line, found.end()) is not None
        kind = _Kind.COMPARED if is_order else _Kind.NAMED
        return _with_values(_Piece(kind, at, at, in_group, name, found.end()), line)
    return _with_values(_Piece(_Kind.WORD, at, at, in_group, "", at), line)


def _with_values(piece: _Piece, line: str) -> _Piece:
    """The piece with its values, and up to their end."""
    at = piece.values_at
    if piece.name and line.startswith("~", at):
        at += 1
    values, start, depth, is_open = [], at, 0, False
    while at < len(line) and not line[at].isspace() and not is_open:
        if (plain := _PLAIN.match(line, at)) is not None:
            at = plain.end()
        elif (quoted := _QUOTED.match(line, at)) is not None:
            at, is_open = quoted.end(), quoted[1] is None
        elif line[at] == ",":
            values.append((start, at))
            at = start = at + 1
        elif line[at] == ")" and not depth and piece.in_group:
            break
        else:
            depth = max(0, depth + (1 if line[at] == "(" else -1))
            at += 1
    takes_ago = piece.kind is _Kind.COMPARED or piece.name in ("", "since", "until")
    if takes_ago and not values and not is_open:
        _, at = without_ago(line, line[start:at], at)
    values.append((start, at))
    return _Piece(piece.kind, piece.start, at, piece.in_group, piece.name, piece.values_at, tuple(values), open=is_open)

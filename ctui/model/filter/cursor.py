"""What is being typed at the cursor of a filter line: a field, or a value of one."""

from dataclasses import dataclass
from enum import StrEnum

from ctui.model.filter.syntax.names import FIELD


class Slot(StrEnum):
    """What can be completed at the cursor."""

    FIELD = "field"
    """A field's name, or a word to search the whole record for."""
    VALUE = "value"
    """A value of `Context.field`."""
    NOTHING = "nothing"
    """Nothing: the cursor is inside a regular expression."""


@dataclass(frozen=True, slots=True)
class CursorContext:
    """The text at the cursor: a completion replaces the characters from `start` up to `end`."""

    slot: Slot
    field: str
    """The field whose value is being typed; "" if it is not a value."""
    typed: str
    """The part of the field or value before the cursor, without quotes."""
    start: int
    end: int


def context_at(line: str, cursor: int) -> CursorContext:
    """The context at a cursor position from 0 to the line's length. The line need not be valid."""
    at = 0
    while True:
        while at < cursor and line[at].isspace():
            at += 1
        at += line[at : at + 1] == "-" and at < cursor
        if at < cursor and line[at] == "/":
            end = _regex_end(line, at)
            if end is None or cursor < end:
                return CursorContext(Slot.NOTHING, "", "", cursor, cursor)
            at = end
            continue
        found = FIELD.match(line, at, cursor)
        field = found[1] if found else ""
        start, end, typed = _item(line, found.end() if found else at, cursor)
        if end is None:
            at = start
            continue
        if found:
            return CursorContext(Slot.VALUE, field, typed, start, end)
        whole = FIELD.match(line, at)
        return CursorContext(Slot.FIELD, "", typed, start, whole.end() if whole and start == at else end)


def _regex_end(line: str, at: int) -> int | None:
    """The position after the closing slash and its flag, or None if it is not closed."""
    at += 1
    while at < len(line) and line[at] != "/":
        at += 2 if line[at] == "\\" else 1
    if at >= len(line):
        return None
    return at + 1 + (line[at + 1 : at + 2] == "i")


def _item(line: str, at: int, cursor: int) -> tuple[int, int | None, str]:
    """(start, end, typed) of the value at the cursor; (the term's end, None, "") if the term ends before."""
    start, typed, quoted = at, "", False
    while at < cursor:
        char = line[at]
        if quoted and char == "\\" and line[at + 1 : at + 2] in ('"', "\\") and at + 1 < cursor:
            at += 1
            typed += line[at]
        elif char == '"':
            quoted = not quoted
        elif quoted:
            typed += char
        elif char.isspace():
            return at, None, ""
        elif char == ",":
            start, typed = at + 1, ""
        else:
            typed += char
        at += 1
    return start, _item_end(line, at, quoted), typed


def _item_end(line: str, at: int, quoted: bool) -> int:
    """The end of the value at the cursor; an unclosed quote ends at the cursor."""
    cursor = at
    while at < len(line) and (quoted or not (line[at].isspace() or line[at] == ",")):
        if quoted and line[at] == "\\":
            at += 1
        elif line[at] == '"':
            quoted = not quoted
        at += 1
    return cursor if quoted else min(at, len(line))

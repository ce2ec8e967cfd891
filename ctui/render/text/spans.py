"""Text to spans: what was recorded made visible, measured, cut, filled and wrapped in terminal cells."""

import re
from collections.abc import Iterable, Iterator

from ctui.render.roles import Line, Role, Span
from ctui.render.text.safe import character_cells, spell, stand_in, text_cells

ELLIPSIS = "…"
AT_ONCE = 20_000
"""Characters of a text that are made safe at once, so that the first lines of a very long one do not wait for all."""
_WORD = re.compile("[^ ]+| +")


def clean(text: str, role: Role = Role.PLAIN) -> Line:
    """The text as spans that are safe for a terminal; hidden and active characters become VISIBLE_CONTROL."""
    if text.isascii() and text.isprintable():
        return ((text, role),) if text else ()
    return tuple(_merge((shown, Role.VISIBLE_CONTROL if hidden else role) for shown, hidden in spell(text, stand_in)))


def clean_portions(text: str, role: Role = Role.PLAIN) -> Iterator[Span]:
    """The same spans of a text of any length, a portion at a time, each when it is asked for."""
    for start in range(0, len(text), AT_ONCE):
        yield from clean(text[start : start + AT_ONCE], role)


def clean_text(text: str) -> str:
    """The same as plain text, for titles and notifications."""
    return plain(clean(text))


def plain(line: Line) -> str:
    """The text of a line without its roles."""
    return "".join(text for text, _ in line)


def cells(text: str) -> int:
    """Terminal cells of a text that `clean` has made."""
    return text_cells(text)


def width(line: Line) -> int:
    """Terminal cells of a line."""
    return sum(text_cells(text) for text, _ in line)


def count(number: int) -> str:
    """A number with thousands apart: 1,250."""
    return f"{number:,}"


def join(lines: Iterable[Line], separator: str = " ", role: Role = Role.DIM) -> Line:
    """The lines that hold something, one after the other with the separator between."""
    joined: list[Span] = []
    for line in lines:
        if not line:
            continue
        if joined:
            joined.append((separator, role))
        joined.extend(line)
    return tuple(joined)


def fit(line: Line, width: int, *, right: bool = False) -> Line:
    """The line in exactly `width` cells: filled with blanks (before it when `right`), or cut, with "…" at its end."""
    if width <= 0:
        return ()
    used = sum(text_cells(text) for text, _ in line)
    if used > width:
        line = _head(line, width - 1)
        used = sum(text_cells(text) for text, _ in line) + 1
        line = (*line, (ELLIPSIS, line[-1][1] if line else Role.DIM))
    if used == width:
        return line
    blanks = (" " * (width - used), Role.PLAIN)
    return (blanks, *line) if right else (*line, blanks)


def wrap(line: Line, width: int, indent: int = 0) -> tuple[Line, ...]:
    """The line broken at blanks into lines of at most `width` cells, all but the first indented.

    A word longer than a line is broken at the line's end. Returns at least one line.
    """
    return tuple(wrapped(line, width, indent))


def wrapped(spans: Iterable[Span], width: int, indent: int = 0) -> Iterator[Line]:
    """The same, each line when it is asked for: the first lines of a text of any length come at once."""
    empty = 0
    for number, line in enumerate(_broken(spans, width, min(indent, max(0, width - 1)))):
        if line or not number:
            yield from ((),) * empty
            yield line
            empty = 0
        else:
            # Lines of nothing but blanks are kept between others, and left out at the end.
            empty += 1


def _broken(spans: Iterable[Span], width: int, pad: int) -> Iterator[Line]:
    """The lines of a text that is broken; some of them can be empty."""
    line: list[Span] = []
    used = start = 0
    first = True
    for text, role in _words(spans):
        at, blank = 0, text[0] == " "
        while at < len(text):
            fresh = used == start
            if blank and fresh and not first:
                break
            end, size = _fitting(text, at, max(1, width - used) if fresh else width - used)
            if end == len(text) and size <= width - used:
                line.append((text[at:], role))
                used += size
                break
            if blank:
                at = len(text)
            elif fresh:
                at, piece = max(end, at + 1), at
                line.append((text[piece:at], role))
            yield tuple(_merge(_trimmed(line)))
            line = [(" " * pad, Role.PLAIN)] if pad else []
            used = start = pad
            first = False
    yield tuple(_merge(_trimmed(line)))


def _fitting(text: str, at: int, room: int) -> tuple[int, int]:
    """The end of what fits into so many cells from an index on, and the cells that it takes."""
    if text.isascii():
        end = min(len(text), at + max(0, room))
        return end, end - at
    used = 0
    for end in range(at, len(text)):
        size = character_cells(text[end])
        if used + size > room:
            return end, used
        used += size
    return len(text), used


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
    pieces: list[str] = []
    current = Role.PLAIN
    for text, role in spans:
        if pieces and role != current:
            yield "".join(pieces), current
            pieces = []
        current = role
        pieces.append(text)
    if pieces:
        yield "".join(pieces), current


def _head(line: Line, room: int) -> Line:
    kept: list[Span] = []
    for text, role in line:
        size = text_cells(text)
        if size > room:
            if head := _head_text(text, room):
                kept.append((head, role))
            break
        kept.append((text, role))
        room -= size
    return tuple(kept)


def _head_text(text: str, room: int) -> str:
    if text.isascii():
        return text[: max(0, room)]
    for index, character in enumerate(text):
        room -= character_cells(character)
        if room < 0:
            return text[:index]
    return text


def _words(spans: Iterable[Span]) -> Iterator[Span]:
    """Runs of blanks and runs of anything else, each with its role."""
    for text, role in spans:
        for word in _WORD.finditer(text):
            yield word[0], role


def _trimmed(spans: list[Span]) -> list[Span]:
    while spans and not spans[-1][0].strip(" "):
        spans.pop()
    return spans

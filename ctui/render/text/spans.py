"""Text to spans: what was recorded made visible, measured, cut, filled and wrapped in terminal cells."""

from collections.abc import Iterable, Iterator

from ctui.render.roles import Line, Role, Span
from ctui.render.text.safe import character_cells, spell, stand_in, text_cells

ELLIPSIS = "…"


def clean(text: str, role: Role = Role.PLAIN) -> Line:
    """The text as spans that are safe for a terminal; hidden and active characters become VISIBLE_CONTROL."""
    if text.isascii() and text.isprintable():
        return ((text, role),) if text else ()
    return tuple(_merge((shown, Role.VISIBLE_CONTROL if hidden else role) for shown, hidden in spell(text, stand_in)))


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
    pad = min(indent, max(0, width - 1))
    wrapped: list[list[Span]] = [[]]
    used = 0
    for text, role in _words(line):
        rest = text
        while rest:
            room, blank = width - used, not rest.strip(" ")
            fresh = used == (pad if len(wrapped) > 1 else 0)
            if blank and fresh and len(wrapped) > 1:
                break
            if text_cells(rest) <= room:
                wrapped[-1].append((rest, role))
                used += text_cells(rest)
                break
            if blank:
                rest = ""
            elif fresh:
                head = _head_text(rest, max(1, room)) or rest[0]
                wrapped[-1].append((head, role))
                rest = rest[len(head) :]
            wrapped.append([(" " * pad, Role.PLAIN)] if pad else [])
            used = pad
    lines = [tuple(_merge(_trimmed(spans))) for spans in wrapped]
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(lines)


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


def _words(line: Line) -> Iterator[Span]:
    """Runs of blanks and runs of anything else, each with its role."""
    for text, role in line:
        start = 0
        for index in range(1, len(text) + 1):
            if index == len(text) or (text[index] == " ") != (text[start] == " "):
                yield text[start:index], role
                start = index


def _trimmed(spans: list[Span]) -> list[Span]:
    while spans and not spans[-1][0].strip(" "):
        spans.pop()
    return spans

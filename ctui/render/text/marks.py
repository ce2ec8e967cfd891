"""Marking of places in a text: what the filter line hit, and what a search found."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from typing import TypeAlias

from ctui.render.roles import Line, Role, Span
from ctui.render.text.spans import clean_portions, plain

Mark: TypeAlias = tuple[int, int, Role]
"""Characters of a text from one index up to another, and what they are."""
Marking: TypeAlias = Callable[[str, tuple[str, ...] | None], Iterable[Mark]]
"""Gives the marks of a text that stands at a path of the record; None for a line whose place is not known.

Where two overlap, the later one counts.
"""

_MOST_MARKS = 5_000
"""Marks of one text: a megabyte can hold a letter a million times."""


def no_marks(_text: str, _path: tuple[str, ...] | None) -> Iterable[Mark]:
    """Nothing is marked."""
    return ()


def marked(text: str, role: Role, marks: Iterable[Mark]) -> Iterator[Span]:
    """The text in pieces, each with its role or that of its mark; not cleaned yet."""
    painted = list(islice(marks, _MOST_MARKS))
    if not painted:
        yield text, role
        return
    edges = sorted({0, len(text), *(edge for start, end, _ in painted for edge in (start, end) if edge < len(text))})
    roles = dict.fromkeys(edges, role)
    places = {edge: place for place, edge in enumerate(edges)}
    for start, end, of_mark in painted:
        for place in range(places[start], places[min(end, len(text))]):
            roles[edges[place]] = of_mark
    for start, end in pairwise(edges):
        yield text[start:end], roles[start]


def clean_marked(text: str, role: Role, marks: Iterable[Mark]) -> Iterator[Span]:
    """The same pieces, safe to draw, a portion of a long text at a time."""
    for piece, of in marked(text, role, marks):
        yield from clean_portions(piece, of)


def mark_line(line: Line, marking: Marking) -> Line:
    """A line that is ready to be drawn with marks in it; roles elsewhere stay."""
    marks = list(islice(marking(plain(line), None), _MOST_MARKS))
    if not marks:
        return line
    spans: list[Span] = []
    offset = 0
    for text, role in line:
        end = offset + len(text)
        inside = [(max(0, first - offset), min(len(text), last - offset), of) for first, last, of in marks
                  if first < end and last > offset]  # fmt: skip
        spans += marked(text, role, inside)
        offset = end
    return tuple(spans)

"""Marking of places in a text: what the filter line hit, and what a search found."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, islice, pairwise
from typing import TypeAlias

from ctui.model.filter.hits import Hits
from ctui.render.roles import Line, Role, Span
from ctui.render.text.safe import spell, stand_in
from ctui.render.text.spans import plain

Mark: TypeAlias = tuple[int, int, Role]
"""Characters of a text from one index up to another, and what they are."""
Marking: TypeAlias = Callable[[str, tuple[str, ...] | None], Iterable[Mark]]
"""Gives the marks of a text that stands at a path of the record; None for a line whose place is not known.

Where two overlap, the later one counts.
"""

_MOST_MARKS = 5_000
"""Marks of one text: a megabyte can hold a letter a million times."""


def marking_of(hits: Hits, found: re.Pattern[str] | None) -> Marking:
    """Marks what the filter line hit, and above that what a search found."""
    if not hits and found is None:
        return no_marks

    def marks(text: str, path: tuple[str, ...] | None) -> Iterator[Mark]:
        for first, end in hits.spans(text, path):
            yield first, end, Role.HIT
        for match in () if found is None else found.finditer(text):
            yield *match.span(), Role.FOUND

    return marks


def no_marks(_text: str, _path: tuple[str, ...] | None) -> Iterable[Mark]:
    """Nothing is marked."""
    return ()


def marked(text: str, role: Role, marks: Iterable[Mark]) -> Iterator[Span]:
    """The text in pieces, each with its role or that of its mark."""
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


def painted(lines: Sequence[Line], texts: Sequence[tuple[str, Iterable[Mark]]]) -> Sequence[Line]:
    """Lines with the marks of the texts that they were made of, one after the other; what follows them stays.

    Lines were cleaned and broken at blanks before, so a text is recognized by its other characters.
    """
    marks = [list(islice(of_text, _MOST_MARKS)) for _, of_text in texts]
    if not any(marks):
        return lines
    longest = sum(len(text) for line in lines for text, _ in line)
    roles = chain.from_iterable(
        _roles(text[:longest], of_text) for (text, _), of_text in zip(texts, marks, strict=True)
    )
    return [tuple(_painted(line, roles)) for line in lines]


def _roles(text: str, marks: Sequence[Mark]) -> Iterator[Role | None]:
    """The mark of each character that is drawn for a text, None for none; blanks left out."""
    of: list[Role | None] = [None] * len(text)
    for first, end, role in marks:
        of[first:end] = [role] * max(0, min(end, len(text)) - first)
    for (shown, _), mark in zip(spell(text, stand_in), of, strict=True):
        for each in shown:
            if each != " ":
                yield mark


def _painted(line: Line, roles: Iterator[Role | None]) -> Iterator[Span]:
    """The line with the next roles; a blank has the mark of the character before it if that goes on behind it."""
    before: Role | None = None
    spans: list[tuple[str, Role, Role | None]] = []
    for text, role in line:
        for each in text:
            mark = before if each == " " else next(roles, None)
            before = mark
            spans.append((each, role, mark))
    after: Role | None = None
    for index in range(len(spans) - 1, -1, -1):
        each, role, mark = spans[index]
        if each == " " and mark is not after:
            spans[index] = (each, role, None)
        else:
            after = mark
    for (role, mark), pieces in groupby(spans, key=lambda piece: piece[1:]):
        yield "".join(each for each, _, _ in pieces), mark or role


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

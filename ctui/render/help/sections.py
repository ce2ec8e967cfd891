"""The sections of help but the keys: what marks mean, changed keys, the filter line's grammar, and examples.

Each is for a width in cells, and can be narrowed to the rows that contain all of some words; a heading without rows
goes with them.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from ctui.render.help.changed_keys import CHANGED_KEYS
from ctui.render.help.grammar import FORMS, QUESTIONS, field_rows, selecting_fields
from ctui.render.help.legend import COLORS, EVENT_MARKS, OTHER_MARKS, TRAIL_MARKS, WORDS
from ctui.render.roles import Line, Role
from ctui.render.text.spans import fit, plain, wrap
from ctui.render.text.spans import width as cells_of

KEY_CELLS = 11
_FORM_CELLS = 22
_FIELD_CELLS = 9
_BLANK: Line = ((" ", Role.PLAIN),)


def section(
    heading: Line, rows: Iterable[Line], width: int, indent: int, *, words: Sequence[str] = (), also: str = ""
) -> list[Line]:
    """A blank line, the heading, and the rows, wrapped with what follows indented; nothing if no row has all `words`.

    A row also counts as having the words of `also`. `words` are casefolded.
    """
    found = [row for row in rows if has_words(f"{plain(row)} {also}", words)]
    return [_BLANK, heading, *(line for row in found for line in wrap(row, width, indent))] if found else []


def has_words(text: str, words: Sequence[str]) -> bool:
    """True if the text contains each of these casefolded words."""
    folded = text.casefold()
    return all(word in folded for word in words)


def row(written: str, means: str, indent: int) -> Line:
    """What is written, and what it means."""
    return (written.ljust(indent), Role.ACCENT), ("  ", Role.PLAIN), (means, Role.PLAIN)


def legend_lines(width: int, words: Sequence[str] = ()) -> list[Line]:
    """What marks and colors mean."""
    lines: list[Line] = []
    for heading, rows in (
        ("Marks of events", EVENT_MARKS),
        ("Marks of trails", TRAIL_MARKS),
        ("Other marks", OTHER_MARKS),
        ("Words", WORDS),
        ("Colors", COLORS),
    ):
        shown = [(*fit(mark, KEY_CELLS + 2), (means, Role.PLAIN)) for mark, means in rows]
        lines += section(((heading, Role.STRONG),), shown, width, KEY_CELLS + 2, words=words, also=heading)
    return lines


def changed_lines(width: int, words: Sequence[str] = ()) -> list[Line]:
    """Keys that did something else before, under the heading of their pane."""
    lines: list[Line] = []
    for pane in dict.fromkeys(each.pane for each in CHANGED_KEYS):
        rows = [row(each.keys, f"{each.before} → {each.now}", KEY_CELLS) for each in CHANGED_KEYS if each.pane == pane]
        also = f"changed keys {pane}"
        lines += section(((pane, Role.STRONG),), rows, width, KEY_CELLS + 2, words=words, also=also)[1:]
    heading: Line = (("Changed keys", Role.STRONG), ("  before → now", Role.DIM))
    return [_BLANK, heading, *lines] if lines else []


def grammar_lines(width: int, words: Sequence[str] = ()) -> list[Line]:
    """What can be written in the filter line: at most one screen of 80 by 24."""
    *names, kinds = selecting_fields()
    selecting = f"  AWS searches by exact {', '.join(names)} and {kinds}; all else is filtered here"
    heading: Line = (("Filter", Role.STRONG), (selecting, Role.DIM))
    forms = [row(written, means, _FORM_CELLS) for written, means in FORMS]
    fields = [row(name, means, _FIELD_CELLS) for name, means in field_rows()]
    lines = section((), forms, width, _FORM_CELLS + 2, words=words, also="filter")[2:]
    if words:
        lines += section((), fields, width, _FIELD_CELLS + 2, words=words, also="filter")[2:]
    else:
        column = (width - 1) // 2
        for each in fields:
            if cells_of(each) > column:
                lines += wrap(each, width, _FIELD_CELLS + 2)
        short = [each for each in fields if cells_of(each) <= column]
        half = -(-len(short) // 2)
        pairs = zip_longest(short[:half], short[half:], fillvalue=())
        lines += [(*fit(left, column + 1), *right) for left, right in pairs]
    return [*wrap(heading, width, len("Filter  ")), *lines] if lines else []


def question_lines(width: int, words: Sequence[str] = ()) -> list[Line]:
    """What people ask and the line for it: at most one screen of 80 by 24."""
    lines: list[Line] = []
    for question, asks in QUESTIONS:
        if has_words(f"{question} {asks} examples", words):
            lines += wrap(((question, Role.PLAIN),), width)
            lines += wrap((("  ", Role.PLAIN), (asks, Role.ACCENT)), width, 2)
    heading: Line = (("Examples", Role.STRONG), ("  Q has more", Role.DIM))
    return [_BLANK, heading, *lines] if lines else []

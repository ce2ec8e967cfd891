"""The lines under the filter line, and how its terms are told in a few words."""

from collections.abc import Iterable, Sequence

from ctui.model.filterwrite import write_term
from ctui.model.terms import FieldTerm, KindTerm, PathTerm, RegexTerm, Term, WordTerm
from ctui.render.roles import Line, Role
from ctui.render.text import cells, clean, clean_text, count, fit

_LONGEST_OFFER = 32
_LONGEST_WORD = 16


def error_hint(message: str, column: int, width: int) -> Line:
    """A mark below the character that is wrong, and why, in exactly `width` cells; beside the mark where it fits."""
    words = f" {clean_text(message)}"
    column = max(0, min(column, width - 1))
    if column + 1 + cells(words) <= width:
        return fit(((" " * column, Role.PLAIN), ("^", Role.ERROR), (words, Role.WARNING)), width)
    before = words.strip() + " "
    if cells(before) <= column:
        return fit(((" " * (column - cells(before)), Role.PLAIN), (before, Role.WARNING), ("^", Role.ERROR)), width)
    # Too long for either side: the mark keeps its place and the words begin before it.
    return fit((("^ " if column == 0 else f"{column + 1}: ", Role.ERROR), (words.strip(), Role.WARNING)), width)


def offers_hint(offers: Sequence[tuple[str, int]], chosen: int | None, width: int) -> Line:
    """What could be typed, as (text, how often seen), in exactly `width` cells; the chosen one stands out."""
    line: Line = ((" tab", Role.ACCENT),)
    first = 0 if chosen is None else chosen
    # From the chosen one on, so that it is in sight however many stand before it.
    for place, (text, seen) in enumerate(offers[first:], first):
        shown = fit(clean(text), min(cells(clean_text(text)), _LONGEST_OFFER))
        role = Role.STRONG if place == chosen else Role.PLAIN
        line += (("  ", Role.PLAIN), *((part, role if was is Role.PLAIN else was) for part, was in shown))
        if seen:
            line += ((f" {count(seen)}", Role.DIM),)
    return fit(line, width)


def keys_hint(fields: Iterable[str], width: int) -> Line:
    """What an empty line can take."""
    return fit(((" fields ", Role.DIM), (" ".join(f"{field}:" for field in fields), Role.DIM)), width)


def term_words(term: Term) -> str:
    """A term in a word: its field, or what is sought. Recorded text may be in it: hostile until cleaned."""
    if isinstance(term, FieldTerm):
        words = str(term.name)
    elif isinstance(term, PathTerm):
        words = term.path[-1]
    elif isinstance(term, KindTerm):
        words = ",".join(term.one_of)
    elif isinstance(term, RegexTerm | WordTerm):
        words = write_term(term).removeprefix("-")
        words = words if len(words) <= _LONGEST_WORD else f"{words[: _LONGEST_WORD - 1]}…"
    return f"-{words}" if term.negated else words

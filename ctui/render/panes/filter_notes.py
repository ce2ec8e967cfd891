"""The lines under the filter line, and short names of its terms."""

from collections.abc import Iterable, Sequence

from ctui.model.filter.terms import AllOf, AnyOf, CompareTerm, FieldTerm, KindTerm, PathTerm, Term
from ctui.model.filter.write import write_term
from ctui.render.roles import Line, Role
from ctui.render.text.spans import cells, clean, clean_text, count, fit

_LONGEST_OFFER = 32
_LONGEST_WORD = 16


def error_hint(message: str, column: int | None, character: int, width: int) -> tuple[Line, ...]:
    """A mark below the wrong character, and the reason: one or two lines of exactly `width` cells.

    `column` is the cell of that character, or None if it is scrolled out of sight; then its 1-based position is named.
    If there is no room, the middle parts of the message go first, then all behind its first semicolon.
    """
    texts = _shorter(clean_text(message))
    if column is None:
        where = f"character {character}: "
        text = next((text for text in texts if cells(where + text) + 1 <= width), texts[-1])
        return (fit(((f" {where}", Role.ERROR), (text, Role.WARNING)), width),)
    column = max(0, min(column, width - 1))
    mark: Line = (("^", Role.ERROR),)
    for text in texts:
        if column + 2 + cells(text) <= width:
            return (fit(((" " * column, Role.PLAIN), *mark, (f" {text}", Role.WARNING)), width),)
        if cells(text) + 1 <= column:
            indent = " " * (column - cells(text) - 1)
            return (fit(((indent, Role.PLAIN), (f"{text} ", Role.WARNING), *mark), width),)
    text = next((text for text in texts if cells(text) + 1 <= width), texts[-1])
    return (
        fit(((" " * column, Role.PLAIN), *mark), width),
        fit(((f" {text}", Role.WARNING),), width),
    )


def _shorter(message: str) -> tuple[str, ...]:
    """The message; what is wrong with what helps in the end; and what is wrong alone. Semicolons part them."""
    first, *rest = message.split("; ")
    return tuple(dict.fromkeys((message, "; ".join((first, *rest[-1:])), first)))


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
    if isinstance(term, AnyOf | AllOf):
        words = (" or " if isinstance(term, AnyOf) else " and ").join(dict.fromkeys(map(term_words, term.terms)))
        return f"-({words})" if term.negated else words
    if isinstance(term, FieldTerm):
        words = term.field.name
    elif isinstance(term, PathTerm | CompareTerm):
        words = term.path[-1]
    elif isinstance(term, KindTerm):
        words = ",".join(term.one_of)
    else:
        words = write_term(term).removeprefix("-")
        words = words if len(words) <= _LONGEST_WORD else f"{words[: _LONGEST_WORD - 1]}…"
    return f"-{words}" if term.negated else words

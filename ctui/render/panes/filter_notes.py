"""The lines under the filter line, and short names of its terms."""

import re
from collections.abc import Iterable, Sequence

from ctui.model.filter.fields import ANY
from ctui.model.filter.terms import AllOf, AnyOf, CompareTerm, FieldTerm, Group, KindTerm, ListTerm, PathTerm, Term
from ctui.model.filter.write import write_term
from ctui.render.roles import Line, Role
from ctui.render.text.spans import cells, clean, clean_text, count, fit

EXAMPLE = "user:alice is:write 13:30..14:00"
"""A line that is short and has a term of each sort that people need most."""

_JOINING = "  a OR (b -c)  13:30..14:00"
_LONGEST_OFFER = 32
_LONGEST_WORD = 16
_LONGEST_GROUP = 32


def error_hint(
    message: str, column: int | None, character: int, width: int, *, unfinished: bool = False
) -> tuple[Line, ...]:
    """A mark below the wrong character, and the reason: one or two lines of exactly `width` cells.

    `column` is the cell of that character, or None if it is scrolled out of sight; then its 1-based position is named.
    If there is no room, the middle parts of the message go first, then all behind its first semicolon. `unfinished`:
    more typing may put it right, so the lines are dim, and short.
    """
    mark, why = (Role.DIM, Role.DIM) if unfinished else (Role.ERROR, Role.WARNING)
    texts = (clean_text(f"… {message.split('; ', maxsplit=1)[0]}"),) if unfinished else _shorter(clean_text(message))

    def next_to_mark(text: str) -> Line | None:
        """The text next to the mark; None if there is no room for it."""
        if column is None:
            where = f" character {character}: "
            return fit(((where, mark), (text, why)), width) if not text or cells(where + text) < width else None
        at = max(0, min(column, width - 1))
        if not text or at + 2 + cells(text) <= width:
            return fit(((" " * at, Role.PLAIN), ("^", mark), (f" {text}", why)), width)
        if cells(text) < at:
            return fit(((" " * (at - cells(text) - 1), Role.PLAIN), (f"{text} ", why), ("^", mark)), width)
        return None

    for text in texts:
        if (line := next_to_mark(text)) is not None:
            return (line,)
    fitting = next((text for text in texts if cells(text) < width), "")
    # Too long for one line: what is wrong goes next to the mark, and what helps below it.
    above, below = ("", fitting) if fitting else _halves(texts[-1])
    line = next_to_mark(above)
    if line is None and column is not None:
        return error_hint(message, None, character, width, unfinished=unfinished)
    if line is None:
        line, below = next_to_mark("") or (), texts[-1]
    return line, fit(((f" {below}", why),), width)


def _halves(message: str) -> tuple[str, str]:
    """What is wrong, and what helps; ("", message) if they cannot be separated."""
    found = re.search(r": | (?=\()", message)
    return (message[: found.end()].rstrip(), message[found.end() :]) if found else ("", message)


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
    """What a term can start with, and what joins terms, in exactly `width` cells; fields give way."""
    names = [f"{field}:" for field in fields]
    room = width - cells(_JOINING)
    texts = (
        f" fields {' '.join((*names[:most], *(['…'] if most < len(names) else [])))}"
        for most in range(len(names), 0, -1)
    )
    text = next((text for text in texts if cells(text) <= room), "")
    return fit(((f"{text}{_JOINING}", Role.DIM),), width)


def _group_words(group: Group) -> str:
    """The words of what is in a group, each once; a group of several words inside it stands in parentheses."""
    words = dict[str, None]()
    for term in group.terms:
        inner = term_words(term)
        words[f"({inner})" if isinstance(term, Group) and not term.negated and " " in inner else inner] = None
    return (" or " if isinstance(group, AnyOf) else " and ").join(words)


def term_words(term: Term) -> str:
    """A term in a word: its field, or what is sought. Recorded text may be in it: hostile until cleaned."""
    if isinstance(term, AnyOf | AllOf):
        words = _group_words(term)
        words = words if len(words) <= _LONGEST_GROUP else f"{words[: _LONGEST_GROUP - 1]}…"
        return f"-({words})" if term.negated else words
    if isinstance(term, FieldTerm):
        words = term.field.name
    elif isinstance(term, PathTerm | CompareTerm):
        words = term.path[-1]
    elif isinstance(term, ListTerm):
        words = ANY.name
    elif isinstance(term, KindTerm):
        words = ",".join(term.one_of)
    else:
        words = write_term(term).removeprefix("-")
        words = words if len(words) <= _LONGEST_WORD else f"{words[: _LONGEST_WORD - 1]}…"
    return f"-{words}" if term.negated else words

"""Parser of the filter line: terms that must all match.

    line  = { blank | term }
    term  = [ "-" ] ( field ":" value { "," value } | "/" regex "/" [ "i" ] | value { "," value } )
    value = { character | "*" | quoted }         no blank, no comma
    quoted = '"' { character | '\\"' | '\\\\' } '"'

A field is one of `fields.FIELDS`, a key of the record, or a dotted path of it. `*` is a wildcard outside quotes, a
comma means "one of", and a word without a field is searched for in the whole record. In a regular expression `\\/` is
a slash. A line can have `LONGEST` characters. Syntax of other query languages outside quotes (`foreign_syntax`) is an
error.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial

from ctui.model.filter.fields import FIELDS, RECORD_KEYS, ValueField, value_field
from ctui.model.filter.kinds import EventKind
from ctui.model.filter.matching.regex import RegexError, compile_regex
from ctui.model.filter.syntax.foreign_syntax import (
    QUOTE_IT,
    foreign_after_comma,
    foreign_value,
    foreign_word,
    hide_quoted,
)
from ctui.model.filter.syntax.foreign_words import Foreign
from ctui.model.filter.terms import FieldTerm, Filter, KindTerm, PathTerm, Pattern, RegexTerm, Term, WordTerm
from ctui.model.filter.write import expands
from ctui.model.lookup.timespan import ends_of, parse_timespan

LONGEST = 10_000
"""The most characters of a line: far more than a person types, few enough to parse at each key."""
FIELD = re.compile(r"(?P<field>[A-Za-z_@][\w@$-]*(?:\.[\w@$-]+)*):")
"""The start of a term with a field: its name or path, and the colon."""
_QUOTED_BACK = 60
"""Characters of a wrong word that an error repeats."""


class FilterError(ValueError):
    """A line is not valid: why, and the index of the character."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def parse_filter(text: str) -> Filter:
    """Parse a line; an empty one is a filter without terms. Raises FilterError at the first wrong character."""
    if len(text) > LONGEST:
        raise FilterError(f"the line has {len(text):,} characters; {LONGEST:,} at most", LONGEST)
    terms: list[Term] = []
    times = Filter()
    at = 0
    before = ""
    while (at := _skip_blanks(text, at)) < len(text):
        start = at
        parsed, at = _term(text, at, times, before)
        before = text[start:at]
        if isinstance(parsed, Filter):
            times = parsed
        else:
            terms.append(parsed)
    return replace(times, terms=tuple(terms))


def _term(text: str, start: int, times: Filter, before: str) -> tuple[Term | Filter, int]:
    """The term that starts at `start`, or `times` with its since or until; and the position after it.

    `before` is the text of the term before it.
    """
    negated = text[start] == "-"
    at = start + negated
    if at >= len(text) or text[at].isspace():
        raise FilterError("- negates what follows: write -name:Value, or quote it", start)
    if text[at] == "/":
        return _regex(text, at, negated)
    found = FIELD.match(text, at)
    if found is None:
        items, end = _items(text, at)
        _check_foreign(text, items, partial(foreign_word, before=before, after=text[end:], negated=negated), end)
        return WordTerm(tuple(_as_pattern(item) for item in items), negated), end
    field, values_at = found["field"], found.end()
    _check_field(field, at)
    items, end = _items(text, values_at)
    if field in ("since", "until"):
        if negated:
            raise FilterError(f"{field}: cannot be negated", start)
        return _moment(field, values_at, times, items), end
    if field != "is":
        _check_foreign(text, items, partial(foreign_value, field), end)
    return _named(field, items, negated, values_at), end


class _Item:
    """One value: its parts between wildcards, its start, and whether all of it is outside quotes."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.parts: list[str] = [""]
        self.bare = True


def _items(text: str, at: int) -> tuple[list[_Item], int]:
    """Values separated by commas, up to a space or the end, and the position after them."""
    items = [_Item(at)]
    while at < len(text) and not text[at].isspace():
        char = text[at]
        if char == ",":
            _check_item(items[-1])
            items.append(_Item(at + 1))
        elif char == '"':
            quoted, at = _quote(text, at)
            items[-1].parts[-1] += quoted
            items[-1].bare = False
            continue
        elif char == "*":
            items[-1].parts.append("")
        else:
            items[-1].parts[-1] += char
        at += 1
    _check_item(items[-1])
    return items, at


def _quote(text: str, start: int) -> tuple[str, int]:
    """The text between the quotes, and the position after them."""
    out: list[str] = []
    at = start + 1
    while at < len(text):
        if text[at] == '"':
            return "".join(out), at + 1
        if text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            at += 1
        out.append(text[at])
        at += 1
    raise FilterError("the quote is not closed", start)


def _regex(text: str, start: int, negated: bool) -> tuple[RegexTerm, int]:
    at = start + 1
    out: list[str] = []
    while at < len(text) and text[at] != "/":
        if text[at] == "\\" and at + 1 < len(text):
            out.append("/" if text[at + 1] == "/" else text[at : at + 2])
            at += 2
        else:
            out.append(text[at])
            at += 1
    if at >= len(text):
        raise FilterError("the regular expression has no closing /", start)
    ignore_case = text[at + 1 : at + 2] == "i"
    end = at + 1 + ignore_case
    if end < len(text) and not text[end].isspace():
        raise FilterError('the expression ends at /: add a space, or quote it as "/…"', end)
    if not out:
        raise FilterError("the regular expression is empty", start)
    term = RegexTerm("".join(out), ignore_case, negated)
    try:
        compile_regex(term.regex, ignore_case)
    except RegexError as error:
        raise FilterError(f"invalid regular expression: {error}", start + 1) from None
    return term, end


def _named(field: str, items: Sequence[_Item], negated: bool, at: int) -> Term:
    if field == "is":
        return KindTerm(tuple(_kind(item) for item in items), negated)
    if (row := value_field(field)) is not None:
        return FieldTerm(row, tuple(_expanded(item, row) for item in items), negated)
    return PathTerm(tuple(field.split(".")), tuple(_as_pattern(item) for item in items), negated)


def _expanded(item: _Item, field: ValueField) -> Pattern:
    pattern = _as_pattern(item)
    if field.suffix and item.bare and pattern.exact and expands(pattern.parts[0]):
        return Pattern((pattern.parts[0] + field.suffix,))
    return pattern


def _as_pattern(item: _Item) -> Pattern:
    """The pattern of a value; adjacent wildcards become one."""
    if len(item.parts) == 1:
        return Pattern((item.parts[0],))
    first, *middle, last = item.parts
    return Pattern((first, *filter(None, middle), last))


def _kind(item: _Item) -> EventKind:
    word = "*".join(item.parts)
    try:
        return EventKind(word)
    except ValueError:
        if nearest := _nearest(word, EventKind):
            raise FilterError(f"is: has no {_short(word)}{nearest}", item.start) from None
        raise FilterError(f"is: takes no {_short(word)}; write one of {', '.join(EventKind)}", item.start) from None


def _moment(field: str, start: int, line: Filter, items: Sequence[_Item]) -> Filter:
    if getattr(line, field) is not None:
        raise FilterError(f"{field}: is already in the line", start)
    if len(items) > 1 or len(items[0].parts) > 1:
        raise FilterError(f"{field}: takes one time, such as 2h or 2026-11-01T12:00Z", start)
    word = items[0].parts[0]
    if (ends := ends_of(word)) is not None:
        instead = " ".join(f"{name}:{end}" for name, end in zip(("since", "until"), ends, strict=True) if end)
        raise FilterError(f"{field}: takes one time{f', write {instead}' if instead else ''}", start)
    try:
        parse_timespan(f"{word}..now" if field == "since" else f"..{word}")
        ranged = replace(line, since=word) if field == "since" else replace(line, until=word)
        ranged.timespan  # noqa: B018 - read for its error: the two may be in the wrong order
    except ValueError as error:
        raise FilterError(str(error), start) from None
    return ranged


def _check_item(item: _Item) -> None:
    if item.parts == [""]:
        raise FilterError("a value is missing here", item.start)


def _check_foreign(text: str, items: Sequence[_Item], foreign_in: Callable[[str], Foreign | None], end: int) -> None:
    """Raise FilterError for foreign syntax in one of these values of `text`; the last one ends at `end`."""
    for index, item in enumerate(items):
        item_end = items[index + 1].start - 1 if index + 1 < len(items) else end
        visible = hide_quoted(text[item.start : item_end])
        foreign = (foreign_after_comma(visible) if index else None) or foreign_in(visible)
        if foreign is not None:
            raise FilterError(f"{foreign.means}; {QUOTE_IT}", item.start + foreign.at)


def _check_field(field: str, at: int) -> None:
    if field in FIELDS or "." in field or field in RECORD_KEYS:
        return
    hint = _nearest(field, [*FIELDS, *RECORD_KEYS])
    raise FilterError(f'there is no field {_short(field)}{hint}; to search for a text with a colon, "quote it"', at)


def _short(word: str) -> str:
    return repr(word if len(word) <= _QUOTED_BACK else f"{word[:_QUOTED_BACK]}…")


def _nearest(word: str, known: Sequence[str] | type[EventKind]) -> str:
    if len(word) > _QUOTED_BACK:
        return ""
    close = get_close_matches(word, [str(one) for one in known], 1)
    return f" (did you mean {close[0]}?)" if close else ""


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at

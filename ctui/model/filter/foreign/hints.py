"""Foreign: syntax of another language in a text, and what helps to say what to write instead."""

import re
from typing import Final

from ctui.model.event.record import RECORD_KEYS
from ctui.model.filter.fields import field_called, value_field
from ctui.model.values import dataclass

QUOTE_IT: Final = '"quote it" for the text'
"""The way to search for the text itself."""
_KEYS: Final = {key.casefold(): key for key in RECORD_KEYS}
"""Keys of a record, by their lowercase names."""
_LONGEST_SAMPLE = 24
_SAMPLE = re.compile(r'[\w@./:-]+\*?|"[\w ]+"')
_ITEM = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,|]+")
_RANGE = re.compile(r"[\[{]([^\s\[\]{}]{1,40})\s+TO\s+([^\s\[\]{}]{1,40})[\]}]")
_OPERATORS: Final = {"and": "AND", "&&": "AND", "or": "OR", "||": "OR", "not": "NOT"}
_LIST = re.compile(r"[(\[{]([^()\[\]{}]{1,80})[)\]}]")
ACCOUNT = re.compile(r"([0-9]{4})-([0-9]{4})-([0-9]{4})")
"""An account as the AWS console writes it."""
QUOTES: Final = "'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f\uff02"
"""Quotes of SQL, of shells, of other alphabets, and of texts copied from a chat or a document."""
_REQUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]{{1,40}})[{QUOTES}]")
_TRUTH: Final = {"true": "yes", "false": "no"}
SIMPLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@/-]*")
"""What most words are: no character of another language is in it."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Characters without a width, which come along when a text is copied from a page or a chat."""
_WIDE = re.compile(r"([A-Za-z_.]+)([\uff1a\uff1d])(.*)", re.DOTALL)
NAME: Final = r"[A-Za-z_@][\w@$-]*(?:\.[\w@$-]+)*"
"""A field or a path, as an expression."""
FIELD = re.compile(rf"-?({NAME}):")
"""A term with a field, up to its colon."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Foreign syntax in a text."""

    at: int
    """The index of its first character in the text."""
    means: str
    """What is not supported, and what to write instead, if possible."""
    unfinished: bool = False
    """True if it is so only at the end of the line: one more word makes a phrase of it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a word, as typed."""

    before: str = ""
    """The condition before the word, or the parenthesis; "" behind an operator, and at the start."""
    after: str = ""
    """The line after the word, up to a bound."""
    index: int = 0
    """How many conditions are before the word."""

    @property
    def next(self) -> str:
        """The text after the word up to a blank; "" if there is none."""
        return (self.after.split(maxsplit=1) or [""])[0]

    @property
    def last(self) -> str:
        """The word after the word, if nothing comes after it; else ""."""
        words = self.after.split(maxsplit=2)
        return words[0] if len(words) == 1 else ""


ALONE: Final = Around()
"""Nothing around a word."""


def record_key(folded: str) -> str:
    """The key of a record with this lowercase name; "" if there is none."""
    return _KEYS.get(folded, "")


def known_field(name: str) -> str:
    """The field or path that a name means, ignoring case; "" if it means none."""
    first, dot, rest = name.lstrip("$.").partition(".")
    folded = first.casefold()
    right = record_key(folded) or field_called(folded)
    return "" if dot and right not in RECORD_KEYS else f"{right}{dot}{rest}" if right else ""


def field_of_term(term: str) -> str:
    """The field or path of a term that has one; "" for other terms."""
    return known_field(found[1]) if (found := FIELD.match(term)) is not None else ""


def said(field: str, value: str) -> str:
    """A value as the field says it: yes for true where it takes yes; else the value."""
    row, meant = value_field(field), _TRUTH.get(value.casefold(), value)
    return meant if row is not None and meant in row.values else value


def requoted(text: str, after: str) -> str:
    """What stands in other quotes at the start of a text, in quotes of a line; "…" in them if it is too long."""
    found = _REQUOTED.match(f"{text}{after}")
    inner = text.strip(QUOTES) if found is None else found[1]
    return bare(inner) if " " in inner and bare(inner) else f'"{bare(inner) or "…"}"'


def sample_of(value: str) -> str:
    """The value if it is short and plain enough to repeat in a hint; else ""."""
    return value if value and len(value) <= _LONGEST_SAMPLE and _SAMPLE.fullmatch(value) else ""


def bare(value: str) -> str:
    """A value as it can be repeated in a hint, without quotes that it does not need; "" if it is too long for that."""
    inner = value.strip("\"'`,;{}[]")
    return sample_of(f'"{inner}"' if " " in inner else inner)


def items(text: str) -> list[str]:
    """The values of a list in parentheses at the start of a text, as a filter line has them, and operators in capitals.

    [] if there is no list, and for one that is too long to repeat.
    """
    if (found := _LIST.match(text)) is None:
        return []
    words = [_OPERATORS.get(item, item) for item in _ITEM.findall(found[1])]
    values = [bare(word) for word in words if word != "OR"]
    return values if all(values) and len(",".join(values)) <= 2 * _LONGEST_SAMPLE else []


def listed(text: str) -> str:
    """The values of a list in parentheses at the start of a text, with commas; "A,B" if they are not repeated."""
    return ",".join(items(text)) or "A,B"


def invisible(text: str) -> Foreign | None:
    """A character that is not seen, which recorded texts hardly ever have; None if there is none."""
    if text.isascii() or (found := _INVISIBLE.search(text)) is None:
        return None
    return Foreign(found.start(), f"an invisible character, U+{ord(found[0]):04X}, is here: delete it")


def wide(text: str) -> Foreign | None:
    """A colon, an equals sign or a parenthesis as keyboards for Chinese and Japanese write it; None for other texts.

    A colon and an equals sign are those of a term behind a field's name alone, and parentheses those of a group where
    the other one is elsewhere.
    """
    if text.isascii():
        return None
    if (found := _WIDE.match(text)) is not None and (field := known_field(found[1])):
        return Foreign(found.end(1), f"{found[2]} is a wide character: write {field}:{sample_of(found[3]) or 'Value'}")
    for one, other, narrow, does in (("\uff08", "\uff09", "(", "open"), ("\uff09", "\uff08", ")", "close")):
        if one in text and other not in text:
            return Foreign(text.index(one), f"{one} does not {does} a group: {narrow} does")
    return None


def ranged(text: str, after: str) -> str:
    """The range that Lucene writes as `[a TO b]`, as `a..b`; "" if there is none."""
    found = _RANGE.match(f"{text}{after}")
    ends = [] if found is None else [end.strip('*"') for end in found.groups()]
    return "..".join(ends) if ends and all(len(end) <= _LONGEST_SAMPLE for end in ends) else ""


def bracket(field: str, text: str, after: str) -> Foreign | None:
    """A parenthesis where a value starts."""
    if not text.startswith("("):
        return None
    whole = f"{text}{after}"
    values = items(whole)
    if not values:
        written = "A,B"
    elif values[0] == "NOT":
        written = " ".join(f"-{field}:{value}" for value in values[1:])
    elif "AND" in values:
        written = " ".join(f"{field}:{value}" for value in values if value != "AND")
    else:
        written = f"{field}:{','.join(values)}"
    return Foreign(0, f"( after a field is not supported: write {written}")

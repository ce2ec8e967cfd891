"""Syntax of other query languages, recognized where a filter line would read it as a plain text and find nothing.

SQL, Lucene, CloudWatch Logs Insights, Athena and shells have AND, OR, NOT, parentheses, comparisons, networks, ranges
and pipes. A line has none of them, so each is refused where it stands outside quotes, with what it would mean. Only
words in capitals are operators; `and`, `or` and `not` are words to search for.
"""

import re
from dataclasses import dataclass
from typing import Final

from ctui.model.fields import NAMES, RECORD_KEYS

QUOTE_IT: Final = '"quote it" for the text'
"""What helps where the text was meant."""

_EITHER = "would mean either term, not possible yet; one field takes name:A,B"
_WORDS: Final = {
    "AND": "AND goes without saying: leave it out",
    "&&": "&& goes without saying: leave it out",
    "OR": f"OR {_EITHER}",
    "||": f"|| {_EITHER}",
    "NOT": "NOT would negate a term: write -name:Value",
    "|": "| would pass events on; a line only filters",
}
"""Operators that stand alone as a word."""
_COMPARING = re.compile(r"!=~?|!~|==|=~|>=|<=|[=<>~]")
_COMPARED = re.compile(rf"([A-Za-z_@][\w@$.-]*?)({_COMPARING.pattern})(.*)", re.DOTALL)
_NETWORK = re.compile(r"(?=[^/]*[.:])([0-9a-fA-F.:*]+)/[0-9.]+")
_SPAN = re.compile(r"[0-9.]+-[0-9.]+")
_EXPRESSION = re.compile(r"/(.+)/i?", re.DOTALL)
_IN_EXPRESSIONS = frozenset("^$.*+?[](){}|\\")
_ADDRESSES = ("ip", "sourceIPAddress")
_NETWORK_NEEDED = "means a network, not possible yet"


@dataclass(frozen=True, slots=True)
class Foreign:
    """One piece of another language."""

    at: int
    """The character where it stands, counted from 0 in the text that was looked at."""
    means: str
    """What it would mean, and how a line says it, if it can."""


def foreign_word(text: str) -> Foreign | None:
    """What another language would read in a word that has no field, as it stands outside quotes; None if nothing."""
    if text in _WORDS:
        return Foreign(0, _WORDS[text])
    if text.startswith("!") and _COMPARING.match(text) is None:
        return Foreign(0, f"! would negate a term: write -{_sample(text[1:]) or 'name:Value'}")
    if (found := _COMPARING.match(text)) is not None:
        return Foreign(0, _compared("name", found[0], "Value"))
    if (found := _COMPARED.fullmatch(text)) is not None and (field := _known(found[1])):
        return Foreign(found.start(2), _compared(field, found[2], found[3]))
    return _bracket(text)


def foreign_value(field: str, text: str) -> Foreign | None:
    """The same for a value that stands behind `field:`, a name or a dotted path."""
    if text.startswith("!") and _COMPARING.match(text) is None:
        return Foreign(0, f"! would negate the value: write -{field}:{_sample(text[1:]) or 'Value'}")
    if (found := _COMPARING.match(text)) is not None:
        return Foreign(0, _compared(field, found[0], text[found.end() :]))
    if field in _ADDRESSES and (foreign := _addresses(field, text)) is not None:
        return foreign
    if text.startswith("[") and not text.endswith("]"):
        return Foreign(0, "[ begins a range of values, not possible yet")
    if (foreign := _bracket(text)) is not None or field not in NAMES:
        return foreign
    return _pattern(field, text)


def _addresses(field: str, text: str) -> Foreign | None:
    if (found := _NETWORK.fullmatch(text)) is not None:
        return Foreign(found.end(1), f"/ {_NETWORK_NEEDED}; {field}:{_beginning(found[1])} takes a beginning")
    if _SPAN.fullmatch(text):
        return Foreign(text.index("-"), "- means a range of addresses, not possible yet")
    return None


def _pattern(field: str, text: str) -> Foreign | None:
    """Wildcards and expressions of other languages, in a field whose values hardly ever hold them."""
    found = _EXPRESSION.fullmatch(text)
    if found is not None and (field != "resource" or not _IN_EXPRESSIONS.isdisjoint(found[1])):
        return Foreign(0, "/ would begin an expression, which takes no field: write /expression/ alone")
    if "|" in text:
        return Foreign(text.index("|"), f"| would mean either value: write {field}:A,B")
    if "?" in text:
        return Foreign(text.index("?"), "? would mean any character: write *")
    return None


def _bracket(text: str) -> Foreign | None:
    """A parenthesis that does not belong to the text itself, as those of `f(x)` do."""
    means = "would group terms, not possible yet"
    if text.startswith("("):
        return Foreign(0, f"( {means}")
    if text.endswith(")") and text.count(")") > text.count("("):
        return Foreign(len(text.rstrip(")")), f") {means}")
    return None


def _compared(field: str, operator: str, value: str) -> str:
    value = _sample(value) or "Value"
    if operator.startswith("!"):
        return f"{operator} would mean not: write -{field}:{value}"
    if operator in ("=", "=="):
        return f"{operator} would compare: write {field}:{value}"
    if "~" in operator:
        return f"{operator} would take an expression: write /expression/"
    if field == "eventTime":
        return f"{operator} would compare times: write since: and until:"
    return f"{operator} would compare sizes, not possible yet"


def _known(name: str) -> str:
    """The field or path that a name means, in its own upper and lower case; "" where it is none."""
    first, dot, rest = name.partition(".")
    right = next((one for one in (*sorted(NAMES), *sorted(RECORD_KEYS)) if one.casefold() == first.casefold()), "")
    return "" if dot and right not in RECORD_KEYS else f"{right}{dot}{rest}" if right else ""


def _beginning(address: str) -> str:
    """A network's address up to a part that is 0, with a wildcard: 10.* for 10.0.0.0."""
    parts = address.split(".")
    kept = [part for place, part in enumerate(parts) if place == 0 or any(one.strip("0") for one in parts[place:])]
    return f"{'.'.join(kept[:3])}.*" if len(parts) > 1 else f"{address.rstrip(':')}:*"


def _sample(value: str) -> str:
    """A value that is short and plain enough to be said again; "" for others."""
    return value if value and len(value) <= 24 and re.fullmatch(r"[\w@./:-]+", value) else ""

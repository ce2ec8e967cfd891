"""Syntax of other query languages, refused because a filter line would search for it as text and find nothing.

SQL, Lucene, CloudWatch Logs Insights, jq, Splunk, shells and plain English have other operators, comparisons, ranges,
pipes, options, quotes, wildcards and times. Each is an error outside quotes, and the error says what to write instead.
What only looks like it in some places is a text to search for in the others; `foreign_phrase` looks at the neighbors.

The functions get texts in which `hide_quoted` has replaced what is in quotes.
"""

import re

from ctui.model.event.record import RECORD_KEYS
from ctui.model.filter.fields import FIELDS
from ctui.model.filter.foreign.commands import command, function_call, starts_a_command
from ctui.model.filter.foreign.comparisons import COMPARING, comparison
from ctui.model.filter.foreign.hints import (
    ACCOUNT,
    ALONE,
    QUOTES,
    SIMPLE,
    Around,
    Foreign,
    bare,
    bracket,
    invisible,
    known_field,
    ranged,
    requoted,
    sample_of,
    wide,
)
from ctui.model.filter.foreign.patterns import list_in, new_term, pattern_in
from ctui.model.filter.foreign.time_words import other_range
from ctui.model.filter.foreign.words import PIPE, joins_or_compares, word_operator

_LONGEST_PHRASE = 200
"""A longer word is no operator, command or time."""
_INSIGHTS = re.compile(r"@(message|timestamp|logStream|log|ptr)\b")
_PATH = re.compile(r"[$.]*(?:Records\[\d*\]\.?)?([A-Za-z_@][\w@$-]*)((?:\.[\w@$-]+)*)")
_RECORDS = re.compile(r"\.(?:\[\]?|Records\b.*)", re.DOTALL)
_CALL = re.compile(r"\w+\(\s*([$.]*[A-Za-z_@][\w@$.-]*)")
_JSON = re.compile(r'[{\[,]*"([^"]*)":')
_DRAWN = re.compile("[\u2500-\u25ff\u2713\u2717]+")
"""Lines, marks and bars that ctui draws, copied from its screen."""
_LEFT_OVER = frozenset(("{", "}", "[", "]", ";", "},", "};", "]}", "}]"))
"""What is left of JSON, SQL and shells around conditions."""


def foreign_phrase(text: str, around: Around, *, negated: bool = False) -> Foreign | None:
    """Foreign syntax in a word with its neighbors, where nothing is in quotes; None if there is none."""
    if len(text) > _LONGEST_PHRASE:
        return None
    return word_operator(text, around) or command(text, around, negated=negated)


def foreign_word(text: str, *, around: Around = ALONE, negated: bool = False) -> Foreign | None:
    """Foreign syntax in one value of a word without a field, or None if there is none."""
    if SIMPLE.fullmatch(text) is not None:
        return _account(text)
    return (
        invisible(text)
        or wide(text)
        or (_dashed(text) if negated else None)
        or _begins(text, around)
        or _parts(text, around)
        or comparison(text, around)
        or _path(text)
        or function_call(text)
        or _inside(text, around)
        or bracket("name", text, around.after)
    )


def must_be_quoted(word: str, *, negated: bool) -> bool:
    """True for a text that a line reads as foreign syntax, whatever its neighbors are."""
    if other_range(word):
        return True
    return (foreign_word(word, negated=negated) or foreign_phrase(word, ALONE, negated=negated)) is not None


def depends_on_neighbors(word: str) -> bool:
    """True for a word that is foreign syntax between some terms but not between others."""
    return joins_or_compares(word) or starts_a_command(word)


def hide_quoted(source: str) -> str:
    """A part of a line, of the same length, with `_` for each special character inside quotes."""
    if '"' not in source:
        return source
    out, quoted, escaped = [], False, False
    for char in source:
        ends = char == '"' and not escaped
        out.append(char if not quoted or ends or char.isalnum() or char == " " else "_")
        escaped = quoted and char == "\\" and not escaped
        quoted = quoted is not ends
    return "".join(out)


def _dashed(text: str) -> Foreign | None:
    if re.fullmatch(r"-(\w\S+)?", text):
        return Foreign(0, "-- is not supported, as a line has no options or comments: leave it out")
    return None


def _begins(text: str, around: Around) -> Foreign | None:
    if re.match(r"\+[A-Za-z_\"]", text):
        return Foreign(0, "+ is not needed, as terms side by side must all match: leave it out")
    if text.startswith("!") and COMPARING.match(text) is None:
        instead = f"-{sample_of(text[1:])}" if sample_of(text[1:]) else "NOT before it" if text[1:] else "-name:Value"
        return Foreign(0, f"! does not negate: write {instead}")
    if text.startswith(tuple(QUOTES)):
        return Foreign(0, f"{text[0]} does not quote here: write {requoted(text, around.after)}")
    if text.startswith("|"):
        return Foreign(0, PIPE)
    if text in _LEFT_OVER:
        return Foreign(0, f"{text} is not needed: leave it out")
    if _DRAWN.fullmatch(text):
        return Foreign(0, f"{text[0]} is drawn by ctui, not recorded: leave it out")
    return None


def _account(text: str) -> Foreign | None:
    if (found := ACCOUNT.fullmatch(text)) is None:
        return None
    return Foreign(0, f"accounts have no dashes here: write account:{''.join(found.groups())}")


def _parts(text: str, around: Around) -> Foreign | None:
    """A part of JSON, and a colon with blanks around it."""
    if (found := _JSON.match(text)) is not None:
        value = bare(text[found.end() :] or around.next) or "Value"
        if not (path := known_field(found[1])):
            return Foreign(found.end() - 1, "JSON is not supported: write a path of the record, as a.b.key:Value")
        written = f"-{path}:*" if value == "null" else f"{path}:{value}"
        return Foreign(found.end() - 1, f"JSON is not supported: write {written}")
    if text.startswith(('["', "['")):
        return Foreign(0, "JSON is not supported: for a list write A,B")
    if re.fullmatch(r":+|:[A-Za-z\"'].*", text, re.DOTALL):
        value = bare(text[1:] or around.next) or "Value"
        name = known_field(around.before.strip('"')) or "name"
        return Foreign(0, f": takes a field before it, and no blank: write {name}:{value}")
    return None


def _path(text: str) -> Foreign | None:
    """A path as in jq, JSON path and Insights, or a function call on one."""
    if (found := _CALL.match(text)) is not None and (field := known_field(found[1])) and field not in FIELDS:
        return Foreign(found.end(0) - len(found[1]), f"functions are not supported: write {field}:Value, or {field}:*")
    if (found := _INSIGHTS.match(text)) is not None:
        if found[1] == "timestamp":
            return Foreign(0, "@timestamp is not supported: for times write since: and until:")
        return Foreign(0, f"{found[0]} is not needed, as words search the whole record: leave it out")
    if (found := _PATH.match(text)) is not None and found[1] in RECORD_KEYS:
        path = found[1] + found[2]
        if text[0] in "$.":
            return Foreign(0, f"{text[0]} is not needed: write {path}:Value")
        if text[found.end() :].startswith("["):
            return Foreign(found.end(), f"[ is not supported: write a path with dots, such as {path}.key:Value")
    if _RECORDS.fullmatch(text):
        return Foreign(0, "jq is not supported: write conditions such as eventName:Value")
    return None


def _inside(text: str, around: Around) -> Foreign | None:
    """Foreign syntax anywhere inside a word."""
    if (found := new_term(text)) is not None:
        return Foreign(found.start(), f"{found[1]} does not end a term: write a space")
    if text.endswith(";"):
        return Foreign(len(text) - 1, "; does not end a line: leave it out")
    if text.startswith("[") and not text.endswith("]") and re.match(r"\[[\w:-]+$", text):
        return Foreign(0, f"[ for ranges is not supported: for times write {ranged(text, around.after) or 'FROM..TO'}")
    return pattern_in(text) or list_in(text)

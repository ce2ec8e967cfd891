"""Syntax of other query languages, refused because a filter line would search for it as text and find nothing.

SQL, Lucene, CloudWatch Logs Insights, jq, Splunk and shells have other operators, comparisons, ranges, pipes, options,
quotes and wildcards. Each is an error outside quotes, and the error says what to write instead. A word in capitals is
always an operator; a word in lowercase only next to terms that leave no doubt: `and`, `or`, `not` next to a term with a
field, `like`, `in`, `is` after a field's name. In other places these are words to search for.

The functions get texts in which `hide_quoted` has replaced what is in quotes.
"""

import re
from typing import Final

from ctui.model.filter.fields import FIELDS, IP, RECORD_KEYS
from ctui.model.filter.syntax.foreign_words import FIELD, PIPE, Foreign, known_field, sample_of, word_operator

QUOTE_IT: Final = '"quote it" for the text'
"""The way to search for the text itself."""

_INSIGHTS = re.compile(r"@(message|timestamp|logStream|log|ptr)\b")
_SETTINGS: Final = {"earliest": "since:", "latest": "until:", "index": "", "sourcetype": ""}
"""Splunk's settings with an equals sign, and the field that means the same."""
_COMPARING = re.compile(r"!=~?|!~|==|=~|>=|<=|<>|[=<>~]")
_COMPARED = re.compile(rf"([$.]*[A-Za-z_@][\w@$.-]*?)({_COMPARING.pattern})(.*)", re.DOTALL)
_PATH = re.compile(r"[$.]*(?:Records\[\d*\]\.?)?([A-Za-z_@][\w@$-]*)((?:\.[\w@$-]+)*)")
_CALL = re.compile(r"\w+\(\s*([$.]*[A-Za-z_@][\w@$.-]*)")
_NEW_TERM = re.compile(r"(&&|;)-?(\w+):")
_FUZZY = re.compile(r".*[\w\"](~\d*|\^\d+)", re.DOTALL)
_ANYTHING = re.compile(r"(?:^|(?<=[A-Za-z\])]))\.[*+]|\\[wdsWDS][*+]|\\\.")
_NUMBERS = re.compile(r"\d+\.\.\d+")
_JSON = re.compile(r'[{\[,]*"([^"]*)":')
_QUOTES = frozenset("'`\u2018\u2019\u201c\u201d")
"""Quotes of SQL, of shells, and of texts copied from a chat or a document."""
_NETWORK = re.compile(r"(?=[^/]*[.:])([0-9a-fA-F.:*]+)/[0-9.]+")
_PARTIAL = re.compile(r"(?:[0-9]{1,3}\.){1,2}[0-9]{0,3}|(?:[0-9]{1,3}\.){3}")
"""An IPv4 address that lacks a part."""
_EXPRESSION = re.compile(r"/(.+)/i?", re.DOTALL)
_IN_EXPRESSIONS = frozenset("^$.*+?[](){}|\\")
_ADDRESSES = ("ip", "sourceIPAddress")
_PLAIN_KEYS = frozenset(("sourceIPAddress", "eventName", "eventSource", "errorCode", "awsRegion"))
"""Keys whose values, like those of all fields, hardly ever contain wildcards or brackets of other languages."""


def foreign_word(text: str, *, before: str = "", after: str = "", negated: bool = False) -> Foreign | None:
    """Foreign syntax in a word without a field, or None if there is none.

    `before` is the term before the word and `after` the rest of the line, both as typed; `negated`: it has a dash.
    """
    return (
        word_operator(text, before, after)
        or _option(text, negated=negated)
        or _begins(text)
        or _comparison(text, before, after)
        or _path(text)
        or _inside(text)
        or _bracket(text)
    )


def foreign_value(field: str, text: str) -> Foreign | None:
    """Foreign syntax in a value of a field or a dotted path, or None if there is none."""
    if text.startswith("!") and _COMPARING.match(text) is None:
        return Foreign(0, f"! does not negate: write -{field}:{sample_of(text[1:]) or 'Value'}")
    if (found := _COMPARING.match(text)) is not None:
        if found[0] == "=":
            return Foreign(0, f"= after a colon is not needed: write {field}:{sample_of(text[1:]) or 'Value'}")
        return Foreign(0, _compared(field, found[0], text[found.end() :]))
    if text in ("null", "NULL"):
        return Foreign(0, f"for no value, write -{field}:*")
    if text[:1] in _QUOTES:
        return Foreign(0, f'{text[0]} does not quote here: write {field}:"…"')
    if field in _ADDRESSES and (foreign := _addresses(field, text)) is not None:
        return foreign
    if (found := _NUMBERS.fullmatch(text)) is not None:
        return Foreign(text.index("."), ".. for ranges of values is not supported")
    if (text.startswith("[") and not text.endswith("]")) or (text.startswith("{") and not text.endswith("}")):
        return Foreign(0, f"{text[0]} for ranges is not supported; for a list write {field}:A,B")
    if (foreign := _bracket(text)) is not None or not (field in FIELDS or field in _PLAIN_KEYS):
        return foreign
    return _pattern(field, text)


def foreign_after_comma(text: str) -> Foreign | None:
    """A term with a field after a comma, where the line expects a value; None if there is none."""
    if (found := FIELD.match(text)) is not None and found[1] in FIELDS:
        return Foreign(0, "a comma separates values: write a space between terms")
    return None


def hide_quoted(source: str) -> str:
    """A part of a line, of the same length, with `_` for each special character inside quotes."""
    out, quoted, escaped = [], False, False
    for char in source:
        ends = char == '"' and not escaped
        out.append(char if not quoted or ends or char.isalnum() or char == " " else "_")
        escaped = quoted and char == "\\" and not escaped
        quoted = quoted is not ends
    return "".join(out)


def _option(text: str, *, negated: bool) -> Foreign | None:
    if negated and re.fullmatch(r"-(\w\S+)?", text):
        return Foreign(0, "-- is not supported: a filter line has no options or comments")
    if negated and len(text) == 1 and text.isalpha():
        return Foreign(0, f"-{text} is not supported: a filter line has no options")
    if re.match(r"\+[A-Za-z_]", text):
        return Foreign(0, "+ is not needed, as every term must match: leave it out")
    return None


def _begins(text: str) -> Foreign | None:
    if text.startswith("!") and _COMPARING.match(text) is None:
        return Foreign(0, f"! does not negate: write -{sample_of(text[1:]) or 'name:Value'}")
    if text[:1] in _QUOTES:
        return Foreign(0, f'{text[0]} does not quote here: write "…"')
    if text.startswith("|"):
        return Foreign(0, PIPE)
    if (found := _JSON.match(text)) is not None:
        path = known_field(found[1]) or "a path of the record"
        return Foreign(found.end() - 1, f"JSON is not supported: write {path}:Value")
    return None


def _comparison(text: str, before: str, after: str) -> Foreign | None:
    if (found := _COMPARING.match(text)) is not None:
        value = text[found.end() :] or (after.split(maxsplit=1) or [""])[0]
        return Foreign(0, _compared(known_field(before) or "name", found[0], value))
    if (found := _COMPARED.fullmatch(text)) is None:
        return None
    name, operator, value = found.groups()
    if name in _SETTINGS and operator == "=":
        instead = _SETTINGS[name]
        how = f"write {instead}{sample_of(value.lstrip('-')) or '2h'}" if instead else "leave it out"
        return Foreign(found.start(2), f"{name}= has no meaning here: {how}")
    sure = value and (len(operator) > 1 or (operator in "<>" and value[0].isdecimal()))
    if operator in "<>=" and known_field(name) not in ("", name):
        # An alias, or a path as jq writes it.
        return Foreign(
            0, f"{name} is {known_field(name)} here: write {known_field(name)}:{sample_of(value) or 'Value'}"
        )
    if field := known_field(name) or ("name" if sure else ""):
        return Foreign(found.start(2), _compared(field, operator, value))
    return None


def _path(text: str) -> Foreign | None:
    """A path as in jq, JSON path and Insights, or a function call on one."""
    if (found := _CALL.match(text)) is not None and (field := known_field(found[1])) and field not in FIELDS:
        return Foreign(found.end(0) - len(found[1]), f"functions are not supported: write {field}:Value, or {field}:*")
    if (found := _INSIGHTS.match(text)) is not None:
        return Foreign(0, f"{found[0]} is not needed: words search the whole record")
    if (found := _PATH.match(text)) is None or found[1] not in RECORD_KEYS:
        return None
    path = found[1] + found[2]
    if text[0] in "$.":
        return Foreign(0, f"{text[0]} is not needed: write {path}:Value")
    if text[found.end() :].startswith("["):
        return Foreign(found.end(), f"[ is not supported: write a path with dots, such as {path}.key:Value")
    return None


def _inside(text: str) -> Foreign | None:
    """Foreign syntax anywhere inside a word."""
    if (found := _new_term(text)) is not None:
        return Foreign(found.start(), f"{found[1]} does not end a term: write a space")
    for mark in ("&&", "|"):
        if mark in text:
            how = "for both words, write a space" if mark == "&&" else "for either word, write A OR B"
            return Foreign(text.index(mark), f"{mark} is not supported: {how}")
    return _anchored(text) or _anything(text) or _fuzzy(text)


def _new_term(text: str) -> re.Match[str] | None:
    """The operator before a term with a field in the middle of a text, or None if there is none."""
    return next((found for found in _NEW_TERM.finditer(text) if found[2] in FIELDS), None)


def _anchored(text: str) -> Foreign | None:
    at = 0 if text.startswith("^") else len(text) - 1 if text.endswith("$") and len(text) > 1 else None
    return None if at is None else Foreign(at, f"{text[at]} is for expressions: write /expression/")


def _anything(text: str) -> Foreign | None:
    if (found := _ANYTHING.search(text)) is None:
        return None
    return Foreign(found.start(), f"{found[0]} is not a wildcard: write *, or /expression/")


def _fuzzy(text: str) -> Foreign | None:
    if (found := _FUZZY.fullmatch(text)) is None:
        return None
    what = "similar words" if found[1].startswith("~") else "weights"
    return Foreign(found.start(1), f"{found[1]} for {what} is not supported")


def _addresses(field: str, text: str) -> Foreign | None:
    if (found := _NETWORK.fullmatch(text)) is not None and (field != IP.name or "*" in text):
        return Foreign(found.end(1), f"/ is for ip: alone: write ip:{text if '*' not in text else '10.0.0.0/8'}")
    if _PARTIAL.fullmatch(text):
        return Foreign(0, f"this is no whole address: write {field}:{text.rstrip('.')}.* or ip:10.0.0.0/8")
    return None


def _pattern(field: str, text: str) -> Foreign | None:
    """Wildcards and expressions of other languages, in a field whose values hardly ever contain them."""
    if (found := _new_term(text)) is not None:
        return Foreign(found.start(), f"{found[1]} does not end a term: write a space")
    found = _EXPRESSION.fullmatch(text)
    if found is not None and (field != "resource" or not _IN_EXPRESSIONS.isdisjoint(found[1])):
        return Foreign(0, "an expression takes no field: write /expression/ alone")
    if "|" in text:
        return Foreign(text.index("|"), f"| is not supported: write {field}:A,B")
    if "?" in text:
        return Foreign(text.index("?"), "? is not a wildcard: write *")
    if text.startswith("{") or (text.startswith("[") and field not in ("agent", "error", "errorCode")):
        return Foreign(0, f"{text[0]} is not supported: write {field}:A,B")
    for at, char in ((0, text[:1]), (len(text) - 1, text[-1:])):
        if char == "%" and not re.match(r"%[0-9A-Fa-f]{2}", text[at:]):
            return Foreign(at, "% is not a wildcard: write *")
    dotted = field not in ("name", "eventName", "error", "errorCode") or text.startswith(("Client.", "Server."))
    if not dotted and (foreign := _anything(text)) is not None:
        return foreign
    return _anchored(text) or _fuzzy(text)


def _bracket(text: str) -> Foreign | None:
    """A parenthesis where a value starts."""
    return Foreign(0, "( after a field is not supported: write A,B") if text.startswith("(") else None


def _compared(field: str, operator: str, value: str) -> str:
    negates = operator.startswith("!") or operator == "<>"
    if value in ('""', "null", "NULL") and (negates or operator in ("=", "==")):
        return f"for {'any' if negates else 'no'} value, write {'' if negates else '-'}{field}:*"
    value = sample_of(value.strip("'")) or "Value"
    if negates:
        return f"{operator} is not supported: write -{field}:{value}"
    if operator == "=":
        return f"= takes no blanks here: write {field}:{value}"
    if operator == "==":
        return f"== is not supported: write {field}:{value}"
    if "~" in operator:
        return f"{operator} is not supported: write /expression/"
    if field in ("since", "until"):
        return f"{operator} is not supported: write {field}:{value}"
    if field == "eventTime":
        return f"{operator} is not supported: write since: and until:"
    if field in FIELDS:
        return f"{operator} compares numbers and times of a path: write requestParameters.maxResults{operator}10"
    return f"{operator} takes no blanks: write {field}{operator}{'10' if value == 'Value' else value}"

"""Syntax of other query languages in the values of a field or a path."""

import re
from typing import Final

from ctui.model.filter.fields import FIELDS, IP
from ctui.model.filter.foreign.comparisons import COMPARING, compared
from ctui.model.filter.foreign.hints import (
    ACCOUNT,
    FIELD,
    QUOTES,
    SIMPLE,
    Foreign,
    bare,
    bracket,
    invisible,
    items,
    ranged,
    requoted,
    sample_of,
)
from ctui.model.filter.foreign.patterns import anchored, anything, defanged, fuzzy, new_term, set_in
from ctui.model.filter.matching.addresses import address_of
from ctui.model.lookup.moment import is_plain_moment

_NUMBERS = re.compile(r"\d+\.\.\d+")
_NETWORK = re.compile(r"(?=[^/]*[.:])([0-9a-fA-F.:*]+)/[0-9.*]+")
_WITH_PORT = re.compile(r"((?:[0-9]{1,3}\.){3}[0-9]{1,3}):[0-9]{1,5}")
_IN_EXPRESSIONS = frozenset("^$.*+?[](){}|\\")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")
"""An IPv6 address as URLs have it."""
_LETTERED = re.compile(r"((?:[0-9]{1,3}\.){1,3})[xX](?:\.[xX])*")
_NO_NAME = re.compile(r"[0-9.:\\-]+|/[0-9.]*")
"""No letter, as each name of a service has one."""
_RANGE = re.compile(r"[0-9.:]+[/-][0-9.:]+")
_EXPRESSION = re.compile(r"/(.+)/i?", re.DOTALL)
_LONGEST_LIST = 40
"""Characters of a list that an error repeats."""
_LONGEST_HINT = 12
"""Characters of a path that an error repeats twice."""
_ADDRESSES = ("ip", "sourceIPAddress")
_PARTIAL = re.compile(r"(?:[0-9]{1,3}\.){1,2}[0-9]{0,3}|(?:[0-9]{1,3}\.){3}")
"""An IPv4 address that lacks a part."""
_TRUTH: Final = {
    **dict.fromkeys(("true", "yes", "any"), "error:*, or is:error"),
    **dict.fromkeys(("false", "no", "none"), "-error:*, or -is:error"),
}
"""Values of a field that other tools have, where an error is true or false."""
_PLAIN_KEYS = frozenset(("sourceIPAddress", "eventName", "eventSource", "eventTime", "errorCode", "awsRegion"))
"""Keys whose values, like those of all fields, hardly ever contain wildcards or brackets of other languages."""


def foreign_value(field: str, text: str, after: str = "") -> Foreign | None:
    """Foreign syntax in a value of a field or a dotted path, or None if there is none.

    `after` is the rest of the line, as typed.
    """
    if text in ("null", "NULL"):
        return Foreign(0, f"for no value, write -{field}:*")
    if text == "NOT":
        words = after.split(maxsplit=1) or [""]
        return Foreign(0, f"NOT stands before a field: write -{field}:{bare(words[0]) or 'Value'}")
    if SIMPLE.fullmatch(text) is not None and field not in _ADDRESSES and ".." not in text:
        return _misplaced(field, text)
    if (foreign := invisible(text)) is not None:
        return foreign
    if text.startswith("!") and COMPARING.match(text) is None:
        return Foreign(0, f"! does not negate: write -{field}:{sample_of(text[1:]) or 'Value'}")
    if (found := COMPARING.match(text)) is not None:
        if found[0] == "=":
            return Foreign(0, f"= after a colon is not needed: write {field}:{sample_of(text[1:]) or 'Value'}")
        if found[0] == "~":
            return Foreign(0, f"~ stands once, before a list: write {field}:~A,B")
        return Foreign(0, compared(field, found[0], text[found.end() :]))
    if text.startswith(tuple(QUOTES)):
        return Foreign(0, f"{text[0]} does not quote here: write {field}:{requoted(text, after)}")
    if field in _ADDRESSES and (foreign := _addresses(field, text)) is not None:
        return foreign
    if (found := _NUMBERS.fullmatch(text)) is not None:
        first, _, last = text.partition("..")
        return Foreign(len(first), f".. for ranges of values is not supported: write path>={first} path<={last}")
    if text[:1] in ("[", "{") and (ends := ranged(text, after)):
        return Foreign(0, f"{text[0]} for ranges is not supported: write {_between(field, ends)}")
    if text[:1] in ("[", "{") and (values := items(f"{text}{after}"))[1:]:
        return Foreign(0, f"{text[0]} for ranges is not supported; for a list write {field}:{','.join(values)}")
    if (text.startswith("[") and not text.endswith("]")) or (text.startswith("{") and not text.endswith("}")):
        return Foreign(0, f"{text[0]} for ranges is not supported; for a list write {field}:A,B")
    if (foreign := bracket(field, text, after)) is not None or not (field in FIELDS or field in _PLAIN_KEYS):
        return foreign
    return _misplaced(field, text) or _pattern(field, text)


def foreign_after_comma(text: str) -> Foreign | None:
    """A term with a field after a comma, where the line expects a value; None if there is none."""
    if (found := FIELD.match(text)) is not None and found[1] in FIELDS:
        return Foreign(0, "a comma separates values: write a space between terms")
    return None


def _addresses(field: str, text: str) -> Foreign | None:
    if text == "AWS":
        return Foreign(0, f'a value with a blank takes quotes: write {field}:"AWS Internal"')
    if (found := _NETWORK.fullmatch(text)) is not None and (field != IP.name or "*" in text):
        return Foreign(found.end(1), f"/ is for ip: alone: write ip:{text if '*' not in text else '10.0.0.0/8'}")
    if _PARTIAL.fullmatch(text) or text.isdecimal():
        return Foreign(0, f"this is no whole address: write {field}:{text.rstrip('.')}.* or ip:10.0.0.0/8")
    if found := _WITH_PORT.fullmatch(text):
        return Foreign(found.end(1), f"addresses are recorded without a port: write {field}:{found[1]}")
    if found := _LETTERED.fullmatch(text):
        return Foreign(len(found[1]), f"x does not stand for any number: write {field}:{found[1]}*")
    if (found := _BRACKETED.fullmatch(text)) is not None and address_of(found[1]) is not None:
        return Foreign(0, f"addresses are recorded without brackets: write {field}:{found[1]}")
    first, dots, last = text.partition("..")
    if dots and address_of(first) is not None and address_of(last) is not None:
        return Foreign(len(first), f".. is for times: write ip:{first}-{last}")
    if _NO_NAME.fullmatch(text) and address_of(text) is None and _RANGE.fullmatch(text) is None:
        return Foreign(0, "this is no whole address: write ip:10.0.0.1, ip:10.* or ip:10.0.0.0/8")
    return None


def _between(field: str, ends: str) -> str:
    """A range of values of a path, or of times."""
    first, _, last = ends.partition("..")
    if field == "eventTime":
        return ends
    if field in FIELDS:
        return f"{field}:A,B"
    path = field if len(field) <= _LONGEST_HINT else "path"
    return " ".join(f"{path}{sign}{end}" for sign, end in ((">=", first), ("<=", last)) if end)


def _misplaced(field: str, text: str) -> Foreign | None:
    """A value that another field has."""
    if '"' in text:
        return None
    if field == "eventSource" and "." not in text and "*" not in text:
        return Foreign(0, f"eventSource is a whole name: write source:{sample_of(text) or 'ec2'}")
    if field == "eventTime" and is_plain_moment(text) and not re.search("[tT].*[zZ]$", text):
        also = f", or {field}:{text}*" if text[:4].isdecimal() else ""
        return Foreign(0, f"eventTime is a whole time: write {text}{also}")
    if field in ("name", "eventName") and text.startswith("-"):
        return Foreign(0, f"- negates a whole term: write -{field}:{sample_of(text[1:]) or 'Value'}")
    if field == "error" and (anyone := _TRUTH.get(text.casefold())) is not None:
        return Foreign(0, f"an error has a code and a message: write {anyone}")
    if field == "user" and text.startswith("arn:"):
        return Foreign(0, "user is a name: for an ARN write who:arn:…")
    if field in ("account", "recipientAccountId") and (found := ACCOUNT.fullmatch(text)) is not None:
        return Foreign(0, f"accounts have no dashes here: write {field}:{''.join(found.groups())}")
    return None


def _pattern(field: str, text: str) -> Foreign | None:
    """Wildcards and expressions of other languages, in a field whose values hardly ever contain them."""
    if (found := new_term(text)) is not None:
        return Foreign(found.start(), f"{found[1]} does not end a term: write a space")
    if (foreign := defanged(text, field)) is not None:
        return foreign
    if text.endswith(";") and field not in ("agent", "error"):
        return Foreign(len(text) - 1, "; does not end a line: leave it out")
    found = _EXPRESSION.fullmatch(text)
    if found is not None and (field != "resource" or not _IN_EXPRESSIONS.isdisjoint(found[1])):
        return Foreign(0, "an expression takes no field: write /expression/ alone")
    for mark in ("|", ";"):
        if mark in text and (mark == "|" or field not in ("agent", "error", "errorCode", "resource", "session")):
            each = [sample_of(part) for part in text.split(mark)]
            values = ",".join(each) if all(each) and len(text) <= _LONGEST_LIST else "A,B"
            return Foreign(text.index(mark), f"{mark} is not supported: write {field}:{values}")
    if "?" in text:
        return Foreign(text.index("?"), "? is not a wildcard: write *")
    if field in ("name", "eventName") and (at := set_in(text)):
        return Foreign(at, f"[ is not supported: write {field}:A,B")
    if text.startswith("{") or (text.startswith("[") and field not in ("agent", "error", "errorCode")):
        return Foreign(0, f"{text[0]} is not supported: write {field}:A,B")
    for at, char in ((0, text[:1]), (len(text) - 1, text[-1:])):
        if char == "%" and not re.match(r"%[0-9A-Fa-f]{2}", text[at:]):
            return Foreign(at, "% is not a wildcard: write *")
    dotted = field not in ("name", "eventName", "error", "errorCode") or text.startswith(("Client.", "Server."))
    if not dotted and (foreign := anything(text)) is not None:
        return foreign
    return anchored(text) or fuzzy(text)

"""What starts lines for other programs: commands, their options, function calls, and phrases of plain English."""

import re
from typing import Final

from ctui.model.event.kind import EventKind
from ctui.model.event.record import RECORD_KEYS
from ctui.model.filter.fields import FIELDS
from ctui.model.filter.foreign.hints import Around, Foreign, field_of_term, known_field, sample_of
from ctui.model.filter.matching.addresses import address_of
from ctui.model.lookup.moment import is_plain_moment

_PROGRAMS: Final = frozenset(("grep", "egrep", "zgrep", "rg", "ag", "jq", "awk", "sed"))
_CONDITIONS: Final = frozenset(("where", "filter", "search", "show", "find", "select"))
"""Words before a condition."""
_SIGNS: Final = frozenset(("is", "in", "like", "contains", "LIKE", "IN", "IS"))
"""Words between a field and its value."""
_COLUMNS: Final = frozenset(("fields", "display", "select", "table", "dedup", "distinct", "parse", "sort", "top"))
"""Words before names of fields."""
_NEVER_WORDS: Final = frozenset(("fields", "dedup", "distinct"))
_ASKING: Final = frozenset(("who", "what", "when", "why", "which", "how"))
"""Words that start a question."""
_WITHOUT: Final = frozenset(("without", "except", "excluding", "unless", "minus"))
_COMBINED: Final = re.compile(r"i?v|vi|ir?n|r?n|ri|iE|Ei|[ABC][0-9]{1,3}|oE|Eo|rin")
"""Options of grep in one word."""
_LIMITS: Final = frozenset(("limit", "head", "tail", "top", "take"))
_ORDERED: Final = {
    "sort": "events are listed by time",
    "order": "events are listed by time",
    **dict.fromkeys(("group", "count", "stats"), "a line only filters"),
}
_PRESENT: Final = frozenset(("ispresent", "exists", "isnull", "has"))
_FUNCTIONS: Final = frozenset(
    (
        "avg", "contains", "count", "count_distinct", "earliest", "endswith", "has", "includes", "isblank", "isempty",
        "ispresent", "isnull", "json_extract", "latest", "len", "length", "like", "lower", "map", "match", "max",
        "min", "regex", "replace", "search", "select", "startswith", "strcontains", "sum", "test", "tolower",
        "toupper", "upper", "values",
    )
)  # fmt: skip
_FUNCTION = re.compile(r"((?:[$.\w]*\.)?)(\w+)\((?=.|$)(?:\s*[\"']([\w.-]{1,24})[\"'])?")
_OPTIONS: Final = {
    "--start-time": "since:",
    "--end-time": "until:",
    "--since": "since:",
    "--until": "until:",
    "--region": "region:",
}
"""Options of `aws cloudtrail lookup-events` that a field says."""
_ATTRIBUTE = re.compile(r"AttributeKey=(\w+),AttributeValue=(\S+)")
_IPV4: Final = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_ADDRESS: Final = rf"{_IPV4}(?:/[0-9]{{1,2}}|-{_IPV4})?|[0-9a-f]{{0,4}}:[0-9a-f:/]{{1,40}}"
_ADDRESS_NEXT = re.compile(rf"(?:(?:net|host|ip|address|src)\s+)?({_ADDRESS})(?=[\s)]|$)", re.IGNORECASE)
_ADDRESS_RANGE = re.compile(rf"{_IPV4}-{_IPV4}")
_OF_ADDRESS: Final = frozenset(("src", "dst", "host", "net", "from", "ip", "by", "source", "address", "addr"))
_ACTS: Final = frozenset(("events", "calls", "done", "made", "deleted", "created", "changed"))
_LOGINS: Final = frozenset(("login", "logins", "logon", "logons", "signin", "signins", "sign-in", "sign-ins"))
_CALLS: Final = frozenset(("call", "calls", "request", "requests", "events"))
_PHRASES: Final = (
    (frozenset(("failed", "failing", "bad", "unsuccessful", "denied")), _LOGINS, "is:login is:error"),
    (frozenset(("successful", "good")), _LOGINS, "is:login -is:error"),
    (frozenset(("failed", "failing", "unsuccessful")), _CALLS, "is:error"),
    (frozenset(("denied", "unauthorized", "forbidden")), _CALLS, "is:denied"),
    (frozenset(("no", "without")), frozenset(("mfa",)), "mfa:no"),
    (frozenset(("with",)), frozenset(("mfa",)), "mfa:yes"),
    (frozenset(("no", "without")), frozenset(("error", "errors")), "-is:error"),
    (frozenset(("with",)), frozenset(("error", "errors")), "is:error"),
    (frozenset(("read", "write")), frozenset(("only", "events", "calls")), "is:{first}"),
)
"""Two words that people write for what a field says."""
_NAMING: Final = frozenset(("user", "who", "role"))
"""Fields whose values can look like any word."""
_SHAPED = re.compile(r"(?=[\w.@/*:+-]{2,64}$)(?:.*[0-9@*._/-].*|[A-Z][a-z]+[A-Z].*|[a-z]+[A-Z].*)")
"""A text that is a value more likely than a word of a sentence."""


def command(text: str, around: Around, *, negated: bool) -> Foreign | None:
    """A command, an option, a function or a phrase, as the whole of a word and its neighbors; None if it is none."""
    return (
        _option(text, around, negated=negated)
        or _leading(text.casefold(), around)
        or _attribute(text)
        or _address(text, around)
        or _phrase(text.casefold(), around)
        or _named(text, around)
    )


def function_call(text: str) -> Foreign | None:
    """A call of a function that other languages have; None if there is none."""
    if (found := _FUNCTION.match(text)) is None or found[2].casefold() not in _FUNCTIONS:
        return None
    path, name, value = found[1].strip("$."), found[2].casefold(), found[3] or "Value"
    field = known_field(path) if path else ""
    start = found.start(2)
    if field:
        wild = {"startswith": f"{value}*", "endswith": f"*{value}"}.get(name, f"*{value}*")
        return Foreign(start, f"functions are not supported: write {field}:{wild}")
    if name == "has" and (key := known_field(value)):
        return Foreign(start, f"functions are not supported: write {key}:*")
    if name in ("test", "match", "search", "regex", "contains", "includes") and found[3]:
        return Foreign(start, f"functions are not supported: write {value} or /{value}/")
    return Foreign(start, "functions are not supported: write conditions such as name:Value")


def starts_a_command(text: str) -> bool:
    """True for a word that is a command or a phrase together with the words after it."""
    word = text.casefold()
    known = _PROGRAMS | _CONDITIONS | _COLUMNS | _LIMITS | _PRESENT | _OF_ADDRESS | _ORDERED.keys() | {"aws", "by"}
    return (
        word in known
        or word in FIELDS
        or len(word) == 1
        or _COMBINED.fullmatch(text) is not None
        or word in _ASKING | _WITHOUT | {"all"}
        or any(word in first for first, _, _ in _PHRASES)
    )


def _option(text: str, around: Around, *, negated: bool) -> Foreign | None:
    if not negated:
        return None
    if text.startswith("-") and (field := _OPTIONS.get(f"-{text.partition('=')[0]}")):
        value = text.partition("=")[2] or around.next
        return Foreign(0, f"a line has no options: write {field}{sample_of(value) or 'Value'}")
    if text == "-lookup-attributes" and (found := _ATTRIBUTE.match(around.next)) is not None:
        return Foreign(0, f"a line has no options: write {_attribute_term(found)}")
    if (_COMBINED.fullmatch(text) or (len(text) == 1 and text.isalpha())) and around.next and not around.index:
        return Foreign(0, f"-{text} is not supported, as a line has no options: leave it out")
    if text.startswith(("-max-", "-page-", "-no-", "-profile", "-output", "-query", "-limit")):
        return Foreign(0, "a line has no options: leave it out")
    return None


def _attribute(text: str) -> Foreign | None:
    found = _ATTRIBUTE.fullmatch(text)
    return None if found is None else Foreign(0, f"options of aws are not supported: write {_attribute_term(found)}")


def _attribute_term(found: re.Match[str]) -> str:
    fields = (field.name for field in FIELDS.values() if field.attribute == found[1])
    if found[1] == "ReadOnly":
        return "is:read" if found[2] == "true" else "is:write"
    return f"{next(fields, 'name')}:{sample_of(found[2]) or 'Value'}"


def _leading(word: str, around: Around) -> Foreign | None:
    """A command at the start of the line, or behind a pipe, before what it takes."""
    first = around.next
    if not first:
        return None
    if word in _LIMITS and re.fullmatch(r"[0-9]{1,6}", first):
        return Foreign(0, f"{word} is not supported, as m and M load more: leave it out")
    if word == "where" and known_field(first):
        return Foreign(0, "where is not needed: leave it out")
    if around.index:
        return None
    if word in _PROGRAMS or (word == "aws" and first == "cloudtrail"):
        return Foreign(0, f"{word} is not needed: leave it out")
    if word in _ORDERED and (first.casefold() in ("by", "desc", "asc") or first.startswith(("@", "count("))):
        return Foreign(0, f"{word} is not supported, as {_ORDERED[word]}: leave it out")
    if word in _PRESENT and (field := _key(first)):
        return Foreign(0, f"{word} is not supported: write {'-' if word == 'isnull' else ''}{field}:*")
    if word in _ASKING and first.isalpha() and not around.last:
        return Foreign(0, "a sentence is searched as words: write terms, such as user:alice is:write")
    column = first.rstrip(",")
    named = known_field(column) if word in _NEVER_WORDS else _key(column)
    if word in _COLUMNS and (named or first.startswith(("@", "*"))):
        return Foreign(0, f"{word} is not needed, as a line only filters: leave it out")
    if word in _CONDITIONS and _is_condition(around.after.split(maxsplit=2)):
        return Foreign(0, f"{word} is not needed: leave it out")
    return None


def _is_condition(words: list[str]) -> bool:
    """True if words start with a field that is compared."""
    name, *sign = re.split("([=!<>])", words[0], maxsplit=1)
    compared = sign or (words[1:2] and (words[1] in _SIGNS or words[1][0] in "=!<>"))
    return bool(field_of_term(words[0]) or (compared and known_field(name)))


def _key(name: str) -> str:
    """The path that a name means; "" if it is a field or a word."""
    field = known_field(name)
    return field if field.partition(".")[0] in RECORD_KEYS else ""


def _address(text: str, around: Around) -> Foreign | None:
    if _ADDRESS_RANGE.fullmatch(text):
        return Foreign(0, f"addresses are a field: write ip:{text}")
    found = _ADDRESS_NEXT.match(around.after.lstrip()) if text.casefold() in _OF_ADDRESS else None
    if found is not None and address_of(re.split("[/-]", found[1])[0]) is not None:
        return Foreign(0, f"addresses are a field: write ip:{found[1]}")
    return None


def _phrase(word: str, around: Around) -> Foreign | None:
    following = around.next.casefold().rstrip(".,")
    if word in ("readonly", "read-only"):
        return Foreign(0, "this is searched as a word: write is:read")
    if word == "is" and following in tuple(EventKind):
        return Foreign(0, f"is takes a colon: write is:{following}")
    if word == "all" and following == "events":
        return Foreign(0, "this is searched as words: an empty line shows all events")
    for firsts, seconds, line in _PHRASES:
        if word in firsts and following in seconds:
            return Foreign(0, f"this is searched as words: write {line.format(first=word)}")
    if word in _WITHOUT and (value := sample_of(around.last)):
        instead = f"is:{value}" if value in tuple(EventKind) else value
        return Foreign(0, f"{word} is a word here: write -{instead}", unfinished=True)
    return None


def _ends_phrase(around: Around) -> bool:
    """True if at most one word follows before the end of the line, a time, an operator or a term with a field."""
    following = around.after.split(maxsplit=2)[1:2]
    return not following or bool(
        following[0] in ("AND", "OR", "NOT") or is_plain_moment(following[0]) or field_of_term(following[0])
    )


def _named(text: str, around: Around) -> Foreign | None:
    """A field's name without a colon before its value, and `by` before a name, where no other word follows."""
    value, word = around.next if _ends_phrase(around) else "", text.casefold()
    if (
        not value
        or value.startswith(":")
        or any(sample_of(one) != one for one in value.split(","))
        or field_of_term(value)
        or known_field(value)
    ):
        return None
    by = word == "by" and (around.index == 0 or around.before in _ACTS or field_of_term(around.before))
    if by and not is_plain_moment(value):
        return Foreign(0, f"{text} is a word here: write who:{value}", unfinished=True)
    if (
        around.index == 0
        and (row := FIELDS.get(word))
        and (word in _NAMING or value in row.values or _SHAPED.match(value))
    ):
        return Foreign(0, f"{word} takes a colon: write {word}:{value}", unfinished=True)
    return None

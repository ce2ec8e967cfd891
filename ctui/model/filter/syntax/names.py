"""Names before a colon or a comparison: fields, and paths of the record, in any letter case."""

import re
from difflib import get_close_matches
from typing import Final

from ctui.model.event.record import RECORD_KEYS
from ctui.model.filter.fields import FIELDS, field_called
from ctui.model.filter.foreign.hints import NAME, QUOTE_IT, record_key, said, sample_of
from ctui.model.filter.syntax.errors import FilterError
from ctui.model.lookup.moment import is_plain_moment

FIELD: Final = re.compile(rf"({NAME}):")
"""The start of a term with a field: its name or path, and the colon."""
COMPARED: Final = re.compile(rf"({NAME}?)(=(?![=~])|<(?!>)=?|>=?)")
"""A name and what compares it: an equals sign, or a sign of order."""
_ELASTIC: Final = {
    "cloud.account.id": "account",
    "cloud.region": "region",
    "event.action": "name",
    "event.id": "id",
    "event.provider": "source",
    "source.address": "ip",
    "source.ip": "ip",
    "user.name": "user",
    "user_agent.original": "agent",
}
"""Fields of Elastic, and what they are here."""
_WRAPPERS: Final = frozenset(("records", "aws", "cloudtrail", "detail", "event", "record", "_source"))
"""What other tools put around a record."""
_SIMILAR = 0.7
"""How much of a wrong word a known one must share to be suggested."""
_REPEATED = 60
"""Characters of a wrong word that an error repeats."""


def canonical(name: str) -> str:
    """The field or path that a name means, in the letter case of the table or of records; "" if it is not known.

    Only the first key of a path is known; what follows must be as it is recorded.
    """
    first, dot, rest = name.partition(".")
    folded = first.casefold()
    if not dot and folded in FIELDS:
        return folded
    key = record_key(folded)
    return f"{key}{dot}{rest}" if key else ""


def compared_name(name: str, mark: str) -> str:
    """The name in front of a mark that `COMPARED` finds; "" if the two are part of a text, as in `a=b`."""
    return canonical(name) or (name if mark != "=" and "." in name else "")


def checked_name(name: str, at: int, after: str) -> str:
    """The canonical name, or a path with a key that records may have. Raises FilterError if it is neither.

    `after` is the line after the colon, up to a bound.
    """
    if known := canonical(name):
        return known
    value = (after.split(maxsplit=1) or [""])[0].rstrip(",;") if after[:1].strip() else ""
    from_someone = name in ("from", "to") and value[:1].isalpha() and not is_plain_moment(value)
    if name != "arn" and not from_someone and (field := field_called(name.casefold())):
        meant = f"(did you mean {field}?): write {field}:{said(field, sample_of(value)) or 'Value'}"
        raise FilterError(f"there is no field {shortened(name)} {meant}; {QUOTE_IT}", at)
    if "." in name:
        if instead := _of_other_schemas(name, value):
            raise FilterError(f"records have no {shortened(name)}: write {instead}; {QUOTE_IT}", at)
        return name
    wrong = f"there is no field {shortened(name)}"
    if advice := _meant(name, value):
        raise FilterError(f'{wrong}: {advice}; to search for a text with a colon, "quote it"', at)
    hint = nearest(name, (*FIELDS, *RECORD_KEYS))
    raise FilterError(f'{wrong}{hint}; to search for a text with a colon, "quote it"', at)


def _of_other_schemas(name: str, value: str) -> str:
    """What to write for a path of Elastic or of EventBridge; "" for one that records may have."""
    value = sample_of(value) or "Value"
    if name in _ELASTIC:
        return f"{_ELASTIC[name]}:{value}"
    if name == "event.outcome":
        return "-is:error" if value == "success" else "is:error"
    first, *keys = name.split(".")
    known = next((index for index, key in enumerate(keys) if key in RECORD_KEYS), None)
    return f"{'.'.join(keys[known:])}:{value}" if first.casefold() in _WRAPPERS and known is not None else ""


def _meant(name: str, value: str) -> str:
    """What to write for a text with a colon that is no field and its value; "" if that is not known."""
    if name == "arn":
        return "for an ARN write who:arn:…, or resource:arn:…"
    if name == "AWS" and value.startswith(":"):
        return f"write type:{name}:{sample_of(value) or ':S3::Bucket'}"
    if name in ("from", "to") and sample_of(value):
        return f"for a name write who:{value}"
    if name in ("_exists_", "exists", "_missing_"):
        return f"write {'-' if name == '_missing_' else ''}{sample_of(value) or 'errorCode'}:*"
    if re.fullmatch(r"A[A-Z]IA[A-Z0-9]{8,}|A[A-Z]{2}A[A-Z0-9]{8,}", name):
        return "for a principal ID write who:ID"
    if value.startswith("//"):
        return f'write "{name}:{sample_of(value) or "//…"}"'
    if name.startswith("@"):
        return "for times write since: and until:" if name == "@timestamp" else "words search the whole record"
    if re.fullmatch(r"[a-z][a-z0-9-]+", name) and re.fullmatch(r"[A-Z][A-Za-z]+\*?|\*", value):
        action = "" if value == "*" else f" name:{value}"
        return f"for an action write source:{name}{action}"
    return ""


def expands(value: str) -> bool:
    """True for a value that stands for itself and the field's suffix, such as the source ec2."""
    return "." not in value


def shortened(word: str) -> str:
    """A wrong word as an error repeats it, in quotes."""
    return repr(word if len(word) <= _REPEATED else f"{word[:_REPEATED]}…")


def nearest(word: str, known: tuple[str, ...]) -> str:
    """ " (did you mean …?)" with the known word that is nearest, or "" if none is near."""
    close = get_close_matches(word, known, 1, _SIMILAR) if len(word) <= _REPEATED else ()
    return f" (did you mean {close[0]}?)" if close else ""

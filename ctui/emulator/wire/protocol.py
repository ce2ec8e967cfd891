"""The JSON 1.1 protocol: the action of a request, and its body as checked parameters."""

from collections.abc import Callable
from typing import Any

import msgspec

from ctui.emulator.actions import ACTIONS, Kind, Member
from ctui.emulator.errors.conditions import Condition, Refusal

TARGETS = ("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.", "CloudTrail_20131101.")
"""The prefixes of the action in X-Amz-Target: that of botocore and the CLIs, and that of Smithy's SDKs."""

FIRST_SECOND, LAST_SECOND = -62135596800, 253402300799
"""Epoch seconds of the years 1 to 9999, the range of a datetime."""

Parameters = dict[str, Any]


def action_of(target: str | None, named: str | None = None) -> str:
    """The action in X-Amz-Target, or else `named` (2015: the parameter Action of the query string).

    Raises Refusal if there is none, an unknown one, or two different ones.
    """
    action = named
    if target:
        action = next((target[len(prefix) :] for prefix in TARGETS if target.startswith(prefix)), "")
    elif not named:
        raise Refusal(Condition.ACTION_MISSING)
    if action not in ACTIONS:
        raise Refusal(Condition.ACTION_UNKNOWN, action=target or named)
    if named and named != action:
        raise Refusal(Condition.ACTION_CLASH)
    return action


def parameters_of(action: str, body: bytes, *, today: bool) -> Parameters:
    """The request's parameters by the reference's names, with checked types, without null and unknown members.

    Raises Refusal if it is not a JSON object, or a parameter has a wrong type, is missing or repeated.
    """
    members = _object(body)
    parameters: Parameters = {}
    for member in ACTIONS[action]:
        if member.since and not today:
            continue
        spellings = [name for name in (member.name, *member.spellings) if members.get(name) is not None]
        if len(spellings) > 1:
            raise Refusal(Condition.PARAMETER_CLASH, name=member.name)
        if spellings:
            parameters[member.name] = _READERS[member.kind](member.name, members[spellings[0]])
        elif member.required:
            _missing(member)
    return parameters


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as failure:
        raise Refusal(Condition.JSON_MALFORMED, detail=str(failure)) from None
    if not isinstance(decoded, dict):
        raise Refusal(Condition.JSON_MALFORMED, detail=f"It is a {_type_of(decoded)}.")
    return decoded


def _missing(member: Member) -> None:
    raise Refusal(Condition.PARAMETER_MISSING, name=member.name, wire=member.name[0].lower() + member.name[1:])


def _wrong(name: str, value: object, wanted: Kind) -> Refusal:
    return Refusal(Condition.TYPE_WRONG, name=name, got=_type_of(value), wanted=wanted)


def _type_of(value: object) -> str:
    match value:
        case bool():
            return "TRUE_VALUE" if value else "FALSE_VALUE"
        case int() | float():
            return "NUMBER_VALUE"
        case str():
            return "STRING_VALUE"
        case list():
            return "START_ARRAY"
        case dict():
            return "START_OBJECT"
        case _:
            return "NULL_VALUE"


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, value, Kind.STRING)
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, Kind.BOOLEAN)
    return value


def _integer(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise _wrong(name, value, Kind.INTEGER)
    return int(value)


def _timestamp(name: str, value: object) -> float:
    # JSON integers have any length. They are compared as integers: a float could overflow.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(name, value, Kind.TIMESTAMP)
    return value


def _items(name: str, value: object, wanted: Kind) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(name, value, wanted)
    return value


def _strings(name: str, value: object) -> list[str]:
    return [_string(name, item) for item in _items(name, value, Kind.STRINGS)]


def _pairs(name: str, value: object, wanted: Kind, keys: tuple[str, str], required: int) -> list[dict[str, str]]:
    found = []
    for item in _items(name, value, wanted):
        if not isinstance(item, dict):
            raise _wrong(name, item, wanted)
        pair = {key: _string(f"{name}.{key}", item[key]) for key in keys if item.get(key) is not None}
        for key in keys[:required]:
            if key not in pair:
                _missing(Member(f"{name}.{key}"))
        found.append(pair)
    return found


def _attributes(name: str, value: object) -> list[dict[str, str]]:
    return _pairs(name, value, Kind.ATTRIBUTES, ("AttributeKey", "AttributeValue"), 2)


def _tags(name: str, value: object) -> list[dict[str, str]]:
    return _pairs(name, value, Kind.TAGS, ("Key", "Value"), 1)


_READERS: dict[Kind, Callable[[str, object], Any]] = {
    Kind.STRING: _string,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.TIMESTAMP: _timestamp,
    Kind.STRINGS: _strings,
    Kind.ATTRIBUTES: _attributes,
    Kind.TAGS: _tags,
}

"""The JSON 1.1 protocol: the action of a request, and its body as checked parameters."""

from collections.abc import Callable, Set
from typing import Any

import msgspec

from ctui.emulator.actions import ACTIONS, Kind, Member
from ctui.emulator.errors.conditions import Condition, Refusal

TARGETS = ("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.", "CloudTrail_20131101.")
"""The prefixes of the action in X-Amz-Target: that of botocore and the CLIs, and that of Smithy's SDKs."""

FIRST_SECOND, LAST_SECOND = -62135596800, 253402300799
"""Epoch seconds of the years 1 to 9999, the range of a datetime."""

Parameters = dict[str, Any]


def action_of(target: str | None, known: Set[str], named: str | None = None) -> str:
    """The action in X-Amz-Target, or else `named` (2015: the parameter Action of the query string).

    Raises Refusal if there is none, one that is not in `known`, or two different ones.
    """
    action = named
    if target:
        action = next((target[len(prefix) :] for prefix in TARGETS if target.startswith(prefix)), "")
    elif not named:
        raise Refusal(Condition.ACTION_MISSING)
    if action is None or action not in known:
        raise Refusal(Condition.ACTION_UNKNOWN, action=target or named)
    if named and named != action:
        raise Refusal(Condition.ACTION_CLASH)
    return action


def parameters_of(action: str, body: bytes, *, today: bool) -> Parameters:
    """The request's parameters by the reference's names, with checked types, without null and unknown members.

    Raises Refusal if it is not a JSON object, or a parameter has a wrong type, is missing or repeated.
    """
    members = object_of(body)
    parameters: Parameters = {}
    for member in ACTIONS.get(action, ()):
        if member.since and not today:
            continue
        spellings = [name for name in (member.name, *member.spellings) if members.get(name) is not None]
        if len(spellings) > 1:
            raise Refusal(Condition.PARAMETER_CLASH, name=member.name)
        if spellings:
            parameters[member.name] = _value(member, member.name, members[spellings[0]])
        elif member.required:
            _missing(member.name)
    return parameters


def object_of(body: bytes) -> dict[str, Any]:
    """The members of a JSON body, none for an empty one. Raises Refusal if it is not a JSON object."""
    if not body.strip():
        return {}
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as failure:
        raise Refusal(Condition.JSON_MALFORMED, detail=str(failure)) from None
    if not isinstance(decoded, dict):
        raise Refusal(Condition.JSON_MALFORMED, detail=f"It is a {_type_of(decoded)}.")
    return decoded


def _missing(name: str) -> None:
    raise Refusal(Condition.PARAMETER_MISSING, name=name, wire=name[0].lower() + name[1:])


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


def _structures(member: Member, name: str, value: object) -> list[dict[str, Any]]:
    structures = []
    for item in _items(name, value, member.kind):
        if not isinstance(item, dict):
            raise _wrong(name, item, member.kind)
        structure = {}
        for part in member.parts:
            path = f"{name}.{part.name}"
            if item.get(part.name) is not None:
                structure[part.name] = _value(part, path, item[part.name])
            elif part.required:
                _missing(path)
        structures.append(structure)
    return structures


def _value(member: Member, name: str, value: object) -> Any:
    """A member's value with checked types. `name` is its path in error messages."""
    return _structures(member, name, value) if member.parts else _READERS[member.kind](name, value)


_READERS: dict[Kind, Callable[[str, object], Any]] = {
    Kind.STRING: _string,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.TIMESTAMP: _timestamp,
    Kind.STRINGS: _strings,
}

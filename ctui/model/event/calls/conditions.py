"""Conditions on a record: what makes some calls notable, and others not.

Each constructor returns a test of a decoded record. None of them raises, whatever the record contains.
"""

import json
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

from ctui.model.event.record import mapping, texts_of, values_at

Condition = Callable[[dict[str, Any]], bool]

_REQUEST = ("requestParameters",)
_LONGEST_NETWORK = 50
"""Characters of the longest text that can be a network."""
_WIDEST = {4: 7, 6: 3}
"""A network with a prefix of at most so many bits is the world, or so much of it that it makes no difference."""


def has(path: str, *values: str) -> Condition:
    """True if the record has a value at or below a path, one of these if any are given; without letter case."""
    parts, wanted = tuple(path.split(".")), frozenset(value.casefold() for value in values)
    return lambda record: any(not wanted or value.casefold() in wanted for value in values_at(record, parts))


def lacks(path: str, *values: str) -> Condition:
    """The opposite of `has`."""
    condition = has(path, *values)
    return lambda record: not condition(record)


def allows_anyone(path: str) -> Condition:
    """True if a policy, an object or its JSON as a text, allows every principal something, with no condition.

    Source: IAM user guide, "AWS JSON policy elements: Principal".
    """
    parts = tuple(path.split("."))

    def test(record: dict[str, Any]) -> bool:
        value: object = record
        for part in parts:
            value = mapping(value).get(part)
        return any(map(_allows_anyone, _statements(value)))

    return test


def outside_principal(record: dict[str, Any]) -> bool:
    """True if the permission is for someone: the principal in the request is not an AWS service."""
    return any(not value.endswith(".amazonaws.com") for value in values_at(record, (*_REQUEST, "principal")))


def opens_to_the_world(record: dict[str, Any]) -> bool:
    """True if the request names a network as wide as 0.0.0.0/0 or ::/0, or nearly so."""
    return any(map(_is_the_world, values_at(record, _REQUEST)))


def reads_no_public_parameter(record: dict[str, Any]) -> bool:
    """True unless every parameter in the request is one that AWS publishes for everyone, under /aws/service/."""
    names = [
        value
        for key in ("name", "names", "path")
        for value in values_at(record, (*_REQUEST, key))
    ]  # fmt: skip
    return not names or not all("/aws/service/" in name for name in names)


def _is_the_world(text: str) -> bool:
    if "/" not in text or len(text) > _LONGEST_NETWORK:
        return False
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen <= _WIDEST[network.version]


def _statements(policy: object) -> Iterator[dict[str, Any]]:
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except (ValueError, RecursionError):
            return
    statements = mapping(policy).get("Statement")
    yield from map(mapping, statements if isinstance(statements, list) else [statements])


def _allows_anyone(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    return (
        statement.get("Effect") == "Allow"
        and not statement.get("Condition")
        and (principal == "*" or "*" in texts_of(mapping(principal).get("AWS")))
    )

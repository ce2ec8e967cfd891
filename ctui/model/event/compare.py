"""Compare two records path by path."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_ABSENT: Any = object()
_MOST = 20_000
"""Paths at most: a record of a megabyte may have more than a person reads."""


class ComparedPath(NamedTuple):
    """What stands at one path of two records, as text; None for nothing."""

    path: str
    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        """True if the two values are not the same."""
        return self.left != self.right


def compare_records(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[ComparedPath]:
    """Every path of either record that holds a value, in the order of the left one, then of the right one.

    Items of a list are compared by their place. At most 20,000 paths are compared.
    """
    compared: list[ComparedPath] = []
    waiting: list[tuple[str | None, Any, Any]] = [(None, left or _ABSENT, right or _ABSENT)]
    while waiting and len(compared) < _MOST:
        path, one, other = waiting.pop()
        parts = list(_parts(path, one, other))
        if parts:
            waiting += reversed(parts)
        elif path is not None:
            compared.append(ComparedPath(path, _text(one), _text(other)))
    return compared


def _parts(path: str | None, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """What lies one step below a path; nothing for two values that hold no others."""
    own, others = _members(one), _members(other)
    if (own and _is_value(other)) or (others and _is_value(one)):
        # A value at this path of one record, members below it in the other.
        assert path is not None, "both records are objects"
        yield from _alone(path, one, left=True)
        yield from _alone(path, other, left=False)
        return
    for key in dict.fromkeys((*own, *others)):
        yield _below(path, key), own.get(key, _ABSENT), others.get(key, _ABSENT)


def _is_value(value: Any) -> bool:
    return value is not _ABSENT and not _members(value)


def _alone(path: str, value: Any, *, left: bool) -> Iterator[tuple[str, Any, Any]]:
    members = _members(value)
    for below, one in ((_below(path, key), member) for key, member in members.items()) if members else ((path, value),):
        yield (below, one, _ABSENT) if left else (below, _ABSENT, one)


def _below(path: str | None, key: str) -> str:
    return key if path is None else f"{path}.{key}"


def _members(value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    return {str(index): one for index, one in enumerate(value)} if isinstance(value, list) else {}


def _text(value: Any) -> str | None:
    if value is _ABSENT:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)

"""What an event is about: the names, IDs and ARNs in its resources, its request and its response."""

from collections.abc import Iterator, Mapping
from typing import Any

from ctui.model.event.record import text

_BODIES = ("requestParameters", "responseElements", "serviceEventDetails")
"""Where a record says what a call, or an event of a service, was about."""
_NOT_NAMES = frozenset(("accountId", "type"))
"""Keys of an item of a record's `resources` that name no resource."""
_ARN_FIELDS = 5
"""Colons in an ARN before the resource: arn:partition:service:Region:account:resource."""


def things_of(record: Mapping[str, Any]) -> Iterator[str]:
    """Every text in a record's resources, request and response, and the details of a service event."""
    for item in _items(record.get("resources")):
        if isinstance(item, dict):
            yield from _texts([value for key, value in item.items() if key not in _NOT_NAMES])
    for key in _BODIES:
        yield from _texts(record.get(key))


def short_names(name: str) -> tuple[str, ...]:
    """Other names of the thing that a name or ARN names; () if there is no other.

    Of an ARN, what follows the type, that without a qualifier, and the last part of its path: of …:role/ci/Admin these
    are ci/Admin and Admin, of …:function:f:prod f:prod and f. Of any other name, the last part: f of /aws/lambda/f.
    """
    names: tuple[str, ...]
    if name.startswith("arn:") and name.count(":") >= _ARN_FIELDS:
        resource = name.split(":", _ARN_FIELDS)[_ARN_FIELDS]
        cuts = [at for at in map(resource.find, ":/") if at >= 0]
        whole = resource[min(cuts) + 1 :] if cuts else resource
        # What follows a colon is a version, an alias or a wildcard, which others have too.
        base = whole.partition(":")[0]
        names = (whole, base, base.rpartition("/")[2])
    else:
        names = (name[max(name.rfind(":"), name.rfind("/")) + 1 :],)
    return tuple(short for short in dict.fromkeys(names) if short not in ("", "*", name))


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(root: object) -> Iterator[str]:
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif text(value):
            yield text(value)

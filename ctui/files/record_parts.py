"""Parts of a decoded record, each read by itself: a part of another type than documented is as good as missing."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ctui.files.named_resources import Named, clean
from ctui.model.event.event import Resource
from ctui.model.event.record import mapping, text

_LONGEST: Final = 200
"""Characters of a value that a message repeats."""


def listed(value: object) -> Iterator[Named]:
    """A record's own list of resources."""
    for one in value if isinstance(value, list) else ():
        item = mapping(one)
        if name := text_in(item, "ARN") or text_in(item, "ARNPrefix"):
            yield text_in(item, "type"), name


def resources_named(named: list[Named]) -> tuple[Resource, ...]:
    """The resources with these types and names."""
    return tuple(Resource(kind, name) for kind, name in named)


def returned(value: object) -> tuple[Resource, ...]:
    """The resources of an entry, as they came."""
    items = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple(Resource(text_in(one, "ResourceType"), text_in(one, "ResourceName")) for one in items)


def text_in(values: Mapping[str, Any], key: str) -> str | None:
    """A text among these members; None for an empty one, and for anything else."""
    return clean(text(values.get(key))) or None


def truth_of(value: object) -> str | None:
    """Either "true" or "false", as LookupEvents has ReadOnly; None for what is neither."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) and value in ("true", "false") else None


def id_of(value: object) -> str | None:
    """An event's ID. If it has invalid characters two could look the same, and the hash of the record counts."""
    given = text(value)
    return given if clean(given) == given else None


def written(value: object) -> str:
    """A decoded value as JSON; "" for null, and for what is nested too deeply."""
    try:
        return "" if value is None else json.dumps(value)
    except (ValueError, RecursionError):
        return ""


def brief(value: object) -> str:
    """A decoded value for a message, cut if it is long."""
    shown = clean(written(value))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"

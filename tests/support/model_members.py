"""Answers against botocore's model of a service: which members the model does not have."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, Shape, StructureShape

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "timestamp": (int, float),
    "integer": int,
    "long": int,
}


def unknown_members(shape: Shape, value: Any) -> Iterator[str]:
    """The members of a JSON value that the shape does not have, and those of another type."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, part in value.items():
            if name in shape.members:
                yield from unknown_members(shape.members[name], part)
            else:
                yield name
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for item in value:
            yield from unknown_members(shape.member, item)
    elif not isinstance(value, _TYPES[shape.type_name]):
        yield f"{shape.name} as {value!r}"


def xml_value(shape: Shape, text: bytes, inside: str | None = None) -> Any:
    """An answer in XML as a JSON value of the shape; `inside` is the element that has the members, if not the first."""
    root = ET.fromstring(re.sub(rb' xmlns="[^"]*"', b"", text))
    element = root if inside is None else root.find(inside)
    assert element is not None, text
    return _value(shape, element)


def _value(shape: Shape | None, element: ET.Element) -> Any:
    if isinstance(shape, StructureShape):
        names = {part.serialization.get("name", name): name for name, part in shape.members.items()}
        found = {}
        for child in element:
            name = names.get(child.tag, child.tag)
            found[name] = _value(shape.members.get(name), child)
        return found
    if isinstance(shape, ListShape):
        return [_value(shape.member, child) for child in element]
    written = element.text or ""
    match shape.type_name if shape is not None else "string":
        case "boolean":
            return {"true": True, "false": False}[written]
        case "integer" | "long":
            return int(written)
        case "timestamp":
            return datetime.fromisoformat(written).timestamp()
        case _:
            return written

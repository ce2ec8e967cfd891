"""A record as a tree: every value with its path, in the order of the JSON, and JSON that stands inside a text too.

Nodes are made as they are asked for, from any of them on, so that the first of a large record do not wait for the
others.
"""

import json
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from typing import Any, Final, TypeAlias, cast
from urllib.parse import unquote

from ctui.model.values import dataclass

Address: TypeAlias = tuple[int, ...]
"""Where a node stands: its index among its siblings, below those of the nodes that it is in. Addresses sort as the JSON
has the nodes, and repeated keys have one each."""
Path: TypeAlias = tuple[str, ...]
"""Keys from the top of a record down; an item of a list has its index, in digits."""
Members: TypeAlias = "tuple[tuple[str, Json], ...]"
Json: TypeAlias = "Members | list[Json] | Spelled | str | bool | None"
"""A decoded value: an object is a tuple of its members, repeated keys included."""

_NO_FOLDS: Final[frozenset[Path]] = frozenset()
_COMPARED: Final = 100
"""Siblings that are looked at for the longest key."""
_LONGEST_KEY: Final = 24
"""Characters of a key that takes part in it."""


class Spelled(str):
    """A number, or NaN and the like, in the JSON's own spelling."""

    __slots__ = ()


class TextEncoding(StrEnum):
    """How JSON stands inside a text."""

    PLAIN = "JSON text"
    PERCENT = "JSON text, percent-encoded"


@dataclass(frozen=True, slots=True)
class RecordValue:
    """A value of a record and where it stands; as recorded, so hostile until `render` has cleaned it."""

    path: Path
    """From the top of the record, as a path of the filter; () for a resource that only the service names."""
    inside: Path
    """If `path` leads to a text that contains JSON: where the value stands in that. Otherwise ()."""
    text: str
    """The value without quotes; compact JSON, in ASCII, for an object or a list."""
    single: bool = True
    """False for an object or a list."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value in the tree."""

    address: Address
    path: Path
    """All keys down to it, those inside a text included."""
    value: Json
    children: int
    """How many members or items it has, or the JSON inside its text."""
    encoding: TextEncoding | None
    """How its text contains JSON, or None if it does not."""
    text_at: int | None
    """If it stands inside a text: how many keys of the path lead to that text."""
    in_list: bool
    """Whether its key is an index."""
    longest_key: int
    """Characters of the longest key among it and its siblings."""
    folded: bool = False
    """Whether its children are left out."""

    @property
    def key(self) -> str:
        """Its key or index; "" for a record that is a single value."""
        return self.path[-1] if self.path else ""

    def recorded(self) -> RecordValue:
        """The value with its path."""
        cut = len(self.path) if self.text_at is None else self.text_at
        single = not isinstance(self.value, tuple | list)
        text = spelled(self.value) if single else json_text(self.value)
        return RecordValue(self.path[:cut], self.path[cut:], text, single)


class RecordTree:
    """A decoded record. Raises ValueError if the text is not one JSON value, or is nested too deeply to decode."""

    def __init__(self, record: str) -> None:
        self._root = _decoded(record)
        self._inside: dict[str, tuple[Json, TextEncoding | None]] = {}

    def nodes(self, start: Address = (0,), *, folded: Collection[Path] = _NO_FOLDS) -> Iterator[Node]:
        """The nodes from an address on, which can be one behind the last child of its parent.

        Those below a path of `folded` are left out.
        """
        frames = self._frames(start)
        while frames:
            frame = frames[-1]
            if frame.next >= len(frame.container):
                frames.pop()
                continue
            node = self._node(frame, folded)
            frame.next += 1
            yield node
            if node.children and not node.folded:
                frames.append(self._below(node))

    def at(self, address: Address, *, folded: Collection[Path] = _NO_FOLDS) -> Node:
        """The node of an address that is in the tree."""
        return self._node(self._frames(address)[-1], folded)

    def address_of(self, path: Path) -> Address | None:
        """The address of the first node with a path, or None if there is none."""
        address: Address = ()
        frame = self._top()
        for depth, key in enumerate(path):
            index = _index_of(frame.container, key)
            if index is None:
                return None
            address = (*address, index)
            if depth + 1 < len(path):
                frame.next = index
                frame = self._below(self._node(frame, _NO_FOLDS))
        return address or None

    def search(self, matches: Callable[[str], bool]) -> Iterator[Address | None]:
        """The addresses of nodes whose key or single value matches, folds or not; None for each that does not.

        A text that contains JSON is searched in its own nodes.
        """
        for node in self.nodes():
            single = not node.children and not isinstance(node.value, tuple | list)
            found = (not node.in_list and matches(node.key)) or (single and matches(spelled(node.value)))
            yield node.address if found else None

    def _top(self) -> "_Frame":
        root = self._root
        if isinstance(root, tuple | list):
            return _Frame(root, 0, (), (), None)
        content, encoding = self._json_inside(root)
        if encoding is None:
            return _Frame((("", root),), 0, (), (), None)
        return _Frame(cast("Members | list[Json]", content), 0, (), (), 0)

    def _frames(self, start: Address) -> "list[_Frame]":
        """The frames of the nodes that an address is in, each at the index that comes next in it."""
        frames = [self._top()]
        for index in start[:-1]:
            frame = frames[-1]
            frame.next = index
            frames.append(self._below(self._node(frame, _NO_FOLDS)))
            frame.next += 1
        frames[-1].next = start[-1]
        return frames

    def _node(self, frame: "_Frame", folded: Collection[Path]) -> Node:
        index, container = frame.next, frame.container
        if isinstance(container, tuple):
            key, value = container[index]
        else:
            key, value = str(index), container[index]
        path = (*frame.path, key) if key or frame.path or len(container) > 1 else ()
        content, encoding = self._json_inside(value)
        children = len(content) if isinstance(content, tuple | list) else 0
        return Node(
            (*frame.address, index),
            path,
            value,
            children,
            encoding,
            frame.text_at,
            isinstance(container, list),
            frame.longest_key,
            bool(children) and path in folded,
        )

    def _below(self, node: Node) -> "_Frame":
        content, encoding = self._json_inside(node.value)
        text_at = node.text_at if node.text_at is not None or encoding is None else len(node.path)
        return _Frame(cast("Members | list[Json]", content), 0, node.path, node.address, text_at)

    def _json_inside(self, value: Json) -> tuple[Json, TextEncoding | None]:
        """What a value contains: itself, or the JSON inside a text."""
        if not isinstance(value, str) or isinstance(value, Spelled):
            return value, None
        start = value[:20].lstrip()[:3].upper()
        if not start or not (start[0] in "{[" or start in ("%7B", "%5B")):
            return value, None
        known = self._inside.get(value)
        if known is None:
            known = self._inside[value] = _inside(value)
        return known


class _Frame:
    """A container while its nodes are made."""

    __slots__ = ("address", "container", "longest_key", "next", "path", "text_at")

    def __init__(
        self, container: "Members | list[Json]", following: int, path: Path, address: Address, text_at: int | None
    ) -> None:
        self.container = container
        self.next = following
        self.path = path
        self.address = address
        self.text_at = text_at
        self.longest_key = _longest_key(container)


def spelled(value: Json) -> str:
    """A single value as the JSON has it, without quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def json_text(value: Json) -> str:
    """A value as compact JSON in ASCII, numbers as they were spelled."""
    pieces: list[str] = []
    waiting: list[Json | _Piece] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, _Piece):
            pieces.append(one.text)
        elif isinstance(one, tuple):
            waiting.append(_Piece("}"))
            for place, (key, member) in reversed(list(enumerate(one))):
                waiting += (member, _Piece(("," if place else "") + json.dumps(key) + ":"))
            pieces.append("{")
        elif isinstance(one, list):
            waiting.append(_Piece("]"))
            for place, item in reversed(list(enumerate(one))):
                waiting += (item, _Piece("," if place else ""))
            pieces.append("[")
        else:
            pieces.append(json.dumps(one) if isinstance(one, str) and not isinstance(one, Spelled) else spelled(one))
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class _Piece:
    """JSON that is written as it is."""

    text: str


def _decoded(text: str) -> Json:
    """Raises ValueError if the text is not JSON."""
    hooks: dict[str, Any] = {
        "object_pairs_hook": tuple,
        "parse_int": Spelled,
        "parse_float": Spelled,
        "parse_constant": Spelled,
    }
    try:
        return cast("Json", json.loads(text, **hooks))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _inside(text: str) -> tuple[Json, TextEncoding | None]:
    percent = text.lstrip().startswith("%")
    try:
        content = _decoded(unquote(text) if percent else text)
    except ValueError:
        return text, None
    if not isinstance(content, tuple | list) or not content:
        return text, None
    return content, TextEncoding.PERCENT if percent else TextEncoding.PLAIN


def _longest_key(container: "Members | list[Json]") -> int:
    if isinstance(container, list):
        return len(str(len(container) - 1))
    lengths = (len(key) for key, _ in container[:_COMPARED])
    return max((length for length in lengths if length <= _LONGEST_KEY), default=0)


def _index_of(container: "Members | list[Json]", key: str) -> int | None:
    if isinstance(container, list):
        return int(key) if key.isdecimal() and len(key) < _LONGEST_KEY and int(key) < len(container) else None
    return next((index for index, (each, _) in enumerate(container) if each == key), None)

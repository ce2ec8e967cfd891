"""A node of a record as lines: its key, and its value or what it holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from ctui.model.event.record_tree import Node, Spelled, spelled
from ctui.model.event.recorded_time import recorded_time
from ctui.render.roles import Line, Role, Span
from ctui.render.text.marks import Marking, painted
from ctui.render.text.spans import clean, clean_portions, count, wrapped
from ctui.render.text.spans import width as cells_of
from ctui.render.text.times import distance

_INDENT = 2
_OPEN, _FOLDED, _LEAF = "▾ ", "▸ ", "  "


def node_lines(node: Node, happened: datetime | None, width: int) -> Iterator[Line]:
    """A node's lines in `width` cells, safe to draw, each made when it is asked for.

    `happened` is when the event did, None if that is not known: values that are times tell how far from it they are.
    """
    indent = min(_INDENT * (len(node.address) - 1), width // 3)
    sign = (_FOLDED if node.folded else _OPEN) if node.children else _LEAF
    key = clean(node.key, Role.DIM if node.in_list else Role.JSON_KEY)
    used = cells_of(key)
    gap = max(0, min(node.longest_key, width // 3) - used) + 2 if key else 0
    column = indent + len(sign) + used + gap
    before: Line = ((" " * indent + sign, Role.DIM), *key)
    value = _value(node, happened)
    if column > width // 2:
        # Behind a long key, or far to the right, a value has more room below its key.
        yield from wrapped(chain(before, ((" " * gap, Role.PLAIN),), value), width, indent + 2 * len(sign))
        return
    for number, line in enumerate(wrapped(value, width - column)):
        if number:
            yield ((" " * column, Role.PLAIN), *line) if line else ()
        else:
            yield (*before, (" " * gap, Role.PLAIN), *line) if line else before


def mark_node(node: Node, lines: Sequence[Line], marking: Marking) -> Sequence[Line]:
    """The lines that `node_lines` made of a node, with the marks of its key and its value."""
    key = () if node.in_list else marking(node.key, None)
    value = "" if node.children or isinstance(node.value, tuple | list) else spelled(node.value)
    texts = [(_OPEN if node.children else "", ()), (node.key, key), (value, marking(value, node.path) if value else ())]
    return painted(lines, texts)


def _value(node: Node, happened: datetime | None) -> Iterator[Span]:
    value = node.value
    if node.encoding is not None:
        size = f", {count(len(spelled(value)))} characters" if node.folded else ""
        yield f"{node.encoding.value}{size}", Role.DIM
    elif isinstance(value, tuple):
        if node.folded or not value:
            yield _counted(len(value), "key") if value else "{}", Role.DIM
    elif isinstance(value, list):
        if node.folded or len(value) != 1:
            yield _counted(len(value), "item") if value else "[]", Role.DIM
    elif value == "":
        yield '""', Role.DIM
    else:
        text = spelled(value)
        role = Role.JSON_NUMBER if isinstance(value, Spelled) else Role.JSON_TEXT
        role = role if isinstance(value, str) else Role.JSON_WORD
        yield from clean_portions(text, role)
        if happened is not None and (time := recorded_time(node.key, text)) is not None and time != happened:
            yield f"  {distance(time, happened)}", Role.DIM


def _counted(number: int, thing: str) -> str:
    return f"{count(number)} {thing}{'s' if number != 1 else ''}"

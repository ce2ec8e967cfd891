"""PackedRows: the lines of a record of any length, kept as texts.

A line of spans is a dozen objects, and the garbage collector goes through all that there are: for a record of 1 MB,
0.2 s in the midst of a key. A text it passes over.
"""

import re
import struct
from bisect import bisect_left
from collections.abc import Iterable

from ctui.model.event.record_tree import Address, RecordValue
from ctui.render.record.detail import DetailRow
from ctui.render.roles import Line, Role

_ROLES = tuple(Role)
_CODES = {role: chr(1 + number) for number, role in enumerate(_ROLES)}
"""A control character for each role: a line that is ready to be drawn contains none."""
_SPAN = re.compile(r"([\x01-\x1f])([^\x01-\x1f]*)")
assert len(_ROLES) < ord(" "), "a control character for each role"


class PackedRows:
    """Rows by number, from 0, and by their node."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._places: list[bytes] = []
        self._parts: list[int] = []
        self._values: dict[int, RecordValue] = {}
        self.head = 0
        """Lines of the head, the empty one below it included; 0 while there are none."""

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, number: int) -> DetailRow:
        place = self._places[number]
        address = _unpacked_address(place) if place else None
        return DetailRow(_unpacked(self._lines[number]), address, self._parts[number], self._values.get(number))

    def is_empty(self, number: int) -> bool:
        """Whether a line has no text."""
        return not self._lines[number]

    def in_node(self, number: int, address: Address) -> bool:
        """Whether there is a row of that number, and it is one of this node."""
        return 0 <= number < len(self._places) and self._places[number] == _packed_address(address)

    def first_of(self, address: Address) -> int | None:
        """The first row of a node, or None if it is not here."""
        place = _packed_address(address)
        # Addresses sort as their bytes do, and rows of the head, which have none, stand before all others.
        number = bisect_left(self._places, place)
        return number if place and number < len(self._places) and self._places[number] == place else None

    def add(self, rows: Iterable[DetailRow]) -> int:
        """Add rows at the end; returns how many."""
        before = len(self._lines)
        for row in rows:
            if not row.line and not self.head:
                self.head = len(self._lines) + 1
            if row.value is not None:
                self._values[len(self._lines)] = row.value
            self._lines.append("".join([_CODES[role] + text for text, role in row.line]))
            self._places.append(b"" if row.address is None else _packed_address(row.address))
            self._parts.append(row.part)
        return len(self._lines) - before

    def cut(self, number: int) -> None:
        """Take out the rows from this number on, which stands below the head."""
        del self._lines[number:], self._places[number:], self._parts[number:]


def _unpacked(line: str) -> Line:
    return tuple((text, _ROLES[ord(code) - 1]) for code, text in _SPAN.findall(line))


def _packed_address(address: Address) -> bytes:
    return struct.pack(f">{len(address)}I", *address)


def _unpacked_address(place: bytes) -> Address:
    return struct.unpack(f">{len(place) // 4}I", place)

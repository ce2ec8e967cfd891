"""KeyParser: reads of a key also where it is on a Latin layout, if the terminal says so.

The kitty protocol can report three codes of a key: what it writes, what it writes with shift, and the key of a US
layout in the same place. Textual asks for none but the first, and its parser raises at the others.
https://sw.kovidgoyal.net/kitty/keyboard-protocol/#key-codes
"""

import re
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.events import Key

ASK_FOR_BASE_KEYS = "\x1b[=4;2u"
"""Adds "report alternate keys" to what the terminal was asked for already; it ends with that."""
_KEY = re.compile(r"\x1b\[(\d+):\d*(?::(\d+))?(?:;(\d*)(?:;([\d:]*))?)?u")
_SHIFT = 1
_CAPS = 64
_WITH_SHIFT = str.maketrans("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?')
"""A US layout: letters aside."""


class PlacedKey(Key):
    """A key of which is known what a US layout has in its place. `KeyboardLayout` says which of both is meant."""

    def __init__(self, key: str, character: str | None, base: str) -> None:
        """`base`: Textual's name of the key of a US layout."""
        super().__init__(key, character)
        self.base = base


class KeyParser(XTermParser):
    """Makes a PlacedKey of a key that is another one on a US layout, and is as Textual's otherwise."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        whole = _KEY.fullmatch(sequence)
        if whole is None:
            yield from super()._sequence_to_key_events(sequence, alt)
            return
        code, base, modifiers, text = whole.groups(default="")
        base_key = self._on_us_layout(int(base), modifiers, bool(text)) if base else ""
        for key in super()._sequence_to_key_events(_written(code, modifiers, text), alt):
            placed = base_key not in ("", key.key)
            yield PlacedKey(key.key, key.character, base_key) if placed else key

    def _on_us_layout(self, code: int, modifiers: str, writes: bool) -> str:
        """The name of a key, of the codes that the protocol gives for it."""
        bits = int(modifiers or 1) - 1
        character = chr(code)
        if writes and bits & (_SHIFT | _CAPS) and character.isalpha():
            character = character.upper()
        elif writes and bits & _SHIFT:
            character = character.translate(_WITH_SHIFT)
        text = str(ord(character)) if writes else ""
        keys = list(super()._sequence_to_key_events(_written(str(code), modifiers, text)))
        return keys[0].key if keys else ""


def _written(code: str, modifiers: str, text: str) -> str:
    """The sequence of a key with the codes that Textual knows."""
    return f"\x1b[{code};{modifiers};{text}u" if text else f"\x1b[{code};{modifiers or 1}u"

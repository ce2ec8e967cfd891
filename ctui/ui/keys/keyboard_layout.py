"""KeyboardLayout: which of ctui's keys is meant on a keyboard whose letters are not Latin.

In a line that is typed in, a key means what it writes. Elsewhere a Cyrillic or Greek letter is no key of ctui: the key
of a US layout in the same place is meant, if the terminal tells which one that is. If it does not, a message says
why nothing happens.
"""

import unicodedata
from collections.abc import Callable

from textual.events import Key, Paste
from textual.keys import key_to_character

from ctui.ui.terminal.driver import PlacedKey


class KeyboardLayout:
    """Remembers from letter to letter whether the layout is Latin: other keys do not show it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """`say` shows a short message."""
        self._say = say
        self._latin = True

    def meant(self, key: Key | Paste, *, typing: bool) -> Key | Paste:
        """The key that is meant by one that has come; `typing`: to a line that takes what it writes."""
        if not isinstance(key, Key):
            return key
        letter = _letter(key.key)
        if letter:
            self._latin = unicodedata.name(letter, "").startswith("LATIN")
        if not isinstance(key, PlacedKey):
            if letter and not self._latin and not typing:
                self._say(f"{letter}: the keyboard layout is not Latin, and ctui's keys are")
            return key
        if self._latin or (typing and key.is_printable):
            return Key(key.key, key.character)
        return Key(key.base, key_to_character(key.base))


def _letter(key: str) -> str:
    """The letter of a key, with or without ctrl; "" for another key."""
    name = key.rpartition("+")[2]
    return name if len(name) == 1 and name.isalpha() else ""

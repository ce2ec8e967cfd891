"""Which characters may reach a terminal, what replaces the others, and how many cells each takes."""

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

_MOST_MARKS = 3
"""Marks a character may carry; more of them climb over the neighbouring lines."""

_REMEMBERED = 8192
"""Characters whose kind is kept: looking one up takes a microsecond or two, and a record has many of few kinds."""

_HIDDEN_RANGES = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors and vowel separator
    (0x2800, 0x2800),  # Braille blank: drawn as nothing at all
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors: invisible, and they change the width of what they follow
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0x1F3FB, 0x1F3FF),  # skin tones: no width of their own in some terminals, two cells in others
    (0xE0000, 0xE0FFF),  # tags and further selectors
)
"""Letters and marks by category, yet invisible or of no certain width (Unicode: Default_Ignorable_Code_Point)."""

_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))
"""Control, format (bidi, zero width, tags), surrogate, unassigned, and line and paragraph separators."""

_JOINING_RANGES = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))
"""Hangul vowels and finals, which join the syllable before them."""

_WIDE_RANGES = ((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D376))
"""Wide since Unicode 16, which an older Python's tables do not know."""


@lru_cache(maxsize=_REMEMBERED)
def is_visible(character: str) -> bool:
    """True for a character that shows as what it is: no control, bidi, zero-width, unassigned or lone surrogate."""
    if " " <= character <= "~":
        return True
    return unicodedata.category(character) not in _HIDDEN_CATEGORIES and not _within(character, _HIDDEN_RANGES)


@lru_cache(maxsize=_REMEMBERED)
def is_combining(character: str) -> bool:
    """True for a character drawn over the one before it, which takes no cell."""
    return unicodedata.category(character) in ("Mn", "Me", "Mc") or _within(character, _JOINING_RANGES)


def stand_in(character: str) -> str:
    """What is shown in place of a character that must not be: ␛ for ESC, ⟨U+202E⟩ for a bidi override."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def spell(text: str, stand_in: Callable[[str], str]) -> Iterator[tuple[str, bool]]:
    """Each character as it may be shown, and whether that is a stand-in for a hidden or active one.

    A mark without a character of this text before it, which would land on the border or the next cell, and marks in
    heaps get their stand-in too.
    """
    marks = _MOST_MARKS
    for character in text:
        combining = is_combining(character)
        if not is_visible(character) or (combining and marks >= _MOST_MARKS):
            if not combining:
                marks = _MOST_MARKS
            yield stand_in(character), True
        else:
            marks = marks + 1 if combining else 0
            yield character, False


@lru_cache(maxsize=_REMEMBERED)
def character_cells(character: str) -> int:
    """Cells a visible character takes: 0, 1 or 2 (UAX 11: Wide and Fullwidth take two)."""
    if " " <= character <= "~":
        return 1
    if is_combining(character):
        return 0
    if _within(character, _WIDE_RANGES):
        return 2
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def text_cells(text: str) -> int:
    """Cells a text of visible characters takes."""
    return len(text) if text.isascii() else sum(map(character_cells, text))


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in ranges)

"""What a screen of Unicode becomes in a locale that is not UTF-8: borders, marks and bars in ASCII, cell for cell.

Everything that is drawn is made of the same characters in every locale, and put into those of the terminal when it is
written. So no pane knows of locales, and the legend in help explains the marks that are on the screen.
"""

from collections.abc import Callable

from ctui.render.text.safe import character_cells

_PAIRS = (
    "●* ○o ▲! ✗x ✓+ ◆# ·. …~ •* ▌> ▸+ ▾- ◂< ▼v ◿/ "
    "→> ←< ↑^ ↓_ ×x ±~ ≤< —- –- ⟨< ⟩> ‹< ›> "
    "▁. ▂: ▃- ▄= ▅+ ▆* ▇% █# ▔' ▀\" ░~ ▮# ▯- "
    "─- ╴- ╶- ━= ╸= ╺= ═= ╍= │| ╵| ╷| ┃| ╹| ╻| ║| ╏| ▉| ▊| ▋| ▍| ▎| ▏| ▐| ▕| "
    "┌+ ┏+ ┐+ ┓+ └+ ┗+ ┘+ ┛+ ╔+ ╗+ ╚+ ╝+ ╭+ ╮+ ╯+ ╰+ ├+ ┤+ ┬+ ┴+ ┼+ ┣+ ┫+ ┳+ ┻+ ╋+ ▖+ ▗+ ▘+ ▙+ ▛+ ▜+ ▝+ ▟+"
)
_ASCII = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
"""What stands for each character that ctui and Textual draw. Another one can only be part of a recorded text: if the
locale lacks it, question marks stand for it."""
_LAST_ASCII = 0x7F


class _Characters(dict[int, str]):
    """For `str.translate`: each character as the locale can show it, found out when it comes first."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def __missing__(self, code: int) -> str:
        self[code] = shown = self._shown(chr(code))
        return shown

    def _shown(self, character: str) -> str:
        if ord(character) <= _LAST_ASCII:
            return character
        # Frame and marks are ASCII even where the locale has them: over SSH the terminal is often of another one.
        if ord(character) in _ASCII:
            return _ASCII[ord(character)]
        cells = character_cells(character)
        # A terminal of an East Asian locale takes two cells for what it has in two bytes.
        fits = cells and len(character.encode(self._encoding, "ignore")) == cells
        return character if fits else "?" * cells


def with_ascii_marks(text: str) -> str:
    """The text with ASCII in place of all that ctui itself draws beyond it; what was recorded stays."""
    return text.translate(_ASCII)


def encoder(encoding: str) -> Callable[[str], bytes]:
    """A function from what is to be written to its bytes in an encoding; a text keeps its width in cells."""
    characters = _Characters(encoding)
    return lambda text: text.translate(characters).encode(encoding, "replace")

"""The palette: actions, questions and themes, found by their words; what cannot be done now comes last."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit
from ctui.ui.boxes.find_box import FindBox

_NAME_CELLS, _GROUP_CELLS, _KEY_CELLS = 18, 9, 11
_WORD = re.compile(r"\w+")


class PaletteEntry(NamedTuple):
    """A line of the palette."""

    name: str
    group: str
    key: str
    """As people write it; "" without one."""
    sentence: str
    """What it does."""
    run: Callable[[], object]
    off: str = ""
    """Why it cannot be done now; "" if it can."""
    listed: bool = True
    """False for what is only there once something is typed."""


class Palette(FindBox[PaletteEntry, Callable[[], object]]):
    """Ends with what is to be done, or None. That is done once the box is gone: it may be about the screen below."""

    MOST_CELLS = 116

    def __init__(self, entries: Sequence[PaletteEntry], *, title: str = "Palette") -> None:
        super().__init__(title, "enter do it · esc cancel", "type words of what to do")
        self._entries = tuple(entries)

    def matching(self, words: Sequence[str]) -> Iterable[PaletteEntry]:
        """Entries whose key is typed, or with a word that begins with each typed one: in the name first, then in the
        sentence or group too. What is off comes last, so that enter does something."""
        ranked = [
            (bool(each.off), rank, place, each)
            for place, each in enumerate(self._entries)
            if (each.listed or words) and (rank := _rank(each, words)) is not None
        ]
        return [entry for *_, entry in sorted(ranked, key=lambda ranked: ranked[:3])]

    def line(self, entry: PaletteEntry, cells: int) -> Line:
        """Name, group and key in columns of their own, then what it does, or why it is off."""
        name = clean(entry.name, Role.DIM if entry.off else Role.STRONG)
        about = clean(f"off: {entry.off}", Role.WARNING) if entry.off else clean(entry.sentence)
        return fit(
            (
                *fit(name, _NAME_CELLS),
                *fit(clean(entry.group, Role.DIM), _GROUP_CELLS),
                *fit(clean(entry.key, Role.ACCENT), _KEY_CELLS),
                *about,
            ),
            cells,
        )

    def choose(self, entry: PaletteEntry) -> None:
        """Do it; of what is off, the screen below says the reason."""
        self.dismiss(entry.run)


def _rank(entry: PaletteEntry, words: Sequence[str]) -> int | None:
    """0 if the key or the name is what was typed, 1 if the rest is needed too; None if it does not fit."""
    typed = [part for word in words for part in (_WORD.findall(word) or [word])]
    name = _WORD.findall(entry.name.casefold())
    if _all_begin(typed, name) or (len(words) == 1 and words[0] in entry.key.casefold().split()):
        return 0
    rest = _WORD.findall(f"{entry.group} {entry.sentence}".casefold())
    return 1 if _all_begin(typed, [*name, *rest]) else None


def _all_begin(typed: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in typed)

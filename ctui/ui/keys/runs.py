"""Runs: keys that stand one behind the other and are applied as one edit or one movement.

Where keys come faster than the screen can follow, as from a paste or a line that was held up, only the state behind
all of them matters: nothing is drawn, filtered or completed in between.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from textual.events import Key, Paste

from ctui.model.values import dataclass
from ctui.render.text.spans import clean_text

_LEFT, _RIGHT = ("left",), ("right",)
_HOME, _END = ("home", "ctrl+a"), ("end", "ctrl+e")
_BACKSPACE, _DELETE = ("backspace",), ("delete", "ctrl+d")


@runtime_checkable
class TakesRuns(Protocol):
    """A node that can apply several keys at once while it, or a node in it, has the focus."""

    def take_run(self, keys: Sequence[Key | Paste]) -> int:
        """Apply as many of the first keys as can be applied at once; returns how many."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a run of keys makes of a line."""

    text: str
    cursor: int
    """Characters before the cursor."""
    taken: int
    """How many of the keys have been applied."""
    cut: int
    """Characters that had no room."""


def edited(text: str, cursor: int, keys: Sequence[Key | Paste], longest: int) -> Edit:
    """A line after a run of letters, pastes and the keys that edit a line without selecting; others end the run.

    `longest` is how many characters the line has room for. What goes in is made visible; pasted lines become one.
    """
    before, after = list(text[:cursor]), list(reversed(text[cursor:]))
    cut = taken = 0
    for key in keys:
        if (added := _added(key, longest)) is not None:
            visible, left_out = added
            room = max(0, longest - len(before) - len(after))
            before.extend(visible[:room])
            cut += left_out + max(0, len(visible) - room)
        elif isinstance(key, Key) and not _moved(key.key, before, after):
            break
        taken += 1
    return Edit("".join([*before, *reversed(after)]), len(before), taken, cut)


def one_line(text: str, longest: int) -> tuple[str, int]:
    """A pasted text as one line, later lines included, and how many characters had no room."""
    line = " ".join(line.strip() for line in text.splitlines() if line.strip())
    visible = clean_text(line[:longest])[:longest]
    return visible, max(0, len(line) - longest)


def _added(key: Key | Paste, longest: int) -> tuple[str, int] | None:
    """What a key adds at the cursor, and how many of its characters had no room; None if it adds nothing."""
    if isinstance(key, Paste):
        return one_line(key.text, longest)
    if not key.is_printable or not key.character:
        return None
    return key.character if key.character.isascii() else clean_text(key.character), 0


def _moved(key: str, before: list[str], after: list[str]) -> bool:
    """Delete a character or move the cursor; `after` is in reverse order. False for any other key."""
    if key in _LEFT:
        if before:
            after.append(before.pop())
    elif key in _RIGHT:
        if after:
            before.append(after.pop())
    elif key in _HOME:
        after.extend(reversed(before))
        before.clear()
    elif key in _END:
        before.extend(reversed(after))
        after.clear()
    elif key in _BACKSPACE:
        if before:
            before.pop()
    elif key in _DELETE:
        if after:
            after.pop()
    else:
        return False
    return True

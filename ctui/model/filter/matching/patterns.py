"""Patterns: texts with wildcards, and how they compare with a value."""

from collections.abc import Iterable

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with wildcards, which are between its parts. A single part has no wildcard."""

    parts: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """True if there is no wildcard."""
        return len(self.parts) == 1

    @property
    def folded(self) -> "Pattern":
        """The pattern with the letter case of its parts removed, for values whose case is removed too."""
        return Pattern(tuple(part.casefold() for part in self.parts))


def matches(pattern: Pattern, value: str) -> bool:
    """True if the whole value matches the pattern, case-sensitively."""
    first, last = pattern.parts[0], pattern.parts[-1]
    if pattern.exact:
        return value == first
    if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
        return False
    return in_order(pattern.parts[1:-1], value[len(first) : len(value) - len(last)])


def in_order(parts: Iterable[str], text: str) -> bool:
    """True if the text contains the parts one after the other."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True

"""The members of one object of an answer, read one by one. What does not have the documented form is noted."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ctui.aws.decode.json_parts import Shape, members, shape_of, string_of, whole_text

_LONGEST = 2_000
"""Characters of a part that a note repeats."""
_SCALARS = (Shape.NUMBER, Shape.BOOLEAN)


class Fields:
    """One object, by the names of its members. null counts as absent."""

    def __init__(self, parts: Mapping[str, str], where: str = "") -> None:
        """`parts` as `json_parts.members` returns them; `where` goes before each name in a note."""
        self.reasons: list[str] = []
        """What does not have the documented form, in words."""
        self.lost = False
        """True if something could not be read."""
        self._parts = parts
        self._where = where

    @classmethod
    def of(cls, part: str) -> "Fields | None":
        """The members of a part, or None if it is not an object."""
        parts = members(part)
        return None if parts is None else cls(parts)

    def part(self, name: str) -> str | None:
        """A member as written, or None if it is absent."""
        part = self._parts.get(name)
        return None if part == "null" else part

    def text(self, name: str) -> str | None:
        """A member as text, or None if it is absent or unreadable. A number, true or false counts as written."""
        part = self.part(name)
        if part is None:
            return None
        shape = shape_of(part)
        if shape is Shape.TEXT:
            text, whole = string_of(part)
            if not whole:
                self.note(f'{self._where}{name} has invalid characters, shown as "\ufffd"')
            return text
        if shape in _SCALARS:
            self.note(f"{self._where}{name} is {brief(part)}, not text; kept as written")
            return part
        self.lose(name, part, "text")
        return None

    def string(self, name: str) -> str | None:
        """A member that is text, or None if it is anything else."""
        part = self.part(name)
        return string_of(part)[0] if part is not None and shape_of(part) is Shape.TEXT else None

    def flag(self, name: str) -> bool | None:
        """A member as true or false, also if it is text that says so; None if it is absent or unreadable."""
        part = self.part(name)
        if part is None:
            return None
        if (word := part.strip('"').lower()) in ("true", "false"):
            if word != part:
                self.note(f"{self._where}{name} is {brief(part)}, not true or false; read as {word}")
            return word == "true"
        self.lose(name, part, "true or false")
        return None

    def instant(self, name: str) -> datetime | None:
        """A member as a time in UTC: epoch seconds, or text as AWS's clients accept it. None if unreadable."""
        part = self.part(name)
        if part is None:
            return None
        shape = shape_of(part)
        instant = None
        if shape in (Shape.TEXT, Shape.NUMBER):
            instant = instant_of(string_of(part)[0] if shape is Shape.TEXT else float(part))
        if instant is None:
            self.lose(name, part, "a time")
        return instant

    def note(self, reason: str) -> None:
        """Note something that does not have the documented form, and could be read."""
        self.reasons.append(reason)

    def lose(self, name: str, part: str, expected: str) -> None:
        """Note a part that could not be read."""
        self.lost = True
        self.reasons.append(not_readable(f"{self._where}{name}", part, expected))

    def miss(self, name: str) -> None:
        """Note a member that is missing."""
        self.lost = True
        self.reasons.append(f"{self._where}{name} is missing")

    def take(self, other: "Fields") -> None:
        """Take over the notes of a part of this object."""
        self.reasons += other.reasons
        self.lost = self.lost or other.lost


def not_readable(name: str, part: str, expected: str) -> str:
    """Why a part could not be read, in words that repeat the part."""
    return f"{name} should be {expected}, but is {brief(part)}"


def brief(part: str, longest: int = _LONGEST) -> str:
    """A part as it came, cut if it is very long."""
    clean = whole_text(part)[0]
    return clean if len(clean) <= longest else f"{clean[:longest]}… ({len(clean):,} characters)"


def instant_of(value: float | str) -> datetime | None:
    """Epoch seconds (a number or text) or ISO text as a time in UTC, or None if it is not a time.

    Seconds before 1970 or after the year 9999 are not a time: milliseconds look like that.
    """
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
            instant = datetime.fromisoformat(value)
            instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        else:
            instant = datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.timestamp() >= 0 else None

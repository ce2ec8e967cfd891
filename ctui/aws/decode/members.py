"""The members of one object of an answer, read one by one: what came otherwise than the API says is told of."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ctui.aws.decode.json_parts import Shape, members, shape_of, string_of, whole_text

_LONGEST = 2_000
"""Characters of a part that are told of it."""
_SCALARS = (Shape.NUMBER, Shape.BOOLEAN)


class Fields:
    """One object, by the names of its members. A member that is absent or null was not said."""

    def __init__(self, parts: Mapping[str, str], where: str = "") -> None:
        """`parts` as `json_parts.members` cuts them; `where` stands before each name that is told of."""
        self.reasons: list[str] = []
        """What came otherwise than the API says, in words."""
        self.lost = False
        """True where something that came could not be read."""
        self._parts = parts
        self._where = where

    @classmethod
    def of(cls, part: str) -> "Fields | None":
        """The members of a part; None where it is no object."""
        parts = members(part)
        return None if parts is None else cls(parts)

    def part(self, name: str) -> str | None:
        """A member as it is written; None where it was not said."""
        part = self._parts.get(name)
        return None if part == "null" else part

    def text(self, name: str) -> str | None:
        """A member as text: a number, true or false as it is written."""
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
        """A member that is text; None where it is anything else."""
        part = self.part(name)
        return string_of(part)[0] if part is not None and shape_of(part) is Shape.TEXT else None

    def flag(self, name: str) -> bool | None:
        """A member as true or false, also where it came as such a text."""
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
        """A member as an instant, UTC: epoch seconds, or a text as AWS's own clients take it."""
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
        """Something came otherwise than the API says, and could be read."""
        self.reasons.append(reason)

    def lose(self, name: str, part: str, expected: str) -> None:
        """This part could not be read."""
        self.lost = True
        self.reasons.append(not_readable(f"{self._where}{name}", part, expected))

    def miss(self, name: str) -> None:
        """This member should have come and did not."""
        self.lost = True
        self.reasons.append(f"{self._where}{name} is missing")

    def take(self, other: "Fields") -> None:
        """What was told of a part of this object."""
        self.reasons += other.reasons
        self.lost = self.lost or other.lost


def not_readable(name: str, part: str, expected: str) -> str:
    """Why a part could not be read, in words, with the part as it came."""
    return f"{name} should be {expected}, but is {brief(part)}"


def brief(part: str, longest: int = _LONGEST) -> str:
    """A part as it came, cut where it is very long."""
    clean = whole_text(part)[0]
    return clean if len(clean) <= longest else f"{clean[:longest]}… ({len(clean):,} characters)"


def instant_of(value: float | str) -> datetime | None:
    """Epoch seconds, as a number or written, or an ISO text, as an instant in UTC; None where it is no time.

    Seconds before 1970 and after the year 9999 are none: milliseconds look like that.
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

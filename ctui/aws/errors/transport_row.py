"""A row of the tables of what never got an answer: an exception's class, and how it is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ctui.aws.errors.error_context import ErrorContext
from ctui.errors import ConnectionProblem

Words = str | Callable[[BaseException, ErrorContext], str]
"""Words that are always the same, or that are made from the exception and what was being done."""
_LONGEST = 200
"""Characters of a part of an exception that a message repeats."""


@dataclass(frozen=True, slots=True)
class TransportRow:
    """How an exception is told: as which of our errors, its title, what happened, and what to do."""

    kind: type[ConnectionProblem]
    title: Words
    message: Words
    remedy: Words

    def of(self, error: BaseException, context: ErrorContext) -> ConnectionProblem:
        """Our error for this exception."""
        title, message, remedy = (
            words if isinstance(words, str) else words(error, context)
            for words in (self.title, self.message, self.remedy)
        )
        return self.kind(title, message, remedy)


Table = Mapping[type[BaseException], TransportRow]
"""How each class is told. A class that stands in no table is told as the nearest one it derives from."""


def brief(value: object) -> str:
    """A value out of somebody's configuration in a line, cut where it is long: a message repeats it."""
    line = " ".join(str(value).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def part(error: BaseException, name: str) -> str:
    """What botocore has put into one of its exceptions under a name, in a line; "" where there is nothing."""
    parts = getattr(error, "kwargs", None)
    value = parts.get(name) if isinstance(parts, dict) else None
    return "" if value is None or isinstance(value, BaseException) else brief(value)


def inside(error: BaseException) -> BaseException | None:
    """The exception of another library that one of botocore's was made from."""
    parts = getattr(error, "kwargs", None)
    value = parts.get("error") if isinstance(parts, dict) else None
    return value if isinstance(value, BaseException) else None

"""A row of the tables of transport errors: the text for an exception class."""

from collections.abc import Callable, Mapping

from ctui.aws.errors.error_context import ErrorContext
from ctui.errors import ConnectionProblem, LoginNeeded
from ctui.model.values import dataclass

Words = str | Callable[[BaseException, ErrorContext], str]
"""A fixed text, or a function that makes it from the exception and its context."""
_LONGEST = 200
"""Characters of a part of an exception that a message repeats."""


@dataclass(frozen=True, slots=True)
class TransportRow:
    """Our error for an exception class: its class, title, message and remedy."""

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
        if issubclass(self.kind, LoginNeeded):
            return self.kind(title, message, remedy, context.again)
        return self.kind(title, message, remedy)


Table = Mapping[type[BaseException], TransportRow]
"""The row of each class. A class that is in no table counts as its nearest base class that is."""


def brief(value: object) -> str:
    """A value from a configuration in one line, cut if it is long, for a message."""
    line = " ".join(str(value).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def part(error: BaseException, name: str) -> str:
    """The value that one of botocore's exceptions has under a name, in one line, or "" if there is none."""
    parts = getattr(error, "kwargs", None)
    value = parts.get(name) if isinstance(parts, dict) else None
    return "" if value is None or isinstance(value, BaseException) else brief(value)


def inside(error: BaseException) -> BaseException | None:
    """The exception of another library that one of botocore's wraps, or None."""
    parts = getattr(error, "kwargs", None)
    value = parts.get("error") if isinstance(parts, dict) else None
    return value if isinstance(value, BaseException) else None

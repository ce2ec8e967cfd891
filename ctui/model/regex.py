"""Regular expressions over recorded text: RE2, whose time grows with the text and never with its malice."""

from functools import lru_cache

import re2


class RegexError(ValueError):
    """An expression that RE2 refuses; the text is RE2's reason."""


class Regex:
    """A compiled expression."""

    def __init__(self, expression: str, ignore_case: bool = False) -> None:
        """Raises RegexError."""
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = not ignore_case
        try:
            self._compiled = re2.compile(expression.encode(), options)
        except re2.error as error:
            raise RegexError(_reason(error)) from None
        except UnicodeEncodeError:
            raise RegexError("it holds half a character") from None

    def found_in(self, text: str) -> bool:
        """True where it matches somewhere in the text, which may hold lone surrogates."""
        return self._compiled.search(text.encode("utf-8", "surrogatepass")) is not None


@lru_cache(maxsize=32)
def compile_regex(expression: str, ignore_case: bool = False) -> Regex:
    """The expression, compiled once. Raises RegexError."""
    return Regex(expression, ignore_case)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else b""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)

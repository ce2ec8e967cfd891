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
            raise RegexError("it contains half a character") from None

    def found_in(self, text: str) -> bool:
        """True where it matches somewhere in the text, which may hold lone surrogates."""
        return self.found_in_bytes(text.encode("utf-8", "surrogatepass"))

    def found_in_bytes(self, text: bytes) -> bool:
        """The same of a text's UTF-8; what is none matches nothing but itself."""
        return self._compiled.search(text) is not None


@lru_cache(maxsize=32)
def compile_regex(expression: str, ignore_case: bool = False) -> Regex:
    """The expression, compiled once. Raises RegexError."""
    return Regex(expression, ignore_case)


def without_anchors(expression: str) -> str | None:
    """An expression that is found wherever this one is, and wherever it is found in a part of the text.

    For texts inside other texts: what says where a text begins or ends means something else there. None where the
    expression cannot do without. The expression itself must be one that RE2 takes.
    """
    free = expression
    if "|" not in free:
        free = free.removeprefix("^")
        if free.endswith("$") and not free.endswith("\\$"):
            free = free[:-1]
    if not free or _has_anchors(free):
        return None
    try:
        compile_regex(free)
    except RegexError:
        # The anchor was repeated, or stood where a repetition cannot.
        return None
    return free


def _has_anchors(expression: str) -> bool:
    """Sees some where there are none, inside sets in sets, but never misses one."""
    at, within = 0, False
    while at < len(expression):
        char = expression[at]
        if char == "\\":
            if expression[at + 1 : at + 2] in _CONTEXTUAL:
                return True
            at += 1
        elif within:
            within = char != "]"
        elif char == "[":
            within = True
            at += expression[at + 1 : at + 2] == "^"
            at += expression[at + 1 : at + 2] == "]"
        elif char in "^$":
            return True
        at += 1
    return False


_CONTEXTUAL = frozenset("bBAzZQEC")
"""Letters that, behind a backslash, look at what stands beside a place, or change how the rest is read."""


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else b""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)

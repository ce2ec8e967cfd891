"""Regular expressions over recorded text, with RE2: its time is linear in the text, so hostile text cannot stall it."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

_NOWHERE = r"[^\x00-\x{10FFFF}]"
"""Matches nothing."""


class RegexError(ValueError):
    """An expression is not valid in RE2; the text is RE2's reason."""


@cache
def _library() -> Any:
    """RE2. It and what it links take 2.5 MB: it is imported for the first expression."""
    import re2  # noqa: PLC0415 - as it says

    return re2


class Regex:
    """A compiled expression."""

    def __init__(self, expression: str, ignore_case: bool = False) -> None:
        """Raises RegexError."""
        re2 = _library()
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
        """True if it matches somewhere in the text, which can contain lone surrogates."""
        return self.found_in_bytes(text.encode("utf-8", "surrogatepass"))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """(first, end) of each match in the text that is not empty, in characters."""
        data = text.encode("utf-8", "surrogatepass")
        plain = len(data) == len(text)
        character = byte = 0
        for found in self._compiled.finditer(data):
            first, end = found.span()
            if first == end:
                continue
            if not plain:
                character += _characters(data[byte:first])
                first, byte, end = character, end, character + _characters(data[first:end])
                character = end
            yield first, end

    def found_in_bytes(self, text: bytes) -> bool:
        """The same for a text as UTF-8. Bytes that are not UTF-8 match only themselves."""
        return self._compiled.search(text) is not None

    def start_in_bytes(self, text: bytes, at: int) -> int:
        """Where the first match from a byte on begins, of a text as UTF-8; -1 if there is none."""
        found = self._compiled.search(text, at)
        return -1 if found is None else int(found.start())


@lru_cache(maxsize=32)
def compile_regex(expression: str, ignore_case: bool = False) -> Regex:
    """The compiled expression, from a cache. Raises RegexError."""
    return Regex(expression, ignore_case)


def any_text_regex(texts: Iterable[str]) -> Regex:
    """An expression that matches where one of the texts is, ignoring case. A text that is not UTF-8 is nowhere."""
    present = [text for text in texts if not any("\ud800" <= char <= "\udfff" for char in text)]
    return compile_regex(
        "|".join(_library().escape(text) for text in present) if present else _NOWHERE, ignore_case=True
    )


def without_anchors(expression: str) -> str | None:
    """The expression without anchors, for searching values inside a larger text; None if that is not possible.

    It matches wherever the expression matches one of the values. The expression must be valid in RE2.
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
        # Without the anchor the expression is not valid.
        return None
    return free


def _has_anchors(expression: str) -> bool:
    """True if the expression has anchors. Can be wrong for sets inside sets, but never misses an anchor."""
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
"""Letters that, after a backslash, depend on the context or change how the rest is parsed."""


def _characters(data: bytes) -> int:
    """Characters of a part of UTF-8 that begins and ends between two of them."""
    return len(data.decode("utf-8", "surrogatepass"))


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else b""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)

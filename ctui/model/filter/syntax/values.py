"""Reads values of a filter line: texts separated by commas, with quotes and wildcards, and regular expressions."""

import re
from dataclasses import dataclass

from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.matching.regex import RegexError, compile_regex
from ctui.model.filter.syntax.errors import FilterError
from ctui.model.filter.terms import RegexTerm

_PLAIN = re.compile(r'[^\s,"*()]+')
"""Characters of a value that mean themselves."""
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)(")?', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_SLASHED = re.compile(r"\\(.)", re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)(?:(/)(i?))?", re.DOTALL)


@dataclass(slots=True)
class Value:
    """One value as it is read."""

    start: int
    """The index of its first character in the line."""
    end: int
    """The index after its last character."""
    parts: list[str]
    """The texts between wildcards."""
    bare: bool
    """True if nothing of it is in quotes."""

    @property
    def pattern(self) -> Pattern:
        """The pattern of the value; adjacent wildcards become one."""
        if len(self.parts) == 1:
            return Pattern((self.parts[0],))
        first, *middle, last = self.parts
        return Pattern((first, *filter(None, middle), last))


def read_values(line: str, at: int, *, in_group: bool) -> tuple[list[Value], int]:
    """The values from `at` up to a blank, the end, or in a group its closing parenthesis; and the index after them.

    A parenthesis inside a value, as in `f(x)`, belongs to it. Raises FilterError.
    """
    values = [Value(at, at, [""], True)]
    depth = 0
    while at < len(line) and not line[at].isspace():
        value, char = values[-1], line[at]
        if (plain := _PLAIN.match(line, at)) is not None:
            value.parts[-1] += plain[0]
            at = plain.end()
            continue
        if char == ",":
            _close(value, at, line)
            values.append(Value(at + 1, at + 1, [""], True))
        elif char == '"':
            quoted, at = _quoted(line, at)
            value.parts[-1] += quoted
            value.bare = False
            continue
        elif char == "*":
            value.parts.append("")
        elif char == ")" and not depth:
            if in_group:
                break
            raise FilterError(') closes nothing; "quote it" for the text', at)
        else:
            depth += 1 if char == "(" else -1
            value.parts[-1] += char
        at += 1
    _close(values[-1], at, line)
    return values, at


def _close(value: Value, end: int, line: str) -> None:
    if value.parts == [""]:
        raise FilterError("a value is missing here", value.start, unfinished=value.start == len(line))
    value.end = end


def _quoted(line: str, start: int) -> tuple[str, int]:
    """The text inside the quotes, and the index after them."""
    found = _QUOTED.match(line, start)
    if found is None or found[2] is None:
        raise FilterError("the quote is not closed", start, unfinished=True)
    return _ESCAPED.sub(r"\1", found[1]), found.end()


def read_regex(line: str, start: int, *, in_group: bool, negated: bool) -> tuple[RegexTerm, int]:
    """The regular expression that starts with the slash at `start`, and the index after it. Raises FilterError."""
    found = _REGEX.match(line, start)
    if found is None or found[2] is None:
        raise FilterError("the regular expression has no closing /", start, unfinished=True)
    end = found.end()
    if end < len(line) and not line[end].isspace() and not (in_group and line[end] == ")"):
        raise FilterError('the expression ends at /: add a space, or quote it as "/…"', end)
    if not found[1]:
        raise FilterError("the regular expression is empty", start)
    regex = _SLASHED.sub(lambda escaped: "/" if escaped[1] == "/" else escaped[0], found[1])
    term = RegexTerm(regex, found[3] == "i", negated)
    try:
        compile_regex(term.regex, term.ignore_case)
    except RegexError as error:
        raise FilterError(f"invalid regular expression: {error}", start + 1) from None
    return term, end

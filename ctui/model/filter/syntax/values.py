"""Reads values of a filter line: texts separated by commas, with quotes and wildcards, and regular expressions."""

import re

from ctui.model.filter.foreign.hints import QUOTE_IT, sample_of
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.matching.regex import RegexError, compile_regex
from ctui.model.filter.syntax.errors import FilterError
from ctui.model.filter.terms import RegexTerm
from ctui.model.values import dataclass

MOST_VALUES = 2_000
"""The most values of a line: more than a person pastes, few enough to read at each key."""
_LONGEST_WORD = 60
"""Characters of a text that an error may repeat."""
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
    pieces: list[str] = []
    depth = 0
    while at < len(line) and not line[at].isspace():
        value, char = values[-1], line[at]
        if (plain := _PLAIN.match(line, at)) is not None:
            pieces.append(plain[0])
            at = plain.end()
            continue
        if char == ",":
            _close(line, value, pieces, at)
            if len(values) == MOST_VALUES:
                raise FilterError(f"a line takes {MOST_VALUES:,} values at most", at + 1)
            values.append(Value(at + 1, at + 1, [""], True))
        elif char == '"':
            quoted, at = _quoted(line, at)
            pieces.append(quoted)
            value.bare = False
            continue
        elif char == "*":
            value.parts[-1] = "".join(pieces)
            value.parts.append("")
            pieces.clear()
        elif char == ")" and not depth:
            if in_group:
                break
            raise FilterError(f") closes nothing; {QUOTE_IT}", at)
        else:
            depth += 1 if char == "(" else -1
            pieces.append(char)
        at += 1
    _close(line, values[-1], pieces, at)
    return values, at


def _close(line: str, value: Value, pieces: list[str], end: int) -> None:
    """The end of a value, whose last part has these pieces. Raises FilterError for a value without any text."""
    value.parts[-1], value.end = "".join(pieces), end
    pieces.clear()
    if value.parts != [""]:
        return
    ends = value.start == len(line)
    if not value.bare:
        raise FilterError("a value is missing here; for no value, write -name:*", value.start)
    at_comma = not ends and "," in (line[end : end + 1], line[value.start - 1 : value.start])
    how = ": a list has no blanks, as A,B" if at_comma else ""
    raise FilterError(f"a value is missing here{how}", value.start, unfinished=ends)


def _quoted(line: str, start: int) -> tuple[str, int]:
    """The text inside the quotes, and the index after them."""
    found = _QUOTED.match(line, start)
    if found is None or found[2] is None:
        raise FilterError('the quote is not closed: write " at the end', start, unfinished=True)
    return _ESCAPED.sub(r"\1", found[1]), found.end()


def _first_word(line: str, at: int) -> str:
    """The text from there up to a blank or a parenthesis, as an error may repeat it; "" if it may not."""
    return sample_of(re.split(r"[\s)]", line[at : at + _LONGEST_WORD], maxsplit=1)[0])


def _after_regex(line: str, start: int, end: int) -> str:
    """What is wrong with the text that goes on after an expression."""
    rest = re.split(r"[\s)]", line[end : end + _LONGEST_WORD], maxsplit=1)[0]
    if rest.startswith(","):
        return "the expression ends at /: for either, write /a/ OR /b/"
    if rest and set(rest) <= set("gimsuxy"):
        return "the expression ends at /: only i may come after it, as in /regex/i"
    return f'the expression ends at /: add a space, or write "{_first_word(line, start) or "/…"}"'


def read_regex(line: str, start: int, *, in_group: bool, negated: bool) -> tuple[RegexTerm, int]:
    """The regular expression that starts with the slash at `start`, and the index after it. Raises FilterError."""
    found = _REGEX.match(line, start)
    if found is None or found[2] is None:
        word = _first_word(line, start + 1)
        how = f"write /{word or 'regex'}/{f', or {word} for the word' if word.isalnum() else ''}"
        raise FilterError(f"the regular expression has no closing /: {how}", start, unfinished=True)
    end = found.end()
    if end < len(line) and not line[end].isspace() and not (in_group and line[end] == ")"):
        raise FilterError(_after_regex(line, start, end), end)
    if not found[1]:
        raise FilterError("the regular expression is empty: write /regex/", start)
    regex = _SLASHED.sub(lambda escaped: "/" if escaped[1] == "/" else escaped[0], found[1])
    term = RegexTerm(regex, found[3] == "i", negated)
    try:
        compile_regex(term.regex, term.ignore_case)
    except RegexError as error:
        raise FilterError(f"invalid regular expression: {error}", start + 1) from None
    return term, end

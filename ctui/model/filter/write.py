"""Writes terms as the text of a filter line, which `parse.parse_filter` reads as the same terms."""

import re

from ctui.model.filter.fields import IP, ValueField, value_field
from ctui.model.filter.matching.addresses import AddressRange, parse_range
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.syntax.foreign_syntax import foreign_after_comma, foreign_value, foreign_word
from ctui.model.filter.syntax.foreign_words import depends_on_neighbors
from ctui.model.filter.syntax.names import COMPARED, compared_name, expands
from ctui.model.filter.terms import (
    AllOf,
    AnyOf,
    CompareTerm,
    FieldTerm,
    Filter,
    Group,
    KindTerm,
    PathTerm,
    RegexTerm,
    Term,
    WordTerm,
)
from ctui.model.lookup.timespan import bare_range

SPECIAL = frozenset('",*')
"""Characters with a meaning in a value; spaces have one too."""

_ANY_PATH = "sourceIPAddress"
"""The path with the most foreign syntax: a value that is valid for it is valid for every path."""
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def write_filter(line: Filter) -> str:
    """The text of a filter in its normal form."""
    parts = [write_term(term) for term in line.terms]
    for name, moment in (("since", line.since), ("until", line.until)):
        if moment is not None:
            parts.append(f"{name}:{write_value(moment)}")
    if len(parts) == 1 and line.terms and isinstance(only := line.terms[0], AnyOf) and not only.negated:
        return _joined(only)
    return " ".join(parts)


def write_term(term: Term) -> str:
    """The text of one term, a group in parentheses."""
    return ("-" if term.negated else "") + _positive(term)


def _joined(group: Group) -> str:
    """The terms of a group, without parentheses around them."""
    if isinstance(group, AllOf):
        return " ".join(map(write_term, group.terms))
    # What stands next to each other binds tighter than OR.
    return " OR ".join(
        _joined(term) if isinstance(term, AllOf) and not term.negated else write_term(term) for term in group.terms
    )


def write_value(value: str, name: str | None = None) -> str:
    """A value as it can be typed after `name:` and is taken literally, in quotes if it must be.

    Without a name, the text is valid after any path.
    """
    field = value_field(name or "")
    if field is not None and ((field.suffix and expands(value)) or (field is IP and _is_range(value))):
        return quoted(value)
    return _bare_or_quoted(value, _is_foreign(name or _ANY_PATH, value))


def quoted(text: str) -> str:
    """A text in quotes, which makes it literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(text: str) -> str | None:
    """The text inside quotes, or None if the value is not one quoted text."""
    inner = _QUOTED.fullmatch(text)
    return None if inner is None else re.sub(r'\\(["\\])', r"\1", inner[1])


def _positive(term: Term) -> str:
    if isinstance(term, AnyOf | AllOf):
        return f"({_joined(term)})"
    if isinstance(term, FieldTerm):
        name = term.field.name
        return f"{name}:{_tilde(term)}{','.join(_field_value(value, term.field) for value in term.one_of)}"
    if isinstance(term, PathTerm):
        path = ".".join(term.path)
        return f"{path}:{_tilde(term)}{','.join(write_pattern(pattern, path) for pattern in term.one_of)}"
    if isinstance(term, CompareTerm):
        return f"{'.'.join(term.path)}{term.comparison}{_bare_or_quoted(term.operand, False)}"
    if isinstance(term, KindTerm):
        return f"is:{','.join(term.one_of)}"
    if isinstance(term, RegexTerm):
        return f"/{_slashed(term.regex)}/{'i' if term.ignore_case else ''}"
    return _words(term)


def _tilde(term: FieldTerm | PathTerm) -> str:
    return "~" if term.ignore_case else ""


def _field_value(value: Pattern | AddressRange, field: ValueField) -> str:
    if isinstance(value, AddressRange):
        return value.text
    return write_pattern(value, field.name)


def _is_range(text: str) -> bool:
    try:
        return parse_range(text) is not None
    except ValueError:
        return True


def write_pattern(pattern: Pattern, name: str | None = None) -> str:
    """A pattern as it can be typed after `name:`."""
    if pattern.exact:
        return write_value(pattern.parts[0], name)
    foreign = _is_foreign(name or _ANY_PATH, "*".join(pattern.parts))
    return "*".join(_bare_or_quoted(part, foreign) if part else "" for part in pattern.parts)


def _words(term: WordTerm) -> str:
    """Words need quotes more often: for a colon, and for a dash or a slash in front."""
    return ",".join(_word(pattern, term.negated) for pattern in term.one_of)


def _is_foreign(field: str, value: str) -> bool:
    return foreign_value(field, value) is not None or foreign_after_comma(value) is not None


def _word(pattern: Pattern, negated: bool) -> str:
    text = "*".join(pattern.parts)
    must = foreign_word(text, negated=negated) is not None or depends_on_neighbors(text) or _is_more(text)
    return "*".join(
        _bare_or_quoted(part, must or ":" in part or part.startswith(("-", "/"))) if part else ""
        for part in pattern.parts
    )


def _is_more(text: str) -> bool:
    """True for a word that a line reads as a time, or as a name and what it is compared with."""
    if (found := COMPARED.match(text)) is not None and compared_name(found[1], found[2]):
        return True
    try:
        return bare_range(text) is not None
    except ValueError:
        return True


def _bare_or_quoted(text: str, must: bool) -> str:
    """The text, in quotes if it must be or contains a special character."""
    special = not text or any(char in SPECIAL or char.isspace() for char in text) or not _is_balanced(text)
    return quoted(text) if must or special else text


def _is_balanced(text: str) -> bool:
    """True if each parenthesis of a text is closed in it, and it does not start with one."""
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return not depth and not text.startswith("(")


def _slashed(regex: str) -> str:
    r"""The expression with each unescaped `/` as `\/`."""
    out: list[str] = []
    escaped = False
    for char in regex:
        out.append("\\/" if char == "/" and not escaped else char)
        escaped = char == "\\" and not escaped
    return "".join(out)

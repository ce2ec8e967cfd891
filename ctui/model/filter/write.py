"""Writes terms as the text of a filter line, which `parse.parse_filter` reads as the same terms."""

import re

from ctui.model.filter.fields import value_field
from ctui.model.filter.syntax.foreign_syntax import foreign_after_comma, foreign_value, foreign_word
from ctui.model.filter.syntax.foreign_words import depends_on_neighbors
from ctui.model.filter.terms import FieldTerm, Filter, KindTerm, PathTerm, Pattern, RegexTerm, Term, WordTerm

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
    return " ".join(parts)


def write_term(term: Term) -> str:
    """The text of one term."""
    return ("-" if term.negated else "") + _positive(term)


def write_value(value: str, name: str | None = None) -> str:
    """A value as it can be typed after `name:` and is taken literally, in quotes if it must be.

    Without a name, the text is valid after any path.
    """
    field = value_field(name or "")
    if field is not None and field.suffix and expands(value):
        return quoted(value)
    return _bare_or_quoted(value, _is_foreign(name or _ANY_PATH, value))


def expands(value: str) -> bool:
    """True for a value that stands for itself and the field's suffix, such as the source ec2."""
    return "." not in value


def quoted(text: str) -> str:
    """A text in quotes, which makes it literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(text: str) -> str | None:
    """The text inside quotes, or None if the value is not one quoted text."""
    inner = _QUOTED.fullmatch(text)
    return None if inner is None else re.sub(r'\\(["\\])', r"\1", inner[1])


def _positive(term: Term) -> str:
    if isinstance(term, FieldTerm):
        name = term.field.name
        return f"{name}:{','.join(write_pattern(pattern, name) for pattern in term.one_of)}"
    if isinstance(term, PathTerm):
        path = ".".join(term.path)
        return f"{path}:{','.join(write_pattern(pattern, path) for pattern in term.one_of)}"
    if isinstance(term, KindTerm):
        return f"is:{','.join(term.one_of)}"
    if isinstance(term, RegexTerm):
        return f"/{_slashed(term.regex)}/{'i' if term.ignore_case else ''}"
    return _words(term)


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
    foreign = foreign_word(text, negated=negated) is not None or depends_on_neighbors(text)
    return "*".join(
        _bare_or_quoted(part, foreign or ":" in part or part.startswith(("-", "/"))) if part else ""
        for part in pattern.parts
    )


def _bare_or_quoted(text: str, must: bool) -> str:
    """The text, in quotes if it must be or contains a special character."""
    return quoted(text) if must or not text or any(char in SPECIAL or char.isspace() for char in text) else text


def _slashed(regex: str) -> str:
    r"""The expression with each unescaped `/` as `\/`."""
    out: list[str] = []
    escaped = False
    for char in regex:
        out.append("\\/" if char == "/" and not escaped else char)
        escaped = char == "\\" and not escaped
    return "".join(out)

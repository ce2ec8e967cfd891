"""From terms back to the text of a filter line: what `filterline.parse_filter` reads as the same again."""

import re

from ctui.model.filter.fields import value_field
from ctui.model.filter.foreign_syntax import foreign_beside_comma, foreign_value, foreign_word
from ctui.model.filter.foreign_words import depends_on_neighbors
from ctui.model.filter.terms import FieldTerm, Filter, KindTerm, PathTerm, Pattern, RegexTerm, Term, WordTerm

SPECIAL = frozenset('",*')
"""Characters that mean something in a value, beside blanks."""

_ANY_PATH = "sourceIPAddress"
"""A path of whose values most is refused outside quotes: what can be typed behind it can be behind any."""
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def write_filter(line: Filter) -> str:
    """The line in its normal form."""
    said = [write_term(term) for term in line.terms]
    for name, moment in (("since", line.since), ("until", line.until)):
        if moment is not None:
            said.append(f"{name}:{write_value(moment)}")
    return " ".join(said)


def write_term(term: Term) -> str:
    """One term."""
    return ("-" if term.negated else "") + _positive(term)


def write_value(value: str, name: str | None = None) -> str:
    """A value as it can be typed behind `name:`, taken literally: quoted where it has to be.

    Without a name it stands behind any path.
    """
    field = value_field(name or "")
    if field is not None and field.suffix and expands(value):
        return quoted(value)
    return _bare_or_quoted(value, _is_foreign(name or _ANY_PATH, value))


def expands(value: str) -> bool:
    """True for a value that stands for itself and the field's suffix, such as the source ec2."""
    return "." not in value


def quoted(text: str) -> str:
    """A text in quotes, in which nothing means anything but itself."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(text: str) -> str | None:
    """The text that stands in quotes; None where it is not one text in quotes and nothing else."""
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
    """A value with its wildcards, likewise."""
    if pattern.exact:
        return write_value(pattern.parts[0], name)
    foreign = _is_foreign(name or _ANY_PATH, "*".join(pattern.parts))
    return "*".join(_bare_or_quoted(part, foreign) if part else "" for part in pattern.parts)


def _words(term: WordTerm) -> str:
    """Words need more quotes: a colon makes a field, a dash in front a negation, a slash in front an expression."""
    return ",".join(_word(pattern, term.negated) for pattern in term.one_of)


def _is_foreign(field: str, value: str) -> bool:
    return foreign_value(field, value) is not None or foreign_beside_comma(value) is not None


def _word(pattern: Pattern, negated: bool) -> str:
    text = "*".join(pattern.parts)
    foreign = foreign_word(text, negated=negated) is not None or depends_on_neighbors(text)
    return "*".join(
        _bare_or_quoted(part, foreign or ":" in part or part.startswith(("-", "/"))) if part else ""
        for part in pattern.parts
    )


def _bare_or_quoted(text: str, must: bool) -> str:
    """The text in quotes where it must be, or holds a character that means something."""
    return quoted(text) if must or not text or any(char in SPECIAL or char.isspace() for char in text) else text


def _slashed(regex: str) -> str:
    r"""Each `/` that is not escaped yet as `\/`."""
    out: list[str] = []
    escaped = False
    for char in regex:
        out.append("\\/" if char == "/" and not escaped else char)
        escaped = char == "\\" and not escaped
    return "".join(out)

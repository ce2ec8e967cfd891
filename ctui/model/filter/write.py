"""Writes terms as the text of a filter line, which `parse.parse_filter` reads as the same terms."""

import re

from ctui.model.filter.fields import ANY, IP, ValueField, value_field
from ctui.model.filter.matching.addresses import AddressRange, parse_range
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.syntax.errors import FilterError
from ctui.model.filter.syntax.names import COMPARED, compared_name, expands
from ctui.model.filter.terms import (
    AllOf,
    AnyOf,
    CompareTerm,
    FieldTerm,
    Filter,
    Group,
    KindTerm,
    ListTerm,
    PathTerm,
    RegexTerm,
    Term,
    WordTerm,
)
from ctui.model.lookup.timespan import bare_range

_ANY_PATH = "sourceIPAddress"
"""The path with the most foreign syntax."""
_SPECIAL = re.compile(r'[",*\s]')
"""Characters with a meaning in a value."""
_PARENTHESES = re.compile(r"[()]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def write_filter(line: Filter) -> str:
    """The text of a filter in its normal form.

    Some words are operators or times between some neighbors: they are in quotes only where they must be.
    """
    plain = _line(line, careful=False)
    return plain if _reads_as(plain, line) else _line(line, careful=True)


def _line(line: Filter, *, careful: bool) -> str:
    parts = [_written(term, careful) for term in line.terms]
    for name, moment in (("since", line.since), ("until", line.until)):
        if moment is not None:
            parts.append(f"{name}:{write_value(moment, name)}")
    if len(parts) == 1 and line.terms and isinstance(only := line.terms[0], AnyOf) and not only.negated:
        return _joined(only, careful)
    return " ".join(parts)


def write_term(term: Term) -> str:
    """The text of one term, as `write_filter` writes it alone, but a group in parentheses."""
    plain = _written(term, careful=False)
    return plain if _reads_as(plain, Filter().with_terms((term,))) else _written(term, careful=True)


def _reads_as(text: str, line: Filter) -> bool:
    try:
        return parse_filter(text) == line
    except FilterError:
        return False


def _written(term: Term, careful: bool) -> str:
    """The text of a term. `careful`: with quotes around what its neighbors could give another meaning."""
    return ("-" if term.negated else "") + _positive(term, careful)


def _joined(group: Group, careful: bool) -> str:
    """The terms of a group, without parentheses around them."""
    if isinstance(group, AllOf):
        return " ".join(_written(term, careful) for term in group.terms)
    # What stands next to each other binds tighter than OR.
    return " OR ".join(
        _joined(term, careful) if isinstance(term, AllOf) and not term.negated else _written(term, careful)
        for term in group.terms
    )


def write_value(value: str, name: str | None = None) -> str:
    """A value as it can be typed after `name:` and is taken literally, in quotes if it must be.

    Without a name, the text is valid after any path but those that take values of their own kind, such as eventTime.
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


def _positive(term: Term, careful: bool) -> str:
    if isinstance(term, AnyOf | AllOf):
        return f"({_joined(term, careful)})"
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
    if isinstance(term, ListTerm):
        return f"{ANY.name}:@{_bare_or_quoted(term.name, False)}"
    if isinstance(term, RegexTerm):
        return f"/{_slashed(term.regex)}/{'i' if term.ignore_case else ''}"
    return _words(term, careful)


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
    return _parts(pattern, foreign or any(map(_needs_quotes, pattern.parts)))


def _words(term: WordTerm, careful: bool) -> str:
    """Words need quotes more often: for a colon, and for a dash or a slash in front."""
    return ",".join(_word(pattern, term.negated, careful) for pattern in term.one_of)


def _is_foreign(name: str, value: str) -> bool:
    # Other languages are of no use to a start, which has no line yet.
    from ctui.model.filter.foreign.values import foreign_after_comma, foreign_value  # noqa: PLC0415

    return foreign_value(name, value) is not None or foreign_after_comma(value) is not None


def _word(pattern: Pattern, negated: bool, careful: bool) -> str:
    text = "*".join(pattern.parts)
    from ctui.model.filter.foreign.phrases import must_be_quoted  # noqa: PLC0415 - as above

    must = must_be_quoted(text, negated=negated) or (careful and _depends(text)) or _is_more(text)
    return _parts(
        pattern, must or any(":" in one or one.startswith(("-", "/")) or _needs_quotes(one) for one in pattern.parts)
    )


def _parts(pattern: Pattern, must: bool) -> str:
    """The parts of a pattern, all in quotes or none: next to quotes, the rest alone could be of another language."""
    return "*".join(_bare_or_quoted(part, must) if part else "" for part in pattern.parts)


def _depends(text: str) -> bool:
    """True for a word that has another meaning between some neighbors, or behind a parenthesis."""
    from ctui.model.filter.foreign.phrases import depends_on_neighbors  # noqa: PLC0415 - as above

    return depends_on_neighbors(text) or text.startswith("?")


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
    return quoted(text) if must or not text or _needs_quotes(text) else text


def _needs_quotes(text: str) -> bool:
    return _SPECIAL.search(text) is not None or not _is_balanced(text)


def _is_balanced(text: str) -> bool:
    """True if each parenthesis of a text is closed in it, and it does not start with one."""
    depth = 0
    for char in _PARENTHESES.findall(text):
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

"""Parser of the filter line: conditions joined by AND, OR and NOT, and a time range.

    line   = [ or ]
    or     = and { "OR" and }
    and    = not { [ "AND" ] not }               terms next to each other are joined by AND, which binds tighter
    not    = { "NOT" } [ "-" ] ( term | "(" or ")" )
    term   = field ( ":" | "=" ) [ "~" ] values | path [ ":" ] ( "<" | "<=" | ">" | ">=" ) value
           | "/" regex "/" [ "i" ] | values | range
    values = value { "," value }
    value  = { character | "*" | quoted }        no blank, no comma, no parenthesis without its other half
    quoted = '"' { character | '\\"' | '\\\\' } '"'
    range  = ( "since" | "until" ) ( ":" | "=" ) time | time | [ time ] ".." [ time ]
    time   = moment [ " ago" ] | date " " clock [ " " zone ]

A field is one of `fields.FIELDS`, a key of the record, or a dotted path of it, in any letter case. `*` is a wildcard
outside quotes, a comma means "one of", `~` ignores letter case, and a word without a field is searched for in the whole
record, unless it is a time. In a regular expression `\\/` is a slash. Syntax of other query languages outside quotes
(`foreign.phrases`) is an error. A range holds for the whole line, so it stands outside OR and NOT. The bounds
below keep a line as quick to read as a key is pressed.
"""

import re
from collections.abc import Iterable
from dataclasses import field, replace

from ctui.model.filter.foreign.hints import QUOTE_IT, bare
from ctui.model.filter.syntax.errors import FilterError
from ctui.model.filter.syntax.leaves import Range, TermStart, read_leaf
from ctui.model.filter.syntax.values import MOST_VALUES
from ctui.model.filter.terms import CompareTerm, Filter, ListTerm, RegexTerm, Term, all_of, any_of, negate
from ctui.model.lookup.moment import is_plain_moment
from ctui.model.values import dataclass

__all__ = ["DEEPEST", "LONGEST", "MOST_TERMS", "MOST_VALUES", "OPERATOR", "FilterError", "parse_filter"]

LONGEST = 10_000
"""The most characters of a line: far more than a person types, few enough to parse at each key."""
MOST_TERMS = 500
"""The most terms of a line."""
DEEPEST = 50
"""The most parentheses inside each other."""
_SEEN = 40
"""Characters of what follows that an error may repeat."""
OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s()]|$)")
"""A word that joins terms or negates one, where a term could start."""


def parse_filter(text: str) -> Filter:
    """Parse a line; an empty one is a filter without terms. Raises FilterError at the first wrong character."""
    if len(text) > LONGEST:
        raise FilterError(f"the line has {len(text):,} characters; {LONGEST:,} at most", LONGEST)
    return _Parser(text).parse()


@dataclass(slots=True)
class _Group:
    """What has been read of a group, or of the line."""

    start: int
    """The index of its parenthesis."""
    negated: bool
    alternatives: list[list[Term | Range]] = field(default_factory=lambda: [[]])
    """What OR joins: conditions that must all match."""
    operator: str = ""
    """The operator that waits for a condition; "" if none does."""
    operator_at: int = 0
    negate: bool = False
    """True if the condition that comes is negated by NOT."""

    def add(self, term: Term | Range) -> None:
        """Add the condition that was waited for."""
        if self.negate and isinstance(term, Range):
            raise FilterError("a time range cannot be negated", term.position)
        negated = negate(term) if self.negate and not isinstance(term, Range) else term
        self.alternatives[-1].append(negated)
        self.operator, self.negate = "", False


class _Parser:
    """Reads a line from left to right, with the groups that are open on a stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open = [_Group(0, False)]
        self._terms = self._values = 0
        self._before = ""

    def parse(self) -> Filter:
        """The filter of the line."""
        text = self._text
        while self._skip_blanks():
            if (found := OPERATOR.match(text, self._at)) is not None:
                self._operator(found[1])
            elif text[self._at] == ")":
                self._close()
            else:
                self._operand()
        group = self._open[-1]
        if len(self._open) > 1:
            raise FilterError("the parenthesis is not closed: add )", group.start, unfinished=True)
        return _filter_of(*_joined(group, text, at_end=True))

    def _skip_blanks(self) -> bool:
        """Go to the next character that is not blank; False if there is none."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _operator(self, name: str) -> None:
        group, at = self._open[-1], self._at
        if name == "NOT":
            group.negate = not group.negate
        elif group.operator or not group.alternatives[-1]:
            raise FilterError(f"a term is missing before {name}; {QUOTE_IT}", at)
        elif name == "OR":
            group.alternatives.append([])
        group.operator, group.operator_at = name, at
        self._at += len(name)
        self._before = ""

    def _operand(self) -> None:
        """A condition, a range, or the start of a group, with a dash or without."""
        text, start = self._text, self._at
        negated = text[start] == "-"
        at = start + negated
        if at >= len(text) or text[at].isspace() or text[at] == ")":
            if is_plain_moment(self._before):
                raise FilterError("- is not a range: write 13:30..14:00", start)
            if self._before.startswith("ip:") and not self._before.endswith("*"):
                raise FilterError("a range takes no blanks: write ip:10.0.0.1-10.0.0.9", start)
            ends = at >= len(text)
            instead = bare((text[at : at + _SEEN].split(maxsplit=1) or [""])[0]) or "name:Value"
            raise FilterError(f"- negates what follows: write -{instead}, or quote it", start, unfinished=ends)
        if text[at] == "(":
            self._open_group(at, negated=negated)
            return
        if negated and (found := OPERATOR.match(text, at)) is not None:
            raise FilterError(f"{found[1]} is an operator: write NOT or - before a term; {QUOTE_IT}", at)
        begin = TermStart(text, at, negated, len(self._open) > 1, self._before, self._terms)
        term, self._at = read_leaf(begin)
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise FilterError(f"the line has more than {MOST_TERMS} terms: for one of many, write name:A,B", start)
        self._values += 1 if isinstance(term, RegexTerm | CompareTerm | ListTerm | Range) else len(term.one_of)
        if self._values > MOST_VALUES:
            raise FilterError(f"a line takes {MOST_VALUES:,} values at most", start)
        self._before = text[start : self._at]
        self._open[-1].add(term)

    def _open_group(self, at: int, *, negated: bool) -> None:
        if len(self._open) > DEEPEST:
            raise FilterError(f"more than {DEEPEST} parentheses are open", at)
        if self._text.startswith("(?", at):
            raise FilterError(f"(? is for expressions: write /regex/, or /regex/i; {QUOTE_IT}", at)
        self._open.append(_Group(at, negated))
        self._at, self._before = at + 1, ""

    def _close(self) -> None:
        """The end of a group."""
        group, at = self._open[-1], self._at
        if len(self._open) == 1:
            raise FilterError(f") closes nothing; {QUOTE_IT}", at)
        terms, ranges = _joined(group, self._text, at_end=False)
        if not terms and not ranges:
            raise FilterError(f"the parentheses are empty: write terms in them; {QUOTE_IT}", group.start)
        after = self._text[at + 1 : at + 2]
        if after and not after.isspace() and after != ")":
            raise FilterError("write a space after )", at + 1)
        self._open.pop()
        self._at, self._before = at + 1, ")"
        outer = self._open[-1]
        negated = group.negated is not outer.negate
        for one in ranges:
            if negated:
                raise FilterError("a time range cannot be negated", one.position)
            outer.alternatives[-1].append(one)
        if terms:
            outer.add(negate(all_of(terms)) if group.negated else all_of(terms))
        outer.operator, outer.negate = "", False


def _joined(group: _Group, line: str, *, at_end: bool) -> tuple[tuple[Term, ...], list[Range]]:
    """The conditions of a group, which all must match, and its ranges. `at_end`: of the line. Raises FilterError."""
    if group.operator:
        raise FilterError(f"a term is missing after {group.operator}; {QUOTE_IT}", group.operator_at, unfinished=at_end)
    ranges = [one for alternative in group.alternatives for one in alternative if isinstance(one, Range)]
    terms = [tuple(one for one in alternative if not isinstance(one, Range)) for alternative in group.alternatives]
    if len(terms) == 1:
        return terms[0], ranges
    for one in ranges:
        raise FilterError(f"a time range holds for the whole line: {_outside(line, one)}", one.position)
    return (any_of(map(all_of, terms)),), []


def _outside(line: str, within: Range) -> str:
    """How to write a line with a range outside its OR."""
    rest = f"{line[: within.start].strip()} {line[within.end :].strip()}".strip()
    if '"' not in rest:
        rest = rest.replace("( ", "(").replace(" )", ")")
    written = f"({rest}) {line[within.start : within.end]}"
    if len(written) > _SEEN:
        return "it cannot stand in an OR"
    try:
        parse_filter(written)
    except FilterError:
        return "it cannot stand in an OR"
    return f"write {written}"


def _filter_of(terms: Iterable[Term], ranges: Iterable[Range]) -> Filter:
    """The line's filter. Raises FilterError for a second range, and for one that ends before it starts."""
    line = Filter().with_terms(terms)
    for one in ranges:
        for name, moment in (("since", one.since), ("until", one.until)):
            if moment is not None and getattr(line, name) is not None:
                raise FilterError(f"{name}: is already in the line; both ends are 13:30..14:00", one.position)
        line = replace(line, since=line.since or one.since, until=line.until or one.until)
        try:
            line.timespan  # noqa: B018 - read for its error: the two may be in the wrong order, or 0s
        except ValueError as error:
            raise FilterError(str(error), one.position) from None
    return line

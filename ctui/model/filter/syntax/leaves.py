"""Reads one condition of a filter line, or one time range: what stands between blanks, operators and parentheses."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import ANY, FIELDS, IP, ValueField, value_field
from ctui.model.filter.foreign.hints import QUOTE_IT, Around, Foreign, bare
from ctui.model.filter.matching.addresses import AddressRange, parse_range
from ctui.model.filter.matching.operands import check_operand
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.syntax.errors import FilterError
from ctui.model.filter.syntax.names import COMPARED, FIELD, checked_name, compared_name, expands, nearest, shortened
from ctui.model.filter.syntax.values import Value, read_regex, read_values
from ctui.model.filter.terms import CompareTerm, Comparison, FieldTerm, KindTerm, Leaf, ListTerm, PathTerm, WordTerm
from ctui.model.lookup.moment import duration_of, is_day, is_plain_moment
from ctui.model.lookup.timespan import bare_range, ends_of, parse_timespan
from ctui.model.values import dataclass

_KINDS_SAID = {
    **dict.fromkeys(("failed", "failure", "fail"), "is:error"),
    **dict.fromkeys(("success", "successful", "ok"), "-is:error"),
    **dict.fromkeys(("signin", "sign-in", "logon"), "is:login"),
    **dict.fromkeys(("unauthorized", "forbidden", "accessdenied"), "is:denied"),
    **dict.fromkeys(("nomfa", "no-mfa", "without-mfa"), "mfa:no"),
    **dict.fromkeys(("readonly", "read-only"), "is:read"),
}
"""What other tools call the kinds."""
_SEEN_AHEAD = 120
"""Characters after a word that say whether it is an operator of another language."""
_AGO = re.compile(r"\s+ago(\.\.[^\s()]*)?(?=[\s)]|$)", re.IGNORECASE)
_CLOCK = re.compile(
    r"\s+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:(?<=[0-9]:[0-9]{2}:[0-9]{2})[.,][0-9]{1,9})?"
    r"(?:\s*(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
    r"(?:(?P<more>[^\s()]+)|(?=[\s()]|$))",
    re.IGNORECASE,
)
"""A time of day behind a day; `more` if the word goes on."""
ORDER = re.compile(r"(<(?!>)=?|>=?)(?=[^=\s])")
"""A sign of order behind a colon: `a.b:>10` is `a.b>10`."""


@dataclass(frozen=True, slots=True)
class Range:
    """A time range, or one end of it, as typed."""

    since: str | None
    until: str | None
    position: int
    """The index of its time in the line."""
    start: int
    """The index of its first character in the line."""
    end: int
    """The index after its last character."""


@dataclass(frozen=True, slots=True)
class TermStart:
    """Where a condition starts, and what is around it."""

    line: str
    at: int
    """The index of its first character, behind a dash."""
    negated: bool
    in_group: bool
    """True if a closing parenthesis ends it."""
    before: str
    """The text of the condition before it, or its parenthesis; "" behind an operator, and at the start."""
    index: int
    """How many conditions of the line are before it."""

    def values(self, at: int) -> tuple[list[Value], int]:
        """The values from `at` on, and the index after them. Raises FilterError."""
        return read_values(self.line, at, in_group=self.in_group)


def read_leaf(begin: TermStart) -> tuple[Leaf | Range, int]:
    """The condition or range at a place, and the index after it. Raises FilterError."""
    line, at = begin.line, begin.at
    if line[at] == "/":
        return read_regex(line, at, in_group=begin.in_group, negated=begin.negated)
    if (found := COMPARED.match(line, at)) is not None and (name := compared_name(found[1], found[2])):
        if found[2] == "=":
            return _named(begin, name, found.end())
        return _compare_term(begin, name, found[2], found.end())
    if (found := FIELD.match(line, at)) is not None:
        return _named(begin, checked_name(found[1], at, line[found.end() : found.end() + _SEEN_AHEAD]), found.end())
    return _word(begin)


def _word(begin: TermStart) -> tuple[Leaf | Range, int]:
    # Other languages are of no use to a start, which has no line yet.
    from ctui.model.filter.foreign.phrases import foreign_phrase, foreign_word  # noqa: PLC0415
    from ctui.model.filter.foreign.time_words import other_range  # noqa: PLC0415

    values, end = begin.values(begin.at)
    raw = begin.line[begin.at : end]
    if advice := other_range(raw):
        raise FilterError(f"for a time, {advice}; {QUOTE_IT}", begin.at)
    if (text := _bare_text(values)) is not None:
        text, range_end = _with_clock(begin.line, *without_ago(begin.line, text, end))
        if (ends := _bare_range(text, begin.at)) is not None:
            if begin.negated:
                instead = "" if duration_of(text) is None else f": write {text}"
                raise FilterError(f"a time range cannot be negated{instead}; {QUOTE_IT}", begin.at)
            return Range(*ends, begin.at, begin.at, range_end), range_end
    pair = [_bare_text((value,)) or "" for value in values[:2]]
    if len(pair) == 2 and all(map(is_plain_moment, pair)):
        raise FilterError(f"times are not a list: write {_ordered(*pair)}; {QUOTE_IT}", begin.at)
    around = Around(begin.before[:_SEEN_AHEAD], begin.line[end : end + _SEEN_AHEAD], begin.index)
    if '"' not in raw and (phrase := foreign_phrase(raw, around, negated=begin.negated)) is not None:
        raise FilterError(f"{phrase.means}; {QUOTE_IT}", begin.at + phrase.at, unfinished=phrase.unfinished)
    _check_foreign(begin, values, lambda text, _: foreign_word(text, around=around, negated=begin.negated))
    return WordTerm(tuple(value.pattern for value in values), begin.negated), end


def _ordered(one: str, other: str) -> str:
    """The range of two moments, the earlier one first if that is sure."""
    try:
        return parse_timespan(f"{one}..{other}").text
    except ValueError:
        return f"{other}..{one}"


def _bare_text(values: Sequence[Value]) -> str | None:
    """The text, if it is one without quotes and wildcards."""
    (value,) = values if len(values) == 1 else (None,)
    return value.parts[0] if value is not None and value.bare and len(value.parts) == 1 else None


def _bare_range(text: str, at: int) -> tuple[str | None, str | None] | None:
    try:
        return bare_range(text)
    except ValueError as error:
        raise FilterError(f"{error}; {QUOTE_IT}", at) from None


def without_ago(line: str, text: str, end: int) -> tuple[str, int]:
    """The text up to `end` without the word "ago" after its durations, and the index after the last one."""
    for _ in ("start", "end"):
        if duration_of(text.rpartition("..")[2]) is None or (ago := _AGO.match(line, end)) is None:
            break
        text, end = text + (ago[1] or ""), ago.end()
    return text, end


def _with_clock(line: str, text: str, end: int) -> tuple[str, int]:
    """A date up to `end` with the time of day that follows it, as ctui shows instants, and the index after that.

    Raises FilterError for a time of day after another day, and for two times after a date.
    """
    if not is_day(text) or (clock := _CLOCK.match(line, end)) is None:
        return text, end
    time, more = clock["time"], clock["more"] or ""
    if text.casefold() == "today":
        instead = f"{time}{more}"
    elif not text[0].isdecimal():
        instead = "its date: 2026-11-27T13:30"
    elif more:
        instead = f"{text}T{time}{f'..{text}T{more[2:]}' if more.startswith('..') else ''}"
    else:
        zone = clock["zone"] or ""
        return f"{text}T{time}{zone if zone[:1] in ('+', '-') else ''}", clock.end()
    raise FilterError(f"{text} and {time} are two times: write {instead}", clock.start("time"))


def _named(begin: TermStart, name: str, start: int) -> tuple[Leaf | Range, int]:
    """The condition or range of a name whose values start at `start`."""
    _check_blank(begin, name, start)
    if name in ("since", "until"):
        return _moment(begin, name, start)
    if name == "is":
        values, end = begin.values(start)
        return KindTerm(tuple(map(_kind, values)), begin.negated), end
    if name == ANY.name:
        return _list_term(begin, start)
    row = value_field(name)
    if row is None and (order := ORDER.match(begin.line, start)) is not None:
        return _compare_term(begin, name, order[1], order.end())
    from ctui.model.filter.foreign.values import foreign_value  # noqa: PLC0415 - as in _word

    ignore_case = begin.line.startswith("~", start)
    values, end = begin.values(start + ignore_case)
    _check_foreign(begin, values, partial(foreign_value, name))
    if row is None:
        patterns = tuple(value.pattern for value in values)
        return PathTerm(tuple(name.split(".")), patterns, begin.negated, ignore_case), end
    return FieldTerm(row, tuple(_field_value(value, row) for value in values), begin.negated, ignore_case), end


def _list_term(begin: TermStart, start: int) -> tuple[ListTerm, int]:
    """The file of any: that starts at `start`."""
    values, end = begin.values(start)
    name = values[0].parts[0]
    if len(values) > 1 or len(values[0].parts) > 1 or not name.startswith("@"):
        instead = f"{ANY.name}:{ANY.example}"
        raise FilterError(f"{ANY.name}: takes a file of words: write {instead}; a word alone needs no field", start)
    if name == "@":
        raise FilterError("the path of a file is missing after @", start + 1, unfinished=True)
    return ListTerm(name[1:], begin.negated, position=start + 1), end


def _check_blank(begin: TermStart, name: str, at: int) -> None:
    """Raise FilterError for a blank where the value of a name should start."""
    words = begin.line[at : at + _SEEN_AHEAD].split(maxsplit=1)
    if not begin.line[at : at + 1].isspace() or not words:
        return
    if words[0].startswith("arn:"):
        raise FilterError(f"a value is missing here: for an ARN write who:arn:…; {QUOTE_IT}", at)
    instead = f"{name}:{bare(words[0]) or 'Value'}"
    raise FilterError(f"a value is missing here: write {instead} without a blank; {QUOTE_IT}", at)


def _field_value(value: Value, field: ValueField) -> Pattern | AddressRange:
    pattern = value.pattern
    if field.closed and pattern.exact:
        return _one_of_few(value, field)
    if not (value.bare and pattern.exact):
        return pattern
    text = pattern.parts[0]
    if field is IP:
        try:
            return parse_range(text) or pattern
        except ValueError as error:
            raise FilterError(f"{error}; {QUOTE_IT}", value.start) from None
    return Pattern((text + field.suffix,)) if field.suffix and expands(text) else pattern


def _one_of_few(value: Value, field: ValueField) -> Pattern:
    (word,) = value.parts
    if word.casefold() not in field.values:
        few = f"{', '.join(field.values[:-1])} or {field.values[-1]}"
        raise FilterError(f"{field.name}: takes {few}, not {shortened(word)}", value.start)
    return Pattern((word.casefold(),))


def _kind(value: Value) -> EventKind:
    word = "*".join(value.parts)
    if word[:1] in ("!", "-") and word[1:].casefold() in tuple(EventKind):
        raise FilterError(f"{word[0]} does not negate a kind: write -is:{word[1:]}", value.start)
    if instead := _KINDS_SAID.get(word.casefold()):
        raise FilterError(f"is: has no {shortened(word)}: write {instead}", value.start)
    try:
        return EventKind(word.casefold())
    except ValueError:
        if hint := nearest(word, tuple(EventKind)):
            raise FilterError(f"is: has no {shortened(word)}{hint}", value.start) from None
        raise FilterError("is: takes a kind of event, such as error or notable; tab lists them", value.start) from None


def _compare_term(begin: TermStart, name: str, mark: str, at: int) -> tuple[CompareTerm, int]:
    """The comparison of a path with the number or time at `at`."""
    if name in ("since", "until"):
        raise FilterError(f"{mark} is not supported: write {name}:2h", at - len(mark))
    if name in FIELDS:
        raise FilterError(f"{mark} compares numbers and times of a path, and {name} is a text", at - len(mark))
    if name == "eventTime":
        word = (begin.line[at : at + _SEEN_AHEAD].split(maxsplit=1) or [""])[0]
        instead = f"{'since' if mark[0] == '>' else 'until'}:{word if is_plain_moment(word) else '2h'}"
        raise FilterError(f"{mark} is not supported: write {instead}", at - len(mark))
    if begin.line[at : at + 1].isspace() and (words := begin.line[at : at + _SEEN_AHEAD].split(maxsplit=1)):
        raise FilterError(f"{mark} takes no blanks: write {name}{mark}{bare(words[0]) or '10'}", at)
    values, end = begin.values(at)
    if len(values) > 1 or len(values[0].parts) > 1:
        raise FilterError(f"{mark} takes one number or time: write {name}{mark}10", at)
    operand, end = without_ago(begin.line, values[0].parts[0], end)
    try:
        check_operand(operand)
    except ValueError as error:
        raise FilterError(str(error), at) from None
    return CompareTerm(tuple(name.split(".")), Comparison(mark), operand, begin.negated), end


def _moment(begin: TermStart, name: str, start: int) -> tuple[Range, int]:
    if begin.negated:
        raise FilterError(f"{name}: cannot be negated", begin.at - 1)
    values, end = begin.values(start)
    if len(values) > 1 or len(values[0].parts) > 1:
        raise FilterError(f"{name}: takes one time: write {name}:2h or {name}:2026-11-01T12:00Z", start)
    word = values[0].parts[0]
    if values[0].bare:
        word, end = _with_clock(begin.line, *without_ago(begin.line, word, end))
    if (ends := ends_of(word)) is not None:
        instead = " ".join(f"{side}:{moment}" for side, moment in zip(("since", "until"), ends, strict=True) if moment)
        raise FilterError(f"{name}: takes one time{f', write {instead}' if instead else ''}", start)
    try:
        parse_timespan(f"{word}..now" if name == "since" else f"..{word}")
    except ValueError as error:
        raise FilterError(_phrase_error(begin.line[start : start + _SEEN_AHEAD]) or str(error), start) from None
    since, until = (word, None) if name == "since" else (None, word)
    return Range(since, until, start, begin.at, end), end


def _phrase_error(ahead: str) -> str:
    """Why the first words of a text are no time, if they are meant as one, such as 2 hours ago; else ""."""
    from ctui.model.lookup.moment_errors import advice_for  # noqa: PLC0415 - as in _word

    words = ahead.split()
    for number in (3, 2):
        phrase = " ".join(words[:number])
        if len(words) >= number and (advice := advice_for(phrase)):
            return f"{phrase!r} is not a time: {advice}"
    return ""


def _check_foreign(begin: TermStart, values: Sequence[Value], foreign_in: Callable[[str, str], Foreign | None]) -> None:
    """Raise FilterError for foreign syntax in one of these values."""
    from ctui.model.filter.foreign.phrases import hide_quoted  # noqa: PLC0415 - as in _word
    from ctui.model.filter.foreign.values import foreign_after_comma  # noqa: PLC0415 - as in _word

    for index, value in enumerate(values):
        visible = hide_quoted(begin.line[value.start : value.end])
        after = begin.line[value.end : value.end + _SEEN_AHEAD]
        foreign = (foreign_after_comma(visible) if index else None) or foreign_in(visible, after)
        if foreign is not None:
            raise FilterError(f"{foreign.means}; {QUOTE_IT}", value.start + foreign.at)

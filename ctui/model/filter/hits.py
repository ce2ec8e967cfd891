"""Hits: which parts of an event's record are what its filter line looked for, so that they can be highlighted."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final

from ctui.model.event.event import Event
from ctui.model.event.kind import EventKind
from ctui.model.event.record_view import RecordView
from ctui.model.filter.matching.regex import Regex, compile_regex
from ctui.model.filter.predicate import ValueTest, compare_test, value_test
from ctui.model.filter.terms import CompareTerm, FieldTerm, Filter, KindTerm, PathTerm, RegexTerm, WordTerm
from ctui.model.values import dataclass

_FAILURES: Final = frozenset((EventKind.ERROR, EventKind.DENIED))
_MOST_VALUES: Final = 200
"""Values of one term that are looked for in the texts of a record."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What to look for in one event. A negated term looks for no text, and of `is:` only those that are failures."""

    words: tuple[str, ...] = ()
    """Texts that count anywhere, in upper or lower case."""
    values: tuple[str, ...] = ()
    """Values of fields that match: they count as a whole, or between other signs, as in an ARN."""
    paths: tuple[tuple[tuple[str, ...], ValueTest], ...] = ()
    """Paths of terms, with the test that a value there passes."""
    regexes: tuple[Regex, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.values or self.paths or self.regexes)

    def spans(self, text: str, path: tuple[str, ...] | None) -> Iterator[tuple[int, int]]:
        """(first, end) of each hit in a text that stands at a path of the record; None if that is not known."""
        if path is not None and any(_leads_to(wanted, path) and test(text) for wanted, test in self.paths):
            yield 0, len(text)
            return
        if self.words:
            yield from (found.span() for found in _words(self.words).finditer(text))
        if self.values:
            yield from (found.span() for found in _values(self.values).finditer(text))
        for regex in self.regexes:
            yield from regex.spans(text)


def hits_of(line: Filter, event: Event, region: str, now: datetime) -> Hits:
    """What the terms of a line look for in an event; ages count back from `now`. Never raises."""
    view = RecordView(event, region)
    words: list[str] = []
    values: list[str] = []
    paths: list[tuple[tuple[str, ...], ValueTest]] = []
    regexes: list[Regex] = []
    for leaf in line.leaves:
        if leaf.negated:
            continue
        if isinstance(leaf, WordTerm):
            words += (part for pattern in leaf.one_of for part in pattern.parts if part)
        elif isinstance(leaf, FieldTerm):
            test = value_test(leaf)
            values += [value for value in leaf.field.read(view) if value and test(value)][:_MOST_VALUES]
        elif isinstance(leaf, PathTerm):
            paths.append((leaf.path, value_test(leaf)))
        elif isinstance(leaf, CompareTerm):
            paths.append((leaf.path, compare_test(leaf, now)))
        elif isinstance(leaf, KindTerm):
            values += view.errors() if _FAILURES.intersection(leaf.one_of) else ()
        elif isinstance(leaf, RegexTerm):
            regexes.append(compile_regex(leaf.regex, leaf.ignore_case))
    return Hits(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(values)), tuple(paths), tuple(regexes))


def _leads_to(wanted: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """True if a path of the filter leads to a path of the record, or above it: indices may be left out, and a key can
    contain dots."""
    keys = ".".join((*(key for key in path if not key.isdecimal()), ""))
    return f"{'.'.join(path)}.".startswith(f"{'.'.join(wanted)}.") or keys.startswith(f"{'.'.join(wanted)}.")


@lru_cache(maxsize=8)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_any_of(words), re.IGNORECASE)


@lru_cache(maxsize=8)
def _values(values: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?<![A-Za-z0-9])(?:{_any_of(values)})(?![A-Za-z0-9])")


def _any_of(texts: tuple[str, ...]) -> str:
    """An expression for any of these texts, the longest first. Texts alone cannot make it slow."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))

"""FindingSearch: looks at events one by one for what explains the leaves of a line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from ctui.model.empty_result.finding import Finding, FindingKind, Occurrence
from ctui.model.empty_result.occurrences import ANY_ADDRESS, is_explained, names_network, network_of, occurrences
from ctui.model.empty_result.term_text import term_text
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import IP
from ctui.model.filter.matching.addresses import address_of
from ctui.model.filter.matching.operands import Compared, compared_with, is_number
from ctui.model.filter.predicate import Predicate, compile_filter, field_values
from ctui.model.filter.terms import CompareTerm, Filter, Leaf, PathTerm, Term
from ctui.model.filter.write import write_term

_MAX_OCCURRENCES = 500
"""The most places that are compared for one line: enough to find the usual one."""
_MAX_LEAVES = 50
"""The most leaves that are explained; a longer line was not typed by hand."""
_LOOKED = "*"
"""The key that each event has."""


class _Fact(StrEnum):
    """What an event says of a leaf, as its key begins."""

    MATCHES = "="
    """It has what the leaf names."""
    HAS_PATH = "@"
    COMPARES = "#"
    """What is at the leaf's path compares with its operand."""
    SPELLED = "~"
    """It has the leaf's path in other letter case."""
    INSIDE = "!"
    """Its address is in the leaf's network."""
    ADDRESSED = "/"
    """It would match with any address in place of the leaf's network."""
    HELPS = ">"
    """Another term in place of the leaf changes whether it is shown; that term follows in the key."""


def searched_leaves(line: Filter, *, with_rows: bool) -> tuple[Leaf, ...]:
    """The leaves of a line that events can explain: those that match nothing, or with rows those that hide nothing."""
    leaves = dict.fromkeys(leaf for leaf in line.leaves if _is_searched(leaf, with_rows=with_rows))
    return tuple(leaves)[:_MAX_LEAVES]


def _is_searched(leaf: Leaf, *, with_rows: bool) -> bool:
    if names_network(leaf) and leaf.negated:
        # It hides the names of services, whatever else it hides.
        return True
    return leaf.negated is with_rows and is_explained(leaf)


class FindingSearch:
    """Searches events with `look`, which returns keys to count; `found` returns what the counts say."""

    def __init__(self, line: Filter, now: datetime, *, with_rows: bool = False) -> None:
        """`line` includes the whole range; `now` is the server's clock. `with_rows`: some events match the line."""
        self._line = line
        self._now = now
        self._matching = compile_filter(line, now)
        self._leaves = searched_leaves(line, with_rows=with_rows)
        self._texts = {leaf: write_term(leaf) for leaf in self._leaves}
        self._alone = {leaf: self._compiled(leaf) for leaf in self._leaves}
        self._compared = {
            leaf: compared_with(leaf.operand, now) for leaf in self._leaves if isinstance(leaf, CompareTerm)
        }
        self._addressed = {
            leaf: compile_filter(line.replaced(leaf, ANY_ADDRESS), now)
            for leaf in self._leaves
            if names_network(leaf) and not leaf.negated
        }
        self._networks = {leaf: self._compiled(term) for leaf in self._leaves if (term := network_of(leaf)) is not None}
        self._occurrences: dict[str, Occurrence] = {}
        self._predicates: dict[str, Predicate] = {}
        self._spelled: dict[Leaf, Term] = {}

    def __bool__(self) -> bool:
        """False if the line has no leaf that events can explain."""
        return bool(self._leaves)

    def look(self, event: Event, region: str) -> Iterator[str]:
        """The keys of what this event says of the line, to count. Never raises."""
        yield _LOOKED
        for leaf in self._leaves:
            if self._alone[leaf](event, region):
                yield self._key(_Fact.MATCHES, leaf)
            if isinstance(leaf, PathTerm | CompareTerm):
                yield from self._at_path(leaf, event, region)
            elif leaf in self._addressed and self._is_addressed(leaf, event, region):
                yield self._key(_Fact.ADDRESSED, leaf)
            elif leaf in self._networks and self._networks[leaf](event, region):
                yield self._key(_Fact.INSIDE, leaf)
            for occurrence in occurrences(leaf, event, region):
                key = f"{self._key(_Fact.HELPS, leaf)} {write_term(occurrence.replacement)}"
                if _same_path(leaf, occurrence.replacement):
                    yield self._key(_Fact.SPELLED, leaf)
                    self._spelled[leaf] = occurrence.replacement
                if self._helps(key, occurrence, event, region):
                    yield key

    def found(self, counts: dict[str, int]) -> tuple[Finding, ...]:
        """What is said of each leaf, the best of it only; `counts` has the number of events for each key."""
        best: dict[Leaf, tuple[tuple[int, int], str]] = {}
        for key, number in counts.items():
            occurrence = self._occurrences.get(key)
            if occurrence is not None and self._stands(occurrence, counts):
                order = (occurrence.rank, -number)
                best[occurrence.leaf] = min(best.get(occurrence.leaf, (order, key)), (order, key))
        findings = []
        for leaf in self._leaves:
            if leaf in best:
                key = best[leaf][1]
                findings.append(_finding(self._occurrences[key], counts[key]))
            elif isinstance(leaf, PathTerm | CompareTerm) and not leaf.negated:
                findings += self._missing(leaf, counts)
        return tuple(findings)

    def _key(self, fact: _Fact, leaf: Leaf) -> str:
        return f"{fact} {self._texts[leaf]}"

    def _compiled(self, leaf: Leaf) -> Predicate:
        """Whether an event in range has what the leaf names."""
        return compile_filter(replace(self._line, terms=(replace(leaf, negated=False),)), self._now)

    def _at_path(self, leaf: PathTerm | CompareTerm, event: Event, region: str) -> Iterator[str]:
        view = RecordView(event, region)
        values = () if view.cannot_contain(leaf.path[0]) else tuple(view.at(leaf.path))
        if values:
            yield self._key(_Fact.HAS_PATH, leaf)
        compared: Compared | None = self._compared.get(leaf) if isinstance(leaf, CompareTerm) else None
        if compared is not None and any(compared(value) is not None for value in values):
            yield self._key(_Fact.COMPARES, leaf)

    def _is_addressed(self, leaf: Leaf, event: Event, region: str) -> bool:
        """True if the event would match with any address in place of the leaf's network."""
        addresses = map(address_of, field_values(IP.name, event, region))
        return any(address is not None for address in addresses) and self._addressed[leaf](event, region)

    def _helps(self, key: str, occurrence: Occurrence, event: Event, region: str) -> bool:
        """True if the event is shown with the replacement and not now, or the other way round if that hides it."""
        if key not in self._occurrences:
            if len(self._occurrences) == _MAX_OCCURRENCES:
                return False
            self._occurrences[key] = occurrence
            line = self._line.replaced(occurrence.leaf, occurrence.replacement)
            self._predicates[key] = compile_filter(line, self._now)
        shown, then = self._matching(event, region), self._predicates[key](event, region)
        return shown and not then if occurrence.kind is FindingKind.HIDES_NOTHING else then and not shown

    def _stands(self, occurrence: Occurrence, counts: dict[str, int]) -> bool:
        """False if the leaf matches or hides something already, so that nothing is wrong with it."""
        leaf = occurrence.leaf
        if occurrence.kind is FindingKind.HIDES_SERVICES:
            return True
        if leaf in self._addressed:
            # Events that match the rest of the line have addresses, which are not in the network.
            return self._key(_Fact.ADDRESSED, leaf) not in counts
        inside = leaf not in self._networks or self._key(_Fact.INSIDE, leaf) in counts
        return inside and self._key(_Fact.MATCHES, leaf) not in counts

    def _missing(self, leaf: PathTerm | CompareTerm, counts: dict[str, int]) -> Iterator[Finding]:
        """That the path does not occur, or that nothing there compares with the operand."""
        looked, path = counts.get(_LOOKED, 0), ".".join(leaf.path)
        events = f"{looked:,} stored event{'' if looked == 1 else 's'}"
        present = counts.get(self._key(_Fact.HAS_PATH, leaf), 0)
        if looked and not present:
            text = f"{path} occurs in none of {events}"
            if (other := self._spelled.get(leaf)) is not None and isinstance(other, PathTerm | CompareTerm):
                text += f", {'.'.join(other.path)} in {counts.get(self._key(_Fact.SPELLED, leaf), 0):,}"
            yield Finding(leaf, FindingKind.NOT_RECORDED, text, other)
        elif isinstance(leaf, CompareTerm) and present and not counts.get(self._key(_Fact.COMPARES, leaf), 0):
            what = "number" if is_number(leaf.operand) else "time"
            text = f"{path} occurs in {present:,} of {events}, and is no {what} in any of them"
            yield Finding(leaf, FindingKind.NOT_RECORDED, text)


def _same_path(leaf: Leaf, other: Term) -> bool:
    """True for two terms whose paths differ in letter case only."""
    if not isinstance(leaf, PathTerm | CompareTerm) or not isinstance(other, PathTerm | CompareTerm):
        return False
    return leaf.path != other.path and ".".join(leaf.path).casefold() == ".".join(other.path).casefold()


def _finding(occurrence: Occurrence, number: int) -> Finding:
    events = f"{number:,} stored event{'' if number == 1 else 's'}"
    leaf, kind = occurrence.leaf, occurrence.kind
    text = f"{occurrence.words} {events}{occurrence.rest}"
    if kind is FindingKind.HIDES_SERVICES:
        return Finding(leaf, kind, f"{term_text(leaf)} {text}", occurrence.replacement, number)
    if kind is FindingKind.HIDES_NOTHING:
        text = f"{term_text(leaf)} hides nothing: {text}"
    return Finding(leaf, kind, text, occurrence.replacement)

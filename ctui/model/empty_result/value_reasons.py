"""Reasons that lie in the values of a line: wrong case, another field, another Region, nothing to compare with."""

from collections.abc import Iterator
from dataclasses import replace

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.finding import Finding, FindingKind
from ctui.model.empty_result.occurrences import names_network, network_of
from ctui.model.empty_result.services import LEADERS, data_mentions, global_mentions
from ctui.model.empty_result.term_text import term_text
from ctui.model.filter.matching.case_variants import MAX_PATTERNS, case_variants, compared_field, recased
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.selection import attributes_of
from ctui.model.filter.terms import FieldTerm, PathTerm, leaves_of
from ctui.model.filter.write import write_term

_MAX_REASONS = 5
"""The most leaves that get a reason: there are as many keys."""


def value_reasons(empty: EmptyResult) -> Iterator[Reason]:
    """Why the values of the line match nothing. Leaves of a group are explained if the group excludes every event."""
    leader = LEADERS.get(empty.partition, "")
    mention = next(global_mentions(empty.line), None)
    if mention is not None and leader and leader not in empty.regions:
        how = "is" if mention.sure else "may be"
        yield search_too(f"{mention.text} {how} recorded in {leader}, which was not searched", leader)
    for call in data_mentions(empty.line):
        text = f"{call} is a data event: event history has management events only, a trail's log files can have both"
        yield Reason(Cause.DATA_EVENT, text)
        break
    different: dict[object, Reason] = {}
    for reason in _of_leaves(empty):
        different.setdefault(reason.line or reason.text, reason)
    yield from tuple(different.values())[:_MAX_REASONS]


def hiding_reasons(empty: EmptyResult) -> Iterator[Reason]:
    """Negated terms that hide nothing, although another term would, and networks that hide what has no address."""
    for finding in empty.findings:
        reason = _found(empty, finding)
        if finding.kind is FindingKind.HIDES_NOTHING:
            yield replace(reason, hides_nothing=write_term(finding.leaf))
        elif finding.kind is FindingKind.HIDES_SERVICES:
            yield reason


def search_too(text: str, region: str) -> Reason:
    """A reason whose suggestion is to search a further Region."""
    return Reason(Cause.OTHER_REGION, text, f"search {region} too", add_region=region)


def _of_leaves(empty: EmptyResult) -> Iterator[Reason]:
    for term in empty.line.terms:
        matches_nothing = empty.exclusions.each[term] >= empty.exclusions.counted(term)
        for leaf in dict.fromkeys(leaves_of(term)):
            if isinstance(leaf, FieldTerm | PathTerm) and (matches_nothing or (leaf == term and len(leaf.one_of) > 1)):
                yield from _letter_case(empty, leaf)
            findings = [one for one in empty.findings if one.leaf == leaf]
            for finding in findings:
                if matches_nothing or names_network(leaf):
                    yield _found(empty, finding)
            if matches_nothing and not findings and not leaf.negated and (network := network_of(leaf)) is not None:
                text = f"{term_text(leaf)} without ip: is searched for as a text, not as a network"
                line = empty.line.replaced(leaf, network)
                yield Reason(Cause.OTHER_FIELD, text, f"use {write_term(network)}", line)


def _found(empty: EmptyResult, finding: Finding) -> Reason:
    cause = Cause.NOT_RECORDED if finding.kind is FindingKind.NOT_RECORDED else Cause.OTHER_FIELD
    if finding.replacement is None:
        return Reason(cause, finding.text)
    line, label = empty.line.replaced(finding.leaf, finding.replacement), f"use {write_term(finding.replacement)}"
    return Reason(cause, finding.text, label, line, hides_services=finding.hidden)


def _letter_case(empty: EmptyResult, leaf: FieldTerm | PathTerm) -> Iterator[Reason]:
    """Values that differ from the leaf's in upper and lower case only.

    The one spelling of an exact value is offered, since the service can select by it. For several spellings, and for
    wildcards, letter case is ignored.
    """
    seen = empty.seen_values.get(compared_field(leaf), ())
    spellings: dict[str, None] = {}
    typed: list[Pattern] = []
    for pattern in dict.fromkeys(leaf.patterns[:MAX_PATTERNS]) if seen else ():
        values = case_variants(pattern, seen)
        if pattern.exact and len(values) == 1:
            better = recased(leaf, pattern, values[0])
            yield _recased(empty, leaf, better, values, [pattern])
        elif values:
            spellings.update(dict.fromkeys(values))
            typed.append(pattern)
    if typed:
        yield _recased(empty, leaf, replace(leaf, ignore_case=True), tuple(spellings), typed)


def _recased(
    empty: EmptyResult,
    leaf: FieldTerm | PathTerm,
    better: FieldTerm | PathTerm,
    values: tuple[str, ...],
    typed: list[Pattern],
) -> Reason:
    """The reason that some values were seen and what was typed was not, with the term that matches them."""
    were, was = "was" if len(values) == 1 else "were", "was" if len(typed) == 1 else "were"
    names = _listed(["*".join(pattern.parts) for pattern in typed])
    text = f"case matters: {_listed(values)} {were} seen, {names} {was} not"
    # AWS selects by whole values only, so that more pages are needed.
    here = ", filtered here" if attributes_of(leaf) and not attributes_of(better) else ""
    line = empty.line.replaced(leaf, better)
    return Reason(Cause.LETTER_CASE, text, f"use {write_term(better)}{here}", line)


def _listed(words: tuple[str, ...] | list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last

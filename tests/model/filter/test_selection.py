"""What the service can select by: every event that matches a line meets each clause, and decided terms are exact."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.fakes.cloudtrail import has
from support.filter_trees import EVENTS, events, lines, selected_lines, terms

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.selection import MAX_CLAUSES, MAX_LOOKUPS, attributes_of, clauses_of, decides, term_of
from ctui.model.filter.terms import Filter, Term
from ctui.model.filter.write import write_filter, write_term
from ctui.model.lookup.lookup import Clause, LookupAttribute, selectivity

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SHORT = {
    AttributeKey.USERNAME: "user",
    AttributeKey.EVENT_NAME: "name",
    AttributeKey.ACCESS_KEY_ID: "key",
    AttributeKey.RESOURCE_NAME: "resource",
    AttributeKey.READ_ONLY: "read_only",
}


def short(clauses: Iterable[Clause]) -> list[str]:
    """Clauses as `user=a|key=K`."""
    return ["|".join(f"{SHORT[one.key]}={one.value}" for one in clause) for clause in clauses]


@pytest.mark.parametrize(
    ("line", "clauses", "here"),
    [
        ("user:a", ["user=a"], []),
        ("user:a,b", ["user=a|user=b"], []),
        ("user:a OR user:b", ["user=a|user=b"], []),
        ("user:a OR key:K", ["user=a|key=K"], []),
        ("user:a OR user:b,key OR key:K", ["user=a|user=b|user=key|key=K"], []),
        ("(user:a OR key:K) is:error", ["user=a|key=K"], ["is:error"]),
        ("(user:a OR key:K) name:X", ["user=a|key=K", "name=X"], ["name:X"]),
        ("user:a name:X", ["user=a", "name=X"], ["name:X"]),
        ("(user:a name:X) OR key:K", ["user=a|key=K", "name=X|key=K"], ["(user:a name:X OR key:K)"]),
        ("(user:a is:error) OR key:K", ["user=a|key=K"], ["(user:a is:error OR key:K)"]),
        (
            "(user:a name:X) OR (user:b name:Y)",
            ["user=a|user=b", "user=a|name=Y", "name=X|user=b", "name=X|name=Y"],
            ["(user:a name:X OR user:b name:Y)"],
        ),
        ("(user:a name:X) OR (user:a name:Y)", ["user=a", "name=X|name=Y"], ["(user:a name:X OR user:a name:Y)"]),
        ("user:a OR is:error", [], ["(user:a OR is:error)"]),
        ("user:a OR user:b*", [], ["(user:a OR user:b*)"]),
        ("-user:a", [], ["-user:a"]),
        ("-(-user:a -key:K)", ["user=a|key=K"], []),
        ("-(-user:a OR -name:X)", ["user=a", "name=X"], ["-(-user:a OR -name:X)"]),
        ("-(user:a OR name:X)", [], ["-(user:a OR name:X)"]),
        ("user:a user:a,b", ["user=a"], []),
        ("user:a (user:a OR key:K)", ["user=a"], []),
        ("user:~a", [], ["user:~a"]),
        ("is:read OR user:a", ["read_only=true|user=a"], []),
        ("is:login", ["name=ConsoleLogin"], []),
        ("is:login -is:mfa", ["name=ConsoleLogin"], ["-is:mfa"]),
        ("is:write,login", ["read_only=false|name=ConsoleLogin"], []),
        ("is:login,root", [], ["is:login,root"]),
        ("role:Admin is:write", ["read_only=false"], ["role:Admin"]),
        ("", [], []),
    ],
)
def test_clauses_of_lines_and_what_is_left_to_filter_here(line: str, clauses: list[str], here: list[str]) -> None:
    parsed = parse_filter(line)
    found = clauses_of(parsed)
    assert short(found) == clauses
    selected = found[0] if found else ()
    assert [write_term(term) for term in parsed.terms if not decides(selected, term)] == here


def test_what_is_decided_depends_on_what_was_selected() -> None:
    line = parse_filter("(user:a OR key:K) name:X,Y")
    (either, of_names) = clauses_of(line)
    assert [write_term(term) for term in line.terms if not decides(either, term)] == ["name:X,Y"]
    assert [write_term(term) for term in line.terms if not decides(of_names, term)] == ["(user:a OR key:K)"]
    assert [write_term(term) for term in line.terms if not decides((), term)] == ["(user:a OR key:K)", "name:X,Y"]


@settings(max_examples=examples(300), deadline=None)
@given(lines | selected_lines)
def test_an_event_that_matches_meets_every_clause(line: Filter) -> None:
    clauses, matches = clauses_of(line), compile_filter(line, NOW)
    for event in EVENTS:
        if matches(event, "eu-west-1"):
            assert all(meets(event, clause) for clause in clauses), write_filter(line)


@settings(max_examples=examples(300), deadline=None)
@given(lines | selected_lines, st.lists(events, max_size=30))
def test_what_a_clause_decides_matches(line: Filter, drawn: list[Event]) -> None:
    for clause in clauses_of(line):
        for term in line.terms:
            if decides(clause, term):
                matches = compile_filter(Filter((term,)), NOW)
                for event in chain(EVENTS, drawn):
                    assert matches(event, "eu-west-1") or not meets(event, clause), write_term(term)


@settings(max_examples=examples(300), deadline=None)
@given(terms | selected_lines.map(lambda line: line.terms[0]))
def test_a_term_that_one_clause_decides_is_that_clause(term: Term) -> None:
    if not (attributes := attributes_of(term)):
        return
    line = Filter().with_terms([term])
    if clauses_of(line) == (attributes,):
        matches = compile_filter(line, NOW)
        assert all(matches(event, "eu-west-1") is meets(event, attributes) for event in EVENTS), write_term(term)


def meets(event: Event, clause: Clause) -> bool:
    return any(has(event, attribute) for attribute in clause)


def test_an_or_of_ands_is_distributed_within_a_bound_and_the_most_selective_stay() -> None:
    many = " OR ".join(f"(user:u{n} name:n{n} source:s{n} is:read)" for n in range(12))
    clauses = clauses_of(parse_filter(many))
    assert len(clauses) == MAX_CLAUSES
    assert "|".join(f"user=u{n}" for n in range(12)) in short(clauses)
    assert max(map(selectivity, clauses)) < selectivity((LookupAttribute(AttributeKey.READ_ONLY, "true"),))


@pytest.mark.parametrize(("values", "selects"), [(MAX_LOOKUPS, True), (MAX_LOOKUPS + 1, False)])
@pytest.mark.parametrize("separator", [",", " OR user:"])
def test_a_clause_has_a_bounded_number_of_attributes(values: int, selects: bool, separator: str) -> None:
    line = parse_filter(f"(user:{separator.join(f'u{n}' for n in range(values))}) name:X")
    assert [len(clause) for clause in clauses_of(line)] == ([values, 1] if selects else [1])


def test_a_long_line_is_as_quick_as_its_length() -> None:
    """No clause is compared with more than those that are kept."""
    wide = parse_filter(" ".join(f"id:a{n}" for n in range(500)))
    assert len(clauses_of(wide)) == MAX_CLAUSES
    deep = parse_filter(" OR ".join(f"({' '.join(f'id:a{n}{m}' for m in range(8))})" for n in range(60)))
    assert clauses_of(deep) == ()


@pytest.mark.parametrize(
    "line", ["user:a", "user:a,b", "is:read", "is:read,write", "(user:a,b OR key:K)", "source:ec2.amazonaws.com"]
)
def test_a_clause_is_a_term_again(line: str) -> None:
    (clause,) = clauses_of(parse_filter(line))
    assert write_term(term_of(clause)) == line
    assert attributes_of(term_of(clause)) == clause

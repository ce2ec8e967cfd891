"""A filter line as a boolean tree: random trees against plain Python with three truth values, over real records."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.plain_readings import LEAVES, READINGS, event_around
from support.real_records import event_of, real_records

from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import AllOf, AnyOf, Term, leaves_of, pushed_down
from ctui.model.filter.write import write_filter

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)

Tree: TypeAlias = "str | tuple[str, Tree] | tuple[str, Tree, Tree]"
"""A leaf's line, ("NOT", tree), or ("AND" or "OR", tree, tree)."""


def grow(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.tuples(st.just("NOT"), trees) | st.tuples(st.sampled_from(["AND", "OR"]), trees, trees)


TREES: st.SearchStrategy[Tree] = st.recursive(st.sampled_from(sorted(LEAVES)), grow, max_leaves=5)


def written(tree: Tree) -> str:
    """The tree as a line with every parenthesis."""
    if isinstance(tree, str):
        return f"({tree})"
    if len(tree) == 2:
        return f"NOT ({written(tree[1])})"
    return f"({written(tree[1])} {tree[0]} {written(tree[2])})"


@cache
def records() -> list[dict[str, Any]]:
    return [record for record in real_records() if isinstance(record.get("readOnly"), bool | None)]


@cache
def events() -> list[Event]:
    return [event_around(record, json.dumps(record, ensure_ascii=False)) for record in records()]


@cache
def answers(leaf: str) -> list[bool | None]:
    """What plain Python says of each record: None if the record says too little."""
    return [LEAVES[leaf](record) for record in records()]


def kleene(tree: Tree) -> list[bool | None]:
    """The tree's truth for each record by the tables of three-valued logic."""
    if isinstance(tree, str):
        return answers(tree)
    if len(tree) == 2:
        return [None if one is None else not one for one in kleene(tree[1])]
    pairs = zip(kleene(tree[1]), kleene(tree[2]), strict=True)
    if tree[0] == "AND":
        return [False if False in pair else None if None in pair else True for pair in pairs]
    return [True if True in pair else None if None in pair else False for pair in pairs]


def found(line: str) -> list[bool]:
    predicate = compile_filter(parse_filter(line), NOW)
    return [predicate(event, "nowhere") for event in events()]


@pytest.mark.story
def test_each_leaf_that_can_be_unknown_means_what_plain_python_reads() -> None:
    for leaf in LEAVES.keys() - READINGS.keys():
        assert found(leaf) == [one is True for one in answers(leaf)], leaf
        assert found(f"-({leaf})") == [one is False for one in answers(leaf)], leaf


def test_a_third_of_the_real_records_has_no_address_and_is_neither_inside_nor_outside() -> None:
    unknown = [one is None for one in answers("ip:::/0")]
    assert 0.2 < sum(unknown) / len(unknown) < 0.5
    matching = zip(found("ip:0.0.0.0/0,::/0"), found("-ip:0.0.0.0/0,::/0"), unknown, strict=True)
    assert all(inside is not none and not outside for inside, outside, none in matching)


@settings(max_examples=examples(40), deadline=None)
@given(TREES)
def test_a_tree_matches_what_is_true_by_three_valued_logic(tree: Tree) -> None:
    assert found(written(tree)) == [one is True for one in kleene(tree)]


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("aa bb OR cc", "(aa AND bb) OR cc"),
        ("aa OR bb cc", "aa OR (bb cc)"),
        ("NOT aa bb", "(NOT aa) bb"),
        ("NOT (aa bb)", "-aa OR -bb"),
        ("-(aa OR bb)", "-aa -bb"),
        ("NOT (ip:10.0.0.0/8 OR name:x)", "-ip:10.0.0.0/8 -name:x"),
        ("NOT -(aa)", "aa"),
    ],
)
def test_lines_that_mean_the_same(line: str, same: str) -> None:
    assert down(line) == down(same)


def down(line: str) -> set[Term]:
    terms = [pushed_down(term) for term in parse_filter(line).terms]
    return {one for term in terms for one in (term.terms if isinstance(term, AllOf) else (term,))}


@settings(max_examples=examples(60), deadline=None)
@given(TREES)
def test_negation_stands_at_the_leaves_alone_once_it_is_pushed_down(tree: Tree) -> None:
    for term in parse_filter(written(tree)).terms:
        assert not any(group.negated for group in groups_of(pushed_down(term)))
        assert list(leaves_of(term)) == list(leaves_of(pushed_down(term)))


def groups_of(term: Term) -> list[AnyOf | AllOf]:
    if not isinstance(term, AnyOf | AllOf):
        return []
    return [term, *(group for one in term.terms for group in groups_of(one))]


def test_what_is_in_a_network() -> None:
    def of(address: str) -> Event:
        return event_of({"sourceIPAddress": address})

    cases = {
        "ip:10.0.0.0/8": ("10.255.255.255", "::ffff:10.0.0.1"),
        "ip:10.1.2.3/8": ("10.0.0.0",),
        "ip:2001:db8::/32": ("2001:db8::1", "2001:0DB8:0:0::ffff"),
        "ip:10.0.0.5-10.0.0.7": ("10.0.0.5", "10.0.0.6", "10.0.0.7"),
        "ip:10.0.0.0/255.255.0.0": ("10.0.255.1",),
        "ip:2001:db8::-2001:db8::f": ("2001:db8::", "2001:db8:0:0:0:0:0:f"),
        "ip:::1-::ff": ("::1", "::a"),
        "ip:::ffff:10.0.0.0-::ffff:10.0.0.4": ("10.0.0.1", "::FFFF:a00:1"),
        "ip:192.0.2.1,10.0.0.0/8,*.amazonaws.com": ("192.0.2.1", "10.0.0.1", "ec2.amazonaws.com"),
    }
    outside = ("11.0.0.1", "2001:db9::1", "10.0.0.8")
    for line, addresses in cases.items():
        inside = compile_filter(parse_filter(line), NOW)
        negated = compile_filter(parse_filter(f"-{line}"), NOW)
        assert all(inside(of(one), "") and not negated(of(one), "") for one in addresses), line
        assert any(negated(of(one), "") and not inside(of(one), "") for one in outside), line
        for none in ("AWS Internal", "", "10.0.0", "1.2.3.4.5", "s3.amazonaws.com.example", "\ud800"):
            assert (inside(of(none), ""), negated(of(none), "")) == (False, False), (line, none)


@pytest.mark.parametrize(
    ("line", "leaf", "by", "after"),
    [
        ("user:a is:write", "user:a", "role:a", "role:a is:write"),
        ("user:a OR user:b", "user:a", "role:a", "role:a OR user:b"),
        ("is:write (x OR user:a y)", "user:a", "role:a", "is:write (x OR role:a y)"),
        # What a negated group says of a leaf is its opposite.
        ("-(user:a OR user:b)", "-user:a", "-role:a", "-(role:a OR user:b)"),
        ("user:a -(user:a OR user:b)", "user:a", "role:a", "role:a -(user:a OR user:b)"),
        ("-(x -(user:a y))", "user:a", "role:a", "-(x -(role:a y))"),
        # What takes its place may be a group of its own.
        ("is:write user:a", "user:a", "(user:a OR user:b)", "is:write (user:a OR user:b)"),
        ("x OR user:a", "user:a", "(user:a OR user:b)", "x OR user:a OR user:b"),
        ("-(x OR ip:10.0.0.0/8)", "-ip:10.0.0.0/8", "(-ip:10.0.0.0/8 OR y)", "-(x OR -(-ip:10.0.0.0/8 OR y))"),
    ],
)
def test_a_leaf_is_replaced_in_the_groups_around_it(line: str, leaf: str, by: str, after: str) -> None:
    (old,), (new,) = parse_filter(leaf).terms, parse_filter(by).terms
    assert old in parse_filter(line).leaves
    assert write_filter(parse_filter(line).replaced(old, new)) == after

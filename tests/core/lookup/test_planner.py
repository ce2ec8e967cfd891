"""The planner: which clause goes to the service, what is known, and which gaps are left."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.core.lookup.planner import (
    Counts,
    KnownSeconds,
    ScopeQuery,
    cheapest_clause,
    known,
    plan_gaps,
    plan_rechecks,
    server_filter_for,
)
from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import Clause, LookupAttribute
from ctui.model.lookup.scan import Scan

SCOPE = Scope("aws", "111111111111", "eu-west-1")
ALICE = LookupAttribute(AttributeKey.USERNAME, "alice")
BOB = LookupAttribute(AttributeKey.USERNAME, "bob")
LOGIN = LookupAttribute(AttributeKey.EVENT_NAME, "ConsoleLogin")
WRITE = LookupAttribute(AttributeKey.READ_ONLY, "false")
ID = LookupAttribute(AttributeKey.EVENT_ID, "x")
KEY = LookupAttribute(AttributeKey.ACCESS_KEY_ID, "AKIA")
EC2 = LookupAttribute(AttributeKey.EVENT_SOURCE, "ec2.amazonaws.com")
TYPE = LookupAttribute(AttributeKey.RESOURCE_TYPE, "AWS::S3::Bucket")
NAME = LookupAttribute(AttributeKey.RESOURCE_NAME, "logs")

Known = Mapping[LookupAttribute | None, Stretches]


def of(*pairs: tuple[int, int]) -> Stretches:
    return Stretches.of(*(Stretch(*pair) for pair in pairs))


def in_(table: Known) -> "Settled":
    return Settled(table)


class Settled:
    """A table as the planner's look-up; nothing is known of what it does not name."""

    def __init__(self, table: Known) -> None:
        self.table = table

    def __call__(self, attribute: LookupAttribute | None) -> Stretches:
        return self.table.get(attribute, Stretches())


def everywhere(seconds: int) -> KnownSeconds:
    """Nothing is known of a range of so many seconds, by any attribute."""
    return lambda _: of((0, seconds))


def test_without_counts_the_usual_order_decides() -> None:
    order = [ID, KEY, NAME, ALICE, LOGIN, TYPE, EC2, WRITE]
    for place in range(len(order)):
        clauses = [(one,) for one in reversed(order[place:])]
        assert cheapest_clause(clauses, Counts(), everywhere(1)) == (order[place],)
    for least, other in pairwise(reversed(order)):
        clause = (ID, least)
        assert cheapest_clause([clause, (other,)], Counts(), everywhere(1)) == (other,), "the least selective decides"


@pytest.mark.parametrize(
    ("clauses", "seen", "chosen"),
    [
        ([(ALICE,), (LOGIN,)], {ALICE: 900, LOGIN: 60}, (LOGIN,)),
        ([(ALICE,), (LOGIN,)], {ALICE: 60, LOGIN: 900}, (ALICE,)),
        ([(ALICE,), (LOGIN,)], {}, (ALICE,)),
        ([(ALICE, BOB), (LOGIN,)], {ALICE: 60, BOB: 60, LOGIN: 160}, (ALICE, BOB)),
        ([(ALICE, BOB)], {ALICE: 520, BOB: 520}, ()),
        ([(ALICE, KEY), (LOGIN,)], {ALICE: 60, KEY: 60, LOGIN: 260}, (ALICE, KEY)),
        ([(ALICE, KEY), (LOGIN,)], {ALICE: 60, KEY: 160, LOGIN: 160}, (LOGIN,)),
        ([(ALICE, WRITE)], {ALICE: 60, WRITE: 960}, ()),
        ([(WRITE,)], {WRITE: 1000}, (WRITE,)),
        ([()], {}, ()),
        ([], {}, ()),
    ],
)
def test_with_counts_the_cheapest_clause_goes_or_none(
    clauses: list[Clause], seen: Mapping[LookupAttribute, int], chosen: Clause
) -> None:
    assert cheapest_clause(clauses, Counts(1000, seen, 400), everywhere(400)) == chosen


def test_what_is_known_of_an_attribute_costs_nothing() -> None:
    """Of two clauses the one is asked for of which more is known, and a branch that is known is not counted."""
    seen = Counts(1000, {ALICE: 900, KEY: 10, LOGIN: 300}, 400)
    gaps: Known = {None: of((0, 400)), KEY: of((0, 400)), LOGIN: of((0, 400))}
    assert cheapest_clause([(ALICE, KEY), (LOGIN,)], seen, in_(gaps)) == (ALICE, KEY)
    gaps = {**gaps, ALICE: of((0, 400))}
    assert cheapest_clause([(ALICE, KEY), (LOGIN,)], seen, in_(gaps)) == (LOGIN,)
    assert cheapest_clause([(WRITE, ID), (LOGIN,)], Counts(), in_({ID: of((0, 9)), LOGIN: of((0, 9))})) == (WRITE, ID)


def test_each_gap_costs_a_page() -> None:
    seen = Counts(10, {ALICE: 1, LOGIN: 3}, 400)
    gaps: Known = {None: of((0, 400)), ALICE: of((0, 9), (20, 29)), LOGIN: of((0, 29))}
    assert cheapest_clause([(ALICE,), (LOGIN,)], seen, in_(gaps)) == (LOGIN,)


def test_many_attributes_without_counts_are_scanned_for() -> None:
    many = tuple(LookupAttribute(AttributeKey.EVENT_NAME, f"n{number}") for number in range(9))
    assert cheapest_clause([many], Counts(), everywhere(1)) == ()
    assert cheapest_clause([many, (WRITE,)], Counts(), everywhere(1)) == (WRITE,)
    assert cheapest_clause([many], Counts(), in_({many[0]: of((0, 1))})) == many, "all but one are known"


def test_known_is_the_unfiltered_and_for_each_clause_what_all_its_attributes_share() -> None:
    table: Known = {None: of((0, 10)), ALICE: of((20, 40)), BOB: of((30, 50)), LOGIN: of((60, 70))}
    assert known([(ALICE, BOB), (LOGIN,)], in_(table)) == of((0, 10), (30, 40), (60, 70))
    assert known([(ALICE, LOGIN)], in_(table)) == of((0, 10))
    assert known([(BOB, LOGIN), (ALICE,)], in_({**table, LOGIN: of((45, 70))})) == of((0, 10), (20, 40), (45, 50))
    assert known([], in_(table)) == of((0, 10))
    assert known([()], in_(table)) == of((0, 10))


def question(*clauses: Clause, start: int | None = 100, end: int = 199) -> ScopeQuery:
    return ScopeQuery(SCOPE, start, end, clauses)


@pytest.mark.parametrize(
    ("start", "length", "table", "chosen"),
    [
        (0, 40_000, {}, (ALICE, BOB)),
        (None, 40_000, {}, (ALICE, BOB)),
        (0, 400, {}, ()),
        (0, 40_000, {None: of((0, 39_600))}, ()),
        (0, 40_000, {ALICE: of((0, 39_600))}, (ALICE, BOB)),
    ],
)
def test_counts_are_held_against_the_time_that_is_not_known_yet(
    start: int | None, length: int, table: Known, chosen: Clause
) -> None:
    """Forty events in four hundred seconds say much of a day: one page is cheaper than two, many are not."""
    seen = Counts(40, {ALICE: 1, BOB: 0}, 400)
    asked = question((ALICE, BOB), start=start, end=length - 1)
    assert server_filter_for(asked, in_(table), seen) == chosen
    assert [scan.attribute for scan in plan_gaps(asked, in_(table), chosen)] == [*(chosen or (None,))]


def stretches(scans: tuple[Scan, ...]) -> list[tuple[int | None, int, LookupAttribute | None]]:
    return [(scan.start, scan.end, scan.attribute) for scan in scans]


@pytest.mark.parametrize(
    ("asked", "table", "expected"),
    [
        (question(), {}, [(100, 199, None)]),
        (question(start=None), {}, [(None, 199, None)]),
        (question(), {None: of((100, 200))}, []),
        (question(start=None), {None: of((0, 200))}, []),
        (question(start=None), {None: of((50, 150))}, [(150, 199, None), (None, 49, None)]),
        (question(), {None: of((120, 130), (150, 160))}, [(160, 199, None), (130, 149, None), (100, 119, None)]),
        (question((ALICE,)), {None: of((120, 130))}, [(130, 199, ALICE), (100, 119, ALICE)]),
        (question((ALICE,)), {LOGIN: of((0, 900))}, [(100, 199, ALICE)]),
        (question((ALICE,), (LOGIN,)), {LOGIN: of((150, 900))}, [(100, 149, ALICE)]),
        (question((ALICE, BOB)), {ALICE: of((150, 200))}, [(100, 199, BOB), (100, 149, ALICE)]),
        (question((ALICE, BOB)), {ALICE: of((150, 200)), BOB: of((0, 170))}, [(170, 199, BOB), (100, 149, ALICE)]),
        (question((ALICE, KEY)), {ALICE: of((0, 900))}, [(100, 199, KEY)]),
        (question((ALICE, KEY)), {ALICE: of((0, 150)), KEY: of((0, 120))}, [(150, 199, ALICE), (120, 199, KEY)]),
        (question((ALICE, KEY), (LOGIN,)), {ALICE: of((0, 900))}, [(100, 199, KEY)]),
        (question((ALICE, KEY), (NAME,)), {KEY: of((0, 900))}, [(100, 199, NAME)]),
        (question((ALICE,), (KEY, LOGIN)), {KEY: of((0, 900)), LOGIN: of((0, 150))}, [(150, 199, ALICE)]),
        (question(start=199), {None: of((198, 199))}, [(199, 199, None)]),
        (question(start=300), {None: of((0, 900))}, [(300, 199, None)]),
    ],
)
def test_only_gaps_are_asked_newest_first(
    asked: ScopeQuery, table: Known, expected: list[tuple[int | None, int, LookupAttribute | None]]
) -> None:
    assert stretches(plan_gaps(asked, in_(table), server_filter_for(asked, in_(table), Counts()))) == expected


QUESTIONS: list[tuple[Clause, ...]] = [
    (), ((ALICE,),), ((ALICE, BOB),), ((ALICE, BOB), (LOGIN,)), ((ALICE, KEY),), ((ALICE, KEY), (BOB, LOGIN)),
    ((ALICE, BOB, LOGIN), (KEY,)),
]  # fmt: skip
seconds = st.lists(st.tuples(st.integers(90, 210), st.integers(1, 40)), max_size=5).map(
    lambda pairs: of(*((start, start + length) for start, length in pairs))
)


@settings(max_examples=examples(100), deadline=None)
@given(st.dictionaries(st.sampled_from([None, ALICE, BOB, LOGIN, KEY]), seconds), st.integers(0, 6))
def test_known_and_asked_together_are_the_question_and_nothing_known_is_asked(table: Known, kind: int) -> None:
    asked = question(*QUESTIONS[kind])
    before = known(asked.clauses, in_(table))
    scans = plan_gaps(asked, in_(table), server_filter_for(asked, in_(table), Counts()))
    after: dict[LookupAttribute | None, Stretches] = dict(table)
    for scan in scans:
        assert scan.start is not None
        walked = Stretch(scan.start, scan.end + 1)
        assert not before.clip(walked)
        assert not table.get(scan.attribute, Stretches()).clip(walked)
        after[scan.attribute] = after.get(scan.attribute, Stretches()).union(Stretches.of(walked))
    assert known(asked.clauses, in_(after)).covers(Stretch(100, 200))


tables = st.dictionaries(st.sampled_from([None, ALICE, BOB, LOGIN, KEY]), seconds)


@settings(max_examples=100, deadline=None)
@given(tables, tables, st.integers(0, 6))
def test_rechecks_make_certain_what_is_known_and_walk_nothing_that_is(table: Known, sure: Known, kind: int) -> None:
    asked = question(*QUESTIONS[kind])
    certain: Known = {one: parts.intersect(table.get(one, Stretches())) for one, parts in sure.items()}
    here, before = known(asked.clauses, in_(table)), known(asked.clauses, in_(certain))
    chosen = server_filter_for(asked, in_(table), Counts())
    after: dict[LookupAttribute | None, Stretches] = dict(certain)
    for scan in plan_rechecks(asked, in_(table), in_(certain), chosen):
        assert scan.start is not None
        walked = Stretch(scan.start, scan.end + 1)
        assert not before.clip(walked)
        assert not certain.get(scan.attribute, Stretches()).clip(walked)
        after[scan.attribute] = after.get(scan.attribute, Stretches()).union(Stretches.of(walked))
    whole = Stretch(100, 200)
    assert not here.clip(whole).subtract(known(asked.clauses, in_(after)))

"""Possible holes of several accounts and Regions over the same time are one."""

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.log_files.hole_groups import hole_groups
from ctui.model.log_files.tree_state import Hole

DAY = 86_400


def hole(start: int, end: int, region: str = "us-east-1", *names: str) -> Hole:
    return Hole("111111111111", region, start, end, names)


def test_a_day_taken_out_of_a_tree_is_one() -> None:
    regions = [f"eu-west-{number}" for number in range(1, 25)]
    missing = [hole(number * 60, DAY + number * 90, region) for number, region in enumerate(regions)]
    (group,) = hole_groups([*missing[::2], *missing[1::2]])
    assert (group.start, group.end) == (23 * 60, DAY)
    assert {region for _, region in group.scopes} == set(regions)


def test_others_stay_apart_newest_first() -> None:
    short, long = hole(1000, 4600), hole(0, DAY, "eu-west-1", "StopLogging")
    later = hole(2 * DAY, 3 * DAY, "eu-west-1", "DeleteTrail", "StopLogging")
    assert [group.holes for group in hole_groups([short, long, later])] == [(later,), (long,), (short,)]
    assert hole_groups([later])[0].explained_by == ("DeleteTrail", "StopLogging")
    assert hole_groups([]) == ()


HOLES = st.builds(lambda start, length: hole(start, start + length), st.integers(0, 10_000), st.integers(1, 3_000))


@given(st.lists(HOLES, max_size=40))
@settings(max_examples=examples(100))
def test_every_hole_is_in_one_group_and_covers_what_the_group_says(holes: list[Hole]) -> None:
    groups = hole_groups(holes)
    assert sorted(map(repr, holes)) == sorted(repr(one) for group in groups for one in group.holes)
    for group in groups:
        assert group.start < group.end
        assert all(one.start <= group.start and group.end <= one.end for one in group.holes)

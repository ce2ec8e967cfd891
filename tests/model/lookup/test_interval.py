"""Arithmetic of stretches, held against plain sets of seconds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.lookup.interval import Stretch, Stretches

SECONDS = st.integers(0, 40)
STRETCH = st.tuples(SECONDS, st.integers(1, 12)).map(lambda pair: Stretch(pair[0], pair[0] + pair[1]))
SETS = st.lists(STRETCH, max_size=6).map(lambda stretches: Stretches.of(*stretches))
FEW = settings(max_examples=examples(60), deadline=None)


def seconds(of: Stretches | Stretch) -> set[int]:
    parts = (of,) if isinstance(of, Stretch) else of.parts
    return {second for part in parts for second in range(part.start, part.end)}


def is_normal(stretches: Stretches) -> bool:
    return all(one.end < next_one.start for one, next_one in zip(stretches.parts, stretches.parts[1:], strict=False))


@FEW
@given(st.lists(STRETCH, max_size=6))
def test_a_set_holds_the_seconds_of_its_stretches_in_normal_form(stretches: list[Stretch]) -> None:
    made = Stretches.of(*stretches, None)
    assert seconds(made) == set().union(*(seconds(stretch) for stretch in stretches))
    assert is_normal(made)
    assert made == Stretches.of(*reversed(stretches))
    assert sum(part.seconds for part in made.parts) == len(seconds(made))
    assert bool(made) == bool(stretches)


@FEW
@given(SETS, SETS)
def test_union_intersection_and_difference_are_those_of_sets(one: Stretches, other: Stretches) -> None:
    for made, expected in (
        (one.union(other), seconds(one) | seconds(other)),
        (one.intersect(other), seconds(one) & seconds(other)),
        (one.subtract(other), seconds(one) - seconds(other)),
    ):
        assert seconds(made) == expected
        assert is_normal(made)


@FEW
@given(SETS, STRETCH)
def test_clip_and_gaps_share_a_stretch_between_them(known: Stretches, within: Stretch) -> None:
    inside, missing = known.clip(within), known.gaps(within)
    assert seconds(inside) == seconds(known) & seconds(within)
    assert seconds(missing) == seconds(within) - seconds(known)
    assert is_normal(inside)
    assert is_normal(missing)
    assert known.covers(within) == (not missing)
    assert inside.union(missing) == Stretches.of(within)


@FEW
@given(SETS, SECONDS)
def test_a_second_is_in_a_set_or_not(known: Stretches, second: int) -> None:
    assert (second in known) == (second in seconds(known))


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5)])
def test_an_empty_stretch_cannot_be_made(start: int, end: int) -> None:
    assert Stretch.between(start, end) is None
    with pytest.raises(ValueError, match="at least one second"):
        Stretch(start, end)


def test_stretches_that_touch_become_one() -> None:
    assert Stretches.of(Stretch(5, 7), Stretch(1, 5)).parts == (Stretch(1, 7),)
    assert list(Stretches.of(Stretch(6, 7), Stretch(1, 5))) == [Stretch(1, 5), Stretch(6, 7)]

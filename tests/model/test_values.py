"""Classes of values behave as dataclasses of the standard library do."""

import dataclasses
import pickle
from collections import Counter

import pytest

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A class with all that ours have."""

    x: int
    y: int = 0
    seen: Counter[str] = dataclasses.field(default_factory=Counter)

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("negative")

    @property
    def total(self) -> int:
        return self.x + self.y


@dataclass(frozen=True, slots=True, order=True)
class Place:
    name: str
    note: int = 0


@dataclass(slots=True)
class Growing:
    items: list[int] = dataclasses.field(default_factory=list)
    done: bool = False


@dataclass(eq=False, slots=True)
class Itself:
    number: int


@dataclass(frozen=True, slots=True)
class Secret:
    user: str
    key: str = dataclasses.field(default="", repr=False, compare=False)


def test_a_frozen_value_is_made_compared_and_written_by_its_fields() -> None:
    assert Point(1, 2) == Point(x=1, y=2) != Point(1, 3)
    assert repr(Point(1, 2)) == "Point(x=1, y=2, seen=Counter())"
    assert Point(1, 2).total == 3
    assert Point(1).seen is not Point(1).seen, "each has its own"
    assert {Place("a"): 1}[Place("a", 0)] == 1
    assert sorted([Place("b"), Place("a", 2), Place("a", 1)]) == [Place("a", 1), Place("a", 2), Place("b")]


@pytest.mark.parametrize("name", ["x", "other"])
def test_a_frozen_value_takes_no_change(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Point(1), name, 2)


def test_what_a_class_checks_is_checked_of_a_copy_too() -> None:
    with pytest.raises(ValueError, match="negative"):
        Point(-1)
    with pytest.raises(ValueError, match="negative"):
        dataclasses.replace(Point(1), x=-1)


def test_the_functions_of_the_standard_library_take_them() -> None:
    assert dataclasses.replace(Point(1, 2), y=5) == Point(1, 5)
    assert [each.name for each in dataclasses.fields(Point)] == ["x", "y", "seen"]
    assert [each.type for each in dataclasses.fields(Point)][:2] == [int, int]
    assert dataclasses.asdict(Place("a")) == {"name": "a", "note": 0}
    assert dataclasses.is_dataclass(Point)
    assert pickle.loads(pickle.dumps(Place("a", 1))) == Place("a", 1)


def test_fields_are_described_once_for_a_class() -> None:
    """A copy of a value looks for them each time, and there are several for each page."""
    assert Point.__dataclass_fields__ is Point(1).__dataclass_fields__
    assert Point.__dataclass_fields__ is not Place.__dataclass_fields__


def test_a_value_that_is_not_frozen_changes_and_has_no_hash() -> None:
    growing = Growing()
    growing.items.append(1)
    growing.done = True
    assert growing == Growing([1], True)
    assert Growing().items == []
    with pytest.raises(TypeError):
        hash(growing)
    with pytest.raises(AttributeError):
        growing.other = 1  # type: ignore[attr-defined]


def test_without_eq_a_value_equals_itself_alone() -> None:
    one = Itself(1)
    assert one == one  # noqa: PLR0124
    assert one != Itself(1)
    assert len({one, Itself(1)}) == 2


def test_a_field_may_stay_out_of_comparisons_and_of_what_is_written() -> None:
    assert Secret("alice", "k1") == Secret("alice", "k2")
    assert repr(Secret("alice", "k1")) == "Secret(user='alice')"
    assert dataclasses.replace(Secret("alice", "k1"), user="bob").key == "k1"

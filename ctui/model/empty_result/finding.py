"""Finding: what the stored events say of one leaf of a line, such as where its value occurs instead."""

from enum import Enum, auto

from ctui.model.filter.terms import Leaf, Term
from ctui.model.values import dataclass


class FindingKind(Enum):
    """What a finding says of its leaf."""

    OCCURS = auto()
    """The leaf matches nothing, and its replacement matches the same value elsewhere."""
    HIDES_NOTHING = auto()
    """The negated leaf hides nothing, and its replacement does."""
    HIDES_SERVICES = auto()
    """The leaf excludes a network and with it what comes from services; its replacement lets that through."""
    NOT_RECORDED = auto()
    """The path of the leaf does not occur, or nothing there compares with what was typed."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Another term for a leaf, with which one event would be shown, or would be hidden."""

    leaf: Leaf
    """The leaf of the line, as `Filter.leaves` has it."""
    kind: FindingKind
    rank: int
    """0 for the same field, 1 for a similar path or a part of a value, then other fields, then paths of the record.

    The smaller, the likelier.
    """
    replacement: Term
    """What replaces the leaf, negated as the leaf is."""
    words: str
    """What is said of it, up to the number of events. Contains recorded values: hostile until cleaned."""
    rest: str = ""
    """What comes after the number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the stored events say of one leaf."""

    leaf: Leaf
    """The leaf, as `Filter.leaves` has it."""
    kind: FindingKind
    text: str
    """The fact, with the number of events. Contains recorded values: hostile until cleaned."""
    replacement: Term | None = None
    """What to write instead of the leaf; None if nothing helps."""
    hidden: int = 0
    """How many events of services the leaf hides, if that is the fact."""

"""Made-up histories for estimates: how dense events are at which time, and loads that gap back through them."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from support.fakes.cloudtrail import event

from ctui.core.lookup.estimate import Eta, LoadEstimate
from ctui.core.lookup.knowledge import Knowledge
from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.lookup.planner import PAGE_EVENTS, ScopeQuery
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretches
from ctui.model.lookup.scan import Page

END = 2_000_000_000
AWS = Scope("aws", "111111111111", "eu-west-1")
ELSEWHERE = Scope("http://127.0.0.1:9", "111111111111", "eu-west-1")
RATE = 2.0
PACE = SPACING / RATE
DAY = 86400
UNKNOWN = Knowledge(lambda _: Stretches(), lambda _: Stretches())
SLICES = 2_000
"""Stretches of one density that a history is made of."""

Shape = Callable[[float, random.Random], float]
"""How dense events are so many parts of the range back, 1.0 being as usual."""


def burst(part: float, dice: random.Random) -> float:
    """Now and then a hundred times as many for a moment."""
    return 100.0 if dice.random() < 0.01 else 0.4


SHAPES: dict[str, Shape] = {
    "even": lambda part, dice: 1.0,
    "days and nights": lambda part, dice: 1 + 0.9 * math.sin(part * 14 * math.pi),
    "office hours": lambda part, dice: 3.0 if part * 7 % 1 < 1 / 3 and part * 7 % 7 < 5 else 0.3,
    "one day and night": lambda part, dice: 1 + 0.8 * math.sin(part * 2 * math.pi),
    "dense at last": lambda part, dice: 10.0 if part < 0.03 else 0.7,
    "dense at first": lambda part, dice: 0.4 if part < 0.6 else 1.9,
    "a quiet hour at last": lambda part, dice: 0.05 if part < 0.05 else 1.05,
    "bursts": burst,
}


def ages(shape: Shape, events: int, length: int, seed: int) -> list[int]:
    """Seconds before the end at which events were, the newest first."""
    dice = random.Random(seed)
    weights = [shape(slice_ / SLICES, dice) for slice_ in range(SLICES)]
    total = sum(weights)
    found: list[int] = []
    for slice_, weight in enumerate(weights):
        expected = events * weight / total
        number = int(expected) + (dice.random() < expected % 1)
        found += [int((slice_ + dice.random()) * length / SLICES) for _ in range(number)]
    return sorted(found)


@dataclass(frozen=True)
class Told:
    """What stood on the screen after a page."""

    pages: int
    """Pages that have come."""
    rest: Eta | None
    true: float
    """Seconds that the rest took in the end."""


def rest_of(
    estimate: LoadEstimate, scan: ScopeScan, pages_to_bound: int | None = None, rate: float = RATE
) -> Eta | None:
    """How long the rest takes at a pace, None if nothing can be told."""
    remaining = estimate.remaining([scan], pages_to_bound)
    return None if remaining is None else remaining.eta(rate)


def load(found: list[int], length: int | None, scope: Scope = AWS) -> Iterator[Told]:
    """Walk back through all events over the last `length` seconds, None for all history, page by page at full pace."""
    scan = ScopeScan(ScopeQuery(scope, None if length is None else END - length + 1, END), UNKNOWN)
    estimate, gap = LoadEstimate(), scan.gaps[0]
    pages = [found[first : first + PAGE_EVENTS] for first in range(0, len(found), PAGE_EVENTS)]
    for number, page in enumerate(pages, 1):
        events = tuple(event(f"e{number}-{n}", datetime.fromtimestamp(END - age, UTC)) for n, age in enumerate(page))
        token = f"token-{number}" if number < len(pages) else None
        gap.arrived(Page(events, token, None), len(events))
        estimate.page_came(gap, [scan], number * PACE)
        yield Told(number, rest_of(estimate, scan), (len(pages) - number) * PACE)

"""About how long the rest takes: from the pace in force and the density of events seen so far."""

from collections.abc import Sequence
from math import ceil

from ctui.core.planner import PAGE_EVENTS
from ctui.core.ratelimit import SPACING
from ctui.core.route import Route, position
from ctui.core.walk import HISTORY_SECONDS, Walk


def seconds_for_the_rest(routes: Sequence[Route], rate: float) -> float | None:
    """Seconds until everything in range is loaded at `rate` calls a second; None where nothing is left or tells it."""
    walks = [walk for route in routes for walk in route.walks]
    seen = sum(walk.events for walk in walks)
    walked = sum(walk.scan.end + 1 - walk.oldest for walk in walks if walk.oldest is not None)
    left = [walk for walk in walks if not walk.done]
    starts = [start for walk in left if (start := _start(walk)) is not None and start <= position(walk)]
    if not seen or not left or len(starts) < len(left):
        return None
    seconds = (position(walk) - start for walk, start in zip(left, starts, strict=True))
    pages = sum(max(1, ceil(each * seen / walked / PAGE_EVENTS)) for each in seconds)
    return pages * SPACING / rate


def _start(walk: Walk) -> int | None:
    """Where a walk will end. AWS keeps a known history; what another endpoint keeps cannot be told."""
    own_hosts = "://" not in walk.scan.scope.origin
    if own_hosts:
        return max(walk.scan.start or 0, walk.scan.end - HISTORY_SECONDS)
    return walk.scan.start

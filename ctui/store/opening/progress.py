"""How far the converting of an older store is: heard often enough to be seen, and no more often."""

import math
import time
from collections.abc import Callable
from typing import Final

Progress = Callable[[int, int], None]
"""Hears how many events are done, and of how many. Called in the thread that converts."""
_SECONDS_BETWEEN: Final = 0.1


def paced(progress: Progress, monotonic: Callable[[], float] = time.monotonic) -> Progress:
    """`progress`, but called ten times a second at most, and once all events are done."""
    due = -math.inf

    def hear(done: int, total: int) -> None:
        nonlocal due
        now = monotonic()
        if now >= due or done == total:
            due = now + _SECONDS_BETWEEN
            progress(done, total)

    return hear

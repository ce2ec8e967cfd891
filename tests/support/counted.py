"""Counting calls: how often states are built is a budget that does not vary with the machine."""

from collections import Counter
from collections.abc import Callable
from typing import Any


def counting(counts: "Counter[str]", name: str, make: Callable[..., Any]) -> Callable[..., Any]:
    """`make`, which adds one to `counts` under `name` at each call."""

    def made(*values: Any, **named: Any) -> Any:
        counts[name] += 1
        return make(*values, **named)

    return made

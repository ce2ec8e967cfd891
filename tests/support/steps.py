"""Counting the steps of ctui's own Python code: a measure of work that does not vary with the machine."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import ctui

HOME = str(Path(ctui.__file__).parent)


def steps_of(work: Callable[[], object]) -> int:
    """How many lines of ctui's code run while the work is done. What runs in C, as expressions do, is one step."""
    count = 0

    def in_ctui(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == "line"
        return in_ctui

    def outside(frame: FrameType, _event: str, _value: Any) -> Any:
        return in_ctui if frame.f_code.co_filename.startswith(HOME) else None

    before = sys.gettrace()
    sys.settrace(outside)
    try:
        work()
    finally:
        sys.settrace(before)
    return count

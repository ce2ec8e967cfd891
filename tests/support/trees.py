"""States of trees of log files, as tests need them."""

from dataclasses import replace
from typing import Any

from ctui.model.log_files.tree_state import Deliveries, Hole, TreePhase, TreeState

START = 1_793_491_500
"""2026-11-01 00:05 UTC."""
DAY = 86_400
HOLE = Hole("111111111111", "us-east-1", START + 3 * DAY, START + 4 * DAY, ("StopLogging",))
TREE = TreeState(
    "/data/logs",
    TreePhase.READY,
    files=312,
    events=200_123,
    oldest=START,
    newest=START + 20 * DAY,
    unread=(("a folder", 12), ("no CloudTrail records in it", 3)),
    deliveries=(
        Deliveries("111111111111", "us-east-1", 300, START, START + 20 * DAY, 200_000, (HOLE,)),
        Deliveries("222222222222", "eu-central-1", 9, START, START + 20 * DAY, 120),
        Deliveries("", "", 3, None, None, 3),
    ),
)


def tree(**changes: Any) -> TreeState:
    """A tree of three accounts and Regions with one possible hole, with these fields changed."""
    return replace(TREE, **changes)

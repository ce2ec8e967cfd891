"""The filter line in a real terminal of 80x24: lines that people type from habit, with what is said below each."""

import os
from pathlib import Path

import pytest
from support.foreign_lines import foreign_lines
from support.real_terminal import ESCAPE, opened

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as only Linux can")

CLEAR = "\x15"
TYPED = (
    "user = 'alice'",
    "fields @timestamp, @message",
    "user:(alice OR bob)",
    '.eventName == "X"',
    "earliest=-24h",
    "alice|bob",
    "--start-time 2026-11-27",
    "ip.src==10.0.0.1",
    "alice or bob",
    "30 minutes ago",
    "failed logins",
    "s3:GetObject",
)
"""One line of each habit; `tests/model/filter/test_foreign.py` has all of them."""


def test_lines_typed_from_habit_are_told_below_the_line(tmp_path: Path) -> None:
    errors = {row.typed: row.error for row in foreign_lines()}
    with opened(tmp_path) as terminal:
        terminal.wait_for("own call")
        terminal.press("/")
        terminal.wait_for("fields")
        for typed in TYPED:
            terminal.press(typed)
            terminal.wait_for(errors[typed].split("; ")[0])
            terminal.press(CLEAR)
            terminal.wait_for("fields")
        terminal.press(ESCAPE)
        terminal.wait_for("help")
        terminal.press("q")
        assert terminal.until_it_ends() == 0

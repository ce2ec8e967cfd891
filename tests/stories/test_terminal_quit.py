"""`q` in a real terminal, over three accounts in six Regions of which some or all hang: it ends in order, at once."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.real_terminal import assert_left_as_it_was, opened

from ctui.emulator.testing import CloudTrail, organization

__all__ = ["organization"]

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as only Linux can")
EVERYWHERE = ("--profile", "dev", "--profile", "shared", "--profile", "production", "--region", "all", "--no-store")


@pytest.mark.parametrize(
    ("hangs_in", "drawn", "keys"),
    [(None, "Connecting", ()), ("eu-west-1", "not searched", ()), ("eu-west-1", "own call", ("F",))],
    ids=["logins", "a Region", "a Region that is followed"],
)
def test_it_ends_whatever_hangs(
    organization: CloudTrail, tmp_path: Path, hangs_in: str | None, drawn: str, keys: Sequence[str]
) -> None:
    organization.fault("hang", region=hangs_in)
    with opened(tmp_path, EVERYWHERE, environment=organization.environment) as terminal:
        terminal.wait_for(drawn)
        terminal.press(*keys)
        # All that is asked from now on hangs, too.
        organization.fault("hang")
        terminal.press("r", "q")
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)

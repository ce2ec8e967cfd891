"""A trail of all Regions: on a key, what it does in each of them."""

import pytest
from support.driver import SMALL, WIDE

from ctui.emulator.testing import CloudTrail

from .conftest import Open

SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
ENABLED = 30
"""Regions that are enabled for the sample account; four are not."""


@SIZES
async def test_the_key_reads_each_enabled_region_once_and_hides_that_again(
    account: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(account, size=size) as ctui:
        await ctui.press("1", "g", "i")
        assert "only" in ctui.notices()[-1], "legacy is of one Region"
        before = account.calls.copy()
        assert before["ListRegions"] == 0
        await ctui.press("j", "i")
        assert ctui.title("status").startswith("2 Status ── org-audit")
        assert ctui.focus() == "status"
        asked = account.calls - before
        assert (asked["ListRegions"], asked["GetTrailStatus"]) == (1, ENABLED)
        shown = " ".join(" ".join(ctui.pane("status")).split())
        assert f"In each Region · {ENABLED} of {ENABLED} read" in shown
        assert "● us-east-1" in shown
        await ctui.press("G", "g")
        ctui.shot("trail-in-each-region")
        await ctui.press("i")
        assert "In each Region" not in " ".join(ctui.pane("status"))
        assert account.calls["GetTrailStatus"] == before["GetTrailStatus"] + ENABLED


@SIZES
async def test_a_region_that_denies_says_so_above_those_that_are_well(
    account: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    account.fault("denied", region="eu-west-2")
    async with open_app(account, size=size) as ctui:
        await ctui.press("1", "g", "j", "i")
        shown = " ".join(" ".join(ctui.pane("status")).split())
        assert f"In each Region · {ENABLED - 1} of {ENABLED} read · 1 failed · at" in shown
        assert shown.index("● us-east-1") < shown.index("✗ eu-west-2 Access denied GetTrailStatus:")

"""Stories of keys for trails that do nothing now, and say why."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import Driver
from support.fakes.lossy import Line, LossyLine
from support.trail_driver import MEDIUM, choose, over

from ctui.emulator.testing import CloudTrail

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_read_only_changes_nothing_and_says_so(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM, read_only=True) as ctui:
        await ctui.press("1")
        for key in ("n", "e", "d", "s"):
            await ctui.press(key)
            assert any(each.startswith(f"{key}: ctui was started with --read-only") for each in ctui.notices())
        assert not set(account.calls) & {"CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"}


async def test_keys_for_trails_rest_elsewhere_and_the_palette_has_them(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await ctui.press("3", "n")
        assert any("only in Trails (1), Status (2) and Detail (4)" in each for each in ctui.notices())
        await ctui.press("ctrl+p", *"new trail")
        await ctui.press("enter")
        await ctui.settle()
        assert "New trail · home Region us-east-1" in ctui.text()


async def test_a_trail_that_logs_was_not_stopped_by_anybody(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("l")
        assert any("l: this trail is logging" in each for each in ctui.notices())


async def test_another_change_under_way_is_the_reason(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await choose(ctui, "legacy")
        line.lose("StartLogging", Line.SILENT)
        await ctui.tap("s")
        await ctui.tap("d")
        assert any("d: another change to this trail is in progress" in each for each in ctui.notices())
        line.mend()

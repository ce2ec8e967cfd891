"""Stories of stopping, starting and deleting a trail: what is asked before, and who stopped one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from support.driver import SMALL, Driver
from support.form_driver import box, foot
from support.stage import NOW
from support.trail_driver import MEDIUM, behind_our_back, choose

from ctui.emulator.account.account_file import print_account
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock

Open = Callable[..., AbstractAsyncContextManager[Driver]]


# Stop and start


async def test_stopping_asks_for_the_name_and_starting_asks_nothing(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("s")
        assert "calls in any Region: no log files, no digest files" in box(ctui)
        ctui.shot("stop-trail")
        await ctui.press("enter", *"org-audi", "enter")
        assert "The name does not match org-audit" in foot(ctui)
        assert account.calls["StopLogging"] == 0
        await ctui.press("t", "enter")
        assert account.calls["StopLogging"] == 1
        assert any("org-audit stopped logging" in each for each in ctui.notices())
        assert ctui.cursor("trails").startswith("○ org-audit")
        await ctui.press("s")
        assert account.calls["StartLogging"] == 1
        assert any("org-audit started logging" in each for each in ctui.notices())
        assert "org-audit" in ctui.cursor("trails")
        assert not ctui.cursor("trails").startswith("○")


async def test_the_call_that_stopped_a_trail(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, size=MEDIUM) as ctui:
        await choose(ctui, "legacy")
        await ctui.press("l")
        await ctui.settle()
        assert "StopLogging" in ctui.cursor("events")
        assert "legacy" in "\n".join(ctui.pane("detail"))
        assert "StopLogging" in ctui.title("detail")
        await ctui.press("escape", "escape")
        assert "all history" in ctui.title("events")


# Where it cannot be read whether a trail logs


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[CloudTrail]:
    """The sample account, where our key may start and stop trails and not read their status."""
    file = tmp_path / "account.toml"
    key = 'id = "demo"\nsecret = "demo"\n'
    file.write_text(print_account().replace(key, f'{key}deny = ["GetTrailStatus"]\n', 1))
    options = EmulatorOptions(lookup_rate=PLENTY, traffic=False, account=file)
    with running(options, WorldClock(NOW, ticking=False)) as emulator:
        yield emulator


@pytest.mark.parametrize("size", [MEDIUM, SMALL])
async def test_a_trail_whose_status_is_refused_can_be_started_and_stopped(
    blind: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(blind, size=size) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("l")
        assert any("l: its status could not be read; 2 details" in each for each in ctui.notices())
        await ctui.press("s")
        assert "It is unknown whether this trail is logging" in box(ctui)
        assert "GetTrailStatus" in box(ctui)
        assert "enter start logging" in foot(ctui)
        await ctui.press("escape")
        assert not {"StartLogging", "StopLogging"} & set(blind.calls)
        await ctui.press("s", "enter")
        assert blind.calls["StartLogging"] == 1
        assert any("org-audit started logging" in each for each in ctui.notices())
        await ctui.press("s", "s")
        assert "records no calls in any Region" in box(ctui)
        await ctui.press("enter")
        assert blind.calls["StopLogging"] == 0
        await ctui.press(*"org-audit", "enter")
        assert blind.calls["StopLogging"] == 1
        assert any("org-audit stopped logging" in each for each in ctui.notices())


# Delete


async def test_deleting_asks_for_the_name(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("d")
        assert "they are not deleted" in box(ctui)
        assert "It is a multi-Region trail: this deletes it in every Region" in box(ctui)
        ctui.shot("delete-trail")
        await ctui.press(*"org-audi", "enter")
        assert "The name does not match org-audit" in foot(ctui)
        assert account.calls["DeleteTrail"] == 0
        await ctui.press("t", "enter")
        assert account.calls["DeleteTrail"] == 1
        assert any("org-audit deleted. Its log files stay" in each for each in ctui.notices())
        assert not any("org-audit" in each for each in ctui.pane("trails"))


async def test_a_delete_may_be_called_off(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "legacy")
        await ctui.press("d", *"legacy", "escape")
        assert account.calls["DeleteTrail"] == 0
        assert any("legacy" in each for each in ctui.pane("trails"))


async def test_a_refused_delete_stays_in_its_box(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "legacy")
        await ctui.press("d", *"legacy")
        await behind_our_back(account, "DeleteTrail", "legacy")
        await ctui.press("enter")
        assert "Unknown trail: arn:aws:cloudtrail:us-east-1:111111111111:trail/legacy" in foot(ctui)

"""Stories of changes whose end comes late, from elsewhere, or not at all."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import Driver
from support.fakes.clock import RunningClock
from support.fakes.lossy import Line, LossyLine
from support.form_driver import foot, write
from support.stage import NOW, connector
from support.trail_driver import MEDIUM, choose

from ctui.emulator.testing import CloudTrail
from ctui.model.rules.validate import Field

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_what_a_later_look_finds_comes_into_the_list(
    account: CloudTrail, open_app: Open, line: LossyLine, key: str
) -> None:
    async with open_app(account, size=MEDIUM, connect=connector(account, endpoint_url=line.url)) as ctui:
        await choose(ctui, "legacy")
        await ctui.press("d", *"legacy")
        line.lose("DeleteTrail", Line.LOSES_ANSWERS)
        line.lose("DescribeTrails", Line.LOSES_REQUESTS)
        await ctui.press("enter")
        assert "The trail could not be checked" in foot(ctui)
        line.mend()
        await ctui.press("r")
        assert "Checked: done" in foot(ctui)
        await ctui.press(key)
        assert not any("legacy" in each for each in ctui.pane("trails"))
        assert any("DeleteTrail" in each for each in ctui.pane("events"))
        assert any("legacy deleted" in each for each in ctui.notices())


async def test_a_new_trail_is_offered_to_be_started_though_the_list_cannot_be_read(
    account: CloudTrail, open_app: Open, line: LossyLine
) -> None:
    async with open_app(account, size=MEDIUM, connect=connector(account, endpoint_url=line.url)) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "fresh")
        await write(ctui, Field.BUCKET, "spare-logs-111111111111")
        await ctui.press("enter")
        line.lose("DescribeTrails", Line.LOSES_REQUESTS)
        await ctui.press("enter")
        assert "enter start logging" in foot(ctui)
        line.mend()
        await ctui.press("enter")
        assert account.calls["StartLogging"] == 1
        assert "fresh" in "\n".join(ctui.pane("trails"))


async def test_each_of_two_starts_is_told_of(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    connect, clock = connector(account, endpoint_url=line.url), RunningClock(NOW)
    async with open_app(account, size=MEDIUM, connect=connect, clock=clock) as ctui:
        line.lose("StartLogging", Line.SILENT)
        await choose(ctui, "legacy")
        await ctui.tap("s")
        await choose(ctui, "test")
        await ctui.tap("s")
        await ctui.tap("n")
        await line.held(2)
        line.lose("StartLogging", Line.GOOD)
        line.mend()
        await ctui.settle()
        await ctui.wait_until(lambda: len(ctui.notices()) == 2)
        told = "\n".join(ctui.notices())
        assert "StartLogging legacy: It may or may not have happened" in told
        assert "StartLogging test: It may or may not have happened" in told
        assert "New trail · home Region us-east-1" in ctui.text(), "the form keeps the keys"


async def test_a_start_without_an_answer_can_be_given_up(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    async with open_app(account, size=MEDIUM, connect=connector(account, endpoint_url=line.url)) as ctui:
        await choose(ctui, "legacy")
        line.lose("StartLogging", Line.SILENT)
        await ctui.tap("s")
        await line.held()
        await ctui.tap("escape")
        await ctui.wait_until(lambda: "may or may not have happened" in ctui.text())


async def test_the_call_that_stopped_a_shadow_trail_is_found_at_its_home(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM, connect=connector(account, region="eu-west-1")) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("s", *"org-audit", "enter")
        assert any("The call is recorded in us-east-1" in each for each in ctui.notices())
        await ctui.settle()
        assert any("StopLogging" in each for each in ctui.pane("events")), "the writing event turns up"
        await ctui.press("l")
        await ctui.settle()
        assert "StopLogging" in ctui.cursor("events")
        assert "org-audit" in "\n".join(ctui.pane("detail"))
        assert "eu-west-1 + us-east-1" in ctui.line("header")
        await ctui.press("escape", "escape")
        assert "all history" in ctui.title("events")


async def test_esc_does_not_lead_back_past_a_question_asked_since(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("s", *"org-audit", "enter", "l")
        await ctui.press("escape")
        await ctui.settle()
        first = ctui.session.explorer.query.lookup
        await ctui.press("slash", *"DeleteTrail", "enter")
        await ctui.settle()
        assert ctui.session.explorer.query.lookup != first
        await ctui.press("escape")
        assert ctui.session.explorer.query.lookup == first, "one question at a time"
        await ctui.press("escape")
        assert "all history" in ctui.title("events")

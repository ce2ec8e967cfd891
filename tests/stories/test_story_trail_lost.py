"""Stories of changes whose request or answer is lost: they may or may not have happened."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import Driver
from support.fakes.lossy import Line, LossyLine
from support.form_driver import foot, typed, write
from support.trail_driver import MEDIUM, SPARE, choose, over

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.emulator.testing import CloudTrail
from ctui.model.rules.validate import Field

Open = Callable[..., AbstractAsyncContextManager[Driver]]


CHANGES = ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"]


async def set_about(ctui: Driver, action: str) -> None:
    """Everything up to the last enter."""
    if action == "CreateTrail":
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "fresh")
        await write(ctui, Field.BUCKET, SPARE)
        await ctui.press("enter")
    else:
        await choose(ctui, "org-audit" if action == "StopLogging" else "legacy")
    if action == "UpdateTrail":
        await ctui.press("e")
        await write(ctui, Field.PREFIX, "new")
        await ctui.press("enter")
    if action == "DeleteTrail":
        await ctui.press("d", *"legacy")
    if action == "StopLogging":
        await ctui.press("s", *"org-audit")


@pytest.mark.parametrize("action", CHANGES)
async def test_a_lost_answer_is_looked_for_and_found_to_have_happened(
    account: CloudTrail, open_app: Open, line: LossyLine, action: str
) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await set_about(ctui, action)
        line.lose(action, Line.LOSES_ANSWERS)
        await ctui.press("s" if action == "StartLogging" else "enter")
        assert "It may or may not have happened" in foot(ctui)
        assert "Checked: done" in foot(ctui)
        assert account.calls[action] == 1
        await ctui.press("enter")
        assert account.calls[action] == 1
        assert not any("may not" in each for each in ctui.notices())


@pytest.mark.parametrize("action", CHANGES)
async def test_a_lost_request_is_looked_for_and_may_be_sent_again(
    account: CloudTrail, open_app: Open, line: LossyLine, action: str
) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await set_about(ctui, action)
        line.lose(action, Line.LOSES_REQUESTS)
        await ctui.press("s" if action == "StartLogging" else "enter")
        assert "Checked: not done so far" in foot(ctui)
        assert "enter send again" in foot(ctui)
        line.mend()
        await ctui.press("enter")
        assert account.calls[action] == 1
        assert not any("may not" in each for each in ctui.notices())


async def test_silence_is_given_up_and_a_look_may_fail_at_first(
    account: CloudTrail, open_app: Open, line: LossyLine
) -> None:
    options = ConnectOptions(
        "prod", "us-east-1", line.url, access_key="demo", secret_key="demo", isolated=True, patience=2.0
    )
    async with open_app(account, size=MEDIUM, connect=AwsConnector(options)) as ctui:
        await set_about(ctui, "DeleteTrail")
        line.lose("DeleteTrail", Line.SILENT)
        line.lose("DescribeTrails", Line.LOSES_REQUESTS)
        await ctui.press("enter")
        assert "The trail could not be checked" in foot(ctui)
        assert "enter" not in foot(ctui).split("could not be checked")[1]
        line.lose("DescribeTrails", Line.GOOD)
        await ctui.press("r")
        assert "Checked: not done so far" in foot(ctui)
        await ctui.press("escape")
        assert any("legacy" in each for each in ctui.pane("trails"))


async def test_a_wait_can_be_given_up(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await set_about(ctui, "DeleteTrail")
        line.lose("DeleteTrail", Line.SILENT)
        await ctui.tap("enter")
        assert "esc" in foot(ctui)
        await ctui.press("escape")
        assert "when you canceled it" in foot(ctui)
        assert "Checked: not done so far" in foot(ctui)


async def test_without_a_connection_nothing_was_sent(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await set_about(ctui, "CreateTrail")
        await line.hang_up()
        await ctui.press("enter")
        assert "Not sent: Not reachable" in foot(ctui)
        assert "Nothing was changed." in foot(ctui)
        assert "press enter" in foot(ctui)
        assert (typed(ctui, Field.NAME), typed(ctui, Field.BUCKET)) == ("fresh", SPARE)
        assert account.calls["CreateTrail"] == 0

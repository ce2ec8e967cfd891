"""Stories of making a trail, by keyboard alone, over the emulator."""

import json
import shlex
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, Driver
from support.form_driver import box, foot, note, turn, typed, write
from support.trail_driver import MEDIUM, SPARE

from ctui.emulator.testing import CloudTrail
from ctui.model.rules.validate import Field

Open = Callable[..., AbstractAsyncContextManager[Driver]]


# Create


@pytest.mark.parametrize("size", [(160, 48), SMALL])
async def test_a_new_user_makes_a_trail_and_starts_it(
    account: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(account, size=size) as ctui:
        await ctui.press("1", "n")
        assert "New trail · home Region us-east-1" in ctui.text()
        assert "Name: At least 3 characters" in foot(ctui)
        await ctui.press(*"first")
        assert "S3 bucket: At least 3 characters" in foot(ctui)
        await ctui.press("enter")
        assert ctui.focus() == f"in-{Field.BUCKET}"
        await write(ctui, Field.BUCKET, SPARE)
        assert "enter review" in foot(ctui)
        ctui.shot("new-trail")
        await ctui.press("enter")
        assert "CreateTrail in us-east-1" in box(ctui)
        assert account.calls["CreateTrail"] == 0
        await ctui.press("enter")
        assert account.calls["CreateTrail"] == 1
        assert any("first created in us-east-1" in each for each in ctui.notices())
        assert "enter start logging" in foot(ctui)
        await ctui.press("enter")
        assert any("first started logging" in each for each in ctui.notices())
        assert account.calls["StartLogging"] == 1
        await ctui.press("1")
        assert ctui.cursor("trails").startswith("● first")
        await ctui.press("3")
        events = "\n".join(ctui.pane("events"))
        for _ in range(3):
            await ctui.press("pagedown")
            events += "\n".join(ctui.pane("events"))
        assert "CreateTrail" in events
        assert "StartLogging" in events


async def test_the_review_shows_every_value_and_the_command_that_does_the_same(
    account: CloudTrail, open_app: Open
) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "audit")
        await write(ctui, Field.BUCKET, SPARE)
        await write(ctui, Field.PREFIX, "it's; $(mine)")
        await turn(ctui, Field.MULTI_REGION, True)
        await write(ctui, Field.TAGS, "team=red, pilot")
        await ctui.press("enter")
        for words in (
            "audit",
            SPARE,
            "it's; $(mine)",
            "Multi-Region      on",
            "team=red, pilot",
            "KMS key           not",
        ):
            assert words in box(ctui)
        await ctui.press("c")
        words_of_command = shlex.split(ctui.copied[-1])
        assert words_of_command[:3] == ["aws", "cloudtrail", "create-trail"]
        assert words_of_command[words_of_command.index("--s3-key-prefix") + 1] == "it's; $(mine)"
        assert "--is-multi-region-trail" in words_of_command
        await ctui.press("escape")
        assert typed(ctui, Field.PREFIX) == "it's; $(mine)"
        assert account.calls["CreateTrail"] == 0


async def test_leaving_a_form_with_something_typed_takes_two_steps(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await ctui.press("1", "n", "escape")
        assert "New trail" not in ctui.text()
        await ctui.press("n", *"abc", "escape")
        assert "Discard your changes?" in foot(ctui)
        await ctui.press("d", "escape")
        assert typed(ctui, Field.NAME) == "abcd"
        await ctui.press("escape")
        assert "New trail" not in ctui.text()


async def test_the_offer_to_start_may_be_declined(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "quiet")
        await write(ctui, Field.BUCKET, SPARE)
        await ctui.press("enter", "enter", "escape")
        assert account.calls["StartLogging"] == 0
        assert ctui.cursor("trails").startswith("○ quiet")


# Refuse and repair


async def test_a_refused_bucket_is_repaired_and_nothing_typed_is_lost(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "audit")
        await write(ctui, Field.BUCKET, "someone-elses-policy")
        await write(ctui, Field.PREFIX, "team")
        await ctui.press("enter", "enter")
        assert ctui.focus() == f"in-{Field.BUCKET}"
        said = note(ctui, Field.BUCKET)
        assert "Incorrect S3 bucket policy is detected for bucket: someone-elses-policy" in said
        assert "ctrl+y copy the bucket policy" in said
        await ctui.press("ctrl+y")
        assert "It belongs in the policy of bucket someone-elses-policy" in foot(ctui)
        assert not ctui.notices(), "nothing covers the form"
        look, put = json.loads(ctui.copied[-1])["Statement"]
        assert look["Resource"] == "arn:aws:s3:::someone-elses-policy"
        assert put["Resource"] == "arn:aws:s3:::someone-elses-policy/team/AWSLogs/111111111111/*"
        source = "arn:aws:cloudtrail:us-east-1:111111111111:trail/audit"
        assert put["Condition"]["StringEquals"]["aws:SourceArn"] == source
        ctui.shot("refused-bucket")
        await write(ctui, Field.BUCKET, SPARE)
        assert "Incorrect" not in note(ctui, Field.BUCKET)
        assert (typed(ctui, Field.NAME), typed(ctui, Field.PREFIX)) == ("audit", "team")
        await ctui.press("enter", "enter")
        assert any("audit created" in each for each in ctui.notices())

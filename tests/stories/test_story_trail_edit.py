"""Stories of changing a trail, also one that somebody else changes, and one that lives elsewhere."""

import shlex
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import Driver
from support.form_driver import box, foot, note, turn, typed, write
from support.stage import connector
from support.trail_driver import MEDIUM, SPARE, behind_our_back, choose

from ctui.emulator.testing import CloudTrail
from ctui.model.rules.validate import Field

Open = Callable[..., AbstractAsyncContextManager[Driver]]


# Edit


async def test_an_update_sends_only_what_changes(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("e")
        assert "Edit trail org-audit" in ctui.text()
        assert "No changes yet." in foot(ctui)
        await write(ctui, Field.TOPIC, "")
        await write(ctui, Field.PREFIX, "new")
        await turn(ctui, Field.MULTI_REGION, False)
        await ctui.press("enter")
        shown = box(ctui)
        assert "audit-log-files → cleared" in shown
        assert "not set → new" in shown
        assert "on → off" in shown
        assert "Also sent, unchanged: Global services." in shown
        await ctui.press("c", "enter")
        sent = shlex.split(ctui.copied[-1])
        assert sent[3:5] == ["--name", "arn:aws:cloudtrail:us-east-1:111111111111:trail/org-audit"]
        assert sent[sent.index("--sns-topic-name") + 1] == ""
        assert not {"--s3-bucket-name", "--kms-key-id", "--enable-log-file-validation"} & set(sent)
        assert any(
            "org-audit changed: Key prefix, SNS topic, Multi-Region" in " ".join(each.split())
            or ("org-audit changed" in each and "SNS topic" in each)
            for each in ctui.notices()
        )
        assert "org-audit-logs-111111111111/new" in "".join(line.strip() for line in ctui.pane("status")).replace(
            " ", ""
        )


async def test_group_and_role_are_cleared_together(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("e")
        await write(ctui, Field.LOG_GROUP, "")
        assert "Required with a role" in note(ctui, Field.LOG_GROUP)
        await write(ctui, Field.ROLE, "")
        await ctui.press("enter", "c", "enter")
        sent = shlex.split(ctui.copied[-1])
        assert [sent[sent.index(f"--cloud-watch-logs-{part}-arn") + 1] for part in ("log-group", "role")] == ["", ""]
        await ctui.press("e")
        assert (typed(ctui, Field.LOG_GROUP), typed(ctui, Field.ROLE)) == ("", "")


async def test_what_somebody_else_changed_meanwhile_is_shown_first_and_kept(
    account: CloudTrail, open_app: Open
) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("e")
        await write(ctui, Field.PREFIX, "mine")
        await behind_our_back(account, "UpdateTrail", "org-audit", s3_bucket_name=SPARE, s3_key_prefix="theirs")
        await ctui.press("enter")
        shown = box(ctui)
        assert shown.index("This trail changed since") < shown.index("UpdateTrail in us-east-1")
        assert f"org-audit-logs-111111111111 → {SPARE}" in shown
        assert "not set → theirs your change overwrites this" in shown
        assert "theirs → mine" in shown
        await ctui.press("escape")
        assert (typed(ctui, Field.BUCKET), typed(ctui, Field.PREFIX)) == (SPARE, "mine")
        await ctui.press("enter", "c", "enter")
        assert "--s3-bucket-name" not in ctui.copied[-1]
        assert any("org-audit changed: Key prefix" in each for each in ctui.notices())


async def test_a_trail_deleted_meanwhile_is_said_before_anything_is_sent(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "legacy")
        await ctui.press("e")
        await write(ctui, Field.PREFIX, "mine")
        await behind_our_back(account, "DeleteTrail", "legacy")
        await ctui.press("enter")
        assert "Trail deleted" in foot(ctui)
        assert typed(ctui, Field.PREFIX) == "mine"
        assert account.calls["UpdateTrail"] == 0


# A shadow trail


async def test_a_shadow_trail_is_changed_at_home(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM, connect=connector(account, region="eu-west-1")) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("e")
        assert "home Region us-east-1, from eu-west-1" in ctui.text()
        await write(ctui, Field.PREFIX, "far")
        await ctui.press("enter")
        assert "UpdateTrail in us-east-1" in box(ctui)
        await ctui.press("enter")
        assert any("org-audit changed: Key prefix" in each for each in ctui.notices())
        await ctui.press("s")
        assert "Its home Region is us-east-1" in box(ctui)
        await ctui.press(*"org-audit", "enter")
        assert any("org-audit stopped logging" in each for each in ctui.notices())

"""Stories of changing trails, by keyboard alone, over the emulator."""

import json
import shlex
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from driver import SMALL, Driver
from fakes.lossy import Line, LossyLine, lossy_line
from form_driver import box, foot, note, turn, typed, write
from stage import connector, quiet_account

from ctui.aws.session import AwsConnector, ConnectOptions
from ctui.emulator.testing import CloudTrail
from ctui.model.draft import TrailDraft
from ctui.model.rules import Field

Open = Callable[..., AbstractAsyncContextManager[Driver]]
MEDIUM = (110, 32)
"""Panes side by side, and quick to draw."""
SPARE = "spare-logs-111111111111"


@pytest.fixture
def account() -> Iterator[CloudTrail]:
    """The sample account without traffic, in which calls show in the history at once."""
    with quiet_account() as emulator:
        yield emulator


@pytest.fixture
async def line(account: CloudTrail) -> AsyncIterator[LossyLine]:
    """A line to the account that can lose things."""
    async with lossy_line(account.endpoint_url) as opened:
        yield opened


def over(account: CloudTrail, line: LossyLine) -> AwsConnector:
    """The client at the other end of the line."""
    return connector(account, endpoint_url=line.url)


async def behind_our_back(account: CloudTrail, action: str, name: str, **changes: object) -> None:
    """Somebody else changes a trail."""
    gateway = await connector(account).connect()
    trail = next(each for each in await gateway.describe_trails("us-east-1") if each.name == name)
    home = trail.home_region or "us-east-1"
    if action == "UpdateTrail":
        held = TrailDraft.of(trail)
        kept = {slot: getattr(held, slot) for slot in TrailDraft.__slots__}
        await gateway.update_trail(home, TrailDraft(**{**kept, **changes}))
    else:
        await gateway.delete_trail(home, trail.key)
    await gateway.close()


async def choose(ctui: Driver, name: str) -> None:
    """Put the cursor on a trail."""
    await ctui.press("1", "g")
    for _ in range(10):
        if name in ctui.cursor("trails"):
            return
        await ctui.press("j")
    raise AssertionError(f"{name} is not in the list: {ctui.pane('trails')}")


# Create


@pytest.mark.parametrize("size", [(160, 48), SMALL])
async def test_a_new_user_makes_a_trail_and_starts_it(
    account: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(account, size=size) as ctui:
        await ctui.press("1", "n")
        assert "New trail in us-east-1" in ctui.text()
        assert "Save is off: Name needs at least 3 characters" in foot(ctui)
        await ctui.press(*"first")
        assert "Save is off: S3 bucket needs at least 3 characters" in foot(ctui)
        await ctui.press("enter")
        assert ctui.focus() == f"in-{Field.BUCKET}"
        await write(ctui, Field.BUCKET, SPARE)
        assert "enter goes on to the review" in foot(ctui)
        ctui.shot("new-trail")
        await ctui.press("enter")
        assert "CreateTrail in us-east-1" in box(ctui)
        assert account.calls["CreateTrail"] == 0
        await ctui.press("enter")
        assert account.calls["CreateTrail"] == 1
        assert any("Trail first created in us-east-1" in each for each in ctui.notices())
        assert "enter starts logging now" in foot(ctui)
        await ctui.press("enter")
        assert any("Trail first logs now" in each for each in ctui.notices())
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
        assert "esc again leaves" in foot(ctui)
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
        assert "ctrl+y copies the bucket policy" in said
        await ctui.press("ctrl+y")
        assert "It belongs into the policy of bucket someone-elses-policy" in foot(ctui)
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
        assert any("Trail audit created" in each for each in ctui.notices())


# Edit


async def test_an_update_sends_only_what_changes(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("e")
        assert "Change trail org-audit" in ctui.text()
        assert "nothing has been changed yet" in foot(ctui)
        await write(ctui, Field.TOPIC, "")
        await write(ctui, Field.PREFIX, "new")
        await turn(ctui, Field.MULTI_REGION, False)
        await ctui.press("enter")
        shown = box(ctui)
        assert "audit-log-files → cleared" in shown
        assert "not set → new" in shown
        assert "on → off" in shown
        assert "belong together: Global services." in shown
        await ctui.press("c", "enter")
        sent = shlex.split(ctui.copied[-1])
        assert sent[3:5] == ["--name", "arn:aws:cloudtrail:us-east-1:111111111111:trail/org-audit"]
        assert sent[sent.index("--sns-topic-name") + 1] == ""
        assert not {"--s3-bucket-name", "--kms-key-id", "--enable-log-file-validation"} & set(sent)
        assert any(
            "Trail org-audit changed: Key prefix, SNS topic, Multi-Region" in " ".join(each.split())
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
        assert "is needed as well" in note(ctui, Field.LOG_GROUP)
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
        assert shown.index("Somebody has changed this trail") < shown.index("UpdateTrail in us-east-1")
        assert f"org-audit-logs-111111111111 → {SPARE}" in shown
        assert "not set → theirs yours goes over it" in shown
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
        assert "The trail is gone" in foot(ctui)
        assert typed(ctui, Field.PREFIX) == "mine"
        assert account.calls["UpdateTrail"] == 0


# Delete


async def test_deleting_asks_for_the_name(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("d")
        assert "every log file in it stay" in box(ctui)
        assert "It is a multi-Region trail: it goes in every Region" in box(ctui)
        ctui.shot("delete-trail")
        await ctui.press(*"org-audi", "enter")
        assert "type the whole name" in foot(ctui)
        assert account.calls["DeleteTrail"] == 0
        await ctui.press("t", "enter")
        assert account.calls["DeleteTrail"] == 1
        assert any("Trail org-audit deleted. Its log files stay" in each for each in ctui.notices())
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


# Stop and start


async def test_stopping_asks_and_starting_does_not(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("s")
        assert "calls in every Region are not recorded by it: no log files, no digests" in box(ctui)
        await ctui.press("enter")
        assert account.calls["StopLogging"] == 1
        assert any("Trail org-audit no longer logs" in each for each in ctui.notices())
        assert ctui.cursor("trails").startswith("○ org-audit")
        await ctui.press("s")
        assert account.calls["StartLogging"] == 1
        assert any("Trail org-audit logs now" in each for each in ctui.notices())
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


# A shadow trail


async def test_a_shadow_trail_is_changed_at_home(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM, connect=connector(account, region="eu-west-1")) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("e")
        assert "home us-east-1, seen from eu-west-1" in ctui.text()
        await write(ctui, Field.PREFIX, "far")
        await ctui.press("enter")
        assert "UpdateTrail in us-east-1" in box(ctui)
        await ctui.press("enter")
        assert any("org-audit changed: Key prefix" in each for each in ctui.notices())
        await ctui.press("s")
        assert "its home is us-east-1, and the call goes there" in box(ctui)
        await ctui.press("enter")
        assert any("no longer logs" in each for each in ctui.notices())


# Read-only, and other reasons


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
        assert any("works in Trails (1) and Status (2)" in each for each in ctui.notices())
        await ctui.press("ctrl+p", *"new trail")
        await ctui.press("enter")
        await ctui.settle()
        assert "New trail in us-east-1" in ctui.text()


async def test_a_trail_that_logs_was_not_stopped_by_anybody(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account, size=MEDIUM) as ctui:
        await choose(ctui, "org-audit")
        await ctui.press("l")
        assert any("l: this trail logs" in each for each in ctui.notices())


async def test_another_change_under_way_is_the_reason(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await choose(ctui, "legacy")
        line.lose("StartLogging", Line.SILENT)
        await ctui.tap("s")
        await ctui.tap("d")
        assert any("d: another change of this trail is under way" in each for each in ctui.notices())
        line.mend()


# It may or may not have happened


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
        await ctui.press("s")


@pytest.mark.parametrize("action", CHANGES)
async def test_a_lost_answer_is_looked_for_and_found_to_have_happened(
    account: CloudTrail, open_app: Open, line: LossyLine, action: str
) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await set_about(ctui, action)
        line.lose(action, Line.LOSES_ANSWERS)
        await ctui.press("s" if action == "StartLogging" else "enter")
        assert "It may or may not have happened" in foot(ctui)
        assert "Looked: it has happened" in foot(ctui)
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
        assert "Looked: it has not happened so far" in foot(ctui)
        assert "enter sends it again" in foot(ctui)
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
        assert "What the service has now could not be read" in foot(ctui)
        assert "enter" not in foot(ctui).split("could not be read")[1]
        line.lose("DescribeTrails", Line.GOOD)
        await ctui.press("r")
        assert "Looked: it has not happened so far" in foot(ctui)
        await ctui.press("escape")
        assert any("legacy" in each for each in ctui.pane("trails"))


async def test_a_wait_can_be_given_up(account: CloudTrail, open_app: Open, line: LossyLine) -> None:
    async with open_app(account, size=MEDIUM, connect=over(account, line)) as ctui:
        await set_about(ctui, "DeleteTrail")
        line.lose("DeleteTrail", Line.SILENT)
        await ctui.tap("enter")
        assert "esc" in foot(ctui)
        await ctui.press("escape")
        assert "when you gave it up" in foot(ctui)
        assert "Looked: it has not happened so far" in foot(ctui)


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

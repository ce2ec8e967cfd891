"""The copy menu: each letter copies what it says, of the event or trail that it was opened over."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

from ctui.model.trail.trail import Trail, TrailStatus

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_letter_copies_what_its_line_says(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(5, EPOCH)), size) as ctui:
        await ctui.press("j", "y")
        assert "event ID" in ctui.text()
        assert "marked events" not in ctui.text()
        await ctui.press("i")
        assert ctui.copied == [ctui.session.event(ctui.session.explorer.rows.ids[1]).event_id]
        assert ctui.notices()[-1] == "Event ID of DescribeInstances 11:50:00 sent to the terminal"
        await ctui.press("y", "j", "enter")
        assert json.loads(ctui.copied[-1])["userIdentity"]["userName"] == "user-1"
        await ctui.press("y", "escape", "y", "y")
        assert len(ctui.copied) == 2


async def test_a_value_is_copied_with_its_path_as_a_term_that_finds_it(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("y", "v")
        assert "userIdentity.userName" in ctui.text()
        await ctui.press("j", "j", "enter")
        assert ctui.copied == ["userIdentity.userName:user-0"]
        assert ctui.notices()[-1] == "userIdentity.userName of DescribeInstances 12:00:00 sent to the terminal"


async def test_what_names_the_event_is_safe_and_short(open_app: Open) -> None:
    async with open_app(Service([event(0, EPOCH, name="Stop\x1b]0;" + "x" * 500)]), SMALL) as ctui:
        await ctui.press("c")
        assert ctui.copied[-1].startswith("{")
        assert re.fullmatch(r"Stop␛]0;x+… 12:00:00 sent to the terminal", ctui.notices()[-1])
        assert len(ctui.notices()[-1]) < 100


async def test_marked_events_are_copied_as_json_lines(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("space", "j", "j", "space", "y", "m")
        lines = ctui.copied[-1].splitlines()
        assert [json.loads(line)["userIdentity"]["userName"] for line in lines] == ["user-0", "user-2"]
        assert ctui.notices()[-1] == "2 marked events sent to the terminal"


async def test_the_question_says_what_the_command_does_not_ask(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("y", "q")
        assert ctui.copied[-1].startswith("aws cloudtrail lookup-events --end-time 2026-")
        await ctui.press("slash")
        await ctui.write("user:user-1 ip:*")
        await ctui.press("enter", "y", "q")
        assert '[{"AttributeKey": "Username", "AttributeValue": "user-1"}]' in ctui.copied[-1]
        assert ctui.notices()[-1].endswith("; ctui filters its answer by ip")


async def test_in_trails_and_status_the_trail_is_copied(open_app: Open) -> None:
    trail = Trail("legacy", arn="arn:aws:cloudtrail:eu-west-1:1:trail/legacy", s3_bucket_name="logs")
    async with open_app(Service(events(5, EPOCH), [(trail, TrailStatus(is_logging=False))])) as ctui:
        await ctui.press("1", "c")
        assert json.loads(ctui.copied[-1])["Name"] == "legacy"
        assert ctui.notices()[-1] == "Trail legacy sent to the terminal"
        await ctui.press("2", "y", "b")
        assert ctui.copied[-1] == "logs"
        assert ctui.notices()[-1] == "Bucket of trail legacy sent to the terminal"
        await ctui.press("y", "s")
        assert json.loads(ctui.copied[-1]) == {"IsLogging": False}
        await ctui.press("3", "c")
        assert json.loads(ctui.copied[-1])["userIdentity"]["userName"] == "user-0"


async def test_the_value_under_the_cursor_of_the_record_comes_first(open_app: Open) -> None:
    policy = json.dumps({"Effect": "Allow"})
    record = event(0, EPOCH, record={"requestParameters": {"name": "a b", "policy": policy, "list": ["x\u202e"]}})
    async with open_app(Service([record]), WIDE) as ctui:
        await ctui.press("enter", "y")
        assert "value here" not in ctui.text()
        await ctui.press("escape", "4", "slash")
        for text, here, with_path in (
            ("a b", "a b", 'requestParameters.name:"a b"'),
            ("Allow", "Allow", "requestParameters.policy.Effect:Allow"),
            ("x\u202e", "x⟨U+202E⟩", 'requestParameters.list.0:"x⟨U+202E⟩"'),
        ):
            await ctui.press("escape", "slash")
            await ctui.write(text[:1] + "\r")
            while here not in ctui.cursor("detail"):
                await ctui.press("n")
            await ctui.press("y", "enter")
            assert ctui.copied[-1] == here
            await ctui.press("y", "t")
            assert ctui.copied[-1] == with_path
        await ctui.press("left", "y", "u")
        assert json.loads(ctui.copied[-1]) == ["x\u202e"]
        await ctui.press("v", "y")
        assert "value here" not in ctui.text()

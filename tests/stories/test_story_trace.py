"""Stories of `a`, which answers "which person is behind this session?": over the demo's people and its incident."""

import re

import pytest
from support.driver import SMALL, WIDE, Driver

from ctui.emulator.testing import CloudTrail

from .conftest import Open
from .test_story_ask import lookups
from .test_story_views import ask

BOTH = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])


def tree(ctui: Driver) -> list[str]:
    """The lines of the trace, without the cursor's mark."""
    return [line.strip("▌ ") for line in ctui.pane("trace") if line.strip("▌ ")]


@BOTH
async def test_who_stopped_the_trail_leads_to_the_leaked_key(
    week: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(week, size=size) as ctui:
        await ask(ctui, "name:StopLogging")
        await ctui.press("a")
        ctui.shot("trace")
        shown = "\n".join(tree(ctui))
        assert re.match(
            r"deploy-bot · long-term key · AKIAGRDVV6P7GEXAMPLE\n"
            r"· no event in us-east-1 made this key, until 19 Nov \d\d:\d\d:\d\d\n"
            r"└─ 19 Nov \d\d:\d\d:\d\d CreateAccessKey from 203.0.113.66\n"
            r" *svc-backup · long-term key · AKIAJEVHE73KGEXAMPLE  ◂ traced\n",
            shown,
        )
        assert "wrote StopLogging 2 ✗1" in shown
        # What the leaked key did, without a word typed, and without a further call: the trace knows its range.
        await ctui.press("g", "enter")
        assert ctui.typed() == "key:AKIAGRDVV6P7GEXAMPLE"
        assert "CreateLoginProfile" in ctui.text()


@BOTH
async def test_enter_shows_an_event_with_its_record_or_what_a_key_did_and_neither_costs_a_call(
    week: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(week, size=size) as ctui:
        await ask(ctui, "user:bob name:CreateChangeSet")
        await ctui.press("a")
        before = lookups(week)
        lines = tree(ctui)
        assert [line.split(" · ")[0] for line in lines if "EXAMPLE" in line] == [
            "bob", "bob as release", "bob as prod-deploy in 333333333333",
        ]  # fmt: skip
        assert "the history of 333333333333" in " ".join(lines)
        issuing = next(number for number, line in enumerate(lines) if "AssumeRole from" in line)
        await ctui.press("g", *["j"] * issuing, "enter")
        assert ctui.seen("detail")
        assert '"eventName": "AssumeRole"' in ctui.text() or "AssumeRole" in ctui.title("detail")
        assert ctui.typed().startswith("resource:ASIA")
        assert len([row for row in ctui.pane("events") if "AssumeRole" in row]) == 1
        await ctui.press("left_square_bracket")
        assert ctui.typed() == "user:bob name:CreateChangeSet"
        await ctui.press("a", "enter")
        assert ctui.typed().startswith("key:ASIA")
        assert "CreateChangeSet" in ctui.text()
        assert lookups(week) == before


@pytest.mark.parametrize(
    ("line", "begins", "costs"),
    [
        ("name:StopLogging", "deploy-bot · long-term key", 4),
        ("user:carol@example.com", r"906\S+ · Identity Center user", 2),
        ("user:bob name:CreateChangeSet", "bob · long-term key", 3),
        ("user:dave", "dave · signed in", 3),
        ("user:poller name:DescribeAlarms", "poller in 222222222222", 3),
        ("name:PutImage", "repo:example/shop:ref:refs/heads/main · web identity", 3),
        ("name:GenerateDataKey", "cloudtrail · AWS service", 0),
        ("user:i-*", "ec2 · AWS service", 1),
    ],
)
async def test_the_demo_has_a_chain_of_each_kind_at_so_many_calls(
    week: CloudTrail, open_app: Open, line: str, begins: str, costs: int
) -> None:
    async with open_app(week) as ctui:
        await ask(ctui, line)
        before = lookups(week)
        await ctui.press("a")
        assert re.match(begins, tree(ctui)[0])
        assert f"done · {lookups(week) - before} call" in ctui.title("trace")
        assert lookups(week) - before == costs


async def test_esc_closes_the_trace_and_ends_it(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ask(ctui, "name:StopLogging")
        shown = ctui.text()
        await ctui.press("a", "escape")
        assert not ctui.app.query("#trace")
        assert [line for line in ctui.text().splitlines() if "StopLogging" in line] == [
            line for line in shown.splitlines() if "StopLogging" in line
        ]
        assert ctui.focus() == "events"


async def test_without_an_event_there_is_nothing_to_trace(account: CloudTrail, open_app: Open) -> None:
    async with open_app(account) as ctui:
        await ask(ctui, "name:Nothing")
        await ctui.press("a")
        assert ctui.notices()[-1].startswith("a: no event")

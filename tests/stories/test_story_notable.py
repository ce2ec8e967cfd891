"""A story of what matters first: own calls of the real client are hidden, and what is notable is one key away."""

import re

from support.driver import SMALL

from ctui.emulator.testing import CloudTrail

from .conftest import Open

OWN = ("GetCallerIdentity", "DescribeTrails", "GetTrailStatus", "LookupEvents")


def named(rows: list[str], *names: str) -> list[str]:
    return [row for row in rows if any(name in row for name in names)]


async def test_the_calls_of_the_program_itself_are_hidden_as_they_are_recorded(
    account: CloudTrail, open_app: Open
) -> None:
    """The emulator records each call with the user agent that botocore really sends."""
    ours = {"type": "IAMUser", "userName": "mallory", "accountId": "111111111111"}
    agent = "Boto3/1.43.117 md/Botocore#1.43.117 ctui/0.3.0"
    account.add_event("LookupEvents", eventSource="cloudtrail.amazonaws.com", userIdentity=ours, userAgent=agent)
    async with open_app(account) as ctui:
        await ctui.press("R")
        found = re.search(r"(\d+) own calls hidden · o$", ctui.title("events"))
        assert found is not None
        assert int(found[1]) >= 4
        (left,) = named(ctui.pane("events"), *OWN)
        assert "mallory" in left, "an attacker with our agent is not hidden"
        await ctui.press("o")
        assert len(named(ctui.pane("events"), *OWN)) == int(found[1]) + 1
        assert ctui.title("events").endswith("own calls shown · o")


async def test_the_incident_stands_among_what_is_notable(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("exclamation_mark", "M")
        rows = ctui.pane("events")
        for name in ("CreateUser", "CreateAccessKey", "AttachUserPolicy", "CreateLoginProfile", "StopLogging"):
            assert [row for row in named(rows, name) if "!" in row], name
        assert [row for row in named(rows, "DeleteTrail") if "✗" in row]
        found = re.search(r"of ([\d,]+) in ([\d,]+)", ctui.title("events"))
        assert found is not None
        notable, loaded = (int(number.replace(",", "")) for number in found.groups())
        assert 20 < notable < loaded / 50, "so few that a person reads them"
        await ctui.press("g", "right_curly_bracket", "right_curly_bracket", "enter")
        assert "Notable" in "\n".join(ctui.pane("detail"))
        ctui.shot("notable")


async def test_what_is_notable_in_a_small_terminal(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, SMALL) as ctui:
        await ctui.press("slash")
        await ctui.write("is:notable name:StopLogging")
        await ctui.press("enter", "enter")
        text = " ".join("\n".join(ctui.pane("detail")).split())
        assert "Notable tried, and failed: stops a trail (T1562.008 Disable or Modify Cloud Logs)" in text

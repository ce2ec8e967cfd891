"""Hands for trails in stories: the cursor on one, a line that loses things, and somebody else who changes one."""

from support.drafts import draft_of
from support.driver import Driver
from support.fakes.lossy import LossyLine
from support.stage import connector

from ctui.aws.connector import AwsConnector
from ctui.emulator.testing import CloudTrail

MEDIUM = (110, 32)
"""Panes side by side, and quick to draw."""
SPARE = "spare-logs-111111111111"
"""A bucket of the sample account that no trail uses."""


def over(account: CloudTrail, line: LossyLine) -> AwsConnector:
    """The client at the other end of the line."""
    return connector(account, endpoint_url=line.url)


async def behind_our_back(account: CloudTrail, action: str, name: str, **changes: object) -> None:
    """Somebody else changes a trail."""
    gateway = await connector(account).connect()
    trail = next(each for each in await gateway.describe_trails("us-east-1") if each.name == name)
    home = trail.home_region or "us-east-1"
    if action == "UpdateTrail":
        await gateway.update_trail(home, draft_of(trail, **changes))
    else:
        await gateway.delete_trail(home, trail.key)
    await gateway.close()


async def choose(ctui: Driver, name: str) -> None:
    """Put the cursor on a trail; core may still be at work."""
    await ctui.tap("1", "g")
    while name not in ctui.cursor("trails"):
        before = ctui.cursor("trails")
        await ctui.tap("j")
        assert ctui.cursor("trails") != before, f"{name} is not in the list: {ctui.pane('trails')}"

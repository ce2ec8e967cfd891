"""A story of Insights events: asked for by one word, told as stretches with rate and baseline."""

import re

from ctui.emulator.testing import CloudTrail

from .conftest import Open


async def test_the_incident_shows_as_unusual_rates(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await ctui.press("slash")
        await ctui.write("is:insight")
        await ctui.press("enter", "M")
        rows = "\n".join(ctui.pane("events"))
        assert re.search(r"StopLogging calls +rise to 2/min from 0", rows)
        assert re.search(r"GetSecretValue errors +were [0-9.]+/min", rows)
        await ctui.press("G", "enter")
        detail = "\n".join(ctui.pane("detail"))
        assert re.search(r"Rate +[0-9.]+/min · baseline 0/min · \d\d:\d\d:00–\d\d:\d\d:00 · by deploy-bot", detail)
        assert "the start of it" in detail
        assert "its end is not here" not in detail
        await ctui.press("escape", "slash")
        await ctui.write(" name:Nothing")
        await ctui.press("enter")
        assert "org-audit has Insights on" in "\n".join(ctui.pane("events"))

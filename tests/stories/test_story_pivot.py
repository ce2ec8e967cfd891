"""The incident of the sample account, from the stopped trail to the leaked key, by keys that go from a value to the
events that share it."""

import pytest
from support.driver import SMALL, WIDE

from ctui.emulator.testing import CloudTrail

from .conftest import Open
from .test_story_ask import lookups, rows

MOST_KEYS = 20


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_from_a_stopped_trail_to_the_leaked_key(week: CloudTrail, open_app: Open, size: tuple[int, int]) -> None:
    pressed: list[str] = []
    async with open_app(week, size=size) as ctui:

        async def press(*keys: str) -> None:
            pressed.extend(keys)
            await ctui.press(*keys)

        # Trails: one does not log. Who stopped it?
        await press("1", "l")
        assert "StopLogging" in ctui.cursor()
        assert "svc-backup" in ctui.cursor()
        # What else did this key do, at any time?
        await press("p", "k")
        assert ctui.typed().startswith("key:AKIA")
        assert "StopLogging" in ctui.cursor()
        assert "all history" in ctui.title("events")
        assert any("DeleteTrail" in row for row in rows(ctui))
        # Where does this user come from?
        before = lookups(week)
        await press("p", "b")
        assert ctui.typed() == "about:svc-backup"
        assert lookups(week) - before <= 4
        ctui.shot("pivot-about")
        await press("G")
        assert "CreateUser" in ctui.cursor()
        assert "deploy-bot" in ctui.cursor()
        # What was said of the trail covers the end of the line until it goes.
        ctui.app.clear_notifications()
        await ctui.settle()
        assert "· M " in ctui.line("feed-line")
        assert "complete" not in ctui.line("feed-line")
        # And what did the key that made it do?
        await press("p")
        ctui.shot("pivot")
        await press("k")
        assert "CreateUser" in ctui.cursor()
        await press("G")
        assert "GetCallerIdentity" in ctui.cursor()
        assert "deploy-bot" in ctui.cursor()
        assert "complete" in ctui.line("feed-line")
        # From where, and who else came from there?
        await press("p", "plus", "i")
        assert "ip:203.0.113.66" in ctui.typed()
        story = ctui.typed()
        # And all the way back, without a call.
        before = lookups(week)
        await ctui.press("[", "[")
        assert ctui.typed() == "about:svc-backup"
        assert "CreateUser" in ctui.cursor()
        await ctui.press("]", "]")
        assert (ctui.typed(), lookups(week)) == (story, before)
    assert len(pressed) <= MOST_KEYS, pressed

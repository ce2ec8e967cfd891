"""Times as people write them, on a small screen: what is understood is shown where it is typed and asked."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.mark.parametrize(
    ("line", "hint", "title"),
    [
        # The clock stands at 12:00 on Saturday, 2026-11-21.
        ("11:30", "since Sat 2026-11-21 11:30 UTC", "since Sat 2026-11-21 11:30 UTC ── newest first"),
        ("13:30..14:00", "Fri 2026-11-20 13:30 to 14:00 UTC", "Fri 2026-11-20 13:30 to 14:00 UTC"),
        ("yesterday user:alice", "Fri 2026-11-20 UTC", "Fri 2026-11-20 UTC"),
        ("since:mon until:wed", "Mon 2026-11-16 to Wed 2026-11-18 UTC", "Mon 2026-11-16 to Wed 2026-11-18 UTC"),
        ("23:30..00:30", "Fri 2026-11-20 23:30 to Sat 2026-11-21 00:30 UTC", "Fri 2026-11-20 23:30 to Sat"),
        ('since:"30m ago"', "since Sat 2026-11-21 11:30 UTC", "since Sat 2026-11-21 11:30 UTC"),
        ("2h ago", "last 2 hours · since Sat 2026-11-21 10:00 UTC", "last 2 hours"),
    ],
)
async def test_what_is_understood_stands_below_the_line_and_in_the_title(
    open_app: Open, line: str, hint: str, title: str
) -> None:
    async with open_app(Service(events(45, EPOCH)), size=SMALL) as ctui:
        await ctui.press("slash")
        await ctui.write(line)
        assert (ctui.typed(), ctui.hint().strip()) == (line, hint)
        assert title in ctui.title("events")
        await ctui.press("enter")
        assert ctui.typed() == line
        assert title in ctui.title("events")


async def test_without_room_the_title_has_the_shorter_words(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH)), size=(60, 24)) as ctui:
        await ctui.press("slash")
        await ctui.write("23:30..00:30")
        assert "20 Nov 23:30 to 21 Nov 00:30" in ctui.title("events")


async def test_the_dialog_says_below_its_line_what_is_understood(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH)), size=SMALL) as ctui:
        await ctui.press("t", "tab")
        await ctui.write("13:30..14:0")
        assert "'14:0' is not a time: hours go to 23" in ctui.text()
        await ctui.write("0")
        assert "Fri 2026-11-20 13:30 to 14:00 UTC" in ctui.text()
        await ctui.press("ctrl+u")
        assert "2h · 13:30..14:00 · mon · yesterday" in ctui.text()
        await ctui.write("yesterday")
        assert "Fri 2026-11-20 UTC" in ctui.text()
        await ctui.press("enter")
        assert "Fri 2026-11-20 UTC" in ctui.title("events")
        # What was chosen stays that day: the dialog has its date.
        await ctui.press("t")
        assert "2026-11-20..2026-11-20" in ctui.text()


async def test_the_form_says_below_its_fields_what_is_understood(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH)), size=SMALL) as ctui:
        await ctui.press("f", "tab")
        await ctui.write("13:30")
        assert "since Fri 2026-11-20 13:30 UTC" in ctui.text()
        await ctui.press("tab")
        await ctui.write("14:00")
        assert "Fri 2026-11-20 13:30 to 14:00 UTC" in ctui.text()
        await ctui.press("enter")
        assert "Fri 2026-11-20 13:30 to 14:00 UTC" in ctui.title("events")

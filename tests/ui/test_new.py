"""`is:new` on the screen: rows that are first sightings, and the record that says of what, over how long."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from support.driver import WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_what_is_new_is_listed_and_the_record_says_of_what(open_app: Open) -> None:
    calls = [
        event(2, EPOCH, name="GetObject", record={"sourceIPAddress": "198.51.100.7"}),
        event(1, EPOCH - timedelta(days=5)),
        event(0, EPOCH - timedelta(days=12)),
    ]
    async with open_app(Service(calls), WIDE) as ctui:
        await ctui.press("slash")
        await ctui.write("is:new")
        await ctui.press("enter", "enter")
        said = [line for line in ctui.pane("detail") if "first time" in line]
        assert ["from 198.51.100.0/24 in 12 days of stored events" in line for line in said] == [True]
        listed = "\n".join(ctui.pane("events"))
        assert "GetObject" in listed
        assert listed.count("DescribeInstances") == 1

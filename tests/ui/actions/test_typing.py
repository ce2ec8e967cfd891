"""Typing a line: rows follow each letter and never give way to an empty page, and completions count the rest."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

Open = Callable[..., AbstractAsyncContextManager[Driver]]
MIXED = [
    event(
        number,
        one.time,
        name="StopLogging" if number % 4 == 0 else "ListUsers",
        user=("alice", "bob", "bobby")[number % 3],
    )
    for number, one in enumerate(events(40, EPOCH))
]


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
async def test_rows_stay_at_every_letter_and_the_title_says_that_none_matches_yet(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(Service(MIXED), size) as ctui:
        await ctui.press("slash")
        for letter in "user:bob name:StopLogging":
            await ctui.write(letter)
            assert ctui.cursor().startswith(("0", "1")), ctui.typed()
        assert ctui.title("events").endswith("1 of 3 in 40")
        await ctui.write("x")
        assert "StopLogging" in ctui.cursor()
        assert ctui.title("events").endswith("0 yet in 40")
        await ctui.press("escape")
        assert ctui.title("events").endswith("0 in 40")
        assert "No match in the 40 events loaded" in "\n".join(ctui.pane("events"))


async def test_a_value_is_taken_as_the_start_of_one_until_enter_or_a_completion(open_app: Open) -> None:
    async with open_app(Service(MIXED), WIDE) as ctui:
        await ctui.press("slash")
        await ctui.write("user:bob")
        assert ctui.title("events").endswith("of 26 in 40")
        await ctui.press("enter")
        assert ctui.title("events").endswith("of 13 in 40")
        await ctui.press("slash", "ctrl+l")
        await ctui.write("user:bo")
        await ctui.press("tab")
        assert ctui.typed() == "user:bob"
        assert ctui.title("events").endswith("of 13 in 40")


async def test_completions_count_what_passes_the_rest_of_the_line(open_app: Open) -> None:
    async with open_app(Service(MIXED), WIDE) as ctui:
        await ctui.press("slash")
        await ctui.write("user:")
        assert ctui.hint().startswith("tab  alice 14  bob 13  bobby 13")
        await ctui.press("ctrl+l")
        await ctui.write("name:StopLogging user:")
        assert ctui.hint().startswith("tab  alice 4  bob 3  bobby 3")
        await ctui.press("ctrl+l")
        await ctui.write("user:alice OR -name:")
        assert ctui.hint().startswith("tab  ListUsers 30  StopLogging 10")

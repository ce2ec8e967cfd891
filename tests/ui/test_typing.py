"""What is typed in the filter line stands there, however fast it comes and whatever core is still at."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from driver import Driver
from fakes.clock import EPOCH
from fakes.service import Service, events
from textual import events as textual_events

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def send(ctui: Driver, key: str) -> None:
    """A key as the terminal sends it: nobody waits for what it brings."""
    ctui.app.post_message(textual_events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("turns", [0, 1, 2, 4, 7])
async def test_nothing_of_what_is_typed_goes_however_the_keys_come(open_app: Open, turns: int) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        text = "until:2h since:3h user:alice,bob"
        for character in text:
            send(ctui, character)
            for _ in range(turns):
                await asyncio.sleep(0)
        await ctui.settle()
        assert ctui.typed() == text


@pytest.mark.parametrize("turns", [0, 2, 5])
async def test_keys_that_edit_keep_their_place_among_the_letters(open_app: Open, turns: int) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        for key in [*"wrong", "ctrl+l", *"user:alicf", "backspace", "e", "home", *"x ", "end", *",bob"]:
            send(ctui, key)
            for _ in range(turns):
                await asyncio.sleep(0)
        await ctui.settle()
        assert ctui.typed() == "x user:alice,bob"

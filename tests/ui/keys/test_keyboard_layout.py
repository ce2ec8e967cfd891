"""Keys of a keyboard whose letters are not Latin, as terminals send them: with the key of a US layout, or without."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import cast

import pytest
from support.driver import SMALL, Driver, at_rest
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events
from textual.events import Key, MouseDown

from ctui.ui.terminal.driver import KeyParser, PlacedKey

Open = Callable[..., AbstractAsyncContextManager[Driver]]

DOWN = "\x1b[1086::106;;1086u"
"""The key of j on a Russian layout, as the kitty protocol reports it."""
SLASH = "\x1b[46::47;;46u"
"""There it writes a full stop."""


async def send(ctui: Driver, text: str) -> None:
    """What a terminal sends, read as the driver reads it."""
    for event in KeyParser().feed(text):
        ctui.app.post_message(event)
    await at_rest(ctui)
    await ctui.settle()


@pytest.mark.parametrize(
    ("sequence", "key", "base"),
    [
        (DOWN, "о", "j"),
        ("\x1b[1057:1089:99;2;1057u", "С", "C"),
        ("\x1b[1089::99;5u", "ctrl+с", "ctrl+c"),
        (SLASH, "full_stop", "slash"),
        ("\x1b[46:44:47;2;44u", "comma", "question_mark"),
        ("\x1b[1093:1061:91;2;1061u", "Х", "left_curly_bracket"),
        ("\x1b[97:65;2;65u", "A", None),
        ("\x1b[106;;106u", "j", None),
        ("\x1b[27u", "escape", None),
        ("\x1b[A", "up", None),
    ],
)
def test_a_key_is_read_with_its_place(sequence: str, key: str, base: str | None) -> None:
    (event,) = KeyParser().feed(sequence)
    assert isinstance(event, Key)
    assert event.key == key
    assert (event.base if isinstance(event, PlacedKey) else None) == base


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[1114112;1u",
        "\x1b[1114112::97;1u",
        "\x1b[97::99999999999;1u",
        "\x1b[97;1;99999999999u",
        "\x1b[97;1:3u",
        "\x1b[:u",
        "\x1b[55296;;55296u",
    ],
)
def test_what_is_no_character_is_no_key_and_keys_after_it_are_read(sequence: str) -> None:
    assert [cast("Key", event).key for event in KeyParser().feed(f"{sequence}j")] == ["j"]


def test_the_mouse_is_read_where_the_terminal_does_not_know_its_size_in_pixels() -> None:
    """As such a terminal answers to mode 2048."""
    [_, down] = KeyParser().feed("\x1b[48;24;80;0;0t\x1b[<0;8;4M")
    assert isinstance(down, MouseDown)
    assert (down.x, down.y) == (7, 3)


async def test_in_a_pane_the_key_in_the_same_place_is_meant(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        await send(ctui, DOWN * 3)
        assert "user-3" in ctui.cursor()
        await send(ctui, SLASH)
        assert ctui.focus() == "filter", "letters before have shown the layout"
        await send(ctui, DOWN + SLASH)
        assert ctui.typed() == "о.", "in a line a key writes what it writes"
        await ctui.press("escape")
        assert ctui.notices() == []


async def test_a_latin_layout_means_what_it_writes(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        # German: the key of the slash writes a hyphen, the one of [ writes ü.
        await send(ctui, "\x1b[106;;106u\x1b[45::47;;45u\x1b[252::91;;252u")
        assert "user-1" in ctui.cursor()
        assert not ctui.seen_line()
        assert ctui.notices()[-1].startswith("-: only in Shape")


async def test_where_no_terminal_tells_the_place_the_person_is_told_why(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        await send(ctui, "о")
        assert "user-0" in ctui.cursor()
        assert ctui.notices() == ["о: the keyboard layout is not Latin, and ctui's keys are"]
        await send(ctui, "й")
        assert len(ctui.notices()) == 1, "it stands in place of the one before"
        await ctui.press("slash")
        await send(ctui, "имя")
        assert ctui.typed() == "имя"

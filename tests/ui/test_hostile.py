"""Recorded text, names and errors from elsewhere are shown as what they are: no markup, no escape, no bidi override."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event

from ctui.errors import EndpointUnreachable, ServiceError
from ctui.model.trail.trail import Trail, TrailStatus

Open = Callable[..., AbstractAsyncContextManager[Driver]]

HOSTILE = (
    "[/x]",
    "[red]red[/red]",
    "[@click=app.exit]x[/]",
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "a\u202eb",
    "\x9b2J",
    "e" + 6 * "\u0301",
    "line\nbreak\ttab",
)


def unsafe(text: str) -> list[str]:
    """Characters that must not reach a terminal."""
    return [each for each in text if each != "\n" and (ord(each) < 32 or 0x7F <= ord(each) < 0xA0 or each in "\u202e")]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_every_pane_shows_hostile_text_as_text(open_app: Open, size: tuple[int, int]) -> None:
    history, trails = [], []
    for number, text in enumerate(HOSTILE):
        record: dict[str, object] = {
            "userAgent": text,
            "requestParameters": {text: text},
            "sourceIPAddress": text,
            "errorMessage": text,
        }
        time = EPOCH - timedelta(hours=1 + number)
        history.append(event(number, time, name=text, source=text, user=text, error=text, resource=text, record=record))
        trail = Trail(text, f"arn:{number}", text, s3_bucket_name=text, s3_key_prefix=text, sns_topic_name=text)
        trails.append(
            (trail, TrailStatus(True, EPOCH, text, EPOCH, text, EPOCH, text, EPOCH, text, EPOCH, EPOCH, text))
        )
    async with open_app(Service(history, trails), size) as ctui:
        shown = [ctui.text()]
        await ctui.press("enter")
        for text in HOSTILE:
            shown.append(ctui.text())
            await ctui.press("c", "j")
            assert json.loads(ctui.copied[-1])["userAgent"] == text
        await ctui.press("1")
        for _ in HOSTILE:
            shown.append(ctui.text())
            await ctui.press("j")
        assert not unsafe("".join(shown))
        assert ctui.app.is_running
        for text in HOSTILE:
            if text.isprintable() and text.isascii():
                assert text in "".join(shown)


async def test_menus_and_what_they_copy_hold_no_character_that_acts(open_app: Open) -> None:
    texts = (" ".join(HOSTILE), HOSTILE[-1])
    history = [
        event(
            number,
            EPOCH - timedelta(hours=1 + number),
            name=text,
            user=text,
            record={
                "userIdentity": {"arn": text, "userName": text},
                "requestParameters": {text: text},
                "sourceIPAddress": text,
            },
        )
        for number, text in enumerate(texts)
    ]
    trail = Trail(HOSTILE[3], f"arn:{HOSTILE[5]}", s3_bucket_name=HOSTILE[4])
    async with open_app(Service(history, [(trail, TrailStatus(is_logging=False))]), SMALL) as ctui:
        shown: list[str] = []
        for _ in texts:
            await ctui.press("space", "y")
            shown.append(ctui.text())
            for letter in "iapswq":
                await ctui.press(letter, "y")
            await ctui.press("v")
            shown.append(ctui.text())
            await ctui.press("down", "down", "enter", "y", "m", "equals_sign")
            shown.append(ctui.text())
            await ctui.press("escape", "N")
            shown.append(ctui.text())
            await ctui.press("escape", "j")
        await ctui.press("1", "y")
        shown.append(ctui.text())
        for letter in "abnc":
            await ctui.press(letter, "y")
        assert not unsafe("".join(shown))
        assert not unsafe("".join(ctui.copied))
        assert not unsafe("".join(ctui.notices()))
        assert len(ctui.copied) > 8 * len(texts)
        lines = [text for text in ctui.copied if not text.startswith("{")]
        assert all("\n" not in text for text in lines)


async def test_errors_from_elsewhere_are_text_in_panes_and_notifications(open_app: Open) -> None:
    service = Service([event(1, EPOCH)])
    text = " ".join(HOSTILE)
    service.fail["connect"] = EndpointUnreachable(text, text, text)
    async with open_app(service) as ctui:
        assert "[/x] [red]red[/red]" in ctui.text()
        assert not unsafe(ctui.text())
        assert len(ctui.notices()) == 1
        del service.fail["connect"]
        failure = ServiceError(text, text, text, code=text, status=400, service_message=text)
        service.fail = {"describe_trails": failure, "lookup_events": failure}
        await ctui.press("r")
        assert not unsafe(ctui.text())
        assert not unsafe("".join(ctui.notices()))

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

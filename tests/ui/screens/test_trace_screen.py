"""The screen of a trace: it grows while AWS answers, never holds up a key, and ends with esc."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import SMALL, Driver
from support.fakes.service import Service
from support.session_records import START, assume, call, role, user
from support.session_records import service as service_identity

Open = Callable[..., AbstractAsyncContextManager[Driver]]

BOB = user("bob", "AKIABOB")
RELEASE = role("release", "bob", "ASIARELEASE", START)
SINCE = [call(START + 4000 + second, service_identity("cloudtrail"), "GenerateDataKey") for second in range(120)]
"""More than the first page, so that what is traced has to be looked up."""
CHAIN = [
    assume(START, BOB, RELEASE),
    call(START + 20, RELEASE, "DescribeStacks"),
    call(START + 30, RELEASE, "UpdateStack"),
]


async def open_trace(ctui: Driver) -> None:
    """Ask for the one event, and press its key; does not wait for what that leads to."""
    await ctui.press("slash")
    await ctui.write("name:DescribeStacks")
    await ctui.press("enter")


def tree(ctui: Driver) -> list[str]:
    return [line.strip("▌ ") for line in ctui.pane("trace") if line.strip("▌ ")]


async def test_it_stands_at_once_says_what_it_looks_for_and_takes_keys_meanwhile(open_app: Open) -> None:
    service = Service([*CHAIN, *SINCE])
    async with open_app(service, SMALL) as ctui:
        await open_trace(ctui)
        service.hold()
        await ctui.tap("a")
        await ctui.wait_until(lambda: "looking for" in ctui.title("trace"))
        assert tree(ctui) == ["bob as release · ASIARELEASE  ◂ traced"]
        assert ctui.title("trace").endswith("looking for the event that issued ASIARELEASE · 0 calls")
        await ctui.tap("j", "k", "G", "g")
        service.release()
        await ctui.settle()
        shown = "\n".join(tree(ctui))
        assert re.match(
            r"bob · long-term key · AKIABOB\n· no event.*\n└─ 20 Nov .* AssumeRole .*\nbob as", shown, re.DOTALL
        )
        assert shown.endswith("2 calls, 20 Nov 09:00:20 to 09:00:30\nwrote UpdateStack\nread DescribeStacks")
        # The cursor was moved: it stays on what it was on, which stands lower now.
        assert ctui.cursor("trace").startswith("bob as release")
        assert ctui.title("trace").endswith("done · 3 calls")


async def test_esc_ends_what_it_looks_for(open_app: Open) -> None:
    service = Service([*CHAIN, *SINCE])
    async with open_app(service) as ctui:
        await open_trace(ctui)
        before = service.lookups
        service.hold()
        await ctui.tap("a")
        await ctui.wait_until(lambda: service.lookups == before + 1)
        await ctui.tap("escape")
        service.release()
        await ctui.settle()
        assert not ctui.app.query("#trace")
        assert service.lookups == before + 1
        assert ctui.session.queue.state.queued == ctui.session.queue.state.in_flight == 0
        assert ctui.focus() == "events"
        # Nothing of it is left to surprise the next one.
        await ctui.press("a")
        assert ctui.title("trace").endswith("done · 3 calls")


async def test_what_was_recorded_is_drawn_and_never_acts(open_app: Open) -> None:
    evil = role("x[red]", "\x1b[2J[@click=app.quit]bob", "ASIAEVIL", START)
    history = [
        assume(START, user("\u202eeve", "AKIAEVE"), evil),
        call(START + 20, evil, "DescribeStacks", sourceIPAddress="\x1b]0;x\x07"),
    ]
    service = Service([*history, *SINCE])
    async with open_app(service, SMALL) as ctui:
        await open_trace(ctui)
        await ctui.press("a")
        shown = "\n".join(tree(ctui))
        assert "␛[2J[@click=app.quit]bob as x[red]" in shown
        assert "⟨U+202E⟩eve" in shown
        assert "\x1b" not in ctui.text()

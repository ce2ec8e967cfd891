"""Another source is opened over this one, with the same question, and `[` comes back to what was left."""

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta

import pytest
from support.driver import SMALL, WIDE, Driver, driving
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.service import Service, event
from support.sessions import temporary_store

from ctui.core.session import Session, SessionPhase
from ctui.model.lookup.lookup import Lookup
from ctui.ui.app import CtuiApp
from ctui.ui.boxes.source import Fields, SourceScreen
from ctui.ui.sources import Question

HOME = ("prod", "eu-west-1", "", "")


class Opener:
    """Opens sessions over a service, and remembers what was typed."""

    current = HOME

    def __init__(self, service: Service, clock: AutoClock) -> None:
        self.opened: list[tuple[Fields, Question]] = []
        self.sessions: list[Session] = []
        self._service = service
        self._clock = clock

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {"profile": ["dev", "dev-admin", "prod"], "region": ["eu-west-1", "us-east-1"]}

    def paths(self, typed: str) -> Sequence[str]:
        return [path for path in ("/data/logs/", "/data/lost\x1b[2J") if path.startswith(typed) and path != typed]

    def problem(self, fields: Fields) -> str | None:
        if fields[3] not in ("", "/data/logs/"):
            return f"{fields[3]!r} cannot be opened"
        return "no profile [of that name]" if fields[0] == "nobody" else None

    async def open(self, fields: Fields, question: Question) -> Session:
        self.opened.append((fields, question))
        session = Session(self._service, temporary_store, self._clock, lookup=Lookup(timespan=question.timespan))
        if question.text:
            session.explorer.type(question.text)
            session.explorer.ask()
        self.sessions.append(session)
        return session


def service(name: str) -> Service:
    times = (EPOCH - timedelta(minutes=40 + number) for number in range(6))
    return Service([event(number, time, name=f"{name}{number % 2}") for number, time in enumerate(times)])


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_source_is_opened_with_the_same_question_and_left_again(size: tuple[int, int]) -> None:
    clock = AutoClock()
    opener = Opener(service("Dev"), clock)
    session = Session(service("Prod"), temporary_store, clock)
    app = CtuiApp(session, zone=UTC, opener=opener)
    async with driving(app, session, size) as ctui:
        await ctui.settle()
        await ctui.press("j", "j")
        left, cursor = ctui.pane("events"), ctui.cursor()
        await opened(ctui)
        await ctui.press("tab", "tab", "tab", "tab")
        await ctui.write("nobody")
        await ctui.press("enter")
        assert "no profile [of that name]" in ctui.text()
        await ctui.press(*["backspace"] * 6)
        await ctui.write("de")
        # Down chooses, the first enter completes, the second opens.
        await ctui.press("down", "enter")
        await ctui.press("enter")
        await ctui.wait_until(lambda: bool(opener.sessions) and opener.sessions[0].state.phase is SessionPhase.READY)
        await opener.sessions[0].idle()
        await ctui.wait_until(lambda: "Dev1" in ctui.text())
        assert opener.opened == [(("dev", "eu-west-1", "", ""), Question("", session.explorer.state.timespan))]
        assert "Dev0" in ctui.text()
        assert "Prod" not in "".join(ctui.pane("events"))
        await ctui.press("left_square_bracket")
        await ctui.wait_until(lambda: opener.sessions[0].state.phase is SessionPhase.CLOSED)
        await ctui.settle()
        assert (ctui.pane("events"), ctui.cursor()) == (left, cursor)
        assert "prod" in ctui.screen()[0]
        await ctui.press("left_square_bracket")
        assert session.state.phase is SessionPhase.READY


async def opened(ctui: Driver) -> None:
    await ctui.press("ctrl+o")
    await ctui.wait_until(lambda: isinstance(ctui.app.screen, SourceScreen))


async def test_the_line_is_asked_there_too() -> None:
    clock = AutoClock()
    opener = Opener(service("Dev"), clock)
    session = Session(service("Prod"), temporary_store, clock)
    async with driving(CtuiApp(session, zone=UTC, opener=opener), session, WIDE) as ctui:
        await ctui.settle()
        session.explorer.type("name:Dev1")
        await opened(ctui)
        await ctui.press("enter")
        await ctui.wait_until(lambda: bool(opener.sessions) and opener.sessions[0].state.phase is SessionPhase.READY)
        await opener.sessions[0].idle()
        await ctui.wait_until(lambda: "Dev1" in ctui.text())
        assert [text for _, (text, _) in opener.opened] == ["name:Dev1"]
        assert "Dev1" in ctui.text()
        assert "Dev0" not in ctui.text()
        await opener.sessions[0].close()


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_log_files_are_completed_and_opened(size: tuple[int, int]) -> None:
    clock = AutoClock()
    opener = Opener(service("Dev"), clock)
    session = Session(service("Prod"), temporary_store, clock)
    async with driving(CtuiApp(session, zone=UTC, opener=opener), session, size) as ctui:
        await ctui.settle()
        await opened(ctui)
        await ctui.press("shift+tab")
        await ctui.write("/data/lo")
        await ctui.wait_until(lambda: "/data/lost" in ctui.text())
        assert "\x1b" not in ctui.text()
        await ctui.press("enter")
        await ctui.wait_until(lambda: "'/data/lo' cannot be opened" in ctui.text())
        await ctui.press("down", "enter")
        await ctui.press("enter")
        await ctui.wait_until(lambda: bool(opener.sessions) and opener.sessions[0].state.phase is SessionPhase.READY)
        assert [fields for fields, _ in opener.opened] == [("prod", "eu-west-1", "", "/data/logs/")]
        await opener.sessions[0].close()


async def test_without_an_opener_there_is_one_source() -> None:
    clock = AutoClock()
    session = Session(service("Prod"), temporary_store, clock)
    async with driving(CtuiApp(session, zone=UTC), session, WIDE) as ctui:
        await ctui.settle()
        await ctui.press("ctrl+o")
        await ctui.settle()
        assert any("this ctui shows one source" in notice for notice in ctui.notices())

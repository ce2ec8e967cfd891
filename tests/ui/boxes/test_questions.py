"""Q: questions by name, found by typing; one with blanks is written into the line, with the cursor where it is open."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

from ctui.model.filter.matching.word_list import WordList
from ctui.model.filter.questions import QUESTIONS

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_question_shows_its_line_and_asks_it(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(events(30, EPOCH)), size) as ctui:
        await ctui.press("Q")
        shown = ctui.text()
        assert QUESTIONS[0].title in shown
        assert QUESTIONS[0].line in shown
        await ctui.write("mfa login")
        assert "is:login -is:mfa" in ctui.text()
        assert QUESTIONS[0].title not in ctui.text()
        await ctui.press("enter")
        assert ctui.typed() == "is:login -is:mfa"
        assert ctui.session.explorer.state.asked
        await ctui.press("left_square_bracket")
        assert ctui.typed() == ""


async def test_blanks_are_filled_in_the_line_and_nothing_is_asked_before(open_app: Open) -> None:
    service = Service(events(30, EPOCH))
    async with open_app(service, SMALL) as ctui:
        before = service.lookups
        await ctui.press("Q")
        await ctui.write("who deleted it")
        await ctui.press("enter")
        assert ctui.typed() == "about: is:delete"
        await ctui.write("user-3")
        assert ctui.typed() == "about:user-3 is:delete"
        assert service.lookups == before
        await ctui.press("escape", "Q", "down", "up", "pagedown", "escape")
        assert ctui.typed() == "about:user-3 is:delete"


async def test_tab_writes_the_line_of_any_question_and_none_is_no_question(open_app: Open) -> None:
    service = Service(events(5, EPOCH))
    async with open_app(service, SMALL) as ctui:
        before = service.lookups
        await ctui.press("Q", "tab")
        assert ctui.typed() == QUESTIONS[0].line
        assert service.lookups == before
        await ctui.press("escape", "Q")
        await ctui.write("no such question")
        await ctui.press("enter", "tab")
        assert "no such question" in ctui.text()


async def test_the_palette_asks_questions_too(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), WIDE) as ctui:
        await ctui.press("ctrl+p")
        await ctui.write("what did root do")
        await ctui.press("enter")
        assert ctui.typed() == "is:root"


async def test_a_file_of_indicators_is_an_error_until_it_is_there(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH)), SMALL) as ctui:
        lists = {"iocs.txt": WordList(["user-3", "user-7"])}

        def read(name: str) -> WordList:
            if name not in lists:
                raise ValueError("there is no such file")
            return lists[name]

        explorer = ctui.session.explorer
        explorer._read_words = read
        explorer._typed = type(explorer._typed).of_lookup(explorer.query.lookup, read)
        await ctui.press("slash")
        await ctui.write("any:@other")
        assert "other: there is no such file" in ctui.text()
        await ctui.press("ctrl+l")
        await ctui.write("any:@iocs.txt")
        assert "no such file" not in ctui.text()
        await ctui.press("escape")
        rows = [line for line in ctui.pane("events") if "user-" in line]
        assert ["user-3" in rows[0], "user-7" in rows[1], len(rows)] == [True, True, 2]

"""Going back and forward: a question that was left returns with its line, range, rows and cursor, and costs no call."""

import pytest
from support.driver import SMALL, WIDE, Driver

from ctui.emulator.testing import CloudTrail

from .conftest import Open
from .test_story_ask import lookups, rows, type_in

BOTH = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])


async def ask(ctui: Driver, text: str) -> None:
    """Open the line, and ask for this instead."""
    await type_in(ctui, "")
    await ctui.press("ctrl+l")
    await ctui.write(text)
    await ctui.press("enter")


def view(ctui: Driver) -> tuple[str, str, list[str]]:
    """What a person sees of a question: its line, the title of the events, and the rows on the screen."""
    return ctui.typed(), ctui.title("events"), ctui.pane("events")


@BOTH
async def test_esc_goes_back_through_the_questions_and_then_clears_the_line(
    week: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(week, size=size) as ctui:
        await ctui.press("w", *"jjjj", "ctrl+d", "k")
        first = view(ctui)
        await ask(ctui, "name:StopLogging")
        await ctui.press("j")
        stops = view(ctui)
        await ctui.press("t", "home", *["down"] * 5, "enter")
        assert ctui.title("events") != stops[1]
        await ctui.press("enter")
        assert ctui.seen("detail")
        before = lookups(week)
        await ctui.press("escape")
        assert not ctui.seen("detail")
        await ctui.press("escape")
        assert view(ctui) == stops
        await ctui.press("escape")
        # w was typed, not asked: the question before StopLogging had no line.
        assert ctui.typed() == ""
        await ctui.press("escape")
        assert ctui.notices()[-1] == "esc: nothing is left to step back from"
        assert lookups(week) == before
        await ctui.press("w")
        assert ctui.typed() == first[0]
        await ctui.press("escape")
        assert ctui.typed() == ""


@BOTH
async def test_brackets_go_back_and_forward_to_the_same_rows_and_cursor(
    week: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(week, size=size) as ctui:
        await ctui.press(*"jjj", "ctrl+d", "ctrl+d", "k", "k")
        everything = view(ctui)
        await ask(ctui, "source:iam")
        await ctui.press("j", "j")
        iam = view(ctui)
        await ctui.press("slash")
        await ctui.write(" is:err")
        await ctui.press("escape")
        typed = view(ctui)
        before = lookups(week)
        await ctui.press("left_square_bracket")
        assert view(ctui) == everything
        await ctui.press("left_square_bracket")
        assert ctui.notices()[-1] == "[: this is the first view"
        await ctui.press("right_square_bracket")
        assert view(ctui) == typed, "what was typed is not lost"
        await ctui.press("slash", "ctrl+l")
        await ctui.write("source:iam")
        await ctui.press("escape")
        assert ctui.typed() == iam[0]
        await ctui.press("right_square_bracket")
        assert ctui.notices()[-1] == "]: this is the latest view"
        assert lookups(week) == before


@BOTH
async def test_the_form_and_a_suggestion_are_questions_to_go_back_from(
    week: CloudTrail, open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(week, size=size) as ctui:
        await ask(ctui, "name:describeinstances")
        await ctui.press("5")
        assert ctui.typed() == "name:DescribeInstances"
        assert rows(ctui)
        await ctui.press("f", "enter")
        await ctui.press("escape")
        assert ctui.typed() == "name:describeinstances"
        await ctui.press("right_square_bracket")
        assert ctui.typed() == "name:DescribeInstances"
        assert rows(ctui)


async def test_what_esc_cleared_comes_back_with_up(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "user:zoe")
        await ctui.press("escape", "escape")
        assert ctui.typed() == ""
        await ctui.press("slash", "up")
        assert ctui.typed() == "user:zoe"


async def test_brackets_do_the_same_from_the_palette_and_in_one_piece(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, size=SMALL) as ctui:
        await ask(ctui, "source:iam")
        await ask(ctui, "source:sts")
        await ctui.pilot.press("left_square_bracket", "left_square_bracket", "right_square_bracket")
        await ctui.settle()
        assert ctui.typed() == "source:iam"
        await ctui.press("ctrl+p")
        await ctui.write("previous view")
        await ctui.press("enter")
        assert ctui.typed() == ""

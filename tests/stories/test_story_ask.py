"""Stories of asking: the filter line, what it costs, its completion, the form, and answers without rows."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, Driver

from ctui.emulator.testing import CloudTrail
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

Open = Callable[..., AbstractAsyncContextManager[Driver]]
TIME = re.compile(r"\d\d:\d\d:\d\d")
SETTLED = Lookup(timespan=parse_timespan("2026-11-19T00:00Z..2026-11-20T14:00Z"))


def rows(ctui: Driver) -> list[str]:
    """The event lines of the pane."""
    return [line for line in ctui.pane("events") if TIME.search(line)]


def lookups(service: CloudTrail) -> int:
    """LookupEvents calls the service has seen."""
    return service.calls["LookupEvents"]


async def type_in(ctui: Driver, text: str) -> None:
    """Open the line and type, key by key."""
    await ctui.press("slash")
    await ctui.write(text)


async def test_typing_filters_what_is_here_and_never_causes_a_call(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        before = lookups(week)
        await type_in(ctui, "name:Describe*")
        assert rows(ctui)
        assert all("Describe" in line for line in rows(ctui))
        assert re.search(r"1 of \d+ in >50$", ctui.title("events"))
        assert "filtered here: name" in ctui.line("feed-line")
        await ctui.write(" -source:ec2 error:* ip:10.* /x+/ word")
        assert not rows(ctui)
        assert lookups(week) == before
        ctui.shot("filter-nothing")


async def test_enter_asks_the_service_and_the_line_stays_in_sight(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "name:StopLogging error:*")
        await ctui.press("enter")
        assert ctui.focus() == "events"
        assert "name:StopLogging error:*" in ctui.text()
        assert rows(ctui)
        assert all("StopLogging" in line and "AccessDenied" in line for line in rows(ctui))
        assert ctui.line("feed-line").startswith("API: EventName=StopLogging · filtered here: error · ")
        assert ctui.line("feed-line").endswith("complete")
        ctui.shot("filter")
        await ctui.press("enter")
        assert "StopLogging" in ctui.title("detail")


async def test_the_same_question_with_a_settled_end_is_answered_from_what_is_here(
    week: CloudTrail, open_app: Open
) -> None:
    async with open_app(week, lookup=SETTLED) as ctui:
        await type_in(ctui, "source:iam")
        await ctui.press("enter")
        first = rows(ctui)
        assert first
        await type_in(ctui, "")
        await ctui.press("ctrl+l")
        await ctui.write("source:sts")
        await ctui.press("enter")
        before = lookups(week)
        await type_in(ctui, "")
        await ctui.press("ctrl+l")
        await ctui.write("source:iam")
        await ctui.press("enter")
        assert rows(ctui) == first
        assert lookups(week) == before


async def test_what_is_wrong_is_said_below_the_character(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        shown = rows(ctui)
        await type_in(ctui, 'user:x "abc')
        line = next(n for n, text in enumerate(ctui.screen()) if 'user:x "abc' in text)
        column = ctui.screen()[line].index('"abc')
        assert ctui.screen()[line + 1][column] == "^"
        assert "the quote is not closed" in ctui.screen()[line + 1]
        await ctui.press("enter")
        assert ctui.notices()[-1].endswith("incomplete filter")
        await ctui.press("ctrl+l")
        assert rows(ctui)[:5] == shown[:5]
        await ctui.write("name:/(/")
        await ctui.press("ctrl+l")
        await ctui.write("/(/")
        assert "invalid regular expression" in ctui.text()


async def test_esc_leaves_the_line_with_its_text_and_then_does_what_it_does(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "user:zoe")
        await ctui.press("escape")
        assert ctui.focus() == "events"
        assert "user:zoe" in ctui.text()
        await ctui.press("slash")
        await ctui.write("x")
        assert "user:zoex" in ctui.text()
        await ctui.press("ctrl+l", "escape")
        assert "user:zoe" not in ctui.text()
        assert not ctui.seen_line()


async def test_tab_completes_fields_and_values_most_frequent_first(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "so")
        await ctui.press("tab")
        assert ctui.typed() == "source:"
        offered = ctui.hint()
        counts = [int(n.replace(",", "")) for n in re.findall(r" ([\d,]+)(?:  |$)", offered)]
        assert len(counts) > 3
        assert counts == sorted(counts, reverse=True)
        await ctui.write("e")
        await ctui.press("tab")
        chosen = ctui.typed()
        assert chosen.startswith("source:e")
        assert "." not in chosen
        assert rows(ctui)
        await ctui.press("tab")
        assert ctui.typed() != chosen
        assert ctui.typed().startswith("source:")


async def test_up_brings_back_what_was_asked_before(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "name:CreateUser")
        await ctui.press("enter", "slash", "ctrl+l")
        await ctui.write("name:StopLogging")
        await ctui.press("enter", "slash", "ctrl+l", "up", "up")
        assert ctui.typed() == "name:CreateUser"
        await ctui.press("down")
        assert ctui.typed() == "name:StopLogging"


async def test_w_and_x_are_terms_of_the_line(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "name:StopLogging")
        await ctui.press("enter")
        before = lookups(week)
        await ctui.press("w")
        assert ctui.typed() == "name:StopLogging is:write"
        await ctui.press("x")
        assert ctui.typed() == "name:StopLogging is:write is:error"
        assert rows(ctui)
        assert all(line.lstrip("▌ ").startswith("✗") for line in rows(ctui))
        await ctui.press("w", "x")
        assert ctui.typed() == "name:StopLogging"
        assert lookups(week) == before


async def test_the_form_asks_the_same_question(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "-source:ec2 name:StopLogging")
        await ctui.press("escape", "f")
        assert "StopLogging" in ctui.text()
        assert "-source:ec2" in ctui.text()
        ctui.shot("question")
        await ctui.press("tab")
        await ctui.write("soon")
        assert "… 'soon' is not a time" in ctui.text()
        await ctui.press("enter")
        assert "✗ 'soon' is not a time" in ctui.text()
        await ctui.press(*["backspace"] * 4)
        await ctui.write("7d")
        await ctui.press("enter")
        assert ctui.typed() == "-source:ec2.amazonaws.com name:StopLogging"
        assert "last 7 days" in ctui.title("events")
        assert rows(ctui)


async def test_the_range_has_one_home(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "since:1h name:Describe*")
        await ctui.press("enter")
        assert "last hour" in ctui.title("events")
        await ctui.press("t", "down", "enter")
        assert "last 3 hours" in ctui.title("events")
        assert ctui.typed() == "name:Describe*"


async def test_an_answer_without_rows_says_why_and_offers_what_helps(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "source:sts name:describeinstances")
        await ctui.press("enter")
        shown = "\n".join(ctui.pane("events"))
        assert re.search(r"No match in the \d+ events loaded", shown)
        assert "DescribeInstances was seen, describeinstances was not" in shown
        ctui.shot("nothing-found")
        await ctui.press("slash", "ctrl+l")
        await ctui.write("name:describeinstances")
        await ctui.press("enter")
        assert "5 use name:DescribeInstances" in "\n".join(ctui.pane("events"))
        await ctui.press("5")
        assert ctui.typed() == "name:DescribeInstances"
        assert rows(ctui)


async def test_how_many_rows_each_term_leaves_out(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "name:StopLogging ip:10.* -error:*")
        await ctui.press("enter")
        shown = "\n".join(ctui.pane("events"))
        assert re.search(r"ip:10\.\* hides all \d", shown)
        key = re.search(r"(\d) remove ip:10", shown)
        assert key is not None
        await ctui.press(key[1])
        assert "ip:10" not in ctui.typed()
        await ctui.press("9")
        assert ctui.notices()[-1] == "9: no suggestion on this key"


async def test_a_data_event_is_told_to_be_none_of_event_history(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, "name:GetObject")
        await ctui.press("enter")
        assert "GetObject of s3.amazonaws.com is a data event" in "\n".join(ctui.pane("events"))


@pytest.mark.parametrize(
    ("line", "why", "offer"),
    [
        ("since:5m name:DeleteBucket", "some of this range may be missing", "search the last hour"),
        ("until:200d", "how far back this endpoint goes is unknown", "search all history"),
    ],
)
async def test_a_range_that_holds_nothing_yet_or_any_more(
    week: CloudTrail, open_app: Open, line: str, why: str, offer: str
) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, line)
        await ctui.press("enter")
        shown = "\n".join(ctui.pane("events"))
        assert why in shown
        assert f"5 {offer}" in shown
        await ctui.press("5")
        assert why not in "\n".join(ctui.pane("events"))


async def test_values_that_attackers_chose_are_offered_without_their_escapes(week: CloudTrail, open_app: Open) -> None:
    # The made-up week has such a bucket at 04:05.
    span = parse_timespan("2026-11-19T04:00Z..2026-11-19T04:10Z")
    async with open_app(week, lookup=Lookup(timespan=span)) as ctui:
        await type_in(ctui, "resource:mala")
        assert "␛[31" in ctui.hint()
        await ctui.press("tab")
        assert ctui.typed().isprintable()
        assert "*" in ctui.typed()
        assert rows(ctui)
        assert "\x1b" not in ctui.text()


@pytest.mark.parametrize("text", ["[/x]", "[@click=app.quit]x[/]", "$x[bold]"])
async def test_what_is_typed_is_never_markup(week: CloudTrail, open_app: Open, text: str) -> None:
    async with open_app(week) as ctui:
        await type_in(ctui, f'"{text}"')
        assert f'"{text}"' in ctui.typed()
        assert text in "\n".join(ctui.pane("events"))


async def test_it_all_fits_a_small_terminal(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, size=SMALL) as ctui:
        await type_in(ctui, "name:Describe*")
        assert len(rows(ctui)) >= 12
        await ctui.press("enter")
        assert len(rows(ctui)) >= 12
        await ctui.press("enter")
        assert ctui.seen("detail")
        ctui.shot("filter-80")
        await ctui.press("escape", "f")
        assert "To" in ctui.text()
        assert "enter search" in ctui.text()


async def test_the_line_keeps_what_is_typed_while_pages_arrive(week: CloudTrail, open_app: Open) -> None:
    async with open_app(week, lookup=Lookup(timespan=parse_timespan("3d"))) as ctui:
        await ctui.tap("M")
        await ctui.tap("slash", *"bob")
        await ctui.settle()
        assert ctui.typed() == "bob"

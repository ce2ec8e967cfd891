"""The filter line over a service that refuses, and that makes one wait."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events
from textual.events import Paste

from ctui.errors import AccessDenied
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan
from ctui.render.text.spans import cells

USER_3 = LookupAttribute(AttributeKey.USERNAME, "user-3")

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def shown(ctui: Driver) -> str:
    """What stands in the pane."""
    return "\n".join(ctui.pane("events"))


async def test_a_refusal_is_told_where_rows_would_be_and_asking_again_asks_again(open_app: Open) -> None:
    service = Service(events(120, EPOCH))
    async with open_app(service) as ctui:
        service.fail["lookup_events"] = AccessDenied(
            "Access denied",
            "You may not look up events.",
            "Ask for the right.",
            code="AccessDeniedException",
            status=400,
        )
        await ctui.press("slash")
        await ctui.write("source:iam")
        await ctui.press("enter")
        assert "Access denied" in shown(ctui)
        assert "You may not look up events." in shown(ctui)
        assert ctui.title("events").endswith("── failed")
        assert ctui.line("feed-line").startswith("API: EventSource=iam · Access denied, r retry")
        del service.fail["lookup_events"]
        before = service.lookups
        await ctui.press("slash", "enter")
        assert service.lookups > before
        assert "Access denied" not in shown(ctui)


async def test_while_the_service_is_asked_the_pane_says_so_and_esc_stops_it(open_app: Open) -> None:
    service = Service(events(400, EPOCH))
    async with open_app(service) as ctui:
        service.hold()
        await ctui.tap("x", "slash")
        await ctui.wait_until(lambda: "No match in the" in shown(ctui))
        await ctui.tap("enter")
        await ctui.wait_until(lambda: "searching · esc stop" in shown(ctui))
        assert "5 " not in shown(ctui)
        await ctui.tap("escape")
        service.release()
        await ctui.settle()
        assert " events loaded" in shown(ctui)
        assert "5 search the rest" in shown(ctui)
        assert "6 remove is:error" in shown(ctui)
        before = service.lookups
        await ctui.press("5")
        assert service.lookups > before
        assert "is:error hides all 400" in shown(ctui)
        await ctui.press("5")
        assert ctui.typed() == ""
        assert ctui.title("events").endswith("1 of 400")


async def test_what_nobody_has_asked_is_not_told_as_asked_and_empty(open_app: Open) -> None:
    """Ctrl+l after a question that was asked alone: nothing wider is known, and nothing has been asked."""
    service = Service(events(45, EPOCH))
    service.fail["lookup_events"] = AccessDenied("Denied", "No.", code="AccessDeniedException", status=400)
    async with open_app(service) as ctui:
        service.fail.clear()
        ctui.session.explorer.ask_lookup(Lookup(parse_timespan("7d"), USER_3))
        await ctui.settle()
        before = service.lookups
        await ctui.press("slash", "ctrl+l")
        assert "nothing loaded yet" in shown(ctui)
        assert "enter search" in shown(ctui)
        assert "there are more" not in shown(ctui)
        assert ctui.line("feed-line") == "last 7 days · not loaded"
        assert ctui.title("events").endswith("── not loaded")
        await ctui.press("escape")
        assert "5 search" in shown(ctui)
        assert service.lookups == before
        await ctui.press("5")
        assert service.lookups > before
        assert ctui.title("events").endswith("1 of 45")


async def test_nothing_is_counted_before_anything_has_come(open_app: Open) -> None:
    service = Service(events(45, EPOCH))
    service.hold()
    async with open_app(service, settle=False) as ctui:
        await ctui.wait_until(lambda: service.lookups == 1)
        await ctui.tap("x")
        assert ctui.title("events").endswith("── loading …")
        service.release()
        await ctui.settle()
        assert ctui.title("events").endswith("0 in 45")


async def test_header_and_line_below_tell_one_time_and_none_when_nothing_is_loading(open_app: Open) -> None:
    service = Service(events(1_000, EPOCH))
    async with open_app(service) as ctui:
        ctui.session.explorer.ask_lookup(Lookup(parse_timespan("7d")))
        await ctui.settle()
        await ctui.press("m", "m")
        service.hold()
        await ctui.tap("M")
        told = re.search(r"(about \d+|\d+ to \d+) s", ctui.line("header"))
        assert told is not None
        assert told[0] in ctui.line("feed-line")
        service.release()
        await ctui.settle()
        assert told[0] not in ctui.line("header")
        assert ctui.line("feed-line").endswith("complete")


async def test_a_wrong_field_of_the_form_is_red_once_it_is_left(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("f")
        assert "← → choose" in ctui.text()
        await ctui.press("left", "tab")
        assert "ReadOnly ›  8 of 8  ← → choose" in ctui.text()
        await ctui.write("maybe")
        assert "… Use true or false" in ctui.text()
        await ctui.press("tab")
        assert "✗ Use true or false" in ctui.text()
        await ctui.write("2h..1h")
        assert "… One time only: write 2h in From and 1h in To" in ctui.text()
        await ctui.press("shift+tab", "x")
        assert "… Use true or false" in ctui.text()
        assert "✗ One time only" in ctui.text()


async def test_each_field_of_the_form_is_judged_by_itself(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("f", "tab")
        await ctui.write("tomorrow")
        await ctui.press("tab")
        await ctui.write("3x")
        assert ctui.text().count("✗ ") == 1
        assert ctui.text().count("… ") == 1
        await ctui.press("tab")
        assert ctui.text().count("✗ ") == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("error:*  USER=alice", "also filtered here: error:*"),
        ("user:a,b ip:10.0.0.0/8", "The form cannot show all of the line; this stays as it is: user:a,b"),
        ("(user:a OR error:*) since:2h", "also filtered here: user:a OR error:*"),
        ("yesterday", "enter search"),
    ],
)
async def test_a_form_that_is_not_changed_leaves_the_line_as_it_was_typed(open_app: Open, line: str, says: str) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write(line)
        await ctui.press("enter", "f")
        assert says in " ".join(ctui.text().replace("│", " ").split())
        views = ctui.session.explorer.state.behind
        await ctui.press("enter")
        assert ctui.typed() == line
        assert ctui.session.explorer.state.behind == views


async def test_the_keys_for_writes_and_errors_leave_the_order_of_the_line(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write("since:2h user:alice until:1h")
        await ctui.press("escape", "w", "x")
        assert ctui.typed() == "since:2h user:alice until:1h is:write is:error"
        await ctui.press("w", "x")
        assert ctui.typed() == "since:2h user:alice until:1h"


async def test_the_cursor_stays_on_an_event_that_passes(open_app: Open) -> None:
    history = [event(n, each.time, user="alice" if n % 3 else "bob") for n, each in enumerate(events(45, EPOCH))]
    async with open_app(Service(history)) as ctui:
        await ctui.press(*["j"] * 6)
        before = ctui.cursor()
        assert "bob" in before
        await ctui.press("slash")
        await ctui.write("user:bob")
        assert ctui.cursor() == before
        assert ctui.title("events").endswith("3 of 15 in 45")
        await ctui.press("ctrl+l", "escape")
        assert ctui.cursor() == before


async def test_nothing_can_be_copied_that_is_not_in_sight(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("j", "x", "c")
        assert ctui.notices()[-1] == "c: no event matches the filter"
        assert ctui.copied == []
        await ctui.press("enter")
        assert not ctui.seen("detail")


async def test_a_line_that_cannot_be_read_is_explained_and_nothing_is_offered(open_app: Open) -> None:
    async with open_app(Service(events(400, EPOCH))) as ctui:
        await ctui.press("slash", "n", "m", "a", "e", "colon", "x")
        assert "incomplete filter" in ctui.title("events")
        assert "user-0" in shown(ctui), "while it is typed, rows stay"
        assert "enter" not in ctui.line("keys")
        assert "ctrl+l clear" in ctui.line("keys")
        await ctui.press("escape")
        text = " ".join(shown(ctui).split())
        assert "Incomplete filter: there is no field 'nmae'" in text
        assert "Still filtered by nmae, no match" in text
        for offered in ("event", "enter", "use ", "remove "):
            assert offered not in text
        assert "incomplete filter" in ctui.title("events")
        await ctui.press("5")
        assert ctui.typed() == "nmae:x"
        assert ctui.notices()[-1] == "5: no suggestion on this key"
        await ctui.press("slash", "backspace", "backspace")
        assert "cannot be read" not in ctui.title("events")
        assert ctui.line("keys").startswith("enter search")


async def test_rows_of_the_line_before_say_so_at_any_width(open_app: Open) -> None:
    for size in ((80, 24), (160, 48)):
        async with open_app(Service(events(45, EPOCH)), size) as ctui:
            await ctui.press("slash")
            await ctui.write("is:read")
            await ctui.press("space", "minus")
            assert ctui.title("events").endswith("1 of 45 in 45")
            assert "── incomplete filter" in ctui.title("events")


LONG = "name:ConsoleLogin,CreateUser,DeleteUser,AttachUserPolicy user:alice,bob -source:ec2 error:* "


def below(ctui: Driver) -> list[str]:
    """The filter line and what stands between it and the pane."""
    lines = ctui.screen()
    first = next(n for n, line in enumerate(lines) if line.startswith(" / "))
    return [line.rstrip() for line in lines[first : next(n for n, line in enumerate(lines) if "3 Events" in line)]]


@pytest.mark.parametrize("text", [f"{LONG}nmae:x ip:10.*", "user:日本語テスト nmae:x", "nmae:x", f"日本{LONG}nmae:x"])
async def test_the_mark_stands_below_the_character_or_its_number_is_told(open_app: Open, text: str) -> None:
    async with open_app(Service(events(45, EPOCH)), SMALL) as ctui:
        await ctui.press("slash")
        ctui.app.post_message(Paste(text))
        await ctui.settle()
        for key in ("end", "home", "end", "left"):
            await ctui.press(key)
            line, *hints = below(ctui)
            hint = "\n".join(hints)
            assert "there is no field 'nmae' (did you mean name?)" in hint
            if "nmae" in line:
                # The mark's line has no wide character before the mark.
                mark = next(each for each in hints if "^" in each)
                assert cells(line[: line.index("nmae")]) == mark.index("^")
            else:
                assert f"character {text.index('nmae') + 1}: " in hint


async def test_lines_that_are_pasted_become_one(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash", "x", "left")
        ctui.app.post_message(Paste("name:ConsoleLogin\r\n\n  user:alice\n"))
        await ctui.settle()
        assert ctui.typed() == "name:ConsoleLogin user:alicex"


async def test_a_key_of_the_footer_asks_while_the_line_is_typed_in(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        assert "/ filter" in ctui.line("keys")
        await ctui.press("slash")
        assert ctui.line("keys").startswith("enter search")
        assert "tab complete   ↑ history   ctrl+l clear" in ctui.line("keys")
        await ctui.press("escape")
        assert "/ filter" in ctui.line("keys")


async def test_what_is_not_finished_is_said_quietly_until_enter(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        assert ctui.hint().startswith("fields name: user:")
        assert ctui.hint().endswith("13:30..14:00")
        await ctui.write("user:user-3 ")
        before = ctui.session.explorer.state.shown
        await ctui.write("OR ")
        assert ctui.hint() == "^ … a term is missing after OR"
        assert ctui.session.explorer.state.shown == before < 45
        await ctui.press("enter")
        assert ctui.hint().startswith("^ a term is missing after OR")
        assert ctui.notices() == ["enter: incomplete filter"]
        await ctui.write("(us")
        assert ctui.hint().startswith("tab  user:")
        await ctui.press("tab")
        assert ctui.typed() == "user:user-3 OR (user:"
        await ctui.write("user-4")
        await ctui.press("tab")
        assert ctui.typed().startswith("user:user-3 OR (user:user-4")
        await ctui.write(")")
        assert ctui.session.explorer.error is None
        assert ctui.session.explorer.state.shown > before


async def test_an_error_that_typing_cannot_put_right_is_told_at_once(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write("nme:x (user:")
        assert ctui.hint().startswith("^ there is no field 'nme'")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("13:30..14:0", "'14:0' is not a time"),
        ("eventVersion>=1.", "'1.' is neither a number nor a time"),
        ("since:13:3", "'13:3' is not a time"),
        ("ip:10.0.0.0/", "/ is no size of a network"),
    ],
)
async def test_a_value_that_is_being_typed_is_only_wrong_once_the_cursor_is_behind_it(
    open_app: Open, typed: str, why: str
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write(typed)
        assert f"… {why}" in ctui.text()
        await ctui.write(" ")
        assert f"… {why}" not in ctui.text()
        assert why in ctui.text()


async def test_a_field_of_which_nothing_was_seen_has_an_example(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        await ctui.write("(role:")
        assert ctui.hint() == "… role that acted, such as Admin"
        await ctui.write("x")
        assert "… the parenthesis is not closed" in ctui.hint()

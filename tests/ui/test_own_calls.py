"""Own calls on the screen: hidden and counted, shown and hidden again with o, never at the cost of anything else."""

from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import ACCOUNT
from support.fakes.service import Service, event

from ctui.errors import AccessDenied
from ctui.model.event.event import Event

from .conftest import Open

OURS = f"arn:aws:iam::{ACCOUNT}:user/alice"
"""Who the service in memory says we are."""
AGENT = "Boto3/1.43.117 md/Botocore#1.43.117 ctui/0.3.0"


def own(number: int, *, arn: str = OURS, agent: str = AGENT, name: str = "LookupEvents") -> Event:
    return event(
        number,
        EPOCH - number * timedelta(minutes=1),
        name=name,
        source="cloudtrail.amazonaws.com",
        user=arn.rpartition("/")[2],
        record={"userIdentity": {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT}, "userAgent": agent},
    )


def others(*numbers: int) -> list[Event]:
    return [event(number, EPOCH - number * timedelta(minutes=1), user=f"user-{number}") for number in numbers]


def newest_first(*events: Event) -> Service:
    return Service(sorted(events, key=lambda one: one.time, reverse=True))


MALLORY = OURS.replace("alice", "mallory")
HISTORY = (
    *(own(number) for number in (0, 2, 4, 5)),
    *others(1, 3, 6, 7),
    # An attacker who sets our agent, one who deletes a trail with it under our name, and we with another program.
    own(8, arn=MALLORY),
    own(9, name="DeleteTrail"),
    own(10, agent="aws-cli/2.31.0"),
)


@pytest.mark.parametrize(
    ("size", "note"),
    [(WIDE, "4 own calls hidden · o"), (SMALL, "4 own calls hidden · o"), ((60, 24), "4 own hidden · o")],
)
async def test_own_calls_are_hidden_and_counted(open_app: Open, size: tuple[int, int], note: str) -> None:
    async with open_app(newest_first(*HISTORY), size=size) as ctui:
        assert ctui.title("events").endswith(f"1 of 11 · {note}")
        text = "\n".join(ctui.pane("events"))
        assert text.count("LookupEvents") == 2
        assert "mallory" in text
        assert "DeleteTrail" in text


async def test_o_shows_them_and_hides_them_again(open_app: Open) -> None:
    service = newest_first(*HISTORY)
    async with open_app(service) as ctui:
        calls = service.lookups
        await ctui.press("j", "o")
        assert "\n".join(ctui.pane("events")).count("LookupEvents") == 6
        assert ctui.title("events").endswith("of 11 · own calls shown · o")
        assert "user-3" in ctui.cursor(), "the cursor stays on its event"
        await ctui.press("o")
        assert ctui.title("events").endswith("2 of 11 · 4 own calls hidden · o")
        assert "user-3" in ctui.cursor()
        assert service.lookups == calls


async def test_a_line_hides_and_counts_those_that_match_it(open_app: Open) -> None:
    async with open_app(newest_first(*HISTORY)) as ctui:
        await ctui.press("slash")
        await ctui.write("source:cloudtrail")
        assert ctui.title("events").endswith("3 in 11 · 4 own calls hidden · o")
        await ctui.press("escape", "ctrl+l", "slash")
        await ctui.write("user:user-3")
        assert ctui.title("events").endswith("1 of 1 in 11")
        await ctui.press("escape", "ctrl+l", "slash")
        await ctui.write("is:own")
        assert "\n".join(ctui.pane("events")).count("LookupEvents") == 5
        await ctui.press("escape", "o")
        assert "the filter names own calls itself" in ctui.notices()[-1]


@pytest.mark.parametrize(
    ("typed", "hidden", "shown"),
    [
        # Of the index alone, of records, and with another term in the line.
        ("name:Look", "LookupEvents 2", "LookupEvents 6"),
        ("userAgent:Bot", "Botocore#1.43… 2", "Botocore#1.43… 6"),
        ("source:cloudtrail name:Look", "LookupEvents 2", "LookupEvents 6"),
    ],
)
async def test_a_completion_counts_no_own_call_that_is_hidden(
    open_app: Open, typed: str, hidden: str, shown: str
) -> None:
    async with open_app(newest_first(*HISTORY)) as ctui:
        await ctui.press("slash")
        await ctui.write(typed)
        assert hidden in ctui.hint()
        await ctui.press("escape", "o", "ctrl+l", "slash")
        await ctui.write(typed)
        assert shown in ctui.hint()


async def test_a_list_of_own_calls_alone_says_so(open_app: Open) -> None:
    async with open_app(newest_first(own(0), own(1))) as ctui:
        text = "\n".join(ctui.pane("events"))
        assert "2 that match are reads of ctui itself, hidden · o shows own calls" in text
        await ctui.press("o")
        assert "\n".join(ctui.pane("events")).count("LookupEvents") == 2


async def test_scanned_events_are_counted_with_own_calls(open_app: Open) -> None:
    async with open_app(newest_first(*HISTORY)) as ctui:
        assert "11 scanned" in ctui.line("feed-line")
        assert ctui.session.explorer.state.query.scanned == 11


async def test_nothing_is_hidden_while_it_is_not_known_who_we_are(open_app: Open) -> None:
    service = newest_first(*HISTORY)
    service.identity = AccessDenied("No", "not allowed", "ask", code="AccessDenied", status=400)
    async with open_app(service) as ctui:
        assert "\n".join(ctui.pane("events")).count("LookupEvents") == 6
        await ctui.press("o")
        assert "has not said who you are" in ctui.notices()[-1]


async def test_rows_do_not_blink_while_pages_arrive(open_app: Open) -> None:
    pages = [own(number) if number % 2 else others(number)[0] for number in range(300)]
    async with open_app(newest_first(*pages)) as ctui:
        await ctui.press("M")
        assert ctui.title("events").endswith("1 of 300 · 150 own calls hidden · o")
        await ctui.press("G")
        assert "user-298" in ctui.cursor()
        assert ctui.title("events").endswith("150 of 300 · 150 own calls hidden · o")


async def test_a_view_that_is_returned_to_is_not_filtered_again(open_app: Open) -> None:
    async with open_app(newest_first(*HISTORY)) as ctui:
        await ctui.press("slash")
        await ctui.write("user-3")
        await ctui.press("enter")
        await ctui.press("left_square_bracket")
        first = ctui.session.explorer.rows
        assert ctui.title("events").endswith("4 own calls hidden · o")
        await ctui.press("right_square_bracket", "left_square_bracket")
        assert ctui.session.explorer.rows is first


async def test_the_pivot_menu_counts_no_call_that_is_hidden(open_app: Open) -> None:
    async with open_app(newest_first(*HISTORY)) as ctui:
        # The last one is the user of another program under our name.
        await ctui.press("G", "p")
        assert " ".join(ctui.text().split()).count("e event LookupEvents 2") == 1
        await ctui.press("escape", "o", "G", "p")
        assert " ".join(ctui.text().split()).count("e event LookupEvents 6") == 1

"""What an empty answer says agrees with itself, with the line at the foot, and with what its keys do."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from support.driver import Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

from ctui.errors import StoreError
from ctui.store.events import EventStore
from ctui.ui.actions.explaining import Explaining

Open = Callable[..., AbstractAsyncContextManager[Driver]]

PROF: dict[str, Any] = {
    "userIdentity": {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::111111111111:assumed-role/Prof/i-0abc",
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "Prof"}},
    }
}
TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/legacy"
HISTORY = [
    *(event(number, EPOCH - timedelta(minutes=number), user="i-0abc", record=PROF) for number in range(3)),
    event(10, EPOCH - timedelta(hours=1), name="GetTrailStatus", error="TrailNotFoundException"),
    event(11, EPOCH - timedelta(hours=2), name="StopLogging", resource=TRAIL),
    event(12, EPOCH - timedelta(hours=3), record={"sourceIPAddress": "autoscaling.amazonaws.com"}),
    event(13, EPOCH - timedelta(hours=4), user="", record={"userIdentity": {"invokedBy": "lambda.amazonaws.com"}}),
]


def shown(ctui: Driver) -> str:
    """What stands in the pane."""
    return " ".join(" ".join(ctui.pane("events")).split())


async def ask(ctui: Driver, line: str) -> None:
    """Type a line and ask it."""
    await ctui.press("slash", "ctrl+l")
    await ctui.write(line)
    await ctui.press("enter")


@pytest.mark.parametrize(
    ("typed", "says", "taken", "rows"),
    [
        ("user:Prof", "Prof occurs as role: in 3 stored events", "role:Prof", 3),
        ("role:i-0abc", "i-0abc occurs as user: in 3 stored events", "user:i-0abc", 3),
        ("session:Prof", "Prof occurs as role: in 3 stored events", "role:Prof", 3),
        ('user:"i-0abc (Prof)"', "i-0abc occurs as user: in 3 stored events", "user:i-0abc", 3),
        (
            "error:TrailNotFound",
            "TrailNotFound is short for TrailNotFoundException in 1 stored event",
            "error:TrailNotFoundException",
            1,
        ),
        ("resource:legacy", f"legacy is short for {TRAIL} in 1 stored event", "resource:*/legacy", 1),
        ('resource:"legacy +2"', f"legacy is short for {TRAIL} in 1 stored event", "resource:*/legacy", 1),
        ("ip:autoscaling", "autoscaling is short for autoscaling.amazonaws.com", "ip:autoscaling.amazonaws.com", 1),
        ("user:lambda", "lambda occurs as who: in 1 stored event", "who:lambda", 1),
        ("name:ec2.amazonaws.com", "ec2.amazonaws.com occurs as source:", "source:ec2.amazonaws.com", 7),
        ("name:stoplogging", "case matters: StopLogging was seen, stoplogging was not", "name:StopLogging", 1),
        ("name:stop*", "case matters: StopLogging was seen, stop* was not", "name:~stop*", 1),
        ("error:trail*", "case matters: TrailNotFoundException was seen", "error:~trail*", 1),
        ("error:notfound*", "error: contains notfound in 1 stored event", "error:~*notfound*", 1),
        ("203.0.113.0/24", "its addresses occur in 6 stored events", "ip:203.0.113.0/24", 6),
    ],
)
async def test_a_value_as_the_screen_shows_it_is_found_by_the_key_that_names_where_it_stands(
    open_app: Open, typed: str, says: str, taken: str, rows: int
) -> None:
    async with open_app(Service(HISTORY)) as ctui:
        await ask(ctui, typed)
        assert says in shown(ctui)
        key = re.search(rf"(\d) use {re.escape(taken)}", shown(ctui))
        assert key is not None, shown(ctui)
        await ctui.press(key[1])
        assert ctui.typed() == taken
        assert ctui.title("events").endswith(f"1 of {rows} in 7")


@pytest.mark.parametrize(
    ("typed", "mended", "rows"),
    [
        ("-user:Prof", "-role:Prof", 4),
        ("-error:TrailNotFound", "-error:TrailNotFoundException", 6),
        ("-user:I-0ABC", "-user:i-0abc", 4),
        ("name:* -ip:autoscaling", "name:* -ip:autoscaling.amazonaws.com", 6),
    ],
)
async def test_a_term_that_hides_nothing_is_told_at_the_foot_and_its_key_hides_what_it_names(
    open_app: Open, typed: str, mended: str, rows: int
) -> None:
    service = Service(HISTORY)
    async with open_app(service) as ctui:
        await ask(ctui, typed)
        assert ctui.title("events").endswith("1 of 7 in 7")
        ctui.app.clear_notifications()
        await ctui.settle()
        found = re.search(r"(-\S+) hides nothing, (\d) ", ctui.line("feed-line"))
        assert found is not None, ctui.line("feed-line")
        assert found[1] == typed.rsplit(maxsplit=1)[-1]
        lookups = service.lookups
        await ctui.press(found[2])
        assert ctui.typed() == mended
        assert ctui.title("events").endswith(f"1 of {rows} in 7")
        assert "hides nothing" not in ctui.line("feed-line")
        assert service.lookups == lookups


@pytest.mark.parametrize("typed", ["-user:i-0abc", "-user:absent", "-user:legacy", "-name:Prof", "-user:Prof,x"])
async def test_nothing_is_said_of_a_term_that_hides_something_or_whose_value_stands_nowhere_else(
    open_app: Open, typed: str
) -> None:
    async with open_app(Service(HISTORY)) as ctui:
        await ask(ctui, typed)
        assert "hides nothing" not in ctui.line("feed-line")


@pytest.mark.parametrize(
    ("typed", "key", "taken", "rows"),
    [
        ("user:Prof OR name:Nothing", "use role:Prof", "role:Prof OR name:Nothing", 3),
        ("-(-user:Prof OR name:Nothing)", "use role:Prof", "-(-role:Prof OR name:Nothing)", 3),
        ("(name:stop* OR user:Prof) -ip:10.0.0.0/8", "use name:~stop*", "(name:~stop* OR user:Prof) -ip:10.0.0.0/8", 1),
        (
            "(user:nobody OR user:absent OR user:missing) name:stoplogging",
            "use name:StopLogging",
            "(user:nobody OR user:absent OR user:missing) name:StopLogging",
            0,
        ),
    ],
)
async def test_a_key_changes_one_leaf_of_a_tree(open_app: Open, typed: str, key: str, taken: str, rows: int) -> None:
    async with open_app(Service(HISTORY)) as ctui:
        await ask(ctui, typed)
        found = re.search(rf"(\d) {re.escape(key)}(?: |$)", shown(ctui))
        assert found is not None, shown(ctui)
        await ctui.press(found[1])
        assert ctui.typed() == taken
        assert ctui.title("events").endswith(f"{'1 of ' * bool(rows)}{rows} in 7")


async def test_a_kind_is_toggled_for_every_alternative(open_app: Open) -> None:
    async with open_app(Service(HISTORY)) as ctui:
        await ask(ctui, "user:i-0abc OR name:StopLogging")
        await ctui.press("w")
        assert ctui.typed() == "(user:i-0abc OR name:StopLogging) is:write"
        await ctui.press("x")
        assert ctui.typed() == "(user:i-0abc OR name:StopLogging) is:write is:error"
        await ctui.press("w", "x")
        assert ctui.typed() == "user:i-0abc OR name:StopLogging"


async def test_events_of_services_that_a_network_hides_are_counted_at_the_foot_and_shown_by_a_key(
    open_app: Open,
) -> None:
    service = Service(HISTORY)
    async with open_app(service) as ctui:
        await ask(ctui, "-ip:10.0.0.0/8")
        assert ctui.title("events").endswith("1 of 6 in 7")
        ctui.app.clear_notifications()
        await ctui.settle()
        found = re.search(r"1 of services hidden, (\d) show|(\d) show 1 of services", ctui.line("feed-line"))
        assert found is not None, ctui.line("feed-line")
        lookups = service.lookups
        await ctui.press(found[1] or found[2])
        assert ctui.typed() == "-ip:10.0.0.0/8 OR ip:*.amazonaws.com"
        assert ctui.title("events").endswith("1 of 7 in 7")
        assert "of services" not in ctui.line("feed-line")
        assert service.lookups == lookups


async def test_a_value_that_matches_is_not_said_to_stand_elsewhere(open_app: Open) -> None:
    """The user is told by the service for some events, and by the record alone for others."""
    poller = [event(number, EPOCH - timedelta(minutes=number), user="poller") for number in range(6)]
    silent: dict[str, object] = {"userIdentity": {"type": "IAMUser", "userName": "poller"}}
    other = [event(number, EPOCH - timedelta(minutes=number), user="", record=silent) for number in range(6, 9)]
    async with open_app(Service([*poller, *other])) as ctui:
        await ask(ctui, "user:poller is:error")
        assert "user:poller hides 3 of 9" in shown(ctui)
        assert "is:error hides all 9, 6 of them alone" in shown(ctui)
        assert "stands" not in shown(ctui)


async def test_what_was_complete_is_not_called_incomplete_later(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ctui.press("M")
        await ctui.session.clock.sleep(120)
        await ctui.press("slash")
        await ctui.write("ip:198.51.100.1")
        await ctui.press("escape")
        assert "No match in the 45 events loaded" in shown(ctui)
        found = re.search(r"complete as of ([\d:]{8}); newer events are not loaded 5 load newer", shown(ctui))
        assert found is not None
        assert f"complete as of {found[1]}" in ctui.line("feed-line")
        assert "so far" not in shown(ctui)
        assert "only 45" not in shown(ctui)
        before = len(ctui.session.explorer.query.ids)
        await ctui.press("5")
        assert "newer events are not loaded" not in shown(ctui)
        assert len(ctui.session.explorer.query.ids) == before


async def test_an_answer_that_grew_old_is_called_so_in_the_pane_and_at_the_foot_alike(open_app: Open) -> None:
    """Time passes and nothing else: what draws one of them again draws both of one state."""
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ask(ctui, "user:nobody")
        assert "complete as of" not in ctui.line("feed-line")
        assert "newer events are not loaded" not in shown(ctui)
        await ctui.session.clock.sleep(120)
        await ctui.press("1")
        at = re.search(r"complete as of ([\d:]{8})", ctui.line("feed-line"))
        assert at is not None
        assert f"complete as of {at[1]}; newer" in shown(ctui)


async def test_the_day_is_named_once_it_is_another_one(open_app: Open) -> None:
    """The pane of an empty answer stays on the screen over midnight: a time alone would be read as today's."""
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ask(ctui, "user:nobody")
        await ctui.session.clock.sleep(120)
        await ctui.press("1")
        assert re.search(r"complete as of [\d:]{8};", shown(ctui))
        await ctui.session.clock.sleep(24 * 3600)
        await ctui.press("3")
        assert re.search(r"complete as of \d+ [A-Z][a-z]{2} [\d:]{8};", shown(ctui))


async def test_rows_of_an_answer_that_grew_old_are_not_called_all_of_it(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ctui.press("M")
        assert "complete" in ctui.line("feed-line")
        assert "complete as of" not in ctui.line("feed-line")
        await ctui.session.clock.sleep(120)
        await ctui.press("1")
        assert re.search(r"complete as of [\d:]{8}", ctui.line("feed-line"))


async def test_a_part_of_what_is_complete_is_complete(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH - timedelta(hours=1)))) as ctui:
        await ctui.press("slash")
        await ctui.write("since:20m")
        await ctui.press("escape")
        assert ctui.line("feed-line").endswith("complete")
        assert "No match in the 45 events loaded" in shown(ctui)
        assert "so far" not in shown(ctui)
        assert "only 45" not in shown(ctui)


async def test_events_that_could_not_be_read_are_not_said_to_hold_no_match(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StoreError("Event store", "The disk is gone.", "")

    async with open_app(Service(events(45, EPOCH))) as ctui:
        with monkeypatch.context() as patched:
            patched.setattr(EventStore, "match", broken)
            await ask(ctui, "is:error")
            assert "45 events loaded, not searched" in shown(ctui)
            assert "could not read the loaded events: The disk is gone. 5 retry" in shown(ctui)
            assert "No match" not in shown(ctui)
        await ctui.press("5")
        assert "is:error hides all 45" in shown(ctui)


async def test_to_draw_an_empty_answer_again_reads_no_state(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    explain = Explaining._explain

    def counted(self: Explaining, state: Any) -> Any:
        made.append(state)
        return explain(self, state)

    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ask(ctui, "user:nobody")
        monkeypatch.setattr(Explaining, "_explain", counted)
        for _ in range(5):
            ctui.app.screen.query_one("#events").refresh()
            await ctui.press("j", "G")
        assert made == []
        await ctui.press("slash")
        await ctui.write("x")
        assert 0 < len(made) < 12

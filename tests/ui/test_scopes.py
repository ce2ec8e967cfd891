"""Several accounts and Regions on the screen: whose a row is, what is searched and why."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from support.copied import keeping
from support.counted import counting
from support.driver import SMALL, WIDE, Driver, driving
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, REGION, FakeConnector, denied, expired
from support.fakes.service import Service, event
from support.sessions import temporary_store

from ctui.core.logins import OtherLogin
from ctui.core.lookup import scope_state
from ctui.core.session import Session
from ctui.model.connection import Identity
from ctui.model.event.event import Event
from ctui.model.region import RegionStatus
from ctui.ui.app import CtuiApp
from ctui.ui.terminal.clipboard import Clipboard

OTHER = "222222222222"
GLOBAL = "us-east-1"


def happened(number: int, account: str = ACCOUNT, region: str = REGION, *, minutes: float | None = None) -> Event:
    """An event so many minutes ago, by default as many as its number says."""
    record: dict[str, object] = {"awsRegion": region, "recipientAccountId": account}
    return event(number, EPOCH - timedelta(minutes=number if minutes is None else minutes), record=record)


def dev(history: Sequence[Event] = ()) -> Service:
    """Another account."""
    service = Service(history)

    async def identity() -> Identity:
        return Identity(OTHER, f"arn:aws:iam::{OTHER}:user/bob")

    service.identity = identity
    return service


@asynccontextmanager
async def opened(
    service: Service,
    size: tuple[int, int] = WIDE,
    *,
    regions: Sequence[str] = (),
    others: Sequence[OtherLogin] = (),
    global_services: bool = False,
) -> AsyncIterator[Driver]:
    """ctui over a service, in these Regions too, with these logins too."""
    session = Session(
        service,
        temporary_store,
        AutoClock(),
        regions=regions,
        other_logins=others,
        global_services=global_services,
    )
    app = CtuiApp(session, theme=None, zone=UTC, clipboard=Clipboard(keeping([]), {"SSH_TTY": "/dev/pts/0"}))
    async with driving(app, session, size) as ctui:
        yield ctui


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_account_and_region_have_a_column_where_rows_differ_in_them(size: tuple[int, int]) -> None:
    service, second = Service([happened(1), happened(3)]), dev([happened(2, OTHER)])
    async with opened(service, size, regions=(GLOBAL,), others=[OtherLogin("dev", FakeConnector(second))]) as ctui:
        await ctui.settle()
        titles, _, *rows = ctui.pane("events")[:5]
        assert "account" in titles
        assert "region" not in titles
        assert [name for row in rows for name in re.findall(r" (prod|dev) ", f"{row} ")] == ["prod", "dev", "prod"]
        assert size == SMALL or f"rows in {REGION}" in ctui.title("events")
        service.elsewhere[GLOBAL] = [happened(0, region=GLOBAL)]
        await ctui.press("R")
        assert "account" in ctui.pane("events")[0]
        assert "region" in ctui.pane("events")[0]
        assert "rows in" not in ctui.title("events")


async def test_what_is_the_same_in_all_rows_stands_in_the_title_alone() -> None:
    async with opened(Service([happened(1), happened(2)])) as ctui:
        await ctui.settle()
        assert not {"account", "region"} & set(ctui.pane("events")[0].split())
        assert f"── {REGION} ──" in ctui.title("events")


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (WIDE, f"ctui  prod · {ACCOUNT} + {OTHER} · {REGION} + {GLOBAL} (global services)"),
        (SMALL, f"ctui  prod · {ACCOUNT} + {OTHER} · {REGION} + {GLOBAL}"),
    ],
    ids=["160x48", "80x24"],
)
async def test_the_header_says_what_is_searched_and_why_and_a_key_leaves_it_out(
    size: tuple[int, int], header: str
) -> None:
    service, second = Service([happened(1)]), dev([happened(2, OTHER)])
    logins = [OtherLogin("dev", FakeConnector(second))]
    async with opened(service, size, others=logins, global_services=True) as ctui:
        await ctui.settle()
        assert ctui.line("header").split("  2.0/s")[0].startswith(header)
        await ctui.press("u")
        assert ctui.session.state.added_regions == ()
        assert GLOBAL not in ctui.line("header")
        assert "left out" in ctui.notices()[-1]
        await ctui.press("u")
        assert GLOBAL in ctui.line("header")
        assert ctui.session.explorer.state.complete


async def test_without_a_region_of_global_services_the_key_says_so() -> None:
    async with opened(Service([happened(1)])) as ctui:
        await ctui.settle()
        await ctui.press("u")
        assert "no Region is searched for global services alone" in ctui.notices()[-1]


def horizon_lines(ctui: Driver) -> list[str]:
    """The lines between the events that say where something is missing, without the lines at their ends."""
    return [line.strip(" ─") for line in ctui.pane("events") if "below here without" in line]


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_a_line_says_where_a_region_ends_and_the_cursor_stays_when_it_goes(size: tuple[int, int]) -> None:
    service = Service([happened(number, minutes=number / 10) for number in range(1000)])
    service.elsewhere[GLOBAL] = [happened(1000 + ago, region=GLOBAL, minutes=ago) for ago in (1, 2, 300, 310, 320)]
    async with opened(service, size, regions=(GLOBAL,)) as ctui:
        await ctui.settle()
        await ctui.press("G", "k")
        (horizon,) = ctui.session.explorer.state.query.horizons
        assert horizon.second is not None
        back_to = datetime.fromtimestamp(horizon.second, UTC)
        assert horizon_lines(ctui) == [f"below here without {REGION}: paused, back to {back_to:%H:%M}"]
        lines = [line for line in ctui.pane("events") if line.strip()]
        assert "below here" in lines[-4], "three events of the other Region are older"
        assert f"{back_to:%H:%M}" in lines[-5]
        assert all(GLOBAL in line for line in lines[-3:])
        before = ctui.cursor()
        await ctui.press("M")
        assert not ctui.session.explorer.state.query.horizons
        assert not horizon_lines(ctui)
        assert ctui.cursor() == before


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_what_is_refused_or_not_reached_is_said_above_the_first_row(size: tuple[int, int]) -> None:
    service = Service([happened(number) for number in range(3)])
    service.refusing[GLOBAL] = denied("LookupEvents")
    logins = [OtherLogin("dev", FakeConnector(dev(), [expired()]))]
    async with opened(service, size, regions=(GLOBAL,), others=logins) as ctui:
        await ctui.settle()
        said = "below here without dev: not reached: Login expired; us-east-1: refused: Denied"
        (line,) = horizon_lines(ctui)
        assert line == said[: len(line) - 1] + line[-1]
        assert size == SMALL or line == said
        assert said.split(";", maxsplit=1)[0] in ctui.pane("events")[1]
        assert "complete" not in ctui.line("feed-line")
        assert "of >3" in ctui.title("events")
        await ctui.press("r")
        assert horizon_lines(ctui) == ["below here without prod us-east-1: refused: Denied"]


async def test_a_scope_that_is_refused_is_told_once_by_name_and_the_others_have_not_failed() -> None:
    service = Service([happened(number, minutes=number / 10) for number in range(200)])
    service.refusing[GLOBAL] = denied("LookupEvents")
    others = [OtherLogin("dev", FakeConnector(dev([happened(number, OTHER) for number in range(3)])))]
    async with opened(service, regions=(GLOBAL,), others=others) as ctui:
        await ctui.settle()
        for _ in range(2):
            await ctui.press("m")
        assert [notice for notice in ctui.notices() if "Denied" in notice] == [
            "prod us-east-1: Denied\nYou may not call LookupEvents."
        ]
        assert "failed" not in ctui.title("events")
        await ctui.press("M")
        assert "failed" in ctui.title("events"), "nothing is left but what is refused"


async def test_a_region_that_hangs_is_said_to_load() -> None:
    service = Service([happened(number) for number in range(3)])
    service.hanging[GLOBAL] = asyncio.Event()
    async with opened(service, regions=(GLOBAL,)) as ctui:
        await ctui.wait_until(lambda: horizon_lines(ctui) == [f"below here without {GLOBAL}: loading"])
        service.elsewhere[GLOBAL] = [happened(9, region=GLOBAL)]
        service.hanging[GLOBAL].set()
        await ctui.settle()
        assert not horizon_lines(ctui)
        assert any(GLOBAL in line for line in ctui.pane("events"))


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_an_empty_answer_names_an_account_that_is_not_reached_and_what_helps(size: tuple[int, int]) -> None:
    second = dev([happened(2, OTHER)])
    async with opened(Service(), size, others=[OtherLogin("dev", FakeConnector(second, [expired()]))]) as ctui:
        await ctui.settle()
        assert "dev is not searched: Login expired · r tries again" in ctui.text()
        assert size == SMALL or "dev not searched" in ctui.line("feed-line"), "there a notification lies above it"
        await ctui.press("r")
        assert "not searched" not in ctui.text()
        assert "DescribeInstances" in ctui.cursor()


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_the_scopes_panel_shows_what_each_does_and_what_was_not_looked_at(size: tuple[int, int]) -> None:
    service, second = Service([happened(1), happened(3)]), dev([happened(2, OTHER)])
    second.refusing[GLOBAL] = denied("LookupEvents")
    service.regions = second.regions = tuple(
        RegionStatus(name, name != "me-south-1") for name in (REGION, GLOBAL, "sa-east-1", "me-south-1")
    )
    async with opened(service, size, regions=(GLOBAL,), others=[OtherLogin("dev", FakeConnector(second))]) as ctui:
        await ctui.settle()
        await ctui.press("A")
        assert ctui.title("scopes").startswith("Scopes ── 4 searched, 3 complete ── 2 not looked at")
        titles, *rows = ctui.pane("scopes")[:5]
        assert titles.split() == ["Region", "prod", "dev"]
        assert [" ".join(row.strip("▌ ").split()) for row in rows] == [
            "eu-west-1 [● complete] ● complete",
            "us-east-1 ● complete ▲ refused",
            "me-south-1 ○ not enabled ○ not enabled",
            "sa-east-1 ○ not looked at ○ not looked at",
        ]
        assert ctui.pane("scope")[0].startswith(f" prod {REGION}: complete, back to")
        assert "2 events" in ctui.pane("scope")[0]
        await ctui.press("j", "l")
        assert ctui.pane("scope")[0].strip() == f"dev {GLOBAL}: refused: Denied, nothing yet · 0 events · 2.0/s"
        assert "You may not call LookupEvents." in ctui.pane("scope")[1]
        calls = service.calls["list_regions"], second.calls["list_regions"]
        await ctui.press("escape", "A")
        assert (service.calls["list_regions"], second.calls["list_regions"]) == calls
        await ctui.press("j", "j", "space")
        assert "me-south-1 is not enabled" in ctui.notices()[-1]


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_space_switches_a_scope_off_and_on_and_enter_shows_one_alone(size: tuple[int, int]) -> None:
    service, second = Service([happened(1), happened(3)]), dev([happened(2, OTHER)])
    async with opened(service, size, others=[OtherLogin("dev", FakeConnector(second))]) as ctui:
        await ctui.settle()
        assert ctui.session.explorer.state.shown == 3
        before = second.lookups
        await ctui.press("A", "l", "space")
        assert "○ not looked at" in ctui.pane("scopes")[1]
        assert ctui.session.explorer.state.shown == 2
        assert second.lookups == before
        await ctui.press("h", "space")
        assert "nothing else is searched" in ctui.notices()[-1]
        await ctui.press("l", "space")
        assert ctui.session.explorer.state.shown == 3
        await ctui.press("enter")
        assert ctui.session.explorer.state.shown == 1
        await ctui.press("enter")
        assert ctui.session.explorer.state.shown == 3
        await ctui.press("escape")
        assert [name for line in ctui.pane("events") for name in re.findall(r" (prod|dev) ", f"{line} ")] == [
            "prod",
            "dev",
            "prod",
        ]


async def test_the_panel_says_why_an_account_is_not_reached_and_r_tries_again() -> None:
    second = dev([happened(2, OTHER)])
    async with opened(Service([happened(1)]), others=[OtherLogin("dev", FakeConnector(second, [expired()]))]) as ctui:
        await ctui.settle()
        await ctui.press("A")
        assert "without dev" in ctui.title("scopes")
        assert "dev: not reached: Login expired. Log in again, then press r." in ctui.pane("scope")[1]
        await ctui.press("r")
        assert "without" not in ctui.title("scopes")
        assert ctui.pane("scopes")[0].split() == ["Region", "prod", "dev"]


async def test_rows_of_a_scope_that_was_switched_off_do_not_come_back_with_an_earlier_view() -> None:
    second = dev([happened(2, OTHER)])
    async with opened(Service([happened(1)]), others=[OtherLogin("dev", FakeConnector(second))]) as ctui:
        await ctui.settle()
        await ctui.press("slash")
        await ctui.write("user:alice")
        await ctui.press("enter", "A", "l", "space", "escape", "left_square_bracket")
        assert not ctui.typed()
        assert not any(" dev" in line for line in ctui.pane("events"))


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x48", "80x24"])
async def test_moving_asks_for_no_state_of_a_scope(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()
    monkeypatch.setattr(scope_state, "ScopeState", counting(made, "scope", scope_state.ScopeState))
    monkeypatch.setattr(scope_state, "Horizon", counting(made, "horizon", scope_state.Horizon))
    service = Service([happened(number, minutes=number / 10) for number in range(1000)])
    service.elsewhere[GLOBAL] = [happened(1000 + ago, region=GLOBAL, minutes=ago) for ago in (1, 2, 300)]
    async with opened(service, size, regions=(GLOBAL,)) as ctui:
        await ctui.settle()
        assert made["scope"]
        assert made["horizon"]
        made.clear()
        await ctui.press("j", "k", "j", "1", "3", "A", "j", "l", "k", "escape")
        assert not made

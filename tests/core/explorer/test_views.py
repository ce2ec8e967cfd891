"""Back and forward: each question is a view; going between views restores it and makes no call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

import pytest
from support.core_driver import CoreDriver
from support.examples import examples
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event, unreachable
from support.sessions import OpenStore

from ctui.core.explorer.explorer import Explorer
from ctui.core.explorer.history import MOST_VIEWS, Place
from ctui.core.session import Session
from ctui.errors import ExpiredLogin
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.pruning import Retention

Start = Callable[..., Awaitable[CoreDriver]]
OTHER = "us-east-1"
LINES = (
    "user:bob",
    "user:alice is:read",
    "name:StopLogging",
    "ip:10.*",
    "nowhere",
    "",
    "user:bob since:2h",
    "is:write",
)
RANGES = ("1h", "6h", "1d", "2026-11-20..2026-11-21")


@pytest.fixture
def service(service: FakeCloudTrail) -> FakeCloudTrail:
    """300 events, one each minute: every tenth is bob's and writes, the oldest is carol's."""
    for n in range(300):
        user = "carol" if n == 299 else "bob" if n % 10 == 9 else "alice"
        read_only, name = ("false", "StopLogging") if user != "alice" else ("true", "ListUsers")
        service.events.append(
            event(f"e{n}", EPOCH - timedelta(minutes=n + 30), username=user, read_only=read_only, name=name)
        )
    return service


class Screen:
    """Stands for the screen: it knows where the cursor is, and takes the place of a view that is returned to."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.place = Place(None)
        explorer.place = lambda: self.place
        explorer.replaced.subscribe(lambda _: self._take_place())

    def _take_place(self) -> None:
        self.place = self.explorer.returned_to or Place(None)

    def move(self, index: int) -> None:
        ids = self.explorer.rows.ids
        self.place = Place(ids[index % len(ids)], index % 7) if ids else Place(None)


@dataclass(frozen=True)
class Seen:
    """What a person sees of a view."""

    text: str
    timespan: str
    regions: tuple[str, ...]
    rows: tuple[int, ...]
    place: Place


def seen(session: Session, screen: Screen) -> Seen:
    explorer = session.explorer
    return Seen(
        explorer.text, str(explorer.state.timespan), session.state.added_regions, tuple(explorer.rows.ids), screen.place
    )


def calls(service: FakeCloudTrail) -> int:
    return service.calls["LookupEvents"]


async def test_back_after_enter_restores_the_line_before_typing_with_rows_and_cursor(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start()
    explorer, screen = session.explorer, Screen(session.explorer)
    screen.move(17)
    before = seen(session, screen)
    for text in ("u", "user:b", "user:bob"):
        await session.type(text)
        screen.move(2)
    await session.ask()
    screen.move(3)
    asked, made = seen(session, screen), calls(service)
    assert explorer.back()
    await session.idle()
    assert seen(session, screen) == before
    assert explorer.forward()
    await session.idle()
    assert seen(session, screen) == asked
    assert not explorer.forward()
    assert calls(service) == made


async def test_typing_makes_no_view_and_what_was_typed_comes_back_with_forward(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type("is:write")
    explorer.toggle(EventKind.ERROR)
    assert (explorer.state.behind, explorer.state.ahead) == (0, 0)
    assert not explorer.back()
    assert explorer.text == "is:write is:error"
    explorer.ask()
    explorer.type("is:write user:b")
    assert (explorer.state.behind, explorer.state.ahead) == (1, 0)
    assert explorer.back()
    assert explorer.text == ""
    assert explorer.forward()
    assert explorer.text == "is:write user:b"


async def test_a_line_that_cannot_be_read_is_restored_as_it_was_typed(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    explorer = session.explorer
    await session.ask("user:bob")
    rows = list(explorer.rows.ids)
    explorer.type('user:bob "x')
    assert explorer.back()
    assert (explorer.text, explorer.error) == ("", None)
    assert explorer.forward()
    await session.idle()
    assert explorer.text == 'user:bob "x'
    assert explorer.error is not None
    assert list(explorer.rows.ids) == rows


async def test_the_same_question_again_makes_no_view(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type("user:bob")
    for _ in range(3):
        await session.ask()
    session.refresh()
    session.ask_again()
    await session.idle()
    explorer.ask_line(parse_filter("user:bob"))
    assert explorer.state.behind == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda explorer: explorer.ask_range(parse_timespan("1h")),
        lambda explorer: explorer.ask_line(parse_filter("user:carol"), parse_timespan("1d")),
        lambda explorer: explorer.ask_line(parse_filter("user:carol"), region=OTHER),
        lambda explorer: explorer.show_line(parse_filter("-user:carol")),
        lambda explorer: explorer.search_also(OTHER),
        lambda explorer: explorer.ask_lookup(Lookup(parse_timespan("1d")), region=OTHER),
        lambda explorer: explorer.ask_lookup(Lookup(attribute=LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging"))),
    ],
    ids=["range", "form", "suggested Region", "suggested term", "Region", "l", "pivot"],
)
async def test_each_of_these_makes_a_view_and_back_undoes_it(
    start: Start, service: FakeCloudTrail, ask: Callable[[Explorer], object]
) -> None:
    session = await start()
    explorer, screen = session.explorer, Screen(session.explorer)
    await session.type("is:write")
    screen.move(4)
    before = seen(session, screen)
    ask(explorer)
    assert explorer.state.behind == 1
    await session.idle()
    made = calls(service)
    assert explorer.back()
    await session.idle()
    assert seen(session, screen) == before
    assert (explorer.state.behind, explorer.state.ahead) == (0, 1)
    assert calls(service) == made


async def test_a_region_that_is_added_by_itself_makes_no_view_and_keeps_what_is_typed_apart(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type("user:bob")
    explorer.add_region(OTHER)
    assert explorer.state.behind == 0
    await session.ask()
    assert explorer.state.behind == 1
    assert explorer.back()
    assert (explorer.text, session.state.added_regions) == ("", (OTHER,))


async def test_a_new_question_drops_the_views_ahead(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    explorer = session.explorer
    for text in ("user:bob", "user:carol"):
        explorer.type(text)
        explorer.ask()
    explorer.back()
    explorer.type("name:StopLogging")
    explorer.ask()
    assert (explorer.state.behind, explorer.state.ahead) == (2, 0)
    explorer.back()
    assert explorer.text == "user:bob"


async def test_so_many_views_are_kept_and_no_more(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    explorer = session.explorer
    for number in range(MOST_VIEWS + 5):
        explorer.show_line(parse_filter(f"word{number}"))
    assert explorer.state.behind == MOST_VIEWS - 1
    steps = 0
    while explorer.back():
        steps += 1
    assert steps == MOST_VIEWS - 1
    assert explorer.text == "word5"


@pytest.mark.parametrize("line", ["ip:10.*", "user:alice"], ids=["the same query", "another query"])
async def test_a_load_stops_with_the_view_it_belongs_to(start: Start, service: FakeCloudTrail, line: str) -> None:
    session = await start()
    explorer = session.explorer
    explorer.type(line)
    explorer.ask()
    made = calls(service)
    assert explorer.back()
    await session.idle()
    assert calls(service) <= made + 1, "a call that has left comes to its end"
    assert not explorer.state.query.loading_all
    assert explorer.forward()
    await session.idle()
    assert calls(service) <= made + 1


async def test_room_below_the_rows_of_a_view_that_was_returned_to_is_not_filled(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start()
    explorer = session.explorer
    await session.ask("user:carol")
    made = calls(service)
    explorer.back()
    await session.idle()
    explorer.near_end(filling=True)
    await session.idle()
    assert calls(service) == made
    explorer.near_end()
    await session.idle()
    assert calls(service) > made, "to move is to ask for more"


async def test_a_view_of_before_there_was_a_connection_shows_what_the_store_has(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start(FakeConnector(service, [unreachable()]))
    explorer = session.explorer
    explorer.ask_range(parse_timespan("2026-11-19..2026-11-21"))
    await session.reload()
    rows, made = list(explorer.rows.ids), calls(service)
    assert explorer.back()
    await session.idle()
    assert list(explorer.rows.ids) == rows[: len(explorer.rows.ids)]
    assert explorer.rows.ids
    assert calls(service) == made


def agree(now: Seen, before: Seen) -> bool:
    """Whether a view is as it was left; a query that two views share may have loaded older rows since."""
    same = (now.text, now.timespan, now.regions, now.place) == (
        before.text, before.timespan, before.regions, before.place
    )  # fmt: skip
    return same and now.rows[: len(before.rows)] == before.rows


@pytest.mark.parametrize("seed", range(examples(30)))
async def test_random_walks(start: Start, service: FakeCloudTrail, seed: int) -> None:
    """Whatever was asked, typed and moved: back and forward show what was left, and make no call."""
    dice, session = Random(seed), await start()
    explorer, screen = session.explorer, Screen(session.explorer)
    views, at = [seen(session, screen)], 0
    for _ in range(25):
        act = dice.choice(["move", "more", "type", "ask", "range", "form", "region", "back", "back", "back", "forward"])
        await session.idle()
        now, behind, made = seen(session, screen), explorer.state.behind, calls(service)
        if act == "move":
            screen.move(dice.randrange(1, 60))
        elif act == "more":
            explorer.more()
        elif act in ("back", "forward"):
            views[at], step = now, 1 if act == "forward" else -1
            possible = 0 <= at + step < len(views)
            assert (explorer.forward() if act == "forward" else explorer.back()) is possible
            at += step if possible else 0
            await session.idle()
            assert agree(seen(session, screen), views[at]), (act, at)
            assert calls(service) == made
        else:
            if act in ("type", "ask"):
                if explorer.text == views[at].text:
                    views[at] = now
                await session.type(dice.choice(LINES))
                assert calls(service) == made
            else:
                views[at] = now
            if act == "ask":
                explorer.ask()
            elif act == "range":
                explorer.ask_range(parse_timespan(dice.choice(RANGES)))
            elif act == "form":
                explorer.ask_line(parse_filter(dice.choice(LINES)), parse_timespan(dice.choice(RANGES)))
            elif act == "region":
                explorer.search_only(*(() if OTHER in session.state.added_regions else (OTHER,)))
            if explorer.state.behind > behind:
                at += 1
                views[at:] = [seen(session, screen)]
            elif act != "type":
                views[at] = seen(session, screen)
        assert explorer.state.behind == at
        assert explorer.state.ahead == len(views) - at - 1


@pytest.mark.parametrize("way", ["back to the same query", "back to another query", "typing"])
async def test_a_view_whose_events_were_pruned_since_is_not_called_complete(
    start: Start, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore, way: str
) -> None:
    session = await start(open_store=lasting)
    explorer = session.explorer
    await session.load_all()
    assert explorer.state.query.phase.value == "complete"
    if way == "back to the same query":
        explorer.ask_line(parse_filter("user:bob"))
    else:
        explorer.ask_range(parse_timespan("1h"))
    await session.idle()
    other = await lasting(None)
    assert await other.prune(Retention(max_age=2 * 3600), int(clock.now().timestamp()))
    made = calls(service)
    if way == "typing":
        explorer.type("since:20h until:10m")
    else:
        explorer.back()
    await session.idle()
    ids = explorer.rows.ids
    assert explorer.state.query.phase.value != "complete"
    assert 0 < len(session.summaries(ids)) == len(ids)
    assert calls(service) == made
    await other.close()


async def use_region(session: CoreDriver, service: FakeCloudTrail, connector: FakeConnector, region: str) -> None:
    """The settings name another working Region, and the login has run out: connect again."""
    service.failures.append(ExpiredLogin("Login", "It has expired."))
    session.ask_again()
    await session.idle()
    there = service.elsewhere.pop(region)
    service.elsewhere[service.connection.region], service.events = service.events, there
    service.connection = replace(service.connection, region=region)
    connector.lead_to(service.connection)
    await session.reload()


async def test_a_region_that_was_added_and_is_the_working_one_now_is_searched_once(
    start: Start, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    service.elsewhere[OTHER] = [event("other", EPOCH - timedelta(hours=2))]
    connector = FakeConnector(service)
    session = await start(connector, open_store=lasting)
    explorer = session.explorer
    explorer.search_also(OTHER)
    await session.idle()
    explorer.search_only()
    await session.idle()
    await use_region(session, service, connector, OTHER)
    assert (session.state.added_regions, explorer.query.regions) == ((), (OTHER,))
    explorer.back()
    await session.idle()
    assert (session.state.added_regions, explorer.query.regions) == ((), (OTHER,))


async def test_a_region_that_is_added_while_it_becomes_the_working_one_is_searched_once(
    start: Start, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    service.elsewhere[OTHER] = [event("other", EPOCH - timedelta(hours=2))]
    connector = FakeConnector(service)
    session = await start(connector, open_store=lasting)
    session.explorer.search_also(OTHER)
    await session.idle()
    await use_region(session, service, connector, OTHER)
    assert (session.state.added_regions, session.explorer.query.regions) == ((), (OTHER,))


async def test_without_a_connection_rows_of_another_region_are_not_shown_under_the_new_one(
    start: Start, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    service.elsewhere[OTHER] = [event("other", EPOCH - timedelta(hours=2))]
    connector = FakeConnector(service)
    session = await start(connector, open_store=lasting)
    assert session.explorer.rows.ids
    connector.failures.append(unreachable())
    await use_region(session, service, connector, OTHER)
    assert session.state.connection is not None
    assert session.state.connection.region == OTHER
    assert not session.explorer.rows.ids

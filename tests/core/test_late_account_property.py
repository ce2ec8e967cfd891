"""Whenever the account is learned, or never: rows keep their ids, each event is listed once, and SQL counts alike."""

import asyncio
import random
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import CoreDriver
from support.examples import examples
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    ACCOUNT,
    CONNECTION,
    REGION,
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    unreachable,
)
from support.stored import event_ids, found_keys

from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.core.session import SessionPhase
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.event.event import Event
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.trail.trail import Trail
from ctui.store.events import EventStore
from ctui.store.search import Search

OTHER = "us-east-1"
ALWAYS = Stretch(0, 2**40)
QUESTIONS = (
    Lookup(),
    Lookup(parse_timespan("2h")),
    Lookup(parse_timespan("2026-11-21T08:00Z..2026-11-21T11:00Z")),
)


@dataclass
class Screen:
    """A session, and by which id each event was listed on it."""

    session: CoreDriver
    running: "asyncio.Task[None]"
    shared: frozenset[str]
    """Events that both Regions tell of: listed once, by the id of either."""
    provisional: dict[str, int] = field(default_factory=dict)
    known: dict[str, set[int]] = field(default_factory=dict)
    """More than one id only where an event was listed twice before both accounts were known to be one."""

    def watch(self, feed: EventQuery) -> None:
        feed.changed.subscribe(lambda _: self.look(feed))
        self.look(feed)

    def look(self, feed: EventQuery) -> None:
        if feed is not self.session.explorer.query or feed.scope is None:
            return
        names = event_ids(self.session, feed.ids)
        assert len(names) == len(set(names)) == len(feed.ids)
        if self.session.state.account is not None:
            for name, row_id in self.provisional.items():
                self.known.setdefault(name, set()).add(row_id)
            self.provisional.clear()
        for name, row_id in zip(names, feed.ids, strict=True):
            if name in self.shared:
                continue
            if feed.scope.provisional:
                assert self.provisional.setdefault(name, row_id) == row_id
            else:
                assert row_id in self.known.setdefault(name, {row_id})

    def check_readable(self) -> None:
        """Whatever was listed can still be read."""
        for name, row_ids in (*self.known.items(), *((name, {row}) for name, row in self.provisional.items())):
            assert {self.session.event(row_id).event_id for row_id in row_ids} == {name}


def happened(dice: random.Random, region: str, shared: Sequence[Event], naming: float) -> list[Event]:
    """What happened in a Region; the part `naming` of its records names the account."""
    return [
        event(
            f"{region}-{number}",
            EPOCH - timedelta(seconds=dice.choice([dice.randrange(20), dice.randrange(20_000)])),
            record=f'{{"recipientAccountId":"{ACCOUNT}"}}' if dice.random() < naming else "{}",
        )
        for number in range(dice.randint(0, 40))
    ] + list(shared)


@pytest.mark.parametrize("seed", range(examples(60)))
def test_rows_keep_their_ids_whenever_the_account_is_learned(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(random.Random(seed), Path(folder) / "home" / "events.db"))


async def story(dice: random.Random, path: Path) -> None:
    """Two programs ask about the same account, each with a login of its own that is named at some time, or never."""
    clock = AutoClock()
    shared = [event(f"shared-{n}", EPOCH - timedelta(minutes=n)) for n in range(dice.randint(0, 3))]
    naming = dice.choice([0.0, 0.0, 0.03, 1.0])
    histories = {region: happened(dice, region, shared, naming) for region in (REGION, OTHER)}
    told = frozenset(one.event_id for one in shared)

    async def open_store(connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    async def begin() -> Screen:
        service = FakeCloudTrail(clock, events=histories[REGION], elsewhere={OTHER: histories[OTHER]})
        service.page_size = dice.randint(1, 20)
        service.latency = dice.choice([0.0, 1.0])
        delay = dice.choice([0.0, 4.0, 30.0])

        async def identify() -> Identity:
            await clock.sleep(delay)
            return Identity(ACCOUNT, "arn")

        service.identity = denied("GetCallerIdentity") if dice.random() < 0.3 else identify
        if dice.random() < 0.3:
            service.trails = (Trail("t", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/t"),)
        if dice.random() < 0.2:
            service.refusing[OTHER] = unreachable()
        session = CoreDriver(FakeConnector(service), open_store, clock)
        screen = Screen(session, asyncio.create_task(session.run()), told)
        screen.watch(session.explorer.query)
        session.queries.replaced.subscribe(screen.watch)
        return screen

    async def end(screen: Screen) -> None:
        await screen.session.close()
        await screen.running

    screens = [await begin(), await begin()]
    for _ in range(dice.randint(5, 20)):
        number = dice.randrange(2)
        session = screens[number].session
        act = dice.choice(["wait", "more", "more", "everything", "ask", "ask", "also", "refresh", "again", "restart"])
        if act == "wait":
            for _ in range(dice.choice([1, 10, 100])):
                await asyncio.sleep(0)
        elif act == "more":
            session.explorer.query.more()
        elif act == "everything":
            session.explorer.query.everything()
        elif act == "ask":
            session.explorer.ask_lookup(dice.choice(QUESTIONS))
        elif act == "also":
            session.explorer.search_also(OTHER)
        elif act == "refresh":
            session.refresh()
        elif act == "again":
            session.ask_again()
        else:
            await end(screens[number])
            screens[number] = await begin()
        if dice.random() < 0.5:
            await session.idle()
            screens[number].check_readable()
    for screen in screens:
        await screen.session.idle()
        screen.check_readable()
        if screen.session.state.phase is SessionPhase.READY and screen.session.state.account == ACCOUNT:
            await all_is_listed_once(screen, path)
    for screen in screens:
        await end(screen)


async def all_is_listed_once(screen: Screen, path: Path) -> None:
    """Load all of the working Region: as many rows as SQL counts for the account, by whichever way they came."""
    session = screen.session
    session.explorer.search_only()
    session.explorer.ask_lookup(Lookup())
    for _ in range(3):
        await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    screen.check_readable()
    store = session._stored.store
    assert store is not None
    scope = Scope(CONNECTION.origin, ACCOUNT, REGION)
    found = await found_keys(store, Search(scope, ALWAYS))
    assert [key.row_id for key in found] == list(session.explorer.query.ids)
    connection = sqlite3.connect(path)
    counted = connection.execute(
        "SELECT count(*) FROM event JOIN scope ON scope.id = event.scope WHERE scope.account = ? AND scope.region = ?",
        (ACCOUNT, REGION),
    ).fetchone()
    connection.close()
    assert counted == (len(session.explorer.query.ids),)

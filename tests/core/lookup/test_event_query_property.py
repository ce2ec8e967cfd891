"""Whatever throttling, repetition, late events and refused tokens do: nothing lost, nothing twice, newest first."""

import asyncio
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from support.core_driver import CoreDriver
from support.examples import examples
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    FakeCloudTrail,
    FakeConnector,
    event,
    internal,
    invalid_token,
    throttled,
    unreachable,
)
from support.stored import event_ids

from ctui.core.lookup.event_query import QueryPhase
from ctui.model.connection import Connection
from ctui.model.lookup.lateness import LATE_SECONDS
from ctui.store.events import EventStore

_FAILURES = {"throttled": throttled, "token": invalid_token, "internal": internal, "reset": unreachable}
mishaps = st.lists(st.sampled_from([None, None, None, *_FAILURES]), max_size=25)


@settings(max_examples=examples(40), deadline=None)
@given(
    ages=st.lists(st.integers(0, 30), max_size=80),
    late=st.lists(st.integers(0, 400) | st.integers(0, LATE_SECONDS), max_size=80),
    hopeless=st.lists(st.integers(0, 86_400), max_size=3),
    page_size=st.integers(1, 12),
    mishaps=mishaps,
    repeats=st.booleans(),
    window=st.sampled_from([None, 1, 2]),
    pauses=st.lists(st.booleans(), max_size=6),
)
def test_every_event_that_was_there_at_the_start_is_shown_once_newest_first(  # noqa: PLR0917 - drawn by name
    ages: list[int],
    late: list[int],
    hopeless: list[int],
    page_size: int,
    mishaps: list[str | None],
    repeats: bool,
    window: int | None,
    pauses: list[bool],
) -> None:
    async def run() -> None:
        clock = AutoClock()
        service = FakeCloudTrail(clock, page_size=page_size, repeats=repeats, window=window)
        service.events = [event(f"e{number}", EPOCH - timedelta(seconds=age)) for number, age in enumerate(ages)]
        service.available = {f"e{number}": EPOCH + timedelta(seconds=wait) for number, wait in enumerate(late)}
        there = {name for name in (known.event_id for known in service.events) if _there(service, name, EPOCH)}
        service.failures.extend(None if name is None else _FAILURES[name]() for name in mishaps)

        session = CoreDriver(FakeConnector(service), _open_store, clock)
        running = asyncio.create_task(session.run())
        await session.idle()
        for stop in pauses:
            session.explorer.query.everything()
            for _ in range(3):
                await asyncio.sleep(0)
            if stop:
                session.explorer.query.stop()
        for _ in range(len(mishaps) + 1):
            await session.load_all()
        assert session.explorer.query.state.phase is QueryPhase.COMPLETE

        lines = session.summaries(session.explorer.query.ids)
        names = event_ids(session, session.explorer.query.ids)
        assert len(set(names)) == len(names)
        assert there <= set(names)
        assert [line.summary.time for line in lines] == sorted((line.summary.time for line in lines), reverse=True)
        assert len(names) == session.explorer.query.state.loaded

        # An hour later what came late is found by asking the same again, and what came later still by R alone.
        service.failures.clear()
        clock.advance(LATE_SECONDS)
        session.refresh()
        await load_all(session)
        rows = set(session.explorer.query.ids)
        assert len(rows) == len(ages)
        for number, wait in enumerate(hopeless):
            service.events.append(event(f"hopeless{number}", EPOCH - timedelta(seconds=1200 + number)))
            service.available[f"hopeless{number}"] = clock.now() + timedelta(seconds=wait)
        clock.advance(max(hopeless, default=0))
        session.refresh()
        await load_all(session)
        assert set(session.explorer.query.ids) == rows
        session.ask_again()
        await load_all(session)
        assert rows <= set(session.explorer.query.ids), "row ids never change"
        assert len(session.explorer.query.ids) == len(rows) + len(hopeless)
        await session.close()
        await running

    asyncio.run(run())


async def load_all(session: CoreDriver) -> None:
    await session.idle()
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


def _there(service: FakeCloudTrail, name: str, moment: datetime) -> bool:
    return service.available.get(name, moment) <= moment


async def _open_store(connection: Connection | None) -> EventStore:
    return await EventStore.open(None)

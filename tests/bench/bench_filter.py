"""Measure the filter line over rows that are here: `python tests/bench/bench_filter.py [ROWS]`.

Fills a store with sample traffic, opens it without a connection and types lines whose matches lie at the top, at the
bottom or nowhere. Prints, for each, milliseconds to the first row and to the last, and the longest time for which the
loop, and with it the keys, had to wait.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from ctui.core.session import Session
from ctui.core.sources import Gateway, Resolved
from ctui.emulator.options import Lag
from ctui.emulator.traffic import past
from ctui.errors import EndpointUnreachable
from ctui.model.clock import SystemClock
from ctui.model.connection import Connection, LoginTrace, Scope
from ctui.model.event.event import Event, Resource
from ctui.store.events import EventStore

ACCOUNT = "111111111111"
HERE = Connection(None, "us-east-1", "http://127.0.0.1:1", "http://127.0.0.1:1", LoginTrace(settings="bench"))
DEEP = "needle in the haystack"
LINES = (
    "is:write", "is:error", "name:Describe*", "-name:Describe* -name:List* -name:Get*", "user:nobody",
    "ip:203.0.113.199", "needle", '"needle in the haystack"', "/n.edle/", "requestParameters.note:needle*",
    "agent:*needle*", "is:read needle", "/^needle$/", "name:Nothing is:write error:*",
)  # fmt: skip


class Nobody:
    """A connector that never reaches anything: the store alone answers."""

    async def connect(self, resolved: Resolved) -> Gateway:
        """Raise EndpointUnreachable."""
        resolved(HERE)
        raise EndpointUnreachable("Bench", "Nothing listens there.")


def events(rows: int) -> Iterator[Event]:
    """So many events, newest first, the last of which alone holds the needle."""
    now = datetime.now(UTC).replace(microsecond=0)
    week = sorted(past(7, ACCOUNT, int(now.timestamp()), Lag.NONE), key=lambda one: -one.time)
    for number, one in enumerate(islice((one for _ in count() for one in week), rows)):
        text = one.record
        if number == rows - 1:
            text = (
                f'{text[:-1]},"requestParameters":{{"note":"{DEEP}"}},"errorMessage":"a needle","userAgent":"needle"}}'
            )
        yield Event(
            event_id=f"{number:08}-0000-4000-8000-000000000000", time=now - timedelta(seconds=number * 20),
            name=one.name, source=one.source, username=one.username, read_only=one.read_only,
            access_key_id=one.access_key_id,
            resources=tuple(Resource(each.type, each.name) for each in one.resources), record=text,
        )  # fmt: skip


class Heart:
    """Beats every millisecond of the loop's time and knows the longest pause."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def beat(self) -> None:
        """Go on until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.worst, last = max(self.worst, now - last - 0.001), now


async def _measure(path: Path) -> None:
    async def store(_connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    session = Session(Nobody(), store, SystemClock())
    running = asyncio.create_task(session.run())
    await session.idle()
    session.explorer.query.everything()
    await session.idle()
    print(f"{len(session.explorer.query.ids)} rows\n{'first':>7} {'last':>7} {'lag':>6}  passing  line (milliseconds)")
    explorer = session.explorer
    for line in LINES:
        explorer.type("")
        await session.idle()
        heart = Heart()
        beating = asyncio.create_task(heart.beat())
        await asyncio.sleep(0.05)
        begun, first = time.perf_counter(), list[float]()

        def note(_: None, begun: float = begun, first: list[float] = first) -> None:
            if not first and explorer.rows is not session.explorer.query and len(explorer.rows.ids):
                first.append(time.perf_counter() - begun)

        leave = explorer.changed.subscribe(note)
        explorer.type(line)
        await session.idle()
        last = time.perf_counter() - begun
        leave()
        beating.cancel()
        shown = f"{first[0] * 1000:7.0f}" if first else "      -"
        print(f"{shown} {last * 1000:7.0f} {heart.worst * 1000:6.1f}  {explorer.state.shown:7}  {line}")
    await session.close()
    await running


async def _fill(path: Path, rows: int) -> None:
    store = await EventStore.open(path)
    await store.remember(HERE, ACCOUNT)
    page = list[Event]()
    for one in events(rows):
        page.append(one)
        if len(page) == 1000:
            await store.add_page(Scope(HERE.origin, ACCOUNT, HERE.region), page)
            page.clear()
    await store.add_page(Scope(HERE.origin, ACCOUNT, HERE.region), page)
    await store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fill(Path(folder) / "events.db", int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
        asyncio.run(_measure(Path(folder) / "events.db"))

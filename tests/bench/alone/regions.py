"""Measure Regions side by side: `PYTHONPATH=tests python tests/bench/alone/regions.py [REGIONS] [EVENTS]`.

A process of its own lets two lookups a second arrive in each Region and refuses all others. All events of one Region
are loaded alone, then those of all Regions at once, and once more on a screen's loop, whose pauses are measured: how
much longer than ten milliseconds it lets a timer wait. Not part of the test run: it takes a minute.
"""

import asyncio
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from bench.alone.pace import END, StrictService, served_by, serving
from bench.asking import connected

from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

_REGION = re.compile(r"Credential=[^/]+/\d+/([^/]+)/")
_TICK = 0.01


class ManyRegions:
    """A strict service in each Region that is asked."""

    def __init__(self, events: int) -> None:
        self._services: dict[str, StrictService] = {}
        self._events = events

    async def answer(self, request: web.Request) -> web.Response:
        """One call, in the Region that it was signed for."""
        found = _REGION.search(request.headers.get("Authorization", ""))
        region = found.group(1) if found else ""
        if region not in self._services:
            self._services[region] = StrictService(self._events, 0.0, 0.0, region)
        return await self._services[region].answer(request)


async def load(endpoint: str, regions: int) -> tuple[float, int, int, float]:
    """(Seconds of a load of everything, rows, refused lookups, the longest pause of the loop in seconds)."""
    span = datetime.fromtimestamp(END, UTC)
    lookup = Lookup(timespan=parse_timespan(f"{span - timedelta(days=9):%Y-%m-%dT%H:%MZ}..{span:%Y-%m-%dT%H:%M:%SZ}"))
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(_TICK)
            longest = max(longest, time.monotonic() - before - _TICK)

    with tempfile.TemporaryDirectory() as folder:
        async with connected(endpoint, Path(folder) / "events.db", lookup, 2.0) as session:
            session.explorer.query.stop()
            await session.idle()
            session.explorer.search_also(*(f"xx-test-{number}" for number in range(1, regions)))
            await session.idle()
            watching = asyncio.create_task(watch())
            begun = time.monotonic()
            session.explorer.query.everything()
            await session.idle()
            took = time.monotonic() - begun
            watching.cancel()
            return took, session.explorer.query.state.loaded, session.queue.state.throttled, longest


def main(regions: int, events: int) -> None:
    """Print a line for one Region, and one for all of them."""
    alone = 0.0
    for count in (1, regions):
        with serving(__file__, str(events)) as endpoint:
            cpu = time.process_time()
            took, rows, refused, pause = asyncio.run(load(endpoint, count))
            cpu = time.process_time() - cpu
        alone = alone or took
        print(
            f"{count} Regions: {rows} rows in {took:.2f} s, {took / alone:.2f} times one alone; {refused} refused, "
            f"{cpu / took:.2f} of a core, longest pause of the loop {1000 * pause:.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["serve"]:
        asyncio.run(served_by(ManyRegions(int(given[1])).answer))
    else:
        main(*(int(number) for number in [*given, "34", "500"][:2]))

"""The filter line over stored events, as the screen asks: the explorer of a session whose service is out of reach.

The 25 ms for which a typed line waits for another key are left out.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.dataset import NEEDLE, Filled, connection, filled
from bench.figure import Figure, Limit, Stopwatch, Value, enough
from bench.peers import duckdb_files, duckdb_table, grep, jq, lnav
from bench.run import Run

from ctui.core.session import Session
from ctui.core.sources import Gateway, Resolved
from ctui.errors import EndpointUnreachable
from ctui.model.clock import SystemClock
from ctui.model.connection import Connection
from ctui.store.events import EventStore
from ctui.store.pruning import Retention

_WORD = NEEDLE.rpartition(" ")[2]
_DEBOUNCE = 0.05
"""Waits up to this many seconds are for another key."""
_ALL_IDS, _NEGATIONS = "all ids into view, from a closed store", "three negations, of all ids into view"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is typed, and what of it is a figure."""

    figure: str
    text: str
    limit: Limit | None = None
    first: bool = False
    """Whether the first rows are what counts; else all of them."""


LINES = (
    Line("is:error, first rows", "is:error", Limit(100), first=True),
    Line("is:error, all rows", "is:error", Limit(150)),
    Line("a field's value, all rows", "user:{user}", Limit(50)),
    Line("a value that does not occur", "user:nobody-of-this-name", Limit(10)),
    Line("a word, first rows", "accessdenied", Limit(100), first=True),
    Line("a word in the oldest record alone, all searched", _WORD, Limit(1500)),
    Line("a regular expression, all searched", f"/{_WORD[:-2]}.{_WORD[-1]}/"),
    Line(_NEGATIONS, "-name:Describe* -name:List* -name:Get*", Limit(1.2)),
    Line("what each term removes, counted", "name:Nothing is:write error:*"),
)


_HELD_UP = "longest hold-up of keys while is:error filters"
NAMES = (_ALL_IDS, *(each.figure for each in LINES), _HELD_UP)


class Lines:
    """The lines that are wanted, and their figures."""

    def __init__(self, run: Run) -> None:
        self._run = run
        wanted = {each.figure: each for each in LINES if run.wants(each.figure)}
        self._lines = tuple(wanted.values())
        self.figures = {name: Figure(name, "ms", limit=each.limit, at=1_000_000) for name, each in wanted.items()}
        self.all_ids = Figure(_ALL_IDS, "ms", limit=Limit(700), at=1_000_000)
        self.held_up = Figure(_HELD_UP, "ms")

    async def measure(self, store: Filled) -> None:
        """Measure over one store."""
        watch = Stopwatch()
        for _ in enough(self._run.runs):
            watch.begin()
            async with unreachable(store) as session:
                session.explorer.everything()
                await session.idle()
                watch.end()
        self.all_ids.values[store.events] = watch.value
        async with unreachable(store) as session:
            session.explorer.everything()
            await session.idle()
            for line in self._lines:
                firsts, alls = Stopwatch(), Stopwatch()
                for _ in enough(self._run.runs):
                    await typed(session, line.text.format(user=store.user), firsts, alls)
                chosen = firsts if line.first else alls
                if chosen.walls:
                    self.figures[line.figure].values[store.events] = chosen.value
                else:
                    self.figures[line.figure].why = "no row"
            if self._run.wants(_HELD_UP):
                self.held_up.values[store.events] = Value(await _longest_hold_up(session, "is:error"))


def filtering(run: Run) -> Iterator[Figure]:
    """Every line, at every size."""
    lines = Lines(run)
    for size in run.sizes:
        asyncio.run(lines.measure(filled(run.folder, size, run.port)))
    figures, all_ids = lines.figures, lines.all_ids
    _set_beside(run, figures)
    if (negations := figures.get(_NEGATIONS)) is not None:
        negations.unit = "×"
        negations.values = {
            size: Value(each.value / all_ids.values[size].value, each.cpu) for size, each in negations.values.items()
        }
    yield from (all_ids, *figures.values(), lines.held_up)


async def typed(session: Session, text: str, firsts: Stopwatch, alls: Stopwatch) -> None:
    """Type a line over the unfiltered rows, and measure until the first rows and until all are there."""
    explorer = session.explorer
    explorer.type("")
    await session.idle()
    found = False

    def note(_: None) -> None:
        nonlocal found
        if not found and explorer.rows is not explorer.query and len(explorer.rows.ids):
            found = True
            firsts.end()

    leave = explorer.changed.subscribe(note)
    firsts.begin()
    alls.begin()
    explorer.type(text)
    await session.idle()
    alls.end()
    leave()


async def _longest_hold_up(session: Session, text: str) -> float:
    """The longest time, milliseconds, for which the loop did nothing else while a line was filtered."""
    session.explorer.type("")
    await session.idle()
    worst = 0.0

    async def beat() -> None:
        nonlocal worst
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            worst, last = max(worst, now - last - 0.001), now

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0.05)
    worst = 0.0
    session.explorer.type(text)
    await session.idle()
    beating.cancel()
    return 1000 * worst


def _set_beside(run: Run, figures: dict[str, Figure]) -> None:
    """The same questions for other programs, at the largest size."""
    size = run.sizes[-1]
    if (errors := figures.get("is:error, all rows")) is not None:
        errors.peers = [
            duckdb_table(run, size, "errorCode IS NOT NULL"),
            duckdb_files(run, size, "errorCode IS NOT NULL"),
            jq(run, size, ".errorCode != null"),
        ]
    if (value := figures.get("a field's value, all rows")) is not None:
        user = filled(run.folder, min(size, 100_000), run.port).user if size >= 1000 else ""
        value.peers = [duckdb_table(run, size, f"userIdentity->>'userName' = '{user}'")]
    if (word := figures.get("a word in the oldest record alone, all searched")) is not None:
        word.peers = [grep(run, size, NEEDLE), lnav(run, size, _WORD)]


class _Nobody:
    """A connector that never reaches anything: the store alone answers."""

    def __init__(self, port: int) -> None:
        self._here = connection(port)

    async def connect(self, resolved: Resolved) -> Gateway:
        """Raise EndpointUnreachable."""
        resolved(self._here)
        raise EndpointUnreachable("Bench", "Nothing listens there.")


class NoOtherKey(SystemClock):
    """The machine's clock, by which no other key is waited for."""

    async def sleep(self, seconds: float) -> None:
        """Do not wait for so short a time."""
        await super().sleep(0 if seconds <= _DEBOUNCE else seconds)


@asynccontextmanager
async def unreachable(stored: Filled) -> AsyncIterator[Session]:
    """A session over a store, without a service, once its first rows are there."""

    async def store(_connection: Connection | None) -> EventStore:
        return await EventStore.open(Path(stored.path))

    session = Session(_Nobody(stored.port), store, NoOtherKey(), retention=Retention(max_bytes=None))
    running = asyncio.create_task(session.run())
    await session.idle()
    yield session
    await session.close()
    await running

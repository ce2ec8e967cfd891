"""How long ctui takes until there is something to see, each start beside one that does as little as can be done.

A start ends when the text that is waited for has come out of the terminal. The ways to start take turns, so that a busy
moment hits all of them. CPU is that of ctui's own process; the emulator of --demo is another one.
"""

import contextlib
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.emulators import ROW, SHOWN_ROW, emulator, silent_service
from bench.figure import Figure, Limit, Peer, Value
from bench.program import CTUI, Program, environment
from bench.run import Run

EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("empty app")

Empty().run()
"""
ASKING_APP = """
import asyncio, sys
from textual.app import App
from textual.widgets import Static

class Asking(App):
    def compose(self):
        yield Static()

    def on_mount(self):
        self.run_worker(self.ask())

    async def ask(self):
        from aiobotocore.session import get_session
        async with get_session().create_client("cloudtrail", endpoint_url=sys.argv[1]) as client:
            page = await client.lookup_events()
        self.query_one(Static).update(" ".join(event["EventName"] for event in page["Events"]))

Asking().run()
"""
"""What is on the screen and where it comes from, with nothing of ctui: its memory is what the libraries take."""
FRAME = "Events"
"""A title of the frame, which has no rows yet."""
NAMES = (
    "--version",
    "--help",
    "first frame",
    "warm store, first rows, no network",
    "--endpoint-url, first row",
    "--demo, first row",
    "memory at the first rows",
)
_MEMORY_WAY = "--endpoint-url, first row"
PYTHON, TEXTUAL, CLIENT = "python -c pass", "empty Textual app", "Textual app with a client of aiobotocore"


@dataclass
class Way:
    """A way to start, and what to wait for."""

    name: str
    command: tuple[str, ...]
    until: str = ""
    """A text that comes out of the terminal; "" waits for the end of the program."""
    limit: Limit | None = None
    walls: list[float] = field(default_factory=list)
    """Milliseconds."""
    cpus: list[float] = field(default_factory=list)
    """Milliseconds."""
    memories: list[float] = field(default_factory=list)
    """Resident then, MB; none where the program has ended."""

    def start(self, variables: dict[str, str]) -> None:
        """Start once, measure, and kill what was started."""
        with Program(self.command, variables) as program:
            program.until(self.until)
            self.walls.append(1000 * (program.seen - program.begun))
            if self.until and Path("/proc").exists():
                self.memories.append(program.memory())
            self.cpus.append(program.kill())


def starting(run: Run) -> Iterator[Figure]:
    """Every way to start, and the memory at the first rows."""
    folder = run.folder / "starting"
    folder.mkdir(exist_ok=True)
    variables = environment(folder)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(emulator(variables))
        silent = stack.enter_context(silent_service(variables, folder / "warm.db"))
        warm = (*CTUI, "--endpoint-url", silent, "--store", str(folder / "warm.db"))
        ways = [
            Way(PYTHON, (sys.executable, "-c", "pass")),
            Way("--version", (*CTUI, "--version"), limit=Limit(5, PYTHON)),
            Way("--help", (*CTUI, "--help"), limit=Limit(5, PYTHON)),
            Way(TEXTUAL, (sys.executable, "-c", EMPTY_APP), "empty app"),
            Way("first frame", (*CTUI, "--endpoint-url", silent), FRAME, Limit(1.3, TEXTUAL)),
            Way("warm store, first rows, no network", warm, ROW, Limit(1.5, TEXTUAL)),
            Way(CLIENT, (sys.executable, "-c", ASKING_APP, url), SHOWN_ROW),
            Way(_MEMORY_WAY, (*CTUI, "--endpoint-url", url), SHOWN_ROW, Limit(1000)),
            Way("--demo, first row", (*CTUI, "--demo"), SHOWN_ROW, Limit(1200)),
        ]
        chosen = {each.name for each in ways if run.wants(each.name)}
        chosen |= {_MEMORY_WAY, TEXTUAL, CLIENT} if run.wants(NAMES[-1]) else set()
        chosen |= {each.limit.of_peer for each in ways if each.limit and each.name in chosen}
        ways = [each for each in ways if each.name in chosen]
        for _ in range(run.runs):
            for each in ways:
                each.start(variables)
    yield from _figures(ways)


def _figures(ways: list[Way]) -> Iterator[Figure]:
    medians = {each.name: Value(statistics.median(each.walls), statistics.median(each.cpus)) for each in ways}
    for each in ways:
        if each.name not in (PYTHON, TEXTUAL, CLIENT):
            base = each.limit.of_peer if each.limit else ""
            peers = [Peer(base, medians[base].value)] if base else []
            yield Figure(each.name, "ms", {0: medians[each.name]}, peers, each.limit)
    for each in ways:
        if each.name == _MEMORY_WAY and each.memories:
            peers = [Peer(one.name, statistics.median(one.memories)) for one in ways if one.name in (CLIENT, TEXTUAL)]
            memory = Value(statistics.median(each.memories))
            yield Figure(NAMES[-1], "MB", {0: memory}, peers, Limit(75))

"""What a key and a page cost a program with a screen of 160x48: CPU, from outside."""

import contextlib
import statistics
import sys
import time
from collections.abc import Iterator

from bench.dataset import REGION, log_files
from bench.emulators import emulator
from bench.figure import Figure, Limit, Peer, Value
from bench.program import CTUI, Program, environment
from bench.run import Run

SCROLL_VIEW = """
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

PLAIN, DIM = Style(), Style(dim=True)

class Lines(ScrollView):
    def on_mount(self):
        self.virtual_size = Size(self.size.width, 100_000)

    def render_line(self, y):
        number = self.scroll_offset.y + y
        parts = [Segment(f"line {number} part {part} ", DIM if part % 2 else PLAIN) for part in range(8)]
        return Strip(parts).adjust_cell_length(self.size.width)

class Bare(App):
    def compose(self):
        yield Lines()

    def on_key(self, event):
        self.query_one(Lines).scroll_relative(y=1, animate=False, immediate=True, force=True)

Bare().run()
"""
BARE = "bare ScrollView"
_EVENTS = 10_000
_PAGE = 50
_RATE = 68
"""Pages a second: 34 Regions at two each."""
_EACH = 0.06
"""Seconds between two keys, so that none waits for another."""
_KEYS = 60


def keys(run: Run) -> Iterator[Figure]:
    """An arrow, a step that scrolls, and the same in a bare ScrollView."""
    with loaded(run) as program:
        program.press("g")
        program.until_quiet()
        arrow = [cost(program, ["j", "k"] * (_KEYS // 2)) for _ in range(run.runs)]
        program.press("j" * 45)
        program.until_quiet()
        scroll = [cost(program, ["j"] * _KEYS) for _ in range(run.runs)]
    with Program((sys.executable, "-c", SCROLL_VIEW), environment(run.folder)) as bare:
        bare.until("line 20")
        bare.until_quiet()
        beside = [cost(bare, ["j"] * _KEYS) for _ in range(run.runs)]
    yield _figure("CPU of an arrow", arrow, [], Limit(8))
    bare_cost = Peer(BARE, statistics.median(cpu for cpu, _ in beside))
    yield _figure("CPU of a step that scrolls", scroll, [bare_cost], Limit(14))
    bare_wait = Peer(BARE, statistics.median(wait for _, wait in beside))
    wait = Value(statistics.median(wait for _, wait in scroll))
    yield Figure("from a key that scrolls to what it draws", "ms", {0: wait}, [bare_wait])


def _figure(name: str, costs: list[tuple[float, float]], peers: list[Peer], limit: Limit) -> Figure:
    cpu = statistics.median(cpu for cpu, _ in costs)
    return Figure(name, "ms", {0: Value(cpu, cpu)}, peers, limit)


def cost(program: Program, pressed: list[str]) -> tuple[float, float]:
    """(CPU of a key, ms, without what the program takes at rest; median ms from a key to the first byte it draws)."""
    seconds = len(pressed) * _EACH
    rest = _rest(program, seconds)
    before, waits = program.cpu(), []
    for key in pressed:
        begun = time.perf_counter()
        program.press(key)
        waits.append(1000 * program.wait())
        program.read(max(0.0, _EACH - (time.perf_counter() - begun)))
    used = program.cpu() - before
    # The smaller of both: now and then something is done behind what is drawn.
    rest = min(rest, _rest(program, seconds))
    return max(0.0, used - rest) / len(pressed), statistics.median(waits)


def _rest(program: Program, seconds: float) -> float:
    """The CPU it takes in so many seconds without a key, ms."""
    before = program.cpu()
    program.read(seconds)
    return program.cpu() - before


def pages(run: Run) -> Iterator[Figure]:
    """What a page costs the main thread while pages come fast."""
    costs = []
    for _ in range(run.runs):
        with started(run, _RATE) as (program, count):
            before, all_before = program.cpu(main_thread=True), program.cpu()
            program.press("M")
            program.until_quiet()
            number = max(1, count // _PAGE - 1)
            main, everything = program.cpu(main_thread=True) - before, program.cpu() - all_before
            costs.append((main / number, everything / number))
    main, everything = (statistics.median(each) for each in zip(*costs, strict=True))
    yield Figure(
        f"a page on the main thread, {_RATE} pages a second", "ms", {0: Value(main, everything)}, limit=Limit(6)
    )


@contextlib.contextmanager
def loaded(run: Run) -> Iterator[Program]:
    """ctui with some thousands of events in view, at rest."""
    with started(run, 1000) as (program, _):
        program.press("M")
        program.until_quiet()
        yield program


@contextlib.contextmanager
def started(run: Run, rate: float) -> Iterator[tuple[Program, int]]:
    """ctui at rest with the first events in view, and how many there are in all."""
    count = min(_EVENTS, run.sizes[-1])
    logs = log_files(run.folder, count, REGION)
    variables = environment(run.folder)
    history = ("--no-traffic", "--history-days", "36500", "--load", str(logs))
    with (
        emulator(variables, *history, rate=10_000) as url,
        Program((*CTUI, "--endpoint-url", url, "--no-store", "--lookup-rate", str(rate)), variables) as program,
    ):
        program.until("us-east-1")
        program.until_quiet()
        yield program, count


NAMES = ("CPU of an arrow", "CPU of a step that scrolls", "from a key that scrolls to what it draws")
PAGES = (f"a page on the main thread, {_RATE} pages a second",)

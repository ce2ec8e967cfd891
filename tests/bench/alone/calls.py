"""Count what a key, a frame and a page cost: `python tests/bench/bench_calls.py [80x24]`.

Runs the real app over the service in memory and counts Python calls inside ctui, the states that core builds, and how
often a pane is asked what stands in it while it is empty. Counts, not seconds: they do not depend on the machine.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from pathlib import Path
from types import CodeType, FrameType

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.driver import Driver, driving
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.service import Service, events
from support.sessions import temporary_store

import ctui
from ctui.core.session import Session
from ctui.ui.app import CtuiApp
from ctui.ui.terminal.clipboard import Clipboard

_OURS = str(Path(ctui.__file__).parent)
_STATES = ("QueryState", "ExplorerState", "QueueState")
_ASKED = ("ScopeScan._advance", "EventTable.placeholder")


class Counts:
    """Calls of ctui's functions while it is switched on."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.total = 0
        self.files: set[str] = set()
        self.changes = 0
        self._last = ""

    def __enter__(self) -> "Counts":
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, _arg: object) -> None:
        code = frame.f_code
        if event != "call":
            return
        if code.co_filename.startswith("<") and code.co_name == "__init__":
            self._count_state(code, frame)
        elif code.co_filename.startswith(_OURS):
            self.total += 1
            self.calls[code.co_qualname if sys.version_info >= (3, 11) else code.co_name] += 1
            self.files.add(code.co_filename)
            self.changes += code.co_filename != self._last
            self._last = code.co_filename

    def _count_state(self, _code: CodeType, frame: FrameType) -> None:
        # A dataclass's __init__ is compiled from a string.
        name = type(frame.f_locals.get("self")).__name__
        if name in _STATES:
            self.calls[name] += 1

    def line(self, what: str) -> str:
        """The counts as one line."""
        states = " ".join(f"{self.calls[name]:>5}" for name in (*_STATES, *_ASKED))
        return f"{what:30} {self.total:>8} {states}"


async def measured(what: str, ctui: Driver, act: Callable[[], Awaitable[None]]) -> Counts:
    """Print what `act` costs, from rest to rest."""
    await ctui.settle()
    with Counts() as counts:
        await act()
        await ctui.settle()
    print(counts.line(what), flush=True)
    return counts


def app(history: int) -> tuple[CtuiApp, Session, Service]:
    """The app over so many events."""
    service = Service(events(history, EPOCH, timedelta(minutes=1)))
    session = Session(service, temporary_store, AutoClock())
    return CtuiApp(session, zone=UTC, clipboard=Clipboard(lambda _text: None, {})), session, service


async def main(size: tuple[int, int]) -> None:
    """Every key."""
    print(f"{'':30} {'calls':>8} {' '.join(name[:5] for name in (*_STATES, 'horizon', 'placeholder'))}")
    program, session, _ = app(1000)
    async with driving(program, session, size) as ctui:
        await ctui.settle()
        await measured("j", ctui, lambda: ctui.press("j"))
        await ctui.press(*"j" * 28)
        await measured("j near the end, with its page", ctui, lambda: ctui.press("j"))
        counts = await measured("m: one page", ctui, lambda: ctui.press("m"))
        print(f"{'':30} {len(counts.files)} files, {counts.changes} changes of file")
        await ctui.press("slash")
        await measured("a letter in the line", ctui, lambda: ctui.press("u"))
        await ctui.press("ctrl+l", "escape")
        await measured("w", ctui, lambda: ctui.press("w"))
        await measured("w again", ctui, lambda: ctui.press("w"))
    program, session, _ = app(0)
    async with driving(program, session, size) as ctui:
        await ctui.settle()
        await measured("w over an empty answer", ctui, lambda: ctui.press("w"))
        await measured("a frame of an empty pane", ctui, lambda: frame(ctui))
    program, session, _service = app(1000)
    async with driving(program, session, size) as ctui:
        await ctui.settle()
        await ctui.press("slash")
        await ctui.write("nowhere")
        await ctui.press("escape")
        await measured("x over rows all hidden", ctui, lambda: ctui.press("x"))
        await measured("the same, its frame", ctui, lambda: frame(ctui))


async def frame(ctui: Driver) -> None:
    """Draw the events once."""
    ctui.app.screen.query_one("#events").refresh()
    await ctui.pilot.pause()


if __name__ == "__main__":
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "160x48").split("x")
    asyncio.run(main((int(width), int(height))))

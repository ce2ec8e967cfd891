"""A view driver: presses keys on the real app and reads what a person would see. Stories are written with it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import textual.app
import textual.pilot
import textual.screen
import textual.strip
from support.fakes.clock import AutoClock
from textual._context import active_app
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot
from textual.widgets import Input
from textual.widgets._toast import Toast
from textual.worker import WorkerCancelled

from ctui.core.session import Session
from ctui.ui.app import CtuiApp
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.screens import browse
from ctui.ui.widgets.pane_view import PaneView

WIDE = (160, 48)
SMALL = (80, 24)
_FRAME_SECONDS = 5.0
"""Between two frames while the app is at work: a slow terminal's pace, since drawing is most of what a test costs."""
_MOST_LOOKS = 200_000
"""At the loop, until it is taken for one that never comes to rest."""
_WAIT_SECONDS, _MOST_WAITS = 0.002, 60_000
"""Between two looks at what happens outside of the loop, and how often one looks: two minutes at least."""
_SCREEN_SECONDS = 600.0
"""Until a screen that handles no message is taken for one that never does. Textual gives a busy machine 30."""
_MORE_FOLLOWS = ContextVar("_MORE_FOLLOWS", default=False)
"""Whether the driver will wait for a frame later: then none is drawn before."""
_WORK = frozenset(("record", "copy", "completion", "seen", "counts", "jump", "path", "begin", "log-in"))
"""Groups of workers that end on their own."""


class Driver:
    """One running app. Everything it returns was read off widgets as they are drawn, not from their state."""

    def __init__(self, app: CtuiApp, pilot: "Pilot[None]", session: Session, pictures: Path | None) -> None:
        self.copied: list[str] = []
        """Texts that reached the terminal's clipboard."""
        self.app = app
        self.pilot = pilot
        self.session = session
        self._pictures = pictures
        self._began = False

    async def settle(self) -> None:
        """Return when core has nothing left to do and the screen shows it; raises faults that the app has taken."""
        if not self._began:
            await self.pilot.pause()  # core begins after the first frame
            self._began = True
        await self._come_to_rest()
        await self.wait_until(lambda: len(self.app.screen.query(Toast)) == len(self.app._notifications))
        if self.faults:
            raise self.faults[0]

    async def _come_to_rest(self) -> None:
        working = True
        while working:
            await self._unless_crashed(self.session.idle())
            await self.pilot.pause()
            working = self._a_key_or_a_call_is_under_way() or await self._core_is_at_work()
            if working:
                await asyncio.sleep(_WAIT_SECONDS)
            for worker in [each for each in self.app.workers if each.group in _WORK and not each.is_finished]:
                working = True
                with suppress(WorkerCancelled):  # a later one has taken its place
                    await worker.wait()
            for screen in self.app.screen_stack:
                # What comes by itself is shown at a pace that no test waits for.
                if not working and isinstance(screen, ShownAtRest) and screen.latest._put_off:
                    working = True
                    screen.latest.catch_up()

    @property
    def faults(self) -> list[BaseException]:
        """What nobody had foreseen, and the app has told and outlived: in a story, a failure."""
        return self.app.bugs.met

    def _a_key_or_a_call_is_under_way(self) -> bool:
        """A call may be one of a form, which waits for the answer itself: core does not know of it."""
        clock = self.session.clock
        return not self.app.keys.at_rest or (isinstance(clock, AutoClock) and clock.is_held)

    async def _core_is_at_work(self) -> bool:
        idle = asyncio.ensure_future(self.session.idle())
        await asyncio.sleep(0)
        try:
            return not idle.done()
        finally:
            idle.cancel()

    async def _unless_crashed(self, waiting: Coroutine[Any, Any, None]) -> None:
        """Await something of core, but raise at once what the app may have died of meanwhile."""
        dead: asyncio.Event = self.app._exception_event
        crash = asyncio.ensure_future(dead.wait())
        idle = asyncio.ensure_future(waiting)
        try:
            await asyncio.wait([idle, crash], return_when=asyncio.FIRST_COMPLETED)
            if (fault := self.app._exception) is not None:
                raise fault
            await idle
        finally:
            crash.cancel()
            idle.cancel()

    async def press(self, *keys: str) -> None:
        """Press keys, each once the one before has had its effect in core too, and wait for what they bring."""
        for number, key in enumerate(keys):
            if number:
                await self._come_to_rest()
            follow = _MORE_FOLLOWS.set(True)
            await self.app._press_keys([key])
            _MORE_FOLLOWS.reset(follow)
        await self.settle()

    async def write(self, text: str) -> None:
        """Type a text in one go, and wait for what it brings. Keys one by one come to the same: tests/ui/keys."""
        chunk(self.app, text)
        await self.settle()

    async def tap(self, *keys: str) -> None:
        """Press keys and wait for the screen alone: core may still be at work."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def wait_until(self, true: Callable[[], bool]) -> None:
        """Let the app work on until something holds; for parts of Textual that tell nobody when they are done."""
        for _ in range(_MOST_WAITS):
            if true():
                return
            await self.pilot.pause()
            if true():
                return
            await asyncio.sleep(_WAIT_SECONDS)
        raise AssertionError("it never came to hold:\n" + self.text())

    def screen(self) -> list[str]:
        """Every line of the terminal."""
        width, height = self.app.size
        lines = self.app.screen._compositor.render_strips()
        return [strip.text[:width] for strip in lines[:height]]

    def text(self) -> str:
        """The terminal as one text."""
        return "\n".join(self.screen())

    def pane(self, name: str) -> list[str]:
        """The lines inside a pane ("trails", "status", "events", "detail"), blanks at their ends left out."""
        view = self._view(name)
        return [view.render_line(y).text.rstrip() for y in range(view.scrollable_content_region.height)]

    def title(self, name: str) -> str:
        """A pane's title as its border shows it, the line between its parts left out."""
        region = self._view(name).region
        line = self.screen()[region.y][region.x : region.right]
        return re.sub(r"[─━]{2,}", "──", line).strip("╭╮┏┓─━ ")

    def seen(self, name: str) -> bool:
        """Whether a pane is on the screen; Shape is made when it is opened first."""
        return any(view.region.area for view in self.app.screen.query(f"#{name}"))

    def cursor(self, name: str = "events") -> str:
        """The line under a pane's cursor, "" where there is none in sight."""
        return next((line[1:].strip() for line in self.pane(name) if line.startswith("▌")), "")

    def focus(self) -> str:
        """Name of the pane that has the focus."""
        focused = self.app.screen.focused
        return focused.id or "" if focused else ""

    def line(self, name: str) -> str:
        """One of the lines beside the panes: "header", "status-summary", "feed-line", "keys"."""
        region = self.app.screen.query_one(f"#{name}").region
        return self.screen()[region.y].strip() if region.area else ""

    def typed(self) -> str:
        """The text of the filter line."""
        return self.app.screen.query_one("#filter", Input).value

    def hint(self) -> str:
        """The line below the filter line, "" while it is not typed in."""
        region = self.app.screen.query_one("#filter-hint").region
        return self.screen()[region.y][region.x : region.right].strip() if region.area else ""

    def seen_line(self) -> bool:
        """Whether the filter line is on the screen."""
        return bool(self.app.screen.query_one("#filter-line").region.area)

    def notices(self) -> list[str]:
        """Texts of the notifications in sight, titles included."""
        return [toast.render().plain for toast in self.app.screen.query(Toast)]

    def shot(self, name: str) -> None:
        """Draw a picture of the screen, when pictures are wanted (`pytest --screenshots`)."""
        if self._pictures is None:
            return
        svg = self.app.export_screenshot(title="ctui")
        svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
        # The emulator takes any free port; a picture drawn again should be the same picture.
        svg = re.sub(r"(127\.0\.0\.1:)\d{5}", r"\g<1>40000", svg)
        svg = svg.replace("Fira Code", "ui-monospace, DejaVu Sans Mono")
        (self._pictures / f"{name}.svg").write_text(svg, encoding="utf-8")

    def _view(self, name: str) -> PaneView:
        return self.app.screen.query_one(f"#{name}", PaneView)


async def quiet_loop(*_seconds: float) -> None:
    """Return when the loop has nothing left to do and no screen waits for its next frame.

    Textual's own `wait_for_idle` goes by CPU time, and gives up after a second: on a busy machine a process that waits
    for the CPU looks idle, and one that is at work is left in the midst of it. A frame is drawn at once then: to wait
    for its time takes longer than all the rest of a test.
    """
    app = active_app.get()
    for _ in range(_MOST_LOOKS):
        # A new size waits for the next one for some milliseconds; all else is done as soon as the loop comes to it.
        await asyncio.sleep(0 if app._resize_timer is None else 0.001)
        if _loop_is_busy() or app._resize_timer is not None:
            continue
        waiting = _screens_with_a_frame_due(app)
        if _MORE_FOLLOWS.get() or not waiting:
            return
        await _draw(waiting)
    raise AssertionError("the loop never came to rest")


def _loop_is_busy() -> bool:
    return bool(asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]


def _screens_with_a_frame_due(app: "textual.app.App[Any]") -> "list[textual.screen.Screen[Any]]":
    if app._exit:
        return []
    return [screen for screen in app.screen_stack if screen.is_running and screen._update_timer._active.is_set()]


async def _draw(screens: "list[textual.screen.Screen[Any]]") -> None:
    """What the timers of these screens do when their time has come. It happens outside of the screens' own loops: in
    there, a screen behind a box would ask for a next frame with each."""
    for screen in screens:
        with screen._context():
            await screen._update_timer._tick(next_timer=0, count=0)


async def _draw_at_once(app: CtuiApp) -> None:
    """Draw each frame when the loop has nothing else to do, until canceled."""
    with app._context():
        while True:
            await asyncio.sleep(0.001)
            if not _loop_is_busy():
                await _draw(_screens_with_a_frame_due(app))


for _period in ("_AGE_SECONDS", "_LIVE_SECONDS"):
    assert _period in vars(browse), "what the main screen does every few seconds has other names now"
    # Whether a test takes so long is the machine's affair; one of what is done then does it by hand.
    vars(browse)[_period] = 3600
for _user in (textual.pilot, textual.app):
    assert "wait_for_idle" in vars(_user), "Textual waits for rest in another way now"
    vars(_user)["wait_for_idle"] = quiet_loop
assert Pilot._wait_for_screen.__defaults__ == (30.0,), "Textual waits for its widgets in another way now"
Pilot._wait_for_screen.__defaults__ = (_SCREEN_SECONDS,)
assert "UPDATE_PERIOD" in vars(textual.screen), "Textual draws its frames at another pace now"
vars(textual.screen)["UPDATE_PERIOD"] = _FRAME_SECONDS
assert "FIFOCache" in vars(textual.strip), "Textual remembers parts of a line in another way now"
# Seven of them are made for each part of each line that is drawn; a dict does the same, and costs a sixth less CPU.
vars(textual.strip)["FIFOCache"] = lambda _size: {}


@asynccontextmanager
async def driving(
    app: CtuiApp, session: Session, size: tuple[int, int] = WIDE, pictures: Path | None = None
) -> AsyncIterator[Driver]:
    """Run the app headless in a terminal of that size, and close its session at the end."""
    # A slow machine must not make a notification go before it is read, nor two clicks of what is one double click.
    type(app).NOTIFICATION_TIMEOUT = 3600
    type(app).CLICK_CHAIN_TIME_THRESHOLD = 3600
    starting = asyncio.create_task(_draw_at_once(app))
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            starting.cancel()
            driver = Driver(app, pilot, session, pictures)
            try:
                yield driver
            finally:
                await session.close()
            if driver.faults:
                raise driver.faults[0]
    finally:
        starting.cancel()


def chunk(app: CtuiApp, text: str) -> None:
    """What a terminal sends at once, read as Textual reads it."""
    for event in XTermParser().feed(text):
        app.post_message(event)


async def at_rest(ctui: Driver) -> None:
    """Every key has had its effect."""
    await ctui.pilot.pause()
    await ctui.wait_until(lambda: ctui.app.keys.at_rest)

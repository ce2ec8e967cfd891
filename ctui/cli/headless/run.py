"""Runs a command without a screen: settings become a session, and whatever happens becomes an exit code."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.headless.asking import ask_secret, can_ask
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.remedies import words_of
from ctui.cli.headless.streams import ReaderLeft, Streams
from ctui.cli.process.collecting import resume
from ctui.cli.store_location import store_path
from ctui.config.load_settings import load_settings, settings_file
from ctui.config.settings import Settings
from ctui.core.lookup.queue import QueueState
from ctui.core.session import Session, SessionPhase
from ctui.core.session_state import SessionState
from ctui.errors import CtuiError, InternalError, SettingsError
from ctui.model.lookup.lookup import Lookup
from ctui.render.text.times import clock_time

if TYPE_CHECKING:
    from ctui.cli.demo import Demo

PATIENCE = 120.0
"""Seconds without a page after which a command ends with what has failed: a script must not wait for ever."""
_CLOSE_SECONDS = 5.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Run:
    """One run of a command: its session, which is not connected yet, its settings and its streams."""

    def __init__(self, settings: Settings, session: Session, streams: Streams, *, demo: bool = False) -> None:
        """`demo`: nothing of it is kept."""
        self.settings = settings
        self.session = session
        self.streams = streams
        self._demo = demo
        self._running: asyncio.Task[None] | None = None
        self._said: list[CtuiError] = []
        self._last_words: str | None = None
        session.changed.subscribe(self._say_notice)
        session.queue.changed.subscribe(self._show_outage)

    async def connect(self) -> None:
        """Start the session, and return once there is a connection. Raises the CtuiError why there is none."""
        ready = asyncio.Event()
        ends = (SessionPhase.READY, SessionPhase.FAILED)

        def changed(state: SessionState) -> None:
            if state.phase in ends:
                ready.set()
            elif state.waiting is not None:
                self.streams.show_progress(f"connecting … {state.waiting.what}")

        leave = self.session.changed.subscribe(changed)
        self._running = asyncio.create_task(self.session.run(), name="session")
        await ready.wait()
        leave()
        if (error := self.session.state.error) is not None:
            raise error

    async def close(self) -> None:
        """Close the session. What the store reports as it closes is said, and behind it the last words."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.session.close()
                if self._running is not None:
                    await self._running
        if self._last_words is not None:
            self.streams.say(self._last_words)

    def end_with(self, words: str) -> None:
        """Say this once nothing else can be said."""
        self._last_words = words

    def say_interrupted(self) -> None:
        """Say that it was interrupted, and what is kept of what was loaded."""
        words = "What was loaded is kept: the same command goes on from there."
        if store_path(self.settings, self.session.state.connection, demo=self._demo) is None:
            words = "" if self._demo else "Nothing is kept of what was loaded: --store keeps it."
        self.streams.remark(f"Interrupted. {words}".rstrip())

    def _show_outage(self, queue: QueueState) -> None:
        """Say on a terminal what is waited for."""
        if (outage := queue.outage) is not None:
            since = clock_time(outage.since)
            self.streams.show_progress(f"{outage.region}: {outage.error.title} since {since} UTC, trying again …")

    def _say_notice(self, state: SessionState) -> None:
        """Say what a session reports once, such as a store that was set aside."""
        for notice in (state.notice, state.clocks):
            if notice is not None and notice not in self._said:
                self._said.append(notice)
                self.streams.remark(words_of(notice))


def run_headless(
    flags: dict[str, Any],
    work: Callable[[Run], Awaitable[ExitCode]],
    *,
    demo: bool = False,
    quiet: bool = False,
    reads_trails: bool = False,
    lookup: Lookup | None = None,
    logs_in: bool = True,
    files_alone: bool = False,
) -> int:
    """Run `work` with a session of these settings, and return the exit code; its errors are said on stderr.

    `flags`: the settings that were given as flags. `demo`: the made-up account in place of AWS. `quiet`: words of
    errors and of what is missing only. `reads_trails`: the session lists the trails as it connects. `lookup`: what it
    asks the service first, by default all events of the settings' range; an impossible one asks nothing. Without
    `logs_in` no call is made: `connect` raises NotConnected, and what is stored of the login of before can be read.
    `files_alone`: the log files of the settings are searched, and nothing is asked of AWS.

    Raises click.UsageError for a setting that cannot be used, wherever it is written: a warning of a script is not
    read.
    """
    try:
        settings = load_settings(flags, os.environ, settings_file())
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    if settings.problems:
        raise click.UsageError("\n".join(map(str, settings.problems)))
    if files_alone:
        settings = settings.without_service
    from ctui.cli.session_parts import make_session  # noqa: PLC0415 - a wrong setting needs no session

    streams = Streams(quiet=quiet)
    ask = ask_secret if can_ask() else None
    make = partial(
        make_session, settings, ask=ask, reads_trails=reads_trails, lookup=lookup, logs_in=logs_in, patience=PATIENCE
    )
    emulated = _demo(settings.working_region) if demo else None
    return asyncio.run(_run(settings, streams, work, emulated, make))


def _demo(region: str | None) -> "Demo":
    from ctui.cli.demo import Demo  # noqa: PLC0415 - of no use elsewhere

    return Demo(region)


async def _run(
    settings: Settings,
    streams: Streams,
    work: Callable[[Run], Awaitable[ExitCode]],
    demo: "Demo | None",
    make: Callable[..., Session],
) -> int:
    received: list[int] = []
    with contextlib.ExitStack() as ending:
        run = Run(settings, make(demo=demo, ending=ending), streams, demo=demo is not None)
        resume()
        try:
            with _cancelled_by_signals(received):
                return await _code_of(run, work)
        except asyncio.CancelledError:
            run.say_interrupted()
            return 128 + received[0]
        finally:
            await run.close()
            if demo is not None:
                await demo.close()


async def _code_of(run: Run, work: Callable[[Run], Awaitable[ExitCode]]) -> ExitCode:
    """What the work ends with. Its errors are said; a bug in a task ends the work, which might wait for that task."""
    task = asyncio.current_task()
    assert task is not None, "this runs as a task"
    bugs: list[Exception] = []

    def end(bug: Exception) -> None:
        bugs.append(bug)
        task.cancel()

    leave = run.session.bugs.subscribe(end)
    try:
        return await work(run)
    except CtuiError as error:
        run.streams.say(words_of(error))
    except ReaderLeft:
        return ExitCode.PIPE_CLOSED
    except asyncio.CancelledError:
        if not bugs:
            raise
        task.uncancel()
        run.streams.say(str(InternalError.of(bugs[0], "")))
    except Exception as bug:  # noqa: BLE001 - Python's own exit code would mean that nothing was found
        run.streams.say(str(InternalError.of(bug, "")))
    finally:
        leave()
    return ExitCode.FAILED


@contextlib.contextmanager
def _cancelled_by_signals(received: list[int]) -> Iterator[None]:
    """A signal cancels the current task and is noted, so that all is closed in order; a second one, or one that comes
    afterwards, ends the process at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None, "this runs as a task"

    def cancel(number: int) -> None:
        stop_waiting()
        received.append(number)
        task.cancel()

    def stop_waiting() -> None:
        for each in _SIGNALS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)

    for each in _SIGNALS:
        loop.add_signal_handler(each, cancel, each)
    try:
        yield
    finally:
        stop_waiting()

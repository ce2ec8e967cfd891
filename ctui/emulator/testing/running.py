"""Runs an emulator in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.server import Emulator
from ctui.emulator.testing.service import START_SECONDS, CloudTrail
from ctui.emulator.world_clock import WorldClock
from ctui.model.clock import Clock


@contextmanager
def running(options: EmulatorOptions, clock: Clock | None = None) -> Iterator[CloudTrail]:
    """An emulator in a thread with a loop of its own. Raises what its start raises."""
    world_clock = clock or WorldClock()
    emulator = Emulator(options, world_clock)
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        ending = asyncio.Event()
        async with emulator:
            started.set_result((asyncio.get_running_loop(), ending))
            await ending.wait()

    def work() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=work, name="ctui-emulator", daemon=True)
    thread.start()
    loop, ending = started.result(START_SECONDS)
    try:
        yield CloudTrail(emulator, world_clock, loop)
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(START_SECONDS)

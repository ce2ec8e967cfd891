"""Work that may block for long goes to a thread of its own, which never keeps the program from ending."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def off_loop(work: Callable[[], T], name: str = "ctui-aws") -> T:
    """What `work()` returns or raises, run in a daemon thread.

    The loop's own executor is joined when the loop ends, so a login that hangs there would hold up `q`.
    Cancelling the wait leaves the thread to finish unheard.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def deliver(settle: Callable[[], None]) -> None:
        if not outcome.done():
            settle()

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits
            failure = error
            tell = lambda: deliver(lambda: outcome.set_exception(failure))  # noqa: E731
        else:
            tell = lambda: deliver(lambda: outcome.set_result(value))  # noqa: E731
        # A closed loop means that the program has ended meanwhile: nobody is left to be told.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await outcome

"""Runs work that may block for long in a daemon thread, which never keeps the program from ending."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def off_loop(work: Callable[[], T], name: str = "ctui-work") -> T:
    """Run `work()` in a daemon thread, and return or raise what it does.

    The loop's own executor is joined when the loop ends, so a login or a network's folder that hangs there would delay
    `q`. If the wait is canceled, the thread finishes and its result is dropped.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def deliver(set_outcome: Callable[[], None]) -> None:
        if not outcome.done():
            set_outcome()

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
            failure = error
            report = lambda: deliver(lambda: outcome.set_exception(failure))  # noqa: E731
        else:
            report = lambda: deliver(lambda: outcome.set_result(value))  # noqa: E731
        # If the loop is closed, the program has ended and the result is not needed.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(report)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await outcome

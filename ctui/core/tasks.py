"""The tasks of a session: each has a name and is awaited at the end, and every failure is reported."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from ctui.core.signal import Signal
from ctui.errors import CtuiError, InternalError

T = TypeVar("T")


class Unwanted(Exception):
    """The result is no longer wanted: the work was dropped before it started. Never leaves core."""


class Tasks:
    """A set of running tasks. An exception that is no CtuiError is a bug of ours, and is published in `bugs`."""

    def __init__(self) -> None:
        self.bugs: Signal[Exception] = Signal()
        """Unexpected exceptions, as raised, each once."""
        self._running: set[asyncio.Task[Any]] = set()
        self._over = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._running)

    @property
    def closed(self) -> bool:
        """True once `close` was called: nothing starts any more."""
        return self._closed

    def start(self, coroutine: Coroutine[Any, Any, T], name: str) -> "asyncio.Task[T]":
        """Run a coroutine as a guarded task; needs a running loop. After `close` it is cancelled at once."""
        task = asyncio.get_running_loop().create_task(self._run(coroutine), name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        # A task that is cancelled before its first step never starts the coroutine.
        task.add_done_callback(lambda _: coroutine.close())
        if self._closed:
            task.cancel()
        return task

    async def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        try:
            return await self.guard(coroutine)
        except InternalError:
            raise
        except (CtuiError, Unwanted) as error:
            # The code that started the task does not expect it, and may not await its end.
            self.bugs.publish(error)
            raise

    async def guard(self, work: Awaitable[T]) -> T:
        """What `work` gives. A bug in it is reported, and raised as InternalError, like any error of ours."""
        try:
            return await work
        except (CtuiError, Unwanted):
            raise
        except Exception as error:
            self.bugs.publish(error)
            raise InternalError.of(error) from error

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            # It has been reported; asyncio must not log it again.
            task.exception()

    async def idle(self) -> None:
        """Return when no task is left, including tasks that running ones start."""
        while self._running:
            await asyncio.wait(self._running)
            await asyncio.sleep(0)

    async def closing(self) -> None:
        """Return when the set is closed."""
        await self._over.wait()

    async def close(self) -> None:
        """Cancel what runs and wait for its end; the caller's own task is left alone."""
        self._closed = True
        while others := self._running - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)
        self._over.set()


async def ended(task: "asyncio.Task[Any] | None") -> None:
    """Wait for the end of a task, whatever it is: a result, an exception or a cancellation. None has ended already."""
    if task is not None:
        await asyncio.wait([task])

"""The tasks a session owns: each is known by name, awaited at the end, and none fails unheard."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """A set of running tasks. What a task raises beyond cancellation is a fault of ours: `watch` raises it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._faults: list[BaseException] = []
        self._over = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._running)

    @property
    def closed(self) -> bool:
        """True once `close` was called: nothing starts any more."""
        return self._closed

    def start(self, coroutine: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a coroutine as a task of this set; needs a running loop. After `close` it is cancelled at once."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        if self._closed:
            task.cancel()
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._faults.append(fault)
            self._over.set()

    async def idle(self) -> None:
        """Return when no task is left, those that running ones start included."""
        while self._running:
            await asyncio.wait(self._running)
            await asyncio.sleep(0)

    async def watch(self) -> None:
        """Wait until the set is closed; raises the first exception that no task had foreseen."""
        await self._over.wait()
        if self._faults:
            raise self._faults[0]

    async def close(self) -> None:
        """Cancel what runs and wait for its end; the caller's own task is left alone."""
        self._closed = True
        while others := self._running - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)
        self._over.set()

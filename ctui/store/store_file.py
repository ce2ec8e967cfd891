"""StoreFile: the open file of a store, with the threads that write to it and search it."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Self, TypeVar

from ctui.errors import StoreError
from ctui.store.opening import damage, rescue
from ctui.store.opening.opening import Opened, open_files
from ctui.store.opening.presence import Displaced
from ctui.store.opening.progress import Progress, paced
from ctui.store.writing import is_busy

T = TypeVar("T")

_PATIENCE = 30.0
"""Seconds to wait for other processes that write."""


class StoreFile:
    """An SQLite file in WAL mode. One connection writes, in its own thread; one searches, in another; one reads, for
    the event loop.

    Open it with `open`. Methods raise StoreError if SQLite or the disk refuses.
    """

    def __init__(self, opened: Opened, thread: ThreadPoolExecutor) -> None:
        self.path = opened.path
        self.notice = opened.notice
        """What happened to an unusable file, or what is wrong with its folder, to show once; usually None."""
        self.on_notice: Callable[[StoreError], None] = lambda notice: None
        """Called on the loop with what happened to the file while it was open, or at its close. `path` may have changed
        by then."""
        self._opened = opened
        self._thread = thread
        self._search_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ctui-search")
        self._closing: asyncio.Future[StoreError | None] | None = None

    @classmethod
    async def open(cls, path: Path | None, *, own: bool = False, progress: Progress = lambda done, total: None) -> Self:
        """Open or create the store at `path`, or in a private temporary folder if it is None. Close removes that.

        Temporary folders of dead processes are removed first. `own`: ctui chose the path, not the user; its folder is
        made private, and a file there that is no database is set aside. `progress` hears on the loop how far an older
        store is converted, ten times a second at most.
        """
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ctui-store")
        cancelled = Event()
        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(progress, done, total)

        opening = thread.submit(open_files, path, own=own, cancelled=cancelled, progress=paced(tell))
        try:
            return cls(await asyncio.wrap_future(opening), thread)
        except BaseException:
            # Cancelled while the thread is opening it: if that succeeds, it has to be closed again.
            cancelled.set()
            opening.add_done_callback(_dispose)
            thread.shutdown(wait=False)
            raise

    async def close(self) -> None:
        """Finish the running write and close the file; a temporary one is removed. May be called again.

        A write that waits for another process is cancelled.
        """
        first = self._closing is None
        if self._closing is None:
            self._closing = asyncio.get_running_loop().run_in_executor(self._thread, self._close_files)
        notice = await asyncio.shield(self._closing)
        self._thread.shutdown(wait=False)
        if first and notice is not None:
            self.on_notice(notice)

    async def read_unfinished(self) -> str:
        """The digest of the load that was under way last, "" for none (`store.unfinished`)."""
        from ctui.store.unfinished import read_unfinished  # noqa: PLC0415 - the first frame offers nothing

        path = self.path
        return await self._run_in(self._thread, lambda: read_unfinished(path))

    async def write_unfinished(self, digest: str) -> None:
        """Remember this load in place of the one before; "" removes it."""
        from ctui.store.unfinished import write_unfinished  # noqa: PLC0415 - the first frame offers nothing

        path = self.path
        await self._run_in(self._thread, lambda: write_unfinished(path, digest))

    def _close_files(self) -> StoreError | None:
        # A running search ends before its connection is closed.
        self._search_thread.shutdown(wait=True, cancel_futures=True)
        notice = rescue.restore_at_close(self._opened)
        self._opened.close()
        return notice

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        # The connection is being closed in another thread: SQLite would read freed memory.
        if self._closing is not None:
            raise StoreError("Event store", "The store is closed.")
        return self._guard("read", lambda: damage.read(self._opened.reader, work))

    async def _search(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def search() -> T:
            return self._guard("read", lambda: damage.read(self._opened.searcher, work))

        return await self._run_in(self._search_thread, search)

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await self._run_in(
            self._thread, lambda: self._guard("written", lambda: self._retry_while_busy(work, loop))
        )

    def _retry_while_busy(self, work: Callable[[sqlite3.Connection], T], loop: asyncio.AbstractEventLoop) -> T:
        """Wait for other processes that write, in small steps, because SQLite's own wait cannot be interrupted.

        If the file is no longer at its path, reconnect first.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._opened.writer.check()
                return work(self._opened.writer)
            except Displaced:
                self._reconnect(loop)
            except sqlite3.OperationalError as error:
                if not is_busy(error) or self._closing is not None or time.monotonic() >= until:
                    raise

    def _reconnect(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the writer's thread: switch to connections that hold the same rows, and close the old ones."""
        old = self._opened
        new = rescue.reconnect(old)
        if new is old:
            return
        self._opened, self.path = new, new.path
        old.writer.close()
        # Each is closed in the thread that uses it, after its running query.
        self._search_thread.submit(old.searcher.close)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(old.reader.close)
            if new.notice is not None:
                loop.call_soon_threadsafe(self.on_notice, new.notice)
        if old.temp_folder is not None:
            old.temp_folder.remove()

    async def _run_in(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self._closing is not None:
            raise StoreError("Event store", "The store is closed.")
        return await asyncio.get_running_loop().run_in_executor(thread, work)

    def _guard(self, done: str, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.Error as error:
            if damage.is_damage(error):
                raise self._damaged(error) from error
            raise StoreError(
                "Event store",
                f"{self.path} cannot be {done}: {error}.",
                "Check the free disk space and the owner of the file, then try again.",
            ) from error

    def _damaged(self, error: sqlite3.Error) -> StoreError:
        if self._opened.temp_folder is not None:
            remedy = "It was a temporary store. Restart ctui."
        else:
            try:
                damage.mark(self.path, self._opened.presence.inode)
                remedy = "Restart ctui: it sets the file aside and creates a new store. Nothing is deleted."
            except OSError as refused:
                remedy = f"Move the file away before you restart ctui. It could not be marked as damaged: {refused}."
        return StoreError("Event store damaged", f"{self.path} is damaged: {error}.", remedy)


def _dispose(opening: "Future[Opened]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()

"""Keeps the index of a tree up to date, in a thread of its own: what is done about it, and how it stands.

Two processes may have one tree open. The first indexes it, the other reads what has been written, and takes over when
the first one ends.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread
from typing import Final

from ctui.errors import CtuiError, FilesError, InternalError
from ctui.files.index.container import Container
from ctui.files.index.indexing import Indexing, TreeReader
from ctui.files.index.opening_index import INDEXING, lock_of
from ctui.files.index.tables import is_full
from ctui.files.index.tree_states import Holes, holes_of, tree_state
from ctui.model.log_files.tree_state import TreePhase, TreeState

_PUBLISH_SECONDS: Final = 0.5
"""Seconds between two states while files are indexed."""
_OTHER_SECONDS: Final = 0.5
"""Seconds after which is looked again at what another process has written, and whether it has ended."""
_END_SECONDS: Final = 1.0
"""Seconds to wait for the thread at the end. It ends by itself later, if a disk or a network's folder hangs."""


class IndexKeeper:
    """Keeps one index up to date. Its methods may be called from any thread; the index is closed after it has ended."""

    def __init__(
        self, container: Container, reader: TreeReader, state: TreeState, publish: Callable[[TreeState], None]
    ) -> None:
        """`state`: what is known of the tree before its index is read. `publish` is called in a thread with each new
        state, twice a second at most while files are indexed."""
        self._container = container
        self._reader = reader
        self._publish = publish
        self._state = state
        self._holes: Holes = {}
        self._published = 0.0
        self._looked = False
        self._stopped = Event()
        self._wanted = Event()
        self._thread: Thread | None = None
        self._indexing: Indexing | None = None

    def begin(self) -> None:
        """Publish how the index stands, and index what is new in the background."""
        self._wanted.set()
        self._say(TreePhase.INDEXING)
        self._thread = Thread(target=self._keep, name="ctui-files-index", daemon=True)
        self._thread.start()

    def update(self) -> None:
        """Look for files again, in the background."""
        self._wanted.set()

    def end(self) -> None:
        """End what runs. Blocks for some tenths of a second at most."""
        self._stopped.set()
        self._wanted.set()
        if self._indexing is not None:
            self._indexing.stop()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    @property
    def ended(self) -> bool:
        """True if nothing runs any more."""
        return self._thread is None or not self._thread.is_alive()

    def _keep(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._stopped.is_set():
                return
            try:
                self._index()
            except CtuiError as error:
                self._fail(error)
            except (OSError, sqlite3.Error) as error:
                self._fail(FilesError("Log files", f"The tree cannot be indexed: {error}."))
            except Exception as error:  # noqa: BLE001 - nothing above this thread could catch it: the screen says it
                self._fail(InternalError.of(error))

    def _index(self) -> None:
        self._say(TreePhase.INDEXING)
        lock = lock_of(self._container.path, INDEXING)
        while not lock.take():
            if self._stopped.wait(_OTHER_SECONDS):
                return
            self._container.refresh()
            self._say(TreePhase.INDEXING)
        try:
            self._run()
        finally:
            lock.release()
        if not self._stopped.is_set():
            self._holes = holes_of(self._container)
            self._say(TreePhase.READY)

    def _run(self) -> None:
        self._container.refresh()
        self._looked = False
        try:
            self._indexing = Indexing(self._container, self._reader, self._stopped, self._written)
            self._indexing.run()
        except FilesError as error:
            if self._container.temporary is not None or not is_full(error.__cause__):
                raise
            self._container.move()
            notice = f"{error.message} It goes on in a temporary folder, and is removed at the end."
            self._state = replace(self._state, notices=(*self._state.notices, notice))
            self._run()

    def _written(self) -> None:
        if not self._looked:
            # All files of the tree are in the index from here on, whether they have been read or not.
            self._looked = True
            self._holes = holes_of(self._container)
        elif time.monotonic() - self._published < _PUBLISH_SECONDS:
            return
        self._say(TreePhase.INDEXING)

    def _say(self, phase: TreePhase) -> None:
        self._state = tree_state(self._container, replace(self._state, phase=phase, error=""), self._holes)
        self._published = time.monotonic()
        if not self._stopped.is_set():
            self._publish(self._state)

    def _fail(self, error: CtuiError) -> None:
        self._state = replace(self._state, phase=TreePhase.FAILED, error=f"{error.message} {error.remedy}".strip())
        if not self._stopped.is_set():
            self._publish(self._state)

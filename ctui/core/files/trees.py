"""Trees: the trees of log files of a session: opening them, how they stand, and looking for new files in them."""

from collections.abc import Callable, Sequence

from ctui.core.explorer.queries import Queries
from ctui.core.files.log_files import LogFiles
from ctui.core.files.store_with_files import StoreWithFiles
from ctui.core.session_state import SessionPhase, SessionStatus
from ctui.core.session_store import SessionStore
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError, FilesError
from ctui.model.connection import Scope
from ctui.model.log_files.tree_state import TreePhase, TreeState


class Trees:
    """Opens each tree once. Their rows are read through the store, which they are given to."""

    def __init__(
        self,
        trees: Sequence[LogFiles],
        tasks: Tasks,
        status: SessionStatus,
        stored: SessionStore,
        *,
        queries: Callable[[], Queries],
        marks_changed: Callable[[], None],
    ) -> None:
        """`queries` returns the session's queries; `marks_changed` is called where rows may be of marked events."""
        self._trees = dict(enumerate(trees, 1))
        self._tasks = tasks
        self._status = status
        self._stored = stored
        self._queries = queries
        self._marks_changed = marks_changed
        self._open: dict[int, LogFiles] = {}
        self._failed: dict[int, CtuiError] = {}
        self._told: set[str] = set()
        self._rows_left = False
        """True if rows may be on the screen that are of no file any more."""
        self._status.change(trees=self._states())

    async def show_alone(self) -> None:
        """There is no service: show what the trees have. Raises FilesError if none can be read."""
        await self.open()
        self._stored.scope = self._stored.trees[0]
        self._status.change(phase=SessionPhase.READY)
        self._queries().start()

    async def show_without_connection(self) -> None:
        """There is a service, and no connection to it: show what the trees have. Raises FilesError or StoreError."""
        if self._status.state.files_alone:
            return
        if notice := await self._stored.open(self._status.state.connection):
            self._status.change(notice=notice)
        await self.open()
        if self._stored.scope is None:
            self._stored.scope = self._stored.trees[0]
        self._queries().show_stored()

    async def open(self) -> None:
        """Open the trees that are not open, and search them too. Raises FilesError if no tree is open then."""
        store = self._stored.store
        assert isinstance(store, StoreWithFiles), "who gives trees to a session opens a store that reads them"
        for number, tree in self._trees.items():
            if number not in self._open:
                try:
                    await self._tasks.guard(tree.open(number, self._telling(tree.scope)))
                except CtuiError as error:
                    self._failed[number] = error
                else:
                    self._failed.pop(number, None)
                    self._open[number] = tree
        store.trees = dict(sorted(self._open.items()))
        self._stored.trees = tuple(tree.scope for tree in store.trees.values())
        self._status.change(trees=self._states())
        if not self._open:
            raise next(iter(self._failed.values()))
        if self._failed:
            self._status.change(notice=next(iter(self._failed.values())))
        self._queries().scopes_joined()
        self._marks_changed()

    def update(self) -> None:
        """Look for new files in the trees that are open, and try to open the others."""
        for tree in self._open.values():
            self._tasks.start(self._status.report(tree.update), "look for log files")
        if self._failed:
            self._tasks.start(self._status.report(self.open), "open log files")

    async def close(self) -> None:
        """Close all of them."""
        trees, self._open = self._open, {}
        for tree in trees.values():
            await tree.close()

    def _tell_notices(self) -> None:
        """Say once what is to be said about the indexes."""
        notices = {notice for tree in self._status.state.trees for notice in tree.notices}
        for notice in sorted(notices - self._told):
            self._told.add(notice)
            self._status.change(notice=FilesError("Index of log files", notice))

    def _states(self) -> tuple[TreeState, ...]:
        return tuple(self._state(number) for number in self._trees)

    def _state(self, number: int) -> TreeState:
        state, error = self._trees[number].state, self._failed.get(number)
        return state if error is None else TreeState(state.path, TreePhase.FAILED, error=error.message)

    def _telling(self, scope: Scope) -> Callable[[], None]:
        return lambda: self._tree_changed(scope)

    def _tree_changed(self, scope: Scope) -> None:
        changes = list(zip(self._status.state.trees, self._states(), strict=True))
        # First, so that who waits for all rows does not take it for all that there are.
        self._queries().files_changed(scope)
        self._status.change(trees=tuple(now for _, now in changes))
        self._tell_notices()
        self._rows_left = self._rows_left or any(now.gone > before.gone for before, now in changes)
        if any(now.phase is TreePhase.READY and before.phase is TreePhase.INDEXING for before, now in changes):
            self._marks_changed()
            if self._rows_left:
                self._rows_left = False
                self._queries().files_left()

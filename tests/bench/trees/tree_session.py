"""A session over one tree of log files, as `ctui files` has it, without a screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.filtering import NoOtherKey

from ctui.config.word_file import WordFiles
from ctui.core.files.no_service import FilesConnector
from ctui.core.files.store_with_files import StoreWithFiles
from ctui.core.session import Session
from ctui.core.session_state import SessionState
from ctui.files.log_files import TreeOfFiles
from ctui.model.connection import Connection
from ctui.model.log_files.tree_state import TreePhase, TreeState


@asynccontextmanager
async def over(tree: Path, indexes: Path) -> AsyncIterator[Session]:
    """A session whose first rows are there. `indexes`: the folder of the indexes."""
    files = TreeOfFiles(str(tree), indexes)
    session = Session(
        FilesConnector(files.scope),
        _store,
        NoOtherKey(),
        read_words=WordFiles().read,
        trees=(files,),
        files_alone=True,
    )
    running = asyncio.create_task(session.run())
    try:
        await session.idle()
        yield session
    finally:
        await session.close()
        await running


async def rows_shown(session: Session) -> None:
    """Wait until some of its rows are in view."""
    shown: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def changed(_: object = None) -> None:
        if not shown.done() and len(session.explorer.rows.ids):
            shown.set_result(None)

    leave = session.explorer.changed.subscribe(changed)
    changed()
    await shown
    leave()


async def indexed(session: Session) -> TreeState:
    """Wait until its tree is indexed and its rows are in view; returns how the tree stands."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def changed(state: SessionState) -> None:
        if not done.done() and all(tree.phase is not TreePhase.INDEXING for tree in state.trees):
            done.set_result(None)

    leave = session.changed.subscribe(changed)
    changed(session.state)
    await done
    leave()
    await session.idle()
    [state] = session.state.trees
    return state


async def newest_name(tree: Path, indexes: Path) -> str:
    """The name of the newest event."""
    async with over(tree, indexes) as session:
        await rows_shown(session)
        return session.event(session.explorer.rows.ids[0]).name or ""


async def _store(_connection: Connection | None) -> StoreWithFiles:
    return await StoreWithFiles.open(None)

"""Rows of log files for one who cannot take them back: newest first, and not before all files are read."""

import asyncio

from core.files.conftest import StartFiles, events
from support.fakes.log_files import FakeTree
from support.stored import event_ids

from ctui.core.rows.certain_rows import CertainRows
from ctui.model.log_files.tree_state import TreePhase


async def test_rows_are_passed_on_once_all_files_are_read(start_files: StartFiles) -> None:
    tree = FakeTree("/logs")
    session = await start_files(tree)
    tree.add(events("c", start=9))
    session.explorer.ask_all("")
    rows, passed = CertainRows(session), list[int]()

    async def read() -> None:
        async for portion in rows.portions():
            passed.extend(portion)

    reading = asyncio.create_task(read())
    await session.idle()
    assert not passed
    tree.add(events("a", "b"), phase=TreePhase.READY)
    await reading
    assert event_ids(session, passed) == ["a", "b", "c"]
    assert rows.late == 0

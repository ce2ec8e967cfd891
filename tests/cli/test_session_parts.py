"""What a session is made of: two logins that need a code ask one after the other, and log files need no login."""

import asyncio
import contextlib
from pathlib import Path

import pytest
from support.log_tree import START, record_of, write_log

from ctui.cli.session_parts import in_turn, make_session
from ctui.config.settings import Settings
from ctui.core.session_state import SessionPhase
from ctui.core.signal import becomes
from ctui.model.log_files.tree_state import TreePhase


async def test_who_asks_while_another_question_stands_waits_for_its_answer() -> None:
    asked: asyncio.Queue[tuple[str, asyncio.Future[str]]] = asyncio.Queue()

    async def ask(prompt: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asked.put_nowait((prompt, answer))
        return await answer

    ask_in_turn = in_turn(ask)
    first, second, third = (asyncio.ensure_future(ask_in_turn(each)) for each in ("first", "second", "third"))
    prompt, answer = await asked.get()
    assert (prompt, asked.empty()) == ("first", True)
    second.cancel()
    answer.set_result("1")
    assert await first == "1"
    prompt, answer = await asked.get()
    assert prompt == "third", "who no longer waits is not asked for"
    answer.set_result("3")
    assert await third == "3"


async def test_log_files_alone_are_a_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    logs = tmp_path / "logs"
    write_log(logs, START, [record_of(number, START - number) for number in range(3)])
    settings = Settings(files=(logs, logs / ".." / "logs"), no_store=True).without_service
    with contextlib.ExitStack() as ending:
        session = make_session(settings, None, None, ending)
        running = asyncio.create_task(session.run())

        def is_indexed() -> bool:
            return session.state.phase is SessionPhase.READY and session.state.trees[0].phase is TreePhase.READY

        await becomes(is_indexed, session.changed)
        await session.idle()
        assert len(session.state.trees) == 1
        assert len(session.explorer.rows.ids) == 3
        await session.close()
        await running

"""Tasks of a session: awaited, ended, and never failing unheard."""

import asyncio

import pytest

from ctui.core.tasks import Tasks


async def test_idle_waits_for_what_tasks_start_themselves() -> None:
    tasks = Tasks()
    done: list[str] = []

    async def inner() -> None:
        await asyncio.sleep(0)
        done.append("inner")

    async def outer() -> None:
        await asyncio.sleep(0)
        tasks.start(inner(), "inner")
        done.append("outer")

    tasks.start(outer(), "outer")
    await tasks.idle()
    assert done == ["outer", "inner"]
    assert len(tasks) == 0
    await tasks.close()


async def test_a_fault_ends_the_watch_with_its_cause() -> None:
    tasks = Tasks()

    async def fail() -> None:
        raise ZeroDivisionError

    tasks.start(fail(), "fail")
    with pytest.raises(ZeroDivisionError):
        await tasks.watch()
    await tasks.close()


async def test_close_ends_everything_and_nothing_begins_after() -> None:
    tasks = Tasks()
    ended: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tasks.start(asyncio.Event().wait(), "too late")
            await asyncio.sleep(0)
            ended.append("stubborn")

    tasks.start(stubborn(), "stubborn")
    await asyncio.sleep(0)
    await tasks.close()
    await tasks.watch()
    assert ended == ["stubborn"]
    assert len(tasks) == 0
    assert tasks.closed

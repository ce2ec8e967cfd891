"""Tasks of a session: awaited, ended, and never failing unheard."""

import asyncio

import pytest

from ctui.core.tasks import Tasks, ended
from ctui.errors import InternalError, StoreError


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


async def test_a_fault_is_told_once_and_ends_only_what_met_it() -> None:
    tasks = Tasks()
    told: list[Exception] = []
    tasks.bugs.subscribe(told.append)
    fault = ZeroDivisionError("by nought")

    async def fail() -> None:
        raise fault

    async def wait_for_it() -> None:
        await tasks.guard(fail())

    outer = tasks.start(wait_for_it(), "fail")
    other = tasks.start(asyncio.sleep(0, "done"), "other")
    await tasks.idle()
    with pytest.raises(InternalError, match="ZeroDivisionError: by nought") as raised:
        await outer
    assert raised.value.__cause__ is fault
    assert told == [fault]
    assert await other == "done"
    await tasks.close()


async def test_an_error_for_people_that_nobody_has_caught_is_told_too() -> None:
    tasks = Tasks()
    told: list[Exception] = []
    tasks.bugs.subscribe(told.append)
    error = StoreError("Full", "The disk is full.")

    async def fail() -> None:
        raise error

    tasks.start(fail(), "fail")
    await tasks.idle()
    assert told == [error]
    await tasks.close()


async def test_being_cancelled_is_no_fault() -> None:
    tasks = Tasks()
    told: list[Exception] = []
    tasks.bugs.subscribe(told.append)
    begun = tasks.start(asyncio.Event().wait(), "begun")
    await asyncio.sleep(0)
    begun.cancel()
    tasks.start(asyncio.Event().wait(), "not begun").cancel()
    await tasks.idle()
    assert begun.cancelled()
    assert told == []
    await tasks.close()


def test_of_a_group_of_one_the_one_is_told() -> None:
    group = ExceptionGroup("in a group", [ExceptionGroup("in another", [ZeroDivisionError("by\nnought")])])
    assert InternalError.of(group).message == "ZeroDivisionError: by nought"
    assert InternalError.of(AssertionError()).message == "AssertionError"


async def test_close_ends_everything_and_nothing_begins_after() -> None:
    tasks = Tasks()
    ends: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tasks.start(asyncio.Event().wait(), "too late")
            await asyncio.sleep(0)
            ends.append("stubborn")

    tasks.start(stubborn(), "stubborn")
    await asyncio.sleep(0)
    await tasks.close()
    await tasks.closing()
    assert ends == ["stubborn"]
    assert len(tasks) == 0
    assert tasks.closed


async def test_the_end_of_a_task_can_be_awaited_whatever_it_is() -> None:
    async def fail() -> None:
        raise StoreError("x", "y")

    failed, cancelled = asyncio.ensure_future(fail()), asyncio.ensure_future(asyncio.Event().wait())
    cancelled.cancel()
    for task in (failed, cancelled, cancelled, None):
        await ended(task)
    assert cancelled.cancelled()
    assert isinstance(failed.exception(), StoreError)

"""The clock that jumps over waits, on which the other tests stand."""

import asyncio

from support.fakes.clock import AutoClock


async def test_time_stands_still_while_a_call_is_under_way_however_long_that_takes() -> None:
    clock, answer = AutoClock(), asyncio.Event()

    async def call() -> None:
        with clock.held():
            await answer.wait()

    calling = asyncio.create_task(call())
    patience = asyncio.create_task(clock.sleep(3))
    for _ in range(1000):
        await asyncio.sleep(0)
    assert not patience.done(), "what waits for an answer must not be given up by the number of turns it takes"
    assert clock.monotonic() == 0
    answer.set()
    await asyncio.gather(calling, patience)
    assert clock.monotonic() == 3

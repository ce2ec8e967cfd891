"""SessionStatus: work that nothing else depends on is reported, and leaves nothing behind when it is cancelled."""

import asyncio
import gc
import warnings

from support.core_driver import StartSession


async def test_work_that_is_cancelled_before_it_starts_leaves_no_coroutine_without_an_await(
    start: StartSession,
) -> None:
    session = await start()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        session.look_after_store()
        started = [task for task in asyncio.all_tasks() if task.get_name() == "look after store"]
        assert [task.cancel() for task in started] == [True]
        await session.idle()
        gc.collect()
    assert [str(warning.message) for warning in caught] == []

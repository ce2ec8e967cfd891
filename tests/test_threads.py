"""Work off the loop: its value, its error, and an end that it cannot hold up."""

import asyncio
import subprocess
import sys
import threading

import pytest

from ctui.threads import off_loop


async def test_the_value_comes_back_from_another_thread() -> None:
    assert await off_loop(threading.current_thread) is not threading.current_thread()


async def test_the_error_comes_back_as_it_was() -> None:
    error = KeyError("x")

    def fail() -> None:
        raise error

    with pytest.raises(KeyError) as caught:
        await off_loop(fail)
    assert caught.value is error


async def test_a_wait_can_be_given_up() -> None:
    begun, released, ended = asyncio.Event(), threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang() -> None:
        loop.call_soon_threadsafe(begun.set)
        released.wait()
        loop.call_soon_threadsafe(ended.set)

    waiting = asyncio.create_task(off_loop(hang))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    released.set()
    await ended.wait()


def test_work_that_hangs_does_not_hold_up_the_end() -> None:
    program = (
        "import asyncio, threading\n"
        "from ctui.threads import off_loop\n"
        "async def main():\n"
        "    begun = asyncio.Event(); loop = asyncio.get_running_loop()\n"
        "    hang = lambda: (loop.call_soon_threadsafe(begun.set), threading.Event().wait())\n"
        "    waiting = asyncio.ensure_future(off_loop(hang))\n"
        "    await begun.wait(); waiting.cancel()\n"
        "asyncio.run(main()); print('ended')\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert (said.stdout, said.stderr) == ("ended\n", "")

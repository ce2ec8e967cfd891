"""A signal ends the program whatever its loop is at: running, waiting for a lock, or never coming back."""

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.story
"""Each test starts a program."""
PROGRAM = """
import asyncio, os, signal, sys, threading, time
from ctui.cli.process.ending import Ending

class App:
    def __init__(self):
        self.left = asyncio.Event()
        self.code = None
    def leave(self, code):
        self.code = code
        self.left.set()
    def hurry(self):
        print("hurry")
    def lose_terminal(self):
        pass

async def main():
    app = App()
    with Ending(app, asyncio.get_running_loop()).watching():
        try:
            asyncio.get_running_loop().call_soon(stuck)
            await app.left.wait()
        finally:
            await asyncio.sleep(0)
            print("closed", flush=True)
    return app.code

def stuck():
    lock = threading.Lock()
    lock.acquire()
    print("ready", flush=True)
    {way}

sys.exit(asyncio.run(main()))
"""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("way", ["pass", "lock.acquire()", "time.sleep(3600)", "while True: pass"])
def test_a_signal_ends_it_and_all_is_closed(way: str, told: signal.Signals) -> None:
    command = [sys.executable, "-c", PROGRAM.format(way=way)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            os.kill(process.pid, told)
            said, complaint = process.communicate(timeout=120)
        finally:
            process.kill()
    assert said.splitlines()[-1:] == [b"closed"]
    assert complaint == b""
    assert process.returncode == (130 if told == signal.SIGINT else 0)

"""Memory that was freed, looked at from another process: what is set holds for all of one."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

LARGE_BLOCKS = """
import sys
from pathlib import Path
from ctui.cli.process.allocator import keep_little_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "set":
    keep_little_memory()
del [bytearray(16 << 20)][0]
before = resident()
blocks = [bytearray(600_000) for _ in range(24)]
blocks.clear()
print(resident() - before)
"""
ARENAS = """
import ctypes, sys, threading
from ctui.cli.process.allocator import keep_little_memory

if sys.argv[1] == "set":
    keep_little_memory()
done = threading.Event()
kept = [threading.Event() for _ in range(4)]
def keep(one):
    block = bytearray(100_000)
    one.set()
    done.wait()
threads = [threading.Thread(target=keep, args=(one,)) for one in kept]
for thread in threads: thread.start()
for one in kept: one.wait()
library = ctypes.CDLL(None)
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
done.set()
"""


def printed(program: str, how: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, how], capture_output=True, text=True, check=True)
    return done.stdout


def kept(how: str) -> int:
    """Bytes that a process keeps of 14 MB that it has freed, after a larger block."""
    return int(printed(LARGE_BLOCKS, how))


pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or not Path("/proc/self/statm").exists(), reason="glibc's own"
)


def test_threads_share_an_arena() -> None:
    assert printed(ARENAS, "not set").count("<heap nr=") > 2, "each thread has its own"
    assert printed(ARENAS, "set").count("<heap nr=") == 1


def test_large_blocks_go_back_to_the_system() -> None:
    assert kept("not set") > 8 << 20, "the C library learns to keep them"
    assert kept("set") < 4 << 20

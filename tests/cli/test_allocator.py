"""Memory of large blocks, looked at from another process: what is set holds for all of one."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from ctui.cli.allocator import give_back_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "set":
    give_back_large_blocks()
del [bytearray(16 << 20)][0]
before = resident()
blocks = [bytearray(600_000) for _ in range(24)]
blocks.clear()
print(resident() - before)
"""


def kept(how: str) -> int:
    """Bytes that a process keeps of 14 MB that it has freed, after a larger block."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc" or not Path("/proc/self/statm").exists(), reason="glibc's own")
def test_large_blocks_go_back_to_the_system() -> None:
    assert kept("not set") > 8 << 20, "the C library learns to keep them"
    assert kept("set") < 4 << 20

"""What ctui keeps of memory that it has freed: as little as the C library lets it.

That of Linux (glibc, mallopt(3)) gives each thread an arena of its own, where no other thread uses what is free: ctui's
threads import much, one after the other, and 1.5 of the 81 MB at the first rows were of that. It also learns from the
largest block that was freed to keep twice as much: once the ids of a million rows were compared, the process stayed
5 MB larger.
"""

import ctypes
from contextlib import suppress
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Numbers of the options, as malloc.h has them."""
_LARGE: Final = 1 << 20
"""Bytes from which a block is large, and that an arena keeps at its end at most."""


def keep_little_memory() -> None:
    """Let threads share arenas, and large blocks go back to the system when they are freed.

    Threads that have an arena keep it: call it before those that need much begin. It does nothing where the C library
    is another one.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            mallopt(option, _LARGE)

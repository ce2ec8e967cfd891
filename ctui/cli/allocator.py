"""Large blocks of memory go back to the system when they are freed.

The C library of Linux (glibc, mallopt(3)) learns from the largest block that was freed to keep twice as much, in the
arena of each thread: once the ids of a million rows were compared, the process stayed 5 MB larger.
"""

import ctypes
from contextlib import suppress
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of the options, as malloc.h has them."""
_LARGE: Final = 1 << 20
"""Bytes from which a block is large, and that an arena keeps at its end at most."""


def give_back_large_blocks() -> None:
    """Set the limits, so that they are no longer learned. It does nothing where the C library is another one."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            mallopt(option, _LARGE)

"""Gives memory back to the system when it is freed, where the C library would keep it."""

import ctypes
from typing import Final

_MMAP_THRESHOLD: Final = -3
"""M_MMAP_THRESHOLD of glibc's <malloc.h>."""
_LARGE: Final = 1 << 20
"""Bytes: more than the text of most log files, so that a search makes no system call for each of them."""


def give_back_large_blocks() -> bool:
    """Let each block of a megabyte, such as the texts of a segment, be one of the system's own. True if it can be.

    Once such a block was freed, glibc takes blocks of its size from its heaps, where what is left between them stays
    unused: ten megabytes and more after some searches of a million rows (mallopt(3)). Other C libraries do not do that.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _LARGE))

"""When garbage is collected: not while the frame is imported, little until the first rows, and at last as usual.

What is imported stays. Searching it for garbage again and again took a tenth of the start, and once more at the end a
tenth of `ctui --help`.
"""

import atexit
import gc
from typing import Final

_USUAL: Final = gc.get_threshold()
_ADDED: Final = 20_000
"""Objects that are added until they are searched, for about 5 ms. The first search, of the frame's, takes 20."""
_NEVER: Final = 1_000_000


def pause() -> None:
    """Collect nothing until `collect_new` or `resume`. Python's own collection at the end finds nothing to search."""
    gc.disable()
    atexit.register(gc.freeze)


def collect_new() -> None:
    """Collect until `resume`, and search each object once: 1 MB at the first rows was what the start drew before."""
    gc.set_threshold(_ADDED, _NEVER, _NEVER)
    gc.enable()


def resume() -> None:
    """Collect as usual from now on, and never search what is there already. Called again, it changes nothing."""
    if not gc.isenabled() or gc.get_threshold() != _USUAL:
        gc.freeze()
        gc.set_threshold(*_USUAL)
        gc.enable()

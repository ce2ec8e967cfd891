"""Garbage collection waits while ctui is imported, and leaves out what is there when ctui ends.

What is imported stays. Searching it for garbage again and again took a tenth of the start, and once more at the end a
tenth of `ctui --help`.
"""

import atexit
import gc


def pause() -> None:
    """Collect nothing until `resume`. Python's own collection at the end will find nothing to search."""
    gc.disable()
    atexit.register(gc.freeze)


def resume() -> None:
    """Collect from now on, and never search what is there already. Called again, it changes nothing."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()

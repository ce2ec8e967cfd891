"""Garbage collection waits while ctui is imported.

What is imported stays. Searching it for garbage again and again took a tenth of the start.
"""

import gc


def pause() -> None:
    """Collect nothing until `resume`."""
    gc.disable()


def resume() -> None:
    """Collect from now on, and never search what is there already. Called again, it changes nothing."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()

"""The job that ctui is for the shell that started it: ctrl+z stops it, and the shell makes it go on.

A child in a session of its own, such as the emulator of the demo, is no part of it and runs on.
"""

import os
import signal


def can_stop() -> bool:
    """Whether a shell would bring it back: one with job control gives each job a process group of its own."""
    return os.getpgrp() != os.getsid(0)


def stop() -> None:
    """Stop the whole job, as the terminal does at ctrl+z; returns when the shell has continued it.

    To be called in the main thread, with the terminal given back. Programs that started ctui, such as `uv run`, are
    part of the job: the shell goes on once all of it has stopped.
    """
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)

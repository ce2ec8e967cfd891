"""A decoder: a process that decodes one job after another, until its standard input ends."""

import gc
import os
import signal
import sys

from ctui.files.decoding.decode import decode
from ctui.files.decoding.jobs import FileJob
from ctui.files.decoding.messages import READY, read_message, write_message
from ctui.files.decoding.rows_of_records import RowMaker

_NICE = 5
"""The screen goes first."""


def main() -> None:
    """Read jobs from standard input, and write what becomes of them to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
    # Rows are trees of values, which go when they are no longer referred to.
    gc.disable()
    # Whatever else writes to standard output is no message.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    write_message(answers, READY)
    maker = RowMaker()
    while (files := read_message(sys.stdin.buffer, list[FileJob])) is not None:
        write_message(answers, decode(files, maker))


if __name__ == "__main__":
    main()

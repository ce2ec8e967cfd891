"""What the commands without a screen end with. Scripts rely on it: `--help` and the README have this table."""

import signal
from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command has ended. INCOMPLETE wins over COMPLETE and NONE."""

    COMPLETE = 0
    NONE = 1
    UNREADABLE = 2
    FAILED = 3
    INCOMPLETE = 4
    INTERRUPTED = 128 + signal.SIGINT
    PIPE_CLOSED = 128 + signal.SIGPIPE


MEANINGS: Mapping[ExitCode, str] = {
    ExitCode.COMPLETE: "answered in full, also if nothing was found",
    ExitCode.NONE: "nothing was found, with --exit-code",
    ExitCode.UNREADABLE: "a line, a flag or a setting cannot be read",
    ExitCode.FAILED: "the service, the login, the store or ctui failed; what to do is said",
    ExitCode.INCOMPLETE: "incomplete: a Region refused, time not covered, log files not read, a bound was reached",
    ExitCode.INTERRUPTED: "interrupted; what was loaded is kept, and the same command goes on from there",
    ExitCode.PIPE_CLOSED: "who read the output has left, as after `| head`",
}
"""Each code, and when a command ends with it."""


def exit_codes_help(*, none: str = MEANINGS[ExitCode.NONE], unreadable: str = MEANINGS[ExitCode.UNREADABLE]) -> str:
    """The table for the end of `--help`: click keeps the lines of what follows a backspace as they are.

    `none` and `unreadable` are what these codes mean for a command.
    """
    meanings = {**MEANINGS, ExitCode.NONE: none, ExitCode.UNREADABLE: unreadable}
    lines = (f"  {code:<3}  {meaning}" for code, meaning in meanings.items())
    return "\b\nExit codes:\n" + "\n".join(lines)

"""Programs that a person starts from within ctui: one has the terminal until it ends, another only answers.

None goes through a shell.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence

from ctui.render.text.spans import clean_text

_INTERRUPTED = (-signal.SIGINT, 128 + signal.SIGINT)
"""Exit codes of a program that ended by ctrl+c: what it wrote needs no reader."""
_LINE = 1024


def run(arguments: Sequence[str]) -> int:
    """Run a program that has the terminal, which was given back; returns its exit code, negative for a signal.

    If it fails, what it wrote stands until enter is pressed. To be called in the main thread. Raises OSError.
    """
    name = clean_text(shlex.join(arguments))
    _tell(f"\n{name}\n(ctrl+c cancels it and goes back to ctui)\n")
    assert sys.__stderr__ is not None, "without an error output there is no screen"
    with _keys_are_the_programs():
        # The screen is drawn on the error output; the standard output may be a file.
        code = subprocess.run(arguments, stdout=sys.__stderr__, check=False).returncode
    if code and code not in _INTERRUPTED:
        _tell(
            f"\nIt ended with {f'exit code {code}' if code > 0 else f'signal {-code}'}. Press enter to go back to ctui."
        )
        _wait_for_enter()
    return code


def output_of(arguments: Sequence[str], limit: float) -> str:
    """What a program prints within `limit` seconds, errors too, with no input. Blocks. Raises OSError, TimeoutError."""
    try:
        ended = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=limit,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    return ended.stdout.decode("utf-8", "replace")


@contextlib.contextmanager
def _keys_are_the_programs() -> Iterator[None]:
    """Within this context ctrl+c and ctrl+\\ reach the program alone; the terminal sends them to ctui, too."""
    before = {each: signal.signal(each, lambda *_: None) for each in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for_enter() -> None:
    assert sys.__stdin__ is not None, "keys are read from it"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            while (read := os.read(sys.__stdin__.fileno(), _LINE)) and b"\n" not in read:
                pass
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(words: str) -> None:
    print(words, file=sys.__stderr__, flush=True)

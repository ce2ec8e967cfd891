"""A person types at bash, zsh or fish, and presses tab."""

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.real_terminal import PATIENCE, SEQUENCE

# The command is a program of its own, which says what it was given.
COMMAND = """#!{python}
import os, sys
if "_CTUI_COMPLETE" in os.environ or sys.argv[1:2] == ["completion"]:
    from ctui.__main__ import main
    main()
else:
    print("given:" + "|".join(sys.argv[1:]) + ":given")
"""
STARTS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'PS1="READY$ "; eval "$(ctui completion bash)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PS1='READY$ '; unsetopt prompt_sp; autoload -Uz compinit; compinit -u -D; eval \"$(ctui completion zsh)\"",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "function fish_prompt; echo 'READY$ '; end; ctui completion fish | source",
    ),
}
# What is typed, with a tab; what the command is then given.
TYPED = [
    ("ctui sea\t--exi\t'is:error user:Bo\t'", "search|--exit-code|is:error user:Bob"),
    ("ctui search 'eventNa\tX user:jö\t'", "search|eventName:X user:jörg"),
    ('ctui search "is:wri\t user:back\t"', "search|is:write user:back\\slash"),
    ("ctui search --region=sa\t user:tw\t", 'search|--region=sa-east-1|user:"two words"'),
    ("ctui search 'user:it\t'", 'search|user:"it\'s me"'),
    ("ctui search 'user:$(\t'", 'search|user:"$(touch pwned)"'),
    ('ctui search "user:\\$(\t"', 'search|user:"$(touch pwned)"'),
    ("ctui search 'user:x;\t'", 'search|user:"x;touch pwned"'),
]
# fish closes the quote behind a value, and not behind the name of a field.
TYPED_IN_FISH = [
    ("ctui sea\t--exi\t'is:error user:Bo\t", "search|--exit-code|is:error user:Bob"),
    ("ctui search 'eventNa\tX user:jö\t", "search|eventName:X user:jörg"),
    ("ctui search --region=sa\t user:tw\t", 'search|--region=sa-east-1|user:"two words"'),
    ("ctui search user:it\t", 'search|user:"it\'s me"'),
    ("ctui search user:x\t", 'search|user:"x;touch pwned"'),
]
AS_A_TERMINAL_DOES = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Shell:
    """A shell in a terminal."""

    def __init__(self, screen: int) -> None:
        self._screen = screen
        self._heard = ""

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def wait_for(self, text: str) -> str:
        """What is drawn up to this text."""
        until = time.monotonic() + PATIENCE
        while text not in self._heard:
            assert select.select([self._screen], [], [], max(0.0, until - time.monotonic()))[0], self._heard[-3000:]
            self._heard = SEQUENCE.sub(b"", self._heard.encode() + os.read(self._screen, 65536)).decode(
                errors="replace"
            )
        before, _, self._heard = self._heard.partition(text)
        return before


@contextlib.contextmanager
def opened(name: str, folder: Path, environment: dict[str, str]) -> Iterator[Shell]:
    words, first = STARTS[name]
    programs = folder / "bin"
    programs.mkdir()
    (programs / "ctui").write_text(COMMAND.format(python=sys.executable))
    (programs / "ctui").chmod(0o755)
    screen, keys = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", AS_A_TERMINAL_DOES, *words],
        stdin=keys,
        stdout=keys,
        stderr=keys,
        start_new_session=True,
        cwd=folder,
        env=environment
        | {"PATH": f"{programs}:{environment['PATH']}", "TERM": "xterm", "LC_ALL": "C.UTF-8", "HISTFILE": ""},
    )
    try:
        shell = Shell(screen)
        shell.type(f"{first}; ctui started\n")
        shell.wait_for("given:started:given")
        shell.wait_for("READY$ ")
        yield shell
    finally:
        process.kill()
        process.wait()
        os.close(screen)
        os.close(keys)


@pytest.mark.parametrize("name", list(STARTS))
def test_a_person_presses_tab(name: str, tmp_path: Path, environment: dict[str, str]) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    with opened(name, tmp_path, environment) as shell:
        for typed, given in TYPED_IN_FISH if name == "fish" else TYPED:
            shell.type(f"{typed}\n")
            shell.wait_for("given:")
            assert shell.wait_for(":given") == given, typed
            shell.wait_for("READY$ ")
    assert not (tmp_path / "pwned").exists()

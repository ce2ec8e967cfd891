"""Where there is nothing to draw on, ctui says so in one sentence, and nothing else happens."""

import os
import pty
import subprocess
import sys

import pytest

pytestmark = pytest.mark.story
"""Each test starts a program."""


@pytest.mark.parametrize(
    ("redirected", "term", "sentence"),
    [
        ("stdin", "xterm", "ctui needs a terminal: do not redirect its input, output or error output."),
        ("stdout", "xterm", "ctui needs a terminal: do not redirect its input, output or error output."),
        ("stderr", "xterm", "ctui needs a terminal: do not redirect its input, output or error output."),
        ("", "dumb", "ctui needs a terminal that can place text on its screen, and TERM is dumb."),
        ("", "unknown", "ctui needs a terminal that can place text on its screen, and TERM is unknown."),
    ],
)
def test_one_sentence_and_exit_code_2(redirected: str, term: str, sentence: str) -> None:
    ours, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "ctui", "--demo"],
        stdin=subprocess.DEVNULL if redirected == "stdin" else terminal,
        stdout=subprocess.PIPE if redirected == "stdout" else terminal,
        stderr=subprocess.PIPE if redirected == "stderr" else terminal,
        env={**os.environ, "TERM": term},
    ) as process:
        os.close(terminal)
        said = "".join(stream.read().decode() for stream in (process.stdout, process.stderr) if stream is not None)
        if redirected != "stderr":
            said += os.read(ours, 4096).decode()
        assert process.wait(120) == 2
    os.close(ours)
    assert said.splitlines() == [f"Error: {sentence}"]

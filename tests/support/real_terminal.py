"""ctui in a real terminal: a process under a pty, what it draws there, and what it leaves behind."""

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 120.0
"""Seconds that anything may take, on a machine that is busy with other things."""
ENTER, ESCAPE = "\r", "\x1b"
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX^_\]].*?(?:\x1b\\|\x07)|[@-Z\\-_])", re.DOTALL)

# Runs at the start of every Python the program starts: notes its process, and each address beyond this machine.
WITNESS = """
import os, pathlib, sys
notes = pathlib.Path({notes!r})
(notes / ("emulator" if "emulator" in sys.orig_argv else "screen")).write_text(str(os.getpid()))
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments[:2]
    else:
        return
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        with open(notes / "outside", "a") as file:
            file.write(f"{{event}} {{address}}\\n")
sys.addaudithook(watch)
"""

# The terminal becomes the program's own, so that closing it hangs the program up.
AS_A_SHELL_DOES = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "ctui", *sys.argv[1:]])
"""
STOPPED = "[1]+ Stopped"
"""What the shell says of a job: nothing that ctui draws. The help has "stopped", too."""
# A shell with job control: it says when the job has stopped, and continues it after a line.
AS_A_SHELL_WITH_JOBS = f"""
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "ctui", *sys.argv[1:]])
while os.WIFSTOPPED(status := os.waitpid(job, os.WUNTRACED)[1]):
    os.tcsetpgrp(0, os.getpid())
    print("{STOPPED}", flush=True)
    input()
    os.tcsetpgrp(0, job)
    os.killpg(job, signal.SIGCONT)
sys.exit(os.waitstatus_to_exitcode(status))
"""
# The terminal is nobody's, as under `docker exec` or `setsid`: whoever closes it sends no signal.
WITHOUT_A_WORD = """
import os, sys
os.execv(sys.executable, [sys.executable, "-m", "ctui", *sys.argv[1:]])
"""


@dataclass
class Terminal:
    """A pty of 80x24 with ctui in it."""

    process: "subprocess.Popen[bytes]"
    screen: int
    """Our end."""
    keys: int
    """The program's end, held open so that its modes can be read when the program is gone."""
    folder: Path
    heard: bytes = b""
    typed_at: int = 0
    """How much had been heard when the last key was pressed."""
    modes: list[object] = field(default_factory=list)
    """What the terminal was set to before."""

    def wait_for(self, text: str) -> None:
        """Read until the text has been drawn since the last key."""
        deadline = time.monotonic() + PATIENCE
        while text not in SEQUENCE.sub(b"", self.heard[self.typed_at :]).decode(errors="replace"):
            self._read(deadline, text)

    def press(self, *keys: str) -> None:
        """Type."""
        self.typed_at = len(self.heard)
        for key in keys:
            os.write(self.screen, key.encode())

    def until_it_ends(self) -> int:
        """Read until the program has ended; its exit code."""
        watch = os.pidfd_open(self.process.pid)
        deadline = time.monotonic() + PATIENCE
        while not select.select([watch], [], [], 0)[0]:
            ready, _, _ = select.select([self.screen, watch], [], [], deadline - time.monotonic())
            assert ready, "it did not end"
            if self.screen in ready:
                self.heard += os.read(self.screen, 65536)
        os.close(watch)
        while select.select([self.screen], [], [], 0)[0]:
            self.heard += os.read(self.screen, 65536)
        return self.process.wait()

    def close(self) -> None:
        """Close the window."""
        if self.screen >= 0:
            os.close(self.screen)
        self.screen = -1

    def pid_of(self, who: str) -> int:
        """The process id of "screen" or "emulator"."""
        return int((self.folder / "notes" / who).read_text())

    def _read(self, deadline: float, text: str) -> None:
        ready, _, _ = select.select([self.screen], [], [], max(0.0, deadline - time.monotonic()))
        drawn = SEQUENCE.sub(b" ", self.heard).decode(errors="replace")[-3000:]
        assert ready, f"{text!r} was not drawn; the last that was: {drawn}"
        self.heard += os.read(self.screen, 65536)


@contextlib.contextmanager
def opened(
    folder: Path,
    arguments: Sequence[str] = ("--demo",),
    *,
    launcher: str = AS_A_SHELL_DOES,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """ctui in a terminal: with the AWS settings of `environment`, or among some that would lead it astray.

    `launcher` is the program that starts it: WITHOUT_A_WORD, it hears nothing when the terminal is closed.
    """
    for name in ("home", "tmp", "site", "notes"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(WITNESS.format(notes=str(folder / "notes")))
    foreign = ("CTUI_", "XDG_", "TMUX", "SSH_", "AWS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    astray = {
        "AWS_PROFILE": "nobody",
        "AWS_REGION": "mars",
        "AWS_CA_BUNDLE": "/nonexistent.pem",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_ENDPOINT_URL": "http://192.0.2.1:9",
        "AWS_CSM_ENABLED": "true",
        "AWS_CSM_HOST": "192.0.2.1",
        "HTTP_PROXY": "http://192.0.2.1:9",
        "http_proxy": "http://192.0.2.1:9",
        "HTTPS_PROXY": "http://192.0.2.1:9",
    }
    ours = {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(folder / "site"),
        "TERM": "xterm-256color",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    screen, keys = pty.openpty()
    termios.tcsetwinsize(keys, (24, 80))
    modes = termios.tcgetattr(keys)
    process = subprocess.Popen(
        [sys.executable, "-c", launcher, *arguments],
        stdin=keys,
        stdout=keys,
        stderr=keys,
        start_new_session=True,
        env=kept | (astray if environment is None else dict(environment)) | ours,
        cwd=folder / "home",
    )
    terminal = Terminal(process, screen, keys, folder, modes=modes)
    try:
        yield terminal
    finally:
        process.kill()
        process.wait()
        terminal.close()
        os.close(keys)


def assert_left_as_it_was(terminal: Terminal) -> None:
    """No mode that was switched on stays on, and the line discipline is what it was."""
    for mode in ("?1049", "?1000", "?1002", "?1003", "?1006", "?1015", "?1004", "?2004"):
        assert terminal.heard.rfind(f"\x1b[{mode}h".encode()) <= terminal.heard.rfind(f"\x1b[{mode}l".encode()), mode
    assert b"\x1b[?1049h" in terminal.heard
    assert terminal.heard.rfind(b"\x1b[?25l") < terminal.heard.rfind(b"\x1b[?25h"), "the cursor shows"
    assert terminal.heard.count(b"\x1b[>1u") <= terminal.heard.count(b"\x1b[<u"), "keys are reported as before"
    assert termios.tcgetattr(terminal.keys) == terminal.modes


def names_in(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False

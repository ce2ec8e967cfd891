"""A program in a terminal of its own, as it is measured from outside: what it draws, its CPU, its memory."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 120.0
"""Seconds that anything may take."""
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX^_\]].*?(?:\x1b\\|\x07)|[@-Z\\-_])", re.DOTALL)
CTUI = (sys.executable, "-P", "-m", "ctui")
KEY = "demo"
"""Access key and secret of the emulator's built-in account."""
ESCAPE = "\x1b[27u"
"""The key as a terminal sends it that leaves no doubt."""
_QUIET_SECONDS = 1.0
_QUIET_CPU_MS = 100.0
"""Less CPU than this in `_QUIET_SECONDS` is rest: the clock in the header goes on."""


class Program:
    """A process under a pty of 160x48. Use it as a context: it is killed at the end."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._screen, keys = pty.openpty()
        termios.tcsetwinsize(keys, (48, 160))
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            list(command), stdin=keys, stdout=keys, stderr=keys, start_new_session=True, env=dict(environment)
        )
        os.close(keys)
        self.seen = self.begun
        """When `until` has last come to its end."""
        self._heard = b""

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> float:
        """End it; returns the CPU it has taken, milliseconds."""
        if self._screen < 0:
            return 0.0
        # Popen.kill would reap a program that has ended, and its CPU time with it.
        os.kill(self.process.pid, signal.SIGKILL)
        _, _, used = os.wait4(self.process.pid, 0)
        self.process.returncode = 0
        os.close(self._screen)
        self._screen = -1
        return 1000 * (used.ru_utime + used.ru_stime)

    def until(self, text: str, patience: float = PATIENCE) -> float:
        """Read until the text is drawn, or with "" until the program ends; returns seconds since it was called.

        Raises SystemExit if it does not come.
        """
        begun = time.perf_counter()
        while not text or text not in SEQUENCE.sub(b"", self._heard).decode(errors="replace"):
            if not select.select([self._screen], [], [], max(0.0, begun + patience - time.perf_counter()))[0]:
                raise SystemExit(f"{text!r} was not drawn; the last that was: {self.drawn[-500:]!r}")
            try:
                self._heard += os.read(self._screen, 65536)
            except OSError:  # the program has ended, and the terminal with it
                if text:
                    raise SystemExit(f"it ended before {text!r} was drawn: {self.drawn[-500:]!r}") from None
                break
        self.seen = time.perf_counter()
        return self.seen - begun

    @property
    def drawn(self) -> str:
        """What was drawn since `forget`, without escape sequences."""
        return SEQUENCE.sub(b"", self._heard).decode(errors="replace")

    def forget(self) -> None:
        """Only what is drawn from now on counts for `until`."""
        self._heard = b""

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._screen, keys.encode())

    def read(self, seconds: float) -> int:
        """Read for so long; returns how many bytes came."""
        end, size = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._screen], [], [], left)[0]:
                part = os.read(self._screen, 65536)
                self._heard += part
                size += len(part)
        return size

    def wait(self) -> float:
        """Read until something comes; returns seconds since it was called."""
        begun = time.perf_counter()
        if not select.select([self._screen], [], [], PATIENCE)[0]:
            raise SystemExit("nothing was drawn")
        self._heard += os.read(self._screen, 65536)
        return time.perf_counter() - begun

    def until_quiet(self, patience: float = PATIENCE) -> None:
        """Read until it takes next to no CPU. Raises SystemExit if it does not come to rest."""
        deadline = time.perf_counter() + patience
        while time.perf_counter() < deadline:
            before = self.cpu()
            self.read(_QUIET_SECONDS)
            if self.cpu() - before < _QUIET_CPU_MS:
                return
        raise SystemExit("it did not come to rest")

    def cpu(self, *, main_thread: bool = False) -> float:
        """CPU it has taken, milliseconds: of all its threads, or of the main one. Needs /proc."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        chosen = [tasks / str(self.process.pid)] if main_thread else list(tasks.iterdir())
        # A thread that ends takes its share with it; ctui's own threads last.
        return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in chosen) / 1e6

    def memory(self) -> float:
        """Resident memory now, MB. Needs /proc."""
        return memory_of(self.process.pid)


def memory_of(pid: int, *, most: bool = False) -> float:
    """Resident memory of a process, MB: now, or the most it has had. Needs /proc."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"^{'VmHWM' if most else 'VmRSS'}:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None, "/proc says nothing of memory"
    return int(found[1]) * 1024 / 1e6


def environment(folder: Path) -> dict[str, str]:
    """The variables of a person with the emulator's key, whose home is this folder."""
    # Compiling the sources at every start would be measured too.
    foreign = ("CTUI_", "XDG_", "AWS_", "PYTHONDONTWRITEBYTECODE", "TMUX", "SSH_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TERM": "xterm-256color",
        # It may be installed here, and is not where ctui alone is.
        "TEXTUAL_SPEEDUPS": "0",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": "us-east-1",
    }

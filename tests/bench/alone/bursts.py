"""Measure what bursts of keys cost: `python tests/bench/bench_keys.py [SECONDS]`.

Runs `ctui --demo` of the folder it is started in, in a terminal of 80x24, and sends keys in one piece. Prints CPU
seconds of the program (not of the emulator beside it) until it is quiet again, and for `q` behind a burst the seconds
until the program has ended. What takes longer than SECONDS (60) is given up.
"""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
QUIET = 1.5
"""Seconds in which a program that is at rest takes next to no CPU."""
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX^_\]].*?(?:\x1b\\|\x07)|[@-Z\\-_])", re.DOTALL)
BUSY = 0.25
"""Seconds of CPU meanwhile: a cursor that blinks in a full line takes some."""
WORDS = "user:alice source:ec2 is:write "


class Terminal:
    """A pty with ctui in it, from the first rows on."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._screen, program = pty.openpty()
        termios.tcsetwinsize(program, (24, 80))
        os.set_blocking(self._screen, False)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ctui", "--demo"],
            stdin=program, stdout=program, stderr=program, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )  # fmt: skip
        os.close(program)
        heard, deadline = b"", time.monotonic() + patience
        while b"1 of >" not in SEQUENCE.sub(b"", heard) and time.monotonic() < deadline:
            heard += self.read(0.1)
        self.until_quiet()

    def cpu(self) -> float:
        """Seconds of CPU the program has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def read(self, seconds: float) -> bytes:
        """What the program writes meanwhile."""
        if not select.select([self._screen], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._screen, 65536)
        except OSError:
            # The program has ended.
            time.sleep(min(seconds, 0.01))
            return b""

    def send(self, data: bytes) -> None:
        """Type it as fast as the terminal takes it."""
        deadline = time.monotonic() + self._patience
        while data and time.monotonic() < deadline and self.process.poll() is None:
            if select.select([], [self._screen], [], 0.05)[1]:
                with suppress(BlockingIOError):
                    data = data[os.write(self._screen, data[:4096]) :]
            self.read(0)

    def until_quiet(self) -> bool:
        """Wait until the program is at rest; False where patience was at its end before."""
        deadline = time.monotonic() + self._patience
        since, before = time.monotonic(), self.cpu()
        while time.monotonic() < deadline:
            self.read(0.05)
            if time.monotonic() - since > QUIET:
                now = self.cpu()
                if now - before < BUSY:
                    return True
                since, before = time.monotonic(), now
        return False

    def close(self) -> None:
        """End the program."""
        self.process.kill()
        self.process.wait()
        os.close(self._screen)


def burst(name: str, data: bytes, patience: float) -> None:
    """Print the CPU seconds that a burst costs."""
    terminal = Terminal(patience)
    before = terminal.cpu()
    terminal.send(data)
    ended = terminal.until_quiet()
    print(f"{terminal.cpu() - before:8.2f} s CPU{'' if ended else ' and not at its end'}  {name}", flush=True)
    terminal.close()


def leaving(name: str, data: bytes, patience: float) -> None:
    """Print the seconds from a burst with `q` behind it to the end of the program."""
    terminal = Terminal(patience)
    begun = time.monotonic()
    terminal.send(data + b"q")
    while terminal.process.poll() is None and time.monotonic() < begun + patience:
        terminal.read(0.02)
    ended = terminal.process.poll() is not None
    print(f"{time.monotonic() - begun:8.2f} s{'' if ended else ' and still running'}  {name}", flush=True)
    terminal.close()


def main(patience: float) -> None:
    """Every burst."""
    text = (WORDS * 400).encode()
    burst("1,000 letters in the filter line", b"/" + text[:1000], patience)
    burst("1,000 steps down", b"j" * 1000, patience)
    burst("1,000 letters and as many backspaces", b"/" + b"a\x7f" * 1000, patience)
    burst("200 times / text esc j", b"/a\x1b[27uj" * 200, patience)
    burst("1 MB pasted into the filter line", b"/\x1b[200~" + text[:1000] * 1000 + b"\x1b[201~", patience)
    burst("1 MB pasted over the events", b"\x1b[200~" + text[:1000] * 1000 + b"\x1b[201~", patience)
    leaving("until q is obeyed behind 10,000 steps down", b"j" * 10_000, patience)
    leaving("until q is obeyed behind 10,000 letters in the line", b"/" + text[:10_000] + b"\x1b[27u", patience)
    leaving("until q is obeyed behind 10,000 keys of all kinds", b"jkgG12w3x" * 1111, patience)
    leaving("the same with ctrl+c before q", b"jkgG12w3x" * 1111 + b"\x03", patience)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)

"""How long ctui takes until there is something to see, each start beside one that does as little as can be done.

    PYTHONPATH=tests python tests/bench/bench_start.py --runs 7

Not run by pytest. The ways to start take turns, so that a busy moment hits all of them. Prints, for each, the median of
wall time and of ctui's own CPU time (all its threads; not the emulator of --demo, which is another process) in
milliseconds, the quotient of both to what it is measured against, and the limit.

--version and --help stand beside a Python that does nothing; the first frame and the rows of a warm store beside the
first paint of an empty Textual app. A start ends when the text that is waited for has come out of the terminal.
"""

import argparse
import contextlib
import os
import pty
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from support.real_terminal import PATIENCE, SEQUENCE

KEY = "demo"
"""Access key and secret of the emulator's built-in account."""
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("empty app")

Empty().run()
"""
FRAME = "Events"
"""A title of the frame, which has no rows yet."""
ROW = "GetCallerIdentity"
"""The name of an event that every start leaves at the service, and so is among the newest."""
CTUI = (sys.executable, "-P", "-m", "ctui")


@dataclass
class Way:
    """A way to start, what to wait for, and what it is measured against."""

    name: str
    command: tuple[str, ...]
    until: str = ""
    """A text that comes out of the terminal; "" waits for the end of the program."""
    against: str = ""
    """The name of the way that it is measured against."""
    limit: str = ""
    walls: list[float] = field(default_factory=list)
    """Milliseconds."""
    cpus: list[float] = field(default_factory=list)
    """Milliseconds."""

    def start(self, environment: dict[str, str]) -> None:
        """Start once, measure, and kill what was started."""
        screen, keys = pty.openpty()
        termios.tcsetwinsize(keys, (48, 160))
        began = time.monotonic()
        process = subprocess.Popen(
            self.command, stdin=keys, stdout=keys, stderr=keys, start_new_session=True, env=environment
        )
        os.close(keys)
        try:
            self._watch(screen)
            self.walls.append(1000 * (time.monotonic() - began))
        finally:
            # Popen.kill would reap a program that has ended, and its CPU time with it.
            os.kill(process.pid, signal.SIGKILL)
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
            os.close(screen)
        self.cpus.append(1000 * (used.ru_utime + used.ru_stime))

    def _watch(self, screen: int) -> None:
        heard = b""
        while not self.until or self.until not in SEQUENCE.sub(b"", heard).decode(errors="replace"):
            if not select.select([screen], [], [], PATIENCE)[0]:
                raise SystemExit(f"{self.name}: {self.until!r} was not drawn; the last that was: {heard[-500:]!r}")
            try:
                heard += os.read(screen, 65536)
            except OSError:  # the program has ended, and the terminal with it
                if self.until:
                    raise SystemExit(f"{self.name} ended: {heard[-500:]!r}") from None
                return


@contextlib.contextmanager
def emulator(environment: dict[str, str], port: int = 0) -> Iterator[str]:
    """The URL of an emulator with its week of traffic."""
    command = (*CTUI, "emulator", "--lookup-rate", "1000", "--port", str(port))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as it:
        assert it.stdout is not None
        try:
            yield it.stdout.readline().strip().removeprefix("ctui emulator: ")
        finally:
            it.terminate()


def main() -> None:
    """Measure every way to start and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", default="", help="ways whose names contain this, and what they stand beside")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        # Compiling the sources at every start would be measured too.
        foreign = ("CTUI_", "XDG_", "AWS_", "PYTHONDONTWRITEBYTECODE")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        environment = kept | {
            "HOME": name,
            "TMPDIR": name,
            "TERM": "xterm-256color",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        url = stack.enter_context(emulator(environment))
        silent = stack.enter_context(_silent_service(environment, folder / "warm.db"))
        ways = [
            Way("python -c pass", (sys.executable, "-c", "pass")),
            Way("--version", (*CTUI, "--version"), against="python -c pass", limit="5.0 x"),
            Way("--help", (*CTUI, "--help"), against="python -c pass", limit="5.0 x"),
            Way("empty Textual app", (sys.executable, "-c", EMPTY_APP), "empty app"),
            Way("first frame", (*CTUI, "--endpoint-url", silent), FRAME, "empty Textual app", "1.3 x"),
            Way(
                "warm store, no network",
                (*CTUI, "--endpoint-url", silent, "--store", str(folder / "warm.db")),
                ROW,
                "empty Textual app",
                "1.5 x",
            ),
            Way("--endpoint-url, first row", (*CTUI, "--endpoint-url", url), ROW, limit="1000 ms"),
            Way("--demo, first row", (*CTUI, "--demo"), ROW, limit="1200 ms"),
        ]
        wanted = {each.name for each in ways if options.only in each.name}
        wanted |= {each.against for each in ways if each.name in wanted}
        ways = [each for each in ways if each.name in wanted]
        for _ in range(options.runs):
            for each in ways:
                each.start(environment)
        _print(ways)


@contextlib.contextmanager
def _silent_service(environment: dict[str, str], store: Path) -> Iterator[str]:
    """The URL of a service that accepts and never answers. The store has events that it gave before."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with emulator(environment, port) as url:
        Way("filling", (*CTUI, "--endpoint-url", url, "--store", str(store)), ROW).start(environment)
    with socket.create_server(("127.0.0.1", port)):
        yield f"http://127.0.0.1:{port}"


def _print(ways: list[Way]) -> None:
    print(f"{'':28}{'wall ms':>9}{'CPU ms':>9}{'wall x':>8}{'CPU x':>8}   limit")
    medians = {each.name: (statistics.median(each.walls), statistics.median(each.cpus)) for each in ways}
    for each in ways:
        wall, cpu = medians[each.name]
        ratios = ""
        if each.against:
            beside = medians[each.against]
            ratios = f"{wall / beside[0]:8.2f}{cpu / beside[1]:8.2f}"
        print(f"{each.name:28}{wall:9.0f}{cpu:9.0f}{ratios:16}   {each.limit}")


if __name__ == "__main__":
    main()

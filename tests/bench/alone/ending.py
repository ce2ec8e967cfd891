"""How long ctui takes to end: from a signal, or the end of its terminal, until it and its emulator are gone.

    PYTHONPATH=tests python tests/bench/bench_ending.py --runs 5

Not run by pytest. Prints one line per way to end, idle and while everything is being loaded, with the median and the
worst of the runs in seconds, the exit codes, and what was left in the temporary folder. Exits with 1 where something is
left, or where an end took longer than a second; on a busy machine the figures say little.
"""

import argparse
import os
import select
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from support.real_terminal import AS_A_SHELL_DOES, ESCAPE, PATIENCE, WITHOUT_A_WORD, names_in, opened

WAYS = ("SIGTERM", "SIGHUP", "SIGINT", "closed", "closed, no SIGHUP", "SIGTERM, output blocked")
LIMIT_SECONDS = 1.0


def end(way: str, *, loading: bool) -> tuple[float, int, list[str]]:
    """Start the demo in a terminal and end it: seconds until screen and emulator are gone, exit code, what is left."""
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder), launcher=WITHOUT_A_WORD if way == "closed, no SIGHUP" else AS_A_SHELL_DOES) as terminal,
    ):
        terminal.wait_for("own call")
        if loading:
            terminal.press("M")
            terminal.wait_for("esc stops")
        watches = [os.pidfd_open(terminal.process.pid), os.pidfd_open(terminal.pid_of("emulator"))]
        if "blocked" in way:
            for _ in range(40):
                os.write(terminal.screen, f"?{ESCAPE}".encode())
            time.sleep(2)  # until it stands still
        began = time.monotonic()
        if way.startswith("closed"):
            terminal.close()
        else:
            os.kill(terminal.process.pid, signal.Signals[way.partition(",")[0]])
        living = list(watches)
        while living:
            readers = [] if way.startswith("closed") or "blocked" in way else [terminal.screen]
            ready = select.select([*living, *readers], [], [], PATIENCE)[0]
            if not ready:
                raise SystemExit(f"{way}: it did not end within {PATIENCE:.0f} s")
            if terminal.screen in ready:
                os.read(terminal.screen, 65536)
            living = [each for each in living if each not in ready]
        seconds = time.monotonic() - began
        for each in watches:
            os.close(each)
        return seconds, terminal.process.wait(), names_in(Path(folder) / "tmp")


def main() -> int:
    """Measure each way; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    failed = False
    for loading in (False, True):
        for way in WAYS:
            outcomes = [end(way, loading=loading) for _ in range(runs)]
            times = [seconds for seconds, _, _ in outcomes]
            left = [name for _, _, names in outcomes for name in names]
            failed = failed or bool(left) or max(times) > LIMIT_SECONDS
            print(
                f"{'loading' if loading else 'idle':8}{way:26}{statistics.median(times):6.2f} s"
                f"  worst {max(times):5.2f} s  codes {sorted({code for _, code, _ in outcomes})}  left {left}",
                flush=True,
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.bench` (`make bench`): measures what ctui promises about speed, and prints one table.

    python -m tests.bench                       # everything; many minutes
    python -m tests.bench --quick               # each thing once, with 10,000 events at most
    python -m tests.bench filtering --most 100000
    python -m tests.bench "is:error"            # the lines whose names contain this
    python -m tests.bench answering --most 10000000 # trees of log files of up to ten million events
    python -m tests.bench calls 80x24           # one of tests/bench/alone, which prints lines of its own
    python -m tests.bench --write-readme        # and write the table into the README

Not part of the tests: what takes seconds depends on the machine, and on what else it does.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from bench import asking, filtering, holding, keys, records, starting, storing  # noqa: E402
from bench.emulators import free_port  # noqa: E402
from bench.figure import SIZES, Figure  # noqa: E402
from bench.run import Group, Run  # noqa: E402
from bench.table import as_text, machine, write_readme  # noqa: E402
from bench.trees import answering_trees, holding_trees, indexing_trees  # noqa: E402

GROUPS: dict[str, Group] = {
    "starting": Group(starting.starting, starting.NAMES),
    "filtering": Group(filtering.filtering, filtering.NAMES),
    "storing": Group(storing.storing, storing.NAMES),
    "loading": Group(storing.loading, storing.LOADING),
    "keys": Group(keys.keys, keys.NAMES),
    "pages": Group(keys.pages, keys.PAGES),
    "records": Group(records.records, records.NAMES),
    "holding": Group(holding.holding, holding.NAMES),
    "asking": Group(asking.asking, asking.NAMES),
    "indexing": Group(indexing_trees.indexing, indexing_trees.NAMES),
    "answering": Group(answering_trees.answering, answering_trees.NAMES),
    "trees": Group(holding_trees.holding, holding_trees.NAMES),
}
"""What is measured, in the order of the table."""
ALONE = tuple(sorted(path.stem for path in (TESTS / "bench" / "alone").glob("[a-z]*.py")))
"""Measurements that print lines of their own."""


def main(words: Sequence[str]) -> int:
    """Measure what is asked for; returns the exit code."""
    if words and words[0] in ALONE:
        command = [sys.executable, "-m", f"bench.alone.{words[0]}", *words[1:]]
        return subprocess.run(command, env=os.environ | {"PYTHONPATH": str(TESTS)}, check=False).returncode
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help=f"{', '.join(GROUPS)}; a part of a line's name; or {', '.join(ALONE)}")
    parser.add_argument(
        "--most",
        type=int,
        default=SIZES[-1],
        metavar="N",
        help="events at most (1,000,000; of log files also 10,000,000)",
    )
    parser.add_argument("--runs", type=int, default=5, help="medians of so many (5)")
    parser.add_argument("--quick", action="store_true", help="the same as --most 10000 --runs 1")
    kept = "keep stores and log files here for the next run; empty it when the store has changed"
    parser.add_argument("--folder", type=Path, help=kept)
    parser.add_argument("--write-readme", action="store_true", help="write the table into the README")
    given = parser.parse_args(words)
    lines = [line for group in GROUPS.values() for line in group.names]
    if unknown := [name for name in given.names if name not in GROUPS and not any(name in line for line in lines)]:
        parser.error(f"nothing is named {', '.join(unknown)}. Lines: {'; '.join(lines)}")
    if given.quick:
        given.most, given.runs = 10_000, 1
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        figures = list(_measured(given.names, folder.resolve(), given.most, given.runs))
    about = machine(load)
    print(f"{about}\n\n{as_text(figures)}")
    if given.write_readme:
        write_readme(figures, about)
    return 0


def _measured(names: Sequence[str], folder: Path, most: int, runs: int) -> Iterator[Figure]:
    """Every line that is asked for. A group that breaks is one line that says so."""
    sizes = tuple(size for size in SIZES if size <= most) or (most,)
    port = _port(folder)
    for name, group in GROUPS.items():
        parts = [""] if not names or name in names else [each for each in names if each not in GROUPS]
        for part in (each for each in parts if any(each in line for line in group.names)):
            run = Run(folder, sizes, runs, port, most, part)
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                for figure in group.measure(run):
                    if run.wants(figure.name):
                        print(f"  {as_text([figure]).splitlines()[-1]}", file=sys.stderr, flush=True)
                        yield figure
            except (Exception, SystemExit) as error:  # noqa: BLE001 - the other groups are measured all the same
                yield Figure(name, "", why=f"failed: {_short(error)}")


def _short(error: BaseException) -> str:
    """What went wrong, in one short line."""
    print(f"  {error}", file=sys.stderr, flush=True)
    return " ".join(f"{type(error).__name__} {error}".split())[:60]


def _port(folder: Path) -> int:
    """The port that stored events come from: that of the folder, or a free one."""
    note = folder / "port"
    if not note.exists():
        note.write_text(str(free_port()), encoding="utf-8")
    return int(note.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Indexing a tree of log files: events a second on all cores, and how large the index is."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, Limit, Peer, Value
from bench.log_files import tree
from bench.run import Run
from bench.trees.tree_peers import parquet_made
from bench.trees.tree_questions import AT

NAMES = (
    "log files: indexed",
    "log files: indexed, by zlib alone",
    "log files: first rows of a new index",
    "log files: index, a row",
)
TREES = (10_000, 100_000, 1_000_000, 10_000_000)
"""Numbers of events of trees; the largest one only where it is asked for."""


def indexing(run: Run) -> Iterator[Figure]:
    """Index each tree from nothing, with and without isal."""
    speed = Figure(NAMES[0], "events/s", limit=Limit(60_000, at_least=True), at=AT)
    slow = Figure(NAMES[1], "events/s", limit=Limit(60_000, at_least=True), at=AT)
    first, size_of_row = Figure(NAMES[2], "ms"), Figure(NAMES[3], "bytes")
    for size in tree_sizes(run):
        plain = index(run, size, isal=False)
        slow.values[size] = Value(size / plain["wall"], 1000 * plain["cpu"])
        measured = index(run, size, isal=True)
        speed.values[size] = Value(size / measured["wall"], 1000 * measured["cpu"])
        first.values[size] = Value(1000 * measured["first"])
        taken = sum(each.stat().st_size for each in indexes_of(run, size).iterdir())
        size_of_row.values[size] = Value(taken / measured["events"])
    if not _has_isal():
        speed.why, speed.values = "isal is not installed", {}
    largest = max(slow.values)
    slow.peers = [Peer("gzip + json of Python, one core", _by_standard_library(tree_of(run, min(slow.values))))]
    slow.peers += [parquet_made(run, tree_of(run, largest), largest)] if largest <= AT else []
    speed.peers = slow.peers
    yield from (speed, slow, first, size_of_row)


def tree_sizes(run: Run) -> list[int]:
    """Numbers of events of the trees that are measured."""
    large = [size for size in TREES if run.sizes[-1] < size <= run.most]
    return [*(size for size in run.sizes if size >= TREES[0]), *large] or [run.sizes[-1]]


def tree_of(run: Run, size: int) -> Path:
    """The tree of so many events; made if it is not there yet."""
    return tree(run.folder / f"tree-{size}", size)


def home_of(run: Run, size: int) -> Path:
    """The home folder of a person who opens the tree of so many events, with its index."""
    return run.folder / f"home-{size}"


def indexes_of(run: Run, size: int) -> Path:
    """The folder with the index of a tree; indexed if it is not there yet."""
    folder = _indexes(run, size)
    if not folder.exists():
        index(run, size, isal=True)
    return folder


def _indexes(run: Run, size: int) -> Path:
    # Where `ctui files` has it on Linux.
    return home_of(run, size) / ".cache" / "ctui" / "files"


def index(run: Run, size: int, *, isal: bool) -> dict[str, float]:
    """Index a tree from nothing: what that took (`index_tree`)."""
    shutil.rmtree(_indexes(run, size), ignore_errors=True)
    search = [str(Path(__file__).parents[2])]
    if not isal:
        # A module of that name which is found first, and cannot be imported.
        hidden = run.folder / "no-isal"
        hidden.mkdir(exist_ok=True)
        (hidden / "isal.py").write_text("raise ImportError\n", encoding="utf-8")
        search.insert(0, str(hidden))
    command = [sys.executable, "-m", "bench.trees.index_tree", str(tree_of(run, size)), str(_indexes(run, size))]
    variables = os.environ | {"PYTHONPATH": os.pathsep.join(search)}
    done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _by_standard_library(path: Path) -> float:
    """Events a second that are inflated and decoded, and of which nothing is kept."""
    started, events = time.perf_counter(), 0
    for file in path.rglob("*.json.gz"):
        events += len(json.loads(gzip.decompress(file.read_bytes()))["Records"])
    return events / (time.perf_counter() - started)


def _has_isal() -> bool:
    try:
        import isal  # noqa: F401 - whether it is there
    except ImportError:
        return False
    return True

"""Indexing a tree of log files, and opening one that is indexed."""

import asyncio
import gzip
import json
import resource
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, Limit, Peer, Value, enough
from bench.log_files import tree
from bench.run import Run

from ctui.files.log_files import TreeOfFiles
from ctui.model.log_files.tree_state import TreePhase

NAMES = ("log files: events indexed a second", "log files: open an indexed tree")
_PLAIN = 20_000
"""Events that the standard library reads."""


def indexing(run: Run) -> Iterator[Figure]:
    """Index trees of so many events, each with no index, and open them again."""
    indexed, opened = Figure(NAMES[0], "/s", limit=Limit(60_000, at_least=True), at=1_000_000), Figure(NAMES[1], "ms")
    opened.limit = Limit(1000)
    for size in run.sizes:
        path, indexes = tree(run.folder / f"tree-{size}", size), run.folder / f"indexes-{size}"
        shutil.rmtree(indexes, ignore_errors=True)
        taken = asyncio.run(_until_ready(path, indexes, size))
        indexed.values[size] = Value(1000 * size / taken.value, taken.cpu)
        again = [asyncio.run(_until_ready(path, indexes, size)) for _ in enough(run.runs)]
        opened.values[size] = min(again, key=lambda value: value.value)
    indexed.peers = [Peer("gzip + json, one core", _plain(tree(run.folder / f"tree-{_PLAIN}", _PLAIN)))]
    yield indexed
    yield opened


async def _until_ready(path: Path, indexes: Path, events: int) -> Value:
    """Until all of a tree is indexed: milliseconds, and CPU of all processes."""
    changed = asyncio.Event()
    files = TreeOfFiles(str(path), indexes)
    begun, cpu = time.perf_counter(), _cpu()
    await files.open(1, changed.set)
    while files.state.phase is TreePhase.INDEXING:
        await changed.wait()
        changed.clear()
    taken = time.perf_counter() - begun
    if files.state.events != events:
        raise SystemExit(f"{files.state.events} of {events} events indexed: {files.state.error}")
    await files.close()
    for thread in threading.enumerate():
        if thread.name.startswith("ctui-files-decoder"):
            # It waits for the end of its process, whose CPU is known then.
            thread.join()
    return Value(1000 * taken, 1000 * (_cpu() - cpu))


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _plain(path: Path) -> float:
    """Events a second of the standard library, which keeps nothing."""
    begun, events = time.perf_counter(), 0
    for file in path.rglob("*.json.gz"):
        events += len(json.loads(gzip.decompress(file.read_bytes()))["Records"])
    return events / (time.perf_counter() - begun)

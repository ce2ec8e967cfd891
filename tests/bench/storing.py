"""Storing: events a second, a page of 50, and the disk it takes; loading of the emulator."""

import asyncio
import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.dataset import ACCOUNT, REGION, connection, events, filled, log_files, plain_sqlite
from bench.figure import Figure, Limit, Peer, Stopwatch, Value
from bench.peers import duckdb_import
from bench.program import CTUI, environment, memory_of
from bench.run import Run

from ctui.model.connection import Scope
from ctui.store.events import EventStore

_PAGE, _PAGES = 50, 40
NAMES = ("store events, 1,000 at once", "store a page of 50", "disk, with indexes, of the raw JSON")
LOADING = ("emulator --load", "memory of emulator --load")


def storing(run: Run) -> Iterator[Figure]:
    """Inserting, a page of 50, disk."""
    insert = Figure(NAMES[0], "events/s", limit=Limit(20_000, at_least=True))
    disk = Figure(NAMES[2], "×", limit=Limit(0.45), at=1_000_000)
    page = Figure(NAMES[1], "ms", limit=Limit(3))
    for size in run.sizes:
        store = filled(run.folder, size, run.port)
        insert.values[size] = Value(1000 * size / store.wall_ms, store.cpu_ms)
        disk.values[size] = Value(store.file_bytes / store.raw_bytes)
        page.values[size] = asyncio.run(_pages(Path(store.path), run.folder / "pages.db"))
    size = min(run.sizes[-1], 100_000)
    insert.peers = [
        Peer("SQLite, record alone", plain_sqlite(run.folder, size), at=size),
        replace(duckdb_import(run, size), at=size),
    ]
    yield from (insert, page, disk)


async def _pages(path: Path, copy: Path) -> Value:
    """The median of pages that are added to a copy of a store."""
    await asyncio.to_thread(_copy, path, copy)
    store = await EventStore.open(copy)
    stream = events(_PAGES * _PAGE * 2)
    scope = Scope(connection(0).origin, ACCOUNT, REGION)
    watch = Stopwatch()
    for _ in range(_PAGES):
        page = list(itertools.islice(stream, _PAGE))
        watch.begin()
        await store.add_page(scope, page)
        watch.end()
    await store.close()
    for left in copy.parent.glob(f"{copy.name}*"):
        left.unlink()
    return watch.value


def _copy(path: Path, copy: Path) -> None:
    # A reflink where the file system has them: a million events are 2 GB.
    subprocess.run(["cp", "--reflink=auto", str(path), str(copy)], check=True)


def loading(run: Run) -> Iterator[Figure]:
    """`ctui emulator --load`."""
    speed = Figure(LOADING[0], "events/s", limit=Limit(40_000, at_least=True))
    memory = Figure(LOADING[1], "MB")
    empty, _, _ = _start_emulator(run, "--no-traffic")
    for size in run.sizes[1:] or run.sizes:
        wall, cpu, most = _start_emulator(run, "--no-traffic", "--load", str(log_files(run.folder, size)))
        speed.values[size] = Value(1000 * size / max(1.0, wall - empty), cpu)
        memory.values[size] = Value(most)
    yield from (speed, memory)


def _start_emulator(run: Run, *options: str) -> tuple[float, float, float]:
    """(Wall ms until it answers, CPU ms, the most memory in MB)."""
    begun = time.perf_counter()
    with subprocess.Popen(
        (*CTUI, "emulator", "--port", "0", *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(run.folder),
    ) as it:
        assert it.stdout is not None
        it.stdout.readline()
        wall = 1000 * (time.perf_counter() - begun)
        # What the system says of an ended process includes the memory of the one that started it.
        most = memory_of(it.pid, most=True)
        it.terminate()
        _, _, used = os.wait4(it.pid, 0)
        it.returncode = 0
    return wall, 1000 * (used.ru_utime + used.ru_stime), most

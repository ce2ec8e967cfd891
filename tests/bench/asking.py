"""2,000 events from a service that allows two calls a second: ctui, and the other clients of AWS."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.dataset import REGION, log_files
from bench.emulators import emulator
from bench.figure import Figure, Limit, Peer, Value
from bench.program import KEY, environment
from bench.run import Run

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.core.session import Session, SessionPhase, SessionState
from ctui.model.clock import SystemClock
from ctui.model.connection import Connection
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import ALL_HISTORY
from ctui.store.events import EventStore
from ctui.store.pace_files import PaceFiles

_EVENTS, _RATE, _PAGE = 2_000, 2.0, 50
NAMES = ("2,000 events at two calls a second", "the same again, from the store")
BOTO = """
import boto3, sys
from botocore.config import Config
mode, url = sys.argv[1:]
retries = {"mode": mode} if mode != "default" else None
client = boto3.client("cloudtrail", endpoint_url=url, config=Config(retries=retries))
pages = client.get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 50})
print(sum(len(page["Events"]) for page in pages))
"""


def asking(run: Run) -> Iterator[Figure]:
    """Everything in one Region, cold and again, and what the others take."""
    logs = log_files(run.folder, _EVENTS, REGION)
    history = ("--no-traffic", "--history-days", "36500", "--load", str(logs))
    variables = environment(run.folder)
    path = run.folder / "asking.db"
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    with emulator(variables, *history, rate=_RATE) as url:
        cold, count = asyncio.run(_ask(url, path))
        again, _ = asyncio.run(_ask(url, path))
    peers = [Peer("ideal", (-(-count // _PAGE) / _RATE - 1) * 1000)]
    for mode in ("default", "adaptive"):
        peers.append(_client(f"boto3 {mode}", [sys.executable, "-c", BOTO, mode], run, history))
    peers.append(
        _client("AWS CLI", ["aws", "cloudtrail", "lookup-events", "--output", "json", "--endpoint-url"], run, history)
    )
    in_seconds = [Peer(each.name, each.value and each.value / 1000, each.why) for each in peers]
    yield Figure(NAMES[0], "s", {0: Value(cold)}, in_seconds, Limit(1.05, "ideal"))
    yield Figure(NAMES[1], "s", {0: Value(again)})


def _client(name: str, command: list[str], run: Run, history: tuple[str, ...]) -> Peer:
    """Milliseconds of another client, over an emulator of its own."""
    if shutil.which(command[0]) is None:
        return Peer(name, why="not installed")
    variables = environment(run.folder)
    with emulator(variables, *history, rate=_RATE) as url:
        begun = time.perf_counter()
        done = subprocess.run([*command, url], env=variables, capture_output=True, check=False)
        taken = 1000 * (time.perf_counter() - begun)
    return Peer(name, taken) if done.returncode == 0 else Peer(name, why=f"failed after {taken / 1000:.0f} s")


@asynccontextmanager
async def connected(
    endpoint: str, path: Path, lookup: Lookup, rate: float, pace_files: PaceFiles | None = None
) -> AsyncIterator[Session]:
    """A session over an endpoint, with its store at `path`, once it is ready; closed at the end."""

    async def store(_connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    options = ConnectOptions(region="us-east-1", endpoint_url=endpoint, access_key=KEY, secret_key=KEY, isolated=True)
    session = Session(
        AwsConnector(options), store, SystemClock(), lookup_rate=rate, lookup=lookup, pace_files=pace_files
    )
    running = asyncio.create_task(session.run())
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def changed(state: SessionState) -> None:
        if state.phase is SessionPhase.READY and not ready.done():
            ready.set_result(None)

    session.changed.subscribe(changed)
    await ready
    yield session
    await session.close()
    await running


async def _ask(endpoint: str, path: Path) -> tuple[float, int]:
    """(Seconds from the question to the last row, rows)."""
    async with connected(endpoint, path, Lookup(timespan=ALL_HISTORY), _RATE) as session:
        begun = time.monotonic()
        session.explorer.everything()
        await session.idle()
        return time.monotonic() - begun, len(session.explorer.query.ids)

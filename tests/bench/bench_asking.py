"""Measure a cold scan and the same question again: `python tests/bench/bench_asking.py [EVENTS] [RATE]`.

Starts `ctui emulator` with that many events, asks for all of them through the real client at RATE lookups a second,
then asks again from a second session on the same store. Not part of the test run: it takes as long as the pace says.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.core.session import Session, SessionPhase, SessionState
from ctui.model.clock import SystemClock
from ctui.model.connection import Connection
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.events import EventStore


def main(events: int, rate: float) -> None:
    """Print both figures."""
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        log.write_text("\n".join(json.dumps(_record(number, end)) for number in range(events)))
        command = [sys.executable, "-m", "ctui", "emulator", "--port", "0", "--no-traffic", "--load", str(log)]
        with subprocess.Popen(
            [*command, "--lookup-rate", str(rate)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as emulator:
            try:
                assert emulator.stdout is not None
                endpoint = emulator.stdout.readline().split(": ", 1)[1].strip()
                span = f"{end - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}..{end:%Y-%m-%dT%H:%M:%SZ}"
                for title in ("cold", "again"):
                    print(title, asyncio.run(_ask(endpoint, Path(folder) / "events.db", span, rate)))
            finally:
                emulator.terminate()
    ideal = -(-events // 50) / rate
    print(f"ideal {ideal:.1f} s, 1.05 times that {1.05 * ideal:.1f} s")


def _record(number: int, end: datetime) -> dict[str, object]:
    moment = end - timedelta(seconds=number * 3)
    return {
        "eventVersion": "1.11", "eventID": f"00000000-0000-4000-8000-{number:012}", "eventName": "DescribeInstances",
        "eventSource": "ec2.amazonaws.com", "eventTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "awsRegion": "us-east-1",
        "readOnly": True, "eventType": "AwsApiCall", "managementEvent": True, "eventCategory": "Management",
        "recipientAccountId": "111111111111", "sourceIPAddress": "192.0.2.7", "userAgent": "bench",
        "userIdentity": {"type": "IAMUser", "userName": f"user-{number % 7}", "accountId": "111111111111"},
    }  # fmt: skip


@asynccontextmanager
async def connected(endpoint: str, path: Path, lookup: Lookup, rate: float) -> AsyncIterator[Session]:
    """A session over an endpoint, with its store at `path`, once it is ready; closed at the end."""

    async def store(_connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    options = ConnectOptions(
        region="us-east-1", endpoint_url=endpoint, access_key="demo", secret_key="demo", isolated=True
    )
    session = Session(AwsConnector(options), store, SystemClock(), lookup_rate=rate, lookup=lookup)
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


async def _ask(endpoint: str, path: Path, span: str, rate: float) -> str:
    async with connected(endpoint, path, Lookup(timespan=parse_timespan(span)), rate) as session:
        begun = time.monotonic()
        shown: list[float] = []
        session.explorer.query.changed.subscribe(
            lambda state: shown.append(time.monotonic()) if state.loaded and not shown else None
        )
        session.explorer.query.everything()
        await session.idle()
        took = time.monotonic() - begun
        queue, feed = session.queue.state, session.explorer.query.state
    first = (shown[0] - begun) * 1000 if shown else 0.0
    return (
        f"{feed.loaded} rows in {took:.1f} s, first after {first:.0f} ms, {feed.pages} pages, "
        f"{queue.throttled} throttled, {feed.phase}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, float(sys.argv[2]) if len(sys.argv) > 2 else 2.0)

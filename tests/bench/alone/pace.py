"""Measure the pace against a strict service: `PYTHONPATH=tests python tests/bench/alone/pace.py [RUNS] [EVENTS]`.

A process of its own lets two lookups *arrive* within any second (a sliding window, no bursts saved up) and refuses all
others; each run loads all events through the real client and a fresh store. Three services: a plain one, one whose
first call on each connection arrives 150 ms late, and one that is 200 ms away. Ideal is a page every half second after
the first two: 19.0 s for 40 pages, and the round trip of the last. Not part of the test run: it takes minutes.

`pace.py together [PROCESSES] [EVENTS]`: so many processes load at once from the plain one, first each at a pace of its
own, then at a shared one.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from bench.asking import connected

from ctui.core.session import Session
from ctui.model.clock import SystemClock
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.pace_files import PaceFiles

_ALLOWED = 2
_PAGE = 50
END = 1_790_000_000
"""The epoch second of the newest event."""
_SERVICES = {"plain": (0.0, 0.0), "slow first call": (0.15, 0.0), "200 ms away": (0.0, 0.2)}
"""Name -> (seconds by which the first call of a connection arrives late, seconds of a round trip)."""


_IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account><UserId>A</UserId>"
    "<Arn>arn:aws:iam::111111111111:user/a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class StrictService:
    """Answers LookupEvents; counts what it refuses."""

    def __init__(self, events: int, first: float, round_trip: float, region: str = "") -> None:
        """`region` is part of its events' ids."""
        self._region = region
        self._events, self._first, self._round_trip = events, first, round_trip
        self._arrived: deque[float] = deque()
        self._seen: set[int] = set()

    async def answer(self, request: web.Request) -> web.Response:
        """One call, admitted or refused at the moment it arrives."""
        body = await request.read()
        if b"GetCallerIdentity" in body:
            return web.Response(text=_IDENTITY, content_type="text/xml")
        if not request.headers.get("X-Amz-Target", "").endswith("LookupEvents"):
            return _json({"trailList": []}) if "X-Amz-Target" in request.headers else web.Response(status=403)
        if id(request.transport) not in self._seen:
            self._seen.add(id(request.transport))
            await asyncio.sleep(self._first)
        await asyncio.sleep(self._round_trip / 2)
        now = time.monotonic()
        while self._arrived and self._arrived[0] <= now - 1.0:
            self._arrived.popleft()
        refused = len(self._arrived) >= _ALLOWED
        if not refused:
            self._arrived.append(now)
        await asyncio.sleep(self._round_trip / 2)
        if refused:
            return _json({"__type": "ThrottlingException", "message": "Rate exceeded"}, 400)
        first = int(json.loads(body).get("NextToken") or 0)
        page: dict[str, object] = {
            "Events": [_event(self._region, number) for number in range(first, min(first + _PAGE, self._events))]
        }
        if first + _PAGE < self._events:
            page["NextToken"] = str(first + _PAGE)
        return _json(page)


def _json(body: dict[str, object], status: int = 200) -> web.Response:
    return web.json_response(body, status=status, content_type="application/x-amz-json-1.1")


def _event(region: str, number: int) -> dict[str, object]:
    record = {"eventID": f"e{region}{number}", "eventName": "DescribeInstances", "awsRegion": "us-east-1"}
    return {
        "EventId": f"e{region}{number}", "EventName": "DescribeInstances", "EventTime": END - number,
        "ReadOnly": "true", "EventSource": "ec2.amazonaws.com", "Username": "alice", "Resources": [],
        "CloudTrailEvent": json.dumps(record),
    }  # fmt: skip


async def served_by(answer: Callable[[web.Request], Awaitable[web.Response]]) -> None:
    """Serve on a free port of loopback until standard input ends; prints the port."""
    app = web.Application()
    app.add_routes([web.post("/", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


async def load(endpoint: str, paces: str = "") -> tuple[float, int, int]:
    """(Seconds from the first lookup to the last answer, rows, refused lookups) of one load of everything.

    `paces` is the folder in which the pace is shared; "" for a pace of its own."""
    files = PaceFiles(Path(paces), SystemClock()) if paces else None
    span = datetime.fromtimestamp(END, UTC)
    lookup = Lookup(timespan=parse_timespan(f"{span - timedelta(days=9):%Y-%m-%dT%H:%MZ}..{span:%Y-%m-%dT%H:%M:%SZ}"))
    with tempfile.TemporaryDirectory() as folder:
        async with connected(endpoint, Path(folder) / "events.db", lookup, 2.0, files) as session:
            return await _loaded(session)


async def _loaded(session: Session) -> tuple[float, int, int]:
    begun = time.monotonic()
    session.explorer.query.everything()
    await session.idle()
    return time.monotonic() - begun, session.explorer.query.state.loaded, session.queue.state.throttled


def main(runs: int, events: int) -> None:
    """Print a line for each service."""
    for name, (first, round_trip) in _SERVICES.items():
        with serving(__file__, str(events), str(first), str(round_trip)) as endpoint:
            seen = []
            for _ in range(runs):
                # The calls of the run before shall have left the window.
                time.sleep(1.1)
                seen.append(asyncio.run(load(endpoint)))
        _report(name, seen, events, (-(-events // _PAGE) / _ALLOWED - 1.0) + round_trip)


def together(processes: int, events: int) -> None:
    """Print a line for processes that know nothing of each other, and one for processes that share."""
    with serving(__file__, str(events), "0", "0") as endpoint, tempfile.TemporaryDirectory() as folder:
        for name, paces in (("alone", ""), ("shared", folder)):
            time.sleep(1.1)
            command = [sys.executable, __file__, "load", endpoint, *([paces] if paces else [])]
            running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
            seen = [tuple(json.loads(process.communicate()[0])) for process in running]
            _report(f"{processes} processes, {name}", seen, events, -(-events // _PAGE) * processes / _ALLOWED - 1.0)


@contextmanager
def serving(script: str, *words: str) -> Iterator[str]:
    """The URL of a service that this script serves as a process of its own."""
    command = [sys.executable, script, "serve", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        assert service.stdin is not None
        yield f"http://127.0.0.1:{service.stdout.readline().strip()}"
        service.stdin.close()


def _report(name: str, seen: Sequence[tuple[float, int, int]], events: int, ideal: float) -> None:
    took, rows, refused = (list(column) for column in zip(*seen, strict=True))
    assert set(rows) == {events}
    print(
        f"{name}: {sum(refused)} refused in {len(seen)} loads, {min(took):.2f} to {max(took):.2f} s, "
        f"at most {max(took) / ideal:.3f} times the ideal {ideal:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["serve"]:
        asyncio.run(served_by(StrictService(int(given[1]), float(given[2]), float(given[3])).answer))
    elif given[:1] == ["load"]:
        print(json.dumps(asyncio.run(load(*given[1:]))))
    elif given[:1] == ["together"]:
        together(*(int(number) for number in [*given[1:], "2", "1000"][:2]))
    else:
        main(*(int(number) for number in [*given, "10", "2000"][:2]))

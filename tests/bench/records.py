"""A record of 1 MB in Detail: until it is seen, and what it costs to leave it."""

import asyncio
import json
import statistics
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.dataset import ACCOUNT, REGION, connection, events
from bench.emulators import silent_service
from bench.figure import Figure, Limit, Value
from bench.program import CTUI, ESCAPE, Program, environment
from bench.run import Run

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.events import EventStore

_BYTES = 1_000_000
_NAME, _NEXT = "PutHugePolicy", "PutSmallPolicy"
NAMES = ("a record of 1 MB: visible lines", "a record of 1 MB: leaving it", "a record of 1 MB: CPU after leaving it")


def records(run: Run) -> Iterator[Figure]:
    """Open a record of 1 MB, and go on to the next event at once."""
    folder = run.folder / "records"
    folder.mkdir(exist_ok=True)
    variables = environment(folder)
    path = folder / "records.db"
    if not path.exists():
        asyncio.run(_fill(path, run.port))
    opened, left, after = [], [], []
    with silent_service(variables, path, run.port) as silent:
        for _ in range(run.runs):
            with Program((*CTUI, "--endpoint-url", silent, "--store", str(path)), variables) as program:
                program.until(_NEXT)
                program.press(f"/name:Put*{ESCAPE}")
                program.until_quiet()
                before = program.cpu()
                program.forget()
                program.press("\r")
                opened.append((1000 * program.until("first-value"), program.cpu() - before))
                program.forget()
                program.press("j")
                left.append(1000 * program.until("small-value"))
                before = program.cpu()
                program.until_quiet()
                after.append(program.cpu() - before)
    shown = Value(*(statistics.median(each) for each in zip(*opened, strict=True)))
    yield Figure(NAMES[0], "ms", {0: shown}, limit=Limit(50))
    yield Figure(NAMES[1], "ms", {0: Value(statistics.median(left))})
    yield Figure(NAMES[2], "ms", {0: Value(statistics.median(after))})


async def _fill(path: Path, port: int) -> None:
    store = await EventStore.open(path)
    login = connection(port)
    scope = Scope(login.origin, ACCOUNT, REGION)
    page = list(events(200))
    newest = page[0].time + timedelta(minutes=5)
    values = {f"key-{number:06}": [number, "x" * 40, True] for number in range(_BYTES // 64)}
    for name, parameters, age in ((_NAME, {"aaa": "first-value", **values}, 0), (_NEXT, {"aaa": "small-value"}, 1)):
        record = json.dumps(
            {"eventVersion": "1.11", "requestParameters": parameters, "eventName": name, "awsRegion": REGION},
            separators=(",", ":"),
        )
        page.append(
            Event(
                f"bench-{name}",
                newest - timedelta(seconds=age),
                name,
                "iam.amazonaws.com",
                "alice",
                "false",
                None,
                (),
                record,
            )
        )
    await store.add_page(scope, page)
    await store.remember(login, ACCOUNT)
    await store.close()

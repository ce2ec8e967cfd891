"""A record of 1 MB in Detail: until it is seen, and what it costs to leave it."""

import asyncio
import json
import statistics
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.dataset import ACCOUNT, REGION, connection, events
from bench.emulators import silent_service
from bench.figure import Figure, Limit, Peer, Value
from bench.program import CTUI, ESCAPE, Program, environment
from bench.run import Run

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.events import EventStore

_BYTES = 1_000_000
NAME = "PutPolicy"
NAMES = (
    "from enter to a record of 1 MB",
    "from a record of 1 MB to the next one",
    "CPU after a record of 1 MB was left",
)
_SMALL = "a record of 100 bytes"


def records(run: Run) -> Iterator[Figure]:
    """Open a record of 1 MB and go on to the next event at once; and the other way round."""
    folder = run.folder / "records"
    folder.mkdir(exist_ok=True)
    variables = environment(folder)
    path = folder / "records.db"
    if not path.exists():
        asyncio.run(_fill(path, run.port))
    with silent_service(variables, path, run.port) as silent:
        command = (*CTUI, "--endpoint-url", silent, "--store", str(path))
        large = [
            _opened_and_left(command, variables, before="", texts=("first-value", "small-value"))
            for _ in range(run.runs)
        ]
        small = [
            _opened_and_left(command, variables, before="j", texts=("small-value", "third-value"))
            for _ in range(run.runs)
        ]
    opened, left, after = (_median(large, place) for place in range(3))
    yield Figure(NAMES[0], "ms", {0: opened}, [Peer(_SMALL, _median(small, 0).value)], Limit(50))
    yield Figure(NAMES[1], "ms", {0: left}, [Peer(_SMALL, _median(small, 1).value)])
    yield Figure(NAMES[2], "ms", {0: after}, [Peer(_SMALL, _median(small, 2).value)])


def _median(runs: list[tuple[Value, Value, Value]], place: int) -> Value:
    cpus = [each[place].cpu or 0.0 for each in runs]
    return Value(statistics.median(each[place].value for each in runs), statistics.median(cpus))


def _opened_and_left(
    command: tuple[str, ...], variables: dict[str, str], *, before: str, texts: tuple[str, str]
) -> tuple[Value, Value, Value]:
    """From enter until a text of the record is drawn, from j until one of the next is, and the CPU after that.

    `before`: the keys that lead to it; `texts`: what is seen of both.
    """
    with Program(command, variables) as program:
        program.until(NAME)
        for keys in (f"/name:Put*{ESCAPE}", before):
            program.press(keys)
            program.until_quiet()
        taken = []
        for key, seen in zip("\rj", texts, strict=True):
            program.forget()
            begun = program.cpu()
            program.press(key)
            wall = 1000 * program.until(seen)
            taken.append(Value(wall, program.cpu() - begun))
        begun = program.cpu()
        program.until_quiet()
        after = program.cpu() - begun
    return taken[0], taken[1], Value(after, after)


async def _fill(path: Path, port: int) -> None:
    store = await EventStore.open(path)
    login = connection(port)
    scope = Scope(login.origin, ACCOUNT, REGION)
    page = list(events(200))
    newest = page[0].time + timedelta(minutes=5)
    values = {f"key-{number:06}": [number, "x" * 40, True] for number in range(_BYTES // 64)}
    all_parameters = ({"aaa": "first-value", **values}, {"aaa": "small-value"}, {"aaa": "third-value"})
    for age, parameters in enumerate(all_parameters):
        record = json.dumps(
            {"eventVersion": "1.11", "requestParameters": parameters, "eventName": NAME, "awsRegion": REGION},
            separators=(",", ":"),
        )
        time = newest - timedelta(seconds=age)
        page.append(Event(f"bench-{age}", time, NAME, "iam.amazonaws.com", "alice", "false", None, (), record))
    await store.add_page(scope, page)
    await store.remember(login, ACCOUNT)
    await store.close()

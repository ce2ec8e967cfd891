"""A record of 1 MB in Detail: until it is seen, and what it costs to leave it."""

import asyncio
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
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
    "Detail: to a record of 1 MB",
    "Detail: from a record of 1 MB to the next",
    "CPU after a record of 1 MB was left",
)
_SMALL = "a record of 100 bytes"
_TEXTS = ("small-value", "large-value", "next-value", "last-value")
"""What is seen of each record, in the order of the list. The second one is large."""


def records(run: Run) -> Iterator[Figure]:
    """Go down over a small record, one of 1 MB, and two small ones, while Detail is open."""
    folder = run.folder / "records"
    folder.mkdir(exist_ok=True)
    variables = environment(folder)
    path = folder / "records.db"
    if not path.exists():
        asyncio.run(_fill(path, run.port))
    with silent_service(variables, path, run.port) as silent:
        command = (*CTUI, "--endpoint-url", silent, "--store", str(path))
        runs = [_walked(command, variables) for _ in range(run.runs)]
    to_it, away, small, after, after_small = (_medians(each) for each in zip(*runs, strict=True))
    yield Figure(NAMES[0], "ms", {0: to_it}, [Peer(_SMALL, small.value)], Limit(50))
    yield Figure(NAMES[1], "ms", {0: away}, [Peer(_SMALL, small.value)])
    yield Figure(NAMES[2], "ms", {0: after}, [Peer(_SMALL, after_small.value)])


def _medians(values: Sequence[Value]) -> Value:
    cpu = statistics.median(each.cpu or 0.0 for each in values)
    return Value(statistics.median(each.value for each in values), cpu)


def _walked(command: Sequence[str], variables: Mapping[str, str]) -> tuple[Value, Value, Value, Value, Value]:
    """To the large record, on at once to the next, later on to the last; CPU after the large and after a small one."""
    with Program(command, variables) as program:
        program.until(NAME)
        for keys in (f"/name:Put*{ESCAPE}", "\r"):
            program.press(keys)
            program.until_quiet()
        to_it = _step(program, _TEXTS[1])
        away = _step(program, _TEXTS[2])
        after = _rest(program)
        small = _step(program, _TEXTS[3])
        return to_it, away, small, after, _rest(program)


def _step(program: Program, text: str) -> Value:
    """From a step down until this is drawn."""
    program.forget()
    begun = program.cpu()
    program.press("j")
    wall = 1000 * program.until(text)
    return Value(wall, program.cpu() - begun)


def _rest(program: Program) -> Value:
    """The CPU until it is at rest."""
    begun = program.cpu()
    program.until_quiet()
    used = program.cpu() - begun
    return Value(used, used)


async def _fill(path: Path, port: int) -> None:
    store = await EventStore.open(path)
    login = connection(port)
    scope = Scope(login.origin, ACCOUNT, REGION)
    page = list(events(200))
    newest = page[0].time + timedelta(minutes=5)
    values = {f"key-{number:06}": [number, "x" * 40, True] for number in range(_BYTES // 64)}
    for age, text in enumerate(_TEXTS):
        parameters = {"aaa": text, **(values if text == _TEXTS[1] else {})}
        record = json.dumps(
            {"eventVersion": "1.11", "requestParameters": parameters, "eventName": NAME, "awsRegion": REGION},
            separators=(",", ":"),
        )
        time = newest - timedelta(seconds=age)
        page.append(Event(f"bench-{age}", time, NAME, "iam.amazonaws.com", "alice", "false", None, (), record))
    await store.add_page(scope, page)
    await store.remember(login, ACCOUNT)
    await store.close()

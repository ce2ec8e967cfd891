"""The events that are measured over: weeks of the emulator's sample traffic, each of other people with other keys.

1,180 bytes a record on average (real ones of public data sets: 1,150), about 200 users, 2,000 access keys and 80 names
of calls a week of 14,770 events. The oldest one alone has the words NEEDLE in its record.
"""

import asyncio
import itertools
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ctui.emulator.options import Lag
from ctui.emulator.records.recorded import Recorded
from ctui.emulator.traffic import WEEK, past
from ctui.model.connection import Connection, LoginTrace, Scope
from ctui.model.event.event import Event, Resource
from ctui.store.events import EventStore

ACCOUNT, REGION = "111111111111", "us-east-1"
NEEDLE = "needle in the haystack"
PER_FILE = 10_000
"""Records of a log file: about 12 MB."""
AT_ONCE = 1_000
"""Events that are stored in one go when many are."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A store with so many events, and what filling it has shown."""

    path: str
    port: int
    """Its events came from this port of loopback."""
    events: int
    raw_bytes: int
    """Of all records."""
    file_bytes: int
    """Of the store's file and its log, once it was closed."""
    wall_ms: float
    cpu_ms: float
    user: str
    """A user of about one in a thousand events."""


def connection(port: int) -> Connection:
    """A login to a service on loopback."""
    url = f"http://127.0.0.1:{port}"
    return Connection(None, REGION, url, url, LoginTrace(settings="bench"))


def recorded(count: int) -> Iterator[Recorded]:
    """So many events, newest first, from one hour ago on."""
    end = int(time.time()) - 3600
    weeks = (past(1 + week, ACCOUNT, end - week * WEEK, Lag.NONE) for week in itertools.count())
    for number, each in enumerate(itertools.islice(itertools.chain.from_iterable(weeks), count)):
        yield each if number < count - 1 else replace(each, record=_with_needle(each.record))


def _with_needle(record: str) -> str:
    body = json.loads(record)
    body["requestParameters"] = {"note": NEEDLE}
    return json.dumps(body, separators=(",", ":"))


def events(count: int) -> Iterator[Event]:
    """The same as the service returns them."""
    for each in recorded(count):
        yield Event(
            event_id=each.event_id or "",
            time=datetime.fromtimestamp(each.time, UTC),
            name=each.name,
            source=each.source,
            username=each.username,
            read_only=each.read_only,
            access_key_id=each.access_key_id,
            resources=tuple(Resource(one.type, one.name) for one in each.resources),
            record=each.record,
        )


def log_files(folder: Path, count: int, region: str = "") -> Path:
    """A folder of log files with these events, or with so many of one Region, a record a line.

    Written if it is not there yet.
    """
    logs = folder / f"logs-{count}{region}"
    if not logs.exists():
        part = logs.with_suffix(".part")
        part.mkdir(exist_ok=True)
        chosen = (each for each in recorded(3 * count) if each.region == region) if region else recorded(count)
        records = (each.record for each in itertools.islice(chosen, count))
        for number in itertools.count():
            if not (lines := list(itertools.islice(records, PER_FILE))):
                break
            (part / f"{number:03}.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.rename(logs)
    return logs


def filled(folder: Path, count: int, port: int) -> Filled:
    """A store with these events, as if they came from this port; filled if it is not there yet."""
    note = folder / f"store-{count}.json"
    if not note.exists():
        path = folder / f"store-{count}.db"
        for left in folder.glob(f"{path.name}*"):
            left.unlink()
        note.write_text(json.dumps(asdict(asyncio.run(_fill(path, count, port)))), encoding="utf-8")
    return Filled(**json.loads(note.read_text(encoding="utf-8")))


async def _fill(path: Path, count: int, port: int) -> Filled:
    store = await EventStore.open(path)
    login = connection(port)
    await store.remember(login, ACCOUNT)
    scope = Scope(login.origin, ACCOUNT, REGION)
    users, raw, wall, cpu = Counter[str](), 0, 0.0, 0.0
    stream = events(count)
    while page := list(itertools.islice(stream, AT_ONCE)):
        raw += sum(len(each.record.encode()) for each in page)
        users.update(each.username for each in page if each.username)
        wall -= time.perf_counter()
        cpu -= time.process_time()
        await store.add_page(scope, page)
        wall += time.perf_counter()
        cpu += time.process_time()
    wall -= time.perf_counter()
    cpu -= time.process_time()
    await store.close()
    wall += time.perf_counter()
    cpu += time.process_time()
    size = sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
    user = min(users, key=lambda name: abs(users[name] - max(3, count // 1000)))
    return Filled(str(path), port, count, raw, size, 1000 * wall, 1000 * cpu, user)


def plain_sqlite(folder: Path, count: int) -> float:
    """Events a second of a table that has nothing but a time, an id and the record: what SQLite itself takes."""
    path = folder / "plain.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, event_id TEXT UNIQUE, time INTEGER, record TEXT)")
    taken, stream = 0.0, recorded(count)
    while page := [(each.event_id, each.time, each.record) for each in itertools.islice(stream, AT_ONCE)]:
        taken -= time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO event (event_id, time, record) VALUES (?, ?, ?)", page)
        connection.execute("COMMIT")
        taken += time.perf_counter()
    connection.close()
    for left in folder.glob(f"{path.name}*"):
        left.unlink()
    return count / taken
